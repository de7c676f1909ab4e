"""The trash: dossiers that were made in error, kept until somebody brings them back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive.errors import InvalidInputError
from web.auth import current_actor, current_archive
from web.dossiers import unit_names
from web.errors import advice_for

bp = Blueprint("trash", __name__)


@bp.get("/trash")
def index() -> ResponseReturnValue:
    """List what is in the trash, last put there first."""
    page = current_archive().dossiers.trash(current_actor(), after=request.args.get("after"))
    return render_template(
        "trash/index.html", dossiers=page.items, next=page.next, first="after" not in request.args, units=unit_names()
    )


@bp.post("/dossiers/<dossier_id>/trash")
def put(dossier_id: str) -> ResponseReturnValue:
    """Put a dossier into the trash."""
    try:
        dossier = current_archive().dossiers.put_into_trash(
            current_actor(),
            dossier_id,
            reason=request.form.get("reason", ""),
            revision=request.form.get("revision", 0, int),
        )
    except InvalidInputError as error:
        flash(advice_for(error), "danger")
    else:
        flash(_("%(name)s is in the trash. It can be brought back at any time.", name=dossier.title), "success")
    return redirect(url_for("dossiers.show", dossier_id=dossier_id), code=303)


@bp.post("/dossiers/<dossier_id>/trash/return")
def bring_back(dossier_id: str) -> ResponseReturnValue:
    """Take a dossier out of the trash."""
    dossier = current_archive().dossiers.bring_back(current_actor(), dossier_id)
    flash(_("%(name)s is back.", name=dossier.title), "success")
    return redirect(url_for("dossiers.show", dossier_id=dossier.id), code=303)
