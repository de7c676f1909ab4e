"""The fit of trust finds what speaks for a pair, and keeps its word on pages it has not seen."""

from random import Random

import pytest

from ocr.evidence import Evidence
from scripts.accuracy.fitting import LEAST_RIGHT, Sample, fit

NOTHING = Evidence(*([0.0] * len(Evidence._fields)))


def drawn(count: int, random: Random) -> list[Sample]:
    """Pairs that are wrong the more often the farther apart they stand; label-like values are no worse than others."""
    samples = []
    for number in range(count):
        gap, like = random.uniform(0, 3), float(random.random() < 0.3)
        right = random.random() < (0.999 if gap < 1.5 else 0.6)
        samples.append(Sample(NOTHING._replace(gap=gap, label_like=like, value_sure=2.0), right, number // 10))
    return samples


def test_what_is_accepted_is_right_and_what_is_near_is_accepted() -> None:
    found = fit(drawn(6000, Random(3)))

    assert found.right >= LEAST_RIGHT * found.accepted
    assert found.accepted > 0.25 * 6000


def test_distance_speaks_against_and_nothing_speaks_against_its_meaning() -> None:
    weights = dict(zip(Evidence._fields, fit(drawn(4000, Random(5))).weights, strict=True))

    assert weights["gap"] < -1
    assert weights["value_sure"] >= 0
    assert weights["label_like"] <= 0


def test_where_too_much_is_wrong_nothing_can_be_accepted() -> None:
    random = Random(1)
    samples = [Sample(NOTHING._replace(gap=random.random()), random.random() < 0.5, n) for n in range(400)]

    with pytest.raises(ValueError, match="often enough"):
        fit(samples)
