"""The trail of acts."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from pymongo import MongoClient

from archive.access import SYSTEM, Actor, Role
from archive.bootstrap import Archive
from archive.errors import AccessDeniedError, InvalidInputError
from archive.settings import Settings
from archive.values import utc_now
from tests.factories import ZHANG_SAN, make_dossier


def _events(archive: Archive, **more):
    now = utc_now()
    return archive.audit.events(SYSTEM, since=now - timedelta(hours=1), until=now + timedelta(hours=1), **more)


def test_seeing_changing_and_revealing_leave_events(archive: Archive, archivist: Actor) -> None:
    dossier = make_dossier(archive, archivist)
    archive.dossiers.get(archivist, dossier.id)
    archive.dossiers.reveal(archivist, dossier.id, "mobile", "call back")

    events = [event for event in _events(archive).items if event.object_id == dossier.id]

    assert [event.action for event in events] == ["dossier.reveal", "dossier.view", "dossier.create"]
    assert events[0].detail == {"field": "mobile", "reason": "call back"}
    assert {event.actor_name for event in events} == {archivist.name}


def test_no_event_holds_a_customers_data(archive: Archive, archivist: Actor) -> None:
    dossier = make_dossier(archive, archivist)
    archive.dossiers.update(archivist, dossier.id, revision=1, fields={"name": "李四"})

    trail = repr(_events(archive).items)

    assert not [value for value in (*ZHANG_SAN.values(), "李四") if value in trail]


def test_the_chain_is_whole_after_many_at_once(archive: Archive, archivist: Actor) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: archive.audit.record(archivist, "test", "none", str(n)), range(60)))

    check = archive.audit.verify(SYSTEM)

    assert (check.ok, check.checked) == (True, 61)  # the unit's creation is the first


def test_a_changed_event_breaks_the_chain(archive: Archive, archivist: Actor, settings: Settings) -> None:
    for number in range(5):
        archive.audit.record(archivist, "test", "none", str(number))
    with MongoClient(settings.mongodb_uri) as client:
        client[settings.mongodb_database].audit_events.update_one({"seq": 3}, {"$set": {"actor_name": "nobody"}})

    check = archive.audit.verify(SYSTEM)

    assert (check.ok, check.broken_at) == (False, 3)


def test_a_removed_event_breaks_the_chain(archive: Archive, archivist: Actor, settings: Settings) -> None:
    for number in range(5):
        archive.audit.record(archivist, "test", "none", str(number))
    with MongoClient(settings.mongodb_uri) as client:
        client[settings.mongodb_database].audit_events.delete_one({"seq": 4})

    assert archive.audit.verify(SYSTEM).broken_at == 4


def test_the_trail_comes_in_pages_without_gaps(archive: Archive, archivist: Actor) -> None:
    for number in range(12):
        archive.audit.record(archivist, "test", "none", str(number))

    seen, after = [], None
    while True:
        page = _events(archive, after=after, limit=5)
        seen += [event.seq for event in page.items]
        if (after := page.next) is None:
            break

    assert sorted(seen) == list(range(1, 14))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_only_auditors_read_the_trail(archive: Archive, actors: dict[Role, Actor], role: Role) -> None:
    with pytest.raises(AccessDeniedError):
        archive.audit.verify(actors[role])


def test_events_cut_off_at_the_end_are_missed(archive: Archive, archivist: Actor, settings: Settings) -> None:
    for number in range(5):
        archive.audit.record(archivist, "test", "none", str(number))
    with MongoClient(settings.mongodb_uri) as client:
        client[settings.mongodb_database].audit_events.delete_many({"seq": {"$gte": 4}})

    assert archive.audit.verify(SYSTEM).broken_at == 4


@pytest.mark.parametrize("after", ["", "yesterday", "2026-01-01|x", "0001-01-01T00:00:00+14:00|x", "|"])
def test_a_place_in_the_trail_that_is_none_is_refused_or_harmless(archive: Archive, after: str) -> None:
    with contextlib.suppress(InvalidInputError):
        _events(archive, after=after, limit=5)
