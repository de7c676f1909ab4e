"""The engine on a Meilisearch 1.x server.

Two indexes hold each dossier: one everything, for readers who may reveal; one, named ``..._open``, nothing sensitive,
for all others. (Keys of their own would not do: Meilisearch looks up neighbouring words across all attributes, so a
search that is restricted to some of them still tells which words stand side by side in the others.)
"""

import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

import meilisearch

from search.engine import SCHEMA_VERSION
from search.entry import IndexEntry, entry_from_json
from search.errors import IndexUnavailableError, SchemaMismatchError
from search.likeness import weighted_features
from search.meili.documents import INDEX_SETTINGS, document_key, document_of_all, document_of_open, quoted
from search.meili.reader import MeiliReader
from search.meili.server import MeiliServer, NoIndexError
from search.query import Scope, SearchQuery
from search.result import Hit, ResultPage, Suggestion
from search.settings import SearchSettings
from search.spelling import nearest_spelling
from search.suggesting import suggest

_Json = dict[str, Any]

_BATCH = 500
_BATCH_BYTES = 20_000_000  # the server takes 100 MB in one request
_MOST_TASKS_AHEAD = 4
_ABANDONED = timedelta(days=1)


class MeilisearchEngine:
    """``SearchEngine`` on a server that any number of machines share. See the module."""

    def __init__(self, settings: SearchSettings) -> None:
        """Take note of the server; nothing is sent yet."""
        self._server = MeiliServer(
            settings.meilisearch_url, settings.meilisearch_key, settings.index_name, timeout_s=settings.timeout_s
        )
        self._prefix = f"{settings.index_name}_v"
        self._all = f"{self._prefix}{SCHEMA_VERSION}"
        self._open = f"{self._all}_open"
        self._prepared = False

    # Asking

    def search(self, query: SearchQuery) -> ResultPage:
        """Answer a query; see ``SearchEngine.search``."""
        started = time.perf_counter()
        reader = self._reader(query)
        try:
            parsed = reader.parse(query.text)
            total, hits, facets = reader.search(parsed)
            better = None if total or not parsed.wanted else nearest_spelling(reader, query.text, parsed, query.scope)
        except NoIndexError:
            self._refuse_other_versions()
            return ResultPage(query, 0, (), dict.fromkeys(query.facets, ()), _ms_since(started))
        return ResultPage(query, total, hits, facets, _ms_since(started), better)

    def matching_ids(self, query: SearchQuery) -> Iterator[str]:
        """Run through the ids of all hits; see ``SearchEngine.matching_ids``."""
        reader = self._reader(query)
        try:
            return reader.ids(reader.parse(query.text))
        except NoIndexError:
            self._refuse_other_versions()
            return iter(())

    def suggest(self, text: str, scope: Scope, *, limit: int = 8) -> tuple[Suggestion, ...]:
        """Tell what a beginning may become; see ``SearchEngine.suggest``."""
        try:
            return suggest(self._reader(SearchQuery(text, scope, facets=("tag",))), text, scope, limit)
        except NoIndexError:
            self._refuse_other_versions()
            return ()

    def similar(self, dossier_id: str, scope: Scope, *, limit: int = 10) -> ResultPage:
        """Find dossiers that share much with one; see ``SearchEngine.similar``."""
        started = time.perf_counter()
        query = SearchQuery("", Scope(scope.units, may_reveal=False), facets=(), limit=limit)
        reader = self._reader(query)
        hits: tuple[Hit, ...] = ()
        try:
            entry = reader.entry_of(dossier_id) if limit else None
            if entry is not None and (weighted := weighted_features(reader, entry)):
                hits = reader.alike(dossier_id, weighted)
        except NoIndexError:
            self._refuse_other_versions()
        return ResultPage(query, len(hits), hits, {}, _ms_since(started))

    def _reader(self, query: SearchQuery) -> MeiliReader:
        return MeiliReader(self._server, self._all if query.scope.may_reveal else self._open, query)

    def digests(self, ids: Sequence[str]) -> dict[str, str]:
        """Tell digests by id; see ``SearchEngine.digests``."""
        found: dict[str, str] = {}
        remaining = iter(dict.fromkeys(ids))
        while batch := list(islice(remaining, _BATCH)):
            found.update((document["id"], document["digest"]) for document in self._fetch(batch, ["id", "digest"]))
        return found

    def all_digests(self) -> Iterator[tuple[str, str]]:
        """Run through all dossiers; see ``SearchEngine.all_digests``."""
        return self._digests_of(self._all)

    def _digests_of(self, uid: str) -> Iterator[tuple[str, str]]:
        offset = 0
        while True:
            wish: _Json = {"fields": ["id", "digest"], "offset": offset, "limit": 1000}
            documents = self._documents(uid, wish)
            yield from ((document["id"], document["digest"]) for document in documents)
            if len(documents) < wish["limit"]:
                return
            offset += len(documents)

    def _fetch(self, ids: Sequence[str], keys: list[str], uid: str | None = None) -> list[_Json]:
        wanted = f"key IN [{', '.join(quoted(document_key(id_)) for id_ in ids)}]"
        return self._documents(uid or self._all, {"filter": wanted, "fields": keys, "limit": len(ids)})

    def _documents(self, uid: str, wish: _Json) -> list[_Json]:
        try:
            found = self._server.call(lambda client: client.index(uid).get_documents(dict(wish)))
        except NoIndexError:
            self._refuse_other_versions()
            return []
        return [dict(document) for document in found.results]

    def is_ready(self) -> bool:
        """Tell whether server and indexes are there; see ``SearchEngine.is_ready``."""
        try:
            for uid in (self._all, self._open):
                self._server.call(partial(_raw_index, uid=uid), patient=False)
        except (NoIndexError, IndexUnavailableError):
            return False
        return True

    def is_outgrown(self) -> bool:
        """Nothing is learnt when these indexes are built; see ``SearchEngine.is_outgrown``."""
        return False

    def version(self) -> str:
        """Name the engine, and its version where the key may know it."""
        return self._server.version()

    def close(self) -> None:
        """Nothing is held between calls."""

    # Writing

    def put(self, entries: Iterable[IndexEntry]) -> None:
        """Add or replace entries; see ``SearchEngine.put``."""
        self._prepare()
        self._fill(self._all, self._open, entries)

    def remove(self, ids: Iterable[str]) -> None:
        """Take dossiers out; see ``SearchEngine.remove``."""
        self._prepare()
        self._remove_from((self._all, self._open), list(dict.fromkeys(ids)))

    def rebuild(self, entries: Iterable[IndexEntry]) -> int:
        """Fill two new indexes and swap them in; see ``SearchEngine.rebuild``.

        The server works off its tasks in order. So whatever was put or removed before the swap is in the former index
        after it, and the dossiers whose digests changed there since the start are carried over then.
        """
        self._prepare(refusing=False)
        self._drop_indexes(self._is_abandoned)
        before = dict(self._digests_of(self._all))
        suffix = f"_next_{secrets.token_hex(4)}"
        next_all, next_open = self._all + suffix, self._open + suffix
        try:
            self._create(next_all)
            self._create(next_open)
            count = self._fill(next_all, next_open, entries)
            before = self._carry_over(before, self._all, next_all, next_open)
            self._swap(next_all, next_open)
            # From here on the names have changed places.
            self._carry_over(before, next_all, self._all, self._open)
        finally:
            self._drop_indexes(lambda index: index["uid"] in (next_all, next_open))
        self._drop_indexes(lambda index: self._is_former_version(index["uid"]))
        return count

    def _swap(self, next_all: str, next_open: str) -> None:
        """Let the new indexes and the present ones change names, both pairs at once.

        A key that is bound to indexes may swap them but not see the task. So a task behind it is awaited, one that
        removes nothing, and the time at which the index was made tells whether the swap came about.
        """
        pairs: list[Mapping[str, list[str] | bool]] = [
            {"indexes": [self._all, next_all]},
            {"indexes": [self._open, next_open]},
        ]
        made = self._server.call(partial(_raw_index, uid=next_all))["createdAt"]
        self._server.call(lambda client: client.swap_indexes(pairs))
        behind = self._server.call(lambda client: client.index(self._all).delete_documents(filter='key = ""'))
        self._finish([behind.task_uid])
        if self._server.call(partial(_raw_index, uid=self._all))["createdAt"] != made:
            raise IndexUnavailableError("the server did not swap the rebuilt index in")

    def _carry_over(self, before: dict[str, str], source: str, to_all: str, to_open: str) -> dict[str, str]:
        after = dict(self._digests_of(source))
        changed = [id_ for id_, digest in after.items() if before.get(id_) != digest]
        for start in range(0, len(changed), _BATCH):
            documents = self._fetch(changed[start : start + _BATCH], ["entry"], source)
            self._fill(to_all, to_open, [entry_from_json(document["entry"]) for document in documents])
        self._remove_from((to_all, to_open), [id_ for id_ in before if id_ not in after])
        return after

    def _fill(self, to_all: str, to_open: str, entries: Iterable[IndexEntry]) -> int:
        """Send entries in batches; wait for all of them, but not for each before the next."""
        tasks: list[int] = []
        count = 0
        for batch in _batches(entries):
            for uid, make in ((to_all, document_of_all), (to_open, document_of_open)):
                tasks.append(self._server.call(partial(_add, uid=uid, documents=list(map(make, batch)))))
            count += len(batch)
            self._finish(tasks[:-_MOST_TASKS_AHEAD])
            del tasks[:-_MOST_TASKS_AHEAD]
        self._finish(tasks)
        return count

    def _remove_from(self, uids: Sequence[str], ids: list[str]) -> None:
        for start in range(0, len(ids), _BATCH):
            gone = ", ".join(quoted(document_key(id_)) for id_ in ids[start : start + _BATCH])
            for uid in uids:
                self._finish([self._server.call(partial(_delete, uid=uid, keys=gone))])

    def _finish(self, tasks: Sequence[int], *, passing: str = "") -> None:
        try:
            self._server.finish(tasks, passing=passing)
        except NoIndexError as error:
            # Somebody removed the index under us: make it again at the next try.
            self._prepared = False
            raise IndexUnavailableError("the index is gone") from error

    # Indexes

    def _prepare(self, *, refusing: bool = True) -> None:
        """Make the indexes where they are missing, and bring their settings up to date, once a process."""
        if self._prepared:
            return
        if refusing and not self.is_ready():
            self._refuse_other_versions()
        for uid in (self._all, self._open):
            self._create(uid)
        self._prepared = True

    def _create(self, uid: str) -> None:
        try:
            present = self._server.call(lambda client: client.index(uid).get_settings())
        except NoIndexError:
            made = self._server.call(lambda client: client.create_index(uid, {"primaryKey": "key"}))
            # Another process may have been quicker: then the task fails, and the index is there.
            self._finish([made.task_uid], passing="index_already_exists")
            present = {}
        wanted = {name: value for name, value in INDEX_SETTINGS.items() if not _has(present.get(name), value, name)}
        if wanted:
            task = self._server.call(lambda client: client.index(uid).update_settings(wanted))
            self._finish([task.task_uid])

    def _refuse_other_versions(self) -> None:
        """Raise where the server has this index, but of another version only."""
        for index in self._indexes():
            version = re.fullmatch(re.escape(self._prefix) + r"(\d+)", index["uid"])
            if version and int(version[1]) != SCHEMA_VERSION:
                raise SchemaMismatchError(int(version[1]), SCHEMA_VERSION)

    def _is_former_version(self, uid: str) -> bool:
        version = re.match(re.escape(self._prefix) + r"(\d+)(_|$)", uid)
        return version is not None and int(version[1]) < SCHEMA_VERSION

    def _is_abandoned(self, index: _Json) -> bool:
        """Tell whether a rebuild that was killed left this index."""
        if not index["uid"].startswith((f"{self._all}_next_", f"{self._open}_next_")):
            return False
        return datetime.now(UTC) - datetime.fromisoformat(index["updatedAt"]) > _ABANDONED

    def _indexes(self) -> list[_Json]:
        answer: Any = self._server.call(lambda client: client.get_raw_indexes({"limit": 10_000}))
        return list(answer["results"])

    def _drop_indexes(self, unwanted: Callable[[_Json], bool]) -> None:
        for index in self._indexes():
            if unwanted(index):
                self._finish([self._server.call(partial(_drop, uid=index["uid"]))])


def _raw_index(client: meilisearch.Client, *, uid: str) -> Any:
    return client.get_raw_index(uid)


def _add(client: meilisearch.Client, *, uid: str, documents: list[_Json]) -> int:
    return client.index(uid).add_documents(documents).task_uid


def _delete(client: meilisearch.Client, *, uid: str, keys: str) -> int:
    return client.index(uid).delete_documents(filter=f"key IN [{keys}]").task_uid


def _drop(client: meilisearch.Client, *, uid: str) -> int:
    return client.delete_index(uid).task_uid


_ORDERED = {"searchableAttributes", "rankingRules"}


def _has(present: Any, wanted: Any, name: str) -> bool:
    """Tell whether a setting has the wanted value; what the server adds does not matter, nor the order of a set."""
    if isinstance(wanted, dict):
        return isinstance(present, dict) and all(_has(present.get(part), value, part) for part, value in wanted.items())
    if isinstance(wanted, list) and name not in _ORDERED:
        return isinstance(present, list) and sorted(map(str, present)) == sorted(wanted)
    return bool(present == wanted)


def _batches(entries: Iterable[IndexEntry]) -> Iterator[list[IndexEntry]]:
    batch: list[IndexEntry] = []
    size = 0
    for entry in entries:
        batch.append(entry)
        # Three bytes of text, the tokens of each page in two forms: about twenty bytes a character.
        size += 20 * sum(len(page.text) for page in entry.pages)
        if len(batch) >= _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _ms_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
