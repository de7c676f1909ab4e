"""Backups from the command line, and a program killed while it makes one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive.access import SYSTEM
from archive.bootstrap import open_archive
from archive.running.supervisor import child_environment
from archive.settings import Settings
from tests.archive.cli.conftest import Dossier
from tests.factories import hand_in, make_dossier, picture

pytestmark = pytest.mark.integration


@pytest.fixture
def filled(settings: Settings) -> None:
    """Put a dossier and two scans into the archive."""
    with open_archive(settings) as archive:
        archive.accounts.ensure_unit()
        make_dossier(archive, SYSTEM)
        hand_in(archive, SYSTEM, picture("one"))
        hand_in(archive, SYSTEM, picture("two"))


def test_a_backup_is_made_and_checked_and_refused_by_a_full_archive(
    dossier: Dossier, filled: None, tmp_path: Path
) -> None:
    folder = str(tmp_path / "backups")

    made = dossier("backup", folder)

    assert made.exit_code == 0, made.output
    assert (tmp_path / "backups" / made.stdout.strip() / "manifest.json").exists()
    assert "1 dossiers and 2 files; 2 files new" in made.stderr
    checked = dossier("backup", "--check", folder)
    assert (checked.exit_code, checked.stdout) == (0, f"{made.stdout.strip()}: whole\n")
    refused = dossier("restore", folder)
    assert refused.exit_code == 1
    assert "The archive is not empty" in refused.stderr


def test_damage_is_told_with_the_file_and_ends_with_1(dossier: Dossier, filled: None, tmp_path: Path) -> None:
    dossier("backup", str(tmp_path / "backups"))
    victim = next(path for path in (tmp_path / "backups" / "files").glob("*/*"))
    victim.write_bytes(b"changed")

    checked = dossier("backup", "--check", str(tmp_path / "backups"))

    assert checked.exit_code == 1
    assert str(victim) in checked.stderr


def test_no_backup_to_check_or_restore_ends_with_1(dossier: Dossier, tmp_path: Path) -> None:
    assert dossier("backup", "--check", str(tmp_path / "none")).exit_code == 1
    assert dossier("restore", str(tmp_path / "none")).exit_code == 1
    assert dossier("backup", "--check", "--keep", "2", str(tmp_path / "none")).exit_code == 2


def test_the_doctor_warns_until_there_is_a_backup(dossier: Dossier, filled: None, tmp_path: Path) -> None:
    assert "warning  backup: never made" in dossier("doctor").stdout

    dossier("backup", str(tmp_path / "backups"))

    assert "ok       backup: last made" in dossier("doctor").stdout


def test_killed_at_any_moment_it_leaves_no_backup_that_is_not_whole(
    dossier: Dossier, filled: None, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    program = [sys.executable, "-m", "archive.cli", "backup", str(folder)]
    own = {**os.environ, **child_environment(settings)}
    for _ in range(3):
        with subprocess.Popen(program, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            seen = set(folder.glob(".*.unfinished")) if folder.exists() else set()
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline and set(folder.glob(".*.unfinished")) <= seen:
                time.sleep(0.002)
            process.send_signal(signal.SIGKILL)
    assert list(folder.glob(".*.unfinished"))
    assert not [path for path in folder.iterdir() if path.name[0].isdigit()]

    again = dossier("backup", str(folder))

    assert again.exit_code == 0, again.output
    assert dossier("backup", "--check", str(folder)).exit_code == 0
    assert not list(folder.glob(".*.unfinished"))
