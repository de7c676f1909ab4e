"""The ruling lines of a form: found by morphology, and the cells that they make."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["Rulings", "Segment", "find_rulings"]

_SHORTEST_SHARE = 1 / 42
"""Shortest ruling line as a share of the page's longer side: taller than the strokes of ordinary text (7 mm on A4)."""
_WORKING_SIDE_PX = 1800
"""Lines are looked for in a copy of about this size: a hair line of 300 dpi is still a pixel wide."""
_LONG_SHARE, _MEETS_SHARE = 1 / 16, 1 / 250
"""From this length on a line needs no other that it meets, within this distance."""
_LONGER = 1.5
"""A line that makes a cell is so much longer than the one that stands on it; the bows of a letter are not."""
_GAP_SHARE = 1 / 250
_CLOSE = 1 / 300


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight line along an axis: ``at`` is its place on the other axis, from ``start`` to ``end`` along its own."""

    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        """In pixels."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Rulings:
    """The ruling lines of a page, in its pixels."""

    horizontal: tuple[Segment, ...] = ()
    vertical: tuple[Segment, ...] = ()

    def scaled(self, factor: float) -> "Rulings":
        """The same lines on a page enlarged by ``factor``."""

        def scale(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
            return tuple(Segment(s.at * factor, s.start * factor, s.end * factor) for s in segments)

        return Rulings(scale(self.horizontal), scale(self.vertical))

    def cuts(self, x0: float, y0: float, x1: float, y1: float) -> list[float]:
        """Where vertical lines cut through a box of text, from left to right.

        A line counts when it passes the whole height of the box and does not end within it on both sides, as the strokes of
        a large title do; the edges of the box itself are no cuts.
        """
        margin = 0.25 * (y1 - y0)
        inset = 0.15 * (y1 - y0)
        return sorted(
            s.at
            for s in self.vertical
            if x0 + margin < s.at < x1 - margin
            and s.start <= y0 + inset
            and s.end >= y1 - inset
            and (s.start < y0 or s.end > y1)
        )


def find_rulings(gray: npt.NDArray[np.uint8]) -> Rulings:
    """Find the horizontal and vertical ruling lines of an upright, straight page.

    Args:
        gray: Grey levels, dark on light.
    """
    height, width = gray.shape
    factor = min(1.0, _WORKING_SIDE_PX / max(height, width))
    small = gray if factor == 1.0 else cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    side = max(small.shape)
    # Darker than its surroundings, so that grey copies and shadows do not matter.
    ink = np.asarray(
        cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12), dtype=np.uint8
    )
    shortest = max(12, round(side * _SHORTEST_SHARE))
    horizontal = _segments(ink, shortest, factor, across=False)
    vertical = _segments(ink, shortest, factor, across=True)
    return Rulings(horizontal, tuple(s for s in vertical if _is_ruled(s, horizontal, side / factor)))


def _is_ruled(line: Segment, horizontal: tuple[Segment, ...], side: float) -> bool:
    """Whether a vertical line is none of the strokes of large letters: it is long, or a longer horizontal line meets it."""
    if line.length >= _LONG_SHARE * side:
        return True
    slack = _MEETS_SHARE * side
    return any(
        s.start - slack <= line.at <= s.end + slack and line.start - slack <= s.at <= line.end + slack
        for s in horizontal
        if s.length > _LONGER * line.length
    )


def _segments(ink: npt.NDArray[np.uint8], shortest: int, factor: float, *, across: bool) -> tuple[Segment, ...]:
    """Lines of one direction; ``across`` for vertical ones."""
    side = max(ink.shape)
    gap = max(3, round(side * _CLOSE)) | 1
    long_kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (1, shortest) if across else (shortest, 1))
    gap_kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (1, gap) if across else (gap, 1))
    # A line that leans by a pixel or two falls apart into steps; thickening it across joins them again.
    thick_kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 1) if across else (1, 3))
    lines = cv2.morphologyEx(cv2.dilate(ink, thick_kernel), cv2.MORPH_OPEN, long_kernel)
    lines = cv2.morphologyEx(lines, cv2.MORPH_CLOSE, gap_kernel)
    # Outlines take a third of the time that labelling every pixel takes: little of the image is ink by now.
    outlines, _ = cv2.findContours(lines, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    thickest = max(8, shortest // 3)
    for x, y, w, h in map(cv2.boundingRect, outlines):
        along, thick = (h, w) if across else (w, h)
        if along < shortest:
            continue
        if thick > thickest and cv2.countNonZero(lines[y : y + h, x : x + w]) / along > thickest:
            continue
        at, start = (x + w / 2, y) if across else (y + h / 2, x)
        found.append(Segment(at / factor, start / factor, (start + along) / factor))
    return tuple(sorted(found, key=lambda s: (s.at, s.start)))
