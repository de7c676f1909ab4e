"""Taking a filed scan out of its dossier: what will happen, and the deed."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive.errors import InvalidInputError, StaleRevisionError
from archive.scans.taking_out import TakingOut
from web.auth import current_actor, current_archive
from web.errors import advice_for
from web.fields import field_label, ordered_names, value_words

bp = Blueprint("taking_out", __name__, url_prefix="/scans/<scan_id>/taking-out")


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One value as the page tells of it."""

    label: str
    before: str
    after: str | None


@bp.get("")
def show(scan_id: str) -> ResponseReturnValue:
    """Tell what taking the scan out comes to, and ask for the reason."""
    return _page(current_archive().taking_out.plan(current_actor(), scan_id))


@bp.post("")
def take_out(scan_id: str) -> ResponseReturnValue:
    """Take the scan out, and go on to its review."""
    desk, actor, sent = current_archive().taking_out, current_actor(), request.form
    try:
        done = desk.take_out(
            actor,
            scan_id,
            reason=sent.get("reason", ""),
            revision=sent.get("revision", 0, int),
            dossier_revision=sent.get("dossier_revision", 0, int),
        )
    except InvalidInputError as error:
        return _page(desk.plan(actor, scan_id), error=advice_for(error)), 422
    except StaleRevisionError:
        return _page(desk.plan(actor, scan_id), changed=True), 409
    flash(_("The scan is out of %(code)s. File it where it belongs.", code=done.dossier.code), "success")
    if done.becomes_empty:
        flash(_("%(code)s is empty now. If nobody needs it, put it into the trash.", code=done.dossier.code), "info")
    return redirect(url_for("review.show", scan_id=scan_id), code=303)


def _page(plan: TakingOut, *, error: str = "", changed: bool = False) -> str:
    by_name = {value.name: value for value in plan.values}

    def line(name: str) -> ValueLine:
        value, spec = by_name[name], plan.type.field(name)
        kind = spec.kind if spec else "text"
        after = None if value.after is None else value_words(value.after, kind)
        return ValueLine(field_label(plan.type, name), value_words(value.before, kind), after)

    return render_template(
        "scans/taking_out.html",
        plan=plan,
        values=[line(name) for name in ordered_names(plan.type, tuple(by_name))],
        kept=[field_label(plan.type, name) for name in ordered_names(plan.type, plan.kept)],
        reason=request.form.get("reason", ""),
        error=error,
        changed=changed,
    )
