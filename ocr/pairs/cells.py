"""The cells of ruled tables, found from any point by going to the nearest line on each side."""

from dataclasses import dataclass, field

from ..image.rulings import Rulings, Segment
from .blanks import free_lines

__all__ = ["Cell", "CellFinder"]


_TOLERANCE_SHARE = 1 / 300
_SNAP_SHARE = 1 / 160
_BROKEN_SHARE = 1 / 20
"""Writing breaks a line for no longer stretch than this, as a share of the page's longer side."""
_TALLEST_OPEN_SHARE = 1 / 6
"""A row without a line at its end is no taller; taller frames whose side is broken hold free text."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A rectangle with a ruling line on each side, in pixels of the upright page; edges are snapped, so that cells compare."""

    y0: int
    x0: int
    y1: int
    x1: int

    @property
    def width(self) -> int:
        """In pixels."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """In pixels."""
        return self.y1 - self.y0

    @property
    def centre_y(self) -> float:
        """Half-way down."""
        return (self.y0 + self.y1) / 2


@dataclass
class CellFinder:
    """Finds cells on one page."""

    rulings: Rulings
    side_px: float
    _known: list[Cell] = field(default_factory=list)
    _sides: list[Segment] = field(init=False)

    def __post_init__(self) -> None:
        written_on = free_lines(self.rulings, self.side_px)
        self._sides = self._joined([line for line in self.rulings.horizontal if line not in written_on])

    def _joined(self, lines: list[Segment]) -> list[Segment]:
        """Horizontal lines made whole where writing across them has broken them.

        A gap from one vertical line to another is none of these: there a cell reaches over both rows.
        """
        slack = self.side_px * _TOLERANCE_SHARE
        whole: list[Segment] = []
        for line in sorted(lines, key=lambda line: line.start):
            before = next(
                (
                    other
                    for other in reversed(whole)
                    if abs(other.at - line.at) <= slack
                    and 0 < line.start - other.end < self.side_px * _BROKEN_SHARE
                    and not (self._has_wall(other.end, line.at) and self._has_wall(line.start, line.at))
                ),
                None,
            )
            if before is None:
                whole.append(line)
            else:
                whole[whole.index(before)] = Segment(before.at, before.start, line.end)
        return whole

    def _has_wall(self, x: float, y: float) -> bool:
        slack = self.step_px
        return any(abs(v.at - x) <= slack and v.start - slack <= y <= v.end + slack for v in self.rulings.vertical)

    def at(self, x: float, y: float) -> Cell | None:
        """The cell around a point; None where a side is open.

        A table may have no line at its left or at its right: there its rows end where the lines above and below them do.
        """
        tolerance = self.side_px * _TOLERANCE_SHARE
        vertical = [s for s in self.rulings.vertical if s.start - tolerance <= y <= s.end + tolerance]
        horizontal = [s for s in self._sides if s.start - tolerance <= x <= s.end + tolerance]
        left = max((v for v in vertical if v.at <= x), key=_place, default=None)
        right = min((v for v in vertical if v.at > x), key=_place, default=None)
        top = max((h for h in horizontal if h.at <= y), key=_place, default=None)
        bottom = min((h for h in horizontal if h.at > y), key=_place, default=None)
        if top is None or bottom is None:
            return None
        begin, end = (side.at if side is not None else None for side in (left, right))
        wall = right if left is None else left
        low = bottom.at - top.at < self.side_px * _TALLEST_OPEN_SHARE
        if low and wall is not None and _reaches(wall, top, bottom, slack=self.step_px):
            begin = max(top.start, bottom.start) if begin is None else begin
            end = min(top.end, bottom.end) if end is None else end
        if begin is None or end is None:
            return None
        found = Cell(round(top.at), round(begin), round(bottom.at), round(end))
        snap = self.side_px * _SNAP_SHARE
        for cell in self._known:
            if all(
                abs(a - b) <= snap
                for a, b in ((cell.x0, found.x0), (cell.y0, found.y0), (cell.x1, found.x1), (cell.y1, found.y1))
            ):
                return cell
        self._known.append(found)
        return found

    def right_of(self, cell: Cell) -> Cell | None:
        """The cell that begins where this one ends, at half its height."""
        return self._beside(cell, cell.x1 + self.step_px, cell.centre_y)

    def left_of(self, cell: Cell) -> Cell | None:
        """The cell that ends where this one begins."""
        return self._beside(cell, cell.x0 - self.step_px, cell.centre_y)

    @property
    def step_px(self) -> float:
        """From an edge so far into a cell, one is past the line."""
        return self.side_px * _SNAP_SHARE

    def is_walled(self, start: float, end: float, y: float) -> bool:
        """Whether a vertical line stands between two places of one height."""
        slack = self.side_px * _TOLERANCE_SHARE
        return any(start - slack < v.at < end + slack and v.start <= y <= v.end for v in self.rulings.vertical)

    def above(self, cell: Cell) -> Cell | None:
        """The cell over the middle of this one."""
        return self._beside(cell, (cell.x0 + cell.x1) / 2, cell.y0 - self.step_px)

    def below(self, cell: Cell) -> Cell | None:
        """The cell under the middle of this one."""
        return self._beside(cell, (cell.x0 + cell.x1) / 2, cell.y1 + self.step_px)

    def _beside(self, cell: Cell, x: float, y: float) -> Cell | None:
        found = self.at(x, y)
        return None if found == cell else found


def _place(line: Segment) -> float:
    return line.at


def _reaches(wall: Segment, top: Segment, bottom: Segment, *, slack: float) -> bool:
    """Whether a vertical line runs from one horizontal line to another and meets both."""
    runs = wall.start <= top.at + slack and wall.end >= bottom.at - slack
    return runs and all(line.start - slack <= wall.at <= line.end + slack for line in (top, bottom))
