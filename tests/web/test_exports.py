"""The export page and its files."""

import csv
import io
from collections.abc import Callable

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from archive.access import Actor, Role
from archive.bootstrap import Archive
from archive.settings import Settings
from tests.factories import ZHANG_SAN, make_dossier
from tests.fakes import without_index

BOTH = "/search/export?q=&sort=title"


@pytest.fixture
def filed(archive: Archive, archivist: Actor, work: Callable[[], int]) -> None:
    """A person, and a company with a field of its own, whose values look like formulas."""
    make_dossier(archive, archivist)
    made = make_dossier(archive, archivist, type="company", company="=Moon & Co", 备忘="@later")
    archive.dossiers.update(archivist, made.id, revision=1, tags=["VIP", "+gold"])
    work()


def _sent(browser: FlaskClient, address: str, **data: str) -> tuple[bytes, Headers]:
    """Have a result exported, and return the file and the headers of the answer."""
    with browser.post(address, data=data) as answer:
        assert answer.status_code == 200
        return answer.data, answer.headers


def _table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_page_tells_what_the_file_will_hold(filed: None, browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.ARCHIVIST)

    page = browser.get("/search/export?q=张三&type=person").text
    nothing = browser.get("/search/export?q=nobody").text

    assert "1 dossier, one row each" in page
    assert "Date of birth" in page
    assert 'action="/search/export?q=%E5%BC%A0%E4%B8%89&amp;type=person"' in page
    assert "There is nothing to export" in nothing


def test_a_csv_file_has_all_columns_masked_and_defused(filed: None, browser_as: Callable[[Role], FlaskClient]) -> None:
    data, headers = _sent(browser_as(Role.ARCHIVIST), BOTH, format="csv")

    company, person = _table(data)
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Content-Disposition"].startswith("attachment; filename=dossiers-")
    assert (person["Title"], person["Type"], person["Sex"]) == ("张三", "Person", "Female")
    assert person["Mobile"] == "138****8000"
    assert ZHANG_SAN["id_number"] not in data.decode()
    assert (company["Title"], company["Tags"]) == ("'=Moon & Co", "VIP, +gold")
    assert company["Other fields"] == "备忘: @later"


def test_an_excel_file_has_the_values_in_full_for_a_reason(
    filed: None, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.ARCHIVIST)

    refused = browser.post(BOTH, data={"format": "xlsx", "reveal": "yes"})
    data, _ = _sent(browser, BOTH, format="xlsx", reveal="yes", reason="yearly check")

    assert refused.status_code == 422
    assert "This is needed." in refused.text
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    heading, _company, person = ([str(cell.value) for cell in row] for row in sheet.iter_rows())
    values = dict(zip(heading, person, strict=True))
    assert (values["ID number"], values["Mobile"]) == (ZHANG_SAN["id_number"], ZHANG_SAN["mobile"])


def test_headings_and_words_are_in_the_language_of_the_reader(
    archive: Archive, filed: None, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.ARCHIVIST)
    assert browser.post("/preferences/language", data={"locale": "zh_CN"}).status_code == 303

    data, _ = _sent(browser, "/search/export?type=person", format="csv")

    (person,) = _table(data)
    assert (person["标题"], person["性别"], person["类型"]) == ("张三", "女", "个人客户")


def test_a_result_that_is_too_large_says_what_to_do(
    archive: Archive, filed: None, browser_as: Callable[[Role], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_as(Role.ARCHIVIST)
    small: Settings = archive.settings.model_copy(update={"export_limit": 1})
    monkeypatch.setattr(archive.exporter, "_settings", small)

    page, refused = browser.get(BOTH).text, browser.post(BOTH, data={"format": "csv"})

    assert "one export holds at most 1" in page
    assert refused.status_code == 422


def test_the_button_is_there_for_those_who_may_export(filed: None, browser_as: Callable[[Role], FlaskClient]) -> None:
    assert 'href="/search/export?q=%E5%BC%A0"' in browser_as(Role.ARCHIVIST).get("/search?q=张").text
    assert "/search/export" not in browser_as(Role.CLERK).get("/search?q=张").text


def test_without_the_index_an_export_fails_clearly(
    archive: Archive, filed: None, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.ARCHIVIST)

    with without_index(archive):
        answers = [browser.get(BOTH), browser.post(BOTH, data={"format": "csv"})]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert all("The search does not answer" in answer.text for answer in answers)
