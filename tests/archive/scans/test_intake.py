"""Files on their way in."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from archive.access import SYSTEM, Actor
from archive.bootstrap import Archive
from archive.errors import AccessDeniedError, IntakeError, InvalidInputError, NotFoundError, WrongStateError
from archive.scans import intake
from archive.scans.intake import clean_filename
from archive.scans.scan import ScanState
from tests.factories import hand_in, picture
from tests.fakes import BrokenPageError, BusyEngineError, CannedReader, extraction


def test_a_receipt_says_that_bytes_and_record_are_stored(archive: Archive, clerk: Actor) -> None:
    data = picture("a form")

    receipt = hand_in(archive, clerk, data)

    scan = archive.intake.by_receipt(clerk, receipt.receipt)
    assert scan.state is ScanState.RECEIVED
    assert b"".join(archive.images.original(clerk, scan.id).chunks) == data


def test_the_same_bytes_again_give_the_old_receipt(archive: Archive, clerk: Actor) -> None:
    first = hand_in(archive, clerk, filename="a.png")

    second = hand_in(archive, clerk, filename="b.png")

    assert second.receipt == first.receipt
    assert second.duplicate
    assert len(archive.intake.scans(clerk).items) == 1


def test_two_units_do_not_learn_of_each_others_bytes(archive: Archive, clerk: Actor) -> None:
    other = Actor("other", "Other", clerk.roles, frozenset({"branch"}))
    archive.accounts.create_unit(SYSTEM, "branch", "分部", "Branch")
    hand_in(archive, clerk)

    receipt = archive.intake.receive(other, "x.png", io.BytesIO(picture()), unit="branch", batch_id="c" * 32)

    assert not receipt.duplicate


@pytest.mark.parametrize("data", [b"", b"only text", picture()[:200]])
def test_what_cannot_be_read_is_not_taken_in(archive: Archive, clerk: Actor, data: bytes) -> None:
    with pytest.raises(IntakeError) as refused:
        hand_in(archive, clerk, data)

    assert refused.value.code != "not-taken-in"
    assert archive.intake.scans(clerk).items == ()


def test_what_was_refused_stays_in_the_list_of_its_batch(archive: Archive, clerk: Actor) -> None:
    with pytest.raises(IntakeError):
        hand_in(archive, clerk, b"only text", filename="../notes.txt", batch_id="d" * 32)

    (refused,) = archive.intake.refused(clerk, "d" * 32)
    assert (refused.filename, refused.code) == ("notes.txt", "media-unsupported")
    assert archive.intake.refused(clerk, "e" * 32) == ()


def test_a_file_that_came_after_all_counts_as_refused_no_longer(archive: Archive, clerk: Actor) -> None:
    for data in (b"cut off", b"cut off again"):
        with pytest.raises(IntakeError):
            hand_in(archive, clerk, data, filename="form.png", batch_id="d" * 32)
    assert len(archive.intake.refused(clerk, "d" * 32)) == 1

    hand_in(archive, clerk, filename="form.png", batch_id="d" * 32)

    assert archive.intake.refused(clerk, "d" * 32) == ()


def test_a_colleague_who_uploads_only_sees_no_names_of_anothers_refused_files(
    archive: Archive, clerk: Actor, archivist: Actor
) -> None:
    archive.intake.note_refused(archivist, "张三.png", "scan-too-large", unit="main", batch_id="d" * 32)

    assert archive.intake.refused(clerk, "d" * 32) == ()
    assert len(archive.intake.refused(archivist, "d" * 32)) == 1


def test_refused_files_are_forgotten_after_some_months(
    archive: Archive, clerk: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.intake.note_refused(clerk, "form.png", "scan-too-large", unit="main", batch_id="d" * 32)

    archive.intake.forget_refused()
    assert len(archive.intake.refused(clerk, "d" * 32)) == 1

    monkeypatch.setattr(intake, "utc_now", lambda: datetime.now(UTC) + timedelta(days=91))
    archive.intake.forget_refused()
    assert archive.intake.refused(clerk, "d" * 32) == ()


def test_a_viewer_hands_nothing_in(archive: Archive, viewer: Actor) -> None:
    with pytest.raises(AccessDeniedError):
        hand_in(archive, viewer)


def test_a_clerk_hands_nothing_into_another_unit(archive: Archive, clerk: Actor) -> None:
    with pytest.raises(AccessDeniedError):
        archive.intake.receive(clerk, "x.png", io.BytesIO(picture()), unit="branch", batch_id="b" * 32)


def test_nothing_is_handed_into_a_unit_that_does_not_exist(archive: Archive) -> None:
    with pytest.raises(InvalidInputError):
        archive.intake.receive(SYSTEM, "x.png", io.BytesIO(picture()), unit="nowhere", batch_id="b" * 32)


def test_a_clerk_does_not_see_anothers_scans(archive: Archive, clerk: Actor, archivist: Actor) -> None:
    receipt = hand_in(archive, archivist)

    with pytest.raises(NotFoundError):
        archive.intake.by_receipt(clerk, receipt.receipt)
    assert archive.intake.scans(clerk).items == ()


def test_a_read_scan_waits_for_review(archive: Archive, clerk: Actor, reader: CannedReader, work) -> None:
    reader.fields = (extraction("name", "张三"),)
    receipt = hand_in(archive, clerk)

    work()

    scan = archive.intake.scan(clerk, receipt.scan_id)
    assert scan.state is ScanState.NEEDS_REVIEW
    assert [finding.text for finding in scan.findings] == ["张三"]
    assert scan.failure is None


def test_a_file_that_no_reader_can_read_fails_with_its_reason(
    archive: Archive, clerk: Actor, reader: CannedReader, work
) -> None:
    reader.failures = [BrokenPageError("the page is broken")]
    receipt = hand_in(archive, clerk)

    work()

    scan = archive.intake.scan(clerk, receipt.scan_id)
    assert scan.state is ScanState.FAILED
    assert scan.failure is not None
    assert scan.failure.code == "broken-page"


def test_a_failed_scan_is_read_again_on_request(archive: Archive, clerk: Actor, reader: CannedReader, work) -> None:
    reader.failures = [BrokenPageError("the page is broken")]
    receipt = hand_in(archive, clerk)
    work()

    archive.intake.retry(clerk, receipt.scan_id)
    work()

    assert archive.intake.scan(clerk, receipt.scan_id).state is ScanState.NEEDS_REVIEW


def test_a_passing_failure_is_tried_again_by_the_sweep(
    archive: Archive, clerk: Actor, reader: CannedReader, work
) -> None:
    reader.failures = [BusyEngineError("later")]
    receipt = hand_in(archive, clerk)
    work()
    assert archive.intake.scan(clerk, receipt.scan_id).state is ScanState.RECEIVED

    archive.sweep()
    work()

    assert archive.intake.scan(clerk, receipt.scan_id).state is ScanState.NEEDS_REVIEW


def test_a_passing_failure_that_does_not_pass_fails_in_the_end(
    archive: Archive, clerk: Actor, reader: CannedReader, work
) -> None:
    reader.failures = [BusyEngineError("later") for _ in range(10)]
    receipt = hand_in(archive, clerk)

    for _ in range(5):
        archive.sweep()
        work()

    assert archive.intake.scan(clerk, receipt.scan_id).state is ScanState.FAILED
    assert reader.read_count == archive.settings.reading_attempts


def test_a_call_that_the_queue_lost_is_made_up_for(archive: Archive, clerk: Actor, work) -> None:
    receipt = hand_in(archive, clerk)
    archive.jobs.huey.flush()

    archive.sweep()
    work()

    assert archive.intake.scan(clerk, receipt.scan_id).state is ScanState.NEEDS_REVIEW


def test_a_discarded_scan_is_kept_and_comes_back(archive: Archive, clerk: Actor, work) -> None:
    receipt = hand_in(archive, clerk)
    work()

    archive.intake.discard(clerk, receipt.scan_id, "not a form")
    assert archive.intake.scan(clerk, receipt.scan_id).state is ScanState.REJECTED
    archive.intake.restore(clerk, receipt.scan_id)

    assert archive.intake.scan(clerk, receipt.scan_id).state is ScanState.NEEDS_REVIEW


def test_a_scan_that_comes_back_unread_has_all_its_tries_again(
    archive: Archive, clerk: Actor, reader: CannedReader, work
) -> None:
    reader.failures = [BusyEngineError("later") for _ in range(archive.settings.reading_attempts + 1)]
    receipt = hand_in(archive, clerk)
    for _ in range(archive.settings.reading_attempts):
        archive.sweep()
        work()
    archive.intake.discard(clerk, receipt.scan_id, "unreadable")

    archive.intake.restore(clerk, receipt.scan_id)
    work()

    assert archive.intake.scan(clerk, receipt.scan_id).state is ScanState.RECEIVED


def test_a_reader_that_fails_in_a_way_nobody_foresaw_leaves_no_scan_being_read(
    archive: Archive, clerk: Actor, reader: CannedReader, work
) -> None:
    reader.failures = [RuntimeError("unforeseen")]
    receipt = hand_in(archive, clerk)

    work()

    scan = archive.intake.scan(clerk, receipt.scan_id)
    assert scan.state is ScanState.RECEIVED
    assert scan.failure is not None
    assert "unforeseen" not in scan.failure.message


def test_a_value_that_is_too_long_waits_for_a_look(archive: Archive, clerk: Actor, reader: CannedReader, work) -> None:
    reader.fields = (extraction("address", "和平路" * 2000),)
    receipt = hand_in(archive, clerk)

    work()

    scan = archive.intake.scan(clerk, receipt.scan_id)
    assert scan.state is ScanState.NEEDS_REVIEW
    assert scan.findings[0].needs_look


def test_decisions_are_not_lost_by_reading_again(archive: Archive, clerk: Actor, reader: CannedReader, work) -> None:
    reader.fields = (extraction("name", "张三"),)
    receipt = hand_in(archive, clerk)
    work()
    scan = archive.intake.scan(clerk, receipt.scan_id)
    archive.review.decide(clerk, scan.id, scan.findings[0].id, decision="confirmed", revision=scan.revision)

    with pytest.raises(WrongStateError):
        archive.intake.retry(clerk, scan.id)


def test_a_long_list_of_scans_comes_in_pages_without_gaps(archive: Archive, clerk: Actor) -> None:
    receipts = {hand_in(archive, clerk, picture(str(number))).receipt for number in range(7)}

    seen, after = [], None
    while True:
        page = archive.intake.scans(clerk, after=after, limit=3)
        seen += [scan.receipt for scan in page.items]
        if (after := page.next) is None:
            break

    assert len(seen) == len(set(seen))
    assert set(seen) == receipts


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\scans\\a'b\"c.jpg", "a'b\"c.jpg"),
        ("line\nbreak.png", "linebreak.png"),
        ("form\u202egpj.exe", "formgpj.exe"),
        ("///", "unnamed"),
        ("表单.jpg", "表单.jpg"),
    ],
)
def test_a_file_name_is_kept_without_folders_and_tricks(given: str, kept: str) -> None:
    assert clean_filename(given) == kept


def test_a_long_file_name_keeps_its_ending() -> None:
    name = clean_filename("x" * 1000 + ".jpeg")

    assert len(name) <= 200
    assert name.endswith(".jpeg")
