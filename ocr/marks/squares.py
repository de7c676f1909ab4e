"""Squares drawn on a page: the frames of boxes to tick, whatever is in them."""

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["squares_in"]


def squares_in(ink: npt.NDArray[np.bool_], sides: range, covered: float) -> list[tuple[int, int, int]]:
    """Every square whose four sides are inked, the best drawn and then the largest first; they overlap each other.

    Args:
        ink: Where the image is dark. A side may waver by a pixel.
        sides: Lengths of a side to look for, in pixels.
        covered: The share of each side that is inked at least, 0.0 to 1.0.

    Returns: Left edge, top edge and side of each, in pixels.
    """
    tall = np.asarray(cv2.dilate(ink.astype(np.uint8), np.ones((3, 1), np.uint8)), dtype=np.float64)
    wide = np.asarray(cv2.dilate(ink.astype(np.uint8), np.ones((1, 3), np.uint8)), dtype=np.float64)
    across = np.pad(np.cumsum(tall, axis=1), ((0, 0), (1, 0)))
    down = np.pad(np.cumsum(wide, axis=0), ((1, 0), (0, 0)))
    rows, columns = ink.shape
    found: list[tuple[float, int, int, int]] = []
    for side in sides:
        if side >= min(rows, columns) - 1:
            break
        horizontal = (across[:, side:] - across[:, :-side]) / side
        vertical = (down[side:] - down[:-side]) / side
        height, width = rows - side, columns - side
        worst = np.minimum(
            np.minimum(horizontal[:height, :width], horizontal[side : side + height, :width]),
            np.minimum(vertical[:height, :width], vertical[:height, side : side + width]),
        )
        ys, xs = np.nonzero(worst >= covered)
        found += [(float(worst[y, x]), int(x), int(y), side) for y, x in zip(ys, xs, strict=True)]
    return [(x, y, side) for _, x, y, side in sorted(found, key=lambda each: (-round(each[0], 2), -each[3]))]
