"""Spoilt pages lack what they say they lack, and the truth with it."""

from pathlib import Path
from random import Random

import numpy as np

from ocr import DEFAULT_VOCABULARY
from ocr.engine import Glyph, Run
from ocr.image.prepare import PreparedPage
from ocr.image.rulings import Rulings, Segment
from scripts.accuracy.labelled import LabelledPage, TruePair
from scripts.accuracy.spoilt import spoil

UPRIGHT = PreparedPage(np.zeros((1, 1, 3), np.uint8), 0, 0.0, np.eye(3), 2000, 4000)


def line(label: str, value: str, y: float) -> Run:
    glyphs = tuple(Glyph(c, 40.0 * i, 40.0 * (i + 1), 0.9) for i, c in enumerate(label + value))
    return Run(glyphs, 0, y, glyphs[-1].x1, y + 40, 0.9)


def test_a_lost_value_is_gone_from_text_and_truth_and_the_rest_stays() -> None:
    runs = [line("姓名：", f"张三{n}", 60.0 * n) for n in range(60)]
    pairs = tuple(TruePair("姓名：", (f"张三{n}",), None, None, (120, 60 * n, 400, 60 * n + 40)) for n in range(60))
    page = LabelledPage(Path("a.png"), (), pairs)

    left = spoil(page, runs, Rulings(), UPRIGHT, DEFAULT_VOCABULARY, Random(1))

    still = {value for pair in left.page.pairs for value in pair.values}
    assert 30 < len(still) < 60
    assert [run.text for run in left.runs] == [f"姓名：张三{n}" if f"张三{n}" in still else "姓名：" for n in range(60)]


def test_some_lines_and_some_labels_are_lost() -> None:
    lines = Rulings(
        tuple(Segment(float(n), 0, 10) for n in range(300)), tuple(Segment(float(n), 0, 10) for n in range(300))
    )

    left = spoil(LabelledPage(Path("a.png"), (), ()), [], lines, UPRIGHT, DEFAULT_VOCABULARY, Random(1))

    assert 200 < len(left.rulings.horizontal) < 300
    assert 200 < len(left.rulings.vertical) < 300
    assert 0 < len(left.vocabulary.fields) < len(DEFAULT_VOCABULARY.fields)
