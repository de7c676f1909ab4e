"""The second reader, for real where it is installed."""

from pathlib import Path

import pytest

from ocr import EngineUnavailableError, OcrEngine, open_engine, read_scan

FORMS = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def tesseract() -> OcrEngine:
    try:
        return open_engine("tesseract")
    except EngineUnavailableError as error:
        pytest.skip(f"Tesseract is not installed, so nothing was tested: {error}")


@pytest.mark.slow
def test_tesseract_reads_an_english_form(tesseract: OcrEngine) -> None:
    reading = read_scan((FORMS / "customer-en.jpg").read_bytes(), engine=tesseract)

    found = {e.name: e.normalised for e in reading.extractions}
    assert reading.engine.startswith("tesseract ")
    assert found["birth_date"] == "1981-01-07"
    assert found["nationality"] == "American"
    assert found["phone"] == "+16145550152"


@pytest.mark.slow
def test_tesseract_reads_a_chinese_form(tesseract: OcrEngine) -> None:
    reading = read_scan((FORMS / "person-zh.jpg").read_bytes(), engine=tesseract)

    found = {e.name: e.normalised for e in reading.extractions}
    assert found["id_number"] == "370202199703278024"
    assert found["mobile"] == "+8613266771663"
    assert found["ethnicity"] == "汉族"
