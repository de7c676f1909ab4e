"""Upload: one file a request, the same bytes the same receipt, and the batch at its address."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.access import SYSTEM, Actor, Role
from archive.bootstrap import Archive
from archive.scans.scan import ScanState
from tests.factories import ZHANG_SAN, hand_in, picture
from tests.fakes import CannedReader, extraction
from tests.web.browsing import browsers

BATCH = "a" * 32


@pytest.fixture
def browser_as(archive: Archive) -> Callable[[Role], FlaskClient]:
    """Log a user of a role in."""
    return browsers(archive)


def send(browser: FlaskClient, data: bytes, name: str = "form.png", batch: str = BATCH, **fields: str) -> TestResponse:
    """Send one file as the page's script does."""
    return browser.post(
        f"/batches/{batch}/files",
        data={"file": (io.BytesIO(data), name), **fields},
        headers={"Accept": "application/json"},
    )


def test_a_file_gets_its_receipt_and_its_row(archive: Archive, browser_as: Callable[[Role], FlaskClient]) -> None:
    answer = send(browser_as(Role.CLERK), picture(), "客户 1.png")

    assert answer.status_code == 201
    assert archive.intake.by_receipt(SYSTEM, answer.json["receipt"]).filename == "客户 1.png"
    assert "客户 1.png" in answer.json["row"]
    assert "Received" in answer.json["row"]


def test_the_same_bytes_again_double_nothing(archive: Archive, browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.CLERK)

    first, again = send(browser, picture()).json, send(browser, picture()).json
    elsewhere = send(browser, picture(), batch="b" * 32).json

    assert first["receipt"] == again["receipt"] == elsewhere["receipt"]
    assert (again["duplicate"], again["in_batch"]) == (True, True)
    assert (elsewhere["duplicate"], elsewhere["in_batch"]) == (True, False)
    assert "Already here" in elsewhere["row"]
    assert sum(archive.intake.counts(SYSTEM).values()) == 1


def test_a_refused_file_stays_in_the_list_of_its_batch(browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.CLERK)
    assert send(browser, b"only text", "notes <b>.txt").status_code == 422
    assert browser.post(f"/batches/{BATCH}/refused", data={"name": "very large.pdf"}).status_code == 204

    page = browser.get(f"/batches/{BATCH}").text

    assert "notes &lt;b&gt;.txt" in page
    assert "very large.pdf" in page
    assert page.count("Not taken in") == 2
    assert "There is nothing in this batch" not in page


def test_a_colleagues_file_is_named_by_receipt_alone(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    receipt = hand_in(archive, archivist, picture(), filename="secret name.png")

    answer = send(browser_as(Role.CLERK), picture())

    assert answer.json["row"] is None
    assert answer.json["message"] == f"Already here: receipt {receipt.receipt}"
    assert "secret name" not in answer.text


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "scan-empty"), (b"hello", "media-unsupported"), (picture()[:300], "scan-truncated")]
)
def test_a_bad_file_is_refused_with_its_reason(
    archive: Archive, browser_as: Callable[[Role], FlaskClient], data: bytes, code: str
) -> None:
    answer = send(browser_as(Role.CLERK), data, "form.jpg")

    assert answer.status_code == 422
    assert answer.json["error"]["code"] in {code, "scan-damaged"}
    assert answer.json["error"]["message"]
    assert sum(archive.intake.counts(SYSTEM).values()) == 0


def test_the_chosen_type_goes_with_the_file(archive: Archive, browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.CLERK)

    scan_id = send(browser, picture(), type="company").json["scan"]

    assert archive.intake.scan(SYSTEM, scan_id).type == "company"
    assert send(browser, picture("other"), type="no_such").status_code == 404


def test_a_unit_of_others_is_refused(archive: Archive, browser_as: Callable[[Role], FlaskClient]) -> None:
    archive.accounts.create_unit(SYSTEM, "east", "东", "East")

    assert send(browser_as(Role.CLERK), picture(), unit="east").status_code == 403


def test_a_viewer_uploads_nothing(browser_as: Callable[[Role], FlaskClient]) -> None:
    viewer = browser_as(Role.VIEWER)

    assert viewer.get("/upload").status_code == 403
    assert send(viewer, picture(), unit="main").status_code == 403


def test_a_batch_id_is_no_free_text(browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.CLERK)

    assert browser.get("/batches/..%2Fx").status_code == 404
    assert browser.get("/batches/xyz").status_code == 404
    assert send(browser, picture(), batch="xyz").status_code == 404


def test_the_unit_is_asked_for_only_where_there_are_several(
    archive: Archive, browser_as: Callable[[Role], FlaskClient]
) -> None:
    archive.accounts.create_unit(SYSTEM, "east", "东", "East")

    assert "<select" in (one := browser_as(Role.CLERK).get("/upload").text)
    assert 'name="unit" value="main"' in one
    several = browsers(archive, units=frozenset({"main", "east"}))(Role.CLERK).get("/upload").text
    assert '<option value="east"' in several


def test_the_plain_form_takes_many_files(archive: Archive, browser_as: Callable[[Role], FlaskClient]) -> None:
    files = [(io.BytesIO(picture("1")), "1.png"), (io.BytesIO(b"no"), "2.png"), (io.BytesIO(picture("3")), "3.png")]

    answer = browser_as(Role.CLERK).post("/upload", data={"batch": BATCH, "files": files}, follow_redirects=True)

    assert answer.request.path == f"/batches/{BATCH}"
    assert "2.png: The content is not" in answer.text
    assert [scan.filename for scan in archive.intake.scans(SYSTEM, batch_id=BATCH).items] == ["1.png", "3.png"]


def test_a_batch_shows_its_scans_and_no_others(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    inside = hand_in(archive, archivist, picture("in"), batch_id=BATCH)
    outside = hand_in(archive, archivist, picture("out"), batch_id="b" * 32)

    page = browser_as(Role.ARCHIVIST).get(f"/batches/{BATCH}").text

    assert inside.receipt in page
    assert outside.receipt not in page


def test_an_empty_batch_says_so(browser_as: Callable[[Role], FlaskClient]) -> None:
    assert "There is nothing in this batch" in browser_as(Role.CLERK).get(f"/batches/{BATCH}").text


def test_what_is_certain_is_filed_and_the_rest_is_named(
    archive: Archive,
    archivist: Actor,
    reader: CannedReader,
    work: Callable[[], int],
    browser_as: Callable[[Role], FlaskClient],
) -> None:
    reader.fields = (extraction("name", "张三"), extraction("id_number", ZHANG_SAN["id_number"], line=1))
    sure = hand_in(archive, archivist, picture("sure"), batch_id=BATCH)
    work()
    reader.fields = (extraction("name", "李四", confidence=0.4),)
    weak = hand_in(archive, archivist, picture("weak"), batch_id=BATCH)
    work()

    page = browser_as(Role.ARCHIVIST).post(f"/batches/{BATCH}/confirm", follow_redirects=True).text

    assert "1 scan is filed." in page
    assert "1 scan still needs you: 1 with fields that need a look." in page
    assert archive.intake.scan(archivist, sure.scan_id).state is ScanState.FILED
    assert archive.intake.scan(archivist, weak.scan_id).state is ScanState.NEEDS_REVIEW
