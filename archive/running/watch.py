"""The watched folder: files put there are taken in by themselves."""

import logging
import time
from pathlib import Path

from archive.access import SYSTEM
from archive.accounts import Accounts
from archive.errors import ArchiveError, IntakeError
from archive.scans.intake import Intake
from archive.settings import Settings

log = logging.getLogger(__name__)

_QUIET_S = 5.0
"""A file that was written to this recently may still be growing."""
_DONE, _REFUSED = ".taken-in", ".refused"


class WatchedFolder:
    """Collects what has come to rest in the folder.

    A file leaves the folder only when its bytes and record are stored; it is moved into ``.taken-in``, or with a note
    of the reason into ``.refused``, never deleted.
    """

    def __init__(self, intake: Intake, accounts: Accounts, settings: Settings) -> None:
        self._intake = intake
        self._accounts = accounts
        self._folder = settings.watch_dir
        self._unit = settings.watch_unit

    def collect(self) -> int:
        """Take in every file that is at rest; return how many were."""
        if self._folder is None or not self._folder.is_dir():
            return 0
        now = time.time()
        files = [
            path
            for path in sorted(self._folder.rglob("*"))
            if path.is_file()
            # Whoever may put files here must not have files read by a link that only this program may read.
            and not path.is_symlink()
            and not any(part.startswith(".") for part in path.relative_to(self._folder).parts)
            and _age_s(path, now) >= _QUIET_S
        ]
        batch_id, taken = self._intake.new_batch_id(), 0
        unit = self._unit or (self._accounts.ensure_unit() if files else "")
        for path in files:
            taken += self._take(path, unit, batch_id)
        return taken

    def _take(self, path: Path, unit: str, batch_id: str) -> bool:
        assert self._folder is not None
        try:
            with path.open("rb") as stream:
                self._intake.receive(SYSTEM, path.name, stream, unit=unit, batch_id=batch_id, channel="folder")
        except IntakeError as error:
            moved = self._move(path, _REFUSED)
            if moved is not None:
                moved.with_name(moved.name + ".reason.txt").write_text(f"{error.code}: {error}\n", encoding="utf-8")
            return False
        except (ArchiveError, OSError) as error:
            log.warning("a file of the watched folder stays for the next round: %s", type(error).__name__)
            return False
        return self._move(path, _DONE) is not None

    def _move(self, path: Path, folder: str) -> Path | None:
        """Move a file aside, and return its new place; None where another worker was first."""
        assert self._folder is not None
        target = self._folder / folder / path.relative_to(self._folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        number = 1
        while target.exists():
            target = target.with_name(f"{path.stem}-{number}{path.suffix}")
            number += 1
        try:
            return path.rename(target)
        except FileNotFoundError:
            return None


def _age_s(path: Path, now: float) -> float:
    """Return how long ago the file was last written to; no time at all where it has gone meanwhile."""
    try:
        return now - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
