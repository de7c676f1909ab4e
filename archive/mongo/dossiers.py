"""Dossiers, their versions and their codes in the database."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from archive.dossier import Dossier, DossierVersion
from archive.errors import StaleRevisionError
from archive.mongo.database import EPOCH, Database, latest
from archive.mongo.records import CounterRecord, DossierRecord, DossierVersionRecord
from archive.values import Page, utc_now

_PLACES = 10
"""From so many places of the archive the first batches are taken, in a walk over all of it."""


class DossierStore:
    """Reads and writes dossiers; every write leaves a version behind and marks the index entry as due.

    The present version is part of the dossier's own document, so that there is no dossier without it and no version
    that never was. It becomes a document of its own before the next one takes its place.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_id(self, dossier_id: str) -> Dossier | None:
        """Return the dossier, or None."""
        return self._database.run(self._one({"_id": dossier_id}))

    def by_code(self, code: str) -> Dossier | None:
        """Return the dossier that has or had this code, or None."""
        return self._database.run(self._one({"all_codes": code}))

    def with_scan(self, scan_id: str) -> Dossier | None:
        """Return the dossier that the scan is attached to, or None."""
        return self._database.run(self._one({"attachments.scan_id": scan_id}))

    async def _one(self, query: dict[str, Any]) -> Dossier | None:
        record = await DossierRecord.find_one(query)
        return record.to_value() if record else None

    def by_ids(self, dossier_ids: Sequence[str], *, trashed: bool = False) -> dict[str, Dossier]:
        """Return those of the dossiers that exist, by id; those in the trash only where ``trashed`` asks for them."""
        query: dict[str, Any] = {"_id": {"$in": list(dossier_ids)}}
        if not trashed:
            query["trashed_at"] = None
        return {dossier.id: dossier for dossier in self._database.run(self._many(query))}

    def in_trash(self, units: frozenset[str] | None, *, after: str | None, limit: int) -> Page[Dossier]:
        """Return the dossiers in the trash, of the units (None: all), those last put there first."""
        query = {} if units is None else {"unit": {"$in": sorted(units)}}
        found = self._database.run(
            latest(
                DossierRecord,
                query,
                "trashed_at",
                since=EPOCH,
                until=utc_now() + timedelta(days=1),
                after=after,
                limit=limit,
            )
        )
        return Page(tuple(record.to_value() for record in found.items), found.next)

    def sharing_keys(self, keys: Sequence[str], units: frozenset[str] | None, limit: int = 50) -> list[Dossier]:
        """Return dossiers of the units (None: all) that have one of these identity keys, at most ``limit`` for each.

        Each key is asked for alone: the namesakes of a common name must not crowd out the one with the same number.
        """
        within = {} if units is None else {"unit": {"$in": sorted(units)}}
        found = [
            dossier
            for key in keys
            for dossier in self._database.run(self._many({"identity_keys": key, **within}, limit))
        ]
        return list({dossier.id: dossier for dossier in found}.values())

    async def _many(self, query: dict[str, Any], limit: int = 0) -> list[Dossier]:
        return [record.to_value() async for record in DossierRecord.find(query, limit=limit or None)]

    def insert(self, dossier: Dossier, version: DossierVersion) -> bool:
        """Store a new dossier and its first version; False where its id is taken (the same filing done twice)."""
        return self._database.run(self._insert(dossier, version))

    async def _insert(self, dossier: Dossier, version: DossierVersion) -> bool:
        try:
            await DossierRecord.of_dossier(dossier, version).insert()
        except DuplicateKeyError:
            if await DossierRecord.find_one({"_id": dossier.id}) is None:
                raise
            return False
        return True

    def replace(self, dossier: Dossier, version: DossierVersion) -> None:
        """Store a changed dossier whose revision is one above the stored one.

        The former version is written first; whoever else tries to replace the dossier writes the same.

        Raises:
            StaleRevisionError: The stored revision is another.
        """
        self._database.run(self._replace(dossier, version))

    async def _replace(self, dossier: Dossier, version: DossierVersion) -> None:
        stored = await DossierRecord.find_one({"_id": dossier.id, "revision": dossier.revision - 1})
        if stored is None:
            raise StaleRevisionError("dossier", dossier.code)
        await self._keep(stored.to_version())
        changed = await DossierRecord.get_pymongo_collection().replace_one(
            {"_id": dossier.id, "revision": dossier.revision - 1},
            {"_id": dossier.id, **DossierRecord.of_dossier(dossier, version).model_dump(mode="python", exclude={"id"})},
        )
        if changed.matched_count == 0:
            raise StaleRevisionError("dossier", dossier.code)

    async def _keep(self, version: DossierVersion) -> None:
        record = DossierVersionRecord.of(version, id=f"{version.dossier_id}:{version.revision}")
        await DossierVersionRecord.get_pymongo_collection().replace_one(
            {"_id": record.id}, {"_id": record.id, **record.model_dump(mode="python", exclude={"id"})}, upsert=True
        )

    def versions(self, dossier_id: str) -> list[DossierVersion]:
        """Return all versions, latest first."""
        return self._database.run(self._versions(dossier_id))

    async def _versions(self, dossier_id: str) -> list[DossierVersion]:
        # The present one first: replaced meanwhile, it is found again among the former.
        present = await DossierRecord.find_one({"_id": dossier_id})
        records = DossierVersionRecord.find({"dossier_id": dossier_id})
        versions: dict[int, DossierVersion] = {record.revision: record.to_value() async for record in records}
        if present is not None:
            versions[present.revision] = present.to_version()
        return [versions[revision] for revision in sorted(versions, reverse=True)]

    def allot_number(self, class_key: str) -> int:
        """Return the next number of a class of codes; no number is given twice, a crash may leave a gap."""
        return self._database.run(self._allot(f"code:{class_key}"))

    async def _allot(self, key: str) -> int:
        counter = await CounterRecord.get_pymongo_collection().find_one_and_update(
            {"_id": key}, {"$inc": {"value": 1}}, upsert=True, return_document=ReturnDocument.AFTER
        )
        assert counter is not None  # an upsert that returns the document after always has one
        return int(counter["value"])

    def pending_ids(self, limit: int) -> list[str]:
        """Return ids of dossiers that the search index does not have yet."""
        return self._database.run(self._pending(limit))

    async def _pending(self, limit: int) -> list[str]:
        found = DossierRecord.get_pymongo_collection().find({"index_pending": True}, {"_id": 1}).limit(limit)
        return [document["_id"] async for document in found]

    def pending_since(self, moment: datetime) -> list[datetime]:
        """Return when the dossiers that the search index does not have yet came or changed; only times from the moment on."""
        return self._database.run(self._pending_since(moment))

    async def _pending_since(self, moment: datetime) -> list[datetime]:
        keys = ("created_at", "changed_at")
        found = DossierRecord.get_pymongo_collection().find({"index_pending": True}, dict.fromkeys(keys, 1))
        times = [document[key].replace(tzinfo=UTC) async for document in found for key in keys]
        return [each for each in times if each >= moment]

    def mark_indexed(self, revisions: dict[str, int]) -> None:
        """Clear the mark of dossiers that the index has at these revisions.

        One that was changed meanwhile is marked again: another worker may have indexed the newer revision and cleared
        the mark before the older one arrived.
        """
        self._database.run(self._mark(revisions))

    async def _mark(self, revisions: dict[str, int]) -> None:
        collection = DossierRecord.get_pymongo_collection()
        for dossier_id, revision in revisions.items():
            done = await collection.update_one(
                {"_id": dossier_id, "revision": revision}, {"$set": {"index_pending": False}}
            )
            if done.matched_count == 0:
                await collection.update_one({"_id": dossier_id}, {"$set": {"index_pending": True}})

    def mark_pending(self, dossier_ids: Sequence[str]) -> None:
        """Mark dossiers whose index entry is missing or wrong."""
        self._database.run(self._mark_pending(dossier_ids))

    async def _mark_pending(self, dossier_ids: Sequence[str]) -> None:
        collection = DossierRecord.get_pymongo_collection()
        for dossier_id in dossier_ids:
            await collection.update_one({"_id": dossier_id}, {"$set": {"index_pending": True}})

    def mark_type_pending(self, dossier_type: str) -> None:
        """Mark every dossier of a type that was changed; rare enough to look through them all."""
        self._database.run(self._mark_type_pending(dossier_type), timeout_s=600)

    async def _mark_type_pending(self, dossier_type: str) -> None:
        await DossierRecord.get_pymongo_collection().update_many(
            {"type": dossier_type}, {"$set": {"index_pending": True}}
        )

    def all(self, batch: int = 200) -> Iterator[Dossier]:
        """Walk over every dossier that is not in the trash.

        Ids are taken first, so changes made meanwhile do not disturb the walk. Its first batches are taken from ten places,
        so that they hold old dossiers and new ones.
        """
        ids = self._database.run(self._ids())
        starts = range(0, len(ids), batch)
        stride = -(-len(starts) // _PLACES)
        for start in chain.from_iterable(starts[first::stride] for first in range(stride)):
            yield from self.by_ids(ids[start : start + batch]).values()

    async def _ids(self) -> list[str]:
        return [document["_id"] async for document in DossierRecord.get_pymongo_collection().find({}, {"_id": 1})]

    def count(self) -> int:
        """Return about how many dossiers there are."""
        return self._database.run(DossierRecord.get_pymongo_collection().estimated_document_count())
