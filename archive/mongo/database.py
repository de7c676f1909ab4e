"""The connection: one per process, opened at the first use, with the indexes the queries need."""

import logging
import threading
from collections.abc import Coroutine, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from beanie import init_beanie
from bson.codec_options import CodecOptions
from bson.errors import BSONError
from gridfs.errors import CorruptGridFile
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import (
    ConnectionFailure,
    CursorNotFound,
    ExecutionTimeout,
    InvalidOperation,
    OperationFailure,
    ProtocolError,
    PyMongoError,
    WriteConcernError,
)

from archive.errors import ArchiveError, IntegrityError, InvalidInputError, StorageUnavailableError
from archive.mongo.loop import StorageLoop
from archive.mongo.records import RECORDS, Record
from archive.values import Page

log = logging.getLogger(__name__)

ResultT = TypeVar("ResultT")
RecordT = TypeVar("RecordT", bound=Record)

CALL_TIMEOUT_S = 60.0
"""Longest wait for one storage call; uploads and sweeps give their own."""

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Before anything that is kept."""

_LOOP = StorageLoop()
"""One per process, as Beanie binds its document classes to the loop they were initialised on."""

_BUILDING = "index_builds"
"""Collection of markers: a server killed while it builds an index may be left with half of one."""


class Database:
    """Runs storage work against one database.

    Args:
        uri: Connection string; ``journal=true`` is added, without it a crash loses acknowledged writes.
        name: Database name.
        build_lock: Held while indexes are made, where several processes may start at once.
    """

    def __init__(self, uri: str, name: str, build_lock: AbstractContextManager[Any] | None = None) -> None:
        self._uri = uri
        self._name = name
        self._build_lock = build_lock or nullcontext()
        self._open_lock = threading.Lock()
        self._client: AsyncMongoClient[dict[str, Any]] | None = None

    @property
    def raw(self) -> AsyncDatabase[dict[str, Any]]:
        """The driver's database object, for GridFS and counters; use it on the loop only."""
        self._opened()
        assert self._client is not None
        return self._client.get_database(self._name, codec_options=CodecOptions(tz_aware=True, tzinfo=UTC))

    def run(self, work: Coroutine[Any, Any, ResultT], *, timeout_s: float = CALL_TIMEOUT_S) -> ResultT:
        """Run one piece of storage work and wait for it.

        Raises:
            StorageUnavailableError: The database does not answer, or did not do the work.
            IntegrityError: Part of a stored file is missing.
        """
        try:
            self._opened()
        except BaseException:
            work.close()
            raise
        try:
            return _LOOP.run(work, timeout_s=timeout_s)
        except (PyMongoError, BSONError) as error:
            raise _in_own_words(error) from error

    def is_ready(self) -> bool:
        """Tell whether the database answers."""
        try:
            self.run(self.raw.command("ping"), timeout_s=5)
        except StorageUnavailableError:
            return False
        return True

    def close(self) -> None:
        """Close the connections; a later call opens them again."""
        with self._open_lock:
            client, self._client = self._client, None
            if client is not None:
                _LOOP.run(client.close(), timeout_s=10)

    def open(self) -> None:
        """Connect and make missing indexes; records can be made from then on.

        Raises:
            StorageUnavailableError: The database does not answer.
        """
        self._opened()

    def _opened(self) -> None:
        with self._open_lock:
            if self._client is not None:
                return
            try:
                client = _LOOP.run(self._connect(), timeout_s=CALL_TIMEOUT_S)
                try:
                    with self._build_lock:
                        _LOOP.run(self._prepare(client), timeout_s=600)
                except BaseException:
                    _LOOP.run(client.close(), timeout_s=10)
                    raise
            except PyMongoError as error:
                raise _in_own_words(error) from error
            self._client = client

    async def _connect(self) -> AsyncMongoClient[dict[str, Any]]:
        return AsyncMongoClient(
            self._uri,
            journal=True,
            tz_aware=True,
            serverSelectionTimeoutMS=8_000,
            socketTimeoutMS=50_000,
            appname="dossier",
        )

    async def _prepare(self, client: AsyncMongoClient[dict[str, Any]]) -> None:
        database = client.get_database(self._name, codec_options=CodecOptions(tz_aware=True, tzinfo=UTC))
        await init_beanie(database=database, document_models=list(RECORDS), skip_indexes=True)
        for record in RECORDS:
            await self._build_indexes(database, record)

    async def _build_indexes(self, database: AsyncDatabase[dict[str, Any]], record: type[Record]) -> None:
        """Make the record's missing indexes, dropping first what a crash may have left half-built."""
        settings = record.get_settings()
        wanted = {index.document["name"]: index for index in getattr(record.Settings, "indexes", [])}
        name = settings.name
        assert name is not None
        collection = database[name]
        markers = database[_BUILDING]
        interrupted = await markers.find_one({"_id": name})
        try:
            present = set(await collection.index_information())
        except OperationFailure:
            present = set()
        if interrupted is not None:
            log.warning("indexes of %s were being built when the last run ended; building them again", name)
            for index_name in present - {"_id_"}:
                await collection.drop_index(index_name)
            present = set()
        missing = [index for index_name, index in wanted.items() if index_name not in present]
        if not missing and interrupted is None:
            return
        await markers.update_one({"_id": name}, {"$set": {"at": datetime.now(UTC)}}, upsert=True)
        if missing:
            await collection.create_indexes(missing)
        await markers.delete_one({"_id": name})


_PASSING = (ConnectionFailure, CursorNotFound, ExecutionTimeout, InvalidOperation, ProtocolError, WriteConcernError)
"""What the same call may not meet again: a server that is being restarted, or that was too slow."""


def _in_own_words(error: PyMongoError | BSONError) -> ArchiveError:
    """Return the archive's error for one of the driver's, whose message may quote a stored value."""
    if isinstance(error, CorruptGridFile):
        return IntegrityError("Part of a stored file is missing; restore it from a backup.")
    if isinstance(error, ConnectionFailure):
        return StorageUnavailableError("The database cannot be reached; try again in a moment.")
    return StorageUnavailableError(
        f"The database did not do it ({type(error).__name__}).", transient=isinstance(error, _PASSING)
    )


def backwards(before: datetime, oldest: datetime) -> list[tuple[datetime, datetime]]:
    """Split a past into windows, each longer than the one after it, latest first.

    A list of the latest entries then touches few documents where the server does not push a limit down.

    Returns:
        Pairs of lower bound (inclusive) and upper bound (exclusive).
    """
    windows, end = [], before
    for days in (1, 7, 60, 730):
        start = end - timedelta(days=days)
        if start <= oldest:
            break
        windows.append((start, end))
        end = start
    windows.append((oldest, end))
    return windows


def _place(after: str) -> tuple[datetime, str]:
    time, _, record_id = after.partition("|")
    try:
        return datetime.fromisoformat(time).astimezone(UTC), record_id
    except (ValueError, OverflowError) as error:
        raise InvalidInputError("after", "This is no place in the list; begin it anew.") from error


async def latest(
    record: type[RecordT],
    query: Mapping[str, Any],
    key: str,
    *,
    since: datetime,
    until: datetime,
    after: str | None,
    limit: int,
) -> Page[RecordT]:
    """Return the latest records that match, latest first.

    Args:
        query: Equality and ``$in`` conditions; the bound on ``key`` is added.
        key: The time to order by; ties are ordered by id.
        since: Only records from this time on.
        until: Only records before this time.
        after: The ``next`` of the page before.
        limit: Most records of the page.

    Raises:
        InvalidInputError: ``after`` is none.
    """
    place: tuple[datetime, str] | None = None
    if after is not None:
        place = _place(after)
        until = min(until, place[0] + timedelta(milliseconds=1))
    # Times and ids first: a window may hold many records, of which only the page's are worth their whole content.
    collection, found = record.get_pymongo_collection(), list[tuple[datetime, str]]()
    for start, end in backwards(until, since):
        window = collection.find({**query, key: {"$gte": start, "$lt": end}}, {key: 1})
        places = [(document[key], str(document["_id"])) async for document in window]
        found += sorted((each for each in places if place is None or each < place), reverse=True)
        if len(found) > limit:
            break
    shown = [record_id for _, record_id in found[:limit]]
    records = {str(item.id): item async for item in record.find({"_id": {"$in": shown}})}
    items = tuple(records[record_id] for record_id in shown if record_id in records)
    if len(found) <= limit or not shown:
        return Page(items)
    time, record_id = found[limit - 1]
    return Page(items, f"{time.isoformat()}|{record_id}")
