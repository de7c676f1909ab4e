"""Reads the zones of a registered form from a page of it: written text, ticked boxes, and characters in boxes of their own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ..engine import GrayLevels, OcrEngine, Pixels
from ..image.prepare import PreparedPage
from ..image.rulings import Rulings
from ..marks.answered import answer_of, choices_on
from ..marks.ticks import ink_inside, seen_near
from ..page import Box, Extraction
from ..pairs.layout import Piece, pieces_of, reading_order
from ..script import is_printed_simplified, simplified
from ..values import CheckedValue, Kind, address_parts, check_value
from ..vocabulary import Vocabulary
from .register import Registration, fold_print
from .template import Zone, ZoneKind

__all__ = ["beside_zones", "read_zones"]

Edges = tuple[float, float, float, float]

_INVALID_FACTOR = 0.5
_WARNED_FACTOR = 0.9
_TICKED_SHARE = 0.05
_CLEARLY_LESS = 0.4
_UNSURE = 0.5
_IN_SCRIPT = frozenset({Kind.TEXT, Kind.ADDRESS, Kind.COMPANY})
_CONVERTED_CONFIDENCE = 0.9
"""At most, where what was read was put into the script of the form."""
_MOST_CUT_OUTS = 12
"""Most parts of a page that are read a second time."""
_MARGIN_PX = 24
_LEAST_INK_SHARE = 0.02
_RED_BY = 30
_INK_LEVEL = 0.55
_STAMPED_SHARE = 0.01
_LEAST_CELL_INK = 0.008
_CELL_HEIGHT_PX = 56
_NO_TEXT = " \u3000:：_—|丨·"
_YES, _NO = "是", "否"


@dataclass(frozen=True, slots=True)
class _Written:
    """What stands in a zone.

    Attributes:
        text: As read.
        confidence: Of its weakest character.
        edges: Where it stands, on the upright page.
    """

    text: str
    confidence: float
    edges: Edges


@dataclass
class _Desk:
    """What the zones of one page are read from.

    Attributes:
        cut_outs: How many more parts may be read again.
    """

    registration: Registration
    pieces: Sequence[Piece]
    pixels: Pixels
    gray: GrayLevels
    engine: OcrEngine
    vocabulary: Vocabulary
    cut_outs: int = _MOST_CUT_OUTS


def read_zones(
    registration: Registration,
    pieces: Sequence[Piece],
    page: PreparedPage,
    gray: GrayLevels,
    *,
    engine: OcrEngine,
    vocabulary: Vocabulary,
    number: int,
) -> list[Extraction]:
    """Read every zone of the template that a page was registered to; zones in which nothing stands are left out.

    Text comes from the lines that the engine read of the whole page, clipped at the zone. Where a line runs across the zone's
    edge, or ink was not read, the zone's own cut-out is read again. On a form that is printed in simplified Chinese, addresses
    and the like are normalised to it; names of persons are left as they were read.

    Args:
        pieces: The text of the upright page, in the order in which it was registered.
        page: The page, upright.
        gray: Its grey levels.
        number: Of the page, from 1.

    Raises:
        EngineFailedError: The engine gave up on a cut-out.
        EngineTimeoutError: It took too long.
    """
    desk = _Desk(registration, pieces, page.pixels, gray, engine, vocabulary)
    settles_script = is_printed_simplified(anchor.text for anchor in registration.template.anchors)
    extractions = []
    for zone in registration.template.zones:
        kind = vocabulary.kind_of(zone.name) if zone.name else Kind.TEXT
        place = registration.place(zone.box)
        if zone.kind in (ZoneKind.CHOICE, ZoneKind.TICK):
            made = _ticked(desk, zone, kind)
        else:
            written = _in_cells(desk, zone, kind) if zone.kind is ZoneKind.DIGITS else _text_in(desk, place, kind)
            made = (written, check_value(kind, written.text)) if written else None
        if made is None:
            continue
        written, checked = made
        confidence = written.confidence
        normalised = checked.normalised
        if settles_script and normalised and kind in _IN_SCRIPT and simplified(normalised) != normalised:
            normalised, confidence = simplified(normalised), min(confidence, _CONVERTED_CONFIDENCE)
        if not checked.valid:
            confidence *= _INVALID_FACTOR
        elif checked.problems:
            confidence *= _WARNED_FACTOR
        extractions.append(
            Extraction(
                key=zone.label,
                value=written.text,
                name=zone.name,
                normalised=normalised,
                valid=checked.valid,
                problems=checked.problems,
                confidence=round(confidence, 4),
                page=number,
                key_box=None,
                value_box=page.box_as_received(*written.edges),
                suggestion=checked.suggestion,
                zone=zone.id,
                parts=address_parts(normalised) if kind is Kind.ADDRESS and normalised else None,
            )
        )
    return extractions


def beside_zones(registration: Registration, found: Iterable[Extraction], page: PreparedPage) -> list[Extraction]:
    """What was found by the page's layout, without what the template says itself: values in its zones, and their fields."""
    zones = registration.template.zones
    names = {zone.name for zone in zones if zone.name}
    places = [page.box_as_received(*registration.place(zone.box)) for zone in zones]
    return [
        each
        for each in found
        if each.name not in names and not any(each.value_box and _lies_in(each.value_box, place) for place in places)
    ]


def _lies_in(box: Box, place: Box) -> bool:
    """Whether half of a box or more lies in a place."""
    across = min(box.x1, place.x1) - max(box.x0, place.x0)
    down = min(box.y1, place.y1) - max(box.y0, place.y0)
    return across > 0 and down > 0 and 2 * across * down >= box.width * box.height


# --- written text -------------------------------------------------------------------------------------------------------


def _text_in(desk: _Desk, place: Edges, kind: Kind) -> _Written | None:
    inside, straddles = _clipped(desk, place)
    written = _written(inside)
    is_stamped = bool(inside) and _is_stamped(desk.pixels, place)
    if desk.cut_outs and (straddles or is_stamped or _has_ink(desk.pixels, place, inside)):
        desk.cut_outs -= 1
        again = _written(_cut_out(desk, place))
        if again is not None and (written is None or _is_better(again, written, kind)):
            return again
    return written


def _is_better(again: _Written, written: _Written, kind: Kind) -> bool:
    """Whether a second reading is to be preferred: one that keeps the rules of its kind, then the surer one."""
    new, old = (check_value(kind, each.text) for each in (again, written))
    if new.valid != old.valid or len(new.problems) != len(old.problems):
        return (new.valid, -len(new.problems)) > (old.valid, -len(old.problems))
    longer = len(again.text) > len(written.text)
    return again.confidence >= written.confidence - (0.3 if longer and written.text in again.text else 0.1)


def _clipped(desk: _Desk, place: Edges) -> tuple[list[Piece], bool]:
    """What of the page's lines lies in a place, without what is printed there; and whether a line runs across its edge."""
    x0, y0, x1, y1 = place
    parts, straddles = [], False
    for number, piece in enumerate(desk.pieces):
        overlap = min(piece.y1, y1) - max(piece.y0, y0)
        if overlap < 0.5 * min(piece.height, y1 - y0) or piece.x1 < x0 or piece.x0 > x1:
            continue
        inside = [
            at
            for at, glyph in enumerate(piece.glyphs)
            if x0 <= (glyph.x0 + glyph.x1) / 2 <= x1 and (number, at) not in desk.registration.printed
        ]
        marks = [at for at in inside if not piece.glyphs[at].text.isspace()]
        if not marks:
            continue
        part = piece.part(marks[0], marks[-1] + 1)
        if part is not None:
            parts.append(part)
        beside = [at for at in (marks[0] - 1, marks[-1] + 1) if 0 <= at < len(piece.glyphs)]
        straddles |= any(
            not piece.glyphs[at].text.isspace() and (number, at) not in desk.registration.printed for at in beside
        )
    return reading_order(parts), straddles


def _written(pieces: Iterable[Piece]) -> _Written | None:
    """Pieces as one text; a blank only between words that would otherwise run together."""
    text, used = "", []
    for piece in pieces:
        bare = piece.text.strip(_NO_TEXT) if not text else piece.text.rstrip(_NO_TEXT)
        if not bare:
            continue
        if text and text[-1].isascii() and bare[0].isascii():
            text += " "
        text += bare
        used.append(piece)
    if not text:
        return None
    weakest = min(glyph.confidence for piece in used for glyph in piece.glyphs if glyph.text not in _NO_TEXT)
    edges = (
        min(piece.x0 for piece in used),
        min(piece.y0 for piece in used),
        max(piece.x1 for piece in used),
        max(piece.y1 for piece in used),
    )
    return _Written(text, weakest, edges)


def _cut_out(desk: _Desk, place: Edges) -> list[Piece]:
    """What the engine reads from a part of the page alone; in pixels of the page."""
    height, width = desk.gray.shape
    left, top = max(0, round(place[0])), max(0, round(place[1]))
    part = _without_red(desk.pixels[top : min(height, round(place[3])), left : min(width, round(place[2]))])
    if min(part.shape) < 8:
        return []
    paper = float(np.median(part))
    padded = cv2.copyMakeBorder(part, *(_MARGIN_PX,) * 4, borderType=cv2.BORDER_CONSTANT, value=paper)
    runs = desk.engine.look_at(np.asarray(cv2.cvtColor(padded, cv2.COLOR_GRAY2RGB), dtype=np.uint8)).read(Rulings())
    return [
        Piece(piece.glyphs, piece.x0 + dx, piece.y0 + dy, piece.x1 + dx, piece.y1 + dy, piece.confidence)
        for dx, dy in [(left - _MARGIN_PX, top - _MARGIN_PX)]
        for piece in reading_order(pieces_of(runs))
        if _is_filled_in(desk, piece)
    ]


def _is_filled_in(desk: _Desk, piece: Piece) -> bool:
    """Whether a text is none of those that the form prints."""
    folded = fold_print(piece.text)
    return bool(folded) and all(folded != fold_print(anchor.text) for anchor in desk.registration.template.anchors)


def _without_red(pixels: Pixels) -> GrayLevels:
    """Grey levels without the red of a stamp; pens and print stay, on it too."""
    gray = np.ascontiguousarray(pixels[:, :, 0])
    if gray.size == 0:
        return gray
    excess = _redness(pixels)
    red = np.asarray(excess > float(np.median(excess)) + _RED_BY, dtype=np.uint8)
    if not red.any():
        return gray
    paper = np.median(gray)
    # Compression spreads colour over its neighbours; what is nearly as dark as ink is no stamp.
    spread = (cv2.dilate(red, np.ones((3, 3), np.uint8)) > 0) & (gray > paper * _INK_LEVEL)
    return np.where(spread, np.uint8(paper), gray)


def _redness(pixels: Pixels) -> "np.ndarray[tuple[int, int], np.dtype[np.int16]]":
    levels = pixels.astype(np.int16)
    return levels[:, :, 0] - np.maximum(levels[:, :, 1], levels[:, :, 2])


def _is_stamped(pixels: Pixels, place: Edges) -> bool:
    """Whether a red stamp lies on a place."""
    x0, y0, x1, y1 = (max(0, round(edge)) for edge in place)
    part = pixels[y0:y1, x0:x1]
    if part.size == 0:
        return False
    excess = _redness(part)
    return float((excess > float(np.median(excess)) + _RED_BY).mean()) > _STAMPED_SHARE


def _has_ink(pixels: Pixels, place: Edges, read: Iterable[Piece]) -> bool:
    """Whether something is drawn in a place besides ruling lines, stamps and what was read there."""
    x0, y0, x1, y1 = place
    left, top = max(0, round(x0 + 0.03 * (x1 - x0))), max(0, round(y0 + 0.12 * (y1 - y0)))
    part = _without_red(pixels[top : round(y1 - 0.12 * (y1 - y0)), left : round(x1 - 0.03 * (x1 - x0))])
    if min(part.shape, default=0) < 8:
        return False
    paper = float(np.median(part))
    ink = np.asarray(part < paper - 60, dtype=np.uint8)
    for piece in read:
        slack = 0.2 * piece.height
        rows = slice(max(0, round(piece.y0 - slack - top)), max(0, round(piece.y1 + slack - top)))
        ink[rows, max(0, round(piece.x0 - slack - left)) : max(0, round(piece.x1 + slack - left))] = 0
    for kernel in ((1, max(8, part.shape[1] // 3)), (max(8, part.shape[0] * 9 // 10), 1)):
        lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(kernel, np.uint8))
        ink = np.where(cv2.dilate(lines, np.ones((3, 3), np.uint8)) > 0, np.uint8(0), ink)
    # A character takes a fair share of a square of the zone's height, however wide the zone is.
    return float(ink.sum()) > _LEAST_INK_SHARE * (y1 - y0) ** 2


# --- boxes to tick ------------------------------------------------------------------------------------------------------


def _ticked(desk: _Desk, zone: Zone, kind: Kind) -> tuple[_Written, CheckedValue] | None:
    if not zone.options:
        return _marked(desk, zone, kind)
    frames = [seen_near(desk.gray, desk.registration.place(option.box)) for option in zone.options]
    shares = [ink_inside(desk.gray, frame) for frame in frames]
    threshold = max(_TICKED_SHARE, _CLEARLY_LESS * max(shares)) if len(shares) > 1 else _TICKED_SHARE
    ticked = [share >= threshold for share in shares]
    # Between clearly empty and clearly ticked, a human should look.
    sure = all(
        share >= 1.4 * _TICKED_SHARE if on else share <= 0.6 * threshold
        for share, on in zip(shares, ticked, strict=True)
    )
    chosen = [option.text for option, on in zip(zone.options, ticked, strict=True) if on]
    raw = " ".join(("☑" if on else "□") + option.text for option, on in zip(zone.options, ticked, strict=True))
    if zone.kind is ZoneKind.TICK and kind is Kind.BOOL:
        checked = check_value(kind, _YES if chosen else _NO)
    elif not chosen and sure:
        return None
    else:
        sure &= len(chosen) == 1 or (kind is Kind.TEXT and bool(chosen))
        checked = check_value(kind, "、".join(chosen))
    place = desk.registration.place(zone.box)
    checked = CheckedValue(raw, checked.normalised, checked.valid, checked.problems, checked.suggestion)
    return _Written(raw, 0.98 if sure else _UNSURE, place), checked


def _marked(desk: _Desk, zone: Zone, kind: Kind) -> tuple[_Written, CheckedValue] | None:
    """What is chosen where the registered page shows no boxes: options are ringed, or have a mark beside them."""
    place = desk.registration.place(zone.box)
    inside, _ = _clipped(desk, place)
    choices = choices_on(desk.gray, inside)
    if not any(choice.ticked for choice in choices):
        return None
    raw, checked, sure = answer_of(" ".join(piece.text for piece in inside), choices, kind)
    return _Written(raw, sure, place), checked


# --- a box for each character -------------------------------------------------------------------------------------------


def _in_cells(desk: _Desk, zone: Zone, kind: Kind) -> _Written | None:
    """Characters in boxes of their own, moved together and read as one line."""
    place = desk.registration.place(zone.box)
    inks = [_cell_ink(desk, desk.registration.place(cell)) for cell in zone.cells]
    filled = [ink for ink in inks if ink is not None]
    lines = _text_in(desk, place, kind)
    if not filled:
        return lines if not zone.cells else None
    gap = np.full((_CELL_HEIGHT_PX, 6), 255, np.uint8)
    strip = np.hstack([part for ink in filled for part in (gap, ink)] + [gap])
    padded = cv2.copyMakeBorder(strip, *(_MARGIN_PX,) * 4, borderType=cv2.BORDER_CONSTANT, value=255)
    runs = desk.engine.look_at(np.asarray(cv2.cvtColor(padded, cv2.COLOR_GRAY2RGB), dtype=np.uint8)).read(Rulings())
    glyphs = [glyph for piece in reading_order(pieces_of(runs)) for glyph in piece.glyphs if not glyph.text.isspace()]
    text = "".join(glyph.text for glyph in glyphs)
    if not text:
        return lines
    whole = len(text) == len(filled)
    confidence = min(glyph.confidence for glyph in glyphs) * (1.0 if whole else _UNSURE)
    moved = _Written(text, confidence, place)
    if lines is None:
        return moved
    fits = len(lines.text.replace(" ", "")) == len(filled)
    bare = _Written(lines.text.replace(" ", ""), lines.confidence * (1.0 if fits else _UNSURE), place)
    if fits != whole:
        return bare if fits else moved
    return moved if _is_better(moved, bare, kind) else bare


def _cell_ink(desk: _Desk, cell: Edges) -> "GrayLevels | None":
    """The inside of a box for one character, of one height; None where it is empty."""
    x0, y0, x1, y1 = cell
    inset = 0.1 * (x1 - x0)
    part = desk.gray[
        max(0, round(y0 + 0.08 * (y1 - y0))) : round(y1 - 0.08 * (y1 - y0)),
        max(0, round(x0 + inset)) : round(x1 - inset),
    ]
    if min(part.shape, default=0) < 5:
        return None
    paper = float(np.median(part))
    ink = part < paper - 60
    if float(ink.mean()) < _LEAST_CELL_INK:
        return None
    columns = np.flatnonzero(ink.any(axis=0))
    trimmed = part[:, max(0, int(columns[0]) - 2) : int(columns[-1]) + 3]
    levelled = np.clip(trimmed.astype(np.float64) * 255 / max(paper, 1.0), 0, 255).astype(np.uint8)
    factor = _CELL_HEIGHT_PX / part.shape[0]
    size = (max(4, round(levelled.shape[1] * factor)), _CELL_HEIGHT_PX)
    return np.asarray(cv2.resize(levelled, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
