"""What the search box offers, and what stands around a result."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from archive.access import SYSTEM, Actor, Role
from archive.bootstrap import Archive
from tests.factories import make_dossier
from tests.fakes import without_index


@pytest.fixture
def filed(archive: Archive, archivist: Actor, work: Callable[[], int]) -> None:
    """Three people and a company."""
    made = make_dossier(archive, archivist, name="欧阳明月", mobile="13800138000", address="和平路十二号")
    archive.dossiers.update(archivist, made.id, revision=1, tags=["明天"])
    for address in ("和平路十二号", "人民路一号"):
        make_dossier(archive, archivist, name="王明", address=address)
    make_dossier(archive, archivist, type="company", company="Moonlight Ltd")
    work()


def _lines(browser: FlaskClient, text: str) -> list[dict[str, object]]:
    return browser.get(f"/search/suggestions?q={text}").json["lines"]  # type: ignore[index]


def test_a_beginning_becomes_dossiers_names_and_tags(filed: None, browser_as: Callable[[Role], FlaskClient]) -> None:
    lines = _lines(browser_as(Role.VIEWER), "明")

    told = {line["text"]: (line["kind"], line.get("search"), line["spans"]) for line in lines}
    assert told == {
        "欧阳明月": ("dossier", None, [[2, 3]]),
        "王明": ("name", "王明", [[1, 2]]),
        "明天": ("tag", "明天", [[0, 1]]),
    }


def test_a_line_that_is_not_the_title_of_its_dossier_names_it(
    archive: Archive, archivist: Actor, work: Callable[[], int], browser_as: Callable[[Role], FlaskClient]
) -> None:
    make_dossier(archive, archivist, name="李四", company="北京启明有限公司")
    work()

    (line,) = _lines(browser_as(Role.VIEWER), "启明")

    assert (line["text"], line["words"]) == ("北京启明有限公司", "李四")


def test_a_code_that_matches_is_shown_in_words(
    archive: Archive, archivist: Actor, work: Callable[[], int], browser_as: Callable[[Role], FlaskClient]
) -> None:
    make_dossier(archive, archivist, name="李四", sex="女")
    work()

    page = browser_as(Role.VIEWER).get("/search?q=female").text

    assert '<span class="text-secondary">Sex</span> <mark>Female</mark>' in page


def test_a_sensitive_number_leads_to_its_dossier_and_is_shown_to_nobody(
    archive: Archive, filed: None, browser_as: Callable[[Role], FlaskClient]
) -> None:
    clerk, viewer = browser_as(Role.CLERK), browser_as(Role.VIEWER)

    offered = clerk.get("/search/suggestions?q=1380013")

    (line,) = offered.json["lines"]  # type: ignore[index]
    assert (line["text"], line["kind"]) == ("欧阳明月", "dossier")
    assert "13800138000" not in offered.text
    assert _lines(viewer, "1380013") == []


def test_hits_by_a_sensitive_number_show_it_masked(filed: None, browser_as: Callable[[Role], FlaskClient]) -> None:
    page = browser_as(Role.ARCHIVIST).get("/search?q=0013").text

    assert "1 dossier for" in page
    assert "138****8000" in page
    assert "13800138000" not in page


def test_a_misspelled_word_is_answered_with_a_better_one(
    filed: None, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.VIEWER)

    page = browser.get("/search?q=Mnlight&type=company").text

    assert "Did you mean:" in page
    assert 'href="/search?q=moonlight&amp;type=company"' in page.replace("q=Moonlight", "q=moonlight")


def test_similar_dossiers_stand_on_the_page_of_one(
    archive: Archive, filed: None, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.VIEWER)
    dossier_id = archive.lookup.match(SYSTEM, "欧阳明月", limit=1).matches[0].dossier_id

    page, part = browser.get(f"/dossiers/{dossier_id}").text, browser.get(f"/dossiers/{dossier_id}/similar").text

    assert f'hx-get="/dossiers/{dossier_id}/similar"' in page
    assert "Similar dossiers" in part
    assert "王明" in part
    assert "和平路" in part
    assert "13800138000" not in part
    assert browser.get("/dossiers/no-such/similar").status_code == 404


def test_without_the_index_typing_goes_on_without_suggestions(
    archive: Archive, filed: None, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.CLERK)
    dossier_id = archive.lookup.match(SYSTEM, "欧阳明月", limit=1).matches[0].dossier_id

    with without_index(archive):
        lines, part = _lines(browser, "明"), browser.get(f"/dossiers/{dossier_id}/similar").text
        found = browser.get("/search?q=欧阳明月").text

    assert lines == []
    assert "the index does not answer" in part
    assert "Reduced search" in found
    assert "1 dossier for" in found


def test_whatever_is_typed_has_an_answer(filed: None, browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.CLERK)

    for text in ('"', "-", ":", "明" * 2000, "%00", "%ff", "*", "姓名:"):
        assert browser.get(f"/search/suggestions?q={text}").status_code == 200, text
