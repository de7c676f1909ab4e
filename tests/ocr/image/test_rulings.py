"""Ruling lines, and what they part."""

from ocr.image.rulings import Rulings, Segment

TEXT = (100.0, 200.0, 500.0, 240.0)
"""A line of text: left, top, right and bottom edge."""


def cuts(*vertical: Segment) -> list[float]:
    return Rulings(vertical=vertical).cuts(*TEXT)


def test_a_line_through_a_text_parts_it() -> None:
    assert cuts(Segment(300, 150, 400)) == [300]


def test_a_line_that_ends_at_the_row_parts_it_still() -> None:
    assert cuts(Segment(300, 150, 238), Segment(400, 203, 400)) == [300, 400]


def test_the_strokes_of_large_characters_part_nothing() -> None:
    assert cuts(Segment(300, 203, 238)) == []


def test_a_line_beside_the_text_parts_nothing() -> None:
    assert cuts(Segment(105, 150, 400), Segment(600, 150, 400)) == []


def test_a_line_that_only_reaches_into_the_text_parts_nothing() -> None:
    assert cuts(Segment(300, 150, 220)) == []
