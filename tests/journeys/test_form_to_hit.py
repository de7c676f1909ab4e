"""The main way: upload forms, review what was read, file them, find them by part of a name, see the place on the scan."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.journeys.users import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.slow]

_READ_MS = 90_000
_SEARCHES, _SEARCH_MS = 10, 3_000


def names_on_forms() -> dict[str, str]:
    """What the forms say is the customer's name, by file."""
    truth = json.loads((Path(__file__).parents[1] / "data" / "forms.json").read_text(encoding="utf-8"))
    names = {}
    for page in truth["pages"]:
        values = {field["name"]: field["value"] for field in page["fields"]}
        names[page["file"]] = values.get("name") or values["company"]
    return names


def test_three_forms_from_the_upload_to_the_place_on_the_scan(
    log_in: Callable[..., Page], sample_forms: list[Path]
) -> None:
    page = log_in("clerk")
    page.get_by_role("link", name="Upload").first.click()
    page.locator("input[type=file][multiple]").first.set_input_files(sample_forms)

    rows = page.locator("[data-rows] tr")
    expect(rows).to_have_count(3)
    expect(page.get_by_text(re.compile(r"R\d{6}-\w{4}-\w{4}"))).to_have_count(3)
    expect(page.locator("[data-rows]").get_by_text("Needs review", exact=False)).to_have_count(3, timeout=_READ_MS)

    page.get_by_role("link", name="Review this batch").click()
    page.get_by_role("link", name="Begin with the first").click()
    for left in (2, 1, 0):
        review_and_file(page)
        if left:
            page.wait_for_url(re.compile(r"/review/\w{32}"))
    expect(
        page.get_by_text("Nothing waits", exact=False).or_(page.get_by_text("filed", exact=False)).first
    ).to_be_visible()

    name = names_on_forms()["person-zh.jpg"]
    hit = page.locator("[data-hit]").first
    search_until_found(page, page.url.split("/review")[0], name[1:], hit)
    expect(hit).to_have_text(name)
    expect(page).to_have_url(re.compile("q="))

    page.get_by_role("link", name=re.compile("Page 1 of the scan")).first.click()
    expect(page.locator("[data-viewer] canvas").first).to_be_visible()
    expect(page.locator("[data-viewer] .viewer-place").first).to_be_attached()


def test_files_that_are_chosen_before_the_page_is_ready_are_taken_in(
    log_in: Callable[..., Page], tmp_path: Path, sample_forms: list[Path]
) -> None:
    early = tmp_path / "early.jpg"
    early.write_bytes(sample_forms[0].read_bytes() + b"chosen early")
    page = log_in("clerk")
    held: list[Route] = []
    page.route("**/js/upload.js*", lambda route: held.append(route))
    page.goto(page.url.rstrip("/") + "/upload", wait_until="commit")
    page.locator("input[type=file][multiple]").first.set_input_files(early)
    expect(page.locator("[data-rows] tr")).to_have_count(0)

    held[0].continue_()

    expect(page.locator("[data-rows] tr")).to_have_count(1)
    expect(page.get_by_text(re.compile(r"R\d{6}-\w{4}-\w{4}"))).to_have_count(1)


def test_the_last_decision_is_taken_back_by_keyboard_wherever_the_focus_has_gone(
    log_in: Callable[..., Page], tmp_path: Path, sample_forms: list[Path]
) -> None:
    other = tmp_path / "again.jpg"
    other.write_bytes(sample_forms[2].read_bytes() + b"another file")
    page = log_in("clerk")
    page.goto(page.url.rstrip("/") + "/upload")
    page.locator("input[type=file][multiple]").first.set_input_files(other)
    page.locator("[data-rows]").get_by_role("link", name="Review").click(timeout=_READ_MS)
    page.wait_for_url(re.compile(r"/review/\w{32}"))
    expect(page.locator("[data-viewer] canvas").first).to_be_visible()
    row = page.locator("[data-finding][data-standing=weak], [data-finding][data-standing=sure]").first
    place = page.locator(f"#{row.get_attribute('id')}")
    before = place.get_attribute("data-standing")

    place.locator("[name=value]").focus()
    page.keyboard.press("Alt+x")
    expect(place).to_have_attribute("data-standing", "rejected")
    expect(place.locator("[name=value]")).not_to_be_focused()
    page.keyboard.press("Alt+z")

    expect(place).to_have_attribute("data-standing", str(before))
    expect(place.locator("[name=value]")).to_be_focused()

    page.keyboard.press("Alt+/")
    expect(page.locator("#shortcuts-dialog")).to_be_visible()


def test_what_is_typed_outlives_the_end_of_the_session(log_in: Callable[..., Page]) -> None:
    page = log_in("archivist")
    context = page.context
    address = page.url.rstrip("/")
    page.goto(address + "/dossiers/new")
    page.get_by_label("Name", exact=True).fill("陆小凤")
    context.clear_cookies()

    page.get_by_role("button", name=re.compile("^Save")).first.click()
    expect(page.get_by_role("heading", name="Your session has ended")).to_be_visible()
    with context.expect_page() as opened:
        page.locator("#confirm-yes").click()
    login = opened.value
    login.fill("[name=username]", "archivist.one")
    login.fill("[name=password]", PASSWORD)
    login.get_by_role("button", name="Log in").click()
    login.wait_for_url(lambda url: "/login" not in url)
    page.get_by_role("button", name=re.compile("^Save")).first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("陆小凤")


def review_and_file(page: Page) -> None:
    """Go through a scan by keyboard alone: Enter confirms what needs a look, Ctrl+Enter files."""
    before = page.url
    expect(page.locator("[data-viewer] canvas").first).to_be_visible()
    for _ in range(40):
        weak = page.locator("[data-finding][data-standing=weak]")
        if weak.count() == 0:
            break
        weak.first.locator("[name=value]").focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(150)
    expect(page.locator("[data-finding][data-standing=weak]")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != before)


def search_until_found(page: Page, address: str, text: str, found: Locator) -> None:
    """Type into the search until it finds what was filed a moment ago: an index on a busy server takes its time."""
    for _ in range(_SEARCHES):
        page.goto(f"{address}/search")
        page.get_by_role("combobox", name="Search all dossiers").fill(text)
        page.wait_for_url(re.compile("q="))
        try:
            found.wait_for(timeout=_SEARCH_MS)
        except PlaywrightTimeoutError:
            continue
        return
    expect(found).to_be_visible()


def test_a_correction_is_kept_and_its_origin_shown(log_in: Callable[..., Page]) -> None:
    page = log_in("archivist")
    page.goto(page.url.rstrip("/") + "/search?q=" + names_on_forms()["person-zh.jpg"])
    page.locator("[data-hit]").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(names_on_forms()["person-zh.jpg"])

    page.get_by_role("link", name="Edit").first.click()
    page.get_by_label("Address", exact=True).fill("上海市黄浦区人民路1号")
    page.get_by_role("button", name=re.compile("^Save")).first.click()

    expect(page.get_by_text("上海市黄浦区人民路1号").first).to_be_visible()
    page.get_by_role("link", name=re.compile("History")).first.click()
    expect(page.get_by_text("上海市黄浦区人民路1号").first).to_be_visible()


def test_a_scan_in_the_wrong_dossier_is_taken_out_and_filed_anew(log_in: Callable[..., Page]) -> None:
    page = log_in("archivist")
    address, name, hit = page.url.rstrip("/"), names_on_forms()["person-zh.jpg"], page.locator("[data-hit]").first
    search_until_found(page, address, name, hit)
    hit.click()
    page.get_by_role("link", name="Take out…").click()
    wrong = page.get_by_role("link", name="Cancel").get_attribute("href")

    page.get_by_label("Why does it not belong here?").fill("Filed by mistake")
    page.get_by_role("button", name="Take out").click()
    page.wait_for_url(re.compile(r"/review/\w{32}"))
    review_and_file(page)
    page.wait_for_url(lambda url: "taking-out" not in url)

    page.goto(f"{address}{wrong}")
    expect(page.get_by_text("No scans")).to_be_visible()
    page.locator("#trash summary").click()
    page.get_by_label("Why is the dossier not needed?").fill("Made from another customer's form")
    page.get_by_role("button", name="Put into the trash").click()
    expect(page.get_by_text("In the trash since", exact=False)).to_be_visible()

    search_until_found(page, address, name, hit)
    expect(page.locator("[data-hit]")).to_have_count(1)
    expect(hit).not_to_have_attribute("href", re.compile(str(wrong)))
