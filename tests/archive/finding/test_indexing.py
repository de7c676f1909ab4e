"""The index as the archive keeps it."""

import pytest

from archive.access import Actor
from archive.bootstrap import Archive
from search import IndexEntry, IndexUnavailableError
from tests.factories import make_dossier


def renew_by_the_hour(archive: Archive) -> None:
    """Do what a worker does at its hour."""
    (task,) = [task for task in archive.jobs.huey._registry.periodic_tasks if task.name == "renew_index"]
    archive.jobs.huey.execute(task)


@pytest.fixture
def rebuilt_of(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The titles of each rebuild."""
    rebuilds: list[list[str]] = []
    engine = archive.indexer._engine
    rebuild = engine.rebuild

    def watched(entries: list[IndexEntry]) -> int:
        known = list(entries)
        rebuilds.append([entry.title for entry in known])
        return rebuild(known)

    monkeypatch.setattr(engine, "rebuild", watched)
    return rebuilds


def test_an_outgrown_index_is_built_anew_by_itself(
    archive: Archive, archivist: Actor, work, rebuilt_of: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_dossier(archive, archivist, name="甲一")
    work()
    rebuilt_of.clear()
    renew_by_the_hour(archive)
    assert rebuilt_of == []

    monkeypatch.setattr("search.embedded.engine._SMALL", 1)
    monkeypatch.setattr("search.embedded.engine._OUTGROWN", 1)
    renew_by_the_hour(archive)

    assert rebuilt_of == [["甲一"]]


def test_an_index_that_does_not_answer_is_renewed_another_time(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def unavailable() -> bool:
        raise IndexUnavailableError("the disk is gone")

    monkeypatch.setattr(archive.indexer._engine, "is_outgrown", unavailable)

    renew_by_the_hour(archive)

    assert "renewing the index is put off: search-failed" in caplog.text


def test_a_walk_over_the_archive_sees_old_and_new_dossiers_first(archive: Archive, archivist: Actor) -> None:
    titles = [f"客户{number:02}" for number in range(45)]
    for title in titles:
        make_dossier(archive, archivist, name=title)

    walked = [dossier.title for dossier in archive.indexer._store.all(batch=2)]

    assert sorted(walked) == titles
    assert {title[2] for title in walked[:20]} == {"0", "1", "2", "3", "4"}
