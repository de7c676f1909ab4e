"""Form templates: registered, marked, tried, put to use; and what reviews teach about them."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest

from archive.access import SYSTEM, Actor, Role
from archive.bootstrap import Archive, open_archive
from archive.errors import (
    AccessDeniedError,
    IntakeError,
    InvalidInputError,
    NotFoundError,
    StaleRevisionError,
    WrongStateError,
)
from archive.forms.registered_form import FormState, FormZone, RegisteredForm
from archive.scans.scan import Scan
from archive.settings import Settings
from archive.values import utc_now
from ocr import template_from_json
from tests.factories import hand_in, picture
from tests.fakes import BrokenPageError, BusyEngineError, CannedReader, extraction

Work = Callable[[], int]
Register = Callable[..., RegisteredForm]


@pytest.fixture
def registered(archive: Archive, archivist: Actor, reader: CannedReader, work: Work) -> Register:
    """Return a function that registers a form with the zones 姓名 and 手机."""

    def register(name: str = "开户申请表", **options: object) -> RegisteredForm:
        reader.fields = (
            extraction("name", "张三", key="姓名"),
            extraction("mobile", "13800138000", key="手机", line=1),
        )
        stream = io.BytesIO(picture(name))
        form = archive.forms.register_file(
            archivist,
            stream,
            unit="main",
            page=1,
            name=name,
            type="person",
            **options,  # type: ignore[arg-type]
        )
        work()
        return archive.forms.get(archivist, form.id)

    return register


@pytest.fixture
def used(archive: Archive, archivist: Actor, registered: Register, reader: CannedReader) -> RegisteredForm:
    """A form in use, of which every page that is read is a copy."""
    form = registered()
    reader.copy_of = form.name
    return archive.forms.activate(archivist, form.id, revision=form.revision)


def read_scan(archive: Archive, clerk: Actor, work: Work, text: str = "copy") -> Scan:
    receipt = hand_in(archive, clerk, picture(text))
    work()
    return archive.intake.scan(clerk, receipt.scan_id)


def test_a_form_is_prepared_with_the_zones_it_seems_to_have(archive: Archive, registered: Register) -> None:
    form = registered()

    assert (form.state, form.version, form.width_px) == (FormState.DRAFT, 1, 1000)
    assert [(zone.label, zone.name) for zone in form.zones] == [("姓名", "name"), ("手机", "mobile")]
    assert len(form.anchors) == 7
    assert archive.forms.for_reading() == ()


def test_a_form_is_registered_from_a_scan_too(
    archive: Archive, archivist: Actor, clerk: Actor, reader: CannedReader, work: Work
) -> None:
    reader.fields = (extraction("name", "张三", key="姓名"),)
    scan = read_scan(archive, clerk, work)

    form = archive.forms.register_scan(archivist, scan.id, 1, name="表")
    work()

    assert archive.forms.get(archivist, form.id).state is FormState.DRAFT
    assert form.scan_id == scan.id
    with pytest.raises(InvalidInputError):
        archive.forms.register_scan(archivist, scan.id, 2, name="表")


def test_a_later_scan_is_read_by_its_form(
    archive: Archive, archivist: Actor, clerk: Actor, used: RegisteredForm, work: Work
) -> None:
    scan = read_scan(archive, clerk, work)

    assert [(use.form_id, use.name, use.version, use.page) for use in scan.forms] == [(used.id, "开户申请表", 1, 1)]
    assert scan.type == "person"
    assert [finding.zone for finding in scan.findings] == ["zone0", "zone1"]


def test_a_retired_form_reads_no_more(
    archive: Archive, archivist: Actor, clerk: Actor, used: RegisteredForm, work: Work
) -> None:
    archive.forms.retire(archivist, used.id, revision=used.revision)

    assert read_scan(archive, clerk, work).forms == ()


def test_scans_that_came_before_the_form_are_read_by_it_on_request(
    archive: Archive, archivist: Actor, clerk: Actor, registered: Register, reader: CannedReader, work: Work
) -> None:
    reader.fields = (extraction("name", "张三", key="姓名"),)
    early, begun = read_scan(archive, clerk, work, "early"), read_scan(archive, clerk, work, "begun")
    archive.review.decide(clerk, begun.id, begun.findings[0].id, decision="confirmed", revision=begun.revision)
    form = registered()
    reader.copy_of = form.name
    archive.forms.activate(archivist, form.id, revision=form.revision)

    assert archive.intake.retry_all(archivist) == 1
    work()

    assert [use.form_id for use in archive.intake.scan(clerk, early.id).forms] == [form.id]
    assert archive.intake.scan(clerk, begun.id).findings[0].decision == "confirmed"
    assert archive.intake.retry_all(archivist) == 0


def test_only_those_who_review_everything_have_all_waiting_scans_read_again(archive: Archive, clerk: Actor) -> None:
    with pytest.raises(AccessDeniedError):
        archive.intake.retry_all(clerk)


def test_zones_are_changed_and_stay_the_same_zones(archive: Archive, archivist: Actor, used: RegisteredForm) -> None:
    moved = used.zones[0].model_copy(update={"box": (10, 20, 300, 60), "label": "客户姓名"})
    added = FormZone(label="备注", box=(10, 200, 300, 260))

    saved = archive.forms.save(
        archivist, used.id, revision=used.revision, name="开户表", type="company", zones=(moved, added)
    )

    assert [zone.id for zone in saved.zones] == [used.zones[0].id, added.id]
    assert (saved.name, saved.type, saved.zones[0].box) == ("开户表", "company", (10, 20, 300, 60))
    (template,) = archive.forms.for_reading()
    assert [zone.label for zone in template.zones] == ["客户姓名", "备注"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"box": (10, 10, 10, 40)}, "bad-box"),
        ({"box": (10, 10, 2000, 40)}, "bad-box"),
        ({"label": " "}, "required"),
        ({"name": "mobile"}, "field-twice"),
        ({"kind": "choice"}, "no-boxes"),
        ({"kind": "digits"}, "no-boxes"),
    ],
)
def test_zones_that_make_no_sense_are_refused(
    changes: dict[str, object], code: str, archive: Archive, archivist: Actor, used: RegisteredForm
) -> None:
    odd = FormZone.model_validate({**used.zones[0].model_dump(), **changes})

    with pytest.raises(InvalidInputError) as refused:
        archive.forms.save(
            archivist, used.id, revision=used.revision, name="x", type="person", zones=(odd, *used.zones[1:])
        )

    assert refused.value.code == code
    assert archive.forms.get(archivist, used.id) == used


def test_a_form_without_zones_or_print_is_not_put_to_use(
    archive: Archive, archivist: Actor, registered: Register
) -> None:
    form = registered()
    everything = FormZone(label="alles", box=(0, 0, 1000, 1400))

    for zones, code in (((), "no-zones"), ((everything,), "form-too-bare")):
        form = archive.forms.save(archivist, form.id, revision=form.revision, name="x", type="person", zones=zones)
        with pytest.raises(InvalidInputError) as refused:
            archive.forms.activate(archivist, form.id, revision=form.revision)
        assert refused.value.code == code


def test_two_archivists_do_not_overwrite_each_other(archive: Archive, archivist: Actor, used: RegisteredForm) -> None:
    archive.forms.save(archivist, used.id, revision=used.revision, name="一", type="person", zones=used.zones)

    with pytest.raises(StaleRevisionError):
        archive.forms.save(archivist, used.id, revision=used.revision, name="二", type="person", zones=used.zones)


def test_a_new_edition_takes_the_zones_over(archive: Archive, used: RegisteredForm, registered: Register) -> None:
    second = registered("ignored", former_id=used.id)

    assert (second.name, second.version) == ("开户申请表", 2)
    assert [zone.id for zone in second.zones] == [zone.id for zone in used.zones]


def test_a_form_in_use_is_not_deleted_and_another_is(archive: Archive, archivist: Actor, used: RegisteredForm) -> None:
    with pytest.raises(WrongStateError):
        archive.forms.delete(archivist, used.id, revision=used.revision)
    retired = archive.forms.retire(archivist, used.id, revision=used.revision)

    archive.forms.delete(archivist, used.id, revision=retired.revision)

    assert archive.forms.all(archivist) == ()


def test_a_page_that_cannot_be_read_says_why_and_is_tried_again_on_demand(
    archive: Archive, archivist: Actor, reader: CannedReader, registered: Register, work: Work
) -> None:
    reader.failures = [BrokenPageError("broken")]
    form = registered()
    assert (form.state, form.failure) == (FormState.FAILED, "broken-page")

    archive.forms.prepare_again(archivist, form.id)
    work()

    assert archive.forms.get(archivist, form.id).state is FormState.DRAFT


def test_a_passing_failure_is_made_up_for_by_the_sweep(
    archive: Archive, archivist: Actor, reader: CannedReader, registered: Register, work: Work
) -> None:
    reader.failures = [BusyEngineError("busy")]
    form = registered()
    assert form.state is FormState.PREPARING

    archive.sweep()
    work()

    assert archive.forms.get(archivist, form.id).state is FormState.DRAFT


def test_what_makes_the_reader_die_again_and_again_is_given_up(
    archive: Archive, archivist: Actor, reader: CannedReader, registered: Register, work: Work
) -> None:
    reader.failures = [BusyEngineError("busy")] * 9
    form = registered()
    for _ in range(archive.settings.reading_attempts + 1):
        archive.sweep()
        work()

    assert archive.forms.get(archivist, form.id).state is FormState.FAILED


def test_a_form_is_tried_on_a_scan_without_consequence(
    archive: Archive, archivist: Actor, clerk: Actor, registered: Register, reader: CannedReader, work: Work
) -> None:
    form = registered()
    scan = read_scan(archive, clerk, work)
    reader.copy_of = form.name

    archive.forms.try_on(archivist, form.id, scan.id)
    work()

    trial = archive.forms.trial(archivist, form.id)
    assert trial is not None
    assert (trial.done, trial.score, trial.page) == (True, 0.97, 1)
    assert [(zone.zone_id, zone.raw) for zone in trial.zones] == [("zone0", "张三"), ("zone1", "13800138000")]
    assert archive.intake.scan(clerk, scan.id) == scan


def test_a_trial_of_another_form_says_so(
    archive: Archive, archivist: Actor, clerk: Actor, registered: Register, work: Work
) -> None:
    form = registered()
    scan = read_scan(archive, clerk, work)

    archive.forms.try_on(archivist, form.id, scan.id)
    work()

    trial = archive.forms.trial(archivist, form.id)
    assert trial is not None
    assert (trial.done, trial.score, trial.zones) == (True, None, ())


def test_what_reviewers_make_of_the_values_is_counted_by_zone(
    archive: Archive, archivist: Actor, clerk: Actor, used: RegisteredForm, work: Work
) -> None:
    for number, (name, mobile) in enumerate((("confirmed", "corrected"), ("confirmed", "rejected"), ("open", "open"))):
        scan = read_scan(archive, clerk, work, f"copy {number}")
        for finding, decision in zip(scan.findings, (name, mobile), strict=True):
            value = "13900139000" if decision == "corrected" else None
            if decision != "open":
                scan = archive.review.decide(
                    clerk,
                    scan.id,
                    finding.id,
                    decision=decision,
                    revision=scan.revision,
                    value=value,  # type: ignore[arg-type]
                )
        archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision, accept_open=True)

    figures = archive.forms.figures(archivist, used.id)

    assert (figures["zone0"].looked, figures["zone0"].right, figures["zone0"].unseen) == (2, 2, 1)
    assert (figures["zone1"].looked, figures["zone1"].corrected, figures["zone1"].rejected) == (2, 1, 1)


def test_a_value_that_was_missed_is_counted(
    archive: Archive, archivist: Actor, clerk: Actor, used: RegisteredForm, reader: CannedReader, work: Work
) -> None:
    reader.fields = reader.fields[:1]
    scan = read_scan(archive, clerk, work)
    scan = archive.review.add_finding(clerk, scan.id, "mobile", "13800138000", revision=scan.revision)
    archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision, accept_open=True)

    assert archive.forms.figures(archivist, used.id)["zone1"].missed == 1


def file_with_label(archive: Archive, clerk: Actor, reader: CannedReader, work: Work, label: str, number: int) -> None:
    """File a scan on which a reviewer gave the value under an unknown label to the field ``occupation``."""
    reader.fields = (extraction("name", "张三", key="姓名"), extraction(None, "医生", key=label, line=1))
    scan = read_scan(archive, clerk, work, f"{label} {number}")
    scan = archive.review.decide(
        clerk, scan.id, scan.findings[1].id, decision="confirmed", revision=scan.revision, name="occupation"
    )
    archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision, accept_open=True)


def test_a_label_often_taken_for_a_field_is_asked_about_and_added_by_a_deliberate_act(
    archive: Archive, archivist: Actor, clerk: Actor, reader: CannedReader, work: Work
) -> None:
    file_with_label(archive, clerk, reader, work, "从业方向：", 1)
    assert archive.lessons.hints(archivist) == ()
    file_with_label(archive, clerk, reader, work, "从业方向：", 2)

    (hint,) = archive.lessons.hints(archivist)
    assert (hint.label, hint.name, hint.type, hint.count) == ("从业方向", "occupation", "person", 2)
    assert "从业方向" not in str(archive.types.get("person"))

    archive.lessons.accept(archivist, hint.id)

    occupation = archive.types.get("person").field("occupation")
    assert occupation is not None
    assert "从业方向" in occupation.printed_labels
    assert archive.lessons.hints(archivist) == ()
    with pytest.raises(NotFoundError):
        archive.lessons.accept(archivist, hint.id)


def test_a_dismissed_label_is_not_asked_about_again(
    archive: Archive, archivist: Actor, clerk: Actor, reader: CannedReader, work: Work
) -> None:
    for number in range(2):
        file_with_label(archive, clerk, reader, work, "从业方向", number)
    archive.lessons.dismiss(archivist, archive.lessons.hints(archivist)[0].id)

    file_with_label(archive, clerk, reader, work, "从业方向", 3)

    assert archive.lessons.hints(archivist) == ()


def test_values_are_no_labels(
    archive: Archive, archivist: Actor, clerk: Actor, reader: CannedReader, work: Work
) -> None:
    for number in range(3):
        file_with_label(archive, clerk, reader, work, "13800138000", number)

    assert archive.lessons.hints(archivist) == ()


def test_only_those_who_manage_types_in_the_unit_see_a_form(
    archive: Archive, actors: dict[Role, Actor], registered: Register
) -> None:
    form = registered()
    elsewhere = Actor("other", "Other", frozenset({Role.ARCHIVIST}), frozenset({"branch"}))

    for role in (Role.VIEWER, Role.CLERK, Role.AUDITOR, Role.ADMIN):
        with pytest.raises(AccessDeniedError):
            archive.forms.get(actors[role], form.id)
        with pytest.raises(AccessDeniedError):
            archive.lessons.hints(actors[role])
    for see in (archive.forms.get, archive.forms.picture, archive.forms.figures, archive.forms.exported):
        with pytest.raises(NotFoundError):
            see(elsewhere, form.id)
    assert archive.forms.all(elsewhere) == ()
    with pytest.raises(AccessDeniedError):
        archive.forms.register_file(elsewhere, io.BytesIO(picture()), unit="main", page=1, name="x")


def test_a_trial_needs_sight_of_the_scan(archive: Archive, clerk: Actor, registered: Register, work: Work) -> None:
    form = registered()
    scan = read_scan(archive, clerk, work)
    elsewhere = Actor("other", "Other", frozenset({Role.ARCHIVIST}), frozenset({"branch"}))

    with pytest.raises(NotFoundError):
        archive.forms.try_on(elsewhere, form.id, scan.id)


@pytest.mark.parametrize(("data", "code"), [(b"", "scan-empty"), (b"no picture", "media-unsupported")])
def test_a_file_that_is_no_scan_is_refused(data: bytes, code: str, archive: Archive, archivist: Actor) -> None:
    with pytest.raises(IntakeError) as refused:
        archive.forms.register_file(archivist, io.BytesIO(data), unit="main", page=1, name="x")

    assert refused.value.code == code


def test_a_form_is_handed_out_for_the_command_line(archive: Archive, archivist: Actor, used: RegisteredForm) -> None:
    assert template_from_json(archive.forms.exported(archivist, used.id)) == archive.forms.for_reading()[0]


def test_the_sight_of_a_page_is_audited(archive: Archive, archivist: Actor, registered: Register) -> None:
    form = registered()

    archive.forms.open(archivist, form.id)

    events = archive.audit.events(SYSTEM, since=form.created_at, until=utc_now() + timedelta(days=1))
    assert (events.items[0].action, events.items[0].object_id) == ("form.view", form.id)


def test_every_act_leaves_an_event(archive: Archive, archivist: Actor, used: RegisteredForm) -> None:
    archive.forms.retire(archivist, used.id, revision=used.revision)

    actions = [
        event.action
        for event in archive.audit.events(SYSTEM, since=used.created_at, until=utc_now() + timedelta(days=1)).items
    ]
    assert actions[:3] == ["form.retire", "form.activate", "form.register"]


def test_another_process_reads_by_a_changed_form_at_once(
    archive: Archive, archivist: Actor, used: RegisteredForm, settings: Settings, reader: CannedReader
) -> None:
    with open_archive(settings, reader) as worker:
        before = worker.forms.for_reading()
        archive.forms.retire(archivist, used.id, revision=used.revision)

        assert [form.id for form in before] == [used.id]
        assert worker.forms.for_reading() == ()
