"""The embedded engine: Tantivy on a directory.

    index_dir/
        current.json         which generation is the index, and its schema version; replaced by a rename
        write.lock           held by the process that writes
        rebuild.lock         held by the process that rebuilds
        <generation>/        one Tantivy index, and in learnt.json what was found when it was filled

Readers take no lock. Before each search they look whether ``current.json`` or the generation's ``meta.json`` is a new
file, and open that. Tantivy replaces ``meta.json`` in one step when it commits, so whatever is killed whenever leaves
the last commit. File locks belong to the process and end with it.
"""

import json
import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import Any

import tantivy
from filelock import FileLock, Timeout

from search.embedded.documents import DIGEST_SEPARATOR, build_schema, document_of
from search.embedded.facets import FacetBook
from search.embedded.filling import Learnt, fill_index, read_learnt
from search.embedded.reader import TantivyReader, stored_entry
from search.embedded.run_dictionary import RunDictionary
from search.embedded.turnstile import Turnstile, readers_at_once
from search.engine import SCHEMA_VERSION
from search.entry import IndexEntry
from search.errors import IndexUnavailableError, SchemaMismatchError
from search.likeness import weighted_features
from search.query import Scope, SearchQuery
from search.result import ResultPage, Suggestion
from search.spelling import nearest_spelling
from search.suggesting import suggest

_BATCH = 500
_WRITER_BYTES = 32_000_000
_MOST_SEGMENTS = 12
"""Segments above which a writer lingers to merge them; each costs every search a little."""


_SMALL = 10_000
"""Dossiers below which searches are quick, whatever is known of them."""

_OUTGROWN = 4
"""Times as many dossiers as an index was filled with make it outgrown: rebuilding costs little of what filling it did."""


@dataclass(frozen=True, slots=True)
class _Generation:
    """An opened generation as of one commit, and the file by which a newer one is noticed."""

    name: str
    index: tantivy.Index
    schema: tantivy.Schema
    meta_stamp: tuple[int, int]
    learnt: Learnt
    runs: RunDictionary


class TantivyEngine:
    """``SearchEngine`` on a directory that any number of processes share. See the module."""

    def __init__(self, index_dir: Path, *, timeout_s: float = 60.0) -> None:
        """Take note of the directory.

        Args:
            index_dir: Where the index lives; made at the first write.
            timeout_s: Seconds to wait for another process that writes.
        """
        self._dir = index_dir
        self._timeout_s = timeout_s
        self._opened: _Generation | None = None
        self._pointer_stamp: tuple[int, int] | None = None
        self._opening = threading.Lock()
        self._facet_book = FacetBook()
        self._turnstile = Turnstile(readers_at_once())

    # Asking

    def search(self, query: SearchQuery) -> ResultPage:
        """Answer a query; see ``SearchEngine.search``."""
        started = time.perf_counter()
        reader = self._reader(query)
        if reader is None:
            return ResultPage(query, 0, (), dict.fromkeys(query.facets, ()), _ms_since(started))
        with self._turnstile, _reading():
            parsed = reader.parse(query.text)
            total, hits, facets = reader.search(parsed)
            better = None if total or not parsed.wanted else nearest_spelling(reader, query.text, parsed, query.scope)
        return ResultPage(query, total, hits, facets, _ms_since(started), better)

    def matching_ids(self, query: SearchQuery) -> Iterator[str]:
        """Run through the ids of all hits; see ``SearchEngine.matching_ids``."""
        reader = self._reader(query)
        if reader is None:
            return iter(())
        with _reading():
            return reader.ids(reader.parse(query.text))

    def suggest(self, text: str, scope: Scope, *, limit: int = 8) -> tuple[Suggestion, ...]:
        """Tell what a beginning may become; see ``SearchEngine.suggest``."""
        reader = self._reader(SearchQuery(text, scope, facets=("tag",)))
        if reader is None:
            return ()
        with self._turnstile, _reading():
            return suggest(reader, text, scope, limit)

    def similar(self, dossier_id: str, scope: Scope, *, limit: int = 10) -> ResultPage:
        """Find dossiers that share much with one; see ``SearchEngine.similar``."""
        started = time.perf_counter()
        query = SearchQuery("", Scope(scope.units, may_reveal=False), facets=(), limit=limit)
        reader = self._reader(query)
        entry = None if reader is None else reader.entry_of(dossier_id)
        if reader is None or entry is None or not limit:
            return ResultPage(query, 0, (), {}, _ms_since(started))
        with self._turnstile, _reading():
            weighted = weighted_features(reader, entry)
            hits = reader.alike(dossier_id, weighted) if weighted else ()
        return ResultPage(query, len(hits), hits, {}, _ms_since(started))

    def _reader(self, query: SearchQuery) -> TantivyReader | None:
        """Look at the last commit; None where there is no index yet."""
        generation = self._current()
        if generation is None:
            return None
        return TantivyReader(
            generation.schema, generation.index.searcher(), query, book=self._facet_book, runs=generation.runs
        )

    def digests(self, ids: Sequence[str]) -> dict[str, str]:
        """Tell digests by id; see ``SearchEngine.digests``."""
        generation = self._current()
        if generation is None:
            return {}
        searcher = generation.index.searcher()
        every = tantivy.Query.all_query()
        found = (
            searcher.terms_with_prefix("id_and_digest", wanted + DIGEST_SEPARATOR, every)
            for wanted in dict.fromkeys(ids)
        )
        return dict(_split(term) for terms in found for term, count in terms if count)

    def all_digests(self) -> Iterator[tuple[str, str]]:
        """Run through all dossiers; see ``SearchEngine.all_digests``."""
        generation = self._current()
        if generation is None:
            return
        terms = generation.index.searcher().terms_with_prefix("id_and_digest", "", tantivy.Query.all_query())
        yield from (_split(term) for term, count in terms if count)

    def is_ready(self) -> bool:
        """Tell whether the index exists and can be read; see ``SearchEngine.is_ready``."""
        try:
            return self._current() is not None
        except (SchemaMismatchError, IndexUnavailableError):
            return False

    def is_outgrown(self) -> bool:
        """Tell whether a rebuild would make searches quicker; see ``SearchEngine.is_outgrown``."""
        generation = self._current()
        if generation is None:
            return False
        dossiers: int = generation.index.searcher().num_docs
        return dossiers >= max(_SMALL, _OUTGROWN * generation.learnt.dossiers)

    def version(self) -> str:
        """Name the engine and its version."""
        return f"tantivy {metadata.version('tantivy')}"

    def close(self) -> None:
        """Let go of the opened index."""
        with self._opening:
            self._opened = self._pointer_stamp = None

    # Writing

    def put(self, entries: Iterable[IndexEntry]) -> None:
        """Add or replace entries; see ``SearchEngine.put``."""
        remaining = iter(entries)
        while batch := list(islice(remaining, _BATCH)):
            with self._writing() as generation:
                self._write(generation, {entry.id: document_of(entry, generation.learnt.common) for entry in batch})

    def remove(self, ids: Iterable[str]) -> None:
        """Take dossiers out; see ``SearchEngine.remove``."""
        gone = dict.fromkeys(ids)
        if gone:
            with self._writing() as generation:
                self._write(generation, dict.fromkeys(gone))

    def rebuild(self, entries: Iterable[IndexEntry]) -> int:
        """Build a new generation and point to it; see ``SearchEngine.rebuild``.

        What is put or removed meanwhile goes to the present generation. At the end, while nobody may write, the
        dossiers whose digests there changed since the start are carried over.
        """
        self._dir.mkdir(parents=True, exist_ok=True)
        with self._locked("rebuild.lock"):
            before = dict(self.all_digests()) if self.is_ready() else {}
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
            count = fill_index(self._dir / name, entries)
            fresh = self._open(name)
            with self._locked("write.lock"):
                if self.is_ready():
                    self._carry_over(before, fresh)
                self._point_to(name)
            self._drop_all_but(name)
        return count

    def _carry_over(self, before: dict[str, str], fresh: _Generation) -> None:
        after = dict(self.all_digests())
        changed = [id_ for id_, digest in after.items() if before.get(id_) != digest]
        gone = [id_ for id_ in before if id_ not in after]
        live = self._current()
        if live is None:
            return
        searcher = live.index.searcher()
        for start in range(0, len(changed), _BATCH):
            query = tantivy.Query.term_set_query(live.schema, "id", changed[start : start + _BATCH])
            found = (stored_entry(searcher, address) for _, address in searcher.search(query, _BATCH, count=False).hits)
            self._write(fresh, {entry.id: document_of(entry, fresh.learnt.common) for entry in found})
        if gone:
            self._write(fresh, dict.fromkeys(gone))

    def _write(self, generation: _Generation, documents: dict[str, Any]) -> None:
        """Replace these documents in one commit; None only removes."""
        try:
            writer = generation.index.writer(_WRITER_BYTES, 1)
            for id_, document in documents.items():
                writer.delete_documents_by_term("id", id_)
                if document is not None:
                    writer.add_document(document)
            writer.commit()
            writer.wait_merging_threads()
            del writer
            generation.index.reload()
            if generation.index.searcher().num_segments > _MOST_SEGMENTS:
                # A merge that lost one of its segments to this very commit was given up: ask for another.
                writer = generation.index.writer(_WRITER_BYTES, 1)
                writer.commit()
                writer.wait_merging_threads()
        except (OSError, ValueError) as error:
            raise IndexUnavailableError("the index could not be written") from error

    # Files

    @contextmanager
    def _writing(self) -> Iterator[_Generation]:
        """Hold the write lock, on the present generation or a first, empty one."""
        self._dir.mkdir(parents=True, exist_ok=True)
        with self._locked("write.lock"):
            generation = self._current()
            if generation is None:
                self._create("first")
                self._point_to("first")
                generation = self._current()
            if generation is None:
                raise IndexUnavailableError("the index directory disappears while it is written")
            yield generation

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        try:
            with FileLock(self._dir / name, timeout=self._timeout_s):
                yield
        except Timeout as error:
            raise IndexUnavailableError(f"another process has held {name} for {self._timeout_s:g} s") from error

    def _current(self) -> _Generation | None:
        """Give the present generation as of its last commit; None where there is no index yet.

        Raises:
            SchemaMismatchError: It was written by another version of this package.
            IndexUnavailableError: It cannot be opened.
        """
        with self._opening:
            # A rebuild may replace the generation between reading the pointer and opening it: then look again.
            for attempt in range(5):
                try:
                    return self._open_current()
                except (OSError, ValueError) as error:
                    self._opened = self._pointer_stamp = None
                    if attempt == 4:
                        raise IndexUnavailableError("the index directory cannot be read") from error
                    time.sleep(0.02)
        return None

    def _open_current(self) -> _Generation | None:
        pointer = self._dir / "current.json"
        try:
            stamp = _stamp(pointer)
        except FileNotFoundError:
            self._opened = None
            return None
        if self._opened is None or stamp != self._pointer_stamp:
            version, name = _read_pointer(pointer)
            if version != SCHEMA_VERSION:
                self._opened = None
                raise SchemaMismatchError(version, SCHEMA_VERSION)
            self._opened = self._open(name)
            self._pointer_stamp = stamp
        meta_stamp = _stamp(self._dir / self._opened.name / "meta.json")
        if meta_stamp != self._opened.meta_stamp:
            self._opened.index.reload()
            runs = RunDictionary(self._opened.index.searcher(), self._opened.learnt.common)
            self._opened = replace(self._opened, meta_stamp=meta_stamp, runs=runs)
        return self._opened

    def _open(self, name: str) -> _Generation:
        path = self._dir / name
        stamp = _stamp(path / "meta.json")
        index = tantivy.Index.open(str(path))
        index.config_reader("manual")
        index.reload()
        learnt = read_learnt(path)
        return _Generation(name, index, index.schema, stamp, learnt, RunDictionary(index.searcher(), learnt.common))

    def _create(self, name: str) -> None:
        path = self._dir / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        tantivy.Index(build_schema(), str(path))

    def _point_to(self, name: str) -> None:
        written = self._dir / "current.json.new"
        with written.open("w", encoding="utf-8") as file:
            json.dump({"schema": SCHEMA_VERSION, "generation": name}, file)
            file.flush()
            os.fsync(file.fileno())
        written.replace(self._dir / "current.json")
        directory = os.open(self._dir, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def _drop_all_but(self, name: str) -> None:
        """Delete former generations and what a killed rebuild left. Open readers keep the files they have open."""
        for path in self._dir.iterdir():
            if path.is_dir() and path.name != name:
                shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise IndexUnavailableError("the index could not be read") from error


def _split(term: str) -> tuple[str, str]:
    id_, _, digest = term.rpartition(DIGEST_SEPARATOR)
    return id_, digest


def _read_pointer(path: Path) -> tuple[int, str]:
    """Read schema version and generation; raises ValueError where the file holds anything else."""
    match json.loads(path.read_text("utf-8")):
        case {"schema": int(version), "generation": str(name)}:
            return version, name
    raise ValueError("no index is named")


def _stamp(path: Path) -> tuple[int, int]:
    """Tell one version of a file that is replaced by renames from the next."""
    status = path.stat()
    return status.st_mtime_ns, status.st_ino


def _ms_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
