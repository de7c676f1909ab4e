"""Circles are told from other round shapes, and rings round words from cells."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from ocr.marks.rounds import circles_in, ringed

Ink = npt.NDArray[np.bool_]
RADII = range(8, 21)


def ink_of(paper: npt.NDArray[np.uint8]) -> Ink:
    return paper > 90


def drawn(width: int = 200) -> npt.NDArray[np.uint8]:
    return np.zeros((60, width), np.uint8)


@pytest.mark.parametrize("radius", [9, 13, 18])
def test_a_circle_is_found_where_it_is(radius: int) -> None:
    paper = drawn()
    cv2.circle(paper, (70, 30), radius, 255, 2, cv2.LINE_AA)

    x, y, found = circles_in(ink_of(paper), RADII, 0.93)[0]

    assert (x, y, found) == (pytest.approx(70, abs=1), pytest.approx(30, abs=1), pytest.approx(radius, abs=2))


def test_ovals_and_crossing_lines_are_no_circles() -> None:
    paper = drawn()
    cv2.ellipse(paper, (100, 30), (8, 14), 0, 0, 360, 255, 2, cv2.LINE_AA)
    cv2.line(paper, (150, 0), (150, 59), 255, 2)
    cv2.line(paper, (130, 30), (170, 30), 255, 2)

    assert circles_in(ink_of(paper), RADII, 0.93) == []


def test_the_word_within_the_ring_is_told() -> None:
    paper = drawn(300)
    cv2.ellipse(paper, (180, 30), (40, 24), 0, 0, 360, 255, 3, cv2.LINE_AA)

    assert ringed(ink_of(paper), [(40, 90), (155, 205)], 48.0) == 1


def test_two_rings_tell_nothing() -> None:
    paper = drawn(300)
    for x in (65, 180):
        cv2.ellipse(paper, (x, 30), (40, 24), 0, 0, 360, 255, 3, cv2.LINE_AA)

    assert ringed(ink_of(paper), [(40, 90), (155, 205)], 48.0) is None


def test_no_ink_tells_nothing() -> None:
    assert ringed(ink_of(drawn()), [(40, 90), (155, 205)], 48.0) is None
