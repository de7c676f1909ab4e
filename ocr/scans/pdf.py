"""Pages of PDF files: drawn as images, and their own text where they have one.

PDFium is not safe to be entered by two threads at once, so everything here holds one lock for the process.
"""

import ctypes
import logging
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from ..errors import DamagedScanError, EncryptedPdfError, PageNotFoundError, TooManyPagesError
from ..limits import ReadingLimits
from ..page import Box, Word
from .media import MediaKind

__all__ = ["PdfFile", "open_pdf"]

_LOCK = threading.RLock()
_POINTS_PER_INCH = 72.0
_LOWEST_DPI = 1
MOST_WORDS_OF_A_PAGE = 20_000
_SANE_TEXT_CHARACTERS = 20
_SANE_TEXT_SHARE = 0.9
_SCAN_COVERS = 0.6


class PdfFile:
    """An open PDF; a context manager gives it, see ``open_pdf``."""

    def __init__(self, document: pdfium.PdfDocument, limits: ReadingLimits) -> None:
        self._document = document
        self._limits = limits
        self._flattened: set[int] = set()
        self.page_count = len(document)

    @contextmanager
    def _page(self, number: int) -> Iterator[pdfium.PdfPage]:
        if not 1 <= number <= self.page_count:
            raise PageNotFoundError(number, self.page_count)
        self._flatten(number)
        page = self._load(number)
        try:
            yield page
        finally:
            page.close()

    def _load(self, number: int) -> pdfium.PdfPage:
        try:
            return self._document[number - 1]
        except pdfium.PdfiumError:
            raise DamagedScanError(MediaKind.PDF.media_type, number) from None

    def _flatten(self, number: int) -> None:
        """Make what was typed into form fields part of the page: it is then drawn, and found among the page's text.

        Changes the open document only, never the file; PDFium wants the page loaded anew afterwards.
        """
        if number in self._flattened or self._document.formenv is None:
            return
        self._flattened.add(number)
        page = self._load(number)
        try:
            page.flatten()
        except pdfium.PdfiumError:
            raise DamagedScanError(MediaKind.PDF.media_type, number) from None
        finally:
            page.close()

    def page_size(self, number: int) -> tuple[int, int, int]:
        """Width and height in pixels of a page as it will be drawn, and the dpi: that of the limits, or less where it would
        get too many pixels.
        """
        with _LOCK, self._page(number) as page:
            dpi = self._dpi(page)
            width, height = page.get_size()
            return math.ceil(width * dpi / _POINTS_PER_INCH), math.ceil(height * dpi / _POINTS_PER_INCH), dpi

    def _dpi(self, page: pdfium.PdfPage) -> int:
        width, height = page.get_size()
        inches2 = max(width * height, 1.0) / _POINTS_PER_INCH**2
        return max(_LOWEST_DPI, min(self._limits.pdf_dpi, int((self._limits.max_pixels / inches2) ** 0.5)))

    def draw(self, number: int) -> Image.Image:
        """A page as an RGB image with its form fields and notes."""
        with _LOCK, self._page(number) as page:
            dpi = self._dpi(page)
            width, height = page.get_size()
            if width * height * (dpi / _POINTS_PER_INCH) ** 2 > 2 * self._limits.max_pixels or min(width, height) <= 0:
                raise DamagedScanError(MediaKind.PDF.media_type, number)
            try:
                bitmap = page.render(scale=dpi / _POINTS_PER_INCH, rev_byteorder=True, prefer_bgrx=False)
            except (pdfium.PdfiumError, ValueError, MemoryError):
                raise DamagedScanError(MediaKind.PDF.media_type, number) from None
            try:
                image: Image.Image = bitmap.to_pil().convert("RGB")  # a copy: the bitmap's memory is freed below
                return image
            finally:
                bitmap.close()

    def to_user_space(
        self, number: int, width_px: int, height_px: int
    ) -> tuple[float, float, float, float, float, float]:
        """The matrix (a, b, c, d, e, f) from pixels of the page, drawn in that size, to its own space of points.

        That space may be turned, shifted and cropped.
        """

        def point(x: int, y: int) -> tuple[float, float]:
            found_x, found_y = ctypes.c_double(), ctypes.c_double()
            pdfium_c.FPDF_DeviceToPage(page, 0, 0, width_px, height_px, 0, x, y, found_x, found_y)
            return found_x.value, found_y.value

        with _LOCK, self._page(number) as page:
            origin, right, below = point(0, 0), point(width_px, 0), point(0, height_px)
        return (
            (right[0] - origin[0]) / width_px,
            (right[1] - origin[1]) / width_px,
            (below[0] - origin[0]) / height_px,
            (below[1] - origin[1]) / height_px,
            *origin,
        )

    def text(self, number: int, max_words: int = MOST_WORDS_OF_A_PAGE) -> tuple[Word, ...] | None:
        """The page's own text as words in pixels of the drawn page; None where it has none that can be trusted.

        Not trusted: next to no text, text of characters without meaning (fonts without a Unicode table), and text under
        an image that covers the page (the invisible layer that another reader's recognition left there).
        """
        with _LOCK, self._page(number) as page:
            if self._is_scan(page):
                return None
            text_page = page.get_textpage()
            try:
                return _words(page, text_page, self._dpi(page) / _POINTS_PER_INCH, max_words)
            finally:
                text_page.close()

    @staticmethod
    def _is_scan(page: pdfium.PdfPage) -> bool:
        width, height = page.get_size()
        for found in page.get_objects(filter=(pdfium_c.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
            left, bottom, right, top = found.get_bounds()
            if (right - left) * (top - bottom) >= _SCAN_COVERS * width * height:
                return True
        return False


def _words(
    page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, scale: float, max_words: int
) -> tuple[Word, ...] | None:
    """Runs of characters without a wide gap, line by line, as PDFium orders them."""
    count = text_page.count_chars()
    if count < _SANE_TEXT_CHARACTERS or count > 50 * max_words:
        return None
    text = text_page.get_text_range(0, count, errors="replace")
    visible = [c for c in text if not c.isspace()]
    strange = sum(1 for c in visible if c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c < " ")
    if len(visible) < _SANE_TEXT_CHARACTERS or strange > (1 - _SANE_TEXT_SHARE) * len(visible):
        return None

    words: list[Word] = []
    run: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []

    def close() -> None:
        joined = "".join(run).strip()
        if joined:
            words.append(Word(joined, 1.0, _device_box(page, boxes, scale)))
        run.clear()
        boxes.clear()

    for index in range(count):
        character = chr(pdfium_c.FPDFText_GetUnicode(text_page, index) or 32)
        if character in "\r\n\x02" or character == "\ufffe":
            close()
            continue
        left, bottom, right, top = text_page.get_charbox(index)
        if character.isspace():
            if run:
                run.append(" ")
            continue
        if boxes:
            last = boxes[-1]
            height = max(top - bottom, last[3] - last[1], 1.0)
            same_line = min(top, last[3]) - max(bottom, last[1]) > 0.2 * min(top - bottom, last[3] - last[1])
            gap = left - last[2]
            if not same_line or gap > 1.2 * height or gap < -1.5 * height:
                close()
        run.append(character)
        boxes.append((left, bottom, right, top))
        if len(words) >= max_words:
            return tuple(words)
    close()
    return tuple(words) if words else None


def _device_box(page: pdfium.PdfPage, boxes: list[tuple[float, float, float, float]], scale: float) -> Box:
    """From PDF user space, which may be turned and shifted, to pixels."""
    width_pt, height_pt = page.get_size()
    width, height = math.ceil(width_pt * scale), math.ceil(height_pt * scale)
    corners = [
        (min(b[0] for b in boxes), min(b[1] for b in boxes)),
        (max(b[2] for b in boxes), max(b[3] for b in boxes)),
    ]
    xs, ys = [], []
    for x, y in corners:
        device_x, device_y = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, device_x, device_y)
        xs.append(device_x.value)
        ys.append(device_y.value)
    return Box(
        max(0, min(xs)), max(0, min(ys)), min(width, max(max(xs), min(xs) + 1)), min(height, max(max(ys), min(ys) + 1))
    )


@contextmanager
def open_pdf(source: bytes | BinaryIO, limits: ReadingLimits) -> Iterator[PdfFile]:
    """Open a PDF for reading.

    Args:
        source: Its bytes, or a seekable file of them, which stays open.
        limits: Bounds within which it is read.

    Raises:
        EncryptedPdfError: It needs a password.
        DamagedScanError: PDFium cannot open it, or it has no page.
        TooManyPagesError: It has more pages than the limits allow.
    """
    with _LOCK:
        try:
            document = pdfium.PdfDocument(source)
        except pdfium.PdfiumError as error:
            if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD or "password" in str(error).lower():
                raise EncryptedPdfError from None
            raise DamagedScanError(MediaKind.PDF.media_type) from None
    try:
        with _LOCK:
            page_count = len(document)
            if page_count == 0:
                raise DamagedScanError(MediaKind.PDF.media_type)
            if page_count > limits.max_pages:
                raise TooManyPagesError(page_count, limits.max_pages)
            if document.get_formtype() != pdfium_c.FORMTYPE_NONE:
                # It warns that XFA is not drawn; such forms carry the same values as ordinary fields, which are.
                logging.getLogger("pypdfium2").setLevel(logging.ERROR)
                document.init_forms()
        yield PdfFile(document, limits)
    finally:
        with _LOCK:
            document.close()
