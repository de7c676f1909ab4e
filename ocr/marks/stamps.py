"""What a page bears besides text that can be read: stamps, and whether somebody signed where a signature is asked for.

Neither is told by the recogniser: the legend of a seal runs in a circle, and a signature in a hurry is no letters. Both are
seen in the image, by the colour of stamping ink and by ink in the place where one signs.
"""

import re
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from ..engine import GrayLevels, Pixels
from ..fields import box_of
from ..image.prepare import PreparedPage
from ..image.rulings import Rulings
from ..page import Mark, MarkKind
from ..pairs.layout import Piece, same_line

__all__ = ["find_marks"]

_WORKING_SIDE_PX = 600
"""Stamps are looked for in a copy of this size: one of 15 mm on A4 is still 30 pixels wide."""
_SMALLEST_STAMP, _LARGEST_STAMP = 1 / 24, 1 / 4
"""Sides as shares of the page's longer side: 12 to 74 mm on A4. Company seals are 38 to 45 mm, name stamps 15 to 20 mm wide."""
_LONGEST_SHAPE = 2.2
"""Width by height, or height by width: stamps are round, oval or square; a printed red heading is longer."""
_LEAST_INK, _LEAST_SATURATION, _LEAST_VALUE = 0.06, 60, 60
_RED_HUES = (10, 165)
"""In OpenCV's half degrees: red lies below the first and above the second."""
_JOINED = 1 / 90
"""Gaps between the strokes of one stamp, as a share of the page's longer side."""
_STRIDE_PX, _RED_EXCESS = 3, 20
"""Every how many pixels, each way, red is looked for first, and by how much a red one has more red than green."""
_LEVEL, _CLOSE, _ALIKE = 0.35, 0.7, 1.6
"""Of the words of a heading, in heights: how far their middles may differ, how far apart they stand, how unlike in height."""
_MOST_RED = 0.15
"""A page with more red on it is printed in red, or on red paper: nothing there is told to be a stamp."""

_ASKS_TO_SIGN = re.compile(
    r"^(?:.{0,10}(?:签字|签名|签章)(?:[\(（].{0,8}[\)）])?|(?:.{0,24}\s)?signature(?: of .{0,24})?)\s*[:：]?\s*$",
    re.IGNORECASE,
)
_SIGNING_WIDTH, _SIGNING_HEIGHT = 9.0, 1.8
"""The place to sign, right of its label, in heights of the label."""
_LEAST_WRITTEN = 0.012
"""Share of that place that a signature's ink covers; specks and what the label's neighbours reach over cover less."""
_LEAST_SPREAD = 1.0
"""Width of a signature, in heights of the label."""


def find_marks(
    pieces: Sequence[Piece],
    rulings: Rulings,
    prepared: PreparedPage,
    gray: GrayLevels,
) -> list[Mark]:
    """The stamps on a page, and for each label that asks for a signature, whether one stands there.

    Args:
        pieces: All that was read, labels and values parted, in pixels of the upright page.
        rulings: The lines of the upright page.
        gray: Its grey levels.
    """
    stamps = [
        Mark(MarkKind.STAMP, prepared.box_as_received(x0, y0, x1, y1))
        for x0, y0, x1, y1 in _stamps(np.asarray(prepared.pixels, dtype=np.uint8))
    ]
    labels = [piece for piece in pieces if _ASKS_TO_SIGN.search(piece.text)]
    if not labels:
        return stamps
    unruled = _ink_without(rulings, gray)
    return stamps + [_signature(label, pieces, prepared, unruled) for label in labels]


def _stamps(pixels: Pixels) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom edge of each stamp, in pixels of the upright page."""
    if not _may_have_red(pixels):
        return []
    factor = min(1.0, _WORKING_SIDE_PX / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    hue, saturation, value = cv2.split(cv2.cvtColor(small, cv2.COLOR_RGB2HSV))
    red = ((hue < _RED_HUES[0]) | (hue > _RED_HUES[1])) & (saturation > _LEAST_SATURATION) & (value > _LEAST_VALUE)
    if red.mean() > _MOST_RED:
        return []
    side = max(small.shape[:2])
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (round(side * _JOINED) | 1,) * 2)
    joined = cv2.morphologyEx(red.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    parts = [tuple(int(v) for v in stats[number, :4]) for number in range(1, count)]
    found = []
    for number, (x, y, w, h) in enumerate(parts, start=1):
        longer, shorter = max(w, h), min(w, h)
        if not _SMALLEST_STAMP * side <= longer <= _LARGEST_STAMP * side or longer > _LONGEST_SHAPE * shorter:
            continue
        if red[y : y + h, x : x + w][labels[y : y + h, x : x + w] == number].sum() < _LEAST_INK * w * h:
            continue
        if not any(_are_of_one_line((x, y, w, h), other) for other in parts):
            found.append((x / factor, y / factor, (x + w) / factor, (y + h) / factor))
    whole: list[tuple[float, float, float, float]] = []
    for box in sorted(found, key=lambda box: (box[0] - box[2]) * (box[3] - box[1])):
        middle_x, middle_y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        # The star, and parts of the legend, lie within the ring.
        if not any(x0 < middle_x < x1 and y0 < middle_y < y1 for x0, y0, x1, y1 in whole):
            whole.append(box)
    return sorted(whole, key=lambda box: (box[1], box[0]))


def _may_have_red(pixels: Pixels) -> bool:
    """Whether a closer look is worth while: most pages are black on white, and one pixel in nine tells."""
    few = pixels[::_STRIDE_PX, ::_STRIDE_PX].astype(np.int16)
    return bool((few[..., 0] - few[..., 1] > _RED_EXCESS).any())


def _are_of_one_line(part: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether two red parts are words of a heading: side by side, as high as each other, and close."""
    (x, y, w, h), (other_x, other_y, other_w, other_h) = part, other
    gap = max(other_x - x - w, x - other_x - other_w)
    level = abs(y + h / 2 - other_y - other_h / 2) < _LEVEL * h
    return level and 0 <= gap < _CLOSE * h and 1 / _ALIKE < other_h / h < _ALIKE


def _ink_without(rulings: Rulings, gray: GrayLevels) -> npt.NDArray[np.uint8]:
    """The page's dark ink, 1 where it is, without its ruling lines and the lines to write on."""
    side = max(gray.shape)
    _, ink = cv2.threshold(gray, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    thick = max(2, round(side / 700))
    for line in rulings.horizontal:
        top = max(0, round(line.at) - thick)
        ink[top : round(line.at) + thick + 1, max(0, round(line.start)) : round(line.end) + 1] = 0
    for line in rulings.vertical:
        left = max(0, round(line.at) - thick)
        ink[max(0, round(line.start)) : round(line.end) + 1, left : round(line.at) + thick + 1] = 0
    return np.asarray(ink, dtype=np.uint8)


def _signature(label: Piece, pieces: Sequence[Piece], prepared: PreparedPage, ink: npt.NDArray[np.uint8]) -> Mark:
    """Whether there is ink where the label asks for a signature: beside it, up to the next label on the line."""
    height = label.y1 - label.y0
    right = label.x1 + _SIGNING_WIDTH * height
    others = [p.x0 for p in pieces if p is not label and same_line(p, label) and p.x0 > label.x1 and _is_label(p)]
    right = min([right, *(x - 0.3 * height for x in others)])
    middle, half = (label.y0 + label.y1) / 2, _SIGNING_HEIGHT * height / 2
    x0, x1 = round(label.x1 + 0.1 * height), min(ink.shape[1], round(right))
    y0, y1 = max(0, round(middle - half)), min(ink.shape[0], round(middle + half))
    place = ink[y0:y1, x0:x1]
    inked = np.flatnonzero(place.any(axis=0)) if place.size else np.empty(0, dtype=np.intp)
    signed = bool(inked.size and place.mean() >= _LEAST_WRITTEN and inked[-1] - inked[0] >= _LEAST_SPREAD * height)
    box = (
        prepared.box_as_received(x0 + int(inked[0]), y0, x0 + int(inked[-1]) + 1, y1)
        if signed
        else box_of(prepared, (label,))
    )
    text = label.text.strip().rstrip(" :\uff1a")
    return Mark(MarkKind.SIGNATURE if signed else MarkKind.NO_SIGNATURE, box, text)


def _is_label(piece: Piece) -> bool:
    return piece.text.rstrip()[-1:] in (":", "\uff1a")
