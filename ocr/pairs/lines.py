"""Labels and values over several lines: the next line of an answer, the remark or the number that belongs to a label."""

import re
from collections.abc import Sequence

from .labels import is_latin, is_remark
from .layout import Piece, level, same_line

__all__ = ["continued", "whole_label", "wrapped"]

_MOST_LINES = 12
_PITCH = 1.9
"""The next line of a text stands no farther below, in line heights."""
_FULL_LINE = 0.8
"""A line that reaches so far of the way to the right edge of the page's text may go on in the next."""
_NUMBERING = re.compile(r"[(]?(?:\d{1,2}|[A-Za-z])[.)]{1,2}|[-\u2013\u2022\u00b7*]")
_NEAR = 1.6
"""What numbers a label stands no farther before it, in line heights."""
_INDENT = 2.5
_TIGHT = 1.3
"""The two lines of one label stand no farther apart from middle to middle, in line heights."""
_APART = 1.4
"""Other labels stand at least so much farther away than the two lines of one."""
_MOST_WORDS = 4
_WORD_GAP = 1.6
"""Pieces of one line that stand nearer, in line heights, are of one text."""


def continued(
    value: list[Piece], label: Piece, pieces: Sequence[Piece], labels: Sequence[Piece], used: set[int]
) -> list[Piece]:
    """Further lines of a value: close below, beginning where its first line begins, not left of the label's end."""
    more: list[Piece] = []
    last = value[0]
    taken = used | {id(p) for p in value}
    while len(more) < _MOST_LINES:
        following = [
            p
            for p in pieces
            if id(p) not in taken
            and 0 < p.centre_y - last.centre_y < _PITCH * last.height
            and abs(p.x0 - value[0].x0) < 1.2 * last.height
            and p.x0 > label.x1 - label.height
            and not any(same_line(o, p) and o.x0 < p.x0 for o in labels)
            and not any(level(o, p) and o.x0 < p.x0 and abs(o.x0 - label.x0) < 4 * label.height for o in pieces)
        ]
        if not following:
            break
        last = min(following, key=lambda p: p.centre_y)
        line = [last, *_rest_of_line(last, pieces, labels, taken)]
        more += line
        taken |= {id(p) for p in line}
    return more


def _rest_of_line(first: Piece, pieces: Sequence[Piece], labels: Sequence[Piece], taken: set[int]) -> list[Piece]:
    """What follows close by on the line that a piece begins."""
    rest: list[Piece] = []
    reach = first
    for piece in sorted(pieces, key=lambda p: p.x0):
        if id(piece) in taken or piece.x0 <= reach.x0 or not same_line(piece, first):
            continue
        if piece.x0 - reach.x1 > _WORD_GAP * first.height or any(o is piece or level(o, piece) for o in labels):
            break
        rest.append(piece)
        reach = piece
    return rest


def wrapped(first: Piece, pieces: Sequence[Piece], labels: Sequence[Piece], used: set[int]) -> list[Piece]:
    """The further lines of a paragraph: each begins where the first does, below a line that is full."""
    right = max(p.x1 for p in pieces)
    more: list[Piece] = []
    last = first
    while last.x1 >= _FULL_LINE * right:
        following = [
            p
            for p in pieces
            if id(p) not in used
            and 0 < p.centre_y - last.centre_y < _PITCH * last.height
            and abs(p.x0 - first.x0) < 1.2 * first.height
            and not any(level(o, p) for o in labels)
        ]
        if not following:
            break
        last = min(following, key=lambda p: p.centre_y)
        more.append(last)
    return more


def whole_label(label: Piece, pieces: Sequence[Piece], used: set[int]) -> tuple[Piece, ...]:
    """A label with its first line above it, the number printed before it and the remark in brackets printed below it.

    Args:
        pieces: What stands around it.
        used: Identities of the pieces that belong to a pair already.
    """
    free = [piece for piece in pieces if id(piece) not in used and piece is not label]
    number = [
        piece
        for piece in free
        if level(piece, label)
        and _NUMBERING.fullmatch(piece.text)
        and -0.5 * label.height < label.x0 - piece.x1 < _NEAR * label.height
    ]
    remark = [
        piece
        for piece in free
        if is_remark(piece.text)
        and is_latin(piece.text)
        and 0 < piece.centre_y - label.centre_y < _PITCH * label.height
        and abs(piece.x0 - label.x0) < label.height
        and not same_line(piece, label)
        and not any(
            other is not piece and same_line(other, piece) and 0 <= other.x0 - piece.x1 < 8 * piece.height
            for other in pieces
        )
    ]
    return (*_line_above(label, free, pieces), *number[:1], label, *remark[:1])


def _line_above(label: Piece, free: Sequence[Piece], pieces: Sequence[Piece]) -> list[Piece]:
    """The first line of an English label of two: close above the second, with nothing beside it, and both apart from others."""
    column = [p for p in pieces if p is not label and abs(p.x0 - label.x0) < _INDENT * label.height]
    above = max(
        (p for p in column if p.centre_y < label.centre_y and not same_line(p, label)), key=_middle, default=None
    )
    if above is None or not any(above is piece for piece in free) or not _are_two_lines(above, label):
        return []
    pitch = label.centre_y - above.centre_y
    alone = not any(p is not above and level(p, above) for p in pieces)
    others = [p.centre_y for p in column if p is not above]
    apart = all(not above.centre_y - _APART * pitch < y < label.centre_y + _APART * pitch for y in others)
    return [above] if alone and apart and pitch < _TIGHT * label.height else []


def _middle(piece: Piece) -> float:
    return piece.centre_y


def _are_two_lines(above: Piece, label: Piece) -> bool:
    """Whether two texts may be one label: set alike, in English, the first with nothing that ends a text."""
    alike = above.text.isupper() == label.text.isupper() and is_latin(above.text) and is_latin(label.text)
    return alike and above.text[-1].isalpha() and len(above.text.split()) <= _MOST_WORDS
