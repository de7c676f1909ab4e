"""Numbers written across a ruling line: an engine reads the two sides apart, and the last digit would fall into the next cell.

A long hand runs over the end of its cell, or begins before it. What is left over on the wrong side of the line is a digit or
two that touch the rest of the number.
"""

from collections.abc import Sequence
from dataclasses import replace

from .cells import CellFinder
from .layout import Piece, same_line

__all__ = ["joined_across"]

_TOUCHES = 0.15
"""The sides of a number stand no farther apart, in line heights."""
_OVERLAPS = 0.35
_MOST_LEFT_OVER = 2
_LEAST_NUMBER = 5


def joined_across(pieces: Sequence[Piece], finder: CellFinder) -> list[Piece]:
    """The pieces, numbers that cross a vertical line made whole.

    Args:
        pieces: Of the page, in reading order.
        finder: Finds its cells and walls.
    """
    joined: list[Piece] = []
    for piece in pieces:
        before = joined[-1] if joined else None
        if (
            before is not None
            and _is_one_number(before, piece)
            and finder.is_walled(before.x1, piece.x0, piece.centre_y)
        ):
            joined[-1] = _together(before, piece)
        else:
            joined.append(piece)
    return joined


def _is_one_number(first: Piece, second: Piece) -> bool:
    gap = (second.x0 - first.x1) / first.height
    if not same_line(first, second) or not -_OVERLAPS < gap < _TOUCHES:
        return False
    short, long = sorted((first, second), key=lambda piece: len(piece.glyphs))
    digits = first.text[-1].isdigit() and second.text[0].isdigit() and short.text.isdigit()
    return digits and len(short.glyphs) <= _MOST_LEFT_OVER and len(long.glyphs) >= _LEAST_NUMBER


def _together(first: Piece, second: Piece) -> Piece:
    glyphs = (*first.glyphs, *second.glyphs)
    confidence = sum(glyph.confidence for glyph in glyphs if not glyph.text.isspace()) / sum(
        not glyph.text.isspace() for glyph in glyphs
    )
    y0, y1 = min(first.y0, second.y0), max(first.y1, second.y1)
    return replace(first, glyphs=glyphs, y0=y0, x1=max(first.x1, second.x1), y1=y1, confidence=confidence)
