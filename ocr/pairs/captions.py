"""Small print beside what was written: the caption in a cell's corner, and the caption below a line to write on.

Forms in English name a place more often in its corner, or below the line that is written on, than left of it:
"Date of birth" in small type over the answer in one cell; First, Middle, Last below one long line.
"""

from collections.abc import Sequence

from ..image.rulings import Segment
from ..vocabulary import Vocabulary
from .blanks import underlines
from .cells import Cell
from .labels import ends_as_label, is_latin, is_remark, is_short, is_value_like
from .layout import Piece, same_line

__all__ = ["below_lines", "corner_captions"]

_SMALLER = 0.85
"""A caption is lower than what is written under it by this factor or less."""
_FROM_CORNER = 1.2, 3.0
"""How far from a cell's top and from its left side a caption may begin, in its heights."""
_FEWEST_LETTERS = 2
_MOST_WORDS = 6
_LINE_ABOVE = 0.45
"""A caption's line is no farther above it than this, in its heights."""
_ON_LINE = 1.4
"""What is written on a line stands no farther above it, in heights of the caption."""
_OWN_LINE = 4.0
"""A line that begins no farther behind a text, in its heights, is its own."""


def corner_captions(cell: Cell, pieces: Sequence[Piece]) -> list[tuple[Piece, tuple[Piece, ...]]]:
    """The captions in small type of a cell, the first in its upper left corner, each with what is written larger after it.

    Args:
        pieces: What stands in the cell, in reading order.

    Returns: Nothing where the cell does not begin with such a caption; a caption over nothing is left out.
    """
    first, rest = pieces[0], pieces[1:]
    down, right = _FROM_CORNER
    in_corner = first.y0 - cell.y0 < down * first.height and first.x0 - cell.x0 < right * first.height
    if not rest or not in_corner or not _captions(first, rest[0]):
        return []
    if any(piece.centre_y < first.centre_y or piece.x0 < first.x0 - first.height for piece in rest):
        return []
    written = rest[0].height
    groups: list[tuple[Piece, list[Piece]]] = [(first, [])]
    for piece in rest:
        begins_line = not any(same_line(other, piece) and other.x0 < piece.x0 for other in pieces)
        if begins_line and _can_be_caption(piece) and piece.height <= _SMALLER * written:
            groups.append((piece, []))
        else:
            groups[-1][1].append(piece)
    return [(caption, tuple(value)) for caption, value in groups if value and _captions(caption, value[0])]


def _captions(caption: Piece, value: Piece) -> bool:
    """Whether one names the other; Chinese under a caption in English translates it."""
    latin = is_latin(value.text) or not any(c.isalpha() for c in value.text)
    return _can_be_caption(caption) and latin and caption.height <= _SMALLER * value.height


def below_lines(
    pieces: Sequence[Piece], lines: Sequence[Segment], vocabulary: Vocabulary
) -> list[tuple[Piece, tuple[Piece, ...]]]:
    """The captions below lines to write on, each with what stands above it on its line; with nothing where that is blank.

    A text under its own underline is no line to write on, and neither a label with a line of its own behind it nor a text with
    a line below it captions another. Of one text below a line, only words in brackets and labels that are known are captions.

    Args:
        pieces: What stands free on the page.
        lines: Its horizontal lines that no vertical one touches.
    """
    lines = [line for line in lines if not any(underlines(line, piece) for piece in pieces)]
    under: dict[Segment, list[Piece]] = {}
    for line in lines:
        texts = [piece for piece in pieces if _is_caption_of(piece, line, lines)]
        if len(texts) > 1 or any(_is_known(piece, vocabulary) for piece in texts):
            under[line] = sorted(texts, key=lambda piece: piece.x0)
    found: list[tuple[Piece, tuple[Piece, ...]]] = []
    taken: set[int] = set()
    for line, captions in under.items():
        ends = [*(piece.x0 for piece in captions[1:]), line.end]
        begins = [line.start, *(piece.x0 - 2 * piece.height for piece in captions[1:])]
        for caption, begin, end in zip(captions, begins, ends, strict=True):
            if id(caption) in taken:
                continue
            written = [
                piece
                for piece in pieces
                if begin <= piece.centre_x < end
                and -_LINE_ABOVE * piece.height < line.at - piece.y1 < _ON_LINE * caption.height
                and not ends_as_label(piece.text)
            ]
            taken.add(id(caption))
            found.append((caption, tuple(sorted(written, key=lambda piece: piece.x0))))
    return found


def _is_known(piece: Piece, vocabulary: Vocabulary) -> bool:
    return is_remark(piece.text) or vocabulary.name_of(piece.text) is not None


def _can_be_caption(piece: Piece) -> bool:
    text = piece.text
    return (
        is_latin(text)
        and is_short(text)
        and not ends_as_label(text)
        and not is_value_like(text)
        and sum(c.isalpha() for c in text) >= _FEWEST_LETTERS
        and len(text.split()) <= _MOST_WORDS
    )


def _is_caption_of(piece: Piece, line: Segment, lines: Sequence[Segment]) -> bool:
    if not _can_be_caption(piece) or not -_LINE_ABOVE * piece.height < piece.y0 - line.at < _LINE_ABOVE * piece.height:
        return False
    if not (line.start - 0.5 * piece.height <= piece.x0 and piece.x1 <= line.end + 0.5 * piece.height):
        return False
    own = [other for other in lines if 0 <= other.at - piece.centre_y < piece.height and other is not line]
    return not any(
        -piece.height < other.start - piece.x1 < _OWN_LINE * piece.height
        or (other.start < piece.x1 and other.end > piece.x0)
        for other in own
    )
