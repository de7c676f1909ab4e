"""The cells of ruled tables, found from any point by going to the nearest line on each side."""

from dataclasses import dataclass, field

from .blanks import free_lines
from .rulings import Rulings, Segment

__all__ = ["Cell", "CellFinder"]

_TOLERANCE_SHARE = 1 / 300
_SNAP_SHARE = 1 / 160


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
        self._sides = [line for line in self.rulings.horizontal if line not in written_on]

    def at(self, x: float, y: float) -> Cell | None:
        """The cell around a point; None where a side is open."""
        tolerance = self.side_px * _TOLERANCE_SHARE
        vertical = [s.at for s in self.rulings.vertical if s.start - tolerance <= y <= s.end + tolerance]
        horizontal = [s.at for s in self._sides if s.start - tolerance <= x <= s.end + tolerance]
        left = max((v for v in vertical if v <= x), default=None)
        right = min((v for v in vertical if v > x), default=None)
        top = max((h for h in horizontal if h <= y), default=None)
        bottom = min((h for h in horizontal if h > y), default=None)
        if left is None or right is None or top is None or bottom is None:
            return None
        found = Cell(round(top), round(left), round(bottom), round(right))
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

    def above(self, cell: Cell) -> Cell | None:
        """The cell over the middle of this one."""
        return self._beside(cell, (cell.x0 + cell.x1) / 2, cell.y0 - self.step_px)

    def below(self, cell: Cell) -> Cell | None:
        """The cell under the middle of this one."""
        return self._beside(cell, (cell.x0 + cell.x1) / 2, cell.y1 + self.step_px)

    def _beside(self, cell: Cell, x: float, y: float) -> Cell | None:
        found = self.at(x, y)
        return None if found == cell else found
