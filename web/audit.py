"""The audit trail, for auditors."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web.auth import current_actor, current_archive
from web.languages import zone
from web.wording import AUDIT_ACTIONS

bp = Blueprint("audit", __name__, url_prefix="/audit")

_DEFAULT_DAYS = 30
_PAGE_LENGTH = 100


@bp.get("")
def index() -> ResponseReturnValue:
    """List events of a time, latest first."""
    today = datetime.now(zone()).date()
    until = _asked_day("until", today)
    since = min(_asked_day("since", until - timedelta(days=_DEFAULT_DAYS)), until)
    action = request.args.get("action") or None
    user = request.args.get("user") or None
    events = current_archive().audit.events(
        current_actor(),
        since=_start_of(since),
        until=_start_of(until + timedelta(days=1)),
        user=user,
        action=action,
        after=request.args.get("after") or None,
        limit=_PAGE_LENGTH,
    )
    asked: dict[str, Any] = {"since": since.isoformat(), "until": until.isoformat(), "action": action, "user": user}
    return render_template(
        "audit/index.html",
        events=events.items,
        asked=asked,
        actions=AUDIT_ACTIONS,
        next_address=url_for("audit.index", **asked, after=events.next) if events.next else "",
        first_address=url_for("audit.index", **asked) if "after" in request.args else "",
    )


@bp.post("/verification")
def verify() -> ResponseReturnValue:
    """Walk the whole chain of events and tell whether it is whole."""
    result = current_archive().audit.verify(current_actor())
    if result.ok:
        flash(_("The audit trail is whole: %(count)s events checked.", count=result.checked), "success")
    else:
        flash(_("The audit trail is broken at event %(number)s.", number=result.broken_at), "danger")
    return redirect(url_for("audit.index"), code=303)


def _asked_day(name: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return otherwise


def _start_of(day: date) -> datetime:
    """Return the moment at which a day begins in the zone of the pages, in UTC."""
    return datetime.combine(day, time(), zone()).astimezone(UTC)
