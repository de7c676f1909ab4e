"""From the page as received to the page as it is read: turned, cut out, straightened, enlarged; and the way back for boxes."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ..engine import Pixels
from ..page import Box
from .sheet import find_sheet, flattening

__all__ = ["PreparedPage", "gray_levels", "prepare", "skew_of", "turned"]

_MAX_SKEW_DEG = 15.0
_STRAIGHT_ENOUGH_DEG = 0.2
_HARDLY_LEANING_DEG = 2.0
_SKEW_SIDE_PX = 900
_COARSE_POINTS = 15_000
"""Points of ink in the coarse search for the lean; the fine one takes up to four times as many."""
_SMALL_SIDE_PX = 1700
"""An A4 page whose longer side is shorter than this was scanned at less than about 150 dpi."""


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """A page ready for an engine.

    Attributes:
        pixels: Upright, straight, perhaps enlarged.
        rotation_deg: The turn that made it upright.
        skew_deg: How far it leaned after the turn, clockwise positive; of a sheet seen aslant, in its middle.
        to_received: 3 x 3 matrix that takes a point of ``pixels`` to the page as received.
        received_width_px: For clipping.
        received_height_px: For clipping.
    """

    pixels: Pixels
    rotation_deg: int
    skew_deg: float
    to_received: npt.NDArray[np.float64]
    received_width_px: int
    received_height_px: int

    def box_as_prepared(self, box: Box) -> tuple[float, float, float, float]:
        """The box in pixels of ``pixels`` that holds a box of the page as received."""
        corners = _moved([(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)], np.linalg.inv(self.to_received))
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        return float(x0), float(y0), float(x1), float(y1)

    def box_as_received(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """The upright box, on the page as received, of a box of ``pixels``; never empty.

        A line that hardly leans keeps its height: around a long line, the box that holds its every corner would hold its
        neighbours as well.
        """
        corners = _moved([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], self.to_received)
        low, high = corners.min(axis=0), corners.max(axis=0)
        if abs(self.skew_deg) <= _HARDLY_LEANING_DEG:
            top_left, top_right, bottom_right, bottom_left = corners
            along = np.linalg.norm(top_right + bottom_right - top_left - bottom_left) / 2
            down = np.linalg.norm(bottom_left + bottom_right - top_left - top_right) / 2
            half = np.array((down, along) if self.rotation_deg in (90, 270) else (along, down)) / 2
            middle = corners.mean(axis=0)
            low, high = middle - half, middle + half
        left = min(max(round(float(low[0])), 0), self.received_width_px - 1)
        top = min(max(round(float(low[1])), 0), self.received_height_px - 1)
        return Box(
            left,
            top,
            min(max(round(float(high[0])), left + 1), self.received_width_px),
            min(max(round(float(high[1])), top + 1), self.received_height_px),
        )


def turned(pixels: Pixels, rotation_deg: int) -> Pixels:
    """The image turned clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(pixels, k=-(rotation_deg // 90) % 4))


def gray_levels(pixels: Pixels) -> npt.NDArray[np.uint8]:
    """RGB to grey."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def skew_of(gray: npt.NDArray[np.uint8]) -> float:
    """How far an upright page leans, in degrees, clockwise positive; 0.0 when there is too little ink to tell.

    The angle at which the rows of ink are most sharply parted: lines of text and ruling lines then fall into few rows. Searched
    coarsely up to 15 degrees and then finely around the best.
    """
    factor = min(1.0, _SKEW_SIDE_PX / max(gray.shape))
    small = cv2.resize(gray, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1.0 else gray
    ink = cv2.adaptiveThreshold(small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    ys, xs = np.nonzero(ink)
    if len(ys) < 200:
        return 0.0
    if len(ys) > 60_000:
        chosen = np.random.default_rng(0).choice(len(ys), 60_000, replace=False)
        ys, xs = ys[chosen], xs[chosen]
    xs = xs - small.shape[1] / 2

    def sharpness(angle_deg: float, step: int = 1) -> float:
        rows = np.rint(ys[::step] - xs[::step] * np.tan(np.radians(angle_deg))).astype(np.int64)
        rows -= rows.min()
        counts = np.bincount(rows).astype(np.float64)
        return float(np.square(np.diff(counts)).sum())

    def best_of(angles: npt.NDArray[np.float64], step: int = 1) -> float:
        return float(max(angles, key=lambda angle: sharpness(angle, step)))

    # A part of the ink is enough to find the place where to look closely.
    coarse = best_of(np.arange(-_MAX_SKEW_DEG, _MAX_SKEW_DEG + 0.01, 0.5), max(1, len(ys) // _COARSE_POINTS))
    fine = best_of(np.arange(coarse - 0.5, coarse + 0.51, 0.1))
    finest = best_of(np.arange(fine - 0.1, fine + 0.11, 0.05))
    return round(finest, 2) if sharpness(finest) > 1.05 * sharpness(0.0) else 0.0


def prepare(pixels: Pixels, rotation_deg: int) -> PreparedPage:
    """Turn, cut out of a photograph, straighten and, where the scan is small, enlarge a page.

    Args:
        pixels: The page as received.
        rotation_deg: The clockwise turn that makes it upright.
    """
    received_height, received_width = pixels.shape[:2]
    upright = turned(pixels, rotation_deg)
    back = _undo_turn(rotation_deg, received_width, received_height)
    aslant_deg = 0.0
    corners = find_sheet(upright)
    if corners is not None:
        matrix, width, height = flattening(corners)
        upright = _warped(upright, matrix, width, height)
        to_upright = np.linalg.inv(matrix)
        left, right = _moved([(0.0, height / 2), (float(width), height / 2)], to_upright)
        aslant_deg = float(np.degrees(np.arctan2(right[1] - left[1], right[0] - left[0])))
        back = back @ to_upright

    height, width = upright.shape[:2]
    skew = skew_of(gray_levels(upright))
    scale = 2.0 if max(height, width) < _SMALL_SIDE_PX else 1.0
    if abs(skew) >= _STRAIGHT_ENOUGH_DEG:
        # OpenCV's positive angle turns counter-clockwise, which is what undoes a clockwise lean.
        matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), skew, scale), [0, 0, 1]])
        radians = np.radians(abs(skew))
        new_width = int(scale * (width * np.cos(radians) + height * np.sin(radians)))
        new_height = int(scale * (height * np.cos(radians) + width * np.sin(radians)))
        matrix[0, 2] += new_width / 2 - width / 2
        matrix[1, 2] += new_height / 2 - height / 2
        straight = cv2.warpAffine(
            upright, matrix[:2], (new_width, new_height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        upright = np.asarray(straight, dtype=np.uint8)
        back = back @ np.linalg.inv(matrix)
    elif scale != 1.0:
        larger = cv2.resize(upright, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        upright = np.asarray(larger, dtype=np.uint8)
        back = back @ np.diag([1 / scale, 1 / scale, 1.0])
    return PreparedPage(upright, rotation_deg, round(skew + aslant_deg, 2), back, received_width, received_height)


def _warped(pixels: Pixels, matrix: npt.NDArray[np.float64], width: int, height: int) -> Pixels:
    flat = cv2.warpPerspective(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, dtype=np.uint8)


def _moved(points: Sequence[tuple[float, float]], matrix: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Points under a 3 x 3 matrix, one a row."""
    moved = np.column_stack([np.array(points), np.ones(len(points))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:], dtype=np.float64)


def _undo_turn(rotation_deg: int, width: int, height: int) -> npt.NDArray[np.float64]:
    """Matrix from the turned page to the page as received, whose size is given."""
    return np.array(
        {
            0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
            90: [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
            180: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
            270: [[0, -1, width], [1, 0, 0], [0, 0, 1]],
        }[rotation_deg],
        dtype=np.float64,
    )
