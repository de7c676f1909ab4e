"""Taking a filed scan out of its dossier in the browser."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from archive.access import Actor, Role
from archive.bootstrap import Archive
from archive.scans.scan import ScanState
from tests.factories import hand_in, picture
from tests.fakes import CannedReader, name_and_number


@pytest.fixture
def filed(archive: Archive, archivist: Actor, reader: CannedReader, work: Callable[[], int]) -> tuple[str, str]:
    """Ids of a scan and of the dossier that was made from it."""
    reader.fields = name_and_number()
    scan_id = hand_in(archive, archivist, picture("filed")).scan_id
    work()
    scan = archive.intake.scan(archivist, scan_id)
    return scan_id, archive.review.file(archivist, scan_id, dossier_id=None, revision=scan.revision).dossier.id


def test_both_pages_offer_it_and_the_next_tells_what_goes(
    filed: tuple[str, str], browser_as: Callable[[Role], FlaskClient]
) -> None:
    scan_id, dossier_id = filed
    browser = browser_as(Role.ARCHIVIST)
    address = f"/scans/{scan_id}/taking-out"

    asked = browser.get(address).text

    assert address in browser.get(f"/dossiers/{dossier_id}").text
    assert address in browser.get(f"/scans/{scan_id}").text
    assert "张三" in asked
    assert "11010519491231002X" not in asked
    assert "Nothing is left in the dossier then." in asked


def test_a_viewer_is_not_offered_it(filed: tuple[str, str], browser_as: Callable[[Role], FlaskClient]) -> None:
    scan_id, dossier_id = filed

    page = browser_as(Role.VIEWER).get(f"/dossiers/{dossier_id}").text

    assert f"/scans/{scan_id}/taking-out" not in page


def test_it_leads_to_the_review_of_the_scan(
    filed: tuple[str, str], archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    scan_id, _dossier_id = filed
    plan = archive.taking_out.plan(archivist, scan_id)

    answer = browser_as(Role.ARCHIVIST).post(
        f"/scans/{scan_id}/taking-out",
        data={"reason": "mistake", "revision": plan.scan.revision, "dossier_revision": plan.dossier.revision},
    )

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/review/{scan_id}")
    assert archive.intake.scan(archivist, scan_id).state is ScanState.NEEDS_REVIEW


def test_without_a_reason_the_page_asks_again(
    filed: tuple[str, str], archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    scan_id, _dossier_id = filed
    plan = archive.taking_out.plan(archivist, scan_id)

    answer = browser_as(Role.ARCHIVIST).post(
        f"/scans/{scan_id}/taking-out",
        data={"revision": plan.scan.revision, "dossier_revision": plan.dossier.revision},
    )

    assert answer.status_code == 422
    assert "This is needed." in answer.text


def test_what_was_changed_meanwhile_is_shown_first(
    filed: tuple[str, str], archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    scan_id, dossier_id = filed
    plan = archive.taking_out.plan(archivist, scan_id)
    archive.dossiers.add_note(archivist, dossier_id, "called")

    answer = browser_as(Role.ARCHIVIST).post(
        f"/scans/{scan_id}/taking-out",
        data={"reason": "mistake", "revision": plan.scan.revision, "dossier_revision": plan.dossier.revision},
    )

    assert answer.status_code == 409
    assert "was changed meanwhile" in answer.text
    assert archive.intake.scan(archivist, scan_id).state is ScanState.FILED
