"""Finding by keyboard: suggestions while typing, facets, a hit's place on its scan, and the way back."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.running import RunningSystem, running_system
from tests.journeys.test_form_to_hit import names_on_forms, review_and_file, search_until_found
from tests.journeys.users import PASSWORD, add_user
from tests.servers import named_servers

pytestmark = [pytest.mark.journey, pytest.mark.slow]

_READ_MS = 120_000

_MEASURE = """async ([words, address]) => {
  const times = [];
  for (const word of words) {
    for (const path of ["/search/suggestions?q=", "/search?q="]) {
      const begun = performance.now();
      const headers = path.includes("suggestions") ? {} : { "HX-Request": "true", "X-Typing": "yes" };
      await (await fetch(path + encodeURIComponent(word), { headers })).text();
      times.push(performance.now() - begun);
    }
  }
  return times.sort((one, other) => one - other);
}"""
"""How long each key stroke's two requests take from the browser to the browser, in ms."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """A system of its own with the demonstration's dossiers and forms."""
    with running_system(tmp_path_factory.mktemp("demo"), named_servers(), default_locale="en") as system:
        told = system.command("demo")
        assert told.returncode == 0, told.stderr
        yield system


@pytest.fixture(scope="module")
def user(demo: RunningSystem, browser: Browser) -> str:
    """The name of an archivist of every unit."""
    units = [word for unit in ("main", "east", "south") for word in ("--unit", unit)]
    add_user(demo, browser, "ann.lee", "archivist", "Ann Lee", *units)
    return "ann.lee"


@pytest.fixture
def page(demo: RunningSystem, browser: Browser, user: str) -> Iterator[Page]:
    """The home page of the archivist; whatever its console reports as an error fails the journey."""
    context = browser.new_context(viewport={"width": 1440, "height": 700}, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(f"{demo.address}/login")
    page.fill("[name=username]", user)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/login" not in url)
    yield page
    context.close()
    assert complaints == []


def test_suggestions_are_gone_through_by_keyboard(page: Page, demo: RunningSystem) -> None:
    page.keyboard.press("/")
    page.keyboard.type("gongsi")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.nth(1)).to_be_visible()
    box = page.locator("#global-search")
    expect(box).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion-1")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(options).to_have_count(0)
    expect(box).to_be_focused()
    expect(box).to_have_value("gongsi")

    page.keyboard.press("ArrowDown")
    expect(options.nth(0)).to_be_visible()
    chosen = options.nth(0).locator(".suggestion-text").inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/dossiers/|/search\?q="))
    expect(page.get_by_text(chosen).first).to_be_visible()


def test_an_answer_that_comes_late_is_dropped(page: Page) -> None:
    held: list[Callable[[], None]] = []

    def hold_first(route: object) -> None:
        if not held:
            held.append(lambda: route.continue_())  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    # Without the means to take a request back, as a network that delivers it anyway.
    page.evaluate("() => { AbortController.prototype.abort = () => {}; }")
    page.route("**/search/suggestions?q=Z001*", hold_first)
    box = page.locator("#global-search")
    box.focus()
    page.keyboard.type("Z001")
    page.wait_for_timeout(400)
    box.fill("gongsi")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    texts = options.all_inner_texts()
    assert len(held) == 1

    held[0]()
    page.wait_for_timeout(500)

    assert options.all_inner_texts() == texts


def test_results_come_while_one_types(page: Page, demo: RunningSystem) -> None:
    page.goto(f"{demo.address}/search")
    for letter in "gongsi":
        page.locator("#global-search").press(letter)
    expect(page.locator("[data-hit]").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"q=gongsi"))

    words = ["g", "go", "gongsi", "zh", "zhang", "公司", "138", "Z001", "北京", "zs"] * 3
    times = page.evaluate(_MEASURE, [words, demo.address])
    print(
        f"\na key stroke's answer: median {times[len(times) // 2]:.0f} ms, 95 % {times[len(times) * 95 // 100]:.0f} ms"
    )
    assert len(times) == 60


def test_facets_are_ticked_by_keyboard_and_the_way_back_keeps_everything(page: Page, demo: RunningSystem) -> None:
    page.goto(f"{demo.address}/search?q=example")
    company = page.get_by_role("checkbox", name=re.compile("Company"))
    company.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"type=company"))
    expect(company).to_be_checked()
    expect(company).to_be_focused()
    company.press("Space")
    expect(page).not_to_have_url(re.compile(r"type=company"))
    page.get_by_role("checkbox", name=re.compile("Person")).press("Space")
    expect(page).to_have_url(re.compile(r"type=person"))
    asked = page.url
    titles = page.locator("[data-hit]").all_inner_texts()
    assert len(titles) > 4

    last = page.locator("[data-hit]").last
    last.scroll_into_view_if_needed()
    before = page.evaluate("() => window.scrollY")
    assert before > 0
    last.press("Enter")
    page.wait_for_url(re.compile(r"/dossiers/"))
    page.go_back()

    expect(page).to_have_url(asked)
    expect(page.locator("[data-hit]")).to_have_text(titles)
    expect(page.get_by_role("checkbox", name=re.compile("Person"))).to_be_checked()
    expect(page.locator("#global-search")).to_have_value("example")
    page.wait_for_function("before => Math.abs(window.scrollY - before) < 50", arg=before)


def test_down_leads_from_the_box_through_the_suggestions_into_the_results(page: Page, demo: RunningSystem) -> None:
    page.goto(f"{demo.address}/search")
    page.locator("#global-search").press("b")
    options = page.locator("#suggestions [role=option]")
    expect(options.first).to_be_visible()
    expect(page).to_have_url(re.compile("q=b"))
    page.wait_for_timeout(300)

    for _ in range(options.count() + 1):
        page.keyboard.press("ArrowDown")
    expect(page.locator("[data-hit]").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#global-search")).to_be_focused()


def test_a_hit_leads_to_its_page_with_boxes_drawn(page: Page, demo: RunningSystem, sample_forms: list[Path]) -> None:
    page.goto(f"{demo.address}/upload")
    page.locator("input[type=file][multiple]").first.set_input_files(sample_forms[:1])
    expect(page.locator("[data-rows]").get_by_text("Needs review", exact=False)).to_have_count(1, timeout=_READ_MS)
    page.get_by_role("link", name="Review this batch").click()
    page.get_by_role("link", name="Begin with the first").click()
    review_and_file(page)

    link = page.get_by_role("link", name=re.compile("Page 1 of the scan")).first
    search_until_found(page, demo.address, names_on_forms()[sample_forms[0].name], link)
    link.click()

    expect(page).to_have_url(re.compile(r"page=1.*#scans"))
    expect(page.locator("[data-viewer] canvas").first).to_be_visible()
    expect(page.locator("[data-viewer] .viewer-place").first).to_be_attached()


def test_a_list_is_pasted_and_answered(page: Page, demo: RunningSystem) -> None:
    page.goto(f"{demo.address}/search")
    page.get_by_role("link", name="Look up a list").click()
    page.get_by_label("Paste the list").fill("\n".join(["公司", "nobody at all"] * 200))
    page.get_by_role("button", name="Look up").click()

    expect(page.get_by_role("link", name="Excel")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("link", name=re.compile(r"^Not found\s*200"))).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name="Excel").click()
    assert started.value.suggested_filename.endswith(".xlsx")
