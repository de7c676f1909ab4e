"""What a reading is made of: boxes, words, pages, extractions. Values only, no behaviour beyond arithmetic.

All boxes are in pixels of the page **as received**: as a viewer shows the file, with the EXIF orientation of a photo applied
and a PDF page drawn at its ``ReadPage.dpi``, before the reader turned or straightened anything. Origin top left, ``x1`` and
``y1`` just outside.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from .values import AddressParts

__all__ = [
    "Box",
    "Extraction",
    "Mark",
    "MarkKind",
    "ReadPage",
    "Reading",
    "TableRow",
    "TemplateMatch",
    "TextBlock",
    "Word",
]


class Box(NamedTuple):
    """An upright rectangle, in pixels of the page as received."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.y1 - self.y0

    @classmethod
    def around(cls, boxes: "Iterable[Box]") -> "Box":
        """The smallest box that holds all ``boxes`` (at least one)."""
        xs0, ys0, xs1, ys1 = zip(*boxes, strict=True)
        return cls(min(xs0), min(ys0), max(xs1), max(ys1))


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text that the reader recognised in one piece: a word, a line, or what stands in one cell.

    Attributes:
        text: As recognised; never blank.
        confidence: 0.0 to 1.0; 1.0 for text taken from a digital PDF.
        box: Where it stands.
    """

    text: str
    confidence: float
    box: Box


class TextBlock(NamedTuple):
    """Text that forms one part of a page: a line, a paragraph, or what a ruled cell holds.

    Attributes:
        text: A paragraph's lines in a row, with a blank between words only.
        box: Where it stands; of a cell, the cell itself.
    """

    text: str
    box: Box


class MarkKind(StrEnum):
    """What else than text a page can bear."""

    STAMP = "stamp"
    SIGNATURE = "signature"
    NO_SIGNATURE = "no-signature"
    """A place to sign at which nobody has."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stamp, or a place to sign.

    Attributes:
        box: Where the ink is; of a place that is empty, its label.
        label: The label that asks for the signature, as printed; empty for stamps.
    """

    kind: MarkKind
    box: Box
    label: str = ""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One side of a scan with its words.

    Attributes:
        number: From 1.
        width_px: Of the page as received.
        height_px: Of the page as received.
        dpi: As the file states it, or None when it does not (or states nonsense).
        rotation_deg: Clockwise turn that makes the page upright: 0, 90, 180 or 270.
        skew_deg: How far the upright page still leans, clockwise positive, in degrees.
        words: In reading order of the upright page.
        digital: Whether the words come from the file's own text and not from recognition.
        marks: Stamps, and the places to sign with whether somebody has.
        lines: In reading order; a wide gap ends a line.
        paragraphs: Running text of two lines and more, such as declarations and conditions, from the top.
        cells: The ruled cells with text in them, from the top.
    """

    number: int
    width_px: int
    height_px: int
    dpi: int | None
    rotation_deg: int
    skew_deg: float
    words: tuple[Word, ...]
    digital: bool = False
    marks: tuple[Mark, ...] = ()
    lines: tuple[TextBlock, ...] = ()
    paragraphs: tuple[TextBlock, ...] = ()
    cells: tuple[TextBlock, ...] = ()


class TableRow(NamedTuple):
    """The row of a table with a header, in which a value stands.

    Attributes:
        heading: What the table is about, as printed; empty where the form does not say.
        number: Of the row among those filled in under the same heading, from 1.
    """

    heading: str
    number: int


@dataclass(frozen=True, slots=True)
class Extraction:
    """One field read from one page.

    Attributes:
        key: The label as printed.
        value: The raw text that belongs to it; never corrected.
        name: The canonical field that the vocabulary knows the label as, or None.
        normalised: The value in its canonical form, None when there is none.
        valid: False when the value breaks a hard rule of its kind.
        problems: Codes of ``ocr.values.PROBLEMS``.
        confidence: 0.0 to 1.0: the weakest of the parts involved, lowered when the value is invalid.
        page: Number of the page, from 1.
        key_box: Where the label stands.
        value_box: Where the value stands.
        suggestion: What the value was perhaps meant to be, where a check digit settles a confusion; for a human to accept.
        zone: Id of the form template's zone that it was read from; None for one found by the page's layout.
        row: The row of the table that it stands in, where there are several of them; its ``name`` then is None: a relative's
            name is not the customer's.
        parts: An address by its levels; None for any other value, and for one that names none.
    """

    key: str
    value: str
    name: str | None
    normalised: str | None
    valid: bool
    problems: tuple[str, ...]
    confidence: float
    page: int
    key_box: Box | None
    value_box: Box | None
    suggestion: str | None = None
    zone: str | None = None
    row: TableRow | None = None
    parts: AddressParts | None = None


@dataclass(frozen=True, slots=True)
class TemplateMatch:
    """A page that was recognised as a copy of a registered form.

    Attributes:
        template_id: The template's id; ``name``, ``version`` and ``type`` are its own.
        page: The page, from 1.
        score: Share of the printed texts that stand where they should, 0.0 to 1.0.
    """

    template_id: str
    name: str
    version: int
    type: str
    page: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read from one scan.

    Attributes:
        engine: Name and version of the engine, such as ``rapidocr 3.10.0``.
        seconds: Wall time of the reading.
        template: Name of the form template that matched, or None; of several, the first page's.
        pages: In file order.
        extractions: In page and reading order.
        matches: Each page that is a copy of a registered form.
    """

    engine: str
    seconds: float
    template: str | None
    pages: tuple[ReadPage, ...]
    extractions: tuple[Extraction, ...]
    matches: tuple[TemplateMatch, ...] = ()
