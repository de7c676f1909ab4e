"""Formats are told by content."""

import pytest

from ocr import EmptyScanError, MediaKind, UnsupportedMediaError, identify_media


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", MediaKind.JPEG),
        (b"\x89PNG\r\n\x1a\n", MediaKind.PNG),
        (b"II*\0", MediaKind.TIFF),
        (b"MM\0*", MediaKind.TIFF),
        (b"RIFF\0\0\0\0WEBP", MediaKind.WEBP),
        (b"\0\0\0\x18ftypheic", MediaKind.HEIC),
        (b"junk\n%PDF-1.7", MediaKind.PDF),
    ],
)
def test_a_kind_is_known_by_its_first_bytes(head: bytes, kind: MediaKind) -> None:
    assert identify_media(head + b"\0" * 20) is kind


def test_no_bytes_are_refused() -> None:
    with pytest.raises(EmptyScanError):
        identify_media(b"")


def test_text_is_refused_whatever_its_name() -> None:
    with pytest.raises(UnsupportedMediaError):
        identify_media(b"just text in a file named scan.jpg")
