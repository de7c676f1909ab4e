"""The conductor: bytes of a scan in, a ``Reading`` out."""

import time
from collections.abc import Iterable, Sequence

import numpy as np

from .crosscheck import cross_checked, with_id_number
from .engine import EnginePage, Glyph, OcrEngine, Pixels, Run
from .fields import box_of, read_fields
from .forms.register import register_page
from .forms.template import FormTemplate
from .forms.zones import beside_zones, read_zones
from .image.ink import without_margins
from .image.prepare import PreparedPage, gray_levels, prepare
from .image.rulings import find_rulings
from .limits import ReadingLimits
from .marks.stamps import find_marks
from .marks.tick_boxes import with_boxes_as_seen
from .page import Extraction, Reading, ReadPage, TemplateMatch, Word
from .pairs.boxed import joined_boxes
from .pairs.extract import find_pairs, parted
from .pairs.layout import options_of, pieces_of, reading_order, without_repeats
from .pairs.records import numbered_on
from .pairs.structure import structure_of
from .scans.decode import ScanFile, decode_page, open_scan
from .vocabulary import DEFAULT_VOCABULARY, Vocabulary

__all__ = ["read_scan", "upright_page"]


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
            extractions.extend(numbered_on(extractions, found))
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
    runs = (
        with_boxes_as_seen(gray, without_repeats(seen.read(rulings)))
        if seen is not None
        else _runs_of(image.words or ())
    )
    pieces, rulings = joined_boxes(reading_order(pieces_of(runs)), rulings)
    # Words end where labels and values part, so that each can be shown, and found, by itself.
    atoms = [atom for piece in pieces for atom in parted(piece, vocabulary)]
    smallest = [word for atom in atoms for word in options_of(atom)]
    framed = smallest if digital else without_margins(gray, smallest)
    words = tuple(Word(w.text, round(w.confidence, 4), box_of(prepared, (w,))) for w in framed)
    page = ReadPage(
        number,
        image.width_px,
        image.height_px,
        image.dpi,
        prepared.rotation_deg,
        prepared.skew_deg,
        words,
        digital,
        tuple(find_marks(atoms, rulings, prepared, gray)),
        *structure_of(pieces, rulings, prepared, vocabulary),
    )
    pairs = find_pairs(pieces, rulings, vocabulary)
    found = read_fields(pairs, number, prepared, vocabulary, gray)
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
    return PreparedPage(pixels, 0, 0.0, np.eye(3), pixels.shape[1], pixels.shape[0])


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
