"""Pages made worse in one way each, as scanners and people make them."""

import datetime as dt
import io
from collections.abc import Callable, Mapping

from PIL import Image

from ocr import write_searchable_pdf

A4_LONGER_SIDE_INCHES = 11.69
SKEW_DEG = 3.0
LOW_DPI = 150
LOW_QUALITY = 40

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
}
"""What is done to every page, by what the table calls it; angles are clockwise."""
