"""One field of a form: what its label means, what its value says, and how sure that is."""

import re
from collections.abc import Iterable, Sequence

from .engine import GrayLevels
from .evidence import contested, evidence_of, rivals_of, weakest
from .image.prepare import PreparedPage
from .marks.answered import answer_of, choices_on
from .marks.choices import offers_choices
from .page import Box, Extraction
from .pairs.labels import label_score
from .pairs.layout import Piece
from .pairs.pair import Pair
from .trust import most_confidence, probability
from .values import CheckedValue, Kind, address_parts, check_value
from .vocabulary import Vocabulary

__all__ = ["box_of", "read_fields"]

_INVALID_FACTOR = 0.5
"""A value that breaks a hard rule was misread, or miswritten: either way a human should look first at it."""
_WARNED_FACTOR = 0.9
_WORDING = re.compile(r"[\W口]")
_DOUBTED_CONFIDENCE = 0.9
"""At most, for what is read well and may yet be no answer, or half of one; and for signatures: hands in a hurry are read
wrongly with great confidence."""
_LABEL_LIKE = 2.0


def box_of(prepared: PreparedPage, pieces: Sequence[Piece]) -> Box:
    """Where pieces stand, in pixels of the page as received."""
    return Box.around(prepared.box_as_received(p.x0, p.y0, p.x1, p.y1) for p in pieces)


def _joined(pieces: Iterable[Piece]) -> str:
    """Texts in a row; a blank only between words that would otherwise run together."""
    text = ""
    for piece in pieces:
        if text and text[-1].isascii() and piece.text[0].isascii():
            text += " "
        text += piece.text
    return text


def _is_doubtful(value: str, checked: CheckedValue, kind: Kind, vocabulary: Vocabulary) -> bool:
    """Whether a value may be another label, a stroke or a number of a row, or a date of which a stamp hides a part."""
    partial = kind is Kind.DATE and checked.normalised is not None and len(checked.normalised) < len("2024-03-05")
    lone = kind is not Kind.SEX and len(_WORDING.sub("", value)) < 2
    begins = any(vocabulary.name_of(value[: m.start()]) for m in re.finditer(r"[\s:：□☑]|$", value[:40]) if m.start())
    return partial or lone or begins or label_score(value, vocabulary) >= _LABEL_LIKE


def read_fields(
    pairs: Sequence[Pair], number: int, prepared: PreparedPage, vocabulary: Vocabulary, gray: GrayLevels
) -> list[Extraction]:
    """Read what the labels and values of a page say, in their order.

    Args:
        pairs: As ``find_pairs`` gives them, in pixels of the upright page.
        number: Of the page, from 1.
        prepared: How the upright page was made of the page as received.
        vocabulary: The labels that are known.
        gray: The upright page, in which ticks are looked for.
    """
    counts = zip(pairs, rivals_of(pairs, vocabulary), contested(pairs), strict=True)
    return [
        _read_field(pair, number, prepared, vocabulary, gray, others, claimed=claimed)
        for pair, others, claimed in counts
    ]


def _key_of(pair: Pair) -> str:
    return _joined(pair.key).rstrip(": \uff1a")


def _read_field(
    pair: Pair,
    number: int,
    prepared: PreparedPage,
    vocabulary: Vocabulary,
    gray: GrayLevels,
    rivals: int,
    *,
    claimed: bool,
) -> Extraction:
    key = _key_of(pair)
    value = _joined(pair.value)
    name = vocabulary.name_of(key)
    kind = vocabulary.kind_of(name) if name else Kind.TEXT
    confidence = min([*(piece.confidence for piece in pair.key), *(weakest(piece) for piece in pair.value)])
    if offers_choices(value):
        value, checked, sure = answer_of(value, choices_on(gray, pair.value), kind)
        confidence = min([sure, *(piece.confidence for piece in pair.key)])
    else:
        checked = check_value(kind, value)
        confidence = min(confidence, probability(evidence_of(pair, checked, kind, vocabulary, rivals)))
    confidence = min(
        confidence, most_confidence(key, name, kind, value, by_place_alone=pair.by_place_alone, contested=claimed)
    )
    if name == "signature" or _is_doubtful(value, checked, kind, vocabulary):
        confidence = min(confidence, _DOUBTED_CONFIDENCE)
    if not checked.valid:
        confidence *= _INVALID_FACTOR
    elif checked.problems:
        confidence *= _WARNED_FACTOR
    return Extraction(
        key=key,
        value=value,
        name=name if pair.row is None else None,
        normalised=checked.normalised,
        valid=checked.valid,
        problems=checked.problems,
        confidence=round(confidence, 4),
        page=number,
        key_box=box_of(prepared, pair.key),
        value_box=box_of(prepared, pair.value),
        suggestion=checked.suggestion,
        row=pair.row,
        parts=address_parts(checked.normalised) if kind is Kind.ADDRESS and checked.normalised else None,
    )
