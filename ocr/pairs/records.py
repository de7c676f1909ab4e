"""Tables with a header row: each row below it is a record, a value under each label (family members, education, goods).

The header is a ruled row of labels, one in each cell, over cells of the same widths. Cells that reach over several rows belong
to the record of each. What the table is about stands in a cell left of all its rows or in a bar above them; forms that have
several such tables tell their records apart by it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..page import Extraction, TableRow
from .cells import Cell
from .labels import LIKELY, VALUE, ends_as_label
from .pair import Pair
from .ruled import RuledPage, Unit

__all__ = ["numbered_on", "take_records"]

_FEWEST_COLUMNS = 3
_SAME_WIDTH = 0.12
_SAME_HEIGHT = 0.3
_MOST_ROWS = 60
_TALLER = 1.7
_LABELS_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class _Table:
    """A header row: its cells from the left, and what each holds."""

    cells: tuple[Cell, ...]
    heads: tuple[Unit | None, ...]


def take_records(page: RuledPage) -> list[Pair]:
    """Take the tables with a header row out of a page's cells.

    A table of a single row whose labels the page asks nowhere else is another way to print a form: its pairs are no records.

    Returns: A pair for each value, with its row.
    """
    pairs: list[Pair] = []
    last: dict[str, int] = {}
    for table in _tables(page):
        rows = [row for row in _rows(page, table) if row]
        if not rows:
            continue
        heading = _heading(page, table)
        taken = {unit.cell for unit in table.heads if unit is not None}
        taken |= {value.cell for row in rows for _, value in row}
        for cell in taken:
            page.units.pop(cell, None)
        plain = len(rows) == 1 and not _asked_elsewhere(page, table)
        begin = last.get(heading, 0) + 1
        last[heading] = last.get(heading, 0) + len(rows)
        for number, row in enumerate(rows, start=begin):
            place = None if plain else TableRow(heading, number)
            pairs += [Pair(tuple(head.pieces), tuple(value.pieces), row=place) for head, value in row]
    return pairs


def numbered_on(before: Iterable[Extraction], found: Iterable[Extraction]) -> list[Extraction]:
    """A page's extractions, their rows numbered on from those of the pages before: a heading and a number name one record."""
    last: dict[str, int] = {}
    for each in before:
        if each.row is not None:
            last[each.row.heading] = max(each.row.number, last.get(each.row.heading, 0))
    return [
        each
        if each.row is None
        else replace(each, row=TableRow(each.row.heading, each.row.number + last.get(each.row.heading, 0)))
        for each in found
    ]


def _tables(page: RuledPage) -> Iterator[_Table]:
    seen: set[Cell] = set()
    for cell in sorted(page.units):
        if cell in seen or cell not in page.units:
            continue
        row = _row_of(page, cell)
        seen |= set(row)
        heads = tuple(page.units.get(each) for each in row)
        if _is_header(heads):
            yield _Table(tuple(row), heads)


def _row_of(page: RuledPage, cell: Cell) -> list[Cell]:
    """The cells beside each other that are as high as this one, from it to the right."""
    row = [cell]
    while len(row) < 30:
        after = page.finder.right_of(row[-1])
        if after is None or abs(after.height - cell.height) > _SAME_HEIGHT * cell.height or after in row:
            break
        row.append(after)
    return row


def _is_header(heads: Sequence[Unit | None]) -> bool:
    """Whether a row holds a label in each cell; the first may be blank or number the rows."""
    named = [unit for unit in heads if unit is not None]
    return (
        len(named) >= _FEWEST_COLUMNS
        and len(named) >= len(heads) - 1
        and all(unit.score >= 0 and not ends_as_label(unit.text) for unit in named)
        and sum(unit.score >= LIKELY for unit in named) > _LABELS_SHARE * len(named)
    )


def _rows(page: RuledPage, table: _Table) -> Iterator[list[tuple[Unit, Unit]]]:
    """The rows below a header, each as labels with their values; blank ones are empty. Ends where the columns end."""
    top: float = max(cell.y1 for cell in table.cells)
    for _ in range(_MOST_ROWS):
        cells = [_below(page, cell, top) for cell in table.cells]
        fitting = [cell for cell in cells if cell is not None]
        if 3 * len(fitting) < 2 * len(cells):
            return
        row = [
            (head, page.units[cell])
            for head, cell in zip(table.heads, cells, strict=True)
            if head is not None and cell is not None and cell in page.units
        ]
        if row and sum(value.score >= LIKELY for _, value in row) >= _LABELS_SHARE * len(row):
            return
        yield row
        top = min(cell.y1 for cell in fitting if cell.y1 > top)


def _below(page: RuledPage, column: Cell, top_px: float) -> Cell | None:
    """The column's cell just under a height; None where it is none of the column's width."""
    cell = page.finder.at((column.x0 + column.x1) / 2, top_px + page.finder.step_px)
    if cell is None or cell.y1 <= top_px or abs(cell.width - column.width) > _SAME_WIDTH * column.width:
        return None
    return cell


def _heading(page: RuledPage, table: _Table) -> str:
    """What the table is about: the cell left of several of its rows, or the bar over all of its columns; else empty."""
    first, last = table.cells[0], table.cells[-1]
    beside = page.finder.left_of(first)
    if beside in page.units and beside.height > _TALLER * first.height:
        return _plain(page.units[beside])
    above = page.finder.above(first)
    if above in page.units and above.x1 >= last.x1 - page.finder.step_px and page.units[above].score > VALUE:
        return _plain(page.units[above])
    return ""


def _plain(unit: Unit) -> str:
    return unit.text.strip(" :\uff1a*")


def _asked_elsewhere(page: RuledPage, table: _Table) -> bool:
    """Whether a field of the table is also asked outside of it, so that the table's is somebody else's."""
    names = {page.vocabulary.name_of(unit.text) for unit in table.heads if unit is not None} - {None}
    rest = (*(unit.pieces for unit in page.units.values()), page.loose)
    return any(page.vocabulary.name_of(piece.text) in names for pieces in rest for piece in pieces)
