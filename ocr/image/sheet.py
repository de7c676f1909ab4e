"""The sheet of paper on a photograph: where it lies, and how it looks from straight above."""

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from ..engine import Pixels

__all__ = ["find_sheet", "flattening"]

_LOOK_SIDE_PX = 640
_GLANCE_SIDE_PX = 200
_LEAST_SHARE, _MOST_SHARE = 0.2, 0.97
"""Of the picture's area: a smaller sheet is a stamp or a table on a page, a larger one needs no cutting out."""
_BARE_BORDER = 0.8
"""A border of the picture that is this near the paper's brightness is paper."""
_LEAST_STEP = 12.0
"""Levels, of 255, by which the paper is brighter than what it lies on."""
_MOST_SQUINT_DEG = 30.0
"""How far a corner may be from a right angle."""
_MARGIN = 0.004
"""Of the sheet's sides: what is left around it, as its edges may be bent."""

_Corners = npt.NDArray[np.float64]
_Gray = npt.NDArray[np.uint8]


def find_sheet(pixels: Pixels) -> _Corners | None:
    """Find the sheet on a photograph of a form; None where the page fills the picture, as it does on a scan.

    A sheet is a large quadrangle that is brighter than what lies around it, all along each of its four sides. The last
    tells it from a printed frame and from a table, on both sides of whose lines there is the same paper.

    Returns:
        Four corners in pixels, clockwise from the top left.
    """
    if _fills_the_picture(pixels):
        return None
    factor = min(1.0, _LOOK_SIDE_PX / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    gray = np.asarray(cv2.medianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), 5), dtype=np.uint8)
    best, best_step = None, _LEAST_STEP
    for mask in _masks(gray):
        corners = _quadrangle(mask)
        if corners is not None and (step := _least_step(gray, corners)) > best_step:
            best, best_step = corners, step
    return None if best is None else (best + 0.5) / factor - 0.5


def flattening(corners: _Corners) -> tuple[npt.NDArray[np.float64], int, int]:
    """How a sheet is seen from straight above.

    Args:
        corners: As ``find_sheet`` gives them.

    Returns:
        The 3 x 3 matrix that takes a point of the photograph to the flat sheet; its width and height in pixels, none of
        its sides shorter than on the photograph.
    """
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    width, height = max(sides[0], sides[2]), max(sides[1], sides[3])
    left, top = width * _MARGIN, height * _MARGIN
    flat = np.array([[left, top], [left + width, top], [left + width, top + height], [left, top + height]])
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), flat.astype(np.float32))
    return np.asarray(matrix, dtype=np.float64), round(width + 2 * left), round(height + 2 * top)


def _fills_the_picture(pixels: Pixels) -> bool:
    step = max(1, max(pixels.shape[:2]) // _GLANCE_SIDE_PX)
    gray = pixels[::step, ::step].mean(axis=2)
    rim = max(1, min(gray.shape) // 50)
    sides = (gray[:rim], gray[-rim:], gray[:, :rim], gray[:, -rim:])
    return min(float(np.median(side)) for side in sides) >= _BARE_BORDER * float(np.percentile(gray, 90))


def _masks(gray: _Gray) -> Iterator[_Gray]:
    """What may be paper: parted by brightness at several levels, and by edges where the light is uneven."""
    level, _mask = cv2.threshold(gray, 0, 255, cv2.THRESH_OTSU)
    closing = cv2.getStructuringElement(cv2.MORPH_RECT, (9, 9))
    for factor in (0.8, 1.0, 1.2):
        _level, mask = cv2.threshold(gray, min(250.0, level * factor), 255, cv2.THRESH_BINARY)
        yield np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, closing), dtype=np.uint8)
    edges = cv2.dilate(cv2.Canny(gray, 20, 60), cv2.getStructuringElement(cv2.MORPH_RECT, (5, 5)))
    yield np.asarray(edges, dtype=np.uint8)


def _quadrangle(mask: _Gray) -> _Corners | None:
    """The four corners of a mask's largest shape, in its pixels; None where it is no quadrangle of a sheet's form and size."""
    shapes, _tree = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not shapes:
        return None
    hull = cv2.convexHull(max(shapes, key=cv2.contourArea))
    rough = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, True), True).reshape(-1, 2).astype(np.float64)
    if len(rough) != 4:
        return None
    corners = _sharpened(hull.reshape(-1, 2).astype(np.float64), _clockwise(rough))
    share = cv2.contourArea(corners.astype(np.float32)) / mask.size
    return corners if _LEAST_SHARE <= share <= _MOST_SHARE and _squint_deg(corners) <= _MOST_SQUINT_DEG else None


def _clockwise(corners: _Corners) -> _Corners:
    middle = corners.mean(axis=0)
    around = corners[np.argsort(np.arctan2(*(corners - middle).T[::-1]))]
    return np.roll(around, -int(np.argmin(around.sum(axis=1))), axis=0)


def _sharpened(hull: _Corners, corners: _Corners) -> _Corners:
    """Corners where the sides meet: each side is the line through the outline's points near it."""
    lines = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = (end - start) / np.linalg.norm(end - start)
        outline = _between(hull, start, end, along)
        if len(outline) < 2:
            outline = np.array([start, end])
        vx, vy, x, y = cv2.fitLine(outline.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        lines.append(np.array([vy, -vx, vx * y - vy * x], dtype=np.float64))
    met = np.array([np.cross(lines[i - 1], lines[i]) for i in range(4)])
    sharp = met[:, :2] / np.where(np.abs(met[:, 2:]) < 1e-9, np.nan, met[:, 2:])
    near = np.linalg.norm(sharp - corners, axis=1) < 0.05 * np.ptp(hull, axis=0).max()
    return np.where(near[:, None], sharp, corners)


def _between(hull: _Corners, start: _Corners, end: _Corners, along: _Corners) -> _Corners:
    """The outline's points that lie along a side, away from its ends; the hull's straight stretches are filled in."""
    filled = np.concatenate(
        [
            np.linspace(a, b, 1 + int(np.linalg.norm(b - a)))
            for a, b in zip(hull, np.roll(hull, -1, axis=0), strict=True)
        ]
    )
    length = float(np.linalg.norm(end - start))
    way = (filled - start) @ along
    off = np.abs((filled - start) @ np.array([-along[1], along[0]]))
    chosen: _Corners = filled[(way > 0.1 * length) & (way < 0.9 * length) & (off < 0.03 * length)]
    return chosen


def _squint_deg(corners: _Corners) -> float:
    """How far the worst corner is from a right angle."""
    sides = np.roll(corners, -1, axis=0) - corners
    angles = np.degrees(np.arctan2(sides[:, 1], sides[:, 0]))
    turns = (np.roll(angles, -1) - angles + 180.0) % 360.0 - 180.0
    return float(np.abs(turns - 90.0).max())


def _least_step(gray: _Gray, corners: _Corners) -> float:
    """By how many levels the inside is brighter than the outside, along the side where it is so least.

    Of each side the lower quarter of the steps counts, so that a shadow or a thumb on a part of it does no harm. A side
    at the picture's own edge has no outside and is taken as good: the sheet goes on beyond the picture.
    """
    height, width = gray.shape
    reach = 0.015 * max(height, width)
    steps = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        outwards = np.array([end[1] - start[1], start[0] - end[0]]) / np.linalg.norm(end - start)
        points = start + np.linspace(0.08, 0.92, 60)[:, None] * (end - start)
        outside, inside = points + reach * outwards, points - reach * outwards
        seen = ((outside >= 0) & (outside < (width, height))).all(axis=1)
        if seen.sum() < 20:
            continue
        differences = _levels(gray, inside[seen]) - _levels(gray, outside[seen])
        steps.append(float(np.percentile(differences, 25)))
    return min(steps) if len(steps) >= 2 else 0.0


def _levels(gray: _Gray, points: _Corners) -> npt.NDArray[np.float64]:
    xs = np.clip(np.rint(points[:, 0]).astype(int), 0, gray.shape[1] - 1)
    ys = np.clip(np.rint(points[:, 1]).astype(int), 0, gray.shape[0] - 1)
    return np.asarray(gray[ys, xs], dtype=np.float64)
