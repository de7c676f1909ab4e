"""What the default reader makes of the filled forms that come with the project."""

import json
from pathlib import Path
from typing import Any

import pytest

from ocr import OcrEngine, open_engine, read_scan
from scripts.accuracy.scoring import comparable

pytestmark = pytest.mark.slow

DATA = Path(__file__).parents[1] / "data"
PAGES = json.loads((DATA / "forms.json").read_text(encoding="utf-8"))["pages"]


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    """The default reader."""
    return open_engine("rapidocr")


@pytest.mark.parametrize("page", PAGES, ids=[page["file"] for page in PAGES])
def test_all_but_one_field_of_a_filled_form_is_read_under_its_name(page: dict[str, Any], engine: OcrEngine) -> None:
    reading = read_scan((DATA / page["file"]).read_bytes(), engine=engine)

    read = {(found.name, comparable(found.normalised or found.value)) for found in reading.extractions}
    missed = [f["name"] for f in page["fields"] if (f["name"], comparable(f["normalised"] or f["value"])) not in read]
    # One character of one value may go either way: processors compute the recogniser's network with unlike precision.
    assert len(missed) <= 1, missed


@pytest.mark.parametrize("page", PAGES, ids=[page["file"] for page in PAGES])
def test_the_customers_name_is_read(page: dict[str, Any], engine: OcrEngine) -> None:
    reading = read_scan((DATA / page["file"]).read_bytes(), engine=engine)

    (true,) = [f["value"] for f in page["fields"] if f["name"] == ("company" if "company" in page["file"] else "name")]
    assert true in {found.value for found in reading.extractions}
