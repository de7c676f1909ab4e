"""The page that a form is registered from: its picture, its words, and the zones that it seems to have."""

import io
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image

from ..engine import GrayLevels, OcrEngine
from ..image.prepare import gray_levels
from ..image.rulings import find_rulings
from ..limits import ReadingLimits
from ..marks.ticks import frames_in
from ..page import Box, Word
from ..pairs.cells import Cell, CellFinder
from ..pairs.extract import find_pairs, parted
from ..pairs.labels import label_score
from ..pairs.layout import Piece, options_of, pieces_of, reading_order, same_line
from ..pipeline import upright_page
from ..scans.decode import decode_page, open_scan
from ..vocabulary import Vocabulary
from .register import fold_print, register_page
from .template import Anchor, FormTemplate, Option, Zone, ZoneKind

__all__ = ["Reference", "anchors_of", "gray_of", "read_reference", "with_marks"]

_JPEG_QUALITY = 88
_MOST_DIGITS = 3
"""A text with more digits is a number of this one copy, not a part of the form."""
_MOST_ANCHORS = 150
_LEAST_CELLS = 4
_LINE_COVERED = 0.85
_LEAST_ROW_SHARE = 0.5
_UNEVEN = 0.2
_LABEL_LIKE = 2.0
_LABEL = " :：*"


@dataclass(frozen=True, slots=True)
class Reference:
    """A page ready to be marked.

    Attributes:
        picture: The page, upright and straight, as JPEG; all boxes are in its pixels.
        words: Its text.
        zones: Proposed.
    """

    picture: bytes
    width_px: int
    height_px: int
    words: tuple[Word, ...]
    zones: tuple[Zone, ...]


def read_reference(
    data: bytes,
    number: int,
    *,
    engine: OcrEngine,
    vocabulary: Vocabulary,
    limits: ReadingLimits = ReadingLimits(),  # noqa: B008 - frozen
    former: FormTemplate | None = None,
) -> Reference:
    """Read one page of a scan as the reference of a form.

    Args:
        data: The scan; blank or filled in.
        number: The page, from 1.
        former: An earlier edition of the form; where the page is like it, its zones are proposed in their new places.

    Raises:
        ScanRefusedError: The file cannot be read, or has no such page.
        EngineFailedError: The engine gave up on the page.
        EngineTimeoutError: It took too long.
    """
    with open_scan(data, limits) as scan:
        pixels = decode_page(scan, number).pixels
    prepared, seen = upright_page(pixels, engine)
    page, gray = prepared.pixels, gray_levels(prepared.pixels)
    rulings = find_rulings(gray)
    pieces = reading_order(pieces_of(seen.read(rulings)))
    atoms = [atom for piece in pieces for atom in parted(piece, vocabulary)]
    words = tuple(
        Word(word.text, round(word.confidence, 4), _box_of(word)) for atom in atoms for word in options_of(atom)
    )
    labels = [pair.key for pair in find_pairs(pieces, rulings, vocabulary)]
    labels += [(atom,) for atom in atoms if vocabulary.name_of(atom.text) is not None]
    finder = CellFinder(rulings, max(gray.shape))
    zones = _carried(former, pieces) if former else []
    zones += [
        zone
        for zone in _proposed(labels, atoms, words, finder, vocabulary, gray)
        if not any(_share_in(zone.box, each.box) > 0.3 or (zone.name and zone.name == each.name) for each in zones)
    ]
    out = io.BytesIO()
    Image.fromarray(page).save(out, "JPEG", quality=_JPEG_QUALITY)
    height, width = gray.shape
    marked = (with_marks(zone, gray, words, options=[option.text for option in zone.options]) for zone in zones)
    return Reference(out.getvalue(), width, height, words, tuple(marked))


def gray_of(picture: bytes) -> GrayLevels:
    """The grey levels of a reference's picture."""
    with Image.open(io.BytesIO(picture)) as opened:
        return np.asarray(opened.convert("L"), dtype=np.uint8)


def anchors_of(words: Iterable[Word], zones: Sequence[Zone]) -> tuple[Anchor, ...]:
    """The printed texts that recognise a form: what stands outside its zones and is no number of this one copy."""
    found = []
    for word in words:
        folded = fold_print(word.text)
        if len(folded) < 2 or sum(c.isdigit() for c in folded) > _MOST_DIGITS:
            continue
        if any(_share_in(word.box, zone.box) > 0.3 for zone in zones):
            continue
        found.append(Anchor(word.text, word.box))
    # The longest say most; beyond these, more of them only take time.
    return tuple(sorted(found, key=lambda anchor: -len(anchor.text))[:_MOST_ANCHORS])


def _share_in(box: Box, place: Box) -> float:
    across = min(box.x1, place.x1) - max(box.x0, place.x0)
    down = min(box.y1, place.y1) - max(box.y0, place.y0)
    return across * down / max(box.width * box.height, 1) if across > 0 and down > 0 else 0.0


def _box_of(piece: Piece) -> Box:
    return Box(round(piece.x0), round(piece.y0), max(round(piece.x1), round(piece.x0) + 1), round(piece.y1))


# --- what is in a zone --------------------------------------------------------------------------------------------------


def with_marks(zone: Zone, gray: GrayLevels, words: Sequence[Word], *, options: Sequence[str] = ()) -> Zone:
    """A zone with its boxes to tick, or its boxes for characters, as the reference shows them.

    Args:
        zone: Its kind tells what to look for.
        gray: The reference.
        words: Its text.
        options: The wording of the options, where it is known; as many as there are boxes, or it does not count.
    """
    if zone.kind is ZoneKind.DIGITS:
        return replace(zone, options=(), cells=tuple(_cells_in(gray, zone.box)))
    if zone.kind is ZoneKind.TEXT:
        return replace(zone, options=(), cells=())
    frames = frames_in(gray, zone.box)
    if zone.kind is ZoneKind.TICK:
        frames = frames[:1]
    texts = list(options) if len(options) == len(frames) else _wordings(frames, words, zone.box)
    if zone.kind is ZoneKind.TICK and frames:
        texts = [(texts[0] if texts else "") or zone.label]
    found = [Option(text, frame) for text, frame in zip(texts, frames, strict=True) if text]
    return replace(zone, options=tuple(found), cells=())


def _wordings(frames: Sequence[Box], words: Sequence[Word], zone: Box) -> list[str]:
    """The text of each box: what stands right of it, or left of it where a line of boxes begins with text and ends without."""
    texts: list[str] = []
    for line in _lines_of(frames):
        edges = [zone.x0, *(edge for frame in line for edge in (frame.x0, frame.x1)), zone.x1]
        gaps = [_text_between(words, line, start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]
        texts += gaps[:-1] if gaps[0] and not gaps[-1] else gaps[1:]
    return texts


def _lines_of(frames: Sequence[Box]) -> list[list[Box]]:
    """Boxes in lines, each from the left; ``frames`` are sorted by line."""
    lines: list[list[Box]] = []
    for frame in frames:
        if lines and abs(lines[-1][0].y0 - frame.y0) < 0.8 * frame.height:
            lines[-1].append(frame)
        else:
            lines.append([frame])
    return lines


def _text_between(words: Sequence[Word], line: Sequence[Box], start: int, end: int) -> str:
    """What stands in a line of boxes between two edges."""
    middle = (line[0].y0 + line[0].y1) / 2
    text = ""
    for word in sorted(words, key=lambda each: each.box.x0):
        if word.box.y0 <= middle <= word.box.y1:
            text += "".join(character for x, character in _places(word, line) if start <= x < end)
    return text.strip(" □☐☑☒口■√✓:：()（）")


def _places(word: Word, line: Sequence[Box]) -> list[tuple[float, str]]:
    """Where the characters of a word are: equally wide, and not where a box is, which is often not read as one."""
    edges = [word.box.x0]
    for frame in line:
        if frame.x1 > word.box.x0 and frame.x0 < word.box.x1:
            edges += [frame.x0, frame.x1]
    edges.append(word.box.x1)
    least = 0.4 * line[0].width
    stretches = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > least] or [word.box[::2]]
    step = sum(b - a for a, b in stretches) / len(word.text)
    places = []
    for at, character in enumerate(word.text):
        along = (at + 0.5) * step
        for a, b in stretches:
            if along < b - a or (a, b) == stretches[-1]:
                places.append((a + along, character))
                break
            along -= b - a
    return places


def _cells_in(gray: GrayLevels, box: Box) -> list[Box]:
    """The boxes for single characters in a row, from the left; none where there are not at least four alike."""
    # The first and the last line often lie on the edges of the zone.
    left = max(0, box.x0 - round(0.15 * box.height))
    part = gray[box.y0 : box.y1, left : box.x1 + round(0.15 * box.height)]
    if min(part.shape, default=0) < 8:
        return []
    paper = float(np.median(part))
    ink = np.asarray(cv2.dilate(np.asarray(part < paper - 50, dtype=np.uint8), np.ones((1, 3), np.uint8)))
    inner = ink[round(0.15 * len(ink)) : round(0.85 * len(ink))]
    lines = np.flatnonzero(inner.mean(axis=0) >= _LINE_COVERED)
    if len(lines) == 0:
        return []
    groups = np.split(lines, np.flatnonzero(np.diff(lines) > 3) + 1)
    edges = [float(group.mean()) for group in groups]
    widths = np.diff(edges)
    if len(widths) < _LEAST_CELLS:
        return []
    usual = float(np.median(widths))
    cells = [
        Box(round(left + edge), box.y0, round(left + edge + width), box.y1)
        for edge, width in zip(edges, widths, strict=False)
        if abs(width - usual) <= _UNEVEN * usual
    ]
    # Strokes of characters stand at uneven distances, and nowhere over half of a row.
    is_row = len(cells) >= _LEAST_CELLS and sum(cell.width for cell in cells) >= _LEAST_ROW_SHARE * box.width
    return cells if is_row else []


# --- proposals ----------------------------------------------------------------------------------------------------------


def _carried(former: FormTemplate, pieces: Sequence[Piece]) -> list[Zone]:
    """The zones of an earlier edition where they are on this page; none where it is not like it."""
    registration = register_page(pieces, (former,))
    if registration is None:
        return []
    return [
        replace(zone, box=Box(*(max(0, round(edge)) for edge in registration.place(zone.box)))) for zone in former.zones
    ]


def _proposed(
    labels: Iterable[tuple[Piece, ...]],
    atoms: Sequence[Piece],
    words: Sequence[Word],
    finder: CellFinder,
    vocabulary: Vocabulary,
    gray: GrayLevels,
) -> list[Zone]:
    """A zone beside, or below, every label that leaves room for an answer."""
    zones: list[Zone] = []
    names: set[str] = set()
    for label in labels:
        text = "".join(piece.text for piece in label).strip(_LABEL)
        box = _room(label, atoms, finder, vocabulary, gray.shape[1])
        if box is None or not text or any(_share_in(box, zone.box) > 0.3 for zone in zones):
            continue
        name = vocabulary.name_of(text)
        if name in names:
            name = None
        names |= {name} if name else set()
        kind = ZoneKind.TEXT
        if len(_cells_in(gray, box)) >= _LEAST_CELLS:
            kind = ZoneKind.DIGITS
        elif _offers_options(gray, box, words):
            kind = ZoneKind.CHOICE
        zones.append(Zone(secrets.token_hex(4), text, name, kind, box))
    return sorted(zones, key=lambda zone: (zone.box.y0, zone.box.x0))


def _offers_options(gray: GrayLevels, box: Box, words: Sequence[Word]) -> bool:
    """Whether there are boxes to tick, each with its wording."""
    frames = frames_in(gray, box)
    if len(frames) < 2:
        return False
    texts = _wordings(frames, words, box)
    before = _text_between(words, _lines_of(frames)[0], box.x0, frames[0].x0)
    # Squares behind some text are parts of its characters, unless each text has its square behind it.
    return all(any(c.isalpha() for c in text) for text in texts) and (not before or texts[0] == before)


def _room(
    label: Sequence[Piece], atoms: Sequence[Piece], finder: CellFinder, vocabulary: Vocabulary, width_px: int
) -> Box | None:
    """Where the answer to a label goes; None where there is no room for one."""
    first, last = label[0], label[-1]
    height = last.height
    cell = finder.at(last.centre_x, last.centre_y)
    if cell is not None and cell.width < 0.9 * width_px:
        own = _beside_in_cell(last, cell, height)
        right = finder.right_of(cell)
        if right is None or not _is_free(right, atoms, vocabulary):
            return own
        if own is not None and _holds_text(own, atoms):
            return own
        return _inset(_row_of(right, finder), height)
    ends = [atom.x0 for atom in atoms if atom.x0 >= last.x1 and same_line(atom, last) and _is_label(atom, vocabulary)]
    right_edge = min(ends, default=0.97 * width_px) - 0.4 * height
    box = Box(
        round(last.x1 + 0.1 * height), round(first.y0 - 0.3 * height), round(right_edge), round(last.y1 + 0.3 * height)
    )
    return box if box.width > 1.5 * height else None


def _beside_in_cell(label: Piece, cell: Cell, height: float) -> Box | None:
    """The rest of the label's own cell: below a label in small print, else right of it."""
    margin = max(2, round(0.12 * height))
    if cell.y1 - label.y1 > 1.1 * height and label.y0 - cell.y0 < 0.8 * height:
        return Box(cell.x0 + margin, round(label.y1), cell.x1 - margin, cell.y1 - margin)
    if cell.x1 - label.x1 > 3.5 * height:
        return Box(round(label.x1 + 0.1 * height), cell.y0 + margin, cell.x1 - margin, cell.y1 - margin)
    return None


def _row_of(first: Cell, finder: CellFinder) -> Cell:
    """The whole row of boxes for single characters that begins with a cell; the cell itself where it is none."""
    last, count = first, 1
    while (following := finder.right_of(last)) is not None and abs(following.width - first.width) < 0.3 * first.width:
        last, count = following, count + 1
    is_row = count >= _LEAST_CELLS and first.width < 1.5 * first.height
    return Cell(first.y0, first.x0, last.y1, last.x1) if is_row else first


def _inset(cell: Cell, height: float) -> Box | None:
    margin = max(2, round(0.12 * height))
    box = Box(cell.x0 + margin, cell.y0 + margin, cell.x1 - margin, cell.y1 - margin)
    return box if box.width > height and box.height > 0.6 * height else None


def _is_free(cell: Cell, atoms: Sequence[Piece], vocabulary: Vocabulary) -> bool:
    """Whether no label stands in a cell."""
    inside = [atom for atom in atoms if cell.x0 <= atom.centre_x <= cell.x1 and cell.y0 <= atom.centre_y <= cell.y1]
    return not any(_is_label(atom, vocabulary) for atom in inside)


def _holds_text(box: Box, atoms: Sequence[Piece]) -> bool:
    return any(box.x0 <= atom.centre_x <= box.x1 and box.y0 <= atom.centre_y <= box.y1 for atom in atoms)


def _is_label(atom: Piece, vocabulary: Vocabulary) -> bool:
    return vocabulary.name_of(atom.text) is not None or label_score(atom.text, vocabulary) > _LABEL_LIKE
