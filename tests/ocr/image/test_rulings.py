"""Ruling lines, and what they part."""

import numpy as np

from ocr.image.rulings import Rulings, Segment, find_rulings

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


def drawn(*lines: tuple[int, int, int, int]) -> Rulings:
    """The ruling lines found on a page of 1240 x 1754 pixels with these black stretches: left, top, right, bottom."""
    page = np.full((1754, 1240), 250, np.uint8)
    for x0, y0, x1, y1 in lines:
        page[y0:y1, x0:x1] = 20
    return find_rulings(page)


def test_the_stems_and_bows_of_large_letters_are_no_vertical_lines() -> None:
    bows = ((480, 320, 530, 324), (480, 360, 530, 364))

    assert drawn((500, 310, 505, 370), (700, 310, 706, 375), *bows).vertical == ()


def test_the_sides_of_a_low_cell_and_long_lines_that_stand_alone_are_found() -> None:
    cell = (
        (300, 300, 900, 303),
        (300, 360, 900, 363),
        (300, 300, 303, 363),
        (600, 300, 603, 363),
        (897, 300, 900, 363),
    )

    found = drawn(*cell, (150, 800, 153, 1000))

    assert sorted(round(line.at) for line in found.vertical) == [152, 302, 602, 898]
