"""Forms registered from one page each, and filled copies of them, read by the real engine."""

from random import Random

import pytest

from ocr import open_engine
from scripts.forms.copies import Edition, measure_copies, register, totals
from scripts.forms.fonts import FontMissingError, Style, choose_face


@pytest.fixture(autouse=True, scope="module")
def _fonts() -> None:
    try:
        for style in Style:
            choose_face("zh", style, Random(0))
            choose_face("en", style, Random(0))
    except FontMissingError as error:
        pytest.skip(str(error))


def test_copies_of_an_edition_are_printed_alike_and_filled_in_differently() -> None:
    edition = Edition("account-opening", "B", dpi=100)
    one, other = edition.copy("one"), edition.copy("other")

    assert [(place.key, place.name) for place in one.places] == [(place.key, place.name) for place in other.places]
    assert {field.value for field in one.fields}.isdisjoint(
        {field.value for field in other.fields if field.name == "name"}
    )
    assert any(place.boxed for place in one.places)


@pytest.mark.slow
def test_filled_copies_are_recognised_and_read_and_other_forms_are_not() -> None:
    engine = open_engine("rapidocr")
    editions = (Edition("account-opening", "B"), Edition("new-customer", "first"))
    templates = [register(edition, engine) for edition in editions]

    copies = [measure_copies(e, t.name, templates, engine, copies=3) for e, t in zip(editions, templates, strict=True)]
    others = [measure_copies(Edition("company-registration", "any"), "", templates, engine, copies=2)]

    whole = totals(copies)
    assert (whole.recognised, totals(others).recognised) == (6, 2)
    assert whole.values >= 80
    assert whole.right >= 0.95 * whole.values, whole.wrong
