"""Where things stand on an upright page: pieces of text, lines of pieces, and the cells of ruled tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ..engine import Glyph, Run

__all__ = ["BOXES", "Piece", "level", "options_of", "pieces_of", "reading_order", "same_line", "without_repeats"]

BOXES = "□☐■☑☒√✓"
"""Boxes to tick, and what they are ticked with."""
_SAME_ROW = 0.5
_WIDE_GAP_HEIGHTS = 1.1
"""A gap wider than this many line heights parts a run: nobody leaves it inside a phrase."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text without a wide gap, in pixels of the upright page.

    Attributes:
        glyphs: Its characters; the first and the last are not blank.
        x0: Left edge; ``y0``, ``x1``, ``y1`` alike.
        confidence: The mean of its characters.
    """

    glyphs: tuple[Glyph, ...]
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float

    @property
    def text(self) -> str:
        """The characters in a row."""
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def height(self) -> float:
        """In pixels."""
        return self.y1 - self.y0

    @property
    def centre_y(self) -> float:
        """Half-way down."""
        return (self.y0 + self.y1) / 2

    @property
    def centre_x(self) -> float:
        """Half-way across."""
        return (self.x0 + self.x1) / 2

    def part(self, start: int, end: int) -> "Piece | None":
        """The characters from ``start`` up to ``end`` as a piece of their own; None when they are all blank."""
        while start < end and self.glyphs[start].text.isspace():
            start += 1
        while start < end and self.glyphs[end - 1].text.isspace():
            end -= 1
        if start >= end:
            return None
        glyphs = self.glyphs[start:end]
        x0 = self.x0 if start == 0 else glyphs[0].x0
        x1 = self.x1 if end == len(self.glyphs) else glyphs[-1].x1
        marks = [glyph.confidence for glyph in glyphs if not glyph.text.isspace()]
        return Piece(glyphs, x0, self.y0, max(x1, x0 + 1), self.y1, sum(marks) / len(marks))


def pieces_of(runs: Iterable[Run]) -> list[Piece]:
    """Runs parted at their wide gaps."""
    pieces = []
    for run in runs:
        marks = [i for i, glyph in enumerate(run.glyphs) if not glyph.text.isspace()]
        whole = Piece(run.glyphs, run.x0, run.y0, run.x1, run.y1, run.confidence)
        gap = _WIDE_GAP_HEIGHTS * (run.y1 - run.y0)
        starts = [0]
        for before, after in pairwise(marks):
            if run.glyphs[after].x0 - run.glyphs[before].x1 > gap:
                starts.append(after)
        for start, end in zip(starts, [*starts[1:], len(run.glyphs)], strict=True):
            piece = whole.part(start, end)
            if piece is not None:
                pieces.append(piece)
    return pieces


def without_repeats(runs: Sequence[Run]) -> list[Run]:
    """Runs without an end that another run begins with, and the reverse: where lines that were found overlap, it is read twice.

    The character stays with the run that holds more of it.
    """
    edges = np.array([(run.x0, run.y0, run.x1, run.y1) for run in runs], np.float64).reshape(-1, 4)
    kept = list(runs)
    for number, run in enumerate(runs):
        middle = (run.y0 + run.y1) / 2
        beside = (edges[:, 1] < middle) & (edges[:, 3] > middle) & (edges[:, 0] < run.x1) & (edges[:, 2] > run.x1)
        for other in np.nonzero(beside)[0].tolist():
            last, first = run.glyphs[-1], runs[other].glyphs[0]
            if last.text != first.text or min(last.x1, first.x1) - max(last.x0, first.x0) <= 0:
                continue
            if last.x1 - last.x0 < first.x1 - first.x0:
                kept[number] = _shortened(kept[number], kept[number].glyphs[:-1])
            else:
                kept[other] = _shortened(kept[other], kept[other].glyphs[1:])
    return kept


def _shortened(run: Run, glyphs: tuple[Glyph, ...]) -> Run:
    if not any(not glyph.text.isspace() for glyph in glyphs):
        return run
    return replace(run, glyphs=glyphs, x0=max(run.x0, glyphs[0].x0), x1=min(run.x1, glyphs[-1].x1))


def options_of(piece: Piece) -> list[Piece]:
    """A piece parted before each box to tick, and at blanks next to Chinese characters, which do not part words otherwise."""
    text = piece.text
    cuts = [0]
    for i in range(1, len(text)):
        beside_han = text[i - 1] == " " and max(text[i], text[i - 2 : i - 1]) >= "\u2e80"
        if text[i] in BOXES or beside_han:
            cuts.append(i)
    return [part for a, b in pairwise([*cuts, len(text)]) if (part := piece.part(a, b)) is not None]


def same_line(a: Piece, b: Piece) -> bool:
    """Whether two pieces stand on one line: each one's middle lies within the other."""
    return a.y0 < b.centre_y < a.y1 and b.y0 < a.centre_y < b.y1


def level(a: Piece, b: Piece) -> bool:
    """Whether two pieces stand in one row: what is typed above a line shares half its height with the label printed on it."""
    return min(a.y1, b.y1) - max(a.y0, b.y0) >= _SAME_ROW * min(a.height, b.height)


def reading_order(pieces: Sequence[Piece]) -> list[Piece]:
    """Line by line from the top, each line from the left."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.centre_y):
        if lines and same_line(lines[-1][0], piece):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [piece for line in lines for piece in sorted(line, key=lambda p: p.x0)]
