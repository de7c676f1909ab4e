"""Results to take along."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from archive.access import Actor, Role
from archive.audit import AuditEvent
from archive.bootstrap import Archive
from archive.errors import AccessDeniedError, InvalidInputError, SearchFailedError
from archive.finding.export import Exporter
from archive.finding.found import LookupQuery
from archive.finding.tables import TableFormat
from tests.factories import ZHANG_SAN, make_dossier
from tests.fakes import without_index


def _exports(archive: Archive) -> list[AuditEvent]:
    auditor = Actor("auditor", "Auditor", frozenset({Role.AUDITOR}), None)
    now = datetime.now(UTC)
    since, until = now - timedelta(hours=1), now + timedelta(hours=1)
    return list(archive.audit.events(auditor, since=since, until=until, action="export").items)


def _limited(archive: Archive, limit: int) -> Exporter:
    settings = archive.settings.model_copy(update={"export_limit": limit})
    asked = archive.exporter
    return Exporter(archive.lookup, asked._store, archive.types, archive.audit, settings)


def test_an_export_holds_every_hit_in_the_order_of_the_search(
    archive: Archive, archivist: Actor, work: Callable[[], int]
) -> None:
    for number in range(30):
        make_dossier(archive, archivist, name=f"明月{number:02}")
    make_dossier(archive, archivist, name="李四")
    work()

    query = LookupQuery("明月", sort="title", descending=True, limit=5, offset=7)
    rows = list(archive.exporter.export(archivist, query, TableFormat.CSV))

    assert [row.dossier.title for row in rows] == [f"明月{number:02}" for number in reversed(range(30))]


def test_values_are_masked_unless_a_reason_is_given(
    archive: Archive, archivist: Actor, work: Callable[[], int]
) -> None:
    make_dossier(archive, archivist)
    work()

    (masked,) = archive.exporter.export(archivist, LookupQuery(), TableFormat.CSV)
    (shown,) = archive.exporter.export(archivist, LookupQuery(), TableFormat.CSV, reason="a call", reveal=True)
    with pytest.raises(InvalidInputError) as caught:
        archive.exporter.export(archivist, LookupQuery(), TableFormat.CSV, reason=" ", reveal=True)

    assert masked.dossier.fields["mobile"].text == "138****8000"
    assert ZHANG_SAN["id_number"] not in repr(masked)
    assert shown.dossier.fields["mobile"].text == ZHANG_SAN["mobile"]
    assert caught.value.field == "reason"


def test_the_audit_trail_knows_of_an_export_before_its_first_row_and_not_its_words(
    archive: Archive, archivist: Actor, work: Callable[[], int]
) -> None:
    make_dossier(archive, archivist)
    work()

    query = LookupQuery("张三", filters={"type": ("person",)})
    rows = archive.exporter.export(archivist, query, TableFormat.XLSX, reason="to call back", reveal=True)

    (event,) = _exports(archive)
    assert {key: event.detail[key] for key in ("filters", "count", "format", "revealed", "reason")} == {
        "filters": "type",
        "count": "1",
        "format": "xlsx",
        "revealed": "yes",
        "reason": "to call back",
    }
    assert "张三" not in repr(event)
    assert len(list(rows)) == 1


def test_the_same_words_leave_the_same_mark(archive: Archive, archivist: Actor) -> None:
    for text in ("张三", "李四", "张三 "):
        archive.exporter.export(archivist, LookupQuery(text), TableFormat.CSV)

    first, second, third = (event.detail["query"] for event in _exports(archive))
    assert first == third != second


def test_a_result_that_is_too_large_is_refused_and_not_cut(
    archive: Archive, archivist: Actor, work: Callable[[], int]
) -> None:
    for number in range(3):
        make_dossier(archive, archivist, name=f"明月{number}")
    work()

    assert len(list(_limited(archive, 3).export(archivist, LookupQuery(), TableFormat.CSV))) == 3
    with pytest.raises(InvalidInputError) as caught:
        _limited(archive, 2).export(archivist, LookupQuery(), TableFormat.CSV)

    assert caught.value.code == "export-too-large"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CLERK, Role.AUDITOR, Role.ADMIN])
def test_only_who_may_export_does(archive: Archive, actors: dict[Role, Actor], role: Role) -> None:
    with pytest.raises(AccessDeniedError):
        archive.exporter.plan(actors[role], LookupQuery())
    with pytest.raises(AccessDeniedError):
        archive.exporter.export(actors[role], LookupQuery(), TableFormat.CSV)

    assert _exports(archive) == []


def test_other_units_are_not_exported(archive: Archive, archivist: Actor, work: Callable[[], int]) -> None:
    make_dossier(archive, archivist)
    work()
    stranger = Actor("x", "X", frozenset({Role.ARCHIVIST}), frozenset({"branch"}))

    assert archive.exporter.plan(stranger, LookupQuery()).total == 0
    assert list(archive.exporter.export(stranger, LookupQuery(), TableFormat.CSV)) == []


def test_the_columns_are_the_fields_of_the_types_that_are_found(
    archive: Archive, archivist: Actor, work: Callable[[], int]
) -> None:
    make_dossier(archive, archivist, name="欧阳明月")
    make_dossier(archive, archivist, type="company", company="明月科技有限公司")
    work()

    def names(**filters: tuple[str, ...]) -> set[str]:
        return {spec.name for spec in archive.exporter.plan(archivist, LookupQuery("明月", filters=filters)).fields}

    assert {"birth_date", "uscc", "mobile"} <= names()
    assert "uscc" not in names(type=("person",))
    assert "birth_date" not in names(type=("company",))


def test_without_the_index_there_is_an_error_and_no_event(archive: Archive, archivist: Actor) -> None:
    with without_index(archive), pytest.raises(SearchFailedError) as caught:
        archive.exporter.export(archivist, LookupQuery(), TableFormat.CSV)

    assert caught.value.transient
    assert _exports(archive) == []


def test_an_index_that_stops_answering_on_the_way_is_told_of(
    archive: Archive, archivist: Actor, work: Callable[[], int]
) -> None:
    make_dossier(archive, archivist)
    work()
    rows = archive.exporter.export(archivist, LookupQuery(), TableFormat.CSV)

    with without_index(archive), pytest.raises(SearchFailedError):
        next(rows)
