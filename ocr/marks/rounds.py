"""Circles drawn on a line: round boxes to tick, and the ring that a pen draws round one of several words."""

from collections.abc import Sequence
from itertools import product

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["circles_in", "is_drawn_circle", "ringed"]

_POINTS = 32
"""Of a circle that are looked at."""
_OUTSIDE_PX, _MOST_OUTSIDE = 4, 0.13
"""Paper surrounds a circle at this distance; a tick may cross it."""
_WITHIN, _MOST_WITHIN, _FULL = 0.7, 0.67, 0.97
"""How far from its middle a drawn circle is looked into, in radii; and the share of ink there at most, or in a disc at least."""
_DRAWN = 0.75
"""Share of the line of a circle that is inked at least, without allowance for its wavering."""
_RING_HEIGHT, _RING_ROOM = (0.85, 2.2), 2.4
"""Of a ring: its height, and how much wider than its word it is at most, in line heights."""
_RING_SHAPE = (0.62, 0.88)
"""Share of its bounding box that a ring encloses: an ellipse 0.785, a cell of a table 1."""
_RING_OPEN = 0.3
"""Share of its bounding box that is paper within the ring: a heavy letter has less."""

Ink = npt.NDArray[np.bool_]
Edges = tuple[float, float]


def circles_in(ink: Ink, radii: range, covered: float) -> list[tuple[int, int, int]]:
    """Every circle, or disc, whose outline is inked and has paper round it, the best drawn and then the largest first.

    A small square with thick sides may pass for one: look for squares before.

    Args:
        ink: Where the image is dark. An outline may waver by a pixel.
        radii: Radii to look for, in pixels.
        covered: The share of an outline that is inked at least, 0.0 to 1.0.

    Returns: Middle across, middle down and radius of each, in pixels; they overlap each other.
    """
    thick = np.asarray(cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8)), dtype=np.uint8)
    thin = ink.astype(np.uint8)
    found: list[tuple[float, int, int, int]] = []
    for radius in radii:
        inked = _share(thick, radius)
        bare = _share(thin, radius + _OUTSIDE_PX) <= _MOST_OUTSIDE
        ys, xs = np.nonzero((inked >= covered) & bare)
        found += [(float(inked[y, x]), int(x), int(y), radius) for y, x in zip(ys, xs, strict=True)]
    return [(x, y, radius) for _, x, y, radius in sorted(found, key=lambda each: (-round(each[0], 2), -each[3]))]


def is_drawn_circle(ink: Ink, circle: tuple[int, int, int]) -> bool:
    """Whether what ``circles_in`` found is a drawn line, perhaps with a tick in it, or a disc, and no part of a character.

    The strokes of those lie near a circle and run across it; a drawn one has its line in one place all round.

    Args:
        ink: Where the image is dark.
        circle: Middle across, middle down and radius, in its pixels.
    """
    x, y, radius = circle
    within = _along(ink, x, y, _WITHIN * radius)
    if _MOST_WITHIN < within < _FULL:
        return False
    about = product((x - 1, x, x + 1), (y - 1, y, y + 1), (radius - 1, radius, radius + 1))
    return max(_along(ink, *each) for each in about) >= _DRAWN


def _along(ink: Ink, x: int, y: int, radius: float) -> float:
    """The share of the points of one circle that are inked; beyond the edge is what is at the edge."""
    angles = np.linspace(0, 2 * np.pi, _POINTS, endpoint=False)
    rows = np.clip(np.round(y + radius * np.sin(angles)).astype(int), 0, ink.shape[0] - 1)
    columns = np.clip(np.round(x + radius * np.cos(angles)).astype(int), 0, ink.shape[1] - 1)
    return float(ink[rows, columns].mean())


def _share(ink: npt.NDArray[np.uint8], radius: int) -> npt.NDArray[np.float64]:
    """For each pixel as the middle, the share of a circle's points that are inked; beyond the edge is paper."""
    rows, columns = ink.shape
    padded = np.pad(ink, radius)
    total = np.zeros((rows, columns), dtype=np.uint8)
    for angle in np.linspace(0, 2 * np.pi, _POINTS, endpoint=False):
        x, y = radius + round(radius * np.cos(angle)), radius + round(radius * np.sin(angle))
        total += padded[y : y + rows, x : x + columns]
    return total.astype(np.float64) / _POINTS


def ringed(ink: Ink, words: Sequence[Edges], height: float) -> int | None:
    """Which of the words of a line has a ring drawn round it; None where none has, or more than one.

    Args:
        ink: The line with what is above and below it.
        words: Left and right edge of each, in pixels of ``ink``.
        height: Of the line, in pixels.
    """
    outlines, tree = cv2.findContours(ink.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    chosen = set()
    for number, outline in enumerate(outlines):
        x, _, wide, high = cv2.boundingRect(outline)
        if tree[0][number][3] >= 0 or not _RING_HEIGHT[0] * height <= high <= _RING_HEIGHT[1] * height:
            continue
        enclosed = [i for i, (left, right) in enumerate(words) if x <= (left + right) / 2 <= x + wide]
        if len(enclosed) != 1:
            continue
        left, right = words[enclosed[0]]
        if not 0.9 * (right - left) <= wide <= right - left + _RING_ROOM * height:
            continue
        shape = cv2.contourArea(cv2.convexHull(outline)) / (wide * high)
        holes = sum(cv2.contourArea(hole) for hole, links in zip(outlines, tree[0], strict=True) if links[3] == number)
        if _RING_SHAPE[0] <= shape <= _RING_SHAPE[1] and holes >= _RING_OPEN * wide * high:
            chosen.add(enclosed[0])
    return chosen.pop() if len(chosen) == 1 else None
