"""PDFs as scanners make them: pages of pictures and nothing else. Such a file can become PDF/A without touching a picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Dictionary, Name

from .embedded_image import is_sound_profile

__all__ = ["PlacedPicture", "keep_pictures_only", "pictures_of"]

_KEPT_OF_A_PAGE = frozenset({"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents"})
_KEPT_OF_THE_FILE = frozenset({"/Type", "/Pages"})
_KEPT_OF_A_PICTURE = frozenset(
    {
        *("/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Decode"),
        *("/Filter", "/DecodeParms", "/Length"),
    }
)
_MORE_THAN_A_SCAN = ("/AcroForm", "/OCProperties", "/Encrypt")
_MORE_THAN_A_PICTURE = ("/ImageMask", "/SMask", "/Mask", "/F")
_FILTERS = frozenset({"/DCTDecode", "/FlateDecode", "/CCITTFaxDecode", "/JBIG2Decode", "/RunLengthDecode"})
_INVISIBLE = 3
_TEXT = frozenset({"BT", "ET", "Tc", "Tw", "Tz", "TL", "Tf", "Tr", "Ts", "Td", "TD", "Tm", "T*"})
_SHOWS_TEXT = frozenset({"Tj", "TJ", "'", '"'})
_NOT_FOR_PICTURES = frozenset(
    {
        *("g", "G", "rg", "RG", "k", "K", "cs", "CS", "sc", "SC", "scn", "SCN"),
        *("w", "J", "j", "M", "d", "i", "ri"),
        *("BMC", "BDC", "EMC", "MP", "DP", "BX", "EX", "n"),
    }
)
"""What says how later strokes and fills look, or what parts mean: pictures are drawn the same without it."""

Matrix = tuple[float, float, float, float, float, float]
_UPRIGHT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture, and the matrix that lays the unit square with it onto the page."""

    picture: pikepdf.Object
    matrix: Matrix


def pictures_of(pdf: pikepdf.Pdf) -> list[list[PlacedPicture]] | None:
    """Return the pictures of each page where the file holds nothing else to see that PDF/A could object to.

    None where it does: visible text, drawings, transparency, form fields, notes, or colours that a screen does not have. A text
    layer that another program left is not to be seen and does not count.
    """
    if any(key in pdf.Root for key in _MORE_THAN_A_SCAN) or pdf.is_encrypted:
        return None
    found: list[list[PlacedPicture]] = []
    for page in pdf.pages:
        try:
            found.append(list(_pictures_of_page(page)))
        except (_NotAScanError, pikepdf.PdfError, ValueError, TypeError):
            return None
    return found


def keep_pictures_only(pdf: pikepdf.Pdf, pictures: Sequence[Sequence[PlacedPicture]]) -> None:
    """Take everything out of the file but its pages' sizes and these pictures."""
    for key in list(pdf.Root.keys()):
        if key not in _KEPT_OF_THE_FILE:
            del pdf.Root[key]
    if "/Info" in pdf.trailer:
        del pdf.trailer.Info
    for page, placed in zip(pdf.pages, pictures, strict=True):
        for key in list(page.obj.keys()):
            if key not in _KEPT_OF_A_PAGE:
                del page.obj[key]
        for each in placed:
            for key in list(each.picture.keys()):
                if key not in _KEPT_OF_A_PICTURE:
                    del each.picture[key]
        names = [f"/Scan{number}" for number, _ in enumerate(placed, start=1)]
        drawn = [
            f"q {' '.join(f'{value:.5f}' for value in each.matrix)} cm {name} Do Q"
            for name, each in zip(names, placed, strict=True)
        ]
        page.obj.Resources = Dictionary(
            XObject=Dictionary({name: each.picture for name, each in zip(names, placed, strict=True)})
        )
        page.obj.Contents = pdf.make_stream("\n".join(drawn).encode("ascii"))


class _NotAScanError(Exception):
    """There is more on the page than pictures."""


def _pictures_of_page(page: pikepdf.Page) -> Iterator[PlacedPicture]:
    sides = [float(side) for side in page.mediabox]
    smallest, largest = sorted((abs(sides[2] - sides[0]), abs(sides[3] - sides[1])))
    if len(page.obj.get("/Annots", ())) or "/UserUnit" in page.obj or smallest < 3 or largest > 14_400:
        raise _NotAScanError
    drawn = page.resources.get("/XObject", Dictionary())
    matrix, mode, saved = _UPRIGHT, 0, list[tuple[Matrix, int]]()
    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), instruction.operands
        if operator == "q":
            saved.append((matrix, mode))
        elif operator == "Q":
            matrix, mode = saved.pop() if saved else (_UPRIGHT, 0)
        elif operator == "cm":
            a, b, c, d, e, f = (float(value) for value in operands)
            matrix = _product((a, b, c, d, e, f), matrix)
        elif operator == "Tr":
            mode = int(operands[0])
        elif operator == "Do":
            picture = drawn.get(str(operands[0]))
            if picture is None or not _is_plain(picture):
                raise _NotAScanError
            yield PlacedPicture(picture, matrix)
        elif (
            operator in _SHOWS_TEXT and mode != _INVISIBLE
        ) or operator not in _TEXT | _SHOWS_TEXT | _NOT_FOR_PICTURES:
            raise _NotAScanError


def _product(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does one thing and then the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _is_plain(picture: pikepdf.Object) -> bool:
    """Whether PDF/A-2 takes the picture as it is."""
    if picture.get("/Subtype") != Name.Image or any(key in picture for key in _MORE_THAN_A_PICTURE):
        return False
    named = picture.get("/Filter", pikepdf.Array())
    filters = [named] if isinstance(named, Name) else list(named)
    return all(str(each) in _FILTERS for each in filters) and _is_of_a_screen(picture.get("/ColorSpace"))


def _is_of_a_screen(space: pikepdf.Object | None) -> bool:
    """Whether a colour space is grey or RGB, or a table or a sound profile of one of them."""
    if space is None:
        return False
    if isinstance(space, Name):
        return space in (Name.DeviceGray, Name.DeviceRGB)
    if space[0] == Name.Indexed:
        return isinstance(space[1], Name) and _is_of_a_screen(space[1])
    if space[0] == Name.ICCBased and int(space[1].N) in (1, 3):
        return is_sound_profile(space[1].read_bytes(), "RGB" if int(space[1].N) == 3 else "L")
    return False
