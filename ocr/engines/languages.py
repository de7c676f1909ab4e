"""Lines in scripts that the first reader has no characters for: Cyrillic, Thai, Arabic, Korean, Devanagari and others.

It takes such lines for Latin letters and is unsure of them, or sees nothing. A page with many of them is read by the second
reader too, in the languages that were asked for, and its lines in those scripts take the place of the first reader's.
"""

import unicodedata
from collections.abc import Sequence

from ..engine import Run

__all__ = ["in_doubt", "with_foreign_lines"]

_KNOWN_SCRIPTS = frozenset(
    ("LATIN", "GREEK", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "BOPOMOFO", "FULLWIDTH", "HALFWIDTH")
)
_UNSURE = 0.85
_LEAST_LINES, _LEAST_SHARE = 2, 0.1
_FOREIGN_SHARE = 0.5
_LEAST_CONFIDENCE = 0.5
_COVERED = 0.5


def in_doubt(confidences: Sequence[float]) -> bool:
    """Whether the first reader is unsure of so many lines of a page that they may be in a script it does not know.

    Args:
        confidences: Of every line in which it saw anything at all, 0.0 to 1.0.
    """
    unsure = sum(1 for confidence in confidences if confidence < _UNSURE)
    return unsure >= max(_LEAST_LINES, _LEAST_SHARE * len(confidences))


def with_foreign_lines(runs: Sequence[Run], others: Sequence[Run]) -> list[Run]:
    """The first reader's lines, and in place of those that it could not know, the second reader's.

    Args:
        runs: Of the first reader.
        others: Of the second, of the same page.
    """
    foreign = [run for run in others if run.confidence >= _LEAST_CONFIDENCE and _is_foreign(run.text)]
    return [run for run in runs if not any(_covers(line, run) for line in foreign)] + foreign


def _is_foreign(text: str) -> bool:
    letters = [c for c in text if unicodedata.category(c)[0] == "L"]
    strange = sum(1 for c in letters if unicodedata.name(c, "").partition(" ")[0] not in _KNOWN_SCRIPTS)
    return bool(letters) and strange >= _FOREIGN_SHARE * len(letters)


def _covers(line: Run, run: Run) -> bool:
    """Whether most of a run lies within the line."""
    wide = min(line.x1, run.x1) - max(line.x0, run.x0)
    high = min(line.y1, run.y1) - max(line.y0, run.y0)
    return wide >= _COVERED * (run.x1 - run.x0) and high >= _COVERED * min(run.y1 - run.y0, line.y1 - line.y0)
