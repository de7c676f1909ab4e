"""Where the ink of a piece of text begins and ends.

Detectors of text frame lines with room to spare, which is good for reading them; told as the place of a word, the room covers
what stands beside it.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from ..engine import GrayLevels
from ..pairs.layout import Piece

__all__ = ["without_margins"]

_BAND = 0.15
"""Share of the height left out above and below: a line to write on is there, not the middle of characters."""
_LEAST_CONTRAST = 40
_LEAST_INK = 0.04
_RULING = 0.95
"""A column with so much ink is a line of the form."""
_STUB, _GAP, _NEAR = 0.35, 0.08, 0.25
"""In heights: ink that reaches the edge, no wider than the first, with a gap behind it like the second, belongs to a
neighbour whose frame is as near as the third."""
_MOST_TRIMMED = 0.7
"""In heights, at each end: a frame with more room holds something that is too pale to be told from paper."""

Columns = npt.NDArray[np.intp]


def without_margins(gray: GrayLevels, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, each from its first to its last ink; as it is where that cannot be told.

    What is left out of a piece is paper, or lies in the frame of the piece beside it.

    Args:
        gray: The upright page.
        pieces: All that was read of it, in its pixels.
    """
    edges = np.array([(p.x0, p.x1, p.y0, p.y1) for p in pieces], dtype=np.float64).reshape(-1, 4)
    return [_trimmed(gray, piece, edges) for piece in pieces]


def _trimmed(gray: GrayLevels, piece: Piece, edges: npt.NDArray[np.float64]) -> Piece:
    height = piece.y1 - piece.y0
    left, right = max(0, round(piece.x0)), min(gray.shape[1], round(piece.x1))
    top, bottom = max(0, round(piece.y0 + _BAND * height)), min(gray.shape[0], round(piece.y1 - _BAND * height))
    if right - left < 4 or bottom - top < 4:
        return piece
    inked = _inked(gray[top:bottom, left:right])
    x0s, x1s, y0s, y1s = edges.T
    beside = (y0s < piece.centre_y) & (y1s > piece.centre_y)
    near = _NEAR * height
    before = x1s[beside & (x0s < piece.x0) & (x1s > piece.x0 - near)].max(initial=-np.inf) - left
    behind = right - x0s[beside & (x1s > piece.x1) & (x0s < piece.x1 + near)].min(initial=np.inf)
    last = right - left - 1
    inked = _without_stub(inked, before + near, height)
    inked = last - _without_stub((last - inked)[::-1], behind + near, height)[::-1]
    if not inked.size:
        return piece
    most = _MOST_TRIMMED * height
    x0, x1 = float(left + inked[0]), float(left + inked[-1] + 1)
    x0 = x0 if 0 < x0 - piece.x0 <= most else piece.x0
    x1 = x1 if 0 < piece.x1 - x1 <= most else piece.x1
    return replace(piece, x0=x0, x1=x1) if x1 - x0 >= 1 else piece


def _inked(part: GrayLevels) -> Columns:
    """The columns with ink in them that is no ruling line."""
    if int(part.max()) - int(part.min()) < _LEAST_CONTRAST:
        return np.empty(0, dtype=np.intp)
    _, ink = cv2.threshold(part, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    share = np.asarray(ink, dtype=np.float32).mean(axis=0)
    return np.flatnonzero((share >= _LEAST_INK) & (share < _RULING))


def _without_stub(inked: Columns, reach: float, height: float) -> Columns:
    """Inked columns, rising, without those at the edge, column 0, that belong to a neighbour; its frame ends at ``reach``."""
    if not inked.size or inked[0] > 1:
        return inked
    gaps = np.flatnonzero(np.diff(inked) > max(2.0, _GAP * height))
    if not gaps.size or inked[gaps[0]] > min(reach, _STUB * height):
        return inked
    return inked[gaps[0] + 1 :]
