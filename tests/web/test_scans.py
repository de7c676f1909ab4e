"""Scans: their list, their pictures, their original, and what can be done with them."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.http import parse_options_header

from archive.access import Actor, Role
from archive.bootstrap import Archive
from archive.dossier import DossierState
from archive.scans.scan import ScanState
from tests.factories import hand_in, picture
from tests.fakes import BrokenPageError, CannedReader, extraction
from tests.web.browsing import browsers
from web.scans import disposition


@pytest.fixture
def browser_as(archive: Archive) -> Callable[[Role], FlaskClient]:
    """Log a user of a role in."""
    return browsers(archive)


@pytest.fixture
def read(archive: Archive, archivist: Actor, reader: CannedReader, work: Callable[[], int]) -> str:
    """A scan that was read; the id number on it is sensitive."""
    reader.fields = (extraction("id_number", "11010519491231002X", key="身份证号"),)
    receipt = hand_in(archive, archivist, picture("read"), filename='表 "1".png')
    work()
    return receipt.scan_id


@pytest.fixture
def failed(archive: Archive, archivist: Actor, reader: CannedReader, work: Callable[[], int]) -> str:
    """A scan that could not be read."""
    reader.failures = [BrokenPageError("no")]
    receipt = hand_in(archive, archivist, picture("failed"), filename="broken.png")
    work()
    return receipt.scan_id


def test_the_list_shows_receipt_state_and_reason(
    read: str, failed: str, archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    page = browser_as(Role.ARCHIVIST).get("/scans").text

    assert archive.intake.scan(archivist, read).receipt in page
    assert "Needs review" in page
    assert "broken.png" in page
    assert "Read again" in page


def test_the_list_is_narrowed_by_state(read: str, failed: str, browser_as: Callable[[Role], FlaskClient]) -> None:
    page = browser_as(Role.ARCHIVIST).get("/scans?state=failed").text

    assert f"scan-{failed}" in page
    assert f"scan-{read}" not in page


def test_an_unknown_state_is_refused(browser_as: Callable[[Role], FlaskClient]) -> None:
    assert browser_as(Role.ARCHIVIST).get("/scans?state=lost").status_code == 400


def test_a_clerk_sees_own_scans_only(read: str, browser_as: Callable[[Role], FlaskClient]) -> None:
    clerk = browser_as(Role.CLERK)

    assert f"scan-{read}" not in clerk.get("/scans").text
    assert clerk.get(f"/scans/{read}").status_code == 404
    assert clerk.get(f"/scans/{read}/pages/1.jpg").status_code == 404


def test_a_viewer_has_no_list_of_scans(browser_as: Callable[[Role], FlaskClient]) -> None:
    assert browser_as(Role.VIEWER).get("/scans").status_code == 403


def test_a_receipt_leads_to_its_scan(
    read: str, archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    receipt = archive.intake.scan(archivist, read).receipt
    browser = browser_as(Role.ARCHIVIST)

    assert browser.get("/scans", query_string={"receipt": f" {receipt.lower()} "}).location.endswith(f"/scans/{read}")
    assert "There is no scan with this receipt number" in browser.get("/scans?receipt=R1").text


def test_standing_tells_only_of_what_changed(
    read: str, archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.ARCHIVIST)
    revision = archive.intake.scan(archivist, read).revision

    same = browser.post("/scans/standing", json={"scans": {read: revision, "f" * 32: 1}}).json
    older = browser.post("/scans/standing", json={"scans": {read: revision - 1}}).json

    assert same == {"rows": {}, "open": 0}
    assert "Needs review" in older["rows"][read]


def test_standing_refuses_what_is_no_question(browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.ARCHIVIST)

    assert browser.post("/scans/standing", json=["x"]).status_code == 400
    assert browser.post("/scans/standing", json={"scans": {str(n): 1 for n in range(501)}}).status_code == 400


def test_a_scan_shows_where_it_stands_and_what_was_searched_for(
    read: str, browser_as: Callable[[Role], FlaskClient]
) -> None:
    page = browser_as(Role.ARCHIVIST).get(f"/scans/{read}?q=身份证号").text

    assert "Marked: 身份证号" in page
    assert '"kind": "hit"' in page
    assert "canned 1" in page


# Pictures


def test_a_page_is_sent_as_a_small_jpeg(read: str, browser_as: Callable[[Role], FlaskClient]) -> None:
    answer = browser_as(Role.ARCHIVIST).get(f"/scans/{read}/pages/1.jpg?w=200")

    assert answer.mimetype == "image/jpeg"
    assert Image.open(io.BytesIO(answer.data)).width == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_picture_that_the_browser_has_is_not_sent_again(read: str, browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.ARCHIVIST)
    for address in (f"/scans/{read}/pages/1.jpg", f"/scans/{read}/cutout?page=1&box=220,100,600,140"):
        etag = browser.get(address).headers["ETag"]

        again = browser.get(address, headers={"If-None-Match": etag})

        assert again.status_code == 304
        assert again.data == b""
    assert browser.get(f"/scans/{read}/pages/1.jpg?w=99", headers={"If-None-Match": etag}).status_code == 200


def test_a_picture_of_one_user_is_not_taken_for_that_of_another(
    read: str, archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    scan = archive.intake.scan(archivist, read)
    archive.review.file(
        archivist, read, dossier_id=None, revision=scan.revision, accept_open=True, state=DossierState.DRAFT
    )
    address = f"/scans/{read}/pages/1.jpg"
    etag = browser_as(Role.ARCHIVIST).get(address).headers["ETag"]

    answer = browser_as(Role.VIEWER).get(address, headers={"If-None-Match": etag})

    assert answer.status_code == 200


def test_a_cut_out_has_the_shape_of_its_box(read: str, browser_as: Callable[[Role], FlaskClient]) -> None:
    answer = browser_as(Role.ARCHIVIST).get(f"/scans/{read}/cutout?page=1&box=220,100,600,140")

    assert Image.open(io.BytesIO(answer.data)).size == (380, 40)


@pytest.mark.parametrize("box", ["", "1,2,3", "a,b,c,d", "5,5,5,5", "1,2,3,99999999999"])
def test_a_box_that_is_none_is_refused(read: str, browser_as: Callable[[Role], FlaskClient], box: str) -> None:
    answer = browser_as(Role.ARCHIVIST).get(f"/scans/{read}/cutout", query_string={"box": box})

    assert answer.status_code == 422


def test_a_thumbnail_comes_before_the_scan_was_read(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    scan_id = hand_in(archive, archivist).scan_id

    answer = browser_as(Role.ARCHIVIST).get(f"/scans/{scan_id}/thumbnail.jpg")

    assert Image.open(io.BytesIO(answer.data)).width == 320


# The original


def test_the_searchable_pdf_is_offered_once_a_scan_was_read_and_sent_as_a_download(
    read: str, failed: str, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.ARCHIVIST)

    answer = browser.get(f"/scans/{read}/searchable.pdf")

    assert f"/scans/{read}/searchable.pdf" in browser.get(f"/scans/{read}").text
    assert f"/scans/{failed}/searchable.pdf" not in browser.get(f"/scans/{failed}").text
    assert browser.get(f"/scans/{failed}/searchable.pdf").status_code == 409
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
    assert parse_options_header(answer.headers["Content-Disposition"])[1]["filename"] == '表 "1".searchable.pdf'


def test_the_original_is_a_download_under_its_own_name(read: str, browser_as: Callable[[Role], FlaskClient]) -> None:
    answer = browser_as(Role.ARCHIVIST).get(f"/scans/{read}/original")

    assert answer.data == picture("read")
    assert answer.headers["Content-Length"] == str(len(picture("read")))
    assert parse_options_header(answer.headers["Content-Disposition"]) == ("attachment", {"filename": '表 "1".png'})
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("form.pdf", "form.pdf"),
        ("客户.jpg", "scan.jpg"),
        ('a"; filename="b.exe', "a filename=b.exe"),
        ("ünï.png", "uni.png"),
        ("客户", "scan"),
    ],
)
def test_no_name_breaks_out_of_its_header(name: str, plain: str) -> None:
    header = disposition(name)

    assert f'filename="{plain}"' in header
    assert header.count('"') == 2
    assert header.isascii()


# What can be done


def test_a_failed_scan_is_read_again(
    failed: str, archive: Archive, archivist: Actor, work: Callable[[], int], browser_as: Callable[[Role], FlaskClient]
) -> None:
    answer = browser_as(Role.ARCHIVIST).post(f"/scans/{failed}/retry", headers={"HX-Request": "true"})
    work()

    assert f'id="scan-{failed}"' in answer.text
    assert archive.intake.scan(archivist, failed).state is ScanState.NEEDS_REVIEW


def test_a_scan_is_set_aside_with_a_reason_and_brought_back(
    read: str, archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.ARCHIVIST)

    without = browser.post(f"/scans/{read}/discard", data={"reason": " "}, follow_redirects=True)
    browser.post(f"/scans/{read}/discard", data={"reason": "blank page"})
    aside = browser.get("/scans?state=rejected").text
    browser.post(f"/scans/{read}/restore", data={"next": "/scans?state=rejected"})

    assert "This is needed." in without.text
    assert "blank page" in aside
    assert archive.intake.scan(archivist, read).state is ScanState.NEEDS_REVIEW
