"""Saved and recent searches on the pages."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from archive.access import SYSTEM, Actor, Role
from archive.bootstrap import Archive
from tests.factories import make_dossier
from tests.fakes import without_index


@pytest.fixture
def moon(archive: Archive, archivist: Actor, work: Callable[[], int]) -> None:
    """One dossier."""
    make_dossier(archive, archivist, name="欧阳明月")
    work()


def _saved_id(archive: Archive) -> str:
    (search,) = archive.saved_searches._store.shared_in(None)
    return search.id


def test_a_search_is_saved_shared_opened_renamed_and_deleted(
    archive: Archive, moon: None, browser_as: Callable[[Role], FlaskClient]
) -> None:
    owner, colleague = browser_as(Role.VIEWER), browser_as(Role.VIEWER)
    address = "/searches/new?q=明月&type=person&sort=title"

    form = owner.get(address).text
    saved = owner.post(address, data={"name": "<b>Moon</b>", "unit": "main", "alert": "yes"})
    listed = colleague.get("/searches").text
    opened = colleague.get(f"/searches/{_saved_id(archive)}")
    refused = colleague.post(f"/searches/{_saved_id(archive)}/deletion")
    renamed = owner.post(f"/searches/{_saved_id(archive)}/edit", data={"name": "Sun", "unit": "main"})
    deleted = owner.post(f"/searches/{_saved_id(archive)}/deletion")

    assert "“明月” · Type: Person" in form
    assert saved.location == "/search?q=%E6%98%8E%E6%9C%88&sort=title&type=person"
    assert "&lt;b&gt;Moon&lt;/b&gt;" in listed
    assert "Shared by Viewer" in listed
    assert opened.location == saved.location
    assert refused.status_code == 403
    assert renamed.status_code == deleted.status_code == 303
    assert "No saved searches yet" in owner.get("/searches").text


def test_a_search_without_a_name_is_not_saved(browser_as: Callable[[Role], FlaskClient]) -> None:
    answer = browser_as(Role.VIEWER).post("/searches/new?q=明月", data={"name": " "})

    assert answer.status_code == 422
    assert "This is needed." in answer.text


def test_new_dossiers_are_told_of_on_the_home_and_the_search_page(
    archive: Archive, archivist: Actor, work: Callable[[], int], browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.VIEWER)
    browser.post("/searches/new?q=明月", data={"name": "Moon", "unit": "main", "alert": "yes"})
    before = browser.get("/searches/news").text
    make_dossier(archive, archivist, name="欧阳明月")
    work()

    card, badge, listed = (browser.get(f"/searches{part}").text for part in ("/news", "/news?as=badge", ""))
    shown = browser.get(f"/searches/{_saved_id(archive)}?new=yes", follow_redirects=True)
    after = browser.get("/searches/news").text

    assert before.strip() == after.strip() == ""
    assert "1 new" in card
    assert "1 new" in listed
    assert ">1<" in badge
    assert "since=" in shown.request.query_string.decode()
    assert "new since" in shown.text
    assert "1 dossier for “明月”" in shown.text
    assert 'hx-get="/searches/news"' in browser.get("/").text
    assert 'hx-get="/searches/news?as=badge"' in browser.get("/search").text


def test_alerts_are_switched_by_each_reader(archive: Archive, browser_as: Callable[[Role], FlaskClient]) -> None:
    owner, colleague = browser_as(Role.VIEWER), browser_as(Role.VIEWER)
    owner.post("/searches/new?q=明月", data={"name": "Moon", "unit": "main", "alert": "yes"})

    colleague.post(f"/searches/{_saved_id(archive)}/alert", data={"alert": "yes"})
    owner.post(f"/searches/{_saved_id(archive)}/alert", data={"alert": "no"})

    assert "Do not tell me of new ones" in colleague.get("/searches").text
    assert "Do not tell me of new ones" not in owner.get("/searches").text


def test_what_one_asked_and_opened_is_listed_for_oneself_and_can_be_cleared(
    archive: Archive, moon: None, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser, other = browser_as(Role.VIEWER), browser_as(Role.VIEWER)
    dossier_id = next(iter(archive.lookup.match(SYSTEM, "明月", limit=1).matches)).dossier_id

    browser.get("/search?q=typing", headers={"HX-Request": "true", "X-Typing": "yes"})
    browser.get("/search?q=李四&type=person")
    browser.get(f"/dossiers/{dossier_id}?q=明月")
    listed = browser.get("/searches").text
    offered = [line["text"] for line in browser.get("/search/suggestions").json["lines"]]
    browser.post("/searches/recent/clearing")

    assert 'href="/search?q=%E6%9D%8E%E5%9B%9B&amp;type=person"' in listed
    assert "typing" not in listed
    assert offered == ["“明月”", "“李四” · Type: Person"]
    assert "李四" not in other.get("/searches").text
    assert "Nothing yet" in browser.get("/searches").text


def test_without_the_index_the_searches_are_there_and_the_page_says_what_is_missing(
    archive: Archive, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.VIEWER)
    browser.post("/searches/new?q=明月", data={"name": "Moon", "unit": "main", "alert": "yes"})

    with without_index(archive):
        listed, news = browser.get("/searches").text, browser.get("/searches/news").text

    assert "The index does not answer" in listed
    assert "Moon" in listed
    assert news.strip() == ""
