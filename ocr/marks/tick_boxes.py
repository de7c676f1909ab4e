"""Boxes to tick as the page shows them: those that the reader of text passed over, and none that it only imagined.

Readers are trained on text: they leave out many a box before an option, ticked ones above all, and now and then take the room
between a label and its value for one. Where the page shows a box beside the characters of a line, the line gets it as a
character, so that options are told from labels and the text is whole; where it shows bare paper, the line loses it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from ..engine import Glyph, GrayLevels, Run
from .squares import squares_in

__all__ = ["with_boxes_as_seen"]

_EMPTY, _TICKED, _FILLED = "□", "☑", "■"
_READ = "□☑■☒√✓✔"
_NEVER_BEFORE = _READ + ")\uff09]\u3011"
"""What no box stands before: another one, and the end of a bracket."""
_LINE_PX = 40.0
"""Places are looked at in this height of their line."""
_SMALLEST, _LARGEST = 0.34, 0.85
"""Sides of a box, in line heights."""
_SIDE_COVERED, _STRAIGHT = 0.9, 0.7
"""How much of each side is inked, a pixel's wavering allowed, and how much of it in one row or column."""
_REACH = 1.7
"""How far before a line its box may begin, in line heights."""
_ROOM = 0.55
"""Where characters stand farther apart, in line heights, a box may be between them."""
_OVER, _INTO = 0.1, 0.12
"""In line heights: how far above and below a line is looked, and how far into the stretches of its characters."""
_PALEST = 30
"""Levels darker than paper."""
_LEAST_INK, _MOST_INK = 0.02, 0.7
_TICKED_SHARE, _FILLED_SHARE = 0.06, 0.85
_BARE, _TOUCHED = 0.08, 0.6
"""How much ink there may be round an empty box, and round one whose tick may be in its way."""
_FURTHER, _UNREAD = 0.9, 0.2
"""More ink than the second so far to the left, in sides, means that characters were not read there: the square is one of them."""
_ALIKE = 0.2
"""Boxes of a page are of one size: none differs more from the usual one."""
_LEAST_HEIGHT_PX = 12
_CONFIDENCE = 0.9
_SURE = 0.9
"""A box that was read with this confidence is not looked at again."""

Edges = tuple[float, float]
Ink = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A box in the image.

    Attributes:
        run: Number of the line that it belongs to.
        at: Before which of its characters it stands.
        x0: Left edge, in pixels of the page.
        side: In pixels of the page.
        filled: Share of its inside that is inked.
    """

    run: int
    at: int
    x0: float
    side: float
    filled: float

    @property
    def text(self) -> str:
        """The character for it."""
        return _FILLED if self.filled >= _FILLED_SHARE else _TICKED if self.filled >= _TICKED_SHARE else _EMPTY


def with_boxes_as_seen(gray: GrayLevels, runs: Sequence[Run]) -> list[Run]:
    """The lines of a page with the boxes that it shows before and between their characters, and without others.

    One square alone on a page on which no box was read is more likely a part of a drawing, and left out.

    Args:
        gray: The upright page.
        runs: Its lines, in its pixels.
    """
    runs = [_without_imagined(gray, run) for run in runs]
    seen = [box for number, at, place in _places(runs) if (box := _box_at(gray, runs[number], number, at, place))]
    if len(seen) < 2 and not any(glyph.text in _READ for run in runs for glyph in run.glyphs):
        return list(runs)
    usual = float(np.median([box.side for box in seen])) if seen else 0.0
    completed = list(runs)
    for box in sorted(seen, key=lambda box: (box.run, -box.at)):
        if abs(box.side - usual) <= _ALIKE * usual:
            completed[box.run] = _with(completed[box.run], box)
    return completed


def _without_imagined(gray: GrayLevels, run: Run) -> Run:
    """The line without boxes that were read where there is bare paper; never without all of its characters."""
    kept = tuple(g for g in run.glyphs if g.text not in _READ or g.confidence >= _SURE or not _is_bare(gray, run, g))
    return replace(run, glyphs=kept) if 0 < len(kept) < len(run.glyphs) else run


def _is_bare(gray: GrayLevels, run: Run, glyph: Glyph) -> bool:
    # The middle of the line: a line to write on may run below, and a neighbour's stroke reach in.
    third = (run.y1 - run.y0) / 3
    inset = (glyph.x1 - glyph.x0) / 8
    part = gray[round(run.y0 + third / 2) : round(run.y1 - third), round(glyph.x0 + inset) : round(glyph.x1 - inset)]
    around = gray[max(0, round(run.y0)) : round(run.y1), max(0, round(run.x0)) : round(run.x1)]
    if not part.size or not around.size:
        return False
    return float((part < float(np.median(around)) - _PALEST).mean()) < _LEAST_INK


def _places(runs: Sequence[Run]) -> Iterator[tuple[int, int, Edges]]:
    """Where no character was read: the line's number, the character behind it, left and right edge."""
    edges = np.array([(run.glyphs[0].x0, run.glyphs[-1].x1, run.y0, run.y1) for run in runs]).reshape(-1, 4)
    for number, run in enumerate(runs):
        height = run.y1 - run.y0
        if height < _LEAST_HEIGHT_PX:
            continue
        into = _INTO * height
        first = run.glyphs[0]
        middle = (run.y0 + run.y1) / 2
        before = (edges[:, 2] < middle) & (edges[:, 3] > middle) & (edges[:, 0] < first.x0)
        left = max(first.x0 - _REACH * height, edges[before, 1].max(initial=0.0) - into)
        if first.text not in _NEVER_BEFORE and first.x0 - left > _SMALLEST * height:
            yield number, 0, (left, first.x0 + into)
        marks = [i for i, glyph in enumerate(run.glyphs) if not glyph.text.isspace()]
        for i, j in pairwise(marks):
            one, other = run.glyphs[i], run.glyphs[j]
            if other.x0 - one.x1 > _ROOM * height and one.text not in _READ and other.text not in _NEVER_BEFORE:
                yield number, j, (one.x1 - into, other.x0 + into)


def _box_at(gray: GrayLevels, run: Run, number: int, at: int, place: Edges) -> _Seen | None:
    """The box in a place, the one nearest to the characters behind it; None where there is none."""
    height = run.y1 - run.y0
    left, right = max(0, round(place[0])), min(gray.shape[1], round(place[1]))
    top, bottom = max(0, round(run.y0 - _OVER * height)), min(gray.shape[0], round(run.y1 + _OVER * height))
    part = gray[top:bottom, left:right]
    if min(part.shape) < _SMALLEST * height:
        return None
    if not _LEAST_INK <= float((part < float(part.max()) - _PALEST).mean()) <= _MOST_INK:
        return None
    scale = _LINE_PX / height
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=method), dtype=np.uint8)
    paper = float(np.median(scaled))
    ink = scaled < paper - _PALEST
    if not _has_sides(ink):
        return None
    sides = range(round(_SMALLEST * _LINE_PX), round(_LARGEST * _LINE_PX) + 1)
    best = next(iter(squares_in(ink, sides, _SIDE_COVERED)), None)
    if best is None:
        return None
    x, y, side = best
    seen = _Seen(number, at, left + x / scale, side / scale, _filled(ink, x, y, side))
    return seen if _stands_free(ink, best, touched=seen.text == _TICKED) else None


def _has_sides(ink: Ink) -> bool:
    """Whether two rows and two columns have ink enough for the sides of a box: a quick look that spares most close ones."""
    least = _STRAIGHT * _SMALLEST * _LINE_PX
    return all(int((ink.sum(axis=axis) >= least).sum()) >= 2 for axis in (0, 1))


def _stands_free(ink: Ink, frame: tuple[int, int, int], *, touched: bool) -> bool:
    """Whether there is paper round a square: it is no crossing of lines and no part of a character.

    A tick may leave its box on the right and at the top, and touch the rest of its surroundings.
    """
    x, y, side = frame
    near, far = max(2, round(0.1 * side)), max(4, round(0.22 * side))
    top, left = max(0, y - far), max(0, x - far)
    around = [
        ink[y : y + side, left : max(0, x - near)],
        ink[y + side + near + 1 : y + side + far + 1, x : x + side],
        ink[top : max(0, y - near), x : x + (side // 2 if touched else side)],
    ]
    if not touched:
        around.append(ink[y : y + side, x + side + near + 1 : x + side + far + 1])
    most = _TOUCHED if touched else _BARE
    further = ink[y : y + side, max(0, x - round(_FURTHER * side)) : max(0, x - far)]
    unread = further.size and float(further.mean()) > _UNREAD
    return not unread and all(float(part.mean()) <= most for part in around if part.size)


def _filled(ink: Ink, x: int, y: int, side: int) -> float:
    inset = max(2, round(0.2 * side))
    inside = ink[y + inset : y + side - inset + 1, x + inset : x + side - inset + 1]
    return float(inside.mean()) if inside.size else 0.0


def _with(run: Run, box: _Seen) -> Run:
    """The line with a box before one of its characters."""
    mark = Glyph(box.text, box.x0, box.x0 + box.side, _CONFIDENCE)
    glyphs = (*run.glyphs[: box.at], mark, *run.glyphs[box.at :])
    return replace(run, glyphs=glyphs, x0=min(run.x0, mark.x0))
