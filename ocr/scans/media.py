"""What a file is, told by its content and never by its name."""

from enum import Enum

from ..errors import EmptyScanError, UnsupportedMediaError

__all__ = ["HEAD_BYTES", "MediaKind", "identify_media"]

_HEIF_BRANDS = frozenset((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"))
HEAD_BYTES = 1024
"""How much of a file tells its kind: a PDF's header may stand anywhere in it, those of the others stand at the start."""


class MediaKind(Enum):
    """The formats that can be read."""

    PDF = ("application/pdf", ".pdf")
    TIFF = ("image/tiff", ".tif")
    JPEG = ("image/jpeg", ".jpg")
    PNG = ("image/png", ".png")
    WEBP = ("image/webp", ".webp")
    HEIC = ("image/heic", ".heic")

    def __init__(self, media_type: str, suffix: str) -> None:
        self.media_type = media_type
        self.suffix = suffix


def identify_media(data: bytes) -> MediaKind:
    """The kind of a file by its first bytes.

    Raises:
        EmptyScanError: There are no bytes.
        UnsupportedMediaError: It is none of the kinds that can be read.
    """
    if not data:
        raise EmptyScanError
    if data.startswith(b"\xff\xd8\xff"):
        return MediaKind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaKind.PNG
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return MediaKind.TIFF
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return MediaKind.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return MediaKind.HEIC
    if b"%PDF-" in data[:HEAD_BYTES]:
        return MediaKind.PDF
    raise UnsupportedMediaError
