"""Printed choices with boxes to tick: which of them is ticked is seen in the image, because readers of text often miss it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from .engine import Glyph
from .layout import Piece
from .squares import squares_in

__all__ = ["Choice", "choices_in", "is_only_choices", "offers_choices"]

_MARKS = "□☐☑☒■○◯●√✓✔▣◉❏"
_TICKED = "☑☒■●√✓✔▣◉"
_LOOKALIKES = "口"
"""A character that readers take an empty box for."""
_OPTIONS = re.compile(
    r"男|女|未婚|已婚|离异|丧偶|高中|大专|本科|硕士|博士|是|否|有|无|"
    r"\b(?:fe)?male|(?:fe)?male\b|single|married|widowed|divorced|\byes\b|\bno\b",
    re.IGNORECASE,
)
_LINE_PX = 48.0
"""Lines are looked at in this height: a box is then some 16 to 40 pixels wide."""
_SMALLEST, _LARGEST = 0.32, 0.85
_SIDE_COVERED = 0.88
_TICKED_SHARE = 0.05
_CLEARLY_LESS = 0.4
_BY_TEXT_ALONE = 0.9

Ink = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Choice:
    """One option that a form offers.

    Attributes:
        text: The option's own words.
        ticked: Whether its box is ticked.
        confidence: Of its words and of its being ticked or not, 0.0 to 1.0.
    """

    text: str
    ticked: bool
    confidence: float


def offers_choices(text: str) -> bool:
    """Whether a value is a row of choices: it has boxes, or two words or more that forms print beside boxes."""
    return any(c in _MARKS for c in text) or len(_OPTIONS.findall(text)) >= 2


def is_only_choices(text: str) -> bool:
    """Whether a text is two choices or more and nothing else, their boxes perhaps unread: "MaleFemale", never "是否有债务"."""
    return len(_OPTIONS.findall(text)) >= 2 and not any(c.isalnum() for c in _OPTIONS.sub("", text))


def choices_in(gray: npt.NDArray[np.uint8], line: Sequence[Piece]) -> list[Choice]:
    """The choices that stand in one line, from the left; none when no box is found, or no words beside them.

    Args:
        gray: The upright page.
        line: The pieces of the line, in its pixels.
    """
    glyphs = [glyph for piece in sorted(line, key=lambda p: p.x0) for glyph in piece.glyphs]
    boxes = _boxes(gray, line, glyphs)
    if len(boxes) >= 2 or (boxes and boxes[0][2] >= _TICKED_SHARE):
        return _seen(boxes, glyphs)
    return _told(glyphs)


def _seen(boxes: Sequence[tuple[float, float, float]], glyphs: Sequence[Glyph]) -> list[Choice]:
    """Choices by the boxes of the image: left edge, right edge, share of ink inside."""
    words: list[list[Glyph]] = [[] for _ in range(len(boxes) + 1)]
    for glyph in glyphs:
        centre = (glyph.x0 + glyph.x1) / 2
        inside = any(x0 - 0.3 * (x1 - x0) <= centre <= x1 + 0.3 * (x1 - x0) for x0, x1, _ in boxes)
        if glyph.text in _MARKS or (inside and glyph.text in _LOOKALIKES):
            continue
        words[sum(1 for x0, x1, _ in boxes if centre > (x0 + x1) / 2)].append(glyph)
    texts = [_text(group) for group in words]
    behind = not texts[-1] and bool(texts[0])
    owned = words[:-1] if behind else words[1:]
    most = max(share for _, _, share in boxes)
    choices = []
    for (_, _, share), group in zip(boxes, owned, strict=True):
        if not _text(group):
            continue
        ticked = share >= max(_TICKED_SHARE, _CLEARLY_LESS * most)
        marks = [g.confidence for g in group if not g.text.isspace()]
        # Between clearly empty and clearly ticked, a human should look.
        sure = share >= 1.5 * _TICKED_SHARE if ticked else share <= 0.5 * max(_TICKED_SHARE, _CLEARLY_LESS * most)
        choices.append(Choice(_text(group), ticked, (sum(marks) / len(marks)) * (1.0 if sure else 0.8)))
    return choices


def _told(glyphs: Sequence[Glyph]) -> list[Choice]:
    """Choices by the boxes that the engine read as characters; it misses many, so it is believed only where each has one."""
    starts = [i for i, glyph in enumerate(glyphs) if glyph.text in _MARKS]
    if len(starts) < 2 or _text(glyphs[: starts[0]]):
        return []
    choices = []
    for start, end in zip(starts, [*starts[1:], len(glyphs)], strict=True):
        group = glyphs[start + 1 : end]
        text = _text(group)
        if not text or len(_OPTIONS.findall(text)) > 1:
            return []
        marks = [g.confidence for g in group if not g.text.isspace()]
        choices.append(Choice(text, glyphs[start].text in _TICKED, _BY_TEXT_ALONE * sum(marks) / len(marks)))
    return choices


def _text(glyphs: Sequence[Glyph]) -> str:
    return "".join(glyph.text for glyph in glyphs).strip(" :：,，、()（）")


def _boxes(
    gray: npt.NDArray[np.uint8], line: Sequence[Piece], glyphs: Sequence[Glyph]
) -> list[tuple[float, float, float]]:
    """Square frames on a line that are no part of a character: left edge, right edge, share of ink inside."""
    height = float(np.median([piece.height for piece in line]))
    left = max(0, round(min(p.x0 for p in line) - height))
    right = min(gray.shape[1], round(max(p.x1 for p in line) + height))
    top = max(0, round(min(p.y0 for p in line) - 0.1 * height))
    bottom = min(gray.shape[0], round(max(p.y1 for p in line) + 0.1 * height))
    if right - left < 8 or bottom - top < 8:
        return []
    scale = _LINE_PX / height
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    crop = np.asarray(cv2.resize(gray[top:bottom, left:right], None, fx=scale, fy=scale, interpolation=method))
    dark, paper = np.percentile(crop, (1, 75))
    if paper - dark < 40:
        return []
    ink = crop < paper - 0.4 * (paper - dark)
    texts = [((g.x0 + g.x1) / 2 - left) * scale for g in glyphs if g.text not in _MARKS + _LOOKALIKES and g.text != " "]
    centres = np.array(texts, dtype=np.float64)
    found = _frames(ink, centres)
    return [(left + x / scale, left + (x + side) / scale, _filled(ink, x, y, side)) for x, y, side in found]


def _frames(ink: Ink, text_centres: npt.NDArray[np.float64]) -> list[tuple[int, int, int]]:
    """Squares whose four sides are inked, as x, y, side, from the left; characters lie elsewhere."""
    sides = range(round(_SMALLEST * _LINE_PX), round(_LARGEST * _LINE_PX) + 1)
    chosen: list[tuple[int, int, int]] = []
    for x, y, side in squares_in(ink, sides, _SIDE_COVERED):
        middle = x + side / 2
        if any(abs(middle - (ox + other / 2)) < 0.75 * (side + other) for ox, _, other in chosen):
            continue
        if len(text_centres) and float(np.abs(text_centres - middle).min()) < 0.55 * side:
            continue
        chosen.append((x, y, side))
    if not chosen:
        return []
    usual = float(np.median([side for _, _, side in chosen]))
    return sorted(frame for frame in chosen if abs(frame[2] - usual) <= 0.25 * usual)


def _filled(ink: Ink, x: int, y: int, side: int) -> float:
    """How much of the inside of a frame is inked."""
    inset = max(2, round(0.2 * side))
    inside = ink[y + inset : y + side - inset + 1, x + inset : x + side - inset + 1]
    return float(inside.mean()) if inside.size else 0.0
