"""A form that comes often: registered from one page, marked, tried on another scan, and then read by its zones."""

import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Locator, Page, expect

from scripts.forms.copies import REFERENCE_LOOK, Edition, scan_of
from scripts.forms.fonts import FontMissingError
from scripts.forms.look import Look

pytestmark = [pytest.mark.journey, pytest.mark.slow]

_READ_MS = 90_000


@pytest.fixture
def copies(tmp_path: Path) -> list[Path]:
    """A straight copy of a form, and two that lean."""
    edition, paths = Edition("account-opening", "B"), []
    try:
        for number, look in enumerate((REFERENCE_LOOK, Look.drawn(Random("try")), Look.drawn(Random("later")))):
            path = tmp_path / f"account-{number}.jpg"
            path.write_bytes(scan_of(edition.copy(f"journey {number}", look)))
            paths.append(path)
    except FontMissingError as error:
        pytest.skip(str(error))
    return paths


def _upload(page: Page, path: Path) -> None:
    page.get_by_role("link", name="Upload").first.click()
    page.locator("input[type=file][multiple]").first.set_input_files([path])
    expect(page.locator("[data-rows]").get_by_text("Needs review", exact=False)).to_have_count(1, timeout=_READ_MS)


def _drawn(page: Page, sheet: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw on the page; the points are shares of it."""
    box = sheet.bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*points[0])
    page.mouse.down()
    page.mouse.move((points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2)
    page.mouse.move(*points[1])
    page.mouse.up()


def test_a_form_is_registered_tried_and_then_read_by_its_zones(log_in: Callable[..., Page], copies: list[Path]) -> None:
    page = log_in("archivist")
    _upload(page, copies[1])

    page.get_by_role("link", name="Form templates").first.click()
    page.get_by_role("link", name="Register a form").first.click()
    page.get_by_label("Name of the form").fill("Account opening")
    page.get_by_label("File", exact=True).set_input_files(copies[0])
    page.get_by_role("button", name="Go on").click()

    sheet = page.locator("[data-sheet]")
    expect(sheet).to_be_visible(timeout=_READ_MS)
    zones = page.locator("[data-zones] [data-zone]")
    proposed = zones.count()
    assert proposed >= 12

    # Drawn with the mouse, named at once, moved and resized by keyboard.
    _drawn(page, sheet, (0.1, 0.03), (0.5, 0.045))
    expect(zones).to_have_count(proposed + 1)
    page.keyboard.type("Remarks of the branch")
    drawn = page.locator(".form-zone-chosen")
    before = float(drawn.get_attribute("x") or 0), float(drawn.get_attribute("width") or 0)
    drawn.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    after = float(drawn.get_attribute("x") or 0), float(drawn.get_attribute("width") or 0)
    assert after[0] == pytest.approx(before[0] + 8, abs=1)
    assert after[1] == pytest.approx(before[1] + 8, abs=2)
    page.keyboard.press("Delete")
    expect(zones).to_have_count(proposed)

    page.locator("#try-scan").select_option(index=1)
    page.get_by_role("button", name="Save and try").click()
    expect(page.get_by_text("is recognised", exact=False)).to_be_visible(timeout=_READ_MS)
    assert page.locator(".trial-cut-out").count() >= 8

    page.get_by_role("link", name="Back to the zones").click()
    page.get_by_role("button", name="Save and use").click()
    expect(page.get_by_text("read by its zones from now on", exact=False)).to_be_visible()

    _upload(page, copies[2])
    page.get_by_role("link", name="Review this batch").click()
    page.get_by_role("link", name="Begin with the first").click()
    expect(page.get_by_text(re.compile("Recognised form: Account opening, edition 1"))).to_be_visible()
