"""What on the page speaks for a label and a value belonging together and being read rightly, as a few numbers."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from .pairs.labels import ends_as_label, label_score
from .pairs.layout import Piece, level, same_line
from .pairs.pair import Pair
from .values import CheckedValue, Kind
from .vocabulary import Vocabulary

__all__ = ["Evidence", "contested", "evidence_of", "rivals_of", "weakest"]

_FREE_KINDS = frozenset({Kind.TEXT, Kind.NAME, Kind.COMPANY, Kind.ADDRESS, Kind.NUMBER})
"""Kinds whose rules hardly any text breaks."""
_MOST_SURE = 3.0
_LABEL_LIKE = 2.0


class Evidence(NamedTuple):
    """The features of one pair; yes is 1, no is 0.

    Attributes:
        value_sure: How sure the value's least certain character is, in nines: 0.9 is 1, 0.99 is 2; 3 at most.
        key_sure: The same of the label, in the mean of its characters.
        colon: Whether a colon ends the label.
        checked: Whether the value keeps rules that few texts keep: a date, a number with its check digit, an e-mail address.
        gap: From label to value, in line heights, as log(1 + x); 0 where the value stands below.
        below: Whether the value begins below the label; above it stands what is written over a caption.
        parts: The pieces of the value, as log(n).
        spread: The widest gap in a line of the value, in line heights, as log(1 + x).
        label_like: Whether the value looks like a label.
        rivals: How many other labels on the page mean the same field and have another value; 2 at most.
    """

    value_sure: float
    key_sure: float
    colon: float
    checked: float
    gap: float
    below: float
    parts: float
    spread: float
    label_like: float
    rivals: float


def rivals_of(pairs: Sequence[Pair], vocabulary: Vocabulary) -> list[int]:
    """For each pair of a page, how many other values are claimed for its field; rows of tables claim none."""
    said: dict[str, set[str]] = {}
    names = [vocabulary.name_of("".join(piece.text for piece in pair.key)) for pair in pairs]
    for name, pair in zip(names, pairs, strict=True):
        if name is not None and pair.row is None:
            said.setdefault(name, set()).add("".join(piece.text for piece in pair.value))
    return [len(said.get(name or "", {""})) - 1 for name in names]


def contested(pairs: Sequence[Pair]) -> list[bool]:
    """For each pair of a page, whether its value is claimed by another label too: by one beside it and by one above."""
    places = [(pair.value[0].x0, pair.value[0].y0) for pair in pairs]
    return [places.count(place) > 1 for place in places]


def weakest(piece: Piece) -> float:
    """The confidence of the least certain character: one bad digit spoils an account number."""
    return min(g.confidence for g in piece.glyphs if not g.text.isspace())


def evidence_of(pair: Pair, checked: CheckedValue, kind: Kind, vocabulary: Vocabulary, rivals: int) -> Evidence:
    """Collect the features of a pair.

    Args:
        checked: What the rules of its kind say of the value.
        kind: The label's kind; text for an unknown label.
        rivals: Other pairs of the page with the same field and another value.
    """
    label = "".join(piece.text for piece in pair.key)
    value = "".join(piece.text for piece in pair.value)
    first = pair.value[0]
    last = next((piece for piece in reversed(pair.key) if level(piece, first)), pair.key[-1])
    beside = min(first.y1, last.y1) - max(first.y0, last.y0) > 0
    return Evidence(
        value_sure=_nines(min(weakest(piece) for piece in pair.value)),
        key_sure=_nines(min(piece.confidence for piece in pair.key)),
        colon=float(ends_as_label(label)),
        checked=float(
            kind not in _FREE_KINDS and checked.valid and checked.normalised is not None and not checked.problems
        ),
        gap=math.log1p(max(0.0, first.x0 - last.x1) / last.height) if beside else 0.0,
        below=float(not beside and first.centre_y > last.centre_y),
        parts=math.log(len(pair.value)),
        spread=math.log1p(_widest_gap(pair.value)),
        label_like=float(label_score(value, vocabulary) >= _LABEL_LIKE),
        rivals=float(min(rivals, 2)),
    )


def _nines(confidence: float) -> float:
    return min(_MOST_SURE, -math.log10(max(1 - confidence, 10**-_MOST_SURE)))


def _widest_gap(pieces: Sequence[Piece]) -> float:
    """In heights of the line; 0 where no two pieces share a line."""
    gaps = [(b.x0 - a.x1) / a.height for a, b in pairwise(pieces) if same_line(a, b)]
    return max([0.0, *gaps])
