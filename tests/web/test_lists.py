"""Looking up lists on the pages."""

import csv
import io
import re
from collections.abc import Callable

import openpyxl
import pytest
from flask.testing import FlaskClient

from archive.access import Actor, Role
from archive.bootstrap import Archive
from tests.factories import make_dossier
from tests.fakes import without_index
from web import lists


@pytest.fixture
def filed(archive: Archive, archivist: Actor, work: Callable[[], int]) -> None:
    """Two people."""
    make_dossier(archive, archivist, name="欧阳明月")
    make_dossier(archive, archivist, name="李四", mobile="13800138000")
    work()


def test_a_pasted_list_is_answered_line_by_line(filed: None, browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.CLERK)

    sent = browser.post("/lists", data={"lines": "李四\n明月\n<i>nobody</i>\n13800138000"})
    page, missing = browser.get(sent.location).text, browser.get(f"{sent.location}?show=missing").text

    assert sent.status_code == 303
    rows = re.findall(r"<tr>.*?</tr>", page, re.S)[1:]
    assert [re.search("Found|Similar|Not found", row)[0] for row in rows] == ["Found", "Similar", "Not found", "Found"]
    assert "matches: Mobile" in rows[3]
    assert "&lt;i&gt;nobody&lt;/i&gt;" in missing
    assert "明月" not in missing
    assert "13800138000" not in rows[0]


def test_a_column_of_an_uploaded_file_is_looked_up(filed: None, browser_as: Callable[[Role], FlaskClient]) -> None:
    book = openpyxl.Workbook()
    for row in (("No.", "Name"), (1, "李四"), (2, "王五")):
        book.active.append(row)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    out.seek(0)

    sent = {"file": (out, "list.xlsx"), "column": "2", "heading": "yes"}
    page = browser_as(Role.VIEWER).post("/lists", data=sent, follow_redirects=True).text

    assert "2 lines" in page
    assert "李四" in page
    assert "Name</td>" not in page


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"lines": " \n "}, "There is no name and no number."),
        ({"lines": "x\n" * 5001}, "The list has too many lines."),
        ({"file": (io.BytesIO(b"PK no book"), "a.xlsx")}, "neither a text, a CSV nor an Excel file"),
    ],
)
def test_what_is_no_list_is_refused_and_what_was_typed_is_kept(
    sent: dict[str, object], told: str, browser_as: Callable[[Role], FlaskClient]
) -> None:
    answer = browser_as(Role.VIEWER).post("/lists", data={"column": "3", **sent})

    assert answer.status_code == 422
    assert told in answer.text
    assert 'name="column" id="field-column" value="3"' in answer.text


def test_a_long_list_goes_on_while_it_is_shown(
    filed: None, browser_as: Callable[[Role], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "_FIRST_WORK_S", 0)
    monkeypatch.setattr(lists, "_WORK_S", 0)
    browser = browser_as(Role.VIEWER)

    address = browser.post("/lists", data={"lines": "李四\n" * 60}).location
    begun = browser.get(address).text
    further = browser.post(f"{address}/work", headers={"HX-Request": "true"})
    last = browser.post(f"{address}/work", headers={"HX-Request": "true"})
    done = browser.get(address).text

    assert "25 of 60 lines are looked up" in begun
    assert f'hx-post="{address}/work"' in begun
    assert f"{address}/table" not in begun
    assert "50 of 60 lines are looked up" in further.text
    assert "HX-Refresh" not in further.headers
    assert last.headers["HX-Refresh"] == "true"
    assert "hx-post" not in done
    assert f"{address}/table" in done


def test_the_answers_can_be_taken_along(filed: None, browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.VIEWER)
    address = browser.post("/lists", data={"lines": "李四\n=1+1\n月"}).location

    with browser.get(f"{address}/table?format=csv") as answer:
        rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    with browser.get(f"{address}/table") as answer:
        book = openpyxl.load_workbook(io.BytesIO(answer.data))

    assert [(row["No."], row["Searched for"], row["Result"], row["Dossiers"], row["Title 1"]) for row in rows] == [
        ("1", "李四", "Found", "1", "李四"),
        ("2", "'=1+1", "Not found", "0", ""),
        ("3", "月", "Similar", "1", "欧阳明月"),
    ]
    assert book.active is not None
    assert book.active.max_row == 4


def test_a_list_of_somebody_else_is_not_there(filed: None, browser_as: Callable[[Role], FlaskClient]) -> None:
    address = browser_as(Role.VIEWER).post("/lists", data={"lines": "李四"}).location
    other = browser_as(Role.ARCHIVIST)

    statuses = [other.get(address).status_code, other.get(f"{address}/table").status_code]
    statuses += [other.post(f"{address}/{act}").status_code for act in ("work", "repetition", "deletion")]

    assert statuses == [404] * 5


def test_a_list_is_deleted(filed: None, browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.VIEWER)
    address = browser.post("/lists", data={"lines": "李四"}).location

    assert "李四" in browser.get("/lists").text
    browser.post(f"{address}/deletion")

    assert browser.get(address).status_code == 404
    assert "李四" not in browser.get("/lists").text


def test_without_the_index_the_page_says_so_and_offers_another_try(
    archive: Archive, filed: None, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.VIEWER)

    with without_index(archive):
        address = browser.post("/lists", data={"lines": "李四\n明月"}).location
        reduced = browser.get(address).text
    browser.post(f"{address}/repetition")
    whole = browser.get(address).text

    assert "2 lines were looked up while the index did not answer" in reduced
    assert "Not found" in reduced
    assert "did not answer" not in whole
    assert "欧阳明月" in whole
