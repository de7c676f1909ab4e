"""Fills a fresh index with many entries: in several processes, each of which writes a part of its own.

What is common in an index is learnt from the first entries (see ``common_runs``) and kept beside it, since all that is put
into it later must be read in the same way. An index that has grown to several times what it held then is *outgrown*.

An entry takes some time to be analysed and some to be written, all of which can be done side by side. Each process writes
an index of its own; what such an index consists of, the files of its segments and a list of them, is then moved into one
place and listed together. An id goes to the same part each time, so that of two entries with one id the later one stays.
"""

import json
import os
import shutil
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

import tantivy

from search.common_runs import NOTHING_COMMON, CommonRuns
from search.embedded.answering import AnsweringProcesses, usual_processes
from search.embedded.documents import build_schema, document_of
from search.entry import IndexEntry
from search.errors import IndexUnavailableError
from search.folding import fold

_FEW = 2000
"""Entries that are written in this process, as fast as others could be started."""

_LEARNT = "learnt.json"
_BATCH = 200
_MOST_WAITING = 3
"""Batches of each part that are on their way at once; they bound the memory."""

_LONGEST_STEP_S = 3600.0
_BYTES = 512_000_000
"""Memory of all writers together."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was found when an index was filled.

    Attributes:
        common: What is common in it.
        dossiers: How many it was filled with; 0 where it began empty.
    """

    common: CommonRuns = NOTHING_COMMON
    dossiers: int = 0


class IndexPart:
    """An index that is being written from nothing."""

    def __init__(self, path: Path, memory_bytes: int) -> None:
        """Make it; what is there already goes.

        Args:
            path: Its directory.
            memory_bytes: How much is held before it is written out.
        """
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        self._writer = tantivy.Index(build_schema(), str(path)).writer(memory_bytes, 1)
        self._common: CommonRuns | None = None
        self._seen: set[int] = set()
        self._count = 0

    def begin(self, common: CommonRuns) -> None:
        """Take note of what is common in the whole index, before anything is added."""
        self._common = common

    def add(self, entries: Iterable[IndexEntry], *, after: int) -> int:
        """Write entries, and give how many there were so far.

        Args:
            entries: Those to write.
            after: How many must have been written before.

        Raises:
            IndexUnavailableError: There were others: the process that wrote them has died.
        """
        if self._common is None or after != self._count:
            raise IndexUnavailableError("a process that writes the index ended")
        for entry in entries:
            # Each deletion is looked up in every segment. Where two hashes agree, one is made for nothing.
            if (hashed := hash(entry.id)) in self._seen:
                self._writer.delete_documents_by_term("id", entry.id)
            self._seen.add(hashed)
            self._writer.add_document(document_of(entry, self._common))
            self._count += 1
        return self._count

    def finish(self, *, after: int) -> None:
        """Make everything durable; raises like ``add``."""
        self.add((), after=after)
        self._writer.commit()
        self._writer.wait_merging_threads()


def fill_index(path: Path, entries: Iterable[IndexEntry]) -> int:
    """Make an index of these entries, and give how many there were.

    Args:
        path: Its directory; what is there already goes.
        entries: Of two with one id the later one stays.

    Raises:
        IndexUnavailableError: A process that writes ended, or took too long.
    """
    remaining = iter(entries)
    first = list(islice(remaining, _FEW))
    processes = usual_processes()
    if len(first) < _FEW or processes == 1:
        common = CommonRuns.learnt_from(map(_texts_of, first)) if len(first) == _FEW else NOTHING_COMMON
        part = IndexPart(path, _BYTES)
        part.begin(common)
        count = part.add(chain(first, remaining), after=0)
        part.finish(after=count)
    else:
        parts = [path / f"part-{number}" for number in range(processes)]
        count, common = _fill_parts(parts, first, remaining)
        _join(parts, path)
    _write_durably(path / _LEARNT, {"common": common.triples, "dossiers": count})
    return count


def read_learnt(path: Path) -> Learnt:
    """Read what was found when an index was filled; nothing in one that was not.

    Args:
        path: The index's directory.

    Raises:
        ValueError: The file holds anything else.
    """
    try:
        found = json.loads((path / _LEARNT).read_text("utf-8"))
    except FileNotFoundError:
        return Learnt()
    match found:
        case {"common": [*triples], "dossiers": int(dossiers)} if all(isinstance(each, str) for each in triples):
            return Learnt(CommonRuns(triples), dossiers)
    raise ValueError("what was learnt is damaged")


def _texts_of(entry: IndexEntry) -> list[str]:
    """Give a dossier's folded texts, of which one may hold what many others hold too."""
    texts = (*(value.text for value in entry.values), *entry.notes, *(page.text for page in entry.pages))
    return [fold(entry.title), *map(fold, texts)]


def _fill_parts(
    paths: Sequence[Path], first: Sequence[IndexEntry], remaining: Iterable[IndexEntry]
) -> tuple[int, CommonRuns]:
    with ExitStack() as stack:
        parts = [stack.enter_context(closing(_RemotePart(path, _BYTES // len(paths)))) for path in paths]
        # The processes load meanwhile.
        common = CommonRuns.learnt_from(map(_texts_of, first))
        for part in parts:
            part.begin(common)
        for entry in chain(first, remaining):
            parts[hash(entry.id) % len(parts)].add(entry)
        for part in parts:
            part.finish()
        return sum(part.wait() for part in parts), common


class _RemotePart:
    """An ``IndexPart`` in a process of its own, to which entries are sent in batches."""

    def __init__(self, path: Path, memory_bytes: int) -> None:
        self._process = AnsweringProcesses(partial(IndexPart, path, memory_bytes), 1, timeout_s=_LONGEST_STEP_S)
        # One thread sends, so that batches arrive in their order.
        self._sender = ThreadPoolExecutor(1)
        self._batch: list[IndexEntry] = []
        self._waiting: deque[Future[Any]] = deque()
        self._count = 0

    def begin(self, common: CommonRuns) -> None:
        self._waiting.append(self._sender.submit(self._process.ask, "begin", common))

    def add(self, entry: IndexEntry) -> None:
        self._batch.append(entry)
        if len(self._batch) == _BATCH:
            self._send()

    def finish(self) -> None:
        """Send the rest, and have everything made durable."""
        self._send()
        self._waiting.append(self._sender.submit(self._process.ask, "finish", after=self._count))

    def wait(self) -> int:
        """Wait until everything is done, and give how many entries there were."""
        while self._waiting:
            self._waiting.popleft().result()
        return self._count

    def close(self) -> None:
        self._sender.shutdown(cancel_futures=True)
        self._process.close()

    def _send(self) -> None:
        while len(self._waiting) >= _MOST_WAITING:
            self._waiting.popleft().result()
        self._waiting.append(self._sender.submit(self._process.ask, "add", self._batch, after=self._count))
        self._count += len(self._batch)
        self._batch = []


def _join(parts: Sequence[Path], path: Path) -> None:
    """Move the segments of several indexes of one schema into one, and list them there.

    Source: the library's ``meta.json``, which lists the segments of a commit, and ``.managed.json``, which lists the files
    that it may delete once no segment needs them.
    """
    listed = [json.loads((part / "meta.json").read_text("utf-8")) for part in parts]
    managed = [json.loads((part / ".managed.json").read_text("utf-8")) for part in parts]
    for part, files in zip(parts, managed, strict=True):
        for name in files:
            if name != "meta.json" and (part / name).exists():
                (part / name).rename(path / name)
        shutil.rmtree(part)
    together = {
        **listed[0],
        "segments": [segment for meta in listed for segment in meta["segments"]],
        "opstamp": max(meta["opstamp"] for meta in listed),
    }
    _write_durably(path / ".managed.json", sorted({name for files in managed for name in files}))
    _write_durably(path / "meta.json", together)
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _write_durably(path: Path, content: object) -> None:
    with path.open("w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
