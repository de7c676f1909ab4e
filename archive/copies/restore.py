"""Putting a backup back into an empty archive."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument

from archive.access import Actor, Right
from archive.audit import AuditTrail
from archive.copies.backup import Tell
from archive.copies.manifest import Manifest
from archive.copies.place import BackupPlace
from archive.copies.walk import ORDER
from archive.errors import BackupError
from archive.finding.indexing import Indexer
from archive.mongo.blobs import BlobStore
from archive.mongo.dump import DumpStore
from archive.scans.scan import ScanState
from archive.values import new_id

_STRETCH = 200
_TOLD_EVERY = 1000
_AWARE: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)


@dataclass(frozen=True, slots=True)
class RestoreDone:
    """What a restore came to.

    Attributes:
        lost: Digests of the files that the backup should hold, and does not hold whole.
    """

    name: str
    manifest: Manifest
    files: int
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Home:
    """The dossier that a scan is attached to."""

    dossier_id: str
    code: str


class Restorer:
    """Fills an empty archive from a backup."""

    def __init__(self, dump: DumpStore, blobs: BlobStore, indexer: Indexer, audit: AuditTrail) -> None:
        self._dump = dump
        self._blobs = blobs
        self._indexer = indexer
        self._audit = audit

    def restore(
        self, actor: Actor, directory: Path, name: str | None = None, *, tell: Tell = lambda _: None
    ) -> RestoreDone:
        """Put a backup back: documents, files, and the index made anew.

        Log-ins and one-time links end with it. Until it is done the archive is marked and cannot be opened; cut short, it
        is done again from the beginning. Files are checked one by one, and one that is damaged does not keep the others
        from coming back.

        Args:
            name: Which backup of the folder; None: the latest.

        Raises:
            BackupError: There is no such backup, its documents are damaged, or the archive is not empty.
        """
        actor.require(Right.OPERATE)
        place = BackupPlace(directory)
        names = place.names()
        if name is None and not names:
            raise BackupError(f"There is no whole backup in {place.path}.", code="backup-not-found")
        name = name or names[-1]
        manifest = place.manifest(name)
        if damaged := place.damaged_parts(name, manifest):
            raise BackupError(
                f"The backup {name} is damaged and was not restored: {', '.join(damaged)}.", code="backup-damaged"
            )
        files = place.file_list(name)
        if self._dump.is_being_restored():
            self._dump.clear()
        elif not self._dump.is_empty():
            raise BackupError(
                "The archive is not empty. Restore into a new one: set DOSSIER_DATA_DIR to a new folder, or "
                "DOSSIER_MONGODB_DATABASE to a new name.",
                code="archive-not-empty",
            )
        self._dump.begin_restore(name)
        lost = self._put_files(place, files, tell)
        self._put_documents(place, name, manifest, tell)
        tell(f"index: {self._indexer.rebuild(actor)} dossiers")
        count, files_back = manifest.collections["dossiers"].documents, len(files) - len(lost)
        self._audit.record(
            actor,
            "archive.restore",
            "archive",
            name,
            count=str(count),
            files=str(files_back),
            lost=str(len(lost) + len(manifest.missing)),
        )
        self._dump.end_restore()
        return RestoreDone(name, manifest, files_back, (*manifest.missing, *lost))

    def _put_files(self, place: BackupPlace, files: list[str], tell: Tell) -> list[str]:
        lost = []
        for number, sha256 in enumerate(files, 1):
            if place.is_intact(sha256):
                with place.pooled(sha256).open("rb") as stream:
                    self._blobs.put(stream, sha256)
            else:
                lost.append(sha256)
            if number % _TOLD_EVERY == 0 or number == len(files):
                tell(f"files: {number} of {len(files)}, {len(lost)} damaged")
        return lost

    def _put_documents(self, place: BackupPlace, name: str, manifest: Manifest, tell: Tell) -> None:
        homes: dict[str, _Home] = {}
        for collection in ORDER:
            if collection not in manifest.collections:
                continue
            count, stretch = 0, list[dict[str, Any] | RawBSONDocument]()
            for document in self._mended(collection, place.documents(name, collection), homes, manifest.begun):
                stretch.append(document)
                if len(stretch) == _STRETCH:
                    self._dump.insert(collection, stretch)
                    count, stretch = count + len(stretch), []
            if stretch:
                self._dump.insert(collection, stretch)
            count += len(stretch)
            if count != manifest.collections[collection].documents:
                raise BackupError(f"The backup lacks documents of {collection}.", code="backup-damaged")
            tell(f"{collection}: {count}")

    @staticmethod
    def _mended(
        collection: str, documents: Iterator[RawBSONDocument], homes: dict[str, _Home], begun: datetime
    ) -> Iterator[dict[str, Any] | RawBSONDocument]:
        for document in documents:
            if collection == "dossiers":
                home = _Home(document["_id"], document["code"])
                homes.update((attachment["scan_id"], home) for attachment in document.get("attachments", ()))
                yield document
            elif collection == "scans":
                yield at_home(bson.decode(document.raw, _AWARE), homes.get(document["_id"]), begun)
            elif collection == "users":
                yield logged_out(bson.decode(document.raw, _AWARE))
            else:
                yield document


def at_home(scan: dict[str, Any], home: _Home | None, begun: datetime) -> dict[str, Any]:
    """Let a scan be where its dossier says, as after a crash between the two writes of a filing or a taking out.

    Args:
        home: The dossier that has the scan.
        begun: When the backup was begun: only what was filed after that can lack its dossier.
    """
    free: dict[str, Any] = {"lease_until": None, "claimed_by": None}
    state = scan["state"]
    if home is not None and (state != ScanState.FILED or scan["dossier_id"] != home.dossier_id):
        where = {"dossier_id": home.dossier_id, "dossier_code": home.code, "filed_at": scan["filed_at"] or begun}
        return {**scan, **free, **where, "state": ScanState.FILED.value}
    if home is None and state == ScanState.FILED and scan["filed_at"] >= begun:
        nowhere = dict.fromkeys(("dossier_id", "dossier_code", "filed_at", "filed_by"))
        return {**scan, **free, **nowhere, "state": ScanState.NEEDS_REVIEW.value}
    return scan


def logged_out(user: dict[str, Any]) -> dict[str, Any]:
    """End a user's log-ins and one-time link; the password stays."""
    return {**user, "session_stamp": new_id(), "token_hash": None, "token_expires": None}
