"""What every search engine offers, whatever it is built on."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from search.entry import IndexEntry
from search.query import Scope, SearchQuery
from search.result import ResultPage, Suggestion

SCHEMA_VERSION = 7
"""Raised whenever keys, tokens or stored form of the index change; an index of another version must be rebuilt."""


class SearchEngine(Protocol):
    """An index of dossiers. Safe to use from several threads, and from several processes on the same index.

    Every method may raise ``IndexUnavailableError``; all but ``rebuild``, ``is_ready``, ``version`` and ``close`` raise
    ``SchemaMismatchError`` on an index of another schema version.
    """

    def search(self, query: SearchQuery) -> ResultPage:
        """Answer a query. Whatever its text is, it is a search. An index that does not exist yet has no hits."""

    def matching_ids(self, query: SearchQuery) -> Iterator[str]:
        """Give the id of every hit, in the query's order, whatever its window.

        What is asked is the index as it stands now: changes that are made while the ids are consumed neither repeat
        nor skip one.
        """

    def suggest(self, text: str, scope: Scope, *, limit: int = 8) -> tuple[Suggestion, ...]:
        """Tell what a beginning may become: titles, names, codes, numbers and tags that hold all of it.

        Any part of a Chinese name, pinyin and initials, beginnings of words, parts of numbers. What begins with the
        text comes first. An empty text has no suggestions.
        """

    def similar(self, dossier_id: str, scope: Scope, *, limit: int = 10) -> ResultPage:
        """Find the dossiers that share most with one: values, names, tags, words that few dossiers have.

        Sensitive values play no part, whoever asks. The snippets show what is shared, and the total
        counts the hits given. A dossier that is unknown or out of scope is like none.
        """

    def put(self, entries: Iterable[IndexEntry]) -> None:
        """Add entries, or replace those with the same id. Durable and findable when it returns; batched inside.

        An iterable that raises, or a crash, leaves some of the batches in the index, each of them whole.
        """

    def remove(self, ids: Iterable[str]) -> None:
        """Take dossiers out of the index; unknown ids are passed over. Durable when it returns."""

    def rebuild(self, entries: Iterable[IndexEntry]) -> int:
        """Build a new index of these entries beside the present one and put it in its place.

        Searching goes on meanwhile; what is put or removed meanwhile is carried over.

        Args:
            entries: All of them. The first ones may be taken for examples of all, so they should not be the oldest alone.

        Returns: How many entries were read.
        """

    def digests(self, ids: Sequence[str]) -> dict[str, str]:
        """Tell the digests with which these dossiers stand in the index; those that do not are left out."""

    def all_digests(self) -> Iterator[tuple[str, str]]:
        """Run through all dossiers of the index: id and digest, in no order."""

    def is_ready(self) -> bool:
        """Tell whether the index answers, exists and has the right schema; if False, try ``rebuild``."""

    def is_outgrown(self) -> bool:
        """Tell whether the index has grown so far since it was built that a rebuild would make searches quicker."""

    def version(self) -> str:
        """Name the engine and its version."""

    def close(self) -> None:
        """Let go of files and connections."""
