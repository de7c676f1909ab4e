"""The folder that backups lie in, and nothing but the files in it.

DIRECTORY/                        mode 700, files 600
lock                          held while a backup is made there
files/ab/abcd...              the stored files by their SHA-256, shared by all backups
20261123T111800123Z/          one backup, named by when it was begun
manifest.json             counts and digests of all that follows
dossiers.bson.gz ...      one collection each: BSON documents one behind the other
files.txt                 the digests of the files that belong to it, one a line
.20261124T...unfinished       one that is being made, or was cut short
"""

import gzip
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from bson import decode_file_iter
from bson.codec_options import CodecOptions
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument
from filelock import FileLock, Timeout

from archive.copies.manifest import DocumentFile, Manifest
from archive.errors import BackupError

MANIFEST = "manifest.json"
FILE_LIST = "files.txt"
_POOL = "files"
_PIECE = 1 << 20
_NAME = re.compile(r"\d{8}T\d{9}Z")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_COMPRESSION = 4
_RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)


def backup_name(begun: datetime) -> str:
    """Return the name of a backup begun at that time (UTC)."""
    return f"{begun:%Y%m%dT%H%M%S}{begun.microsecond // 1000:03d}Z"


class BackupPlace:
    """Backups in one folder.

    Args:
        path: The folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    def names(self) -> list[str]:
        """Return the names of the whole backups, the oldest first."""
        if not self.path.is_dir():
            return []
        return sorted(
            each.name for each in self.path.iterdir() if _NAME.fullmatch(each.name) and (each / MANIFEST).is_file()
        )

    @contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder where it is missing, and hold it for the time of the block; clear away what was cut short.

        Raises:
            BackupError: Another backup is being made there.
        """
        _make_folder(self.path)
        _make_folder(self.path / _POOL)
        lock = FileLock(self.path / "lock", mode=0o600)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise BackupError(f"Another backup is being made in {self.path}.", code="backup-running") from error
        try:
            for leftover in self.path.glob(".*Z.*"):
                shutil.rmtree(leftover)
            for leftover in self.path.glob(f"{_POOL}/*/.*.part"):
                leftover.unlink()
            yield
        finally:
            lock.release()

    @contextmanager
    def fresh(self, name: str) -> Iterator[Path]:
        """Give a folder to fill; at the block's end, unless it failed, it becomes the backup of that name."""
        folder = self.path / f".{name}.unfinished"
        _make_folder(folder)
        yield folder
        _sync(folder)
        folder.rename(self.path / name)
        _sync(self.path)

    def manifest(self, name: str) -> Manifest:
        """Return the manifest of a backup.

        Raises:
            BackupError: There is no such backup, or the manifest was changed.
        """
        if not _NAME.fullmatch(name) or name not in self.names():
            raise BackupError(f"There is no whole backup {name!r} in {self.path}.", code="backup-not-found")
        return Manifest.from_json((self.path / name / MANIFEST).read_bytes())

    def damaged_parts(self, name: str, manifest: Manifest) -> list[str]:
        """Return the names of the backup's own files that are missing or are not what was written."""
        parts = {f"{each}.bson.gz": told for each, told in manifest.collections.items()}
        parts[FILE_LIST] = manifest.files
        return [part for part, told in parts.items() if _digest_of(self.path / name / part) != told.sha256]

    def documents(self, name: str, collection: str) -> Iterator[RawBSONDocument]:
        """Walk over the documents of a collection in a backup.

        Raises:
            BackupError: They cannot be read.
        """
        try:
            with gzip.open(self.path / name / f"{collection}.bson.gz", "rb") as packed:
                yield from decode_file_iter(cast("IO[bytes]", packed), _RAW)
        except (BSONError, EOFError, gzip.BadGzipFile) as error:
            raise BackupError(f"The backup's {collection} cannot be read.", code="backup-damaged") from error

    def file_list(self, name: str) -> list[str]:
        """Return the digests of the stored files that belong to a backup.

        Raises:
            BackupError: The list holds something else.
        """
        digests = (self.path / name / FILE_LIST).read_text("ascii", errors="replace").splitlines()
        # They become names of files.
        if not all(_DIGEST.fullmatch(digest) for digest in digests):
            raise BackupError("The backup's list of files holds what is no digest.", code="backup-damaged")
        return digests

    def pooled(self, sha256: str) -> Path:
        """Return where the file of that digest lies, or would."""
        return self.path / _POOL / sha256[:2] / sha256

    def pool(self, sha256: str, pieces: Iterable[bytes]) -> bool:
        """Copy a file into the pool, whole or not at all; False where the bytes have another digest."""
        target = self.pooled(sha256)
        _make_folder(target.parent)
        digest = hashlib.sha256()
        fresh = target.with_name(f".{secrets.token_hex(4)}.part")
        try:
            with private_file(fresh) as file:
                for piece in pieces:
                    digest.update(piece)
                    file.write(piece)
            if digest.hexdigest() != sha256:
                return False
            fresh.replace(target)
            return True
        finally:
            fresh.unlink(missing_ok=True)

    def is_intact(self, sha256: str) -> bool:
        """Tell whether the file lies in the pool with the bytes it had."""
        return _digest_of(self.pooled(sha256)) == sha256

    def sync_pool(self) -> None:
        """Have the names in the pool on the disk."""
        pool = self.path / _POOL
        for folder in (*pool.iterdir(), pool):
            _sync(folder)

    def thin_out(self, keep: int) -> int:
        """Remove all but the latest ``keep`` backups, and the files that only those had; return how many backups.

        Where a backup that stays cannot be read no file is removed: it may need it.
        """
        names = self.names()
        gone = names[: max(len(names) - keep, 0)]
        for name in gone:
            # Renamed first: one that is half removed must not be taken for a backup.
            doomed = (self.path / name).rename(self.path / f".{name}.removed")
            shutil.rmtree(doomed)
        if gone and (needed := self._needed(self.names())) is not None:
            for path in (self.path / _POOL).glob("*/*"):
                if path.name not in needed:
                    path.unlink()
        return len(gone)

    def _needed(self, names: list[str]) -> set[str] | None:
        needed: set[str] = set()
        for name in names:
            try:
                if FILE_LIST in self.damaged_parts(name, self.manifest(name)):
                    return None
                needed.update(self.file_list(name))
            except BackupError:
                return None
        return needed


@contextmanager
def private_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file that this user alone may read; on the disk when the block ends well."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def write_documents(path: Path, documents: Iterable[RawBSONDocument]) -> DocumentFile:
    """Write documents one behind the other, compressed; return their count and the file's digest."""
    count = 0
    with private_file(path) as file, gzip.GzipFile("", "wb", _COMPRESSION, file, mtime=0) as packed:
        for document in documents:
            packed.write(document.raw)
            count += 1
    return told_of(path, count)


def told_of(path: Path, count: int) -> DocumentFile:
    """Return what the manifest says of a file that holds so many entries."""
    digest = _digest_of(path)
    assert digest is not None
    return DocumentFile(documents=count, size_bytes=path.stat().st_size, sha256=digest)


def _digest_of(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _make_folder(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
