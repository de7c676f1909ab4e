"""The demonstration's data as committed: complete, valid, and small enough to ship."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from archive.dossier_type import BUILT_IN_TYPES
from ocr import DEFAULT_VOCABULARY, Kind, check_scan, check_value
from ocr.limits import ReadingLimits

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "archive" / "demo"
DATA = ROOT / "tests" / "data"


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def dossiers() -> list[dict[str, Any]]:
    return load(DEMO / "dossiers.json")  # type: ignore[no-any-return]


def test_every_form_is_small_and_can_be_taken_in() -> None:
    forms = sorted((DEMO / "forms").glob("*.jpg"))
    assert len(forms) == 16
    for path in forms:
        assert path.stat().st_size <= 250_000
        assert check_scan(path.read_bytes(), ReadingLimits()).page_count == 1
        with Image.open(path) as image:
            assert image.info["dpi"] == (150, 150)


def test_every_value_of_every_dossier_is_valid_and_of_its_type(dossiers: list[dict[str, Any]]) -> None:
    types = {dossier_type.name: dossier_type for dossier_type in BUILT_IN_TYPES}
    for dossier in dossiers:
        for name, text in dossier["fields"].items():
            spec = types[dossier["type"]].field(name)
            assert spec is not None, name
            assert check_value(Kind(spec.kind), text).valid, (name, text)


def test_active_dossiers_have_what_their_type_requires(dossiers: list[dict[str, Any]]) -> None:
    types = {dossier_type.name: dossier_type for dossier_type in BUILT_IN_TYPES}
    for dossier in dossiers:
        if dossier["state"] == "active":
            required = {spec.name for spec in types[dossier["type"]].fields if spec.required}
            assert required <= set(dossier["fields"])


def test_the_dossiers_show_every_facet(dossiers: list[dict[str, Any]]) -> None:
    assert len(dossiers) == 40
    assert {dossier["unit"] for dossier in dossiers} == {unit["id"] for unit in load(DEMO / "units.json")}
    assert {dossier["type"] for dossier in dossiers} == {"person", "company"}
    assert {dossier["state"] for dossier in dossiers} == {"active", "draft", "closed"}
    assert len({tag for dossier in dossiers for tag in dossier["tags"]}) >= 8
    kinds = [check_value(Kind.DATE, dossier["fields"]["date"]).normalised or "" for dossier in dossiers]
    assert len({date[:4] for date in kinds}) >= 5


def test_nobody_is_in_twice(dossiers: list[dict[str, Any]]) -> None:
    for name in ("id_number", "uscc"):
        values = [dossier["fields"][name] for dossier in dossiers if name in dossier["fields"]]
        assert len(values) == len(set(values))


def test_the_journeys_forms_are_small_and_their_truth_names_known_fields() -> None:
    pages = load(DATA / "forms.json")["pages"]
    assert {page["file"] for page in pages} == {"person-zh.jpg", "company-zh.jpg", "customer-en.jpg"}
    for page in pages:
        assert (DATA / page["file"]).stat().st_size < 200_000
        for field in page["fields"]:
            assert DEFAULT_VOCABULARY.name_of(field["key"]) == field["name"]
