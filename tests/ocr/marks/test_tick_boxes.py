"""Boxes to tick that the reader passed over are put back among the characters of their line."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr.engine import Glyph, GrayLevels, Run
from ocr.marks.tick_boxes import with_boxes_as_seen

SIZE = 30
TOP, BOTTOM = 100, 146


def run(text: str, x: int) -> Run:
    """A line whose characters stand side by side; a blank is as wide as two of them."""
    glyphs, at = [], x
    for character in text:
        width = 2 * SIZE if character == " " else SIZE
        glyphs.append(Glyph(character, at, at + width, 0.99))
        at += width
    return Run(tuple(glyphs), x, TOP, at, BOTTOM, 0.99)


def page(*box_lefts: int, ink: int = 20) -> GrayLevels:
    paper = np.full((300, 900), 245, np.uint8)
    for left in box_lefts:
        cv2.rectangle(paper, (left, 111), (left + 25, 136), ink, 2)
    return paper


def tick(paper: GrayLevels, left: int) -> None:
    cv2.polylines(paper, [np.array([[left + 3, 124], [left + 11, 134], [left + 28, 103]])], False, 20, 3)


def texts(paper: GrayLevels, *runs: Run) -> list[str]:
    return [each.text for each in with_boxes_as_seen(paper, runs)]


def test_boxes_before_lines_become_their_first_characters() -> None:
    assert texts(page(100, 300), run("未婚", 132), run("已婚", 332)) == ["□未婚", "□已婚"]


def test_a_ticked_box_is_told_from_an_empty_one() -> None:
    paper = page(100, 300)
    tick(paper, 300)

    assert texts(paper, run("未婚", 132), run("已婚", 332)) == ["□未婚", "☑已婚"]


def test_a_box_that_is_blackened_is_told_as_such() -> None:
    paper = page(100, 300)
    paper[111:137, 300:326] = 20

    assert texts(paper, run("未婚", 132), run("已婚", 332)) == ["□未婚", "■已婚"]


def test_a_box_between_characters_stands_where_it_is() -> None:
    assert texts(page(100, 200), run("男 女", 132)) == ["□男 □女"]


def test_pale_boxes_are_seen_beside_black_print() -> None:
    paper = page(100, 300, ink=190)
    cv2.line(paper, (60, 0), (60, 299), 0, 4)

    assert texts(paper, run("未婚", 132), run("已婚", 332)) == ["□未婚", "□已婚"]


def test_the_line_reaches_over_the_box_that_it_got() -> None:
    first, _ = with_boxes_as_seen(page(100, 300), [run("未婚", 132), run("已婚", 332)])

    assert first.x0 == pytest.approx(100, abs=4)
    assert first.glyphs[0].x1 == pytest.approx(126, abs=5)


def test_a_box_that_was_read_is_not_told_twice() -> None:
    assert texts(page(98, 300), run("□未婚", 98), run("已婚", 332)) == ["□未婚", "□已婚"]


def test_one_square_alone_is_believed_only_beside_boxes_that_were_read() -> None:
    assert texts(page(100), run("未婚", 132)) == ["未婚"]
    assert texts(page(100), run("未婚", 132), run("□已婚", 332)) == ["□未婚", "□已婚"]


def test_squares_of_another_size_than_the_boxes_of_the_page_are_none() -> None:
    paper = page(100, 300, 500)
    cv2.rectangle(paper, (709, 114), (725, 130), 20, 2)

    lines = [run("未婚", 132), run("已婚", 332), run("离异", 532), run("丧偶", 732)]

    assert texts(paper, *lines) == ["□未婚", "□已婚", "□离异", "丧偶"]


def test_crossing_ruling_lines_are_no_boxes() -> None:
    paper = page()
    for x in (100, 125, 300, 325):
        cv2.line(paper, (x, 0), (x, 299), 20, 2)
    for y in (111, 136):
        cv2.line(paper, (0, y), (899, y), 20, 2)

    assert texts(paper, run("未婚", 132), run("已婚", 332)) == ["未婚", "已婚"]


def test_what_was_read_is_no_box_whatever_its_shape() -> None:
    assert texts(page(132, 332), run("国家", 130), run("口岸", 330)) == ["国家", "口岸"]


def test_pages_without_lines_stay_as_they_are() -> None:
    assert with_boxes_as_seen(page(100, 300), []) == []


def unsure(line: Run, mark: str) -> Run:
    return replace(line, glyphs=tuple(replace(g, confidence=0.5) if g.text == mark else g for g in line.glyphs))


def test_a_box_that_was_read_on_bare_paper_is_taken_away() -> None:
    paper = page()
    paper[110:138, 132:190] = 20
    paper[144:146, 98:400] = 20  # the line to write on begins below it

    assert texts(paper, unsure(run("☑汉族", 98), "☑")) == ["汉族"]


def test_a_box_that_was_read_unsurely_stays_where_something_is_drawn() -> None:
    paper = page(98)
    paper[110:138, 132:190] = 20

    assert texts(paper, unsure(run("☑汉族", 98), "☑")) == ["☑汉族"]


def test_a_line_is_never_left_without_characters() -> None:
    assert texts(page(), unsure(run("☑", 98), "☑")) == ["☑"]
