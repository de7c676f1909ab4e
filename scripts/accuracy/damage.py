"""Pages made worse in one way each, as scanners and people make them."""

import datetime as dt
import io
from collections.abc import Callable, Mapping

import cv2
import numpy as np
from PIL import Image

from ocr import write_searchable_pdf
from ocr.engine import Pixels

A4_LONGER_SIDE_INCHES = 11.69
SKEW_DEG = 3.0
LOW_DPI = 150
LOW_QUALITY = 40
DESK = (1.0, 0.8, 0.6)
"""Shares of red, green and blue in what the sheet lies on."""
PICTURE = 1.2
"""Sides of the picture, in sides of the page."""
LEAST_LIGHT = 0.65
ASLANT = ((0.10, 0.07), (0.88, 0.04), (0.97, 0.95), (0.03, 0.91))
"""Where the corners of a photographed sheet are in the picture, clockwise from the top left, as shares of its sides."""

Damage = Callable[[bytes], tuple[str, bytes]]
"""Takes a file, gives the suffix and the bytes of the worse one."""


def _turned(turn: Image.Transpose) -> Damage:
    def damage(data: bytes) -> tuple[str, bytes]:
        return _kept(_opened(data).transpose(turn))

    return damage


def _skewed(data: bytes) -> tuple[str, bytes]:
    page = _opened(data)
    # Pillow turns counter-clockwise; what the page does not cover is white as the lid of a scanner.
    return _kept(page.rotate(-SKEW_DEG, Image.Resampling.BICUBIC, expand=True, fillcolor="white"))


def _low_resolution(data: bytes) -> tuple[str, bytes]:
    page = _opened(data)
    factor = LOW_DPI * A4_LONGER_SIDE_INCHES / max(page.size)
    if factor < 1:
        page = page.resize((round(page.width * factor), round(page.height * factor)), Image.Resampling.LANCZOS)
    return _kept(page)


def _compressed(data: bytes) -> tuple[str, bytes]:
    out = io.BytesIO()
    _opened(data).save(out, "JPEG", quality=LOW_QUALITY)
    return ".jpg", out.getvalue()


def _in_a_pdf(data: bytes) -> tuple[str, bytes]:
    out = io.BytesIO()
    write_searchable_pdf(data, (), out, title="page", made_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    return ".pdf", out.getvalue()


def photographed(page: Pixels) -> Pixels:
    """A picture of the page lying on a dark desk, seen aslant and with less light to the right.

    A telephone's camera has pixels enough: the picture is so much larger than the page that its letters keep their size.
    """
    page_height, page_width = page.shape[:2]
    height, width = round(PICTURE * page_height), round(PICTURE * page_width)
    grain = np.random.default_rng(1).normal(90, 12, (height // 8, width // 8, 1)).clip(0, 255) * DESK
    desk = cv2.resize(grain.astype(np.uint8), (width, height), interpolation=cv2.INTER_CUBIC)
    from_page = np.array([(0, 0), (page_width, 0), (page_width, page_height), (0, page_height)], np.float32)
    matrix = cv2.getPerspectiveTransform(from_page, (np.array(ASLANT) * (width, height)).astype(np.float32))
    photo = cv2.warpPerspective(
        page, matrix, (width, height), desk, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_TRANSPARENT
    )
    light = np.linspace(1.0, LEAST_LIGHT, width)[None, :, None]
    return np.asarray((photo * light).astype(np.uint8))


def _photographed(data: bytes) -> tuple[str, bytes]:
    return _kept(Image.fromarray(photographed(np.asarray(_opened(data)))))


def _opened(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as opened:
        return opened.convert("RGB")


def _kept(page: Image.Image) -> tuple[str, bytes]:
    out = io.BytesIO()
    page.save(out, "TIFF")
    return ".tiff", out.getvalue()


DAMAGES: Mapping[str, Damage] = {
    "turned by 90": _turned(Image.Transpose.ROTATE_270),
    "turned by 180": _turned(Image.Transpose.ROTATE_180),
    "turned by 270": _turned(Image.Transpose.ROTATE_90),
    f"skewed by {SKEW_DEG:.0f} degrees": _skewed,
    f"at {LOW_DPI} dpi": _low_resolution,
    f"JPEG quality {LOW_QUALITY}": _compressed,
    "in a PDF": _in_a_pdf,
    "photographed aslant": _photographed,
}
"""What is done to every page, by what the table calls it; angles are clockwise."""
