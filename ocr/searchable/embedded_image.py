"""A page's picture in the form in which a PDF holds it: the received bytes where a PDF can hold them, else without loss.

JPEG files are passed through. Formats that are lossy and that PDF does not know (WebP, HEIC, JPEG inside TIFF) become JPEG of
high quality: keeping every pixel of a photo would make a file ten times as large as the one received. All else is kept
pixel by pixel, black and white with one bit each.
"""

import io
from dataclasses import dataclass

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import ExifTags, Image, ImageCms

from ..scans.decode import ScanFile
from ..scans.media import MediaKind

__all__ = ["EmbeddedImage", "embedded_image", "is_sound_profile"]

_ICC_HEADER_BYTES = 128
_JPEG_QUALITY = 90
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COMPONENTS = {"L": 1, "RGB": 3, "1": 1}
_PLACED: dict[int, tuple[int, int, int, int, int, int]] = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}
"""How the unit square of a stored image lies on the page, by EXIF orientation (EXIF 2.3, tag 0x0112)."""


@dataclass(frozen=True, slots=True)
class EmbeddedImage:
    """A picture ready to be put into a PDF.

    Attributes:
        data: Its bytes, encoded as ``filter`` says.
        filter: ``/DCTDecode`` (JPEG) or ``/FlateDecode`` (with the row predictors of PNG).
        mode: ``1``, ``L`` or ``RGB``.
        width_px: As stored, before ``orientation``.
        height_px: As stored.
        orientation: EXIF orientation that is still to be applied.
        profile: ICC profile that its colours are meant in; None: sRGB.
    """

    data: bytes
    filter: str
    mode: str
    width_px: int
    height_px: int
    orientation: int = 1
    profile: bytes | None = None

    def placed(self, width_pt: float, height_pt: float) -> tuple[float, ...]:
        """The matrix that lays the picture onto a page of this size, the right way up."""
        a, b, c, d, e, f = _PLACED[self.orientation]
        return a * width_pt, b * height_pt, c * width_pt, d * height_pt, e * width_pt, f * height_pt

    def add_to(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """Put the picture into a PDF and return what a page names in its resources."""
        bits = 1 if self.mode == "1" else 8
        components = _COMPONENTS[self.mode]
        stream = pdf.make_stream(
            b"",
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=self.width_px,
            Height=self.height_px,
            BitsPerComponent=bits,
            ColorSpace=Name.DeviceRGB if components == 3 else Name.DeviceGray,
        )
        if self.profile is not None:
            stream.ColorSpace = Array([Name.ICCBased, pdf.make_stream(self.profile, N=components)])
        predictor = Dictionary(Predictor=15, Colors=components, BitsPerComponent=bits, Columns=self.width_px)
        stream.write(
            self.data, filter=Name(self.filter), decode_parms=predictor if self.filter == "/FlateDecode" else None
        )
        return stream


def embedded_image(data: bytes, media: MediaKind, scan: ScanFile, number: int) -> EmbeddedImage:
    """Return the picture of a page.

    Args:
        data: The scan's bytes.
        media: Their format.
        scan: The same scan, open.
        number: The page, from 1.

    Raises:
        ScanRefusedError: The page cannot be decoded.
    """
    if media is MediaKind.JPEG:
        as_received = _passed_through(data)
        if as_received is not None:
            return as_received
    page = scan.image(number)
    if media in (MediaKind.JPEG, MediaKind.WEBP, MediaKind.HEIC) or _holds_jpeg(data, media, number):
        return _as_jpeg(page)
    return _without_loss(page)


def _passed_through(data: bytes) -> EmbeddedImage | None:
    """The JPEG as it is; None where its colours are those of print (CMYK), which need a profile of the press."""
    with Image.open(io.BytesIO(data), formats=("JPEG", "MPO")) as opened:
        if opened.mode not in ("L", "RGB"):
            return None
        orientation = opened.getexif().get(ExifTags.Base.Orientation, 1)
        profile = opened.info.get("icc_profile")
        return EmbeddedImage(
            data,
            "/DCTDecode",
            opened.mode,
            *opened.size,
            orientation if orientation in _PLACED else 1,
            profile if is_sound_profile(profile, opened.mode) else None,
        )


def is_sound_profile(profile: bytes | None, mode: str) -> bool:
    """Whether PDF/A-2 takes an ICC profile: of at most version 4, for a device, and for the colours of that mode (L, RGB)."""
    if not profile or len(profile) < _ICC_HEADER_BYTES:
        return False
    try:
        ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except (ImageCms.PyCMSError, OSError):
        return False
    device, colours = profile[12:16], profile[16:20]
    wanted = b"RGB " if mode == "RGB" else b"GRAY"
    return profile[8] <= 4 and device in (b"scnr", b"mntr", b"prtr", b"spac") and colours == wanted


def _holds_jpeg(data: bytes, media: MediaKind, number: int) -> bool:
    if media is not MediaKind.TIFF:
        return False
    with Image.open(io.BytesIO(data), formats=("TIFF",)) as opened:
        opened.seek(min(number, getattr(opened, "n_frames", 1)) - 1)
        return opened.info.get("compression") == "jpeg"


def _as_jpeg(page: Image.Image) -> EmbeddedImage:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=_JPEG_QUALITY)
    return EmbeddedImage(out.getvalue(), "/DCTDecode", page.mode, *page.size)


def _without_loss(page: Image.Image) -> EmbeddedImage:
    simplest = page.convert(_simplest_mode(page), dither=Image.Dither.NONE)
    out = io.BytesIO()
    simplest.save(out, "PNG")
    return EmbeddedImage(_compressed_rows(out.getvalue()), "/FlateDecode", simplest.mode, *simplest.size)


def _simplest_mode(page: Image.Image) -> str:
    """The mode with the fewest bits a pixel that loses nothing of an RGB image."""
    pixels = np.asarray(page)
    if not (np.array_equal(pixels[..., 0], pixels[..., 1]) and np.array_equal(pixels[..., 1], pixels[..., 2])):
        return "RGB"
    used = page.getchannel(0).histogram()
    return "L" if any(used[1:255]) else "1"


def _compressed_rows(png: bytes) -> bytes:
    """What a PNG holds between its headers: rows filtered and deflated just as PDF's own predictor 15 wants them."""
    pieces, at = [], len(_PNG_SIGNATURE)
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            pieces.append(png[at + 8 : at + 8 + length])
        at += 12 + length
    return b"".join(pieces)
