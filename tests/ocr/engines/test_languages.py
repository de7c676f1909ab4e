"""Lines in scripts that the first reader does not know are taken from the second."""

import io

import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr import EngineUnavailableError, LanguageMissingError, OcrEngine, open_engine, read_scan
from ocr.engine import Glyph, Run
from ocr.engines.languages import in_doubt, with_foreign_lines

CYRILLIC_FONT = "DejaVuSans.ttf"


def run(text: str, y: int, *, x: int = 100, confidence: float = 0.95) -> Run:
    glyphs = tuple(Glyph(c, x + 20 * i, x + 20 * (i + 1), confidence) for i, c in enumerate(text))
    return Run(glyphs, x, y, x + 20 * len(text), y + 40, confidence)


def texts(runs: list[Run]) -> list[str]:
    return [each.text for each in runs]


def test_a_page_of_sure_lines_is_not_in_doubt() -> None:
    assert not in_doubt([0.99] * 40 + [0.6])


def test_a_page_with_many_unsure_lines_is_in_doubt() -> None:
    assert in_doubt([0.99] * 10 + [0.6, 0.7])


def test_a_page_without_lines_is_not_in_doubt() -> None:
    assert not in_doubt([])


@pytest.mark.parametrize("line", ["Фамилия", "ชื่อ", "الاسم", "성명", "नाम"])
def test_a_line_in_an_unknown_script_replaces_what_was_made_of_it(line: str) -> None:
    first = [run("客户姓名", 100), run("OaMx", 200, confidence=0.6)]

    assert texts(with_foreign_lines(first, [run(line, 200)])) == ["客户姓名", line]


def test_what_both_readers_know_stays_with_the_first() -> None:
    first = [run("客户姓名", 100), run("Name", 200)]

    assert texts(with_foreign_lines(first, [run("客戸姓各", 100), run("Nane", 200)])) == ["客户姓名", "Name"]


def test_a_foreign_line_takes_the_figures_in_it_along() -> None:
    first = [run("Te:", 100, confidence=0.5), run("123-45", 100, x=260)]

    assert texts(with_foreign_lines(first, [run("Телефон: 123-45", 100)])) == ["Телефон: 123-45"]


def test_a_foreign_line_that_the_second_reader_guesses_at_is_left_out() -> None:
    first = [run("Name", 100)]

    assert with_foreign_lines(first, [run("Иаме", 100, confidence=0.3)]) == first


def test_a_language_without_its_files_is_refused_by_its_name() -> None:
    _tesseract_or_skip()

    with pytest.raises(LanguageMissingError) as caught:
        open_engine("rapidocr", languages=("eng", "xyz"))

    assert caught.value.code == "language-missing"
    assert caught.value.languages == ("xyz",)
    assert "tesseract-ocr-xyz" in str(caught.value)


@pytest.mark.slow
def test_a_russian_form_is_read_where_the_language_is_named() -> None:
    page = _page("Фамилия: Иванова", "Имя: Мария", "Телефон: +7 495 123-45-67", "Name: Maria Ivanova")

    with_russian = {e.key: e.value for e in read_scan(page, engine=_engine("rus")).extractions}
    without = {e.key: e.value for e in read_scan(page, engine=open_engine("rapidocr")).extractions}

    assert with_russian["Фамилия"] == "Иванова"
    assert with_russian["Имя"] == "Мария"
    assert with_russian["Name"] == "Maria Ivanova"
    assert "Фамилия" not in without


def _tesseract_or_skip() -> OcrEngine:
    try:
        return open_engine("tesseract")
    except EngineUnavailableError as error:
        pytest.skip(f"Tesseract is not installed, so nothing was tested: {error}")


def _engine(language: str) -> OcrEngine:
    try:
        return open_engine("rapidocr", languages=(language,))
    except EngineUnavailableError as error:
        pytest.skip(f"The language is not installed, so nothing was tested: {error}")


def _page(*lines: str) -> bytes:
    try:
        font = ImageFont.truetype(CYRILLIC_FONT, 44)
    except OSError:
        pytest.skip(f"The font {CYRILLIC_FONT} is not installed, so nothing was tested.")
    page = Image.new("RGB", (2480, 1600), "white")
    for number, line in enumerate(lines):
        ImageDraw.Draw(page).text((200, 150 + 150 * number), line, fill="black", font=font)
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()
