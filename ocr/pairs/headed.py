"""Columns under a row of headings without ruling lines: "Date   Quantity   Price" with figures below each.

What makes a row of words a row of headings is what stands below: one text under each, most of them figures; or that all headings
are underlined, or known labels. Where words stand before the figures of each row, those words are the labels: the headings then
belong to no pair.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..image.rulings import Segment
from ..page import TableRow
from ..vocabulary import Vocabulary
from .blanks import underlines
from .labels import ends_as_label, is_latin, is_value_like, label_score
from .layout import Piece
from .pair import Pair
from .rows import rows_of

__all__ = ["headed_columns"]

_FEWEST_COLUMNS = 2
_FEWEST_PLAIN = 3
"""Headings over words alone are at least so many."""
_NEXT_ROW = 3.0
"""A row stands no farther below the one before it, in line heights."""
_COLUMN_GAP = 1.0
"""Headings stand at least so far apart, in line heights."""
_MOST_WORDS = 5
_FEWEST_LETTERS = 3
_LABEL = 2.0
_ONE_VALUE = 1.6
"""What stands nearer, in line heights, belongs to one value."""
_FIGURES_SHARE = 2 / 3


def headed_columns(
    pieces: Sequence[Piece], lines: Sequence[Segment], vocabulary: Vocabulary
) -> tuple[list[Pair], set[int]]:
    """The values under headings.

    Args:
        pieces: What stands free on the page.
        lines: The page's horizontal lines that no vertical one touches.

    Returns: The pairs, and the identities of the pieces that serve no other pair: all headings, and the values of the pairs.
    """
    rows = rows_of(pieces)
    pairs: list[Pair] = []
    spent: set[int] = set()
    for number, heads in enumerate(rows):
        if any(id(head) in spent for head in heads) or not _can_be_heads(heads):
            continue
        table = list(_rows_under(heads, rows[number + 1 :], vocabulary))
        if not table or not _is_table(heads, table, lines, vocabulary):
            continue
        spent |= {id(head) for head in heads}
        if _has_row_labels(heads, table):
            continue
        spent |= {id(piece) for row in table for _, value in row.columns for piece in value}
        for place, row in enumerate(table, start=1):
            kept = TableRow("", place) if len(table) > 1 else None
            pairs += [
                Pair((head,), value, by_place_alone=vocabulary.name_of(head.text) is None, row=kept)
                for head, value in row.columns
            ]
    return pairs, spent


def _can_be_heads(row: Sequence[Piece]) -> bool:
    if len(row) < _FEWEST_COLUMNS:
        return False
    apart = all(b.x0 - a.x1 > _COLUMN_GAP * a.height for a, b in pairwise(row))
    return apart and all(_can_be_head(piece) for piece in row) and sum(is_value_like(piece.text) for piece in row) < 2


def _can_be_head(piece: Piece) -> bool:
    text = piece.text
    return (
        is_latin(text)
        and not ends_as_label(text)
        and sum(c.isalpha() for c in text) >= _FEWEST_LETTERS
        and len(text.split()) <= _MOST_WORDS
    )


Column = tuple[Piece, tuple[Piece, ...]]
"""A heading, and what stands below it in one row."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a table: what stands below the headings, and the words left of it that label it."""

    columns: tuple[Column, ...]
    labels: tuple[Piece, ...]


def _rows_under(heads: Sequence[Piece], rows: Sequence[Sequence[Piece]], vocabulary: Vocabulary) -> Iterator[_Row]:
    """The rows below headings; ends where one does not fit."""
    last = max(head.y1 for head in heads)
    for pieces in rows:
        if min(piece.y0 for piece in pieces) - last > _NEXT_ROW * heads[0].height:
            return
        row = _row_under(heads, pieces)
        if row is None or 2 * len(row.columns) <= len(heads):
            return
        texts = ["".join(piece.text for piece in value) for _, value in row.columns]
        if any(label_score(text, vocabulary) >= _LABEL for text in texts[bool(row.labels) - 1 :]):
            return
        if row.labels and not all(is_value_like(text) for text in texts):
            return
        yield row
        last = max(piece.y1 for piece in pieces)


def _row_under(heads: Sequence[Piece], pieces: Sequence[Piece]) -> _Row | None:
    """What stands under headings; None where something stands under two of them, or is a label of its own."""
    below: dict[int, list[Piece]] = {}
    labels: list[Piece] = []
    for piece in pieces:
        over = [number for number, head in enumerate(heads) if head.x0 < piece.x1 and piece.x0 < head.x1]
        if len(over) > 1 or ends_as_label(piece.text):
            return None
        if over:
            below.setdefault(over[0], []).append(piece)
        elif piece.x1 < heads[0].x0:
            labels.append(piece)
        elif below and piece.x0 - pieces[pieces.index(piece) - 1].x1 < _ONE_VALUE * piece.height:
            below[max(below)].append(piece)
    return _Row(tuple((heads[number], tuple(value)) for number, value in below.items()), tuple(labels))


def _is_figure(value: Sequence[Piece]) -> bool:
    return any(is_value_like(piece.text) and any(c.isdigit() for c in piece.text) for piece in value)


def _is_table(heads: Sequence[Piece], table: Sequence[_Row], lines: Sequence[Segment], vocabulary: Vocabulary) -> bool:
    values = [value for row in table for _, value in row.columns]
    figures = sum(_is_figure(value) for value in values)
    if figures >= _FIGURES_SHARE * len(values) and len(table[0].columns) >= _FEWEST_COLUMNS:
        return True
    underlined = all(any(underlines(line, head) for line in lines) for head in heads)
    known = all(vocabulary.name_of(head.text) is not None for head in heads)
    return (underlined or known) and len(heads) >= _FEWEST_PLAIN and len(table[0].columns) == len(heads)


def _has_row_labels(heads: Sequence[Piece], table: Sequence[_Row]) -> bool:
    """Whether words stand before the rows, or fill a first column before columns of figures."""
    if any(row.labels for row in table):
        return True
    words = [value for row in table for head, value in row.columns if head is heads[0]]
    others = [value for row in table for head, value in row.columns if head is not heads[0]]
    figures = sum(_is_figure(value) for value in others)
    return len(table) > 1 and not any(_is_figure(value) for value in words) and figures >= _FIGURES_SHARE * len(others)
