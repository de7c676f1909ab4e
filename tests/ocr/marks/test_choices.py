"""Which of the printed choices is ticked is seen in the image."""

import cv2
import numpy as np
import pytest

from ocr.engine import Glyph, GrayLevels
from ocr.marks.choices import choices_in, is_only_choices, offers_choices
from ocr.pairs.layout import Piece


def piece(text: str, x: float, *, y: float = 100.0, size: float = 30.0) -> Piece:
    glyphs, at = [], x
    for character in text:
        width = size if ord(character) > 0x2E7F else size / 2
        glyphs.append(Glyph(character, at, at + width, 0.99))
        at += width
    return Piece(tuple(glyphs), x, y, at, y + 46, 0.99)


def page(*box_lefts: int) -> GrayLevels:
    paper = np.full((300, 700), 245, np.uint8)
    for left in box_lefts:
        cv2.rectangle(paper, (left, 111), (left + 25, 136), 20, 2)
    return paper


def mark(paper: GrayLevels, left: int, how: str) -> None:
    if how == "tick":
        cv2.polylines(paper, [np.array([[left + 3, 124], [left + 11, 134], [left + 28, 103]])], False, 20, 3)
    elif how == "cross":
        cv2.line(paper, (left + 2, 113), (left + 23, 134), 20, 3)
        cv2.line(paper, (left + 23, 113), (left + 2, 134), 20, 3)
    else:
        cv2.rectangle(paper, (left + 4, 115), (left + 21, 132), 20, -1)


@pytest.mark.parametrize("how", ["tick", "cross", "filled"])
@pytest.mark.parametrize("ticked", [0, 1])
def test_the_box_with_a_mark_in_it_is_the_ticked_one(how: str, ticked: int) -> None:
    paper = page(100, 220)
    mark(paper, (100, 220)[ticked], how)

    choices = choices_in(paper, [piece("未婚", 132), piece("已婚", 252)])

    assert [(c.text, c.ticked) for c in choices] == [("未婚", ticked == 0), ("已婚", ticked == 1)]
    assert min(c.confidence for c in choices) > 0.9


def test_empty_boxes_leave_the_choice_open() -> None:
    choices = choices_in(page(100, 220), [piece("男", 132), piece("女", 252)])

    assert [(c.text, c.ticked) for c in choices] == [("男", False), ("女", False)]


def test_boxes_behind_their_words_belong_to_the_words_before() -> None:
    paper = page(170, 290)
    mark(paper, 290, "tick")

    choices = choices_in(paper, [piece("男", 132), piece("女", 252)])

    assert [(c.text, c.ticked) for c in choices] == [("男", False), ("女", True)]


def test_boxes_that_only_the_engine_saw_are_believed_less() -> None:
    choices = choices_in(page(), [piece("○Single ●Married", 100)])

    assert [(c.text, c.ticked) for c in choices] == [("Single", False), ("Married", True)]
    assert max(c.confidence for c in choices) < 0.95


def test_words_without_any_box_are_no_choices() -> None:
    assert choices_in(page(), [piece("未婚", 132), piece("已婚", 252)]) == []
    assert offers_choices("男 女")
    assert not offers_choices("北京市海淀区")


@pytest.mark.parametrize("text", ["MaleFemale", "男女", "□是 □否", "Single/Married/Widowed"])
def test_options_alone_are_only_choices(text: str) -> None:
    assert is_only_choices(text)


@pytest.mark.parametrize("text", ["男", "是否有债务", "有无犯罪记录", "Marital status", ""])
def test_a_question_in_the_words_of_its_options_is_not_only_choices(text: str) -> None:
    assert not is_only_choices(text)


def rounds(*lefts: int) -> GrayLevels:
    paper = page()
    for left in lefts:
        cv2.circle(paper, (left + 13, 123), 13, 20, 2, cv2.LINE_AA)
    return paper


def mark_round(paper: GrayLevels, left: int, how: str) -> None:
    middle = (left + 13, 123)
    if how == "dot":
        cv2.circle(paper, middle, 7, 20, -1, cv2.LINE_AA)
    elif how == "disc":
        cv2.circle(paper, middle, 13, 20, -1, cv2.LINE_AA)
    else:
        mark(paper, left, "tick")


@pytest.mark.parametrize("how", ["dot", "disc", "tick"])
@pytest.mark.parametrize("ticked", [0, 1])
def test_the_round_box_with_a_mark_in_it_is_the_ticked_one(how: str, ticked: int) -> None:
    paper = rounds(100, 220)
    mark_round(paper, (100, 220)[ticked], how)

    choices = choices_in(paper, [piece("未婚", 132), piece("已婚", 252)])

    assert [(c.text, c.ticked) for c in choices] == [("未婚", ticked == 0), ("已婚", ticked == 1)]
    assert min(c.confidence for c in choices) > 0.9


def test_empty_round_boxes_leave_the_choice_open() -> None:
    choices = choices_in(rounds(100, 220), [piece("男", 132), piece("女", 252)])

    assert [(c.text, c.ticked) for c in choices] == [("男", False), ("女", False)]


def test_a_round_box_that_was_read_as_a_letter_is_a_box() -> None:
    paper = rounds(100, 260)
    mark_round(paper, 260, "dot")

    choices = choices_in(paper, [piece("O", 106), piece("Yes", 140), piece("No", 300)])

    assert [(c.text, c.ticked) for c in choices] == [("Yes", False), ("No", True)]


def test_round_letters_and_full_stops_are_no_boxes() -> None:
    paper = rounds(100, 220)

    assert choices_in(paper, [piece("O", 106), piece("0", 226)]) == []
    assert choices_in(rounds(112, 220), [piece("NoYes", 100), piece("No", 217)]) == []


def test_an_oval_is_no_round_box() -> None:
    paper = page()
    for left in (100, 220):
        cv2.ellipse(paper, (left + 9, 123), (8, 14), 0, 0, 360, 20, 2, cv2.LINE_AA)

    assert choices_in(paper, [piece("未婚", 132), piece("已婚", 252)]) == []


def test_the_word_with_a_ring_round_it_is_the_chosen_one() -> None:
    paper = page()
    cv2.ellipse(paper, (282, 123), (48, 28), 4, 0, 360, 60, 3, cv2.LINE_AA)

    choices = choices_in(paper, [piece("未婚", 132), piece("已婚", 252)])

    assert [(c.text, c.ticked) for c in choices] == [("未婚", False), ("已婚", True)]
    assert max(c.confidence for c in choices) < 0.95


def test_the_cell_round_a_word_and_a_ring_round_both_choose_nothing() -> None:
    paper = page()
    cv2.rectangle(paper, (240, 96), (324, 150), 20, 2)
    assert choices_in(paper, [piece("未婚", 132), piece("已婚", 252)]) == []

    paper = page()
    cv2.ellipse(paper, (222, 123), (120, 30), 0, 0, 360, 60, 3, cv2.LINE_AA)
    assert choices_in(paper, [piece("未婚", 132), piece("已婚", 252)]) == []


def test_the_option_with_a_mark_beside_it_is_the_chosen_one() -> None:
    choices = choices_in(page(), [piece("___ Yes _X_ No", 100)])

    assert [(c.text, c.ticked) for c in choices] == [("Yes", False), ("No", True)]
    assert max(c.confidence for c in choices) < 0.95
