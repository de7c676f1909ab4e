"""Running text on a page: declarations, conditions, letters. What stands in its midst is no label, whatever its punctuation.

A paragraph is lines of one size, close below each other, that begin and end alike, and most of which are long: a form's own
fields are short, and their lines end where they will.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from ..vocabulary import Vocabulary
from .cells import Cell, CellFinder
from .labels import LIKELY, is_latin, label_score
from .layout import Piece, same_line

__all__ = ["TextLine", "paragraphs_on", "running_pieces", "text_lines"]

_WORD_GAP = 1.6
"""Pieces of a line that stand nearer, in line heights, are of one text."""
_PITCH = 2.0
"""The next line stands no farther below, from middle to middle, in line heights."""
_SAME_SIZE = 1.4
_LEFT = 2.5
"""How far lines of one paragraph differ where they begin, in line heights: a first line may be indented."""
_FULL = 0.8
"""All lines but the last are at least so long, as a share of the longest."""
_LONG_HAN = 16
_LONG_WORDS = 6
"""A line of running text has at least so many characters or words, in the mean of its full lines."""
_LOWER_SHARE = 0.5
_FEWEST_LINES = 2
_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile("[A-Za-z]{2,}")
_TICKS = re.compile("[□☐■☑☒√✓]")
_LABELLED = re.compile("(?![(\uff08]?[0-9]|[a-z])[^,;\uff0c\u3002\uff1b]{1,24}[:\uff1a]")
"""A label with a colon at the head of a line; a number before it makes it the title of a clause."""
_MARKS = re.compile("[，。；,;]|[a-z]{2}[.](?:\\s|$)|\\b(?:the|of|and|to|is|are|be|was|were|that|which|for)\\b")
"""Marks between the parts of sentences, and the small words that hold English ones together."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """Pieces that follow each other closely on one line, from the left."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """Its characters, with a blank between pieces in Latin letters."""
        text = ""
        for piece in self.pieces:
            text += " " + piece.text if text and text[-1].isascii() and piece.text[0].isascii() else piece.text
        return text

    @property
    def x0(self) -> float:
        """Left edge in pixels."""
        return self.pieces[0].x0

    @property
    def x1(self) -> float:
        """Right edge in pixels."""
        return max(piece.x1 for piece in self.pieces)

    @property
    def width(self) -> float:
        """In pixels."""
        return self.x1 - self.x0

    @property
    def centre_y(self) -> float:
        """Half-way down."""
        return median(piece.centre_y for piece in self.pieces)

    @property
    def height(self) -> float:
        """In pixels."""
        return median(piece.height for piece in self.pieces)


def text_lines(pieces: Iterable[Piece]) -> list[TextLine]:
    """The lines of a page: a wide gap ends one.

    Args:
        pieces: In reading order.
    """
    lines: list[list[Piece]] = []
    for piece in pieces:
        last = lines[-1][-1] if lines else None
        if last is not None and same_line(last, piece) and piece.x0 - last.x0 >= 0 and _is_close(last, piece):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [TextLine(tuple(line)) for line in lines]


def running_pieces(pieces: Sequence[Piece], finder: CellFinder, vocabulary: Vocabulary) -> set[int]:
    """The identities of the pieces in the midst of running text: all of a paragraph's but its very first, which may be a label.

    Args:
        pieces: Of the page, in reading order.
        finder: Finds its cells; no paragraph goes on from one into another.
    """
    return {
        id(piece)
        for lines in paragraphs_on(pieces, finder, vocabulary)
        for number, line in enumerate(lines)
        for piece in line.pieces[number == 0 :]
    }


def paragraphs_on(pieces: Sequence[Piece], finder: CellFinder, vocabulary: Vocabulary) -> list[tuple[TextLine, ...]]:
    """The paragraphs of a page, from the top; no paragraph goes on from one cell into another."""
    places: dict[Cell | None, list[Piece]] = {}
    for piece in pieces:
        places.setdefault(finder.at(piece.centre_x, piece.centre_y), []).append(piece)
    found = [text for group in places.values() for text in paragraphs_of(text_lines(group), vocabulary)]
    return sorted(found, key=lambda lines: lines[0].centre_y)


def _is_close(last: Piece, piece: Piece) -> bool:
    return piece.x0 - last.x1 < _WORD_GAP * last.height


def paragraphs_of(lines: Sequence[TextLine], vocabulary: Vocabulary) -> list[tuple[TextLine, ...]]:
    """The paragraphs of running text, each as its lines from the top.

    Args:
        lines: Of one cell, or of what stands in none, in reading order.
        vocabulary: The labels that are known: a label under a text is not its last line.
    """
    blocks: list[list[TextLine]] = []
    for line in lines:
        home = next((block for block in reversed(blocks) if _goes_on(block, line, vocabulary)), None)
        if home is None:
            blocks.append([line])
        else:
            home.append(line)
    return [tuple(block) for block in blocks if _is_running(block)]


def _goes_on(block: Sequence[TextLine], line: TextLine, vocabulary: Vocabulary) -> bool:
    last = block[-1]
    below = 0 < line.centre_y - last.centre_y < _PITCH * last.height
    if not below or max(line.height, last.height) > _SAME_SIZE * min(line.height, last.height):
        return False
    if any(_TICKS.search(other.text) for other in (last, line)) or label_score(line.text, vocabulary) >= LIKELY:
        return False
    if is_latin(line.text) != is_latin(last.text):
        return False  # the same in the other language
    # What follows a line that ends early is a paragraph of its own.
    longest = max(other.width for other in (*block, line))
    return abs(line.x0 - last.x0) < _LEFT * line.height and last.width >= _FULL * longest


def _is_running(block: Sequence[TextLine]) -> bool:
    """Whether lines are sentences and no list: long, with marks between their parts, and without a label before each."""
    text = "".join(line.text for line in block)
    if len(block) < _FEWEST_LINES or any(_LABELLED.match(line.text) for line in block[1:]):
        return False
    if sum(_length(line.text) for line in block[:-1]) < len(block) - 1:
        return False
    return _MARKS.search(text) is not None and 2 * sum(map(str.isdigit, text)) < sum(map(str.isalpha, text))


def _length(text: str) -> float:
    """How long a line is as running text; 1 and more is long. Words in capitals are headings and lists, and count nothing."""
    han = len(_HAN.findall(text))
    letters = [c for c in text if c.isalpha() and c.isascii()]
    lower = sum(c.islower() for c in letters)
    words = len(_WORD.findall(text)) if lower > _LOWER_SHARE * len(letters) else 0
    return han / _LONG_HAN + words / _LONG_WORDS
