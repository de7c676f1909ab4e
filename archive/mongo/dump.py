"""Whole collections, document by document as the database holds them, for backups."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.asynchronous.collection import AsyncCollection

from archive.mongo.database import Database
from archive.mongo.records import RECORDS, AuditEventRecord, BackupRecord

LEFT_OUT = frozenset({"leases", "backups"})
"""Collections that no backup holds: whose turn the recurring work is, and when the last backup was made."""

COLLECTIONS = tuple(name for record in RECORDS if (name := record.Settings.name) not in LEFT_OUT)
"""Collections that a backup holds."""

_STRETCH = 100
_IDS_TIMEOUT_S = 600.0
_RESTORING = "restoring"
"""Collection of the one marker that is there while a restore is under way."""

_LAST = "last"


class DumpStore:
    """Reads collections whole, and fills empty ones. Types and unknown keys stay as they are."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def _raw(self, collection: str) -> AsyncCollection[Any]:
        options: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument, tz_aware=True, tzinfo=UTC)
        return self._database.raw.get_collection(collection, codec_options=options)

    def ids(self, collection: str) -> list[Any]:
        """Return the ids of all documents: taken first, changes made meanwhile do not disturb a walk over them."""
        return self._database.run(self._ids(collection), timeout_s=_IDS_TIMEOUT_S)

    async def _ids(self, collection: str) -> list[Any]:
        return [document["_id"] async for document in self._raw(collection).find({}, {"_id": 1})]

    def documents(self, collection: str, key: str, values: Sequence[Any]) -> Iterator[RawBSONDocument]:
        """Walk over the documents whose ``key`` is one of the values; those that are gone are passed over."""
        for start in range(0, len(values), _STRETCH):
            cursor = self._raw(collection).find({key: {"$in": list(values[start : start + _STRETCH])}})
            while taken := self._database.run(_take(cursor)):
                yield from taken

    def audit_events(self) -> Iterator[RawBSONDocument]:
        """Walk over the audit trail from its first event to the one that is the last when it is reached."""
        name, start = AuditEventRecord.Settings.name, 1
        while True:
            cursor = self._raw(name).find({"seq": {"$gte": start, "$lt": start + _STRETCH}})
            events = []
            while taken := self._database.run(_take(cursor)):
                events += taken
            events.sort(key=lambda event: int(event["seq"]))
            # Two that are written this moment are not seen in their order for certain: the chain ends before a gap.
            whole = [event for place, event in enumerate(events, start) if event["seq"] == place]
            yield from whole
            if len(whole) < _STRETCH:
                return
            start += _STRETCH

    def files(self) -> list[str]:
        """Return the digests of all stored files."""
        return self._database.run(self._files(), timeout_s=_IDS_TIMEOUT_S)

    async def _files(self) -> list[str]:
        found = self._database.raw["fs.files"].find({}, {"filename": 1})
        return sorted({document["filename"] async for document in found})

    def is_empty(self) -> bool:
        """Tell whether no collection that a backup holds has a document."""
        return all(self._database.run(self._raw(name).find_one({})) is None for name in COLLECTIONS)

    def clear(self) -> None:
        """Remove all documents of the collections that a backup holds; their indexes stay."""
        for name in COLLECTIONS:
            self._database.run(self._database.raw[name].delete_many({}), timeout_s=_IDS_TIMEOUT_S)

    def insert(self, collection: str, documents: Sequence[dict[str, Any] | RawBSONDocument]) -> None:
        """Store documents that are not there yet."""
        # The driver takes raw documents beside dictionaries and sends their bytes as they are.
        self._database.run(self._database.raw[collection].insert_many(documents), timeout_s=_IDS_TIMEOUT_S)

    def begin_restore(self, backup: str) -> None:
        """Mark the archive as one that is being filled."""
        marker = {"_id": _LAST, "backup": backup}
        self._database.run(self._database.raw[_RESTORING].replace_one({"_id": _LAST}, marker, upsert=True))

    def end_restore(self) -> None:
        """Take the mark away: the archive is whole."""
        self._database.run(self._database.raw[_RESTORING].delete_one({"_id": _LAST}))

    def is_being_restored(self) -> bool:
        """Tell whether a restore is under way, or was cut short."""
        return self._database.run(self._database.raw[_RESTORING].find_one({"_id": _LAST})) is not None

    def note_backup(self, name: str, ended: datetime, missing_files: int) -> None:
        """Note the last whole backup."""
        record = {"name": name, "ended": ended, "missing_files": missing_files}
        collection = BackupRecord.get_pymongo_collection()
        self._database.run(collection.replace_one({"_id": _LAST}, {"_id": _LAST, **record}, upsert=True))

    def last_backup(self) -> BackupRecord | None:
        """Return the last whole backup, or None."""
        return self._database.run(self._last_backup())

    async def _last_backup(self) -> BackupRecord | None:
        return await BackupRecord.find_one({"_id": _LAST})


async def _take(cursor: Any) -> list[RawBSONDocument]:
    taken: list[RawBSONDocument] = []
    async for document in cursor:
        taken.append(document)
        if len(taken) == _STRETCH:
            break
    return taken
