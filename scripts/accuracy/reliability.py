"""Whether confidence means something: of the values read with such a confidence, how many are right."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .scoring import Judged

EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """The values whose confidence lies in one stretch.

    Attributes:
        low: Confidence from which.
        high: Up to which; the last stretch holds its upper end.
        count: How many values.
        predicted: Mean of their confidences; 0.0 where there are none.
        right: Share whose label and value are right but for a slip.
        value_right: Share whose value is right in itself.
        exact: Share whose value is right in every character.
    """

    low: float
    high: float
    count: int
    predicted: float
    right: float
    value_right: float
    exact: float


def bin_of(judged: Sequence[Judged], low: float, high: float) -> Bin:
    """Return what is true of the values with a confidence from ``low`` to ``high``."""
    inside = [
        each for each in judged if low <= each.extraction.confidence < high or each.extraction.confidence == high == 1
    ]
    count = max(len(inside), 1)
    return Bin(
        low,
        high,
        len(inside),
        sum(each.extraction.confidence for each in inside) / count,
        sum(each.right for each in inside) / count,
        sum(each.value_right for each in inside) / count,
        sum(each.exact for each in inside) / count,
    )


def reliability(judged: Sequence[Judged]) -> list[Bin]:
    """Return the table, lowest confidence first."""
    return [bin_of(judged, low, high) for low, high in pairwise(EDGES)]
