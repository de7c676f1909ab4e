"""The words of a page as invisible PDF text in the places where they stand."""

import math
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..page import ReadPage, Word
from .glyphless import ASCENT, UNITS_PER_EM, GlyphlessFont

__all__ = ["FONT_RESOURCE", "ToUserSpace", "text_layer"]

FONT_RESOURCE = "/DossierText"
"""The name under which a page's resources must hold the font."""

_KEPT_UPRIGHT_DEG = 2.0
"""Up to this lean a word's box has the word's own height; see ``PreparedPage.box_as_received``."""
_VERTICAL_RATIO = 1.5


@dataclass(frozen=True, slots=True)
class ToUserSpace:
    """The way from pixels of the page as received (y downwards) to the PDF's user space (points, y upwards).

    A point ``(x, y)`` comes to ``(a * x + c * y + e, b * x + d * y + f)``.
    """

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the page comes to lie."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def direction(self, x: float, y: float) -> tuple[float, float]:
        """What becomes of a direction with its length."""
        return self.a * x + self.c * y, self.b * x + self.d * y


@dataclass(frozen=True, slots=True)
class _Line:
    """Where a word's text runs, in pixels of the page as received.

    Attributes:
        middle: Of the word.
        along: Unit vector in which the text runs.
        up: Unit vector from its foot to its head.
        length: Along ``along``.
        height: Along ``up``.
    """

    middle: tuple[float, float]
    along: tuple[float, float]
    up: tuple[float, float]
    length: float
    height: float


def text_layer(page: ReadPage, font: GlyphlessFont, to_user_space: ToUserSpace) -> bytes:
    """Return the content stream that writes the page's words, each scaled to the length of its box.

    The text is drawn in mode 3: neither filled nor stroked, but there to be searched, selected and copied.
    """
    shown = "\n".join(_shown(page, font, to_user_space))
    return f"q\nBT\n3 Tr\n{shown}\nET\nQ\n".encode("ascii")


def _shown(page: ReadPage, font: GlyphlessFont, to_user_space: ToUserSpace) -> Iterator[str]:
    for word in page.words:
        code, natural_em = font.encoded(word.text), font.width_em(word.text)
        if not code:
            continue
        line = _line_of(word, page)
        foot = 0.5 - ASCENT / UNITS_PER_EM  # from the middle of the box up to the baseline, as a share of the height
        origin = to_user_space.point(
            line.middle[0] - line.along[0] * line.length / 2 + line.up[0] * line.height * foot,
            line.middle[1] - line.along[1] * line.length / 2 + line.up[1] * line.height * foot,
        )
        along, up = to_user_space.direction(*line.along), to_user_space.direction(*line.up)
        points_per_px = math.hypot(*up)
        size = line.height * points_per_px
        stretch = 100 * line.length * math.hypot(*along) / (natural_em * size)
        turn = [each / math.hypot(*along) for each in along] + [each / points_per_px for each in up]
        yield (
            f"{FONT_RESOURCE} {_number(size)} Tf {_number(stretch)} Tz "
            f"{' '.join(map(_number, (*turn, *origin)))} Tm <{code}> Tj"
        )


def _line_of(word: Word, page: ReadPage) -> _Line:
    """Undo what ``PreparedPage.box_as_received`` did: from the upright box around a word to the word's own lean and size."""
    box, skew = word.box, page.skew_deg
    width, height = float(box.width), float(box.height)
    if page.rotation_deg in (90, 270):
        width, height = height, width
    if abs(skew) > _KEPT_UPRIGHT_DEG:
        cos, sin = math.cos(math.radians(abs(skew))), math.sin(math.radians(abs(skew)))
        both = cos * cos - sin * sin
        # A word cut off by the edge of the page would come out with less than nothing.
        length, across = (width * cos - height * sin) / both, (height * cos - width * sin) / both
        width, height = max(length, width / 4, 1.0), max(across, height / 4, 1.0)
    lean = math.radians(skew - page.rotation_deg)
    along, up = (math.cos(lean), math.sin(lean)), (math.sin(lean), -math.cos(lean))
    middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    if height > _VERTICAL_RATIO * width and _is_vertical(word.text):
        return _Line(middle, (-up[0], -up[1]), along, height, width)
    return _Line(middle, along, up, width, height)


def _is_vertical(text: Iterable[str]) -> bool:
    """Whether a tall box may hold a column of characters: two or more as wide as they are high."""
    return sum(1 for c in text if unicodedata.east_asian_width(c) in "WF") > 1


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")
