"""Pictures of scanned pages for the screen: whole, cut out, and blackened where the viewer may not see a value."""

import io

from PIL import Image, ImageDraw

from archive.access import Actor, Right
from archive.audit import AuditTrail
from archive.errors import InvalidInputError, NotFoundError, ReadingFailedError
from archive.mongo.blobs import BlobFile, BlobStore
from archive.mongo.scans import ScanStore
from archive.scans.intake import may_see_pages
from archive.scans.redaction import may_see_all, words_to_hide
from archive.scans.scan import PageInfo, Scan, ScanPage
from archive.values import BoxTuple
from ocr import Box, OcrError, ReadingLimits, render_page

MOST_PIXELS_WIDE = 4000


class PageImages:
    """Serves page images to whoever may see the scan: its reviewers, and once filed, the readers of its dossier."""

    def __init__(self, scans: ScanStore, blobs: BlobStore, audit: AuditTrail, limits: ReadingLimits) -> None:
        self._scans = scans
        self._blobs = blobs
        self._audit = audit
        self._limits = limits

    def pages(self, actor: Actor, scan_id: str) -> tuple[PageInfo, ...]:
        """Return size and attitude of the scan's pages; nothing before it was read."""
        scan = self.require(actor, scan_id)
        names = set(PageInfo.model_fields)
        return tuple(PageInfo.model_validate(page.model_dump(include=names)) for page in self._scans.pages([scan.id]))

    def page_image(self, actor: Actor, scan_id: str, number: int, *, width_px: int | None = None) -> bytes:
        """Return a page as JPEG, as received, at most ``width_px`` wide."""
        scan = self.require(actor, scan_id)
        return self._rendered(actor, scan, number, width_px=_bounded(width_px), crop=None)

    def cut_out(self, actor: Actor, scan_id: str, number: int, box: BoxTuple, *, width_px: int = 600) -> bytes:
        """Return a part of a page as JPEG, turned upright; ``box`` in pixels of the page as received."""
        scan = self.require(actor, scan_id)
        if box[0] >= box[2] or box[1] >= box[3]:
            raise InvalidInputError("box", "The box is empty.", code="bad-box")
        return self._rendered(actor, scan, number, width_px=_bounded(width_px), crop=box)

    def original(self, actor: Actor, scan_id: str) -> BlobFile:
        """Return the bytes as received; the download is audited and takes the right to reveal."""
        scan = self.require(actor, scan_id)
        actor.require(Right.REVEAL, scan.unit)
        self._audit.record(actor, "scan.download", "scan", scan.id, unit=scan.unit)
        return BlobFile(scan.filename, scan.media_type, scan.size_bytes, self._blobs.chunks(scan.sha256))

    def etag(self, actor: Actor, scan_id: str, *parts: object) -> str:
        """Return what changes when the picture that this actor gets changes."""
        scan = self.require(actor, scan_id)
        shown = "all" if may_see_all(actor, scan) else f"hidden-{scan.revision}"
        return "-".join([scan.sha256[:32], shown, *(str(part) for part in parts)])

    def require(self, actor: Actor, scan_id: str) -> Scan:
        """Return the scan where the actor may see its pictures, else raise NotFoundError."""
        scan = self._scans.by_id(scan_id)
        if scan is None or not may_see_pages(actor, scan):
            raise NotFoundError("scan", scan_id)
        return scan

    def _rendered(self, actor: Actor, scan: Scan, number: int, *, width_px: int | None, crop: BoxTuple | None) -> bytes:
        page = self._scans.page(scan.id, number)
        rotation = page.rotation_deg if page and crop else 0
        data = self._blobs.get(scan.sha256)
        try:
            if page is None or may_see_all(actor, scan):
                if page is None and not may_see_all(actor, scan):
                    raise NotFoundError("page", f"{scan.id}/{number}")
                box = Box(*crop) if crop else None
                return render_page(
                    data, number, width_px=width_px, crop=box, rotation_deg=rotation, limits=self._limits
                )
            whole = render_page(data, number, limits=self._limits)
        except OcrError as error:
            raise ReadingFailedError(str(error), code=error.code) from error
        return _blackened(whole, scan, page, crop, width_px, rotation)


def _bounded(width_px: int | None) -> int | None:
    return None if width_px is None else max(16, min(width_px, MOST_PIXELS_WIDE))


def _blackened(
    jpeg: bytes, scan: Scan, page: ScanPage, crop: BoxTuple | None, width_px: int | None, rotation_deg: int
) -> bytes:
    with Image.open(io.BytesIO(jpeg)) as opened:
        image = opened.convert("RGB")
    scale_x, scale_y = image.width / page.width_px, image.height / page.height_px
    pen = ImageDraw.Draw(image)
    for x0, y0, x1, y1 in words_to_hide(scan, page):
        pen.rectangle((x0 * scale_x - 2, y0 * scale_y - 2, x1 * scale_x + 2, y1 * scale_y + 2), fill="black")
    if crop is not None:
        left, top, right, bottom = crop
        image = image.crop(
            (int(left * scale_x), int(top * scale_y), int(right * scale_x) + 1, int(bottom * scale_y) + 1)
        )
    if rotation_deg:
        image = image.rotate(-rotation_deg, expand=True)
    if width_px is not None and image.width > width_px:
        image = image.resize((width_px, max(1, round(image.height * width_px / image.width))))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()
