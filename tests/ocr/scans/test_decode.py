"""Bytes to pages, and the refusals."""

import io
import struct
import tracemalloc
import zlib
from pathlib import Path

import pillow_heif
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from ocr import (
    Box,
    DamagedScanError,
    MediaKind,
    OcrError,
    PageNotFoundError,
    PageTooLargeError,
    ReadingLimits,
    ScanTooLargeError,
    TooManyPagesError,
    TruncatedScanError,
    check_scan,
    render_page,
)


def picture(kind: str, size: tuple[int, int] = (400, 300), **options: object) -> bytes:
    """A file with a red rectangle in its upper left corner."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=(255, 0, 0))
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def png_that_claims(width_px: int, height_px: int) -> bytes:
    """A tiny file with a large header."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def pdf_of(page_count: int) -> bytes:
    """A PDF of empty A4 pages."""
    document = pdfium.PdfDocument.new()
    for _ in range(page_count):
        document.new_page(595, 842).close()
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def heic() -> bytes:
    """A photo as telephones take it."""
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (400, 300), "white")).save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "media"),
    [("JPEG", MediaKind.JPEG), ("PNG", MediaKind.PNG), ("TIFF", MediaKind.TIFF), ("WEBP", MediaKind.WEBP)],
)
def test_an_honest_image_passes(kind: str, media: MediaKind) -> None:
    facts = check_scan(picture(kind))

    assert (facts.media, facts.page_count, facts.width_px, facts.height_px) == (media, 1, 400, 300)


def test_pages_of_a_tiff_are_counted() -> None:
    data = picture("TIFF", save_all=True, append_images=[Image.new("1", (200, 100))] * 2)

    assert check_scan(data).page_count == 3
    with pytest.raises(TooManyPagesError):
        check_scan(data, ReadingLimits(max_pages=2))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "HEIC", "PDF"])
def test_a_file_is_checked_like_its_bytes_and_stays_open(kind: str, tmp_path: Path) -> None:
    data = {"PDF": lambda: pdf_of(2), "HEIC": heic}.get(kind, lambda: picture(kind))()
    path = tmp_path / "scan"
    path.write_bytes(data)

    with path.open("rb") as file:
        assert check_scan(file) == check_scan(data)
        file.seek(0)
        assert file.read() == data


def test_a_large_file_is_checked_without_being_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.tif"
    sheet = Image.new("RGB", (3000, 2000), "white")
    sheet.save(path, "TIFF", save_all=True, append_images=[sheet] * 3)
    size_bytes = path.stat().st_size

    tracemalloc.start()
    try:
        with path.open("rb") as file:
            check_scan(file)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert size_bytes > 70_000_000
    assert peak_bytes < size_bytes / 10


def test_a_pdf_is_measured_as_it_will_be_drawn() -> None:
    facts = check_scan(pdf_of(2))

    assert (facts.media, facts.page_count, facts.dpi) == (MediaKind.PDF, 2, 300)
    assert (facts.width_px, facts.height_px) == (2480, 3509)


def test_a_pdf_of_two_thousand_pages_is_refused() -> None:
    with pytest.raises(TooManyPagesError) as refused:
        check_scan(pdf_of(2000))
    assert refused.value.page_count == 2000


@pytest.mark.parametrize("side_px", [9_500, 12_000, 100_000])
def test_a_page_that_claims_too_many_pixels_is_refused_undecoded(side_px: int) -> None:
    with pytest.raises(PageTooLargeError):
        check_scan(png_that_claims(side_px, side_px))


def test_a_jpeg_that_was_cut_off_is_refused() -> None:
    data = picture("JPEG", (1200, 900), quality=95)

    with pytest.raises(TruncatedScanError):
        check_scan(data[: len(data) // 2])


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 and nothing more",
        b"\0\0\0\x18ftypheic" + bytes(100),
        b"II*\0\x08\0\0\0" + b"\xff" * 200,
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        b"\xff\xd8\xff\xe0" + bytes(50),
        b"RIFF\x20\0\0\0WEBPVP8 " + bytes(40),
    ],
)
def test_damage_is_refused_whatever_the_format(data: bytes) -> None:
    with pytest.raises(DamagedScanError):
        check_scan(data)


def test_a_file_with_too_many_bytes_is_refused() -> None:
    with pytest.raises(ScanTooLargeError):
        check_scan(picture("PNG"), ReadingLimits(max_bytes=50))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_bytes_cut_off_anywhere_never_raise_anything_else(kind: str) -> None:
    data = picture(kind)
    for end in range(0, len(data), max(1, len(data) // 40)):
        try:
            check_scan(data[:end])
        except OcrError as error:
            assert error.code


def test_the_orientation_of_a_photo_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to show

    facts = check_scan(picture("JPEG", exif=exif))
    shown = Image.open(io.BytesIO(render_page(picture("JPEG", exif=exif), 1)))

    assert (facts.width_px, facts.height_px) == shown.size == (300, 400)
    red = shown.getpixel((290, 10))
    assert isinstance(red, tuple)
    assert red[0] > 200
    assert red[1] < 60


def test_a_rendering_is_cut_sized_and_turned() -> None:
    whole = Image.open(io.BytesIO(render_page(picture("PNG"), 1, width_px=200)))
    part = Image.open(io.BytesIO(render_page(picture("PNG"), 1, crop=Box(10, 10, 110, 60), rotation_deg=90)))

    assert whole.size == (200, 150)
    assert part.size == (50, 100)


def test_there_is_no_page_beyond_the_last() -> None:
    with pytest.raises(PageNotFoundError):
        render_page(picture("PNG"), 2)
    with pytest.raises(PageNotFoundError):
        render_page(picture("PNG"), 1, crop=Box(5000, 5000, 6000, 6000))
