"""Searchable copies of scans: the pages as received with what was read from them as invisible text, as a PDF.

A copy is made when it is asked for and not kept: a page takes a fraction of a second, few scans are ever asked for, and a
kept copy would be a second place in which a customer's data has to be guarded, corrected and disposed of.
"""

import tempfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from archive.access import Actor, Right
from archive.audit import AuditTrail
from archive.errors import NotFoundError, ReadingFailedError, WrongStateError
from archive.mongo.blobs import BlobFile, BlobStore
from archive.mongo.scans import ScanStore
from archive.scans.intake import may_see_pages
from archive.scans.scan import ScanPage
from ocr import Box, OcrError, ReadingLimits, ReadPage, Word, write_searchable_pdf

_PIECE = 1 << 18
_SPOOL = 8 << 20


class SearchableCopies:
    """Makes searchable PDFs for whoever may have the original: they show, and let copy, every value on the paper."""

    def __init__(self, scans: ScanStore, blobs: BlobStore, audit: AuditTrail, limits: ReadingLimits) -> None:
        self._scans = scans
        self._blobs = blobs
        self._audit = audit
        self._limits = limits

    def of_scan(self, actor: Actor, scan_id: str) -> BlobFile:
        """Return the scan as a searchable PDF; the download is audited and takes the right to reveal.

        Raises:
            NotFoundError: There is no such scan, or the actor may not know of it.
            WrongStateError: It has not been read yet.
            ReadingFailedError: Its bytes cannot be decoded.
        """
        scan = self._scans.by_id(scan_id)
        if scan is None or not may_see_pages(actor, scan):
            raise NotFoundError("scan", scan_id)
        actor.require(Right.REVEAL, scan.unit)
        pages = self._scans.pages([scan.id])
        if not pages:
            raise WrongStateError("scan", scan.receipt, scan.state.value)
        out = tempfile.SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115 - closed by whoever walks its pieces
        try:
            write_searchable_pdf(
                self._blobs.get(scan.sha256),
                [_read_page(page) for page in pages],
                cast(BinaryIO, out),
                title=scan.filename,
                made_at=scan.received_at,
                limits=self._limits,
            )
        except OcrError as error:
            out.close()
            raise ReadingFailedError(str(error), code=error.code) from error
        except BaseException:
            out.close()
            raise
        self._audit.record(actor, "scan.searchable", "scan", scan.id, unit=scan.unit)
        size_bytes = out.seek(0, 2)
        filename = f"{scan.filename.rpartition('.')[0] or scan.filename}.searchable.pdf"
        return BlobFile(filename, "application/pdf", size_bytes, _pieces(cast(BinaryIO, out)))


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _read_page(page: ScanPage) -> ReadPage:
    return ReadPage(
        number=page.number,
        width_px=page.width_px,
        height_px=page.height_px,
        dpi=page.dpi,
        rotation_deg=page.rotation_deg,
        skew_deg=page.skew_deg,
        words=tuple(Word(word.text, word.confidence, Box(*word.box)) for word in page.words),
    )
