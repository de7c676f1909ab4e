"""What the ticks of printed choices say: the answer to a question with options."""

import re
from collections.abc import Sequence

from ..engine import GrayLevels
from ..pairs.layout import Piece, reading_order, same_line
from ..values import CheckedValue, Kind, check_value
from .choices import Choice, choices_in

__all__ = ["answer_of", "choices_on"]

_UNDECIDED_CONFIDENCE = 0.5
"""At most, where choices are printed and the machine cannot tell which one was made."""
_WORDING = re.compile(r"[\W口]")


def choices_on(gray: GrayLevels, pieces: Sequence[Piece]) -> list[Choice]:
    """The choices that pieces of text offer, line by line.

    Args:
        gray: The upright page.
        pieces: In its pixels.
    """
    lines: list[list[Piece]] = []
    for piece in reading_order(pieces):
        if lines and same_line(lines[-1][0], piece):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [choice for line in lines for choice in choices_in(gray, line)]


def answer_of(value: str, choices: Sequence[Choice], kind: Kind) -> tuple[str, CheckedValue, float]:
    """What is chosen.

    Args:
        value: The text as read.
        choices: That it offers.
        kind: Of the field.

    Returns: The raw value with its ticks, what it means, and how sure that is.
    """
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
