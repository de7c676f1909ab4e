"""Lines to write on: "the month of ________ 19__". What is printed before such a line is the label of what stands on it.

Where somebody typed close behind the label, an engine reads both in one run; the beginning of the line tells where one ends.
"""

from collections.abc import Sequence
from itertools import pairwise

from .labels import ends_as_label, is_short, is_value_like
from .layout import Piece
from .rows import level
from .rulings import Rulings, Segment

__all__ = ["blanks_of", "on_blanks", "split_at_blanks"]

_LONGEST_SHARE = 0.5
_TOUCHES_SHARE = 1 / 160
_ABOVE, _BELOW = 0.12, 0.5
"""How far a line may cut into the text on it, or lie below, in line heights."""
_SHORTEST = 3.0
_NEAR = 2.5
"""Farther from the line's beginning, in line heights, words are not its label."""
_FEWEST_LETTERS = 3


def blanks_of(rulings: Rulings, side_px: float) -> list[Segment]:
    """The lines to write on: of moderate length, and touched by no vertical line.

    Args:
        side_px: The longer side of the page.
    """
    slack = side_px * _TOUCHES_SHARE
    return [
        line
        for line in rulings.horizontal
        if line.length < _LONGEST_SHARE * side_px
        and not any(
            v.start - slack <= line.at <= v.end + slack and line.start - slack <= v.at <= line.end + slack
            for v in rulings.vertical
        )
    ]


def split_at_blanks(piece: Piece, blanks: Sequence[Segment]) -> list[Piece]:
    """A piece parted where a line to write on begins or ends under it; one with a colon is parted there already."""
    if any(mark in piece.text for mark in ":\uff1a"):
        return [piece]
    cuts = {0, len(piece.glyphs)}
    for line in (line for line in blanks if _is_under(line, piece)):
        for edge in (line.start, line.end):
            before = sum((glyph.x0 + glyph.x1) / 2 < edge for glyph in piece.glyphs)
            text, rest = piece.text[:before], piece.text[before:]
            if sum(c.isalpha() for c in text) >= _FEWEST_LETTERS and any(c.isalnum() for c in rest):
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
        is_short(text)
        and not ends_as_label(text)
        and not is_value_like(text)
        and sum(c.isalpha() for c in text) >= _FEWEST_LETTERS - 1
    )
