"""Pages as they come out when something went wrong before labels and values are paired: a value or a label that was not seen,
a ruling line that was not found, labels that nobody has heard of.

Made of what an engine read, so that one reading gives many such pages. They hold the mistakes that well-printed forms lack:
a label beside an empty place takes what stands next to it for its value.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

from ocr import Box as PageBox
from ocr.engine import Glyph, Run
from ocr.image.prepare import PreparedPage
from ocr.image.rulings import Rulings, Segment
from ocr.vocabulary import Vocabulary

from .labelled import Box, LabelledPage

VALUES_LOST = 0.12
LABELS_LOST = 0.06
LINES_LOST = 0.05
FIELDS_FORGOTTEN = 0.15
MARGIN_PX = 6
"""A character that is lost is lost whole, even where the engine places it a little beside its ink."""

Edges = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Spoilt:
    """What is left of a page: its text, its lines, the labels that are known, and what is true of it now."""

    runs: tuple[Run, ...]
    rulings: Rulings
    vocabulary: Vocabulary
    page: LabelledPage


def spoil(
    page: LabelledPage,
    runs: Sequence[Run],
    rulings: Rulings,
    prepared: PreparedPage,
    vocabulary: Vocabulary,
    random: Random,
) -> Spoilt:
    """Lose some of a page, by lot.

    Args:
        runs: What an engine read from the upright page.
        rulings: Its lines.
        prepared: The way from the page as received, in whose pixels the truth is, to the upright one.
    """
    lost: list[Edges] = []
    pairs = []
    for pair in page.pairs:
        gone = pair.value_box is not None and random.random() < VALUES_LOST
        if gone and pair.value_box is not None:
            lost.append(_upright(prepared, pair.value_box))
        else:
            pairs.append(pair)
        if pair.key_box is not None and random.random() < LABELS_LOST:
            lost.append(_upright(prepared, pair.key_box))
    kept = tuple(left for run in runs if (left := _without(run, lost)) is not None)
    fields = tuple(each for each in vocabulary.fields if random.random() >= FIELDS_FORGOTTEN)
    lines = Rulings(_thinned(rulings.horizontal, random), _thinned(rulings.vertical, random))
    return Spoilt(kept, lines, Vocabulary(fields), replace(page, pairs=tuple(pairs)))


def _upright(prepared: PreparedPage, box: Box) -> Edges:
    x0, y0, x1, y1 = prepared.box_as_prepared(PageBox(*(round(edge) for edge in box)))
    return x0 - MARGIN_PX, y0, x1 + MARGIN_PX, y1


def _thinned(lines: Iterable[Segment], random: Random) -> tuple[Segment, ...]:
    return tuple(line for line in lines if random.random() >= LINES_LOST)


def _without(run: Run, lost: Sequence[Edges]) -> Run | None:
    """What is left of a run outside the places; None where that is nothing."""
    middle = (run.y0 + run.y1) / 2
    places = [(x0, x1) for x0, y0, x1, y1 in lost if y0 <= middle <= y1]

    def stays(glyph: Glyph) -> bool:
        at = (glyph.x0 + glyph.x1) / 2
        return not any(x0 <= at <= x1 for x0, x1 in places)

    glyphs = [glyph for glyph in run.glyphs if stays(glyph)]
    while glyphs and glyphs[-1].text.isspace():
        glyphs.pop()
    while glyphs and glyphs[0].text.isspace():
        glyphs.pop(0)
    if not glyphs:
        return None
    if len(glyphs) == len(run.glyphs):
        return run
    return replace(run, glyphs=tuple(glyphs), x0=glyphs[0].x0, x1=glyphs[-1].x1)
