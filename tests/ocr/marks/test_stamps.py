"""Stamps, and signatures in the places meant for them, are seen in the image."""

import cv2
import numpy as np
import pytest

from ocr.engine import Glyph, Pixels
from ocr.image.prepare import PreparedPage, gray_levels
from ocr.image.rulings import Rulings, Segment
from ocr.marks.stamps import find_marks
from ocr.page import MarkKind
from ocr.pairs.layout import Piece

RED, BLUE, BLACK = (200, 30, 40), (40, 60, 170), (30, 30, 30)


def paper(colour: tuple[int, int, int] = (250, 250, 250)) -> Pixels:
    """A sheet of A4 at 100 dpi."""
    return np.full((1170, 830, 3), colour, dtype=np.uint8)


def label(text: str, x: float, y: float, *, size: float = 24.0) -> Piece:
    glyphs = tuple(Glyph(c, x + i * size, x + (i + 1) * size, 0.99) for i, c in enumerate(text))
    return Piece(glyphs, x, y, x + len(text) * size, y + size, 0.99)


def marks(page: Pixels, *pieces: Piece, rulings: Rulings | None = None) -> list[tuple[MarkKind, str]]:
    prepared = PreparedPage(page, 0, 0.0, np.eye(3), page.shape[1], page.shape[0])
    found = find_marks(pieces, rulings or Rulings(), prepared, gray_levels(page))
    return [(mark.kind, mark.label) for mark in found]


def write(page: Pixels, x: int, y: int) -> None:
    """A signature's strokes."""
    for step in range(6):
        cv2.line(page, (x + 14 * step, y + 18), (x + 14 * step + 10, y), BLUE, 2)


def press(page: Pixels, shape: str) -> None:
    if shape == "round":
        cv2.circle(page, (500, 800), 75, RED, 4)
        cv2.circle(page, (500, 800), 20, RED, -1)
    elif shape == "oval":
        cv2.ellipse(page, (500, 800), (85, 55), 0, 0, 360, RED, 4)
    else:
        cv2.rectangle(page, (470, 770), (540, 840), RED, 4)
        cv2.putText(page, "WF", (480, 820), cv2.FONT_HERSHEY_SIMPLEX, 1.2, RED, 3)


@pytest.mark.parametrize("shape", ["round", "oval", "square"])
@pytest.mark.parametrize("colour", [(250, 250, 250), (244, 238, 220), (225, 235, 245)])
def test_red_ink_in_the_shape_of_a_stamp_is_one_stamp(shape: str, colour: tuple[int, int, int]) -> None:
    page = paper(colour)
    press(page, shape)

    assert marks(page) == [(MarkKind.STAMP, "")]


def test_a_stamp_is_boxed_where_it_is() -> None:
    page = paper()
    press(page, "round")
    prepared = PreparedPage(page, 0, 0.0, np.eye(3), page.shape[1], page.shape[0])

    (mark,) = find_marks([], Rulings(), prepared, gray_levels(page))

    assert np.allclose(mark.box, (423, 723, 577, 877), atol=8)


def test_red_lines_headings_and_words_are_no_stamps() -> None:
    page = paper()
    cv2.line(page, (60, 100), (780, 100), RED, 3)
    cv2.putText(page, "NOTICE OF THE TOWN", (60, 80), cv2.FONT_HERSHEY_SIMPLEX, 2, RED, 6)
    cv2.putText(page, "urgent", (60, 300), cv2.FONT_HERSHEY_SIMPLEX, 0.7, RED, 2)

    assert marks(page) == []


def test_a_black_ring_is_no_stamp() -> None:
    page = paper()
    cv2.circle(page, (500, 800), 75, BLACK, 4)

    assert marks(page) == []


def test_a_page_on_red_paper_has_no_stamps() -> None:
    assert marks(paper((230, 120, 120))) == []


@pytest.mark.parametrize(
    "text",
    [
        "客户签名：",
        "经办人签字",
        "法定代表人签字（盖章）：",
        "Signature:",
        "Applicant signature",
        "Signature of guardian",
    ],
)
def test_ink_beside_what_asks_for_a_signature_is_one(text: str) -> None:
    page, asked = paper(), label(text, 40, 600, size=12)
    write(page, round(asked.x1) + 20, 596)

    assert marks(page, asked) == [(MarkKind.SIGNATURE, text.rstrip(":："))]


def test_a_line_to_sign_on_is_no_signature() -> None:
    page, asked = paper(), label("客户签名：", 100, 600)
    cv2.line(page, (230, 626), (420, 626), BLACK, 2)

    assert marks(page, asked, rulings=Rulings(horizontal=(Segment(626, 230, 420),))) == [
        (MarkKind.NO_SIGNATURE, "客户签名")
    ]


def test_what_stands_behind_the_next_label_is_no_signature() -> None:
    page, asked, date = paper(), label("签字：", 100, 600), label("日期：", 300, 600)
    write(page, 400, 602)

    assert marks(page, asked, date) == [(MarkKind.NO_SIGNATURE, "签字")]


def test_a_speck_is_no_signature() -> None:
    page, asked = paper(), label("签字：", 100, 600)
    cv2.circle(page, (250, 612), 3, BLACK, -1)

    assert marks(page, asked) == [(MarkKind.NO_SIGNATURE, "签字")]


@pytest.mark.parametrize(
    "text", ["本人已阅读并理解上述全部条款，自愿签字", "签字日期：", "No signature is required on this form", "Date"]
)
def test_a_text_about_signing_asks_for_none(text: str) -> None:
    assert marks(paper(), label(text, 40, 600, size=12)) == []
