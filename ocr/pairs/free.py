"""Pairs of text without ruling lines between: by colon, by a known label, by the places in a row."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from ..image.rulings import Segment
from ..vocabulary import Vocabulary
from .blanks import crosses_empty_line, on_blanks
from .headed import headed_columns
from .labels import SURE, ends_as_label, is_latin, is_remark, is_short, is_value_like, label_score
from .layout import Piece, level, reading_order, same_line
from .lines import continued, whole_label, wrapped
from .pair import Pair
from .rows import row_pairs

__all__ = ["pairs_in_line"]

_NUMBER = re.compile(r"No\.")
_PART_OF_ADDRESS = re.compile("[(\uff08]?省[)\uff09]?(?:[(\uff08]市[)\uff09])?")
"""What is printed behind the name of a province."""
_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}")
"""What stands between two of these labels the second."""
_ANSWERS_WITHIN = 8.0
"""A colon's answer begins within so many line heights, where it might be a label too."""


def pairs_in_line(
    pieces: Sequence[Piece],
    vocabulary: Vocabulary,
    *,
    alone: bool,
    blanks: Sequence[Segment] = (),
    captions: Sequence[tuple[Piece, tuple[Piece, ...]]] = (),
) -> list[Pair]:
    """Pairs of text without ruling lines between.

    Args:
        alone: The pieces are what one cell holds, so whatever stands there belongs to one of its labels.
        blanks: The page's lines to write on.
        captions: What is printed below such lines, with what stands above it: its value, unless a label before the line asks for
            that. The captions are not among the pieces.
    """
    captioned = {id(piece) for _, above in captions for piece in above}
    heads = [] if alone else [piece for piece in pieces if id(piece) not in captioned]
    pairs, spent = headed_columns(heads, blanks, vocabulary)
    pieces = [p for p in pieces if id(p) not in spent]
    scores = {id(p): _free_score(p, vocabulary) for p in pieces}
    labels = [p for p in pieces if scores[id(p)] >= SURE]
    labels = [p for p in labels if not _answers_colon(p, pieces)]
    used: set[int] = {id(p) for p in labels}
    waiting: list[Piece] = []
    for label in reading_order(labels):
        value = _beside(label, pieces, labels, used, alone=alone)
        if value and crosses_empty_line(label, value[0], blanks, pieces):
            continue
        remarks = list(takewhile(lambda piece: is_remark(piece.text), value)) if ends_as_label(label.text) else []
        used |= {id(p) for p in remarks}
        value = value[len(remarks) :]
        if value:
            used |= {id(p) for p in value}
            pairs.append(Pair((label, *remarks), tuple(value)))
        elif not remarks:
            waiting.append(label)
    for caption, above in captions:
        if above and not any(id(piece) in used for piece in above):
            used |= {id(piece) for piece in above}
            pairs.append(_placed(caption, above, vocabulary))
    if not alone:
        written = on_blanks([p for p in pieces if id(p) not in used], blanks)
        used |= {id(p) for label, value in written for p in (label, *value)}
        for label, first in written:
            more = (
                [] if any(is_value_like(p.text) for p in first) else continued(list(first), label, pieces, labels, used)
            )
            used |= {id(p) for p in more}
            pairs.append(_placed(label, (*first, *more), vocabulary))
        pairs += _plain_rows(pieces, vocabulary, used, blanks)
    for label in waiting:
        if crosses_empty_line(label, None, blanks, pieces):
            continue
        value = _under(label, pieces, labels, used, alone=alone)
        if not value and alone and len(labels) == 1:
            value = [piece for piece in pieces if id(piece) not in used and piece.centre_y > label.y1]
        if value:
            used |= {id(p) for p in value}
            pairs.append(Pair((label,), tuple(value)))
    return [pair if len(pair.key) > 1 else replace(pair, key=whole_label(pair.key[0], pieces, used)) for pair in pairs]


def _plain_rows(
    pieces: Sequence[Piece], vocabulary: Vocabulary, used: set[int], blanks: Sequence[Segment]
) -> list[Pair]:
    """Pairs without a colon: the words before a value in Latin rows, and whatever stands before what can only be filled in."""
    latin = [p for p in pieces if is_latin(p.text) or not any(c.isalpha() for c in p.text)]
    pairs = [_placed(label, value, vocabulary) for label, value in row_pairs(latin, vocabulary, used, blanks)]
    used |= {id(p) for pair in pairs for p in (*pair.key, *pair.value)}
    for label in pieces:
        if id(label) in used or not is_short(label.text) or label_score(label.text, vocabulary) < 0:
            continue
        if sum(c.isalpha() for c in label.text) < 3:
            continue
        row = [p for p in pieces if same_line(p, label) and p.x0 > label.x1 - 0.5 * label.height]
        nearest = min(row, key=lambda p: p.x0, default=None)
        if nearest is None or id(nearest) in used or nearest.x0 - label.x1 > 25 * label.height:
            continue
        if crosses_empty_line(label, nearest, blanks, pieces):
            continue
        if is_value_like(nearest.text) and any(c.isalnum() for c in nearest.text):
            used |= {id(label), id(nearest)}
            pairs.append(_placed(label, (nearest,), vocabulary))
    return pairs


def _placed(label: Piece, value: tuple[Piece, ...], vocabulary: Vocabulary) -> Pair:
    return Pair((label,), value, by_place_alone=vocabulary.name_of(label.text) is None)


def _free_score(piece: Piece, vocabulary: Vocabulary) -> float:
    text = piece.text
    if ends_as_label(text):
        return 5.0 if is_short(text) and not is_value_like(text) else 0.0
    if _PART_OF_ADDRESS.fullmatch(text):
        return 0.0
    return SURE if vocabulary.name_of(text) is not None or _NUMBER.fullmatch(text) else 0.0


def _answers_colon(piece: Piece, pieces: Sequence[Piece]) -> bool:
    """Whether a known label without a colon is the answer to one with a colon: 证件类型：身份证, 职务：法定代表人."""
    if ends_as_label(piece.text):
        return False
    left = max(
        (p for p in pieces if p is not piece and level(p, piece) and p.x0 < piece.x0), key=lambda p: p.x0, default=None
    )
    return left is not None and ends_as_label(left.text) and piece.x0 - left.x1 < _ANSWERS_WITHIN * piece.height


def _beside(
    label: Piece, pieces: Sequence[Piece], labels: Sequence[Piece], used: set[int], *, alone: bool
) -> list[Piece]:
    """What stands right of a label on its line, up to the next label."""
    stop = min((o.x0 for o in labels if o is not label and level(o, label) and o.x0 > label.x0), default=float("inf"))
    row = sorted(
        (p for p in pieces if id(p) not in used and level(p, label) and label.x1 - 0.5 * label.height <= p.x0 < stop),
        key=lambda p: p.x0,
    )
    value: list[Piece] = []
    reach = label.x1
    for number, piece in enumerate(row):
        gap = piece.x0 - reach
        limit = (4.0 if value and not is_remark(value[-1].text) else 22.0) * label.height
        between_dates = _DATE.search("".join(p.text for p in value)) and _DATE.match(
            "".join(p.text for p in row[number + 1 :])
        )
        if (gap > limit and not alone) or (between_dates and is_latin(piece.text)) or ends_as_label(piece.text):
            break
        value.append(piece)
        reach = piece.x1
    if not value:
        return []
    return value + continued(value, label, pieces, labels, used)


def _under(
    label: Piece, pieces: Sequence[Piece], labels: Sequence[Piece], used: set[int], *, alone: bool
) -> list[Piece]:
    """The line right below a label that has nothing beside it."""
    reach = 3.0 if alone else 2.2
    below = [
        p
        for p in pieces
        if id(p) not in used
        and 0 < p.centre_y - label.centre_y < reach * label.height
        and not same_line(p, label)
        and p.x0 < label.x1
        and p.x1 > label.x0
        and (alone or abs(p.x0 - label.x0) < 4 * label.height)
        and not any(same_line(o, p) and o.x0 < p.x0 and p.x0 - o.x1 < 8 * p.height for o in labels)
    ]
    if not below:
        return []
    first = min(below, key=lambda p: p.centre_y)
    rest = [p for p in below if p is not first and (alone or same_line(p, first))]
    return [first, *rest] if alone else [first, *wrapped(first, pieces, labels, used)]
