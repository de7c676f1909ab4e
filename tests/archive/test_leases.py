"""Turns at recurring work."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from archive.bootstrap import Archive
from archive.mongo.database import Database
from archive.mongo.leases import LeaseStore
from archive.settings import Settings


@pytest.fixture
def workers(archive: Archive, settings: Settings) -> Iterator[tuple[LeaseStore, LeaseStore]]:
    """Two workers of one archive."""
    database = Database(settings.mongodb_uri, settings.mongodb_database)
    yield LeaseStore(database), LeaseStore(database)
    database.close()


def test_one_worker_at_a_time_has_the_turn_and_keeps_it(workers: tuple[LeaseStore, LeaseStore]) -> None:
    one, other = workers

    turns = [who.take("sweep", timedelta(minutes=1)) for who in (one, other, one, other)]

    assert turns == [True, False, True, False]


def test_another_worker_takes_over_when_the_turn_ran_out(workers: tuple[LeaseStore, LeaseStore]) -> None:
    one, other = workers

    assert one.take("sweep", timedelta(0))
    assert other.take("sweep", timedelta(minutes=1))
    assert not one.take("sweep", timedelta(minutes=1))


def test_each_work_has_a_turn_of_its_own(workers: tuple[LeaseStore, LeaseStore]) -> None:
    one, other = workers

    assert one.take("sweep", timedelta(minutes=1))
    assert other.take("watch_folder", timedelta(minutes=1))
