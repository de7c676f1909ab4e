"""The engine on a Meilisearch 1.x server.

Two indexes hold each dossier: one everything, for readers who may reveal; one, named ``..._open``, nothing sensitive,
for all others. (Keys of their own would not do: Meilisearch looks up neighbouring words across all attributes, so a
search that is restricted to some of them still tells which words stand side by side in the others.)

The server gets tokens, not prose. Its own segmentation of Chinese by dictionary misses names, which are in no
dictionary; the tokens of ``analysis`` are written so that its tokenizer takes each as one word, and no two kinds of
token can be confused or begin alike:

    letters              a word, with the server's own tolerance of typos
    0x5f20               a Han character
    1138                 the number 138
    2138                 the gram 138
    3<mark>... 4<mark>   a token, a gram that is bound to a key
"""

import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import islice
from typing import Any

import meilisearch
from meilisearch.errors import MeilisearchApiError, MeilisearchError, MeilisearchTimeoutError

from search.analysis import KeyTokens, all_tokens, bound_gram_mark, bound_mark, open_tokens
from search.clauses import Clause, Kind, ParsedText, parse
from search.concealment import Concealment
from search.engine import SCHEMA_VERSION
from search.entry import IndexEntry, entry_digest, entry_from_json, entry_json
from search.errors import EntryRefusedError, IndexTimeoutError, IndexUnavailableError, SchemaMismatchError
from search.folding import HAN, MASK, fold
from search.hits import make_hit
from search.matching import Matcher
from search.pinyin import sort_key
from search.query import SearchQuery, Sort
from search.result import Bucket, Hit, ResultPage
from search.settings import SearchSettings

_Json = dict[str, Any]

_TEXT_KEYS = ("name", "text", "page")
_GRAM_KEYS = ("gram", "page_gram")
_SEARCHABLE = ["name", "pinyin", "gram", "text", "bound", "page", "page_gram"]  # the most telling first
_FACETS = ("type", "unit", "tag", "state", "year")
_SORT_KEYS = {
    Sort.CHANGED_AT: "changed_us",
    Sort.CREATED_AT: "created_us",
    Sort.TITLE: "title_key",
    Sort.CODE: "code_key",
    Sort.YEAR: "year_number",
}
_INDEX_SETTINGS: _Json = {
    "searchableAttributes": _SEARCHABLE,
    "displayedAttributes": ["id", "digest", "entry"],
    "filterableAttributes": ["key", "exact", *_FACETS],
    "sortableAttributes": list(_SORT_KEYS.values()),
    "rankingRules": ["sort", "words", "typo", "attribute", "proximity", "exactness"],
    "typoTolerance": {
        "enabled": True,
        "minWordSizeForTypos": {"oneTypo": 5, "twoTypos": 9},
        "disableOnAttributes": ["pinyin", "gram", "bound", "page_gram"],
        "disableOnNumbers": True,
    },
    "pagination": {"maxTotalHits": 10_000_000},
    "faceting": {"maxValuesPerFacet": 1000},
    "facetSearch": False,
    "proximityPrecision": "byWord",
    "prefixSearch": "indexingTime",
}
_BATCH = 500
_BATCH_BYTES = 20_000_000  # the server takes 100 MB in one request
_MOST_TASKS_AHEAD = 4
_CHUNK_TOKENS = 7_000
"""Tokens in one attribute. The server counts 65,535 positions in each, and up to eight more at every gap."""

_ABANDONED = timedelta(days=1)
_SEARCH_TIMEOUT_S = 10
_FORBIDDEN = 403


class MeilisearchEngine:
    """``SearchEngine`` on a server that any number of machines share. See the module."""

    def __init__(self, settings: SearchSettings) -> None:
        """Take note of the server; nothing is sent yet."""
        self._url = settings.meilisearch_url.rstrip("/")
        self._key = settings.meilisearch_key
        self._timeout_s = settings.timeout_s
        self._prefix = f"{settings.index_name}_v"
        self._all = f"{self._prefix}{SCHEMA_VERSION}"
        self._open = f"{self._all}_open"
        self._local = threading.local()
        self._prepared = False

    # Asking

    def search(self, query: SearchQuery) -> ResultPage:
        """Answer a query; see ``SearchEngine.search``."""
        started = time.perf_counter()
        uid = self._all if query.scope.may_reveal else self._open
        parsed = parse(query.text, lambda name: self._is_key(uid, name))
        sort = query.sort
        descending = query.descending
        if sort is Sort.RELEVANCE and not parsed.clauses:
            sort, descending = Sort.CHANGED_AT, True
        ask: _Json = {"indexUid": uid, "q": _typed(parsed), "matchingStrategy": "all"}
        wish: _Json = {"attributesToRetrieve": ["entry"], "showRankingScore": True}
        if sort is not Sort.RELEVANCE:
            wish["sort"] = [f"{_SORT_KEYS[sort]}:{'desc' if descending else 'asc'}"]
        exact = parsed.whole if sort is Sort.RELEVANCE else ""
        filters = _filters(query)
        unfiltered = [facet for facet in query.facets if facet not in query.filters]
        questions = [{**ask, "filter": filters, "limit": 0, "facets": unfiltered}]
        questions += [
            {**ask, "filter": _filters(query, ignoring=facet), "limit": 0, "facets": [facet]}
            for facet in query.facets
            if facet in query.filters
        ]
        window = {"limit": query.limit, "offset": query.offset}
        if exact:
            first = [*filters, f"exact = {_quoted(exact)}"]
            rest = [*filters, f"exact != {_quoted(exact)}"]
            questions.append({**ask, **wish, "filter": first, **window})
            questions.append({**ask, **wish, "filter": rest, **window})
        else:
            questions.append({**ask, **wish, "filter": filters, **window})
        answers = self._ask(questions)
        if answers is None:
            return ResultPage(query, 0, (), dict.fromkeys(query.facets, ()), _ms_since(started))
        counted = answers[: 1 + len(query.facets) - len(unfiltered)]
        total = counted[0]["estimatedTotalHits"]
        found = answers[len(counted)]["hits"]
        if exact:
            found = [{**hit, "_rankingScore": 1 + hit["_rankingScore"]} for hit in found]
            found += self._after_exact(questions[-1], answers[-2], answers[-1], query)
        matcher = Matcher(parsed)
        hits = tuple(_hit(hit, matcher, query, ranked=sort is Sort.RELEVANCE) for hit in found[: query.limit])
        return ResultPage(query, total, hits, _buckets(counted, query), _ms_since(started))

    def _after_exact(self, question: _Json, exact: _Json, rest: _Json, query: SearchQuery) -> list[_Json]:
        """Give the hits that follow those that equal the text: the window's part that these leave."""
        before = exact["estimatedTotalHits"]
        if before == 0 or query.offset == 0:
            return list(rest["hits"])
        again = self._ask([{**question, "offset": max(0, query.offset - before)}])
        return list(again[0]["hits"]) if again else []

    def _ask(self, questions: list[_Json]) -> list[_Json] | None:
        """Send questions in one request; None where there is no index yet."""
        try:
            with _asking():
                return list(self._client(patient=False).multi_search(questions)["results"])
        except _NoIndexError:
            self._refuse_other_versions()
            return None

    def _is_key(self, uid: str, name: str) -> bool:
        question = {"indexUid": uid, "q": f'"{_encoded_bound(bound_mark(name))}"', "limit": 0}
        answers = self._ask([question])
        return bool(answers and answers[0]["estimatedTotalHits"])

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
        wanted = f"key IN [{', '.join(_quoted(_document_key(id_)) for id_ in ids)}]"
        return self._documents(uid or self._all, {"filter": wanted, "fields": keys, "limit": len(ids)})

    def _documents(self, uid: str, wish: _Json) -> list[_Json]:
        try:
            with _asking():
                found = self._client().index(uid).get_documents(dict(wish))
        except _NoIndexError:
            self._refuse_other_versions()
            return []
        return [dict(document) for document in found.results]

    def is_ready(self) -> bool:
        """Tell whether server and indexes are there; see ``SearchEngine.is_ready``."""
        try:
            for uid in (self._all, self._open):
                with _asking():
                    self._client(patient=False).get_raw_index(uid)
        except (_NoIndexError, IndexUnavailableError):
            return False
        return True

    def version(self) -> str:
        """Name the engine, and its version where the key may know it: a key that is bound to indexes may not."""
        try:
            with _asking():
                answer = self._client(patient=False).get_version()
        except IndexUnavailableError as error:
            if isinstance(error.__cause__, MeilisearchApiError) and error.__cause__.status_code == _FORBIDDEN:
                return "meilisearch"
            raise
        return f"meilisearch {answer['pkgVersion']}"

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
        with _asking():
            client = self._client()
            made = client.get_raw_index(next_all)["createdAt"]
            client.swap_indexes([{"indexes": [self._all, next_all]}, {"indexes": [self._open, next_open]}])
            behind = client.index(self._all).delete_documents(filter='key = ""')
        self._finish([behind.task_uid])
        with _asking():
            now = client.get_raw_index(self._all)["createdAt"]
        if now != made:
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
            for uid, make in ((to_all, _document_of_all), (to_open, _document_of_open)):
                with _asking():
                    added = self._client().index(uid).add_documents([make(entry) for entry in batch])
                tasks.append(added.task_uid)
            count += len(batch)
            self._finish(tasks[:-_MOST_TASKS_AHEAD])
            del tasks[:-_MOST_TASKS_AHEAD]
        self._finish(tasks)
        return count

    def _remove_from(self, uids: Sequence[str], ids: list[str]) -> None:
        for start in range(0, len(ids), _BATCH):
            gone = ", ".join(_quoted(_document_key(id_)) for id_ in ids[start : start + _BATCH])
            for uid in uids:
                with _asking():
                    task = self._client().index(uid).delete_documents(filter=f"key IN [{gone}]")
                self._finish([task.task_uid])

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
            with _asking():
                present = self._client().index(uid).get_settings()
        except _NoIndexError:
            with _asking():
                made = self._client().create_index(uid, {"primaryKey": "key"})
            # Another process may have been quicker: then the task fails, and the index is there.
            self._finish([made.task_uid], passing="index_already_exists")
            present = {}
        wanted = {name: value for name, value in _INDEX_SETTINGS.items() if not _has(present.get(name), value, name)}
        if wanted:
            with _asking():
                task = self._client().index(uid).update_settings(wanted)
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
        with _asking():
            answer: Any = self._client().get_raw_indexes({"limit": 10_000})
        return list(answer["results"])

    def _drop_indexes(self, unwanted: Callable[[_Json], bool]) -> None:
        for index in self._indexes():
            if unwanted(index):
                with _asking():
                    task = self._client().delete_index(index["uid"])
                self._finish([task.task_uid])

    # The server

    def _client(self, *, patient: bool = True) -> meilisearch.Client:
        """Give this thread's client; the library's keeps the headers of the present request, so no two may share it."""
        name = "patient" if patient else "hasty"
        client: meilisearch.Client | None = getattr(self._local, name, None)
        if client is None:
            timeout_s = max(1, int(self._timeout_s if patient else min(self._timeout_s, _SEARCH_TIMEOUT_S)))
            client = meilisearch.Client(self._url, self._key or None, timeout=timeout_s)
            setattr(self._local, name, client)
        return client

    def _finish(self, tasks: Sequence[int], *, passing: str = "") -> None:
        """Wait until the server has worked off these tasks."""
        client = self._client(patient=True)
        for uid in tasks:
            try:
                with _asking():
                    task = client.wait_for_task(uid, timeout_in_ms=int(self._timeout_s * 1000), interval_in_ms=10)
            except IndexUnavailableError as error:
                if isinstance(error.__cause__, MeilisearchTimeoutError):
                    raise IndexTimeoutError(self._timeout_s) from error
                raise
            if task.status == "failed":
                code = str((task.error or {}).get("code"))
                if code == "index_not_found":
                    # Somebody removed the index under us: make it again at the next try.
                    self._prepared = False
                    raise IndexUnavailableError("the index is gone")
                if code != passing:
                    raise EntryRefusedError(code)
            elif task.status == "canceled":
                raise IndexUnavailableError("the server gave up the task")


class _NoIndexError(Exception):
    """The index is not on the server."""


@contextmanager
def _asking() -> Iterator[None]:
    """Tell the library's errors in the words of this package."""
    try:
        yield
    except MeilisearchApiError as error:
        if error.code == "index_not_found":
            raise _NoIndexError from error
        raise IndexUnavailableError(f"the server answers {error.code or error.status_code}") from error
    except MeilisearchError as error:
        raise IndexUnavailableError("the server does not answer") from error


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


# Documents


def _document_of_all(entry: IndexEntry) -> _Json:
    return _document(entry, all_tokens(entry))


def _document_of_open(entry: IndexEntry) -> _Json:
    concealment = Concealment(entry)
    return _document(concealment.stripped(entry), open_tokens(entry, concealment))


def _document(entry: IndexEntry, tokens: KeyTokens) -> _Json:
    written = entry_json(entry)
    return {
        "key": _document_key(entry.id),
        "id": entry.id,
        "digest": entry_digest(written),
        "entry": written,
        "exact": tokens.exact.split(),
        "pinyin": tokens.pinyin,
        **{key: _chunked(getattr(tokens, key).translate(_HAN_ENCODING), "1") for key in _TEXT_KEYS},
        **{key: _chunked(getattr(tokens, key), "2") for key in _GRAM_KEYS},
        "bound": _chunked(_encoded_bound(tokens.bound), ""),
        "type": _facet_value(entry.type),
        "unit": _facet_value(entry.unit),
        "state": _facet_value(entry.state),
        "tag": [_facet_value(tag) for tag in dict.fromkeys(entry.tags)],
        "year": str(entry.year) if entry.year is not None else None,
        "title_key": sort_key(fold(entry.title)),
        "code_key": fold(entry.code),
        "changed_us": int(entry.changed_at.timestamp() * 1_000_000),
        "created_us": int(entry.created_at.timestamp() * 1_000_000),
        "year_number": entry.year or 0,
    }


def _document_key(id_: str) -> str:
    """Give the primary key of a dossier: its id where the server takes that, else a digest of it."""
    # The filter by which documents are fetched and removed does not tell capitals from small letters.
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", id_):
        return id_
    return "_" + blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class _HanEncoding(dict[int, str]):
    """A table for ``str.translate``: Han characters as words of letters and digits, gaps as full stops."""

    def __missing__(self, code_point: int) -> str:
        character = chr(code_point)
        encoded = f"0x{code_point:x}" if _IS_HAN.match(character) else "." if character == MASK else character
        self[code_point] = encoded
        return encoded


_IS_HAN = re.compile(f"[{HAN}]")
_HAN_ENCODING = _HanEncoding()


def _chunked(tokens: str, mark: str) -> _Json:
    """Spread tokens over attributes that are searched as one, with the mark before numbers and grams."""
    marked = [
        mark + token if mark and token[0] != "." and (mark == "2" or token.isdigit()) else token
        for token in tokens.replace(MASK, ".").split()
    ]
    starts = range(0, len(marked), _CHUNK_TOKENS)
    return {str(number): " ".join(marked[start : start + _CHUNK_TOKENS]) for number, start in enumerate(starts)}


def _encoded_bound(tokens: str) -> str:
    """Write bound tokens for the server: their marks begin with digits, so that no word begins like them."""
    return re.sub(r"(?<!\S)[kq](?=\d{10})", lambda mark: "3" if mark[0] == "k" else "4", tokens).translate(
        _HAN_ENCODING
    )


def _facet_value(value: str) -> str:
    """Write a facet's value so that the server's filters, which fold capitals and accents, tell all values apart."""
    if re.fullmatch(r"[a-z0-9 _.:/-]{0,200}", value) and value == value.strip():
        return value
    return "~" + value.encode("utf-8", "surrogatepass").hex()


def _facet_text(value: str) -> str:
    return bytes.fromhex(value[1:]).decode("utf-8", "surrogatepass") if value.startswith("~") else value


# Questions


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _filters(query: SearchQuery, *, ignoring: str | None = None) -> list[str]:
    bounds: list[tuple[str, Iterable[str]]] = [
        (facet, values) for facet, values in query.filters.items() if facet != ignoring
    ]
    if query.scope.units is not None:
        bounds.append(("unit", sorted(query.scope.units)))
    return [f"{facet} IN [{', '.join(_quoted(_facet_value(value)) for value in values)}]" for facet, values in bounds]


def _typed(parsed: ParsedText) -> str:
    """Write the clauses in the server's words: phrases, exclusions, then single words, the unfinished one last."""
    begun = [clause for clause in parsed.wanted if clause.prefix]
    words = [
        clause for clause in parsed.wanted if clause.kind is Kind.WORD and clause.key is None and not clause.prefix
    ]
    others = [clause for clause in parsed.wanted if clause not in begun and clause not in words]
    parts = [f'"{_tokens(clause)}"' for clause in others]
    parts += [f'-"{_tokens(clause)}"' for clause in parsed.unwanted]
    parts += [clause.text for clause in words]
    # What stands last without a space behind it is taken as unfinished.
    return " ".join(parts) + (f" {_tokens(begun[0])}" if begun else " ")


def _tokens(clause: Clause) -> str:
    if clause.key is not None:
        mark = (bound_gram_mark if clause.by_grams else bound_mark)(clause.key)
        return _encoded_bound(" ".join(mark + token for token in clause.tokens))
    if clause.by_grams:
        return " ".join("2" + token for token in clause.tokens)
    marked = ("1" + token if token.isdigit() else token for token in clause.tokens)
    return " ".join(marked).translate(_HAN_ENCODING)


def _hit(found: _Json, matcher: Matcher, query: SearchQuery, *, ranked: bool) -> Hit:
    score = float(found["_rankingScore"]) if ranked else 0.0
    return make_hit(entry_from_json(found["entry"]), matcher, query.scope, score)


def _buckets(answers: list[_Json], query: SearchQuery) -> dict[str, tuple[Bucket, ...]]:
    counts: dict[str, tuple[Bucket, ...]] = {}
    for answer in answers:
        for facet, values in (answer.get("facetDistribution") or {}).items():
            buckets = (Bucket(_facet_text(value), count) for value, count in values.items())
            counts[facet] = tuple(sorted(buckets, key=lambda bucket: (-bucket.count, bucket.value)))
    return {facet: counts.get(facet, ()) for facet in query.facets}


def _ms_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
