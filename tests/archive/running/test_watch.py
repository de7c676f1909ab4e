"""The watched folder."""

import os
import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from archive.access import SYSTEM
from archive.bootstrap import Archive
from archive.running.watch import WatchedFolder
from archive.settings import Settings
from tests.factories import picture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to watch."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def _watched(archive: Archive, folder: Path) -> WatchedFolder:
    return WatchedFolder(archive.intake, archive.accounts, archive.settings.model_copy(update={"watch_dir": folder}))


def _put(path: Path, data: bytes, *, age_s: float = 60) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (time.time() - age_s,) * 2)


def test_a_file_at_rest_is_taken_in_and_moved_aside(archive: Archive, folder: Path) -> None:
    _put(folder / "monday" / "form.png", picture())

    assert _watched(archive, folder).collect() == 1

    (scan,) = archive.intake.scans(SYSTEM).items
    assert (scan.filename, scan.channel) == ("form.png", "folder")
    assert (folder / ".taken-in" / "monday" / "form.png").read_bytes() == picture()
    assert not (folder / "monday" / "form.png").exists()


def test_a_link_to_a_file_elsewhere_is_left_alone(archive: Archive, folder: Path, tmp_path: Path) -> None:
    _put(tmp_path / "elsewhere.png", picture())
    (folder / "form.png").symlink_to(tmp_path / "elsewhere.png")

    assert _watched(archive, folder).collect() == 0
    assert (tmp_path / "elsewhere.png").exists()
    assert not archive.intake.scans(SYSTEM).items


def test_a_file_that_still_grows_waits(archive: Archive, folder: Path) -> None:
    _put(folder / "form.png", picture(), age_s=0)

    assert _watched(archive, folder).collect() == 0
    assert (folder / "form.png").exists()


def test_a_refused_file_is_kept_beside_the_reason(archive: Archive, folder: Path) -> None:
    _put(folder / "notes.jpg", b"only text")

    assert _watched(archive, folder).collect() == 0

    assert (folder / ".refused" / "notes.jpg").read_bytes() == b"only text"
    assert "unsupported" in (folder / ".refused" / "notes.jpg.reason.txt").read_text(encoding="utf-8")


def test_two_files_of_one_name_are_both_kept(archive: Archive, folder: Path) -> None:
    for text in ("first", "second"):
        _put(folder / "form.png", picture(text))
        _watched(archive, folder).collect()

    assert len(list((folder / ".taken-in").iterdir())) == 2


@pytest.mark.parametrize("watched", ["data", "data/inbox", "."])
def test_our_own_folder_is_not_watched(tmp_path: Path, watched: str) -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None, data_dir=tmp_path / "data", watch_dir=tmp_path / watched)


def test_an_empty_variable_watches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOSSIER_WATCH_DIR", "")

    assert Settings(_env_file=None).watch_dir is None
