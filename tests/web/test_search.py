"""The search page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from archive.access import Actor, Role
from archive.bootstrap import Archive
from archive.finding.found import Found, LookupQuery
from tests.factories import ZHANG_SAN, hand_in, make_dossier, picture
from tests.fakes import CannedReader, extraction
from tests.web.browsing import browsers
from web.search import pages_around

PART = {"HX-Request": "true"}
TYPING = {"HX-Request": "true", "X-Typing": "yes"}


@pytest.fixture
def browser_as(archive: Archive) -> Callable[[Role], FlaskClient]:
    """Log a user of a role in."""
    return browsers(archive)


@pytest.fixture
def five(archive: Archive, archivist: Actor, work: Callable[[], int]) -> None:
    """Five dossiers: two companies, one draft, two with a tag."""
    for name in ("欧阳明月", "李四"):
        dossier = make_dossier(archive, archivist, name=name, mobile="13800138000")
        archive.dossiers.update(archivist, dossier.id, revision=1, tags=["VIP <gold>"])
    make_dossier(archive, archivist, type="company", company="上海明月科技有限公司")
    make_dossier(archive, archivist, type="company", company="<b>Moon & Co</b>")
    archive.dossiers.create(archivist, type="person", unit="main", fields={"name": "王五"}, state="draft")
    work()


def _searches(archive: Archive) -> int:
    now = datetime.now(UTC)
    auditor = Actor("auditor", "Auditor", frozenset({Role.AUDITOR}), None)
    since, until = now - timedelta(hours=1), now + timedelta(hours=1)
    return len(archive.audit.events(auditor, since=since, until=until, action="search").items)


def test_hits_are_marked_where_they_match(five: None, browser_as: Callable[[Role], FlaskClient]) -> None:
    page = browser_as(Role.VIEWER).get("/search?q=明月").text

    assert "2 dossiers for “明月”" in page
    assert "欧阳<mark>明月</mark>" in page
    assert "上海<mark>明月</mark>科技有限公司" in page
    assert "李四" not in page


def test_what_customers_write_is_escaped_before_it_is_marked(
    five: None, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.VIEWER)

    page = browser.get("/search?q=Moon").text
    asked = browser.get("/search?q=<i>x</i>&tag=<u>y</u>").text

    assert "&lt;b&gt;<mark>Moon</mark> &amp; Co&lt;/b&gt;" in page
    assert "<b>Moon" not in page
    assert "<i>x</i>" not in asked
    assert "<u>y</u>" not in asked


def test_the_address_holds_the_whole_question(five: None, browser_as: Callable[[Role], FlaskClient]) -> None:
    page = browser_as(Role.VIEWER).get("/search?type=person&state=active&tag=VIP <gold>&sort=title").text

    assert "2 dossiers" in page
    assert page.index("李四") < page.index("欧阳明月")
    assert 'value="person"\n         id="facet-type-person" checked' in page
    assert 'href="/search?sort=title&amp;type=person&amp;tag=VIP+%3Cgold%3E"' in page
    assert "Remove the filter Active" in page
    assert '<option value="title" selected>' in page


def test_each_key_stroke_replaces_the_address_and_each_step_adds_one(
    five: None, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.VIEWER)

    typing = browser.get("/search?q=明&sort=relevance", headers=TYPING)
    step = browser.get("/search?q=明&type=company", headers=PART)

    assert typing.headers["HX-Replace-Url"] == "/search?q=%E6%98%8E"
    assert "HX-Push-Url" not in typing.headers
    assert step.headers["HX-Push-Url"] == "/search?q=%E6%98%8E&type=company"
    assert "<html" not in step.text
    assert 'id="facet-choices" hx-swap-oob="innerHTML"' in step.text


def test_only_a_deliberate_search_is_audited(
    archive: Archive, five: None, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.VIEWER)

    browser.get("/search")
    for text in ("明", "明月"):
        browser.get(f"/search?q={text}", headers=TYPING)
    before = _searches(archive)
    browser.get("/search?q=明月", headers=PART)
    browser.get("/search?q=明月")

    assert before == 0
    assert _searches(archive) == 2


@pytest.mark.parametrize(
    "nonsense", ["page=0", "page=-3", "page=x", "page=999999999", "sort=shoe", "colour=red", "type="]
)
def test_an_address_that_makes_no_sense_still_gives_a_page(
    nonsense: str, five: None, browser_as: Callable[[Role], FlaskClient]
) -> None:
    assert browser_as(Role.VIEWER).get(f"/search?{nonsense}").status_code == 200


def test_sensitive_values_are_masked_in_the_list_and_not_found_by_viewers(
    five: None, browser_as: Callable[[Role], FlaskClient]
) -> None:
    listed = browser_as(Role.ARCHIVIST).get("/search?q=13800138000").text
    refused = browser_as(Role.VIEWER).get("/search?q=13800138000").text

    assert "2 dossiers" in listed
    assert "138****8000" in listed
    assert "Nothing found" in refused
    assert "Masked values" in refused


def test_a_page_of_a_scan_with_the_words_is_linked(
    archive: Archive,
    clerk: Actor,
    reader: CannedReader,
    work: Callable[[], int],
    browser_as: Callable[[Role], FlaskClient],
) -> None:
    reader.fields = (extraction("name", "张三"), extraction("id_number", ZHANG_SAN["id_number"], line=1))
    reader.text = ("开户网点：和平路支行",)
    receipt = hand_in(archive, clerk, picture("filed"))
    work()
    scan = archive.intake.scan(clerk, receipt.scan_id)
    dossier = archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision).dossier
    work()

    page = browser_as(Role.VIEWER).get("/search?q=和平路").text

    assert f"/dossiers/{dossier.id}?q=%E5%92%8C%E5%B9%B3%E8%B7%AF&amp;scan={scan.id}&amp;page=1#scans" in page
    assert "1 place" in page
    assert "<mark>和平路</mark>" in page


def test_an_empty_archive_tells_each_role_what_to_do_next(browser_as: Callable[[Role], FlaskClient]) -> None:
    archivist, viewer = browser_as(Role.ARCHIVIST).get("/search").text, browser_as(Role.VIEWER).get("/search").text

    assert "No dossiers yet" in archivist
    assert "Type one in" in archivist
    assert "No dossiers yet" in viewer
    assert "Type one in" not in viewer


def test_a_search_that_finds_nothing_says_what_to_try(five: None, browser_as: Callable[[Role], FlaskClient]) -> None:
    page = browser_as(Role.VIEWER).get("/search?q=明月&year=1900").text

    assert "Nothing found" in page
    assert "Clear all filters" in page
    assert 'href="/search?q=%E6%98%8E%E6%9C%88"' in page
    assert 'id="facet-year-1900" checked' in page


class WithoutIndex:
    """Answers as the archive does while the index does not."""

    def find(self, actor: Actor, query: LookupQuery) -> Found:
        return Found(query, 0, (), {}, 1.0, degraded=True)

    def record_search(self, actor: Actor, query: LookupQuery, total: int) -> None:
        """Not kept."""


@pytest.fixture
def browser_without_index(archive: Archive, browser_as: Callable[[Role], FlaskClient]) -> FlaskClient:
    """An archivist's browser, opened before the index was lost."""
    browser = browser_as(Role.ARCHIVIST)
    archive.lookup = WithoutIndex()  # type: ignore[assignment]
    return browser


def test_a_search_without_the_index_says_what_still_works(browser_without_index: FlaskClient) -> None:
    page = browser_without_index.get("/search?q=明月").text

    assert "Reduced search" in page
    assert "only whole codes, names and numbers are found now" in page
    assert "Type the whole name, number or code." in page
    assert "Type less" not in page


def test_without_the_index_no_page_calls_the_archive_empty(browser_without_index: FlaskClient) -> None:
    for address in ("/search", "/search?type=person"):
        page = browser_without_index.get(address).text
        assert "Reduced search" in page
        assert all(wrong not in page for wrong in ("No dossiers yet", "0 dossiers", "Nothing found"))
    home = browser_without_index.get("/").text
    assert "The index does not answer" in home
    assert all(wrong not in home for wrong in ("No dossiers yet", "dossiers in all"))


def test_those_who_see_no_dossiers_do_not_search(browser_as: Callable[[Role], FlaskClient]) -> None:
    assert browser_as(Role.AUDITOR).get("/search").status_code == 403
    assert browser_as(Role.ADMIN).get("/search?q=x").status_code == 403


def test_pages_are_linked_at_both_ends_and_around_the_present_one() -> None:
    assert pages_around(1, 20) == []
    assert pages_around(1, 21) == [1, 2]
    assert pages_around(10, 400) == [1, None, 8, 9, 10, 11, 12, None, 20]
    assert pages_around(3, 120) == [1, 2, 3, 4, 5, 6]


def test_the_pages_of_a_long_list_keep_the_question(
    archive: Archive, archivist: Actor, work: Callable[[], int], browser_as: Callable[[Role], FlaskClient]
) -> None:
    for number in range(22):
        make_dossier(archive, archivist, name=f"明月{number:02}")
    work()
    browser = browser_as(Role.VIEWER)

    first, second = browser.get("/search?q=明月&sort=code").text, browser.get("/search?q=明月&sort=code&page=2").text
    beyond = browser.get("/search?q=明月&page=9").text

    assert "/search?q=%E6%98%8E%E6%9C%88&amp;sort=code&amp;page=2" in first
    assert first.count("data-hit") == 20
    assert second.count("data-hit") == 2
    assert "There is nothing on this page" in beyond
