"""Key-value pairs from what a page shows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .layout import Piece, same_line
from .rulings import Rulings
from .vocabulary import Vocabulary

__all__ = ["Pair", "find_pairs"]

_COLON = re.compile(r"[::]")


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and the value that belongs to it.

    Attributes:
        key: The label's pieces, from the first line to the last.
        value: The value's pieces.
    """

    key: tuple[Piece, ...]
    value: tuple[Piece, ...]


def find_pairs(pieces: Sequence[Piece], rulings: Rulings, vocabulary: Vocabulary) -> list[Pair]:
    """Pair labels with values: after a colon in the same run, otherwise the next piece to the right."""
    pairs = []
    for piece in pieces:
        colon = _COLON.search(piece.text)
        if colon and colon.end() < len(piece.text):
            key, value = piece.part(0, colon.end()), piece.part(colon.end(), len(piece.glyphs))
            if key and value:
                pairs.append(Pair((key,), (value,)))
            continue
        if not colon and vocabulary.name_of(piece.text) is None:
            continue
        right = [p for p in pieces if p is not piece and same_line(p, piece) and p.x0 >= piece.x1 - piece.height / 2]
        if right:
            nearest = min(right, key=lambda p: p.x0)
            if vocabulary.name_of(nearest.text) is None and not nearest.text.endswith((":", ":")):
                pairs.append(Pair((piece,), (nearest,)))
    return pairs
