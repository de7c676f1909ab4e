"""Fits how far a label and a value are trusted: a logistic function of the evidence, on pages of which the truth is known.

Only what may be accepted at all is fitted: labels that are known, values that keep their rules, nothing that ``ocr.trust`` holds
down anyway. Wrong pairs are rare on pages that are made to be read, so each page is also taken apart in several ways
(``spoilt``). The weights are found by Newton's method with a pull towards zero; a feature whose weight comes out against its
meaning is left out. Then all probabilities are lowered together until, on pages that were left out of the fitting, those of 0.95
and more are right in 99 of 100 even at the lower end of what chance allows.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from ocr.engine import GrayLevels, OcrEngine, Run
from ocr.evidence import Evidence, contested, evidence_of, rivals_of
from ocr.fields import read_fields
from ocr.image.prepare import PreparedPage, gray_levels
from ocr.image.rulings import Rulings, find_rulings
from ocr.marks.choices import offers_choices
from ocr.pairs.boxed import joined_boxes
from ocr.pairs.extract import find_pairs
from ocr.pairs.layout import pieces_of, reading_order
from ocr.pipeline import upright_page
from ocr.trust import most_confidence
from ocr.values import check_value
from ocr.vocabulary import DEFAULT_VOCABULARY, Vocabulary

from .labelled import LabelledPage
from .scoring import judge
from .spoilt import spoil

Matrix = NDArray[np.float64]

ACCEPTED = 0.95
LEAST_RIGHT = 0.99
PULL = 1.0
FOLDS = 5
SPEAK_FOR = frozenset({"value_sure", "key_sure", "colon", "checked"})
"""Features that can only raise a probability; all others can only lower it."""
ASIDE = frozenset({"signature", "sex", "marital_status", "education"})
"""Signatures are no text of the truth; and a page that is taken apart keeps some of its choices by lot."""
ROUNDS = 40
DEVIATIONS = 1.64
"""Normal deviations to the lower end of what chance allows: one in twenty lies below."""


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page with what the engine read from it."""

    page: LabelledPage
    runs: tuple[Run, ...]
    rulings: Rulings
    prepared: PreparedPage
    gray: GrayLevels


@dataclass(frozen=True, slots=True)
class Sample:
    """The evidence of one pair, whether it is right, and the number of its page."""

    evidence: Evidence
    right: bool
    page: int


@dataclass(frozen=True, slots=True)
class Fit:
    """What was fitted.

    Attributes:
        bias: The score of no evidence, lowered by the margin.
        weights: Of each feature, by the order of ``Evidence``.
        margin: How far the scores were lowered.
        accepted: Of the pairs on pages left out: how many reach ``ACCEPTED``.
        right: How many of those are right.
    """

    bias: float
    weights: tuple[float, ...]
    margin: float
    accepted: int
    right: int


def look_at(page: LabelledPage, pixels: NDArray[np.uint8], engine: OcrEngine) -> SeenPage:
    """Read a page, once for all the ways in which it is spoilt."""
    prepared, seen = upright_page(pixels, engine)
    gray = gray_levels(prepared.pixels)
    rulings = find_rulings(gray)
    return SeenPage(page, tuple(seen.read(rulings)), rulings, prepared, gray)


def samples_of(seen: SeenPage, number: int, times: int, random: Random) -> list[Sample]:
    """Return the pairs found on a page as it is and spoilt so many times."""
    found = _samples(seen.page, seen.runs, seen.rulings, seen, DEFAULT_VOCABULARY, number)
    for _ in range(times):
        left = spoil(seen.page, seen.runs, seen.rulings, seen.prepared, DEFAULT_VOCABULARY, random)
        found += _samples(left.page, left.runs, left.rulings, seen, left.vocabulary, number)
    return found


def _samples(
    page: LabelledPage, runs: Sequence[Run], rulings: Rulings, seen: SeenPage, vocabulary: Vocabulary, number: int
) -> list[Sample]:
    pieces, lines = joined_boxes(reading_order(pieces_of(runs)), rulings)
    pairs = find_pairs(pieces, lines, vocabulary)
    extractions = read_fields(pairs, 1, seen.prepared, vocabulary, seen.gray)
    rights = {id(each.extraction): each.right for each in judge(page, extractions)[1]}
    samples = []
    found = zip(pairs, extractions, rivals_of(pairs, vocabulary), contested(pairs), strict=True)
    for pair, extraction, rivals, claimed in found:
        # Signatures are no text of the truth; which choice is ticked is told by the image.
        if id(extraction) not in rights or _is_aside(extraction.key, extraction.value, extraction.name):
            continue
        if extraction.name is None:
            continue
        kind = vocabulary.kind_of(extraction.name)
        checked = check_value(kind, extraction.value)
        most = most_confidence(
            extraction.key,
            extraction.name,
            kind,
            extraction.value,
            by_place_alone=pair.by_place_alone,
            contested=claimed,
        )
        if checked.valid and most >= ACCEPTED:
            evidence = evidence_of(pair, checked, kind, vocabulary, rivals)
            samples.append(Sample(evidence, rights[id(extraction)], number))
    return samples


def _is_aside(key: str, value: str, name: str | None) -> bool:
    return name in ASIDE or offers_choices(value) or any(word in key for word in ("签", "ignature"))


def fit(samples: Sequence[Sample]) -> Fit:
    """Fit the weights, and the margin on pages left out."""
    features = np.array([sample.evidence for sample in samples], np.float64)
    right = np.array([sample.right for sample in samples], np.float64)
    pages = np.array([sample.page for sample in samples])
    scores = np.zeros(len(samples))
    for fold in range(FOLDS):
        out = pages % FOLDS == fold
        scores[out] = _with_one(features[out]) @ _coefficients(_with_one(features[~out]), right[~out])
    margin = _margin(scores, right)
    coefficients = _coefficients(_with_one(features), right)
    reached = scores - margin >= _logit(ACCEPTED)
    return Fit(
        bias=float(coefficients[0] - margin),
        weights=tuple(float(weight) for weight in coefficients[1:]),
        margin=margin,
        accepted=int(reached.sum()),
        right=int(right[reached].sum()),
    )


def _with_one(features: Matrix) -> Matrix:
    return np.hstack([np.ones((len(features), 1)), features])


def _coefficients(features: Matrix, right: Matrix) -> Matrix:
    """The coefficients, 0 for each feature that would speak against its meaning."""
    signs = np.array([0.0, *(1.0 if name in SPEAK_FOR else -1.0 for name in Evidence._fields)])
    kept = np.ones(features.shape[1], dtype=bool)
    while True:
        coefficients = np.zeros(features.shape[1])
        coefficients[kept] = _newton(features[:, kept], right)
        against = coefficients * signs < 0
        if not against.any():
            return coefficients
        kept[np.argmin(coefficients * signs)] = False


def _newton(features: Matrix, right: Matrix) -> Matrix:
    """The coefficients that make what was seen most likely, each but the first pulled towards zero."""
    pull = np.eye(features.shape[1]) * PULL
    pull[0, 0] = 0.0
    coefficients = np.zeros(features.shape[1])
    for _ in range(ROUNDS):
        likely = 1 / (1 + np.exp(-features @ coefficients))
        slope = features.T @ (right - likely) - pull @ coefficients
        curve = (features * (likely * (1 - likely))[:, None]).T @ features + pull
        coefficients = coefficients + np.linalg.solve(curve + 1e-9 * np.eye(len(curve)), slope)
    return coefficients


def _margin(scores: Matrix, right: Matrix) -> float:
    """How far the scores must be lowered until those that still reach acceptance are right often enough; 0 or more."""
    order = np.argsort(-scores)
    kept = np.cumsum(right[order])
    for count in range(len(order), 0, -1):
        if _at_least(kept[count - 1], count) >= LEAST_RIGHT:
            return max(0.0, float(scores[order[count - 1]]) - _logit(ACCEPTED))
    raise ValueError("no score is right often enough")


def _at_least(right: float, count: int) -> float:
    """The lower end of the share that is right, by Wilson's score interval."""
    share, spread = right / count, DEVIATIONS**2 / count
    return (share + spread / 2 - math.sqrt(spread * (share * (1 - share) + spread / 4))) / (1 + spread)


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


def describe(found: Fit, samples: Iterable[Sample]) -> str:
    """The fit as lines to read, and as the lines that go into ``ocr/trust.py``."""
    all_samples = list(samples)
    wrong = sum(not sample.right for sample in all_samples)
    lines = [
        f"{len(all_samples)} pairs, {wrong} of them wrong; margin {found.margin:.2f}",
        f"on pages left out: accepted {found.accepted} = {found.accepted / len(all_samples):.1%}, "
        f"right {found.right / max(found.accepted, 1):.2%}",
        f"_BIAS = {found.bias:.2f}",
        *(f'"{name}": {weight:.2f},' for name, weight in zip(Evidence._fields, found.weights, strict=True)),
    ]
    return "\n".join(lines)
