"""Dossiers that were made in error: out of everybody's sight, and kept."""

from dataclasses import replace

import pytest

from archive.access import SYSTEM, Actor
from archive.bootstrap import Archive
from archive.dossier import Dossier
from archive.errors import AccessDeniedError, InTrashError, InvalidInputError, StaleRevisionError
from archive.finding.found import LookupQuery
from tests.factories import make_dossier


def found(archive: Archive, actor: Actor, text: str) -> list[str]:
    return [hit.summary.dossier.id for hit in archive.lookup.find(actor, LookupQuery(text=text)).hits]


def put(archive: Archive, actor: Actor, dossier: Dossier, reason: str = "made twice") -> Dossier:
    return archive.dossiers.put_into_trash(actor, dossier.id, reason=reason, revision=dossier.revision)


def test_nobody_finds_what_is_in_the_trash(archive: Archive, archivist: Actor, work) -> None:
    dossier = make_dossier(archive, archivist, name="诸葛小明")
    work()
    before = found(archive, archivist, "诸葛小明")

    put(archive, archivist, dossier)
    at_once = found(archive, archivist, "诸葛小明")
    work()

    assert (before, at_once, found(archive, archivist, "诸葛小明")) == ([dossier.id], [], [])
    assert archive.lookup.count(archivist, LookupQuery(text="诸葛小明")) == 0
    assert archive.lookup.find(archivist, LookupQuery(text=dossier.code)).total == 0
    check = archive.indexer.verify(SYSTEM)
    assert (check.missing, check.stale, check.surplus) == (0, 0, 0)


def test_a_rebuilt_index_leaves_it_out(archive: Archive, archivist: Actor, work) -> None:
    put(archive, archivist, make_dossier(archive, archivist, name="诸葛小明"))

    archive.indexer.rebuild(SYSTEM)

    assert found(archive, archivist, "诸葛小明") == []


def test_brought_back_it_is_whole_and_found(archive: Archive, archivist: Actor, work) -> None:
    dossier = make_dossier(archive, archivist, name="诸葛小明")
    put(archive, archivist, dossier)
    work()

    back = archive.dossiers.bring_back(archivist, dossier.id)
    work()

    assert back.trashed is None
    assert (back.code, back.fields, back.tags) == (dossier.code, dossier.fields, dossier.tags)
    assert found(archive, archivist, "诸葛小明") == [dossier.id]
    assert [each.action for each in archive.dossiers.history(archivist, dossier.id)] == [
        "untrashed",
        "trashed",
        "created",
    ]


def test_brought_back_twice_it_stays_as_it_is(archive: Archive, archivist: Actor) -> None:
    dossier = make_dossier(archive, archivist)
    put(archive, archivist, dossier)

    first, second = (archive.dossiers.bring_back(archivist, dossier.id) for _ in range(2))

    assert first.revision == second.revision


def test_it_cannot_be_changed_there(archive: Archive, archivist: Actor) -> None:
    dossier = put(archive, archivist, make_dossier(archive, archivist))

    for change in (
        lambda: archive.dossiers.update(archivist, dossier.id, revision=dossier.revision, title="x"),
        lambda: archive.dossiers.add_note(archivist, dossier.id, "x"),
        lambda: archive.dossiers.restore(archivist, dossier.id, 1),
        lambda: archive.dossiers.reveal(archivist, dossier.id, "id_number", "x"),
        lambda: put(archive, archivist, dossier),
    ):
        with pytest.raises(InTrashError):
            change()


def test_its_code_is_not_given_again_and_leads_to_it(archive: Archive, archivist: Actor) -> None:
    dossier = put(archive, archivist, make_dossier(archive, archivist))

    other = make_dossier(archive, archivist)

    assert other.code != dossier.code
    view = archive.dossiers.get(archivist, dossier.code)
    assert view.dossier.trashed is not None
    assert (view.may_edit, view.may_reveal) == (False, False)


def test_who_does_not_curate_is_told_and_sees_nothing(archive: Archive, archivist: Actor, clerk: Actor) -> None:
    dossier = put(archive, archivist, make_dossier(archive, archivist))

    with pytest.raises(InTrashError):
        archive.dossiers.get(clerk, dossier.id)
    with pytest.raises(InTrashError):
        archive.dossiers.history(clerk, dossier.id)
    with pytest.raises(AccessDeniedError):
        archive.dossiers.trash(clerk)
    with pytest.raises(InTrashError):
        archive.dossiers.bring_back(clerk, dossier.id)


def test_only_curators_put_something_there(archive: Archive, archivist: Actor, clerk: Actor) -> None:
    dossier = make_dossier(archive, archivist)

    with pytest.raises(AccessDeniedError):
        put(archive, clerk, dossier)


def test_a_reason_and_the_present_revision_are_needed(archive: Archive, archivist: Actor) -> None:
    dossier = make_dossier(archive, archivist)

    with pytest.raises(InvalidInputError):
        put(archive, archivist, dossier, reason=" ")
    with pytest.raises(StaleRevisionError):
        archive.dossiers.put_into_trash(archivist, dossier.id, reason="x", revision=dossier.revision + 1)


def test_the_list_has_the_last_first_and_masks(archive: Archive, archivist: Actor) -> None:
    dossiers = [
        make_dossier(archive, archivist, name=name, id_number="11010519491231002X") for name in ("甲一", "乙二", "丙三")
    ]
    for dossier in dossiers:
        put(archive, archivist, dossier)

    first = archive.dossiers.trash(archivist, limit=2)
    rest = archive.dossiers.trash(archivist, after=first.next, limit=2)

    assert [each.title for each in (*first.items, *rest.items)] == ["丙三", "乙二", "甲一"]
    assert rest.next is None
    assert "*" in first.items[0].fields["id_number"].text


def test_who_works_in_another_unit_does_not_see_it(archive: Archive, archivist: Actor) -> None:
    stranger = replace(archivist, units=frozenset({"other"}))
    put(archive, archivist, make_dossier(archive, archivist))

    assert archive.dossiers.trash(stranger).items == ()
