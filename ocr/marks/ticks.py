"""Boxes to tick whose place is known from a registered form: found again in the image, and how much ink is in them.

They are square, or round where no squares are.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ..page import Box
from .rounds import circles_in, is_drawn_circle
from .squares import squares_in

__all__ = ["frames_in", "ink_inside", "seen_near"]

GrayLevels = npt.NDArray[np.uint8]
Edges = tuple[float, float, float, float]

_SIDE_PX = 26.0
"""Boxes are looked at in about this size."""
_SIDE_COVERED = 0.85
_OUTLINE_COVERED, _WHOLE_OUTLINE = 0.9, 0.97
"""Of a circle, where one is expected, and where any may be: characters have bows."""
_LEAST_CONTRAST = 40
_DENSE = 0.6
_TOUCHED = 0.15
_ROOM, _ROOM_BEFORE = 0.22, 0.6
"""Paper round a box, in its widths; and before a round one, as letters that stand close to others are round too."""
_SMALLEST_MM, _LARGEST_MM = 2.0, 7.5
_PAPER_MM = 210.0


@dataclass(frozen=True, slots=True)
class _Look:
    """A part of a page, scaled so that boxes to tick are of about the size at which they are looked for.

    Attributes:
        ink: Where it is dark.
        left: Its left edge on the page.
        top: Its top edge.
        scale: Its pixels for one of the page.
        sides: Lengths of a side, or diameters, to look for, in its pixels.
    """

    ink: npt.NDArray[np.bool_]
    left: int
    top: int
    scale: float
    sides: range

    def squares(self) -> list[Box]:
        """Squares whose four sides are inked; none overlaps another."""
        return self._apart(squares_in(self.ink, self.sides, _SIDE_COVERED))

    def circles(self, *, expected: bool = False) -> list[Box]:
        """The squares round circles and discs, drawn less perfectly where one is expected; none overlaps another."""
        radii = range(self.sides.start // 2, (self.sides.stop + 1) // 2)
        found = circles_in(self.ink, radii, _OUTLINE_COVERED if expected else _WHOLE_OUTLINE)
        return self._apart(
            (x - radius, y - radius, 2 * radius)
            for x, y, radius in found
            if expected or is_drawn_circle(self.ink, (x, y, radius))
        )

    def _apart(self, found: Iterable[tuple[int, int, int]]) -> list[Box]:
        chosen: list[tuple[int, int, int]] = []
        for x, y, side in found:
            if all(
                max(abs(x + side / 2 - ox - o / 2), abs(y + side / 2 - oy - o / 2)) > 0.5 * (side + o)
                for ox, oy, o in chosen
            ):
                chosen.append((x, y, side))
        return [
            Box(
                round(self.left + x / self.scale),
                round(self.top + y / self.scale),
                round(self.left + (x + side) / self.scale),
                round(self.top + (y + side) / self.scale),
            )
            for x, y, side in chosen
        ]


def frames_in(gray: GrayLevels, box: Box) -> list[Box]:
    """The boxes to tick in a part of an upright page, from the left, line by line; the squares round them, where they are round.

    Boxes of one zone are of one size; what is not, is a cell of a table or a part of a character.
    """
    side = gray.shape[1] / _PAPER_MM * (_SMALLEST_MM + _LARGEST_MM) / 2
    look = _look(gray, box, side, _SMALLEST_MM / 4.75, _LARGEST_MM / 4.75)
    if look is None:
        return []
    squares = [frame for frame in look.squares() if _stands_alone(gray, frame)]
    if len(squares) >= 2:
        return _alike(squares, float(np.median([frame.width for frame in squares])))
    circles = [frame for frame in look.circles() if _stands_alone(gray, frame, _ROOM_BEFORE)]
    # Bows of letters are smaller than the boxes beside them.
    sizes = sorted((frame.width for frame in circles), reverse=True)
    pairs = [_alike(circles, float(size)) for size in sizes]
    return next((pair for pair in pairs if len(pair) >= 2), squares or circles[:1])


def _alike(found: Iterable[Box], size: float) -> list[Box]:
    """Those of about a size, from the left, line by line."""
    alike = [frame for frame in found if abs(frame.width - size) <= 0.2 * size]
    return sorted(alike, key=lambda frame: (round(frame.y0 / max(size, 1.0)), frame.x0))


def _stands_alone(gray: GrayLevels, frame: Box, room: float = _ROOM) -> bool:
    """Whether a box is no part of a character: those have strokes inside, or close by on the left or below.

    A tick may well leave its box at the top and on the right.

    Args:
        gray: The page.
        frame: The box.
        room: How far on the left there is paper, in its widths.
    """
    if ink_inside(gray, (float(frame.x0), float(frame.y0), float(frame.x1), float(frame.y1))) > _DENSE:
        return False
    near, far = max(2, round(0.1 * frame.width)), max(4, round(_ROOM * frame.width))
    left = _part(gray, Box(frame.x0 - max(far, round(room * frame.width)), frame.y0, frame.x0 - near, frame.y1))
    below = _part(gray, Box(frame.x0, frame.y1 + near, frame.x1, frame.y1 + far))
    above = _part(gray, Box(frame.x0, frame.y0 - far, round((frame.x0 + frame.x1) / 2), frame.y0 - near))
    around = _part(gray, Box(frame.x0 - far, frame.y0 - far, frame.x1 + far, frame.y1 + far))
    dark, paper = np.percentile(around, (1, 75))
    level = paper - 0.4 * (paper - dark)
    return all(float((side < level).mean()) <= _TOUCHED for side in (left, below, above) if side.size)


def seen_near(gray: GrayLevels, expected: Edges) -> Edges:
    """Where a box to tick really is that is expected somewhere: there, or a little beside it."""
    x0, y0, x1, y1 = expected
    side = (x1 - x0 + y1 - y0) / 2
    around = Box(round(x0 - 0.8 * side), round(y0 - 0.8 * side), round(x1 + 0.8 * side), round(y1 + 0.8 * side))
    look = _look(gray, around, side, 0.8, 1.25)
    frames = (look.squares() or look.circles(expected=True)) if look else []
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])

    def off(frame: Box) -> float:
        return float(np.hypot(*(np.array([(frame.x0 + frame.x1) / 2, (frame.y0 + frame.y1) / 2]) - middle)))

    nearest = min(frames, key=off, default=None)
    if nearest is None or off(nearest) > 0.7 * side:
        return expected
    return float(nearest.x0), float(nearest.y0), float(nearest.x1), float(nearest.y1)


def ink_inside(gray: GrayLevels, frame: Edges) -> float:
    """The share of the inside of a box that is inked, 0.0 to 1.0."""
    x0, y0, x1, y1 = frame
    inset = max(2.0, 0.2 * (x1 - x0))
    inside = _part(gray, Box(round(x0 + inset), round(y0 + inset), round(x1 - inset) + 1, round(y1 - inset) + 1))
    if inside.size == 0:
        return 0.0
    margin = 1.5 * (x1 - x0)
    around = _part(gray, Box(round(x0 - margin), round(y0 - margin), round(x1 + margin), round(y1 + margin)))
    dark, paper = np.percentile(around, (1, 75))
    if paper - dark < _LEAST_CONTRAST:
        return 0.0
    # The corners are left out: in a round box its line reaches into them.
    rows, columns = (np.linspace(-1, 1, size) for size in inside.shape)
    within = rows[:, np.newaxis] ** 2 + columns**2 <= 1
    return float((inside < paper - 0.4 * (paper - dark))[within].mean())


def _part(gray: GrayLevels, box: Box) -> GrayLevels:
    return gray[max(0, box.y0) : max(0, box.y1), max(0, box.x0) : max(0, box.x1)]


def _look(gray: GrayLevels, box: Box, side_px: float, smallest: float, largest: float) -> _Look | None:
    """A part of a page in which boxes are between two shares of ``side_px`` wide; None where it is all paper."""
    left, top = max(0, box.x0), max(0, box.y0)
    part = _part(gray, box)
    if min(part.shape) < 6:
        return None
    scale = _SIDE_PX / side_px
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    part = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=method), dtype=np.uint8)
    dark, paper = np.percentile(part, (1, 75))
    if paper - dark < _LEAST_CONTRAST:
        return None
    ink = part < paper - 0.35 * (paper - dark)
    return _Look(ink, left, top, scale, range(round(smallest * _SIDE_PX), round(largest * _SIDE_PX) + 1))
