"""Bytes of a scan to page images, one page at a time, refusing before decoding what would not fit.

The page as received is what a viewer shows: the EXIF orientation of a photo is applied, transparency lies on white paper.
"""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Protocol

import numpy as np
import numpy.typing as npt
import pillow_heif
from PIL import ExifTags, Image, ImageOps

from ..errors import (
    DamagedScanError,
    PageNotFoundError,
    PageTooLargeError,
    ScanTooLargeError,
    TooManyPagesError,
    TruncatedScanError,
)
from ..limits import ReadingLimits
from ..page import Box, Word
from .media import HEAD_BYTES, MediaKind, identify_media
from .pdf import PdfFile, open_pdf

__all__ = ["PageImage", "ScanFacts", "ScanFile", "check_scan", "open_scan", "render_page"]

Pixels = npt.NDArray[np.uint8]

_DECODER_ERRORS = (
    *(OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, AttributeError, OverflowError),
    *(ZeroDivisionError, MemoryError, RuntimeError, struct.error),
    # Pillow only warns of some damage; programs that turn warnings into errors get them raised.
    UserWarning,
)
"""What decoders raise over damaged files; each has been seen from Pillow, libtiff or libheif."""

_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_DPI_RANGE = (50, 2400)
_LARGEST_PAPER_INCHES = 50.0  # a photo that claims 72 dpi would be wider: the tag is a default, not a measurement
_TIFF_SUBFILE_TYPE = 254
_TIFF_THUMBNAIL = 1
_JPEG_QUALITY = 85
_LARGEST_RENDERING_PX = 10_000
_EXIF_TURNED = (5, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """What can be said about a scan without reading it.

    Attributes:
        media: Its format.
        page_count: Number of its pages.
        size_bytes: Length of the file.
        width_px: Of the first page as received; PDF pages as they would be drawn.
        height_px: Of the first page as received.
        dpi: Of the first page, None where the file does not say (or says nonsense).
    """

    media: MediaKind
    page_count: int
    size_bytes: int
    width_px: int
    height_px: int
    dpi: int | None


@dataclass(frozen=True, slots=True)
class PageImage:
    """One decoded page.

    Attributes:
        number: From 1.
        pixels: RGB, shape (height, width, 3), of the page as received.
        dpi: As the file states it.
        words: The page's own text, None for a page that has to be recognised.
    """

    number: int
    pixels: Pixels
    dpi: int | None
    words: tuple[Word, ...] | None = None

    @property
    def width_px(self) -> int:
        """Width of the page as received."""
        return int(self.pixels.shape[1])

    @property
    def height_px(self) -> int:
        """Height of the page as received."""
        return int(self.pixels.shape[0])


class ScanFile(Protocol):
    """An open scan of any format."""

    @property
    def media(self) -> MediaKind:
        """Its format."""

    @property
    def page_count(self) -> int:
        """Number of pages, at least 1."""

    def size(self, number: int) -> tuple[int, int, int | None]:
        """Width and height in pixels of a page as received, and its dpi, without decoding it."""

    def image(self, number: int, *, wanted_width_px: int | None = None) -> Image.Image:
        """A page as received, RGB. It may be smaller, by a whole factor, but not narrower than ``wanted_width_px``."""

    def text(self, number: int) -> tuple[Word, ...] | None:
        """The page's own text, None where it has to be recognised."""


class _PdfScan:
    """A PDF as a scan."""

    def __init__(self, pdf: PdfFile) -> None:
        self._pdf = pdf
        self.media = MediaKind.PDF
        self.page_count = pdf.page_count

    def size(self, number: int) -> tuple[int, int, int | None]:
        return self._pdf.page_size(number)

    def image(self, number: int, *, wanted_width_px: int | None = None) -> Image.Image:
        return self._pdf.draw(number)

    def text(self, number: int) -> tuple[Word, ...] | None:
        return self._pdf.text(number)


class _ImageScan:
    """An image file as a scan; only TIFF has more than one page."""

    def __init__(self, image: Image.Image, media: MediaKind, limits: ReadingLimits) -> None:
        self._image = image
        self.media = media
        self._limits = limits
        self._frames = self._find_frames() if media is MediaKind.TIFF else (0,)
        self.page_count = len(self._frames)

    def _find_frames(self) -> tuple[int, ...]:
        """The frames that are pages; a reduced copy that some scanners add is none."""
        pages: list[int] = []
        index = 0
        with _decoding(self.media, None):
            while True:
                try:
                    self._image.seek(index)
                except EOFError:
                    break
                if not self._is_thumbnail():
                    pages.append(index)
                if len(pages) > self._limits.max_pages or index > 2 * self._limits.max_pages:
                    raise TooManyPagesError(self._limits.max_pages, self._limits.max_pages, at_least=True)
                index += 1
        return tuple(pages) or (0,)

    def _is_thumbnail(self) -> bool:
        tags = getattr(self._image, "tag_v2", {})
        kind = tags.get(_TIFF_SUBFILE_TYPE, 0)
        return isinstance(kind, int) and bool(kind & _TIFF_THUMBNAIL)

    def _seek(self, number: int) -> Image.Image:
        if not 1 <= number <= self.page_count:
            raise PageNotFoundError(number, self.page_count)
        with _decoding(self.media, number):
            if self.media is MediaKind.TIFF:
                self._image.seek(self._frames[number - 1])
            width, height = self._image.size
        if width * height > self._limits.max_pixels or width <= 0 or height <= 0:
            raise PageTooLargeError(width, height, self._limits.max_pixels, number)
        return self._image

    def size(self, number: int) -> tuple[int, int, int | None]:
        frame = self._seek(number)
        with _decoding(self.media, number):
            width, height = frame.size
            if self.media is not MediaKind.HEIC and frame.getexif().get(ExifTags.Base.Orientation) in _EXIF_TURNED:
                width, height = height, width
            return width, height, _stated_dpi(frame, width, height)

    def image(self, number: int, *, wanted_width_px: int | None = None) -> Image.Image:
        frame = self._seek(number)
        with _decoding(self.media, number):
            if wanted_width_px and self.media is MediaKind.JPEG:
                # The decoder then skips what a small picture does not show: several times faster on photos. Both sides
                # are bounded, because the EXIF orientation may swap them.
                frame.draft("RGB", (wanted_width_px, wanted_width_px))
            if self.media is not MediaKind.HEIC:  # its decoder has turned the picture already
                return _on_white(ImageOps.exif_transpose(frame))
            return _on_white(frame)

    def text(self, number: int) -> tuple[Word, ...] | None:
        return None


@contextmanager
def _decoding(media: MediaKind, page: int | None) -> Iterator[None]:
    """Whatever a decoder raises becomes one of our errors."""
    try:
        yield
    except (DamagedScanError, TooManyPagesError, PageTooLargeError):
        raise
    except _DECODER_ERRORS as error:
        cut_off = "truncated" in str(error).lower() or isinstance(error, EOFError)
        raise (TruncatedScanError if cut_off else DamagedScanError)(media.media_type, page) from None


def _stated_dpi(image: Image.Image, width: int, height: int) -> int | None:
    """The file's own resolution where it is believable."""
    stated = image.info.get("dpi")
    if not isinstance(stated, tuple) or not stated:
        return None
    try:
        dpi = round(float(stated[0]))
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        return None
    if not _DPI_RANGE[0] <= dpi <= _DPI_RANGE[1] or max(width, height) / dpi > _LARGEST_PAPER_INCHES:
        return None
    return dpi


def _on_white(image: Image.Image) -> Image.Image:
    """Any mode to RGB; what is transparent becomes white paper."""
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, dtype=np.float32)
        top = 65535.0 if image.mode.startswith("I;16") else max(float(values.max(initial=1.0)), 1.0)
        return Image.fromarray((np.clip(values / top, 0, 1) * 255).astype(np.uint8)).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        with image.convert("RGBA") as layered:
            paper = Image.new("RGB", layered.size, "white")
            paper.paste(layered, mask=layered.getchannel("A"))
            return paper
    image.load()
    return image.convert("RGB")


@contextmanager
def open_scan(source: bytes | BinaryIO, limits: ReadingLimits) -> Iterator[ScanFile]:
    """Open a scan of any format that can be read.

    Args:
        source: The scan's bytes, or a seekable file of them, of which only what is needed comes into memory; it stays open.
        limits: Bounds within which the file is read.

    Raises:
        ScanRefusedError: One of its kinds; see ``ocr.errors``.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    size_bytes = _size_of(file)
    if size_bytes > limits.max_bytes:
        raise ScanTooLargeError(size_bytes, limits.max_bytes)
    media = _media_of(file)
    if media is MediaKind.PDF:
        with open_pdf(file, limits) as pdf:
            yield _PdfScan(pdf)
        return
    try:
        with _decoding(media, None):
            image = _open_image(file, media, limits)
    except _BOMB:
        raise PageTooLargeError(None, None, limits.max_pixels) from None
    with image:  # leaves the file open, which is the caller's; close() would not
        yield _ImageScan(image, media, limits)


def _size_of(file: BinaryIO) -> int:
    return file.seek(0, io.SEEK_END)


def _media_of(file: BinaryIO) -> MediaKind:
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    return identify_media(head)


def _open_image(file: BinaryIO, media: MediaKind, limits: ReadingLimits) -> Image.Image:
    if media is not MediaKind.HEIC:
        formats = {MediaKind.JPEG: ("JPEG", "MPO")}.get(media, (media.name,))
        return Image.open(file, formats=formats)
    heif = pillow_heif.open_heif(file, convert_hdr_to_8bit=True)
    width, height = heif.size
    if width * height > limits.max_pixels:
        raise PageTooLargeError(width, height, limits.max_pixels)
    image: Image.Image = heif.to_pillow()
    return image


def check_scan(
    source: bytes | BinaryIO,
    limits: ReadingLimits = ReadingLimits(),  # noqa: B008 - frozen
) -> ScanFacts:
    """Whether a file can be read at all; for the moment it arrives, so it costs at most the decoding of one page.

    Every page's claimed size is looked at, the first one is decoded; JPEGs at an eighth of their size, which still walks
    through all their data and so finds one that was cut off. A file is not held in memory as a whole.

    Raises:
        ScanRefusedError: One of its kinds; see ``ocr.errors``.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    with open_scan(file, limits) as scan:
        media = scan.media
        sizes = [scan.size(number) for number in range(1, scan.page_count + 1 if media is MediaKind.TIFF else 2)]
        if media is not MediaKind.PDF:
            scan.image(1, wanted_width_px=max(sizes[0][0], sizes[0][1]) // 8 or None)
        width, height, dpi = sizes[0]
        return ScanFacts(media, scan.page_count, _size_of(file), width, height, dpi)


def decode_page(scan: ScanFile, number: int) -> PageImage:
    """One page with its pixels and, where it has a trustworthy one, its own text."""
    _, _, dpi = scan.size(number)
    words = scan.text(number)
    return PageImage(number, np.asarray(scan.image(number)), dpi, words)


def render_page(
    data: bytes,
    number: int,
    *,
    width_px: int | None = None,
    crop: Box | None = None,
    rotation_deg: int = 0,
    limits: ReadingLimits = ReadingLimits(),  # noqa: B008 - frozen
) -> bytes:
    """A page as received, or a part of it, as JPEG.

    Args:
        data: The scan.
        number: The page, from 1.
        width_px: Width before the turn by ``rotation_deg``; smaller pictures are not enlarged. None: as received.
        crop: The part to show, in pixels of the page as received; parts outside the page are left out.
        rotation_deg: Clockwise turn of the result: 0, 90, 180 or 270.
        limits: As for reading.

    Raises:
        PageNotFoundError: There is no such page, or ``crop`` lies outside it.
        ScanRefusedError: The file cannot be read.
    """
    turns = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    if rotation_deg % 360 not in (0, *turns):
        raise ValueError("rotation_deg must be a multiple of 90")
    with open_scan(data, limits) as scan:
        image = scan.image(number, wanted_width_px=None if crop else width_px)
        if crop is not None:
            inside = (max(0, crop.x0), max(0, crop.y0), min(image.width, crop.x1), min(image.height, crop.y1))
            if inside[0] >= inside[2] or inside[1] >= inside[3]:
                raise PageNotFoundError(number, scan.page_count)
            image = image.crop(inside)
    wanted = min(width_px or image.width, image.width, _LARGEST_RENDERING_PX)
    height = max(1, round(image.height * wanted / image.width))
    if height > _LARGEST_RENDERING_PX:
        wanted, height = max(1, round(wanted * _LARGEST_RENDERING_PX / height)), _LARGEST_RENDERING_PX
    if (wanted, height) != image.size:
        image = image.resize((wanted, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if rotation_deg % 360:
        image = image.transpose(turns[rotation_deg % 360])
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_JPEG_QUALITY)
    return out.getvalue()
