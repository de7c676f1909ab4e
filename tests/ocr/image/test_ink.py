"""Words are told from their first ink to their last."""

import cv2
import numpy as np
import pytest

from ocr.engine import Glyph, GrayLevels
from ocr.image.ink import without_margins
from ocr.pairs.layout import Piece

PAPER, INK = 240, 30


def paper() -> GrayLevels:
    return np.full((200, 600), PAPER, np.uint8)


def piece(x0: float, x1: float) -> Piece:
    return Piece((Glyph("姓", x0, x1, 0.9),), x0, 80, x1, 130, 0.9)


def stroke(page: GrayLevels, x0: int, x1: int) -> None:
    """Ink of the height of characters."""
    cv2.rectangle(page, (x0, 90), (x1 - 1, 119), INK, -1)


def edges(page: GrayLevels, framed: Piece, *beside: Piece) -> tuple[float, float]:
    tight, *others = without_margins(page, [framed, *beside])
    assert len(others) == len(beside)
    assert (tight.y0, tight.y1, tight.glyphs) == (framed.y0, framed.y1, framed.glyphs)
    return tight.x0, tight.x1


def test_paper_at_both_ends_is_left_out() -> None:
    page = paper()
    stroke(page, 120, 180)

    assert edges(page, piece(105, 198)) == (120, 180)


def test_a_page_of_black_and_white_alone_is_no_other() -> None:
    page = paper()
    stroke(page, 120, 180)

    assert edges(np.where(page > 128, 255, 0).astype(np.uint8), piece(105, 198)) == (120, 180)


def test_the_begin_of_a_neighbour_is_left_out() -> None:
    page = paper()
    stroke(page, 120, 160)
    stroke(page, 170, 174)  # a colon
    stroke(page, 186, 260)  # a value close behind

    assert edges(page, piece(110, 195), piece(178, 270)) == (120, 174)


def test_the_end_of_a_neighbour_is_left_out() -> None:
    page = paper()
    stroke(page, 40, 108)
    stroke(page, 120, 180)

    assert edges(page, piece(100, 190), piece(30, 115)) == (120, 180)


def test_ink_at_the_edge_that_nothing_else_accounts_for_stays() -> None:
    page = paper()
    stroke(page, 120, 160)
    stroke(page, 186, 260)

    assert edges(page, piece(110, 195)) == (120, 195)


def test_ink_across_the_edge_that_may_be_its_own_stays() -> None:
    page = paper()
    stroke(page, 120, 220)

    assert edges(page, piece(105, 200)) == (120, 200)


def test_a_ruling_line_is_no_ink_of_a_word() -> None:
    page = paper()
    stroke(page, 120, 180)
    cv2.line(page, (190, 0), (190, 199), INK, 2)

    assert edges(page, piece(105, 198)) == (120, 180)


def test_a_line_to_write_on_is_no_ink_of_a_word() -> None:
    page = paper()
    stroke(page, 120, 180)
    cv2.line(page, (0, 127), (599, 127), INK, 2)

    assert edges(page, piece(105, 198)) == (120, 180)


@pytest.mark.parametrize("level", [PAPER, PAPER - 20])
def test_where_ink_cannot_be_told_the_frame_stays(level: int) -> None:
    page = paper()
    cv2.rectangle(page, (120, 90), (180, 120), level, -1)

    assert edges(page, piece(105, 198)) == (105, 198)


def test_an_end_without_ink_that_is_wider_than_a_margin_stays() -> None:
    page = paper()
    stroke(page, 120, 180)

    assert edges(page, piece(105, 300)) == (120, 300)


def test_a_piece_that_reaches_over_the_page_is_no_trouble() -> None:
    page = paper()
    stroke(page, 560, 590)

    assert edges(page, piece(545, 640)) == (560, 640)
    assert edges(page, piece(700, 800)) == (700, 800)
