"""The errors of the search package, one family.

    SearchError
        UnknownFacetError           a filter or facet names a key that the index does not keep
        SchemaMismatchError         the stored index was written by another version of this package
        EntryRefusedError           the engine refused an entry for good
        IndexUnavailableError *     the index or its server does not answer, or another process holds it too long
        IndexTimeoutError *         the engine took the work but did not finish it in time

``*`` marks the transient ones: the same call may succeed later. No message holds what was searched or stored.
What people type is never an error: every text is a search.
"""

from typing import Any


class SearchError(Exception):
    """Base of every error that the search package raises on purpose.

    Attributes:
        code: Stable name of the cause; user interfaces translate it, programs branch on it.
        transient: Whether the same call may succeed later.
    """

    code = "search-error"
    transient = False

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes as it is; the usual way would call the class with the message."""
        return _as_it_was, (type(self), self.args, self.__dict__)


def _as_it_was(kind: type[SearchError], args: tuple[Any, ...], facts: dict[str, Any]) -> SearchError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error


class UnknownFacetError(SearchError):
    """A filter or facet names a key that the index does not keep.

    Attributes:
        facet: The name that was given.
    """

    code = "unknown-facet"

    def __init__(self, facet: str) -> None:
        super().__init__(f"There is no facet {facet!r}; see search.FACETS for those that exist.")
        self.facet = facet


class SchemaMismatchError(SearchError):
    """The stored index was written by another version of this package and must be rebuilt.

    Attributes:
        found: Version stored with the index; None where it is missing or unreadable.
        expected: Version that this package reads and writes.
    """

    code = "index-schema-mismatch"

    def __init__(self, found: int | None, expected: int) -> None:
        super().__init__(f"The index has schema version {found}, version {expected} is needed: rebuild the index.")
        self.found = found
        self.expected = expected


class EntryRefusedError(SearchError):
    """The engine refused entries for good; sending the same again will not help.

    Attributes:
        reason: The engine's own code for the refusal.
    """

    code = "index-entry-refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The search engine refused to index the entries ({reason}); look into its log for the cause.")
        self.reason = reason


class IndexUnavailableError(SearchError):
    """The index or its server does not answer, or another process holds it for too long.

    Attributes:
        reason: What was tried and failed, without any content.
    """

    code = "index-unavailable"
    transient = True

    def __init__(self, reason: str) -> None:
        super().__init__(f"The search index is not available: {reason}. Try again; if it lasts, check the engine.")
        self.reason = reason


class IndexTimeoutError(IndexUnavailableError):
    """The engine accepted the work but did not finish it in time.

    Attributes:
        timeout_s: How long was waited, in seconds.
    """

    code = "index-timeout"

    def __init__(self, timeout_s: float) -> None:
        super().__init__(f"it did not finish within {timeout_s:g} s")
        self.timeout_s = timeout_s
