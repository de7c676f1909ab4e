"""The second look at doubtful numbers, and the ID number's word against the other fields."""

import shutil

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr import DEFAULT_VOCABULARY, Box, Extraction, check_value
from ocr.crosscheck import cross_checked, with_id_number
from ocr.image.prepare import PreparedPage, gray_levels
from ocr.values import Kind

NUMBER = "11010519491231002X"
_KINDS = {"id_number": Kind.ID_NUMBER, "birth_date": Kind.BIRTH_DATE, "sex": Kind.SEX, "amount": Kind.AMOUNT}

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")


def extraction(name: str, value: str, *, confidence: float = 0.99, box: Box | None = None) -> Extraction:
    checked = check_value(_KINDS[name], value)
    return Extraction(
        name,
        value,
        name,
        checked.normalised,
        checked.valid,
        checked.problems,
        confidence,
        1,
        None,
        box or Box(200, 100, 700, 150),
    )


def page_saying(text: str) -> PreparedPage:
    image = Image.new("RGB", (900, 300), "white")
    ImageDraw.Draw(image).text((205, 104), text, fill="black", font=ImageFont.load_default(size=40))
    pixels = np.asarray(image)
    return PreparedPage(pixels, 0, 0.0, np.eye(3), 900, 300)


def looked_at(found: Extraction, page: PreparedPage) -> Extraction:
    return cross_checked([found], page, gray_levels(page.pixels), DEFAULT_VOCABULARY)[0]


@needs_tesseract
def test_a_misread_digit_is_suggested_as_the_second_reader_sees_it() -> None:
    misread = extraction("id_number", "110105194912310023")

    found = looked_at(misread, page_saying(NUMBER))

    assert (found.value, found.suggestion) == ("110105194912310023", NUMBER)
    assert not found.valid


@needs_tesseract
def test_what_the_second_reader_sees_is_no_suggestion_where_it_breaks_the_rules_too() -> None:
    found = looked_at(extraction("id_number", "110105194912310023"), page_saying("110105194912310024"))

    assert found.suggestion is None


def test_a_number_that_keeps_the_rules_and_was_read_surely_is_not_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ocr.crosscheck.read_line", lambda *_: pytest.fail("looked"))

    sure = extraction("id_number", NUMBER)

    assert looked_at(sure, page_saying(NUMBER)) is sure


def test_a_page_full_of_doubtful_numbers_costs_few_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    monkeypatch.setattr("ocr.crosscheck.read_line", lambda _line, characters: looks.append(characters))
    page = page_saying(NUMBER)

    cross_checked([extraction("amount", "12.50", confidence=0.4)] * 50, page, page.pixels[:, :, 0], DEFAULT_VOCABULARY)

    assert len(looks) == 4


def test_a_value_outside_the_page_is_left_alone() -> None:
    beyond = extraction("id_number", "110105194912310023", box=Box(880, 290, 1400, 400))

    assert looked_at(beyond, page_saying("")).suggestion is None


def test_another_birth_date_or_sex_than_the_id_number_says_gets_a_warning() -> None:
    found = with_id_number(
        [extraction("id_number", NUMBER), extraction("birth_date", "1949-12-13"), extraction("sex", "男")]
    )

    assert [e.problems for e in found] == [(), ("birth-date-differs",), ("sex-differs",)]
    assert [e.valid for e in found] == [True, True, True]
    assert found[1].confidence < 0.95


@pytest.mark.parametrize("date", ["1949-12-31", "1949-12", "1949"])
def test_a_date_that_agrees_with_the_id_number_is_left_alone(date: str) -> None:
    found = with_id_number([extraction("id_number", NUMBER), extraction("birth_date", date), extraction("sex", "女")])

    assert [e.problems for e in found] == [(), (), ()]


def test_nothing_is_compared_with_an_id_number_that_is_wrong_or_one_of_several() -> None:
    other_date = extraction("birth_date", "1950-01-01")
    wrong = extraction("id_number", "110105194912310023")
    second = extraction("id_number", "110105199003070017")

    assert with_id_number([wrong, other_date])[1] is other_date
    assert with_id_number([extraction("id_number", NUMBER), second, other_date])[2] is other_date
