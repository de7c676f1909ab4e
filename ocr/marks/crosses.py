"""A mark written beside one of several printed options that have no boxes: "MALE X FEMALE", "_X_ Yes ___ No"."""

from collections.abc import Sequence
from itertools import pairwise

from ..engine import Glyph

__all__ = ["crossed"]

_CROSSES = "XxVv×✕✗✘√✓✔\u2611\u2612"
_BLANKS = "_＿—-"
"""What lines to write a mark on are read as."""
_CLEARLY_NEARER = 0.6
"""A mark between two options belongs to the one from which it is so much nearer: this share of its distance from the other."""

Span = tuple[int, int]


def crossed(glyphs: Sequence[Glyph], options: Sequence[Span]) -> int | None:
    """Which of the options of a line the one mark belongs to; None where there is no mark, more than one, or no telling.

    Where blanks or the mark stand before the first option, every option has its place before it; where they stand behind the
    last one and none before the first, behind. Between two options without such a hint the clearly nearer one counts.

    Args:
        glyphs: The characters of the line, from the left.
        options: First character of each option and the one after its last, from the left.
    """
    marks: list[tuple[int, Glyph]] = []
    gaps = [(0, options[0][0]), *((a[1], b[0]) for a, b in pairwise(options)), (options[-1][1], len(glyphs))]
    for number, (start, end) in enumerate(gaps):
        written = [glyph for glyph in glyphs[start:end] if glyph.text.isalnum() or glyph.text in _CROSSES]
        if any(glyph.text not in _CROSSES for glyph in written):
            return None
        marks += [(number, glyph) for glyph in written]
    if len(marks) != 1:
        return None
    number, mark = marks[0]
    first, last = (any(glyph.text in _BLANKS for glyph in glyphs[slice(*gaps[at])]) for at in (0, -1))
    if number == 0 or (first and not last):
        return number if number < len(options) else None
    if number == len(options) or (last and not first):
        return number - 1
    before = mark.x0 - glyphs[options[number - 1][1] - 1].x1
    behind = glyphs[options[number][0]].x0 - mark.x1
    if min(before, behind) > _CLEARLY_NEARER * max(before, behind):
        return None
    return number - 1 if before < behind else number
