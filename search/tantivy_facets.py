"""Counts facets of a few dossiers without asking the index again: by a number that each value has in a fast field."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b

import tantivy

from search.entry import IndexEntry
from search.query import FACETS
from search.result import Bucket

CODED_FACETS = FACETS
_SEPARATOR = "\x1f"


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
            buckets = (Bucket(value, count) for value, count in found.items())
            counts[facet] = tuple(sorted(buckets, key=lambda bucket: (-bucket.count, bucket.value)))
        return counts

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
