"""The home page: for each role, what is waiting and where to begin."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from archive.access import Right
from archive.finding.found import LookupQuery
from web.auth import current_actor, current_archive

bp = Blueprint("home", __name__)

_RECENT = 6


@bp.get("/")
def show() -> ResponseReturnValue:
    """Show the counts, the latest uploads and dossiers that concern the acting user."""
    archive, actor = current_archive(), current_actor()
    rights = actor.rights
    uploads, sees = Right.UPLOAD in rights, Right.SEE in rights
    reviews = bool(rights & {Right.REVIEW_OWN, Right.REVIEW_ALL})
    return render_template(
        "home.html",
        counts=archive.intake.counts(actor) if uploads else None,
        waiting=archive.review.waiting(actor) if reviews else 0,
        scans=archive.intake.scans(actor, limit=_RECENT).items if uploads else (),
        found=archive.lookup.find(actor, LookupQuery(sort="changed_at", limit=_RECENT)) if sees else None,
        backup=archive.backups.last(actor) if Right.OPERATE in rights else None,
        users=archive.accounts.users(actor) if Right.MANAGE_USERS in rights else None,
    )
