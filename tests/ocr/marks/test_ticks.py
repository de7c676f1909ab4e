"""Boxes to tick of a registered form are found, square and round ones, and letters are none."""

import cv2
import numpy as np
import pytest

from ocr.engine import GrayLevels
from ocr.marks.ticks import frames_in, ink_inside, seen_near
from ocr.page import Box

LEFTS = (120, 320, 520)
ZONE = Box(100, 100, 760, 150)


def sheet(
    shape: str, *, words: tuple[str, ...] = ("Single", "Married", "Widowed"), ticked: int | None = None
) -> GrayLevels:
    """A page 1240 pixels wide, A4 at 150 dpi, with boxes of 25 pixels before three words."""
    paper = np.full((300, 1240), 245, np.uint8)
    for number, (left, word) in enumerate(zip(LEFTS, words, strict=True)):
        if shape == "square":
            cv2.rectangle(paper, (left, 112), (left + 24, 136), 20, 2)
        elif shape == "round":
            cv2.circle(paper, (left + 12, 124), 12, 20, 2, cv2.LINE_AA)
        cv2.putText(paper, word, (left + 34, 134), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 20, 2, cv2.LINE_AA)
        if number == ticked:
            cv2.polylines(paper, [np.array([[left + 4, 124], [left + 11, 133], [left + 26, 108]])], False, 20, 3)
    return paper


@pytest.mark.parametrize("shape", ["square", "round"])
@pytest.mark.parametrize("ticked", [None, 1])
def test_the_boxes_are_found_and_no_letters(shape: str, ticked: int | None) -> None:
    frames = frames_in(sheet(shape, ticked=ticked), ZONE)

    assert [frame.x0 for frame in frames] == [pytest.approx(left, abs=3) for left in LEFTS]
    assert all(frame.width == pytest.approx(25, abs=5) for frame in frames)


def test_words_alone_have_no_boxes() -> None:
    assert frames_in(sheet("none", words=("COCO 600", "good boos", "QOD 0808")), ZONE) == []


@pytest.mark.parametrize("shape", ["square", "round"])
def test_a_box_is_seen_a_little_beside_where_it_was_expected(shape: str) -> None:
    found = seen_near(sheet(shape), (328.0, 118.0, 353.0, 143.0))

    assert found[:2] == (pytest.approx(320, abs=3), pytest.approx(112, abs=3))


def test_where_no_box_is_seen_the_expected_place_counts() -> None:
    expected = (820.0, 112.0, 845.0, 137.0)

    assert seen_near(sheet("round"), expected) == expected


@pytest.mark.parametrize("shape", ["square", "round"])
def test_only_the_ticked_box_has_ink_inside(shape: str) -> None:
    paper = sheet(shape, ticked=2)

    shares = [ink_inside(paper, tuple(float(edge) for edge in frame)) for frame in frames_in(paper, ZONE)]  # type: ignore[arg-type]

    assert [share > 0.05 for share in shares] == [False, False, True]
