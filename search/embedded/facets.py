"""Counts facets of a few dossiers without asking the index again: by a number that each value has in a fast field."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import tantivy

from search.entry import IndexEntry
from search.query import FACETS
from search.result import Bucket

CODED_FACETS = FACETS
_SEPARATOR = "\x1f"
_MOST_BUCKETS = 1000
_MANIFOLD = "tag"


def facet_values(entry: IndexEntry) -> dict[str, tuple[str, ...]]:
    """Give the values of each facet that an entry has."""
    return {
        "type": (entry.type,),
        "unit": (entry.unit,),
        "tag": tuple(sorted(set(entry.tags))),
        "state": (entry.state,),
        "year": () if entry.year is None else (str(entry.year),),
    }


@lru_cache(maxsize=4096)
def facet_code(values: tuple[str, ...]) -> int:
    """Give the number that stands for these values together: 63 bits of their hash."""
    written = _SEPARATOR.join((str(len(values)), *values)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(written, digest_size=8).digest(), "big") >> 1


def _terms_of(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": _MOST_BUCKETS}}


def _counter(buckets: Sequence[Mapping[str, Any]]) -> Counter[str]:
    return Counter({str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets})


def _ordered(counts: Counter[str]) -> tuple[Bucket, ...]:
    buckets = (Bucket(value, count) for value, count in counts.items())
    return tuple(sorted(buckets, key=lambda bucket: (-bucket.count, bucket.value)))


class FacetBook:
    """What the numbers mean, as far as they were met. They mean the same in every index."""

    def __init__(self) -> None:
        self._values: dict[int, tuple[str, ...]] = {}

    def count(
        self,
        searcher: tantivy.Searcher,
        addresses: Sequence[tantivy.DocAddress],
        facets: Sequence[str],
        read: Callable[[tantivy.DocAddress], IndexEntry],
    ) -> dict[str, tuple[Bucket, ...]]:
        """Count the values of these dossiers; ``read`` gives an entry, for a number that was not met before."""
        counts: dict[str, tuple[Bucket, ...]] = {}
        for facet in facets:
            codes = searcher.fast_field_values(f"{facet}_code", list(addresses)) if addresses else []
            found: Counter[str] = Counter()
            for code, count in Counter(codes).items():
                for value in self._meaning(facet, int(code or 0), codes, addresses, read):
                    found[value] += count
            counts[facet] = _ordered(found)
        return counts

    def count_all(
        self,
        searcher: tantivy.Searcher,
        query: tantivy.Query,
        facets: Sequence[str],
        example: Callable[[str, int], IndexEntry | None],
    ) -> dict[str, tuple[Bucket, ...]]:
        """Count the values of every dossier that a query finds.

        Several tags of a dossier are counted by the number that stands for them together, which takes a third of the
        time that single ones take; where there are too many different sets of them, single ones after all.

        Args:
            searcher: The commit.
            query: What the dossiers meet.
            facets: Those to count.
            example: Gives an entry with this number in this facet, for a number that was not met before.
        """
        wish = {facet: _terms_of(f"{facet}_code" if facet == _MANIFOLD else facet) for facet in facets}
        answer = searcher.aggregate(query, wish)
        if _MANIFOLD in answer and not self._resolve(answer[_MANIFOLD], example):
            answer |= searcher.aggregate(query, {_MANIFOLD: _terms_of(_MANIFOLD)})
        return {facet: _ordered(_counter(answer[facet]["buckets"])) for facet in facets}

    def _resolve(self, answer: dict[str, Any], example: Callable[[str, int], IndexEntry | None]) -> bool:
        """Put single values in place of sets of them; False where there are more sets than were counted."""
        if answer["sum_other_doc_count"]:
            return False
        counts: Counter[str] = Counter()
        for bucket in answer["buckets"]:
            code = int(bucket["key"])
            if code not in self._values:
                entry = example(f"{_MANIFOLD}_code", code)
                if entry is None:
                    return False
                self._values[code] = facet_values(entry)[_MANIFOLD]
            for value in self._values[code]:
                counts[value] += int(bucket["doc_count"])
        answer["buckets"] = [{"key": value, "doc_count": count} for value, count in counts.items()]
        return True

    def _meaning(
        self,
        facet: str,
        code: int,
        codes: Sequence[int | float | bool | None],
        addresses: Sequence[tantivy.DocAddress],
        read: Callable[[tantivy.DocAddress], IndexEntry],
    ) -> tuple[str, ...]:
        known = self._values.get(code)
        if known is None:
            known = self._values[code] = facet_values(read(addresses[codes.index(code)]))[facet]
        return known
