"""Making and checking backups, while the archive is in use.

The documents are read one after another while others are written, so the order matters:

1. *dossiers*, then of each its former *versions*, up to the one that was read;
2. *scans*, then their *pages*; of both there may be more than the dossiers know of, never less;
3. everything else, the *counters* behind whatever was numbered by them;
4. the *audit trail*, which may tell of acts that came after the dossiers were read, and lacks none that came before;
5. last the stored files: whatever a document names was stored before the document.

A scan that was filed, or taken out, between 1 and 2 says something else than its dossier; the restore lets it be where the
dossier says, as the sweep does after a crash.
"""

import importlib.metadata
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from archive.access import Actor, Right
from archive.audit import AuditTrail
from archive.copies.manifest import DocumentFile, Manifest
from archive.copies.place import FILE_LIST, MANIFEST, BackupPlace, backup_name, private_file, told_of, write_documents
from archive.copies.walk import ORDER, Walk
from archive.errors import BackupError, IntegrityError
from archive.mongo.blobs import BlobStore
from archive.mongo.dump import DumpStore
from archive.settings import Settings
from archive.values import utc_now

log = logging.getLogger(__name__)

OVERDUE = timedelta(days=7)
"""Without a backup for so long the administrator is warned."""

_ROUNDS = 5
_TOLD_EVERY = 1000

Tell = Callable[[str], None]
"""Is told of the progress, in words."""


@dataclass(frozen=True, slots=True)
class BackupDone:
    """What a backup came to.

    Attributes:
        copied: How many of the files were not there from an earlier backup.
        removed: How many older backups were removed.
    """

    name: str
    manifest: Manifest
    copied: int
    removed: int


@dataclass(frozen=True, slots=True)
class BackupCheck:
    """What was found of one backup.

    Attributes:
        problems: What is damaged or missing, in words; empty where the backup is whole.
        files: How many stored files belong to it.
    """

    name: str
    problems: tuple[str, ...]
    files: int


@dataclass(frozen=True, slots=True)
class LastBackup:
    """When the archive was last copied.

    Attributes:
        missing_files: Files that the archive had lost by then.
    """

    name: str
    ended: datetime
    missing_files: int

    @property
    def is_overdue(self) -> bool:
        """Whether it is time for another."""
        return utc_now() - self.ended > OVERDUE


class Backups:
    """Makes backups of the archive that runs."""

    def __init__(self, dump: DumpStore, blobs: BlobStore, audit: AuditTrail, settings: Settings) -> None:
        self._dump = dump
        self._blobs = blobs
        self._audit = audit
        self._data_dir = settings.data_dir

    def last(self, actor: Actor) -> LastBackup | None:
        """Return the last whole backup, or None where there never was one."""
        actor.require(Right.OPERATE)
        record = self._dump.last_backup()
        return LastBackup(record.name, record.ended, record.missing_files) if record else None

    def make(
        self, actor: Actor, directory: Path, *, keep: int | None = None, tell: Tell = lambda _: None
    ) -> BackupDone:
        """Copy the whole archive into the folder, beside the backups that are there.

        Args:
            keep: How many backups stay, this one included; None: all. The oldest go once this one is whole.

        Raises:
            BackupError: The folder is of no use, or another backup is being made there.
        """
        actor.require(Right.OPERATE)
        if directory.resolve().is_relative_to(self._data_dir.resolve()):
            raise BackupError(
                "A backup must lie apart from DOSSIER_DATA_DIR, best on another machine's disk.", code="backup-place"
            )
        place = BackupPlace(directory)
        try:
            with place.held():
                done = self._make(place, tell)
                self._dump.note_backup(done.name, done.manifest.ended, len(done.manifest.missing))
                removed = place.thin_out(keep) if keep is not None else 0
        except OSError as error:
            raise BackupError(
                f"The backup could not be written to {directory}: {error.strerror}.", code="backup-place"
            ) from error
        manifest = done.manifest
        self._audit.record(
            actor,
            "archive.backup",
            "archive",
            done.name,
            count=str(manifest.collections["dossiers"].documents),
            files=str(manifest.files.documents),
            lost=str(len(manifest.missing)),
        )
        return BackupDone(done.name, manifest, done.copied, removed)

    def _make(self, place: BackupPlace, tell: Tell) -> BackupDone:
        begun = utc_now()
        name = backup_name(begun)
        with place.fresh(name) as folder:
            walk = Walk(self._dump)
            collections = self._dump_all(folder, walk, tell)
            copied, files, missing = self._copy_files(place, walk.named_files, tell)
            place.sync_pool()
            with private_file(folder / FILE_LIST) as file:
                file.writelines(f"{sha256}\n".encode() for sha256 in files)
            manifest = Manifest(
                program=importlib.metadata.version("dossier-archive"),
                begun=begun,
                ended=utc_now(),
                collections=collections,
                files=told_of(folder / FILE_LIST, len(files)),
                missing=tuple(missing),
            )
            with private_file(folder / MANIFEST) as file:
                file.write(manifest.to_json().encode())
        return BackupDone(name, manifest, copied, 0)

    def _dump_all(self, folder: Path, walk: Walk, tell: Tell) -> dict[str, DocumentFile]:
        collections = {}
        for name in ORDER:
            path = folder / f"{name}.bson.gz"
            for _ in range(_ROUNDS):
                collections[name] = write_documents(path, walk.documents(name))
                if not walk.scan_moved:
                    break
                path.unlink()
            else:
                raise BackupError("Scans were moved between dossiers without end; try again.", transient=True)
            tell(f"{name}: {collections[name].documents}")
        return collections

    def _copy_files(self, place: BackupPlace, named: set[str], tell: Tell) -> tuple[int, list[str], list[str]]:
        """Copy what the pool lacks; return how many files that were, which files are there, and which are missing."""
        copied, kept, missing = 0, list[str](), list[str]()
        wanted = sorted(named.union(self._dump.files()))
        for number, sha256 in enumerate(wanted, 1):
            if place.pooled(sha256).exists():
                kept.append(sha256)
            elif self._copied(place, sha256):
                copied += 1
                kept.append(sha256)
            else:
                missing.append(sha256)
            if number % _TOLD_EVERY == 0 or number == len(wanted):
                tell(f"files: {number} of {len(wanted)}, {copied} new")
        return copied, kept, missing

    def _copied(self, place: BackupPlace, sha256: str) -> bool:
        """Copy one file; one that the archive has lost must not keep all others from being copied."""
        try:
            whole = place.pool(sha256, self._blobs.chunks(sha256))
        except IntegrityError:
            whole = False
        if not whole:
            log.error("the stored file %s is missing or was changed; it is not in the backup", sha256)
        return whole


def check_backups(directory: Path) -> Iterator[BackupCheck]:
    """Read every backup in the folder again, and tell of each what is damaged. Needs no archive.

    Raises:
        BackupError: There is no backup.
    """
    place = BackupPlace(directory)
    if not place.names():
        raise BackupError(f"There is no whole backup in {place.path}.", code="backup-not-found")
    seen: dict[str, bool] = {}
    for name in place.names():
        try:
            manifest = place.manifest(name)
            problems = [f"{part} was changed or is missing" for part in place.damaged_parts(name, manifest)]
            files = place.file_list(name)
        except (BackupError, OSError) as error:
            yield BackupCheck(name, (str(error),), 0)
            continue
        for sha256 in files:
            if sha256 not in seen:
                seen[sha256] = place.is_intact(sha256)
        problems += [f"the file {place.pooled(each)} was changed or is missing" for each in files if not seen[each]]
        problems += [f"the file {each} was lost before it was copied" for each in manifest.missing]
        yield BackupCheck(name, tuple(problems), len(files))
