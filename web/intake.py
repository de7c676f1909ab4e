"""Upload: files go in one by one, each with its own answer; a batch is what one person hands in together."""

import re
from collections import Counter

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from archive.access import Actor, Right
from archive.accounts import Unit
from archive.errors import IntakeError, NotFoundError
from archive.scans.scan import Receipt, ScanState
from web.auth import current_actor, current_archive
from web.errors import advice_for
from web.present import label
from web.review import LEFT_REASONS
from web.scans import scan_row
from web.wording import words_for

bp = Blueprint("intake", __name__)

_BATCH_ID = re.compile(r"[0-9a-f]{32}")


@bp.get("/upload")
def upload() -> ResponseReturnValue:
    """Show the place to drop files."""
    current_actor().require(Right.UPLOAD)
    return _batch_page(current_archive().intake.new_batch_id(), is_new=True)


@bp.post("/upload")
def send_all() -> ResponseReturnValue:
    """Take in all files of a plain form: what the page does where scripts do not run."""
    batch_id = _checked_batch(request.form.get("batch", ""))
    for file in request.files.getlist("files"):
        if not file.filename:
            continue
        try:
            receipt = _receive(file, batch_id)
        except IntakeError as error:
            flash(f"{file.filename}: {advice_for(error)}", "danger")
            continue
        if receipt.duplicate:
            flash(_("%(file)s is already here: receipt %(receipt)s.", file=file.filename, receipt=receipt.receipt))
    return redirect(url_for("intake.batch", batch_id=batch_id), code=303)


@bp.post("/batches/<batch_id>/files")
def send(batch_id: str) -> ResponseReturnValue:
    """Take in one file and answer with its receipt and its row of the list.

    The same bytes may be sent again at will, as after a broken connection: they get the receipt they have.
    """
    file = request.files.get("file")
    if file is None:
        raise IntakeError("The request holds no file; send it again.", code="scan-empty")
    receipt = _receive(file, _checked_batch(batch_id))
    seen = current_archive().intake.scans_by_id(current_actor(), (receipt.scan_id,))
    # Sent twice on this page, or by an attempt whose answer was lost: the page knows which.
    in_batch = bool(seen) and seen[0].batch_id == batch_id
    return jsonify(
        receipt=receipt.receipt,
        scan=receipt.scan_id,
        duplicate=receipt.duplicate,
        in_batch=in_batch,
        # A scan of a colleague is not shown: the row then says no more than that it is here.
        row=scan_row(seen[0], duplicate=receipt.duplicate and not in_batch) if seen else None,
        message=_("Already here: receipt %(receipt)s", receipt=receipt.receipt) if receipt.duplicate else "",
    ), 200 if receipt.duplicate else 201


@bp.post("/batches/<batch_id>/refused")
def note_too_large(batch_id: str) -> ResponseReturnValue:
    """Keep that the page did not send a file, as it is too large: the list of the batch shows it from now on."""
    current_archive().intake.note_refused(
        current_actor(),
        request.form.get("name", ""),
        "scan-too-large",
        unit=_unit_of(current_actor()),
        batch_id=_checked_batch(batch_id),
    )
    return "", 204


@bp.get("/batches/<batch_id>")
def batch(batch_id: str) -> ResponseReturnValue:
    """Show what one person handed in together, and where each of it stands."""
    return _batch_page(_checked_batch(batch_id), is_new=False)


@bp.post("/batches/<batch_id>/confirm")
def confirm(batch_id: str) -> ResponseReturnValue:
    """File every scan of the batch on which nothing needs a look."""
    result = current_archive().review.confirm_batch(current_actor(), _checked_batch(batch_id))
    if result.filed:
        count = len(result.filed)
        flash(ngettext("%(num)d scan is filed.", "%(num)d scans are filed.", count), "success")
    if result.left:
        reasons = Counter(reason for _scan, reason in result.left)
        parts = "; ".join(f"{count} {words_for(LEFT_REASONS, reason)}" for reason, count in reasons.most_common())
        flash(
            ngettext(
                "%(num)d scan still needs you: %(parts)s.",
                "%(num)d scans still need you: %(parts)s.",
                len(result.left),
                parts=parts,
            ),
            "warning",
        )
    if not result.filed and not result.left:
        flash(_("Nothing of this batch waits for review."), "info")
    return redirect(url_for("intake.batch", batch_id=batch_id), code=303)


def _receive(file: FileStorage, batch_id: str) -> Receipt:
    archive, actor = current_archive(), current_actor()
    type_name = request.form.get("type") or None
    if type_name is not None:
        archive.types.get(type_name)
    return archive.intake.receive(
        actor, file.filename or "", file.stream, unit=_unit_of(actor), batch_id=batch_id, type=type_name
    )


def _unit_of(actor: Actor) -> str:
    """The unit that the form names, else the first into which the actor may hand in."""
    units = _upload_units(actor)
    return request.form.get("unit") or (units[0].id if units else "")


def _checked_batch(batch_id: str) -> str:
    if not _BATCH_ID.fullmatch(batch_id):
        raise NotFoundError("batch", batch_id)
    return batch_id


def _upload_units(actor: Actor) -> list[Unit]:
    return [unit for unit in current_archive().accounts.all_units() if actor.may(Right.UPLOAD, unit.id)]


def _batch_page(batch_id: str, *, is_new: bool) -> str:
    archive, actor = current_archive(), current_actor()
    scans = () if is_new else archive.intake.scans(actor, batch_id=batch_id).items
    return render_template(
        "intake/batch.html",
        batch_id=batch_id,
        is_new=is_new,
        scans=scans,
        refused=() if is_new else archive.intake.refused(actor, batch_id),
        counts=Counter(scan.state for scan in scans),
        ScanState=ScanState,
        upload_units=[(unit.id, label(unit)) for unit in _upload_units(actor)],
        types=[("", _("Recognise by itself")), *((each.name, label(each)) for each in archive.types.all())],
        units={},
        most_bytes=current_app.config["SETTINGS"].max_upload_bytes,
        threshold=current_app.config["SETTINGS"].accept_confidence,
    )
