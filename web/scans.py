"""Scans: the list of what came in, one scan with its pages, its pictures, and what can be done with it on its way."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from archive.access import Actor, Right
from archive.errors import InvalidInputError, NotFoundError
from archive.mongo.blobs import BlobFile
from archive.scans.scan import PageInfo, Scan, ScanState
from archive.values import BoxTuple
from web.auth import current_actor, current_archive, safe_next, wants_page
from web.errors import advice_for

bp = Blueprint("scans", __name__, url_prefix="/scans")

MOST_AT_ONCE = 500
"""Scans whose standing one request may ask for."""

VIEWER_WIDTH_PX = 2400
_THUMBNAIL_WIDTH_PX = 320
_CUT_OUT_WIDTH_PX = 600


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a page that the viewer outlines and a script can move to.

    Attributes:
        page: The page, from 1.
        box: In pixels of the page as received.
        kind: How it looks: value, or how a field stands in the review (weak, sure, confirmed...).
        name: What scripts call it by; empty where none does.
    """

    page: int
    box: BoxTuple
    kind: str = "value"
    name: str = ""


@bp.app_template_global()
def viewer_data(
    scan_id: str,
    pages: Sequence[PageInfo],
    *,
    page_count: int = 0,
    hits: Mapping[int, Sequence[BoxTuple]] | None = None,
    places: Sequence[Place] = (),
    page: int = 1,
    box: BoxTuple | None = None,
) -> dict[str, Any]:
    """Return what the viewer's script needs to show a scan.

    Args:
        pages: Size and attitude; nothing before the scan was read, when its pages are shown as they came.
        page_count: How many pages there are, where that is more than are known.
        hits: By page, what a search found on it.
        places: Fields and the like.
        page: The page to begin with.
        box: The place on it to begin with.
    """
    known = {info.number: info for info in pages}
    return {
        "pages": [
            {
                "number": number,
                "url": url_for("scans.page_image", scan_id=scan_id, number=number, w=VIEWER_WIDTH_PX),
                "width": known[number].width_px if number in known else 0,
                "height": known[number].height_px if number in known else 0,
                "rotation": known[number].rotation_deg if number in known else 0,
            }
            for number in range(1, max(page_count, len(pages), 1) + 1)
        ],
        "places": [
            *(
                {"page": number, "box": hit, "kind": "hit", "name": ""}
                for number in hits or {}
                for hit in (hits or {})[number]
            ),
            *({"page": each.page, "box": each.box, "kind": each.kind, "name": each.name} for each in places),
        ],
        "page": page,
        "box": box,
    }


def allowed_acts(actor: Actor, scan: Scan) -> frozenset[str]:
    """Return what the actor may do with the scan where it stands: review, reread, retry, discard, restore, take-out, original."""
    acts = set()
    on_its_way = actor.may(Right.REVIEW_ALL, scan.unit) or (
        scan.uploaded_by == actor.user_id and actor.may(Right.UPLOAD, scan.unit)
    )
    if on_its_way:
        if scan.state is ScanState.NEEDS_REVIEW and actor.may(Right.REVIEW_OWN):
            acts |= {"review", "discard"}
            if not scan.is_begun:
                acts.add("reread")
        if scan.state is ScanState.FAILED:
            acts |= {"retry", "discard"}
        if scan.state is ScanState.REJECTED:
            acts.add("restore")
        if scan.state is ScanState.FILED and actor.may(Right.REVIEW_OWN):
            acts.add("take-out")
    if actor.may(Right.REVEAL, scan.unit):
        acts.add("original")
    return frozenset(acts)


@bp.app_context_processor
def offer_acts() -> dict[str, Any]:
    """Let templates ask what the acting user may do with a scan."""
    return {"acts_on": lambda scan: allowed_acts(current_actor(), scan)}


@bp.get("")
def index() -> ResponseReturnValue:
    """List scans, latest first: one's own, or all of the units for those who review everything."""
    archive, actor = current_archive(), current_actor()
    receipt = request.args.get("receipt", "").strip()
    missing_receipt = False
    if receipt:
        try:
            return redirect(url_for("scans.show", scan_id=archive.intake.by_receipt(actor, receipt).id))
        except NotFoundError:
            missing_receipt = True
    state = _asked_state()
    sees_all = actor.may(Right.REVIEW_ALL)
    mine = "mine" in request.args or not sees_all
    page = archive.intake.scans(actor, state=state, mine=mine, after=request.args.get("after"))
    return render_template(
        "scans/index.html",
        scans=page.items,
        next=page.next,
        state=state,
        states=tuple(ScanState),
        mine=mine,
        sees_all=sees_all,
        counts=archive.intake.counts(actor) if sees_all and not mine else {},
        receipt=receipt,
        missing_receipt=missing_receipt,
        units=_unit_names(actor),
    )


def _asked_state() -> ScanState | None:
    text = request.args.get("state", "")
    if not text:
        return None
    try:
        return ScanState(text)
    except ValueError as error:
        raise BadRequest from error


def _unit_names(actor: Actor) -> dict[str, Any]:
    """Return the actor's units where there are several to tell apart."""
    units = {unit.id: unit for unit in current_archive().accounts.all_units()}
    mine = units.keys() if actor.units is None else units.keys() & actor.units
    return {unit_id: units[unit_id] for unit_id in mine} if len(mine) > 1 else {}


@bp.post("/standing")
def standing() -> ResponseReturnValue:
    """Tell what became of scans: those whose revision differs from the one that the page shows, as rows of the list.

    Takes ``{"scans": {id: revision}}``; ``open`` counts those that will still change by themselves.
    """
    asked = request.get_json(silent=True)
    shown = asked.get("scans") if isinstance(asked, dict) else None
    if not isinstance(shown, dict) or len(shown) > MOST_AT_ONCE:
        raise BadRequest
    scans = current_archive().intake.scans_by_id(current_actor(), tuple(str(scan_id) for scan_id in shown))
    return jsonify(
        rows={scan.id: scan_row(scan) for scan in scans if shown.get(scan.id) != scan.revision},
        open=sum(1 for scan in scans if scan.state in {ScanState.RECEIVED, ScanState.READING}),
    )


def scan_row(scan: Scan, *, duplicate: bool = False) -> str:
    """Return a scan as a row of a list."""
    units = _unit_names(current_actor())
    return render_template("scans/_row.html", scan=scan, duplicate=duplicate, units=units)


@bp.get("/<scan_id>")
def show(scan_id: str) -> ResponseReturnValue:
    """Show a scan's pages, with the places that ``q`` matches or that ``box`` names, and where the scan stands."""
    archive, actor = current_archive(), current_actor()
    scan = archive.images.require(actor, scan_id)
    page_number = request.args.get("page", 1, type=int)
    text = request.args.get("q", "").strip()
    pages = archive.images.pages(actor, scan_id)
    hits = {info.number: archive.lookup.boxes(actor, scan_id, info.number, text) for info in pages} if text else {}
    return render_template(
        "scans/show.html",
        scan=scan,
        pages=pages,
        hits=hits,
        page_number=page_number,
        box=_asked_box() if "box" in request.args else None,
        text=text,
        units=_unit_names(actor),
    )


# Pictures


@bp.get("/<scan_id>/pages/<int:number>.jpg")
def page_image(scan_id: str, number: int) -> ResponseReturnValue:
    """Send a page as received, at most ``w`` pixels wide."""
    images, actor = current_archive().images, current_actor()
    width_px = request.args.get("w", VIEWER_WIDTH_PX, type=int)
    etag = images.etag(actor, scan_id, "page", number, width_px)
    return _picture(etag, lambda: images.page_image(actor, scan_id, number, width_px=width_px))


@bp.get("/<scan_id>/cutout")
def cut_out(scan_id: str) -> ResponseReturnValue:
    """Send a part of a page, upright: ``page``, ``box`` as x0,y0,x1,y1 in pixels of the page as received, ``w``."""
    images, actor = current_archive().images, current_actor()
    number, width_px = request.args.get("page", 1, type=int), request.args.get("w", _CUT_OUT_WIDTH_PX, type=int)
    box = _asked_box()
    etag = images.etag(actor, scan_id, "part", number, width_px, *box)
    return _picture(etag, lambda: images.cut_out(actor, scan_id, number, box, width_px=width_px))


@bp.get("/<scan_id>/thumbnail.jpg")
def thumbnail(scan_id: str) -> ResponseReturnValue:
    """Send the first page, small, and upright once it is known which way up it is."""
    images, actor = current_archive().images, current_actor()
    first = next((info for info in images.pages(actor, scan_id) if info.number == 1), None)
    etag = images.etag(actor, scan_id, "thumbnail", first.rotation_deg if first else "")

    def draw() -> bytes:
        if first is None or not first.rotation_deg:
            return images.page_image(actor, scan_id, 1, width_px=_THUMBNAIL_WIDTH_PX)
        whole = (0, 0, first.width_px, first.height_px)
        return images.cut_out(actor, scan_id, 1, whole, width_px=_THUMBNAIL_WIDTH_PX)

    return _picture(etag, draw)


def _asked_box() -> BoxTuple:
    parts = request.args.get("box", "").split(",")
    if len(parts) != 4 or not all(part.lstrip("-").isdecimal() and len(part) < 8 for part in parts):
        raise InvalidInputError("box", "A box is four whole numbers: x0,y0,x1,y1.", code="bad-box")
    x0, y0, x1, y1 = (max(0, int(part)) for part in parts)
    return x0, y0, x1, y1


def _picture(etag: str, draw: Callable[[], bytes]) -> Response:
    """Answer with a JPEG, or with 304 where the browser has this very one; who may not see it never gets so far.

    The browser keeps a picture but asks each time: somebody else may be logged in by then.
    """
    response = Response(status=304) if etag in request.if_none_match else Response(draw(), mimetype="image/jpeg")
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie"
    return response


@bp.get("/<scan_id>/original")
def original(scan_id: str) -> ResponseReturnValue:
    """Send the file as it was received."""
    return send_blob(current_archive().images.original(current_actor(), scan_id))


@bp.get("/<scan_id>/searchable.pdf")
def searchable(scan_id: str) -> ResponseReturnValue:
    """Send the scan as a PDF in which one can search."""
    return send_blob(current_archive().searchable.of_scan(current_actor(), scan_id))


def send_blob(blob: BlobFile) -> Response:
    """Answer with a stored file as a download under its own name, never shown inside a page."""
    chunks: Iterator[bytes] = iter(blob.chunks)
    # The first piece is fetched before the answer begins: bytes that are missing are an error page, not a torn download.
    first = next(chunks, b"")
    response = Response(chain((first,), chunks), mimetype=blob.media_type)
    response.content_length = blob.size_bytes
    response.headers["Content-Disposition"] = disposition(blob.filename)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def disposition(filename: str) -> str:
    """Return the header that names a download, in ASCII and, per RFC 5987 and 6266, as it really is."""
    plain = unicodedata.normalize("NFKD", filename).encode("ascii", "ignore").decode()
    plain = "".join(character for character in plain if character.isprintable() and character not in '"\\;%/')
    if not plain.rpartition(".")[0].strip():
        plain = "scan" + plain[plain.rfind(".") :] if "." in plain else "scan"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


# What can be done with a scan on its way


@bp.post("/<scan_id>/retry")
def retry(scan_id: str) -> ResponseReturnValue:
    """Have a scan read again that failed, or that nobody has begun to review."""
    scan = current_archive().intake.retry(current_actor(), scan_id)
    return _changed(scan, _("%(receipt)s will be read again.", receipt=scan.receipt))


@bp.post("/<scan_id>/discard")
def discard(scan_id: str) -> ResponseReturnValue:
    """Set a scan aside that is not to be filed."""
    try:
        scan = current_archive().intake.discard(current_actor(), scan_id, request.form.get("reason", ""))
    except InvalidInputError as error:
        if not wants_page():
            raise
        flash(advice_for(error), "danger")
        return redirect(url_for("scans.show", scan_id=scan_id), code=303)
    return _changed(scan, _("%(receipt)s is set aside. It is kept and can be brought back.", receipt=scan.receipt))


@bp.post("/<scan_id>/restore")
def restore(scan_id: str) -> ResponseReturnValue:
    """Take a scan back that was set aside."""
    scan = current_archive().intake.restore(current_actor(), scan_id)
    return _changed(scan, _("%(receipt)s is back.", receipt=scan.receipt))


def _changed(scan: Scan, message: str) -> ResponseReturnValue:
    if not wants_page():
        return scan_row(scan)
    flash(message, "success")
    target = request.form.get("next") or url_for("scans.show", scan_id=scan.id)
    return redirect(safe_next(target), code=303)
