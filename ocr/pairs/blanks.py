"""Lines to write on: "the month of ________ 19__". What is printed before such a line is the label of what stands on it.

Where somebody typed close behind the label, an engine reads both in one run; the beginning of the line tells where one ends.
"""

from collections.abc import Sequence
from itertools import pairwise

from ..image.rulings import Rulings, Segment
from .labels import ends_as_label, is_value_like
from .layout import Piece, level

__all__ = ["blanks_of", "crosses_empty_line", "free_lines", "on_blanks", "split_at_blanks", "underlines"]

_LONGEST_SHARE = 0.5
_TOUCHES_SHARE = 1 / 160
_ABOVE, _BELOW = 0.12, 0.5
"""How far a line may cut into the text on it, or lie below, in line heights."""
_SAME_END = 0.8
"""A line whose ends are within this many heights of a text's ends underlines it."""
_BEHIND = 4.0
"""A label's own line begins no farther behind it, in line heights."""
_SHORTEST = 3.0
_NEAR = 2.5
"""Farther from the line's beginning, in line heights, words are not its label."""
_FEWEST_LETTERS = 3
_LONGEST_LABEL = 64
"""Half a sentence may lead to a line, as in affidavits; more is two lines of a text."""


def blanks_of(rulings: Rulings, side_px: float) -> list[Segment]:
    """The lines to write on: of moderate length, and touched by no vertical line.

    Args:
        side_px: The longer side of the page.
    """
    return [line for line in free_lines(rulings, side_px) if line.length < _LONGEST_SHARE * side_px]


def free_lines(rulings: Rulings, side_px: float) -> list[Segment]:
    """The horizontal lines that no vertical one touches: to write on, under words, or across the page.

    Args:
        side_px: The longer side of the page.
    """
    slack = side_px * _TOUCHES_SHARE
    return [
        line
        for line in rulings.horizontal
        if not any(
            v.start - slack <= line.at <= v.end + slack and line.start - slack <= v.at <= line.end + slack
            for v in rulings.vertical
        )
    ]


def underlines(line: Segment, piece: Piece) -> bool:
    """Whether a line runs below a text from its beginning to its end, and so stresses it rather than bears it."""
    slack = _SAME_END * piece.height
    return (
        abs(line.at - piece.y1) < _BELOW * piece.height
        and abs(line.start - piece.x0) < slack
        and abs(line.end - piece.x1) < slack
    )


def crosses_empty_line(label: Piece, value: Piece | None, blanks: Sequence[Segment], pieces: Sequence[Piece]) -> bool:
    """Whether a line to write on, with nothing on it, stands between a label and what is taken for its value.

    Args:
        value: What stands right of the label; None for something below.
        pieces: All that might stand on the line.
    """
    end = float("inf") if value is None else value.x0 + 0.5 * label.height
    own = [
        line
        for line in blanks
        if label.centre_y < line.at < label.y1 + _BELOW * label.height
        and line.length > _SHORTEST / 2 * label.height
        and label.x1 - 0.5 * label.height < line.start < label.x1 + _BEHIND * label.height
        and line.end < end
    ]
    # A line may be broken where something was written on it.
    written = value is not None and (
        any(c.isdigit() for c in value.text) or any(_bears(line, value) for line in blanks)
    )
    if not own or written:
        return False
    return not any(_bears(line, piece) for line in own for piece in pieces if piece is not label)


def _bears(line: Segment, piece: Piece) -> bool:
    inside = min(line.end, piece.x1) - max(line.start, piece.x0)
    return abs(line.at - piece.y1) < piece.height and inside > 0.5 * piece.height


def split_at_blanks(piece: Piece, blanks: Sequence[Segment]) -> list[Piece]:
    """A piece parted where a line to write on begins or ends under it; one with a colon is parted there already."""
    if any(mark in piece.text for mark in ":\uff1a"):
        return [piece]
    cuts = {0, len(piece.glyphs)}
    for line in (line for line in blanks if _is_under(line, piece)):
        for edge in (line.start, line.end):
            before = sum((glyph.x0 + glyph.x1) / 2 < edge for glyph in piece.glyphs)
            text, rest = piece.text[:before], piece.text[before:]
            label, value = (text, rest) if edge == line.start else (rest, text)
            if sum(c.isalpha() for c in label) >= _FEWEST_LETTERS and any(c.isalnum() for c in value):
                cuts |= _at_blank(piece.text, before)
    return [part for a, b in pairwise(sorted(cuts)) if (part := piece.part(a, b)) is not None]


def _at_blank(text: str, place: int) -> set[int]:
    """The place between two words that is nearest, where one is near."""
    blanks = [at for at in range(max(0, place - 3), min(len(text), place + 4)) if text[at] == " "]
    return {min(blanks, key=lambda at: abs(at - place))} if blanks else set()


def _is_under(line: Segment, piece: Piece) -> bool:
    return (
        piece.y1 - _ABOVE * piece.height <= line.at <= piece.y1 + _BELOW * piece.height
        and line.length > _SHORTEST * piece.height
        and min(line.end, piece.x1) - max(line.start, piece.x0) > 0
    )


def on_blanks(pieces: Sequence[Piece], blanks: Sequence[Segment]) -> list[tuple[Piece, tuple[Piece, ...]]]:
    """Labels with what stands on the lines behind them.

    Args:
        pieces: Those that belong to no pair yet.
    """
    pairs = []
    taken: set[int] = set()
    for line in sorted(blanks, key=lambda line: (line.at, line.start)):
        value = [
            p for p in pieces if _is_under(line, p) and line.start <= p.centre_x <= line.end and id(p) not in taken
        ]
        value.sort(key=lambda p: p.x0)
        if not value or not any(c.isalnum() for p in value for c in p.text):
            continue
        before = [p for p in pieces if id(p) not in taken and p not in value and _is_before(p, line, value[0])]
        label = max(before, key=lambda p: p.x1, default=None)
        if label is not None and _can_be_label(label):
            taken |= {id(label), *(id(p) for p in value)}
            pairs.append((label, tuple(value)))
    return pairs


def _is_before(piece: Piece, line: Segment, value: Piece) -> bool:
    return level(piece, value) and -0.8 * piece.height < line.start - piece.x1 < _NEAR * piece.height


def _can_be_label(piece: Piece) -> bool:
    text = piece.text
    return (
        len(text) <= _LONGEST_LABEL
        and not ends_as_label(text)
        and not is_value_like(text)
        and sum(c.isalpha() for c in text) >= _FEWEST_LETTERS - 1
    )
