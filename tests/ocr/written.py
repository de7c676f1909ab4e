"""Text set on a page for tests of what belongs together: places and sizes, no image."""

from collections.abc import Sequence

from ocr import DEFAULT_VOCABULARY
from ocr.engine import Glyph
from ocr.image.rulings import Rulings, Segment
from ocr.pairs.extract import find_pairs
from ocr.pairs.layout import Piece


def text_at(text: str, x: float, y: float, *, size: float = 40.0) -> Piece:
    """Text at a place, every Chinese character a square, every other half as wide."""
    glyphs, at = [], x
    for character in text:
        width = size if ord(character) > 0x2E7F else size / 2
        glyphs.append(Glyph(character, at, at + width, 0.9))
        at += width
    return Piece(tuple(glyphs), x, y, at, y + size, 0.9)


def lines_at(*lines: tuple[float, float, float]) -> Rulings:
    """Horizontal lines, each given by its height, its beginning and its end."""
    return Rulings(horizontal=tuple(Segment(*line) for line in lines))


def pairs_said(pieces: Sequence[Piece], rulings: Rulings) -> list[tuple[str, str]]:
    """Keys and values as text, the pieces of each parted by a stroke."""
    pairs = find_pairs(pieces, rulings, DEFAULT_VOCABULARY)
    return [("|".join(p.text for p in pair.key), "|".join(p.text for p in pair.value)) for pair in pairs]
