"""A label and what belongs to it, as they stand on a page."""

from dataclasses import dataclass

from ..page import TableRow
from .layout import Piece

__all__ = ["Pair"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and the value that belongs to it.

    Attributes:
        key: The label's pieces, from the first line to the last.
        value: The value's pieces.
        by_place_alone: Whether nothing but their places says that the two belong together: no colon, no ruling line, and no
            label that is known.
        row: The row of a table with a header that the value stands in.
    """

    key: tuple[Piece, ...]
    value: tuple[Piece, ...]
    by_place_alone: bool = False
    row: TableRow | None = None
