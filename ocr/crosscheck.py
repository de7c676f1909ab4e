"""A second opinion on numbers that matter, and what the values of one form say of each other.

Where a number breaks its rules or was read with doubt, Tesseract, whose mistakes are others than RapidOCR's, reads the
cut-out again. What it sees becomes a suggestion beside the raw text, never the value: a check digit that fits may be luck.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import cv2
import numpy as np

from .engine import GrayLevels
from .engines.tesseract import read_line
from .image.prepare import PreparedPage
from .page import Extraction
from .values import Kind, check_value, id_number_birth_date, id_number_sex
from .vocabulary import Vocabulary

__all__ = ["cross_checked", "with_id_number"]

_DIGITS = "0123456789"
_CHARACTERS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.ID_NUMBER: _DIGITS + "X",
        Kind.USCC: _DIGITS + "ABCDEFGHJKLMNPQRTUWXY",
        Kind.BANK_CARD: _DIGITS,
        Kind.MOBILE: _DIGITS,
        Kind.AMOUNT: _DIGITS + ",.",
    }
)
"""What is worth a second look, and the characters it can consist of."""
_DOUBTFUL = 0.9
_MOST_A_PAGE = 4
"""A look takes a fifth of a second; a page full of doubtful numbers was scanned too badly for looks to help."""
_LINE_PX = 48
_BORDER_PX = 16
_DIFFERS_FACTOR = 0.9


def cross_checked(
    found: Sequence[Extraction], prepared: PreparedPage, gray: GrayLevels, vocabulary: Vocabulary
) -> list[Extraction]:
    """Give each doubtful number of a page the suggestion that a second reading makes.

    Without Tesseract, or where it sees the same or nothing that keeps the rules, an extraction stays as it is.

    Args:
        found: What was read from the page.
        prepared: The page, with the way back to the pixels as received.
        gray: Its grey levels.
        vocabulary: Tells the kind of each field.
    """
    looks = 0
    checked = []
    for extraction in found:
        kind = vocabulary.kind_of(extraction.name) if extraction.name else Kind.TEXT
        if kind in _CHARACTERS and looks < _MOST_A_PAGE and _is_doubtful(extraction):
            looks += 1
            checked.append(_looked_at_again(extraction, kind, prepared, gray))
        else:
            checked.append(extraction)
    return checked


def _is_doubtful(extraction: Extraction) -> bool:
    if extraction.value_box is None or not extraction.value.strip() or extraction.suggestion:
        return False
    return not extraction.valid or extraction.confidence < _DOUBTFUL or "bank-card-luhn" in extraction.problems


def _looked_at_again(extraction: Extraction, kind: Kind, prepared: PreparedPage, gray: GrayLevels) -> Extraction:
    assert extraction.value_box is not None
    crop = _cut_out(gray, prepared.box_as_prepared(extraction.value_box))
    text = read_line(crop, _CHARACTERS[kind]) if crop is not None else None
    if not text:
        return extraction
    seen = check_value(kind, text)
    if seen.problems or not seen.valid or seen.normalised in (None, extraction.normalised):
        return extraction
    return replace(extraction, suggestion=seen.normalised)


def _cut_out(gray: GrayLevels, box: tuple[float, float, float, float]) -> GrayLevels | None:
    """The box, a line high, with a border of paper; None where nothing of it is on the page."""
    left, top = (max(0, round(v)) for v in box[:2])
    right, bottom = min(gray.shape[1], round(box[2])), min(gray.shape[0], round(box[3]))
    if right - left < 8 or bottom - top < 8:
        return None
    crop = gray[top:bottom, left:right]
    factor = _LINE_PX / (bottom - top)
    line = cv2.resize(crop, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    paper = float(np.percentile(line, 75))
    bordered = cv2.copyMakeBorder(line, *(_BORDER_PX,) * 4, cv2.BORDER_CONSTANT, value=paper)
    return np.asarray(bordered, dtype=np.uint8)


def with_id_number(found: Sequence[Extraction]) -> list[Extraction]:
    """Compare the date of birth and the sex on a form with what its ID number says of them.

    An ID number holds both (GB 11643), so a form with one valid number and another date or sex was misread, or miswritten:
    the date or sex gets a warning, and the person who looks decides. Nothing is compared where a form has several ID
    numbers, as those of a family.
    """
    numbers = {e.normalised for e in found if e.name == "id_number" and e.valid and e.normalised}
    if len(numbers) != 1:
        return list(found)
    number = numbers.pop()
    born = id_number_birth_date(number)
    said = {"birth_date": born.isoformat() if born else None, "sex": id_number_sex(number)}
    codes = {"birth_date": "birth-date-differs", "sex": "sex-differs"}
    return [
        replace(e, problems=(*e.problems, codes[e.name]), confidence=round(e.confidence * _DIFFERS_FACTOR, 4))
        if e.name in codes and e.normalised and _differ(e.normalised, said[e.name])
        else e
        for e in found
    ]


def _differ(value: str, other: str | None) -> bool:
    """A partial date agrees with each day in it."""
    return other is not None and not other.startswith(value)
