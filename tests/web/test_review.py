"""The review: its queue, its decisions, and the filing."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.access import Actor, Role
from archive.bootstrap import Archive
from archive.scans.scan import Candidate, Scan, ScanState
from ocr import Box, Mark, MarkKind, TableRow
from tests.factories import ZHANG_SAN, hand_in, make_dossier, picture
from tests.fakes import CannedReader, extraction
from tests.web.browsing import browsers
from web.review import doubts_of

BATCH = "a" * 32


@pytest.fixture
def browser_as(archive: Archive) -> Callable[[Role], FlaskClient]:
    """Log a user of a role in."""
    return browsers(archive)


@pytest.fixture
def browser(browser_as: Callable[[Role], FlaskClient]) -> FlaskClient:
    """An archivist's browser."""
    return browser_as(Role.ARCHIVIST)


@pytest.fixture
def waiting(archive: Archive, archivist: Actor, reader: CannedReader, work: Callable[[], int]) -> Callable[..., Scan]:
    """Return a function that hands in a form with the given fields and has it read."""

    def hand_in_and_read(*fields: object, name: str = "form", batch_id: str = BATCH) -> Scan:
        reader.fields = fields  # type: ignore[assignment]
        receipt = hand_in(archive, archivist, picture(name), filename=f"{name}.png", batch_id=batch_id)
        work()
        return archive.intake.scan(archivist, receipt.scan_id)

    return hand_in_and_read


def fields(confidence: float = 0.99) -> tuple[object, ...]:
    return (
        extraction("name", "张三", key="姓名："),
        extraction("id_number", ZHANG_SAN["id_number"], key="身份证号", confidence=confidence, line=1),
    )


def decide(browser: FlaskClient, scan: Scan, place: int, decision: str, **form: str) -> TestResponse:
    """Take a decision as the page's script does."""
    form = {"revision": str(scan.revision), "value": scan.findings[place].text, **form}
    return browser.post(
        f"/review/{scan.id}/findings/{scan.findings[place].id}",
        data={"decision": decision, **form},
        headers={"Accept": "application/json"},
    )


# The queue


def test_the_queue_says_why_each_scan_needs_a_look(waiting: Callable[..., Scan], browser: FlaskClient) -> None:
    waiting(*fields(), name="sure")
    waiting(extraction("id_number", "110105194912310021"), name="wrong")
    waiting(name="nothing")

    page = browser.get("/review").text

    assert page.index("no known field found") < page.index("1 value is wrong") < page.index("nothing uncertain")
    assert "3 scans wait" in page


def test_the_queue_of_one_batch(waiting: Callable[..., Scan], browser: FlaskClient) -> None:
    mine, other = waiting(*fields(), name="a"), waiting(*fields(), name="b", batch_id="b" * 32)

    page = browser.get(f"/review?batch={BATCH}").text

    assert mine.id in page
    assert other.id not in page


def test_an_empty_queue_says_what_to_do(browser: FlaskClient) -> None:
    assert "Nothing waits for review" in browser.get("/review").text


def test_stamps_and_signatures_are_told_and_shown_where_they_are(
    waiting: Callable[..., Scan], browser: FlaskClient, reader: CannedReader
) -> None:
    reader.marks = (
        Mark(MarkKind.STAMP, Box(500, 900, 700, 1100)),
        Mark(MarkKind.SIGNATURE, Box(300, 1200, 500, 1260), "客户签名"),
        Mark(MarkKind.NO_SIGNATURE, Box(600, 1200, 700, 1240), "经办人签字"),
    )
    scan = waiting(*fields())

    for address in (f"/review/{scan.id}", f"/scans/{scan.id}"):
        page = browser.get(address).text
        assert all(words in page for words in ("Stamp</button>", "客户签名: signed", "经办人签字: not signed"))
        assert 'data-shows-page="1" data-shows-box="500,900,700,1100"' in page


def test_an_unclear_dossier_is_a_doubt(waiting: Callable[..., Scan]) -> None:
    scan = waiting(*fields())
    candidate = Candidate(dossier_id="d", code="c", title="t", reasons=("same-name",), certain=False)

    words = [word for word, _colour in doubts_of(scan.model_copy(update={"candidates": (candidate,)}))]

    assert words == ["unclear whose dossier"]


# One scan


def test_rows_of_a_table_stand_under_their_heading(waiting: Callable[..., Scan], browser: FlaskClient) -> None:
    rows = [TableRow("家庭成员", 1), TableRow("家庭成员", 1), TableRow("家庭成员", 2), TableRow("", 1)]
    scan = waiting(
        *fields(0.5), *(extraction(None, f"值{n}", key="称谓", line=n, row=row) for n, row in enumerate(rows))
    )

    page = browser.get(f"/review/{scan.id}").text

    assert re.findall(r'class="finding-group">([^<]+)<', page) == ["家庭成员 · row 1", "家庭成员 · row 2", "Row 1"]


def test_fields_stand_beside_their_scan(waiting: Callable[..., Scan], browser: FlaskClient) -> None:
    scan = waiting(*fields(0.5), extraction(None, "甲级", key="客户等级", line=2))

    page = browser.get(f"/review/{scan.id}").text

    assert "ID number" in page
    assert "身份证号" in page
    assert "50 %" in page
    assert 'data-box="220,160,600,200"' in page
    assert "Also on the form" in page
    assert "客户等级" in page


def test_a_wrong_value_says_so_in_words(waiting: Callable[..., Scan], browser: FlaskClient) -> None:
    scan = waiting(extraction("id_number", "110105194912310021"))

    assert "at least one digit is wrong" in browser.get(f"/review/{scan.id}").text


def test_a_viewer_and_a_stranger_see_nothing(
    waiting: Callable[..., Scan], browser_as: Callable[[Role], FlaskClient]
) -> None:
    scan = waiting(*fields())

    assert browser_as(Role.VIEWER).get(f"/review/{scan.id}").status_code == 403
    assert browser_as(Role.CLERK).get(f"/review/{scan.id}").status_code == 404


def test_enter_confirms_what_was_read(
    archive: Archive, archivist: Actor, waiting: Callable[..., Scan], browser: FlaskClient
) -> None:
    scan = waiting(*fields(0.5))

    answer = decide(browser, scan, 1, "accept").json

    assert archive.intake.scan(archivist, scan.id).findings[1].decision == "confirmed"
    assert (answer["weak"], answer["standing"], answer["revision"]) == (0, "confirmed", scan.revision + 1)
    assert "Confirmed" in answer["row"]


def test_enter_corrects_where_the_input_says_otherwise(
    archive: Archive, archivist: Actor, waiting: Callable[..., Scan], browser: FlaskClient
) -> None:
    scan = waiting(*fields())

    decide(browser, scan, 0, "accept", value="张珊")

    finding = archive.intake.scan(archivist, scan.id).findings[0]
    assert (finding.decision, finding.text) == ("corrected", "张珊")


def test_accepting_a_correction_again_keeps_it(
    archive: Archive, archivist: Actor, waiting: Callable[..., Scan], browser: FlaskClient
) -> None:
    scan = waiting(*fields())
    decide(browser, scan, 0, "accept", value="张珊")
    scan = archive.intake.scan(archivist, scan.id)

    decide(browser, scan, 0, "accept")

    assert archive.intake.scan(archivist, scan.id).findings[0].text == "张珊"


def test_a_decision_is_taken_back(
    archive: Archive, archivist: Actor, waiting: Callable[..., Scan], browser: FlaskClient
) -> None:
    scan = waiting(*fields(0.5))
    decide(browser, scan, 1, "reject")
    scan = archive.intake.scan(archivist, scan.id)

    answer = decide(browser, scan, 1, "reopen").json

    assert answer["standing"] == "weak"
    assert archive.intake.scan(archivist, scan.id).findings[1].decision == "open"


def test_an_unknown_label_becomes_a_field(
    archive: Archive, archivist: Actor, waiting: Callable[..., Scan], browser: FlaskClient
) -> None:
    scan = waiting(*fields(), extraction(None, "13800138000", key="联络", line=2))

    answer = decide(browser, scan, 2, "accept", name="mobile").json

    assert answer["known"]
    assert "Mobile" in answer["row"]
    assert archive.intake.scan(archivist, scan.id).findings[2].name == "mobile"


def test_a_missed_field_is_added_and_the_type_changed(
    archive: Archive, archivist: Actor, waiting: Callable[..., Scan], browser: FlaskClient
) -> None:
    scan = waiting(*fields())

    browser.post(
        f"/review/{scan.id}/findings", data={"name": "mobile", "value": "13800138000", "revision": scan.revision}
    )
    browser.post(f"/review/{scan.id}/type", data={"type": "company", "revision": scan.revision + 1})

    scan = archive.intake.scan(archivist, scan.id)
    assert (scan.findings[-1].name, scan.findings[-1].value) == ("mobile", "13800138000")
    assert scan.type == "company"


def test_a_stale_page_is_told_and_loaded_again(waiting: Callable[..., Scan], browser: FlaskClient) -> None:
    scan = waiting(*fields(0.5))
    decide(browser, scan, 1, "accept")

    stale = decide(browser, scan, 0, "reject")

    assert stale.status_code == 409
    assert "The record was changed after you opened it" in browser.get(f"/review/{scan.id}").text


def test_without_scripts_a_decision_leads_back_to_its_field(waiting: Callable[..., Scan], browser: FlaskClient) -> None:
    scan = waiting(*fields(0.5))
    finding = scan.findings[1]

    answer = browser.post(
        f"/review/{scan.id}/findings/{finding.id}",
        data={"decision": "accept", "value": finding.text, "revision": scan.revision, "batch": BATCH},
    )

    assert answer.status_code == 303
    assert answer.location.endswith(f"/review/{scan.id}?batch={BATCH}#finding-{finding.id}")


# Where it belongs


def test_a_certain_dossier_is_chosen_and_its_differing_values_are_shown(
    archive: Archive, archivist: Actor, waiting: Callable[..., Scan], browser: FlaskClient
) -> None:
    dossier = make_dossier(archive, archivist)
    scan = waiting(*fields(), extraction("mobile", "13911112222", line=2))

    page = browser.get(f"/review/{scan.id}").text

    assert re.search(f'value="{dossier.id}" checked', page)
    assert "Same ID number" in page
    assert "In the dossier:" in page


def test_any_dossier_of_the_unit_can_be_found(
    archive: Archive, archivist: Actor, waiting: Callable[..., Scan], browser: FlaskClient, work: Callable[[], int]
) -> None:
    dossier = make_dossier(archive, archivist, name="王小明")
    archive.indexer.index_pending()
    scan = waiting(*fields())

    found = browser.get(f"/review/{scan.id}/dossiers?find=小明").text

    assert dossier.id in found
    assert "No dossier of this unit" in browser.get(f"/review/{scan.id}/dossiers?find=没有这人").text


# Filing


def file(browser: FlaskClient, scan: Scan, **form: str) -> TestResponse:
    return browser.post(f"/review/{scan.id}/file", data={"revision": scan.revision, "dossier": "", **form})


def test_filing_goes_on_to_the_next_and_names_the_dossier(
    archive: Archive, archivist: Actor, waiting: Callable[..., Scan], browser: FlaskClient
) -> None:
    scan, other = waiting(*fields(), name="a"), waiting(extraction("name", "李四", confidence=0.5), name="b")

    answer = file(browser, scan)

    filed = archive.intake.scan(archivist, scan.id)
    assert answer.location.endswith(f"/review/{other.id}")
    assert f'<a href="/dossiers/{filed.dossier_id}">张三 · {filed.dossier_code}</a>' in browser.get("/review").text


def test_the_last_scan_leads_back_to_the_queue(waiting: Callable[..., Scan], browser: FlaskClient) -> None:
    scan = waiting(*fields())

    assert file(browser, scan, batch=BATCH).location.endswith(f"/review?batch={BATCH}")


def test_weak_values_keep_a_scan_from_being_filed_until_they_are_taken_as_read(
    archive: Archive, archivist: Actor, waiting: Callable[..., Scan], browser: FlaskClient
) -> None:
    scan = waiting(*fields(0.5))

    refused = file(browser, scan)
    file(browser, scan, accept_open="yes")

    assert refused.status_code == 422
    assert "Some values need a look" in refused.text
    assert archive.intake.scan(archivist, scan.id).state is ScanState.FILED


def test_a_missing_required_field_offers_a_draft(
    archive: Archive, archivist: Actor, waiting: Callable[..., Scan], browser: FlaskClient
) -> None:
    scan = waiting(extraction("mobile", "13800138000"))

    refused = file(browser, scan)
    file(browser, archive.intake.scan(archivist, scan.id), draft="yes")

    assert "A new dossier lacks: Name" in refused.text
    dossier_id = archive.intake.scan(archivist, scan.id).dossier_id
    assert dossier_id is not None
    assert archive.dossiers.get(archivist, dossier_id).dossier.state == "draft"


def test_a_persons_value_stays_and_is_told(
    archive: Archive, archivist: Actor, waiting: Callable[..., Scan], browser: FlaskClient
) -> None:
    dossier = make_dossier(archive, archivist)
    scan = waiting(*fields(), extraction("mobile", "13911112222", line=2))

    page = browser.post(
        f"/review/{scan.id}/file", data={"revision": scan.revision, "dossier": dossier.id}, follow_redirects=True
    ).text

    assert "The dossier keeps what a person entered there: Mobile." in page


def test_a_filed_scan_is_not_reviewed_again(waiting: Callable[..., Scan], browser: FlaskClient) -> None:
    scan = waiting(*fields())
    file(browser, scan)

    assert browser.get(f"/review/{scan.id}").location.endswith(f"/scans/{scan.id}")


def test_a_scan_is_set_aside_from_the_review(
    archive: Archive, archivist: Actor, waiting: Callable[..., Scan], browser: FlaskClient
) -> None:
    scan = waiting(*fields())

    without = browser.post(f"/review/{scan.id}/discard", data={"reason": ""})
    browser.post(f"/review/{scan.id}/discard", data={"reason": "an advertisement"})

    assert without.location.endswith(f"/review/{scan.id}")
    assert archive.intake.scan(archivist, scan.id).state is ScanState.REJECTED


def test_skipping_leads_to_the_next_and_changes_nothing(
    archive: Archive, archivist: Actor, waiting: Callable[..., Scan], browser: FlaskClient
) -> None:
    scan, other = waiting(*fields(), name="a"), waiting(*fields(), name="b")

    assert browser.get(f"/review/{scan.id}/next").location.endswith(f"/review/{other.id}")
    assert archive.intake.scan(archivist, scan.id) == scan


def test_customer_text_is_never_markup(waiting: Callable[..., Scan], browser: FlaskClient) -> None:
    scan = waiting(extraction("name", "<script>alert(1)</script>", key="<b>姓名"))

    page = browser.get(f"/review/{scan.id}").text

    assert "<script>alert(1)" not in page
    assert "<b>姓名" not in page


def test_a_printed_choice_without_a_tick_is_chosen_from_a_list(
    waiting: Callable[..., Scan], browser: FlaskClient
) -> None:
    scan = waiting(extraction("sex", "□男 □女"))

    page = browser.get(f"/review/{scan.id}").text

    assert '<option value="□男 □女" selected>' in page
    assert '<option value="female">Female</option>' in page
