"""Printed choices with boxes to tick: which of them is ticked is seen in the image, because readers of text often miss it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from ..engine import Glyph
from ..pairs.layout import Piece
from .crosses import crossed
from .rounds import circles_in, ringed
from .squares import squares_in

__all__ = ["Choice", "choices_in", "is_only_choices", "offers_choices"]

_MARKS = "□☐☑☒■○◯●√✓✔▣◉❏"
_TICKED = "☑☒■●√✓✔▣◉"
_LOOKALIKES = "口"
"""A character that readers take an empty box for."""
_ROUND_LOOKALIKES = "OQ0o〇。◎⊙@"
"""Characters that readers take a round box for, where they stand by themselves."""
_OPTIONS = re.compile(
    r"男|女|未婚|已婚|离异|丧偶|高中|大专|本科|硕士|博士|是|否|有|无|"
    r"\b(?:fe)?male|(?:fe)?male\b|single|married|widowed|divorced|\byes\b|\bno\b",
    re.IGNORECASE,
)
_LINE_PX = 48.0
"""Lines are looked at in this height: a box is then some 16 to 40 pixels wide."""
_SMALLEST, _LARGEST = 0.32, 0.85
_SIDE_COVERED = 0.88
_OUTLINE_COVERED, _WITHIN = 0.93, 0.6
"""Of a round box: how much of its outline is inked, and how far, in radii, what is inside reaches."""
_BESIDE = 0.1
"""How far into the stretch of a character, in its widths, a circle beside it may seem to be: the stretches are estimates."""
_RING_REACH = 0.6
"""How far above and below a line a ring round one of its words may reach, in line heights."""
_TICKED_SHARE = 0.05
_UNSEEN_FACTOR = 0.5
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
    choices = _seen(boxes, glyphs) if len(boxes) >= 2 or (boxes and boxes[0][2] >= _TICKED_SHARE) else []
    if len(boxes) >= 2 and not _hides_one(choices):
        return choices
    # Some circles on coarse scans, and discs, have squares in them: few squares wait until circles have been looked for.
    rounds = _rounds(gray, line, glyphs)
    if len(rounds) >= 2 and len(rounds) > len(boxes):
        choices = _seen(rounds, glyphs)
    if choices:
        # Where the box between two options was not seen, nobody knows which of them is meant.
        factor = _UNSEEN_FACTOR if _hides_one(choices) else 1.0
        return [replace(choice, confidence=factor * choice.confidence) for choice in choices]
    return _told(glyphs) or _marked(gray, line, glyphs)


def _seen(boxes: Sequence[tuple[float, float, float]], glyphs: Sequence[Glyph]) -> list[Choice]:
    """Choices by the boxes of the image: left edge, right edge, share of ink inside."""
    words: list[list[Glyph]] = [[] for _ in range(len(boxes) + 1)]
    for glyph in glyphs:
        centre = (glyph.x0 + glyph.x1) / 2
        inside = any(x0 - 0.3 * (x1 - x0) <= centre <= x1 + 0.3 * (x1 - x0) for x0, x1, _ in boxes)
        if glyph.text in _MARKS or (inside and glyph.text in _LOOKALIKES + _ROUND_LOOKALIKES):
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


def _hides_one(choices: Sequence[Choice]) -> bool:
    """Whether an option has the words of two, so that a box was not seen."""
    return any(len(_OPTIONS.findall(choice.text)) > 1 for choice in choices)


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
    seen = _ink_of(gray, line, 0.1)
    if seen is None:
        return []
    ink, left, scale = seen
    texts = [((g.x0 + g.x1) / 2 - left) * scale for g in glyphs if g.text not in _MARKS + _LOOKALIKES and g.text != " "]
    centres = np.array(texts, dtype=np.float64)
    found = _frames(ink, centres)
    return [(left + x / scale, left + (x + side) / scale, _filled(ink, x, y, side)) for x, y, side in found]


def _rounds(
    gray: npt.NDArray[np.uint8], line: Sequence[Piece], glyphs: Sequence[Glyph]
) -> list[tuple[float, float, float]]:
    """Round boxes on a line that are no characters: left edge, right edge, share of ink inside."""
    seen = _ink_of(gray, line, 0.1)
    if seen is None:
        return []
    ink, left, scale = seen
    letters = np.array([(g.x0, g.x1) for g in _letters(glyphs)], dtype=np.float64).reshape(-1, 2)
    starts, ends = (letters.T - left) * scale
    radii = range(round(_SMALLEST * _LINE_PX / 2), round(_LARGEST * _LINE_PX / 2) + 1)
    chosen: list[tuple[int, int, int]] = []
    for x, y, radius in circles_in(ink, radii, _OUTLINE_COVERED):
        apart = all(abs(x - other_x) >= 1.5 * (radius + other) for other_x, _, other in chosen)
        within = (starts + _BESIDE * (ends - starts) < x) & (x < ends - _BESIDE * (ends - starts))
        near = np.abs((starts + ends) / 2 - x) < 1.1 * radius
        if apart and not (within | near).any():
            chosen.append((x, y, radius))
    usual = float(np.median([radius for _, _, radius in chosen])) if chosen else 0.0
    alike = sorted(each for each in chosen if abs(each[2] - usual) <= 0.25 * usual)
    return [(left + (x - r) / scale, left + (x + r) / scale, _filled_disc(ink, x, y, r)) for x, y, r in alike]


def _letters(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """What is no box, however it was read: a letter O by itself may be a round one, within a word it is none."""
    letters = []
    before = " "
    for glyph in glyphs:
        alone = not (before.isascii() and before.isalnum())
        if not glyph.text.isspace() and glyph.text not in _MARKS and not (alone and glyph.text in _ROUND_LOOKALIKES):
            letters.append(glyph)
        before = glyph.text
    return letters


def _filled_disc(ink: Ink, x: int, y: int, radius: int) -> float:
    """How much of the inside of a circle is inked."""
    reach = round(_WITHIN * radius)
    rows, columns = np.ogrid[-reach : reach + 1, -reach : reach + 1]
    part = ink[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
    disc = (rows**2 + columns**2 <= reach**2)[: part.shape[0], : part.shape[1]]
    return float(part[disc].mean())


def _marked(gray: npt.NDArray[np.uint8], line: Sequence[Piece], glyphs: Sequence[Glyph]) -> list[Choice]:
    """Choices without boxes, one of which has a ring drawn round it, or a mark beside it; none where neither is seen."""
    options = [match.span() for match in _OPTIONS.finditer("".join(glyph.text for glyph in glyphs))]
    if len(options) < 2:
        return []
    number = crossed(glyphs, options)
    if number is None:
        number = _ringed(gray, line, [(glyphs[start].x0, glyphs[end - 1].x1) for start, end in options])
    if number is None:
        return []
    words = [glyphs[start:end] for start, end in options]
    sure = [_BY_TEXT_ALONE * sum(glyph.confidence for glyph in word) / len(word) for word in words]
    return [Choice(_text(word), i == number, sure[i]) for i, word in enumerate(words)]


def _ringed(gray: npt.NDArray[np.uint8], line: Sequence[Piece], words: Sequence[tuple[float, float]]) -> int | None:
    """Which of the words of a line has a ring drawn round it; None where none has."""
    seen = _ink_of(gray, line, _RING_REACH)
    if seen is None:
        return None
    ink, left, scale = seen
    return ringed(ink, [((x0 - left) * scale, (x1 - left) * scale) for x0, x1 in words], _LINE_PX)


def _ink_of(gray: npt.NDArray[np.uint8], line: Sequence[Piece], over: float) -> tuple[Ink, float, float] | None:
    """A line's ink, scaled to the height at which lines are looked at; None where it is all paper.

    Args:
        gray: The upright page.
        line: The pieces of the line.
        over: How far above and below the line is looked, in line heights.

    Returns: The ink, its left edge on the page, and its pixels for one of the page.
    """
    height = float(np.median([piece.height for piece in line]))
    left = max(0, round(min(p.x0 for p in line) - height))
    right = min(gray.shape[1], round(max(p.x1 for p in line) + height))
    top = max(0, round(min(p.y0 for p in line) - over * height))
    bottom = min(gray.shape[0], round(max(p.y1 for p in line) + over * height))
    if right - left < 8 or bottom - top < 8:
        return None
    scale = _LINE_PX / height
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    crop = np.asarray(cv2.resize(gray[top:bottom, left:right], None, fx=scale, fy=scale, interpolation=method))
    dark, paper = np.percentile(crop, (1, 75))
    if paper - dark < 40:
        return None
    return crop < paper - 0.4 * (paper - dark), left, scale


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
