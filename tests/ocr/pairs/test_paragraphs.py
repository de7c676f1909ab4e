"""Running text is told from fields, and what stands in its midst is no label."""

from collections.abc import Sequence

import numpy as np

from ocr import DEFAULT_VOCABULARY
from ocr.image.prepare import PreparedPage
from ocr.image.rulings import Rulings, Segment
from ocr.pairs.cells import CellFinder
from ocr.pairs.layout import Piece
from ocr.pairs.paragraphs import paragraphs_on, text_lines
from ocr.pairs.structure import structure_of

from ..written import pairs_said, text_at

NO_LINES = Rulings()
TERMS = (
    "The tenant keeps the garden in the state in which it was",
    "found, and note: neither shed nor fence may be moved to any",
    "other place.",
)


def set_below(lines: Sequence[str], x: float = 100, y: float = 100) -> list[Piece]:
    return [text_at(line, x, y + 50 * number) for number, line in enumerate(lines)]


def texts(pieces: Sequence[Piece], rulings: Rulings = NO_LINES) -> list[str]:
    found = paragraphs_on(pieces, CellFinder(rulings, 2000), DEFAULT_VOCABULARY)
    return [" ".join(line.text for line in lines) for lines in found]


def test_full_lines_and_their_last_are_a_paragraph() -> None:
    assert texts(set_below(TERMS)) == [" ".join(TERMS)]


def test_chinese_clauses_are_a_paragraph() -> None:
    lines = ("本人承诺以上所填各项均属实，如有变更将于三十日内", "告知贵单位。")

    assert texts(set_below(lines)) == [" ".join(lines)]


def test_a_colon_in_the_midst_of_running_text_makes_no_label() -> None:
    assert pairs_said(set_below(TERMS), NO_LINES) == []


def test_the_head_of_a_paragraph_may_be_a_label() -> None:
    lines = ("Purpose: to keep the garden in the state in which it was", "found by those who come after.")

    found = pairs_said(set_below(lines), NO_LINES)

    assert [key for key, _ in found] == ["Purpose:"]


def test_lines_that_begin_with_labels_are_fields() -> None:
    lines = (
        "Place: the old quay, where the boats of the town are",
        "Owner: the guild of those who mend nets, and others",
    )

    assert texts(set_below(lines)) == []


def test_what_follows_a_line_that_ends_early_is_another_paragraph() -> None:
    assert texts(set_below((*TERMS, *TERMS))) == [" ".join(TERMS)] * 2


def test_a_label_below_a_text_is_not_its_last_line() -> None:
    assert texts(set_below((*TERMS[:2], "Telephone"))) == [" ".join(TERMS[:2])]


def test_choices_and_capitals_are_no_running_text() -> None:
    assert texts(set_below(("□国有企业，□集体企业，□三资企业，□私营企业，□其他企业", "□股份公司，□个体"))) == []
    assert texts(set_below(("LIST OF ALL THE PARTS THAT ARE KEPT, AND SOLD, HERE", "AND IN TOWN"))) == []


def test_no_paragraph_goes_on_in_the_next_cell() -> None:
    line = Rulings((Segment(90, 50, 1500), Segment(145, 50, 1500), Segment(300, 50, 1500)))
    walls = (Segment(50, 90, 300), Segment(1500, 90, 300))

    assert texts(set_below(TERMS[:2]), Rulings(line.horizontal, walls)) == []


def test_a_wide_gap_ends_a_line_of_text() -> None:
    pieces = [text_at("Row", 100, 100), text_at("seven", 175, 100), text_at("far", 600, 100)]

    assert [line.text for line in text_lines(pieces)] == ["Row seven", "far"]


def test_a_page_tells_its_lines_paragraphs_and_cells() -> None:
    page = PreparedPage(np.zeros((2000, 2000, 3), np.uint8), 0, 0.0, np.eye(3), 2000, 2000)
    cell = Rulings((Segment(500, 100, 700), Segment(600, 100, 700)), (Segment(100, 500, 600), Segment(700, 500, 600)))
    parted = ("The tenant keeps the garden and the shed, and their sur-", "roundings, as they were.")

    found = structure_of([*set_below(parted), text_at("Row seven", 120, 530)], cell, page, DEFAULT_VOCABULARY)

    assert [line.text for line in found.lines] == [*parted, "Row seven"]
    assert [text.text for text in found.paragraphs] == [
        "The tenant keeps the garden and the shed, and their surroundings, as they were."
    ]
    assert [(each.text, tuple(each.box)) for each in found.cells] == [("Row seven", (100, 500, 700, 600))]
