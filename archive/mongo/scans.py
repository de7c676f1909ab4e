"""Scans and their pages in the database; the scan's document is also the job that reads it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError

from archive.errors import StaleRevisionError
from archive.mongo.database import EPOCH, Database, latest
from archive.mongo.records import RefusedFileRecord, ScanPageRecord, ScanRecord
from archive.scans.scan import Failure, RefusedFile, Scan, ScanPage, ScanState, WaitingScan
from archive.values import Page, utc_now


class ScanStore:
    """Reads and writes scans. Every change is a conditional one, so two workers or reviewers cannot both win."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def insert(self, scan: Scan) -> Scan | None:
        """Store a new scan; return the old one where the unit has the same bytes already, else None."""
        return self._database.run(self._insert(scan))

    async def _insert(self, scan: Scan) -> Scan | None:
        try:
            await ScanRecord.of(scan, dedupe_key=_dedupe_key(scan.unit, scan.sha256)).insert()
        except DuplicateKeyError:
            old = await self._one({"dedupe_key": _dedupe_key(scan.unit, scan.sha256)})
            if old is None:
                raise
            return old
        return None

    def with_bytes(self, unit: str, sha256: str) -> Scan | None:
        """Return the unit's scan of these bytes, or None."""
        return self._database.run(self._one({"dedupe_key": _dedupe_key(unit, sha256)}))

    def by_id(self, scan_id: str) -> Scan | None:
        """Return the scan, or None."""
        return self._database.run(self._one({"_id": scan_id}))

    def by_receipt(self, receipt: str) -> Scan | None:
        """Return the scan of that receipt, or None."""
        return self._database.run(self._one({"receipt": receipt}))

    async def _one(self, query: dict[str, Any]) -> Scan | None:
        record = await ScanRecord.find_one(query)
        return record.to_value() if record else None

    def by_ids(self, scan_ids: Sequence[str]) -> list[Scan]:
        """Return those of the scans that exist, in the order asked for."""
        found = {scan.id: scan for scan in self._database.run(self._many({"_id": {"$in": list(scan_ids)}}))}
        return [found[scan_id] for scan_id in scan_ids if scan_id in found]

    def in_batch(self, batch_id: str) -> list[Scan]:
        """Return the scans of a batch, in the order they came."""
        return sorted(
            self._database.run(self._many({"batch_id": batch_id})), key=lambda scan: (scan.received_at, scan.id)
        )

    def note_refused(self, file: RefusedFile) -> None:
        """Keep that a file was not taken in."""
        self._database.run(self._note_refused(file))

    async def _note_refused(self, file: RefusedFile) -> None:
        await RefusedFileRecord.of(file).insert()

    def refused_in(self, batch_id: str) -> list[RefusedFile]:
        """Return the files of a batch that were not taken in, in the order they came."""
        return sorted(self._database.run(self._refused_in(batch_id)), key=lambda file: (file.at, file.id))

    async def _refused_in(self, batch_id: str) -> list[RefusedFile]:
        return [record.to_value() async for record in RefusedFileRecord.find({"batch_id": batch_id})]

    def forget_refused(self, before: datetime) -> None:
        """Forget the files that were refused before a time."""
        self._database.run(self._forget_refused(before))

    async def _forget_refused(self, before: datetime) -> None:
        await RefusedFileRecord.get_pymongo_collection().delete_many({"at": {"$lt": before}})

    def in_state(self, state: ScanState, units: frozenset[str] | None) -> list[Scan]:
        """Return the scans in a state, of the units (None: all). For short queues."""
        return [
            scan
            for scan in self._database.run(self._many({"state": state.value}))
            if units is None or scan.unit in units
        ]

    def waiting(self) -> list[WaitingScan]:
        """Return the scans that wait for review, without what was read from them: the queue may be long."""
        return self._database.run(self._waiting())

    async def _waiting(self) -> list[WaitingScan]:
        keys = dict.fromkeys(WaitingScan.model_fields, 1) | {"_id": 1}
        found = ScanRecord.get_pymongo_collection().find({"state": ScanState.NEEDS_REVIEW.value}, keys)
        return [WaitingScan(id=document.pop("_id"), **document) async for document in found]

    def cut_short(self, now: datetime) -> list[Scan]:
        """Return the scans whose filing or taking out was begun and not ended: their claim has run out."""
        ran_out = {"$gte": EPOCH, "$lt": now}
        return self._database.run(self._many({"state": ScanState.NEEDS_REVIEW.value, "lease_until": ran_out}))

    async def _many(self, query: dict[str, Any]) -> list[Scan]:
        return [record.to_value() async for record in ScanRecord.find(query)]

    def recent(
        self,
        *,
        units: frozenset[str] | None,
        state: ScanState | None,
        uploaded_by: str | None,
        after: str | None,
        limit: int,
    ) -> Page[Scan]:
        """Return received scans, latest first."""
        query: dict[str, Any] = {}
        if units is not None:
            query["unit"] = {"$in": sorted(units)}
        if state is not None:
            query["state"] = state.value
        if uploaded_by is not None:
            query["uploaded_by"] = uploaded_by
        found = self._database.run(
            latest(
                ScanRecord,
                query,
                "received_at",
                since=EPOCH,
                until=utc_now() + timedelta(days=1),
                after=after,
                limit=limit,
            )
        )
        return Page(tuple(record.to_value() for record in found.items), found.next)

    def counts(self, units: frozenset[str] | None) -> dict[ScanState, int]:
        """Count the scans in each state in which something is still to be done; the others grow without end."""
        return {state: self._database.run(self._count(state, units)) for state in ScanState if state.is_open}

    async def _count(self, state: ScanState, units: frozenset[str] | None) -> int:
        query: dict[str, Any] = {"state": state.value}
        if units is not None:
            query["unit"] = {"$in": sorted(units)}
        return await ScanRecord.get_pymongo_collection().count_documents(query)

    def claim(self, scan_id: str, *, worker: str, lease: timedelta, failure: Failure) -> Scan | None:
        """Claim a received scan for reading; None where it is not waiting or another worker was first.

        The failure it would have is written with the claim: a crash cannot look like success.
        """
        now = utc_now()
        changed = self._database.run(
            self._update(
                {"_id": scan_id, "state": ScanState.RECEIVED.value},
                {
                    "$set": {
                        "state": ScanState.READING.value,
                        "failure": failure.model_dump(),
                        "lease_until": now + lease,
                        "claimed_by": worker,
                    },
                    "$inc": {"attempts": 1, "revision": 1},
                },
            )
        )
        return self.by_id(scan_id) if changed else None

    def finish_reading(self, scan_id: str, *, worker: str, changes: Mapping[str, Any]) -> bool:
        """Write what became of a claimed scan; False where the claim was lost meanwhile."""
        return self._database.run(
            self._update(
                {"_id": scan_id, "state": ScanState.READING.value, "claimed_by": worker},
                {"$set": {**changes, "lease_until": None, "claimed_by": None}, "$inc": {"revision": 1}},
            )
        )

    def renew(self, scan_id: str, *, worker: str, lease: timedelta) -> None:
        """Prolong the claim of a worker that is still reading."""
        self._database.run(
            self._update(
                {"_id": scan_id, "state": ScanState.READING.value, "claimed_by": worker},
                {"$set": {"lease_until": utc_now() + lease}},
            )
        )

    def release(self, *, is_dead: Callable[[str], bool], most_attempts: int) -> list[Scan]:
        """Give back the scans whose reader vanished, and return them.

        Those tried too often stay failed with the failure that their claim has written.

        Args:
            is_dead: Tells of a worker's name whether it is known to be gone; a lease that ran out is proof as well.
        """
        return self._database.run(self._release(is_dead, most_attempts))

    async def _release(self, is_dead: Callable[[str], bool], most_attempts: int) -> list[Scan]:
        released = []
        async for record in ScanRecord.find({"state": ScanState.READING.value}):
            if _is_claimed(record) and not is_dead(record.claimed_by or ""):
                continue
            state = ScanState.FAILED if record.attempts >= most_attempts else ScanState.RECEIVED
            if await self._update(
                {"_id": record.id, "state": ScanState.READING.value, "revision": record.revision},
                {"$set": {"state": state.value, "lease_until": None, "claimed_by": None}, "$inc": {"revision": 1}},
            ):
                released.append(record.to_value())
        return released

    def claim_filing(self, scan: Scan, *, user: str, lease: timedelta) -> Scan:
        """Claim a scan for filing, so that two reviewers cannot put it into two dossiers.

        Raises:
            StaleRevisionError: It is not as it was shown, or somebody else is filing it this moment.
        """
        return self._database.run(self._claim_filing(scan, user, lease))

    async def _claim_filing(self, scan: Scan, user: str, lease: timedelta) -> Scan:
        record = await ScanRecord.find_one({"_id": scan.id, "revision": scan.revision})
        if record is None or _is_claimed(record):
            raise StaleRevisionError("scan", scan.receipt)
        if not await self._update(
            {"_id": scan.id, "revision": scan.revision, "state": ScanState.NEEDS_REVIEW.value},
            {"$set": {"lease_until": utc_now() + lease, "claimed_by": user}, "$inc": {"revision": 1}},
        ):
            raise StaleRevisionError("scan", scan.receipt)
        return scan.model_copy(update={"revision": scan.revision + 1})

    def reopen(self, scan: Scan, *, user: str, lease: timedelta) -> Scan:
        """Put a filed scan back before the reviewers, claimed as if it were being filed, until it has left its dossier.

        Raises:
            StaleRevisionError: It is not as it was shown.
        """
        changes = {"state": ScanState.NEEDS_REVIEW.value, "lease_until": utc_now() + lease, "claimed_by": user}
        reopened = self._database.run(
            self._update(
                {"_id": scan.id, "revision": scan.revision, "state": ScanState.FILED.value},
                {"$set": changes, "$inc": {"revision": 1, "taken_out": 1}},
            )
        )
        if not reopened:
            raise StaleRevisionError("scan", scan.receipt)
        changed = self.by_id(scan.id)
        assert changed is not None
        return changed

    def end_filing(self, scan: Scan) -> None:
        """Give the claim up: the filing did not come to pass."""
        self._database.run(
            self._update(
                {"_id": scan.id, "revision": scan.revision}, {"$set": {"lease_until": None, "claimed_by": None}}
            )
        )

    def change(
        self,
        scan: Scan,
        changes: Mapping[str, Any],
        *,
        from_states: Sequence[ScanState],
        holds_claim: bool = False,
    ) -> Scan:
        """Change a scan that still is as it was shown.

        Args:
            holds_claim: Whether the caller is the one who has claimed the scan; anybody else waits for the claim's end.

        Raises:
            StaleRevisionError: Somebody else changed it or is filing it, or its state is not one of ``from_states``.
        """
        if not self._database.run(self._change(scan, changes, from_states, holds_claim)):
            raise StaleRevisionError("scan", scan.receipt)
        changed = self.by_id(scan.id)
        assert changed is not None
        return changed

    async def _change(
        self, scan: Scan, changes: Mapping[str, Any], from_states: Sequence[ScanState], holds_claim: bool
    ) -> bool:
        # The claim is looked at apart, as every claim raises the revision that the update asks for.
        record = await ScanRecord.find_one({"_id": scan.id, "revision": scan.revision})
        if record is None or (not holds_claim and _is_claimed(record)):
            return False
        return await self._update(
            {"_id": scan.id, "revision": scan.revision, "state": {"$in": [state.value for state in from_states]}},
            {"$set": dict(changes), "$inc": {"revision": 1}},
        )

    async def _update(self, query: dict[str, Any], update: dict[str, Any]) -> bool:
        result = await ScanRecord.get_pymongo_collection().update_one(query, update)
        return bool(result.matched_count)

    def put_pages(self, pages: Sequence[ScanPage]) -> None:
        """Store the pages of a scan; doing it again changes nothing."""
        self._database.run(self._put_pages(pages))

    async def _put_pages(self, pages: Sequence[ScanPage]) -> None:
        collection = ScanPageRecord.get_pymongo_collection()
        for page in pages:
            key = f"{page.scan_id}:{page.number}"
            await collection.replace_one({"_id": key}, {"_id": key, **page.model_dump()}, upsert=True)

    def pages(self, scan_ids: Sequence[str]) -> list[ScanPage]:
        """Return the pages of the scans with their words, in order."""
        return sorted(self._database.run(self._pages(scan_ids)), key=lambda page: (page.scan_id, page.number))

    async def _pages(self, scan_ids: Sequence[str]) -> list[ScanPage]:
        return [record.to_value() async for record in ScanPageRecord.find({"scan_id": {"$in": list(scan_ids)}})]

    def page(self, scan_id: str, number: int) -> ScanPage | None:
        """Return one page with its words, or None."""
        return self._database.run(self._page(f"{scan_id}:{number}"))

    async def _page(self, key: str) -> ScanPage | None:
        record = await ScanPageRecord.find_one({"_id": key})
        return record.to_value() if record else None


def _is_claimed(record: ScanRecord) -> bool:
    return record.lease_until is not None and record.lease_until > utc_now()


def _dedupe_key(unit: str, sha256: str) -> str:
    return f"{unit}:{sha256}"
