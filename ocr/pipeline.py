"""The conductor: bytes of a scan in, a ``Reading`` out."""

import re
import time
from collections.abc import Iterable, Sequence

import numpy as np

from .choices import Choice, choices_in, offers_choices
from .crosscheck import cross_checked, with_id_number
from .decode import ScanFile, decode_page, open_scan
from .engine import EnginePage, Glyph, GrayLevels, OcrEngine, Pixels, Run
from .extract import Pair, find_pairs, parted
from .labels import label_score
from .layout import Piece, options_of, pieces_of, reading_order, same_line
from .limits import ReadingLimits
from .page import Box, Extraction, Reading, ReadPage, TemplateMatch, Word
from .prepare import PreparedPage, gray_levels, prepare
from .register import register_page
from .rulings import find_rulings
from .template import FormTemplate
from .trust import most_confidence
from .values import CheckedValue, Kind, check_value
from .vocabulary import DEFAULT_VOCABULARY, Vocabulary
from .zones import beside_zones, read_zones

__all__ = ["read_scan", "upright_page"]

_INVALID_FACTOR = 0.5
"""A value that breaks a hard rule was misread, or miswritten: either way a human should look first at it."""
_WARNED_FACTOR = 0.9
_UNDECIDED_CONFIDENCE = 0.5
"""At most, where choices are printed and the machine cannot tell which one was made."""
_WORDING = re.compile(r"[\W口]")
_DOUBTED_CONFIDENCE = 0.9
"""At most, for what is read well and may yet be no answer, or half of one; and for signatures: hands in a hurry are read
wrongly with great confidence."""
_LABEL_LIKE = 2.0


def read_scan(
    data: bytes,
    *,
    engine: OcrEngine,
    vocabulary: Vocabulary = DEFAULT_VOCABULARY,
    limits: ReadingLimits = ReadingLimits(),  # noqa: B008 - frozen
    templates: Sequence[FormTemplate] = (),
) -> Reading:
    """Read a scan: every page's words, and every key-value pair found on them.

    A page that is a copy of a registered form is read zone by zone; what stands elsewhere on it is found as on any page.

    One page is in memory at a time.

    Args:
        data: A PDF, TIFF, JPEG, PNG, WebP or HEIC file.
        engine: As ``open_engine`` gives it.
        vocabulary: The fields that labels are recognised as.
        limits: Bounds within which the file is read.
        templates: The forms that are registered.

    Raises:
        ScanRefusedError: The file cannot be read as it is; its subclasses say why.
        EngineFailedError: The engine gave up on a page.
        EngineTimeoutError: The engine took too long over a page.
    """
    begun = time.perf_counter()
    pages: list[ReadPage] = []
    extractions: list[Extraction] = []
    matches: list[TemplateMatch] = []
    with open_scan(data, limits) as scan:
        for number in range(1, scan.page_count + 1):
            page, found, match = _read_page(scan, number, engine, vocabulary, templates)
            pages.append(page)
            extractions.extend(found)
            matches += [match] if match else []
    name = matches[0].name if matches else None
    compared = tuple(with_id_number(extractions))
    return Reading(engine.name, time.perf_counter() - begun, name, tuple(pages), compared, tuple(matches))


def _read_page(
    scan: ScanFile, number: int, engine: OcrEngine, vocabulary: Vocabulary, templates: Sequence[FormTemplate]
) -> tuple[ReadPage, list[Extraction], TemplateMatch | None]:
    image = decode_page(scan, number)
    digital = image.words is not None
    prepared, seen = (_as_it_is(image.pixels), None) if digital else upright_page(image.pixels, engine)
    gray = gray_levels(prepared.pixels)
    rulings = find_rulings(gray)
    runs = seen.read(rulings) if seen is not None else _runs_of(image.words or ())
    pieces = reading_order(pieces_of(runs))
    # Words end where labels and values part, so that each can be shown, and found, by itself.
    smallest = [word for piece in pieces for atom in parted(piece, vocabulary) for word in options_of(atom)]
    words = tuple(Word(w.text, round(w.confidence, 4), _box(prepared, (w,))) for w in smallest)
    page = ReadPage(
        number,
        image.width_px,
        image.height_px,
        image.dpi,
        prepared.rotation_deg,
        prepared.skew_deg,
        words,
        digital,
    )
    pairs = find_pairs(pieces, rulings, vocabulary)
    found = [_extraction(pair, number, prepared, vocabulary, gray) for pair in pairs]
    form = register_page(pieces, templates)
    if form is not None:
        zones = read_zones(form, pieces, prepared, gray, engine=engine, vocabulary=vocabulary, number=number)
        found = zones + beside_zones(form, found, prepared)
    if not digital:
        found = cross_checked(found, prepared, gray, vocabulary)
    return page, found, form.match(number) if form is not None else None


def upright_page(pixels: Pixels, engine: OcrEngine) -> tuple[PreparedPage, EnginePage]:
    """The page ready for reading. It is taken for upright first, as nearly all are, and looked at again where it is not."""
    prepared = prepare(pixels, 0)
    seen = engine.look_at(prepared.pixels)
    if rotation_deg := seen.rotation():
        prepared = prepare(pixels, rotation_deg)
        seen = engine.look_at(prepared.pixels)
    return prepared, seen


def _as_it_is(pixels: Pixels) -> PreparedPage:
    """A page with text of its own is drawn upright and straight."""
    return PreparedPage(pixels, 0, 0.0, np.eye(3)[:2], pixels.shape[1], pixels.shape[0])


def _runs_of(words: Iterable[Word]) -> list[Run]:
    """Words of a digital page as if an engine had read them."""
    runs = []
    for word in words:
        step = word.box.width / len(word.text)
        glyphs = tuple(
            Glyph(c, word.box.x0 + i * step, word.box.x0 + (i + 1) * step, word.confidence)
            for i, c in enumerate(word.text)
        )
        runs.append(Run(glyphs, *word.box, word.confidence))
    return runs


def _box(prepared: PreparedPage, pieces: tuple[Piece, ...]) -> Box:
    return Box.around(prepared.box_as_received(p.x0, p.y0, p.x1, p.y1) for p in pieces)


def _joined(pieces: Iterable[Piece]) -> str:
    """Texts in a row; a blank only between words that would otherwise run together."""
    text = ""
    for piece in pieces:
        if text and text[-1].isascii() and piece.text[0].isascii():
            text += " "
        text += piece.text
    return text


def _choices(gray: GrayLevels, pieces: tuple[Piece, ...]) -> list[Choice]:
    """The choices that a value offers, line by line."""
    lines: list[list[Piece]] = []
    for piece in reading_order(pieces):
        if lines and same_line(lines[-1][0], piece):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [choice for line in lines for choice in choices_in(gray, line)]


def _chosen(value: str, choices: list[Choice], kind: Kind) -> tuple[str, CheckedValue, float]:
    """The raw value with its ticks, what it means, and how sure that is."""
    raw = " ".join(("☑" if choice.ticked else "□") + choice.text for choice in choices)
    if _WORDING.sub("", raw) != _WORDING.sub("", value):
        raw = value  # what was read beside the choices is not lost
    ticked = [choice for choice in choices if choice.ticked]
    sure = min((choice.confidence for choice in ticked or choices), default=0.0)
    if len(ticked) == 1:
        checked = check_value(kind, ticked[0].text)
        doubt = min(choice.confidence for choice in choices)
        checked = CheckedValue(raw, checked.normalised, checked.valid, checked.problems, checked.suggestion)
        return raw, checked, sure if doubt > _UNDECIDED_CONFIDENCE else doubt
    if choices and not ticked:
        unmarked = check_value(kind, "男女" if kind is Kind.SEX else "")
        return raw, CheckedValue(raw, None, unmarked.valid, unmarked.problems), sure
    return value, check_value(kind, value), _UNDECIDED_CONFIDENCE


def _weakest(piece: Piece) -> float:
    """The confidence of the least certain character: one bad digit spoils an account number."""
    return min(g.confidence for g in piece.glyphs if not g.text.isspace())


def _is_doubtful(value: str, checked: CheckedValue, kind: Kind, vocabulary: Vocabulary) -> bool:
    """Whether a value may be another label, a stroke or a number of a row, or a date of which a stamp hides a part."""
    partial = kind is Kind.DATE and checked.normalised is not None and len(checked.normalised) < len("2024-03-05")
    lone = kind is not Kind.SEX and len(_WORDING.sub("", value)) < 2
    begins = any(vocabulary.name_of(value[: m.start()]) for m in re.finditer(r"[\s:：□☑]|$", value[:40]) if m.start())
    return partial or lone or begins or label_score(value, vocabulary) >= _LABEL_LIKE


def _extraction(
    pair: Pair, number: int, prepared: PreparedPage, vocabulary: Vocabulary, gray: GrayLevels
) -> Extraction:
    key = _joined(pair.key).rstrip(": \uff1a")
    value = _joined(pair.value)
    name = vocabulary.name_of(key)
    kind = vocabulary.kind_of(name) if name else Kind.TEXT
    confidence = min([*(piece.confidence for piece in pair.key), *(_weakest(piece) for piece in pair.value)])
    if offers_choices(value):
        value, checked, sure = _chosen(value, _choices(gray, pair.value), kind)
        confidence = min([sure, *(piece.confidence for piece in pair.key)])
    else:
        checked = check_value(kind, value)
    confidence = min(confidence, most_confidence(key, name, kind, value, by_place_alone=pair.by_place_alone))
    if name == "signature" or _is_doubtful(value, checked, kind, vocabulary):
        confidence = min(confidence, _DOUBTED_CONFIDENCE)
    if not checked.valid:
        confidence *= _INVALID_FACTOR
    elif checked.problems:
        confidence *= _WARNED_FACTOR
    return Extraction(
        key=key,
        value=value,
        name=name,
        normalised=checked.normalised,
        valid=checked.valid,
        problems=checked.problems,
        confidence=round(confidence, 4),
        page=number,
        key_box=_box(prepared, pair.key),
        value_box=_box(prepared, pair.value),
        suggestion=checked.suggestion,
    )
