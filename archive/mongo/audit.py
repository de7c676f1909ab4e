"""The audit trail in the database: an append-only chain."""

from collections.abc import Iterator
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from archive.mongo.database import Database, latest
from archive.mongo.records import AuditEventRecord, CounterRecord
from archive.values import Page

_HEAD = "audit-head"
GENESIS = "0" * 64
"""What stands for the hash before the first event."""


class AuditStore:
    """Appends events and reads them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def head(self) -> tuple[int, str]:
        """Return number and hash of the last event; (0, GENESIS) where there is none."""
        return self._database.run(self._head())

    async def _head(self) -> tuple[int, str]:
        counter = await CounterRecord.find_one({"_id": _HEAD})
        seq, last_hash = (counter.value, counter.text) if counter else (0, GENESIS)
        # A crash between the event and the head leaves the head behind: go on to the real end.
        while (event := await AuditEventRecord.find_one({"seq": seq + 1})) is not None:
            seq, last_hash = event.seq, event.hash
        return seq, last_hash

    def append(self, event: AuditEventRecord) -> bool:
        """Append the event; False where its place in the chain was taken meanwhile."""
        return self._database.run(self._append(event))

    async def _append(self, event: AuditEventRecord) -> bool:
        try:
            await event.insert()
        except DuplicateKeyError:
            return False
        await CounterRecord.get_pymongo_collection().update_one(
            {"_id": _HEAD}, {"$set": {"value": event.seq, "text": event.hash}}, upsert=True
        )
        return True

    def latest(
        self, *, since: datetime, until: datetime, query: dict[str, str], after: str | None, limit: int
    ) -> Page[AuditEventRecord]:
        """Return events of a time, latest first."""
        return self._database.run(
            latest(AuditEventRecord, query, "at", since=since, until=until, after=after, limit=limit), timeout_s=120
        )

    def in_order(self, batch: int = 1000) -> Iterator[AuditEventRecord]:
        """Walk over the whole chain from its start."""
        start = 1
        while events := self._database.run(self._stretch(start, start + batch)):
            yield from events
            start += batch

    async def _stretch(self, start: int, end: int) -> list[AuditEventRecord]:
        events = [event async for event in AuditEventRecord.find({"seq": {"$gte": start, "$lt": end}})]
        return sorted(events, key=lambda event: event.seq)
