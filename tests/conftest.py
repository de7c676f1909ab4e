"""An archive on real storage for every test that asks for one.

Where ``DOSSIER_TEST_MONGODB_URI``, ``DOSSIER_TEST_MEILISEARCH_URL`` (and ``..._KEY``) or ``DOSSIER_TEST_QUEUE_URL`` name
servers, the tests run on these, else on the embedded parts; no test asks which.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from archive.access import Actor, Role
from archive.bootstrap import Archive, open_archive
from archive.running.embedded import database_uri
from archive.settings import Settings
from tests.fakes import CannedReader
from tests.servers import named_servers, own_place

_OWN_SYSTEM = "tests/journeys/test_crash.py"


class FilesAndJourneys(LoadFileScheduling):
    """Gives each process whole files, and all journeys that share a running system to one: its start takes half a minute."""

    def _split_scope(self, nodeid: str) -> str:
        path: str = super()._split_scope(nodeid)
        folder = path.rpartition("/")[0]
        return folder if folder == "tests/journeys" and path != _OWN_SYSTEM else path


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FilesAndJourneys:
    """Deal the tests out to the processes."""
    return FilesAndJourneys(config, log)


@pytest.fixture(scope="session")
def database_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Connection string of the database that all tests share; each has a database of its own there."""
    given = Settings(
        _env_file=None,
        data_dir=tmp_path_factory.mktemp("server"),
        mongodb_uri=named_servers().get("mongodb_uri", ""),
    )
    with database_uri(given) as uri:
        yield uri


@pytest.fixture
def settings(database_server: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an empty archive."""
    with own_place({**named_servers(), "mongodb_uri": database_server}) as place:
        yield Settings(
            _env_file=None,
            data_dir=tmp_path / "data",
            secret_key="for tests only",
            default_locale="en",
            **place,
        )


@pytest.fixture
def reader() -> CannedReader:
    """Reads every scan as the test has told it to; stands in for the OCR engines, which have tests of their own."""
    return CannedReader()


@pytest.fixture
def archive(settings: Settings, reader: CannedReader) -> Iterator[Archive]:
    """An empty archive with one unit, "main"."""
    with open_archive(settings, reader) as archive:
        archive.accounts.ensure_unit()
        yield archive


@pytest.fixture
def work(archive: Archive) -> Callable[[], int]:
    """Return a function that runs every job that waits in the queue, as a worker would, and tells how many."""

    def run_all() -> int:
        done, queue = 0, archive.jobs.huey
        while (task := queue.dequeue()) is not None:
            queue.execute(task)
            done += 1
        return done

    return run_all


@pytest.fixture
def actors() -> dict[Role, Actor]:
    """One actor of each role in the unit "main"."""
    return {role: Actor(f"id-of-{role}", role.title(), frozenset({role}), frozenset({"main"})) for role in Role}


@pytest.fixture
def archivist(actors: dict[Role, Actor]) -> Actor:
    """An archivist of the unit "main"."""
    return actors[Role.ARCHIVIST]


@pytest.fixture
def clerk(actors: dict[Role, Actor]) -> Actor:
    """A clerk of the unit "main"."""
    return actors[Role.CLERK]


@pytest.fixture
def viewer(actors: dict[Role, Actor]) -> Actor:
    """A viewer of the unit "main"."""
    return actors[Role.VIEWER]
