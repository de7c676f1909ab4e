"""From the wrong dossier back to the review."""

from datetime import timedelta

import pytest

from archive.access import SYSTEM, Actor, Role
from archive.bootstrap import Archive
from archive.dossier import Dossier, DossierState
from archive.errors import (
    AccessDeniedError,
    InTrashError,
    InvalidInputError,
    NotFoundError,
    StaleRevisionError,
    StorageUnavailableError,
    WrongStateError,
)
from archive.finding.found import LookupQuery
from archive.scans.scan import Scan, ScanState
from archive.values import utc_now
from tests.factories import make_dossier
from tests.fakes import extraction, name_and_number


def take_out(archive: Archive, actor: Actor, scan_id: str, reason: str = "another customer's") -> None:
    plan = archive.taking_out.plan(actor, scan_id)
    archive.taking_out.take_out(
        actor, scan_id, reason=reason, revision=plan.scan.revision, dossier_revision=plan.dossier.revision
    )


def file_into(archive: Archive, actor: Actor, scan: Scan, dossier: Dossier | None) -> Dossier:
    fresh = archive.intake.scan(actor, scan.id)
    filed = archive.review.file(
        actor, scan.id, dossier_id=dossier.id if dossier else None, revision=fresh.revision, accept_open=True
    )
    return filed.dossier


def texts(dossier: Dossier) -> dict[str, str]:
    return {name: value.text for name, value in dossier.fields.items()}


def present(archive: Archive, dossier: Dossier) -> Dossier:
    return archive.dossiers.version(
        SYSTEM, dossier.id, archive.dossiers.get(SYSTEM, dossier.id).dossier.revision
    ).dossier


def test_what_the_scan_gave_goes_and_what_was_there_comes_back(archive: Archive, archivist: Actor, waiting) -> None:
    dossier = make_dossier(archive, archivist, name="李四", address="旧地址1号")
    scan = waiting(*name_and_number(), extraction("address", "新地址2号", key="地址", line=2), by=archivist)
    scan = archive.review.decide(archivist, scan.id, scan.findings[2].id, decision="confirmed", revision=scan.revision)
    before = texts(present(archive, dossier))
    wrong = file_into(archive, archivist, scan, dossier)

    plan = archive.taking_out.plan(archivist, scan.id)
    take_out(archive, archivist, scan.id)

    after = archive.dossiers.get(archivist, dossier.id).dossier
    assert texts(wrong) != before
    assert {value.name: value.after for value in plan.values}["address"] == "旧地址1号"
    assert texts(present(archive, dossier)) == before
    assert after.attachments == ()
    assert [version.action for version in archive.dossiers.history(archivist, dossier.id)][:2] == ["taken-out", "filed"]


def test_the_scan_waits_again_with_every_decision_and_is_filed_rightly(
    archive: Archive, archivist: Actor, waiting, work
) -> None:
    wrong = make_dossier(archive, archivist, name="李四")
    scan = waiting(*name_and_number(), by=archivist)
    scan = archive.review.decide(
        archivist, scan.id, scan.findings[0].id, decision="corrected", value="张三丰", revision=scan.revision
    )
    file_into(archive, archivist, scan, wrong)

    take_out(archive, archivist, scan.id)
    again = archive.intake.scan(archivist, scan.id)
    right = file_into(archive, archivist, scan, None)
    work()

    assert (again.state, again.dossier_id, again.filed_at, again.taken_out) == (ScanState.NEEDS_REVIEW, None, None, 1)
    assert again.findings[0].value == "张三丰"
    assert right.title == "张三丰"
    found = archive.lookup.find(archivist, LookupQuery(text="张三丰"))
    assert [hit.summary.dossier.id for hit in found.hits] == [right.id]


def test_a_dossier_that_the_scan_made_is_left_empty_and_another_one_is_made_for_it(
    archive: Archive, clerk: Actor, waiting
) -> None:
    scan = waiting(*name_and_number())
    first = file_into(archive, clerk, scan, None)

    plan = archive.taking_out.plan(clerk, scan.id)
    take_out(archive, clerk, scan.id)
    second = file_into(archive, clerk, scan, None)

    left = archive.dossiers.get(SYSTEM, first.id).dossier
    assert (plan.becomes_empty, plan.becomes_draft) == (True, True)
    assert (left.fields, left.attachments, left.state) == ({}, (), DossierState.DRAFT)
    assert second.id != first.id
    assert second.code != first.code


def test_what_somebody_changed_since_stays_and_is_told(archive: Archive, archivist: Actor, waiting) -> None:
    scan = waiting(*name_and_number(), by=archivist)
    dossier = file_into(archive, archivist, scan, None)
    archive.dossiers.update(archivist, dossier.id, revision=dossier.revision, fields={"name": "王五"})

    plan = archive.taking_out.plan(archivist, scan.id)
    take_out(archive, archivist, scan.id)

    assert plan.kept == ("name",)
    assert texts(present(archive, dossier)) == {"name": "王五"}


def test_a_value_that_another_scan_says_too_stays(archive: Archive, archivist: Actor, waiting) -> None:
    first = waiting(*name_and_number(), by=archivist, name="one")
    dossier = file_into(archive, archivist, first, None)
    second = waiting(*name_and_number(), by=archivist, name="two")
    file_into(archive, archivist, second, dossier)

    take_out(archive, archivist, first.id)

    after = present(archive, dossier)
    assert after.fields["name"].text == "张三"
    assert {value.provenance.scan_id for value in after.fields.values()} == {second.id}
    assert [item.scan_id for item in after.attachments] == [second.id]


def test_what_was_deleted_before_the_scan_came_does_not_come_back(archive: Archive, archivist: Actor, waiting) -> None:
    dossier = make_dossier(archive, archivist, name="李四", address="旧地址1号")
    archive.dossiers.update(archivist, dossier.id, revision=dossier.revision, fields={"address": None})
    scan = waiting(extraction("address", "新地址2号", key="地址"), by=archivist)
    file_into(archive, archivist, scan, dossier)

    take_out(archive, archivist, scan.id)

    assert "address" not in present(archive, dossier).fields


def test_a_sensitive_value_is_told_masked(archive: Archive, archivist: Actor, waiting) -> None:
    scan = waiting(*name_and_number(), by=archivist)
    file_into(archive, archivist, scan, None)

    plan = archive.taking_out.plan(archivist, scan.id)

    told = {value.name: value.before for value in plan.values}
    assert "*" in told["id_number"]


def test_a_reason_is_needed(archive: Archive, clerk: Actor, waiting) -> None:
    scan = waiting(*name_and_number())
    file_into(archive, clerk, scan, None)

    with pytest.raises(InvalidInputError):
        take_out(archive, clerk, scan.id, reason=" ")

    assert archive.intake.scan(clerk, scan.id).state is ScanState.FILED


def test_a_dossier_that_was_changed_meanwhile_is_shown_again_first(archive: Archive, archivist: Actor, waiting) -> None:
    scan = waiting(*name_and_number(), by=archivist)
    dossier = file_into(archive, archivist, scan, None)
    plan = archive.taking_out.plan(archivist, scan.id)
    archive.dossiers.add_note(archivist, dossier.id, "called")

    with pytest.raises(StaleRevisionError):
        archive.taking_out.take_out(
            archivist, scan.id, reason="x", revision=plan.scan.revision, dossier_revision=plan.dossier.revision
        )

    assert archive.intake.scan(archivist, scan.id).state is ScanState.FILED


def test_only_who_may_file_a_scan_may_take_it_out(
    archive: Archive, archivist: Actor, clerk: Actor, viewer: Actor, waiting
) -> None:
    scan = waiting(*name_and_number(), by=archivist)
    file_into(archive, archivist, scan, None)

    with pytest.raises(NotFoundError):
        archive.taking_out.plan(clerk, scan.id)
    with pytest.raises(AccessDeniedError):
        archive.taking_out.plan(viewer, scan.id)


def test_what_is_in_no_dossier_cannot_be_taken_out(archive: Archive, clerk: Actor, waiting) -> None:
    scan = waiting(*name_and_number())

    with pytest.raises(WrongStateError):
        archive.taking_out.plan(clerk, scan.id)


def test_nothing_is_taken_out_of_a_dossier_in_the_trash(archive: Archive, archivist: Actor, waiting) -> None:
    scan = waiting(*name_and_number(), by=archivist)
    dossier = file_into(archive, archivist, scan, None)
    archive.dossiers.put_into_trash(archivist, dossier.id, reason="twice", revision=dossier.revision)

    with pytest.raises(InTrashError):
        archive.taking_out.plan(archivist, scan.id)


@pytest.mark.parametrize("after_the_dossier", [False, True])
def test_cut_short_it_is_undone_or_completed_by_the_sweep(
    archive: Archive, archivist: Actor, waiting, monkeypatch: pytest.MonkeyPatch, after_the_dossier: bool
) -> None:
    scan = waiting(*name_and_number(), by=archivist)
    dossier = file_into(archive, archivist, scan, None)
    filed = archive.intake.scan(archivist, scan.id)

    def die(*_: object, **__: object) -> None:
        raise StorageUnavailableError("gone")

    with monkeypatch.context() as broken:
        broken.setattr("archive.scans.taking_out._LEASE", timedelta(0))
        broken.setattr(archive.taking_out, "settle", die)
        if not after_the_dossier:
            broken.setattr(archive.dossiers, "put", die)
        with pytest.raises(StorageUnavailableError):
            take_out(archive, archivist, scan.id)
    archive.sweep()

    now, left = archive.intake.scan(archivist, scan.id), archive.dossiers.get(archivist, dossier.id).dossier
    if after_the_dossier:
        assert (now.state, now.dossier_id, left.attachments) == (ScanState.NEEDS_REVIEW, None, ())
    else:
        assert (now.state, now.dossier_id, now.filed_at) == (ScanState.FILED, dossier.id, filed.filed_at)
        assert left.revision == dossier.revision
    assert archive.taking_out.complete() == 0


def test_a_batch_does_not_file_it_into_the_same_dossier_by_itself(archive: Archive, archivist: Actor, waiting) -> None:
    scan = waiting(*name_and_number(), by=archivist)
    file_into(archive, archivist, scan, None)
    take_out(archive, archivist, scan.id)

    result = archive.review.confirm_batch(archivist, scan.batch_id)

    assert result.left == ((scan.id, "unclear-dossier"),)


def test_the_deed_is_in_the_audit_trail(archive: Archive, archivist: Actor, actors: dict[Role, Actor], waiting) -> None:
    scan = waiting(*name_and_number(), by=archivist)
    dossier = file_into(archive, archivist, scan, None)
    take_out(archive, archivist, scan.id, reason="belongs to his brother")

    event = archive.audit.events(
        actors[Role.AUDITOR], since=scan.received_at, until=utc_now() + timedelta(days=1), action="scan.take-out"
    ).items[0]

    assert (event.object_id, event.detail) == (scan.id, {"dossier": dossier.code, "reason": "belongs to his brother"})
