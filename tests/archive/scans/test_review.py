"""From findings to a dossier."""

from datetime import timedelta

import pytest

from archive.access import SYSTEM, Actor
from archive.bootstrap import Archive
from archive.dossier import DossierState
from archive.errors import (
    AccessDeniedError,
    InvalidInputError,
    NotFoundError,
    StaleRevisionError,
    StorageUnavailableError,
    WrongStateError,
)
from archive.scans.review import dossier_id_for, suggested_type
from archive.scans.scan import Decision, ScanState
from ocr import TableRow
from tests.factories import ZHANG_SAN, make_dossier
from tests.fakes import extraction, name_and_number


def test_filing_makes_a_dossier_with_provenance(archive: Archive, clerk: Actor, archivist: Actor, waiting) -> None:
    scan = waiting(*name_and_number())

    filed = archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision)

    dossier = archive.dossiers.get(archivist, filed.dossier.id).dossier
    assert dossier.title == "张三"
    assert [item.scan_id for item in dossier.attachments] == [scan.id]
    origin = dossier.fields["name"].provenance
    assert (origin.by, origin.scan_id, origin.page, origin.box) == ("reading", scan.id, 1, (220, 100, 600, 140))
    assert archive.intake.scan(clerk, scan.id).state is ScanState.FILED


def test_weak_fields_keep_a_scan_from_being_filed(archive: Archive, clerk: Actor, waiting) -> None:
    scan = waiting(*name_and_number(confidence=0.5))

    with pytest.raises(InvalidInputError) as refused:
        archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision)

    assert refused.value.code == "weak-fields"


def test_a_confirmed_weak_field_is_filed_with_the_reviewers_name(
    archive: Archive, clerk: Actor, archivist: Actor, waiting
) -> None:
    scan = waiting(*name_and_number(confidence=0.5))

    scan = archive.review.decide(clerk, scan.id, scan.findings[1].id, decision="confirmed", revision=scan.revision)
    filed = archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision)

    assert filed.dossier.fields["id_number"].provenance.confirmed_by == clerk.name


def test_a_correction_is_checked_like_any_value(archive: Archive, clerk: Actor, waiting) -> None:
    scan = waiting(*name_and_number())

    scan = archive.review.decide(
        clerk, scan.id, scan.findings[1].id, decision="corrected", value="110105194912310021", revision=scan.revision
    )

    assert not scan.findings[1].valid
    assert scan.findings[1].problems


@pytest.mark.parametrize("printed", ["□男 ☑女", "男 女"])
@pytest.mark.parametrize("decision", [None, "confirmed", "open"])
def test_the_ticked_choice_is_filed_as_the_review_shows_it(
    archive: Archive, clerk: Actor, waiting, printed: str, decision: Decision | None
) -> None:
    scan = waiting(
        *name_and_number(),
        extraction("sex", printed, key="性别", line=2, ticked="女"),
        extraction("marital_status", "□未婚 ☑已婚", key="婚姻状况", line=3, ticked="已婚"),
    )

    if decision:
        scan = archive.review.decide(clerk, scan.id, scan.findings[2].id, decision=decision, revision=scan.revision)
    shown = [finding.text for finding in scan.findings[2:]]
    filed = archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision).dossier

    assert shown == [filed.fields["sex"].text, filed.fields["marital_status"].text] == ["female", "已婚"]
    assert filed.fields["sex"].raw == printed


def test_a_ticked_choice_comes_back_when_its_correction_is_taken_back(archive: Archive, clerk: Actor, waiting) -> None:
    scan = waiting(*name_and_number(), extraction("sex", "□男 ☑女", key="性别", line=2, ticked="女"))
    sex = scan.findings[2].id

    scan = archive.review.decide(clerk, scan.id, sex, decision="corrected", value="男", revision=scan.revision)
    corrected = scan.findings[2].text
    scan = archive.review.decide(clerk, scan.id, sex, decision="open", revision=scan.revision)

    assert (corrected, scan.findings[2].text) == ("male", "female")


def test_a_rejected_field_is_not_filed(archive: Archive, clerk: Actor, waiting) -> None:
    scan = waiting(*name_and_number())

    scan = archive.review.decide(clerk, scan.id, scan.findings[1].id, decision="rejected", revision=scan.revision)
    filed = archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision)

    assert "id_number" not in filed.dossier.fields


def test_a_decision_can_be_taken_back(archive: Archive, clerk: Actor, waiting) -> None:
    scan = waiting(*name_and_number(confidence=0.5))
    scan = archive.review.decide(clerk, scan.id, scan.findings[1].id, decision="rejected", revision=scan.revision)

    scan = archive.review.decide(clerk, scan.id, scan.findings[1].id, decision="open", revision=scan.revision)

    assert scan.findings[1].needs_look
    assert scan.findings[1].decided_by is None


def test_two_reviewers_do_not_overwrite_each_other(archive: Archive, clerk: Actor, archivist: Actor, waiting) -> None:
    scan = waiting(*name_and_number())
    archive.review.decide(clerk, scan.id, scan.findings[0].id, decision="confirmed", revision=scan.revision)

    with pytest.raises(StaleRevisionError):
        archive.review.decide(archivist, scan.id, scan.findings[0].id, decision="rejected", revision=scan.revision)


def test_two_reviewers_do_not_file_one_scan_twice(archive: Archive, clerk: Actor, archivist: Actor, waiting) -> None:
    scan = waiting(*name_and_number())
    archive.review._scans.claim_filing(scan, user=archivist.user_id, lease=timedelta(seconds=30))
    reloaded = archive.intake.scan(clerk, scan.id)

    with pytest.raises(StaleRevisionError):
        archive.review.file(clerk, scan.id, dossier_id=None, revision=reloaded.revision)


def test_a_scan_that_is_being_filed_is_left_alone_by_others(
    archive: Archive, clerk: Actor, archivist: Actor, waiting
) -> None:
    scan = waiting(*name_and_number())
    archive.review._scans.claim_filing(scan, user=clerk.user_id, lease=timedelta(seconds=30))
    reloaded = archive.intake.scan(archivist, scan.id)

    with pytest.raises(StaleRevisionError):
        archive.intake.discard(archivist, scan.id, "not a form")
    with pytest.raises(StaleRevisionError):
        archive.intake.retry(archivist, scan.id)
    with pytest.raises(StaleRevisionError):
        archive.review.decide(archivist, scan.id, scan.findings[0].id, decision="rejected", revision=reloaded.revision)


def test_a_filing_that_fails_after_its_dossier_is_stored_is_completed_by_the_sweep(
    archive: Archive, clerk: Actor, waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = waiting(*name_and_number())

    def unavailable(*_: object, **__: object) -> None:
        raise StorageUnavailableError("no answer")

    with monkeypatch.context() as broken:
        broken.setattr(archive.audit, "record", unavailable)
        broken.setattr("archive.scans.review._FILING_LEASE", timedelta(0))
        with pytest.raises(StorageUnavailableError):
            archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision)

    archive.sweep()

    assert archive.intake.scan(clerk, scan.id).state is ScanState.FILED


def test_a_scan_is_filed_once(archive: Archive, clerk: Actor, waiting) -> None:
    scan = waiting(*name_and_number())
    archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision)

    with pytest.raises(WrongStateError):
        archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision)

    assert archive.indexer.verify(SYSTEM, repair=False).checked == 1


def test_a_filing_cut_short_is_completed_by_the_sweep(
    archive: Archive, clerk: Actor, archivist: Actor, waiting
) -> None:
    scan = waiting(*name_and_number())
    # What a crash between the two writes of a filing leaves: a claim that ran out, a dossier that has the scan, and the
    # scan still waiting.
    claimed = archive.review._scans.claim_filing(scan, user=clerk.user_id, lease=timedelta(0))
    archive.review._put_into_dossier(clerk, claimed, None, None, DossierState.ACTIVE)
    assert archive.intake.scan(clerk, scan.id).state is ScanState.NEEDS_REVIEW

    archive.sweep()

    done = archive.intake.scan(clerk, scan.id)
    assert (done.state, done.dossier_id) == (ScanState.FILED, dossier_id_for(scan))


def test_the_dossier_with_the_same_number_is_the_certain_candidate(archive: Archive, archivist: Actor, waiting) -> None:
    dossier = make_dossier(archive, archivist)

    scan = waiting(*name_and_number())

    assert [(each.dossier_id, each.certain) for each in scan.candidates] == [(dossier.id, True)]
    assert "same-id-number" in scan.candidates[0].reasons


def test_of_a_candidate_the_review_masks_what_the_scan_does_not_say_itself(
    archive: Archive, archivist: Actor, clerk: Actor, waiting
) -> None:
    dossier = make_dossier(archive, archivist)
    scan = waiting(extraction("id_number", ZHANG_SAN["id_number"]), extraction("mobile", "13911112222", line=1))

    said = archive.review.open(clerk, scan.id).present[dossier.id]

    assert said == {"id_number": ZHANG_SAN["id_number"], "mobile": "138****8000"}


def test_the_same_name_alone_is_not_certain(archive: Archive, archivist: Actor, waiting) -> None:
    make_dossier(archive, archivist, name="张三")

    scan = waiting(*name_and_number())

    assert [each.certain for each in scan.candidates] == [False]


def test_another_id_number_speaks_against_the_same_name_and_birth_date(
    archive: Archive, archivist: Actor, waiting
) -> None:
    make_dossier(archive, archivist)

    scan = waiting(
        extraction("name", "张三"),
        extraction("birth_date", "1949-12-31", line=1),
        extraction("id_number", "110105194912310038", line=2),
    )

    assert [each.certain for each in scan.candidates] == [False]


def test_an_unconfirmed_reading_never_replaces_what_a_person_typed(
    archive: Archive, clerk: Actor, archivist: Actor, waiting
) -> None:
    dossier = make_dossier(archive, archivist)
    scan = waiting(*name_and_number(), extraction("mobile", "13911112222", line=2))

    filed = archive.review.file(clerk, scan.id, dossier_id=dossier.id, revision=scan.revision)

    assert filed.kept == ("mobile",)
    assert filed.dossier.fields["mobile"].raw == ZHANG_SAN["mobile"]


def test_a_confirmed_reading_updates_the_dossier(archive: Archive, clerk: Actor, archivist: Actor, waiting) -> None:
    dossier = make_dossier(archive, archivist)
    scan = waiting(*name_and_number(), extraction("mobile", "13911112222", line=2))
    scan = archive.review.decide(clerk, scan.id, scan.findings[2].id, decision="confirmed", revision=scan.revision)

    filed = archive.review.file(clerk, scan.id, dossier_id=dossier.id, revision=scan.revision)

    assert filed.dossier.fields["mobile"].raw == "13911112222"
    assert filed.dossier.revision == dossier.revision + 1


def test_a_value_that_a_person_has_confirmed_later_is_not_replaced_by_a_reading(
    archive: Archive, clerk: Actor, waiting
) -> None:
    read = waiting(*name_and_number(), extraction("mobile", "13800138000", line=2), name="read")
    dossier = archive.review.file(clerk, read.id, dossier_id=None, revision=read.revision).dossier
    scan = waiting(*name_and_number(), extraction("mobile", "13800138000", line=2), name="confirmed")
    scan = archive.review.decide(clerk, scan.id, scan.findings[2].id, decision="confirmed", revision=scan.revision)
    archive.review.file(clerk, scan.id, dossier_id=dossier.id, revision=scan.revision)
    other = waiting(*name_and_number(), extraction("mobile", "13911112222", line=2), name="other")

    filed = archive.review.file(clerk, other.id, dossier_id=dossier.id, revision=other.revision)

    assert filed.kept == ("mobile",)
    assert filed.dossier.fields["mobile"].raw == "13800138000"


def test_an_unknown_label_is_kept_under_its_own_name_once_confirmed(archive: Archive, clerk: Actor, waiting) -> None:
    scan = waiting(*name_and_number(), extraction(None, "甲级", key="客户等级 No.", line=2))
    scan = archive.review.decide(clerk, scan.id, scan.findings[2].id, decision="confirmed", revision=scan.revision)

    filed = archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision)

    assert filed.dossier.fields["客户等级 No．"].text == "甲级"


def relative(number: int, name: str, mobile: str) -> tuple:
    row = TableRow("家庭成员", number)
    return (
        extraction(None, name, key="姓名", line=2 * number, row=row),
        extraction(None, mobile, key="手机", line=2 * number + 1, row=row),
    )


def test_rows_of_a_table_are_kept_apart_and_are_not_the_customers(archive: Archive, clerk: Actor, waiting) -> None:
    scan = waiting(*name_and_number(), *relative(1, "张建国", "13800138001"), *relative(2, "李秀英", "13800138002"))
    for finding in scan.findings[2:]:
        scan = archive.review.decide(clerk, scan.id, finding.id, decision="confirmed", revision=scan.revision)

    fields = archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision).dossier.fields

    assert fields["name"].text == ZHANG_SAN["name"]
    assert "mobile" not in fields
    assert {name: value.text for name, value in fields.items() if name.startswith("家庭成员")} == {
        "家庭成员 1 姓名": "张建国",
        "家庭成员 1 手机": "13800138001",
        "家庭成员 2 姓名": "李秀英",
        "家庭成员 2 手机": "13800138002",
    }


def test_a_relatives_number_is_masked_as_the_customers_is(archive: Archive, clerk: Actor, waiting) -> None:
    scan = waiting(*name_and_number(), *relative(1, "张建国", "13800138001"))
    assert [finding.sensitive for finding in scan.findings[2:]] == [False, True]
    scan = archive.review.decide(clerk, scan.id, scan.findings[3].id, decision="confirmed", revision=scan.revision)
    assert scan.findings[3].sensitive
    filed = archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision)

    view = archive.dossiers.get(clerk, filed.dossier.id)

    assert "家庭成员 1 手机" in view.masked
    assert "13800138001" not in repr(view.dossier.fields)


def test_rows_are_not_filed_unless_somebody_says_so(archive: Archive, clerk: Actor, waiting) -> None:
    scan = waiting(*name_and_number(), *relative(1, "张建国", "13800138001"))

    filed = archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision)

    assert set(filed.dossier.fields) == {"name", "id_number"}


def test_a_missed_field_can_be_typed(archive: Archive, clerk: Actor, waiting) -> None:
    scan = waiting(*name_and_number())

    scan = archive.review.add_finding(clerk, scan.id, "mobile", "13800138000", revision=scan.revision)
    filed = archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision)

    assert filed.dossier.fields["mobile"].provenance.by == "user"


def test_a_missing_required_field_asks_for_a_draft(archive: Archive, clerk: Actor, waiting) -> None:
    scan = waiting(extraction("mobile", "13800138000"))

    with pytest.raises(InvalidInputError) as refused:
        archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision)
    scan = archive.intake.scan(clerk, scan.id)
    filed = archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision, state=DossierState.DRAFT)

    assert refused.value.field == "name"
    assert filed.dossier.state is DossierState.DRAFT


def test_the_queue_shows_the_worst_first(archive: Archive, clerk: Actor, waiting) -> None:
    sure = waiting(*name_and_number(), name="sure")
    doubtful = waiting(*name_and_number(confidence=0.4), name="doubtful")
    invalid = waiting(extraction("id_number", "110105194912310021"), name="invalid")
    nothing = waiting(name="nothing")

    queue = [scan.id for scan in archive.review.queue(clerk).items]

    assert queue == [nothing.id, invalid.id, doubtful.id, sure.id]
    assert archive.review.next_after(clerk, invalid.id) == doubtful.id
    assert archive.review.next_after(clerk, sure.id) == nothing.id


def test_a_clerk_reviews_own_scans_only(archive: Archive, clerk: Actor, archivist: Actor, waiting) -> None:
    scan = waiting(*name_and_number(), by=archivist)

    assert archive.review.queue(clerk).items == ()
    with pytest.raises(NotFoundError):
        archive.review.open(clerk, scan.id)


def test_a_viewer_does_not_review(archive: Archive, viewer: Actor, waiting) -> None:
    scan = waiting(*name_and_number())

    with pytest.raises(AccessDeniedError):
        archive.review.open(viewer, scan.id)


def test_a_batch_is_confirmed_where_nothing_needs_a_look(
    archive: Archive, clerk: Actor, archivist: Actor, waiting
) -> None:
    make_dossier(archive, archivist, name="王五")
    sure = waiting(*name_and_number(), name="sure")
    weak = waiting(extraction("name", "李四", confidence=0.5), name="weak")
    unclear = waiting(extraction("name", "王五"), name="unclear")
    nothing = waiting(name="nothing")

    result = archive.review.confirm_batch(clerk, "b" * 32)

    assert result.filed == (sure.id,)
    assert dict(result.left) == {
        weak.id: "weak-fields",
        unclear.id: "unclear-dossier",
        nothing.id: "nothing-found",
    }


def test_a_scan_that_a_colleague_files_meanwhile_does_not_stop_the_batch(
    archive: Archive, clerk: Actor, archivist: Actor, waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = waiting(*name_and_number(), name="taken")
    left = waiting(*name_and_number(), name="left")
    listed = archive.review._waiting(clerk, "b" * 32)
    archive.review.file(archivist, taken.id, dossier_id=None, revision=taken.revision)
    monkeypatch.setattr(archive.review, "_waiting", lambda *_: listed)

    result = archive.review.confirm_batch(clerk, "b" * 32)

    assert result.filed == (left.id,)
    assert result.left == ((taken.id, "stale"),)


def test_the_second_form_of_a_batch_joins_the_dossier_of_the_first(archive: Archive, clerk: Actor, waiting) -> None:
    waiting(*name_and_number(), name="front")
    waiting(*name_and_number(), name="back")

    result = archive.review.confirm_batch(clerk, "b" * 32)

    dossiers = {archive.intake.scan(clerk, scan_id).dossier_id for scan_id in result.filed}
    assert len(result.filed) == 2
    assert len(dossiers) == 1


def test_what_a_company_alone_has_suggests_a_company(archive: Archive, waiting) -> None:
    scan = waiting(extraction("company", "测试有限公司"), extraction("uscc", "91110000600037341L", line=1))

    assert suggested_type(scan.findings) == "company"


def test_another_type_leaves_the_names_of_those_who_decided(
    archive: Archive, clerk: Actor, archivist: Actor, waiting
) -> None:
    scan = waiting(extraction("company", "测试有限公司"))
    scan = archive.review.decide(clerk, scan.id, scan.findings[0].id, decision="confirmed", revision=scan.revision)

    scan = archive.review.set_type(archivist, scan.id, "company", revision=scan.revision)

    assert scan.findings[0].decided_by == clerk.name


def test_another_type_is_set_by_hand(archive: Archive, clerk: Actor, waiting) -> None:
    scan = waiting(extraction("company", "测试有限公司"))

    scan = archive.review.set_type(clerk, scan.id, "company", revision=scan.revision)
    filed = archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision)

    assert (filed.dossier.type, filed.dossier.title) == ("company", "测试有限公司")
