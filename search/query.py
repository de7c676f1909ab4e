"""What is asked of the index: a text, the reader's rights, filters, facets, an order, a window."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from search.errors import UnknownFacetError

FACETS = ("type", "unit", "tag", "state", "year")
"""The facets that every engine keeps, in the order in which they are shown."""


class Sort(StrEnum):
    """By what the hits are ordered."""

    RELEVANCE = "relevance"
    CHANGED_AT = "changed_at"
    CREATED_AT = "created_at"
    TITLE = "title"
    CODE = "code"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Scope:
    """The reader's rights: part of every query, never optional.

    Attributes:
        units: Units whose dossiers the reader may see; None for every unit, empty for none.
        may_reveal: Whether sensitive values are searched and shown in snippets.
    """

    units: frozenset[str] | None
    may_reveal: bool


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """One question to the index.

    Attributes:
        text: What was typed; empty asks for the list of all, the last changed first.
        scope: The reader's rights.
        filters: Facet -> values: one of the values within a facet, every facet that is given.
        facets: Facets to count. A facet's counts ignore its own filter, so that the user sees what else to add.
        sort: The order; relevance of an empty text is ``changed_at``, descending.
        descending: Direction, for every order but relevance.
        limit: How many hits to give.
        offset: How many to skip before them.
        created_since: Only dossiers created at this moment or later; aware. None for all. Inclusive, so that whoever
            asks again from the moment of the last answer sees a dossier twice rather than never.
        changed_since: Only dossiers changed at this moment or later; likewise.
        among: Only dossiers with these ids; None for all.
        today: The day from which 去年 and the like are counted; None for this machine's.

    Raises:
        UnknownFacetError: A filter or facet that is not in ``FACETS``.
        ValueError: A negative limit or offset, or a moment without its time zone.
    """

    text: str
    scope: Scope
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    facets: tuple[str, ...] = FACETS
    sort: Sort = Sort.RELEVANCE
    descending: bool = True
    limit: int = 20
    offset: int = 0
    created_since: datetime | None = None
    changed_since: datetime | None = None
    among: frozenset[str] | None = None
    today: date | None = None

    def __post_init__(self) -> None:
        for facet in (*self.filters, *self.facets):
            if facet not in FACETS:
                raise UnknownFacetError(facet)
        if self.limit < 0 or self.offset < 0:
            raise ValueError("limit and offset must not be negative")
        for moment in (self.created_since, self.changed_since):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("created_since and changed_since must be aware")
        frozen = {facet: tuple(map(_whole_characters, values)) for facet, values in self.filters.items() if values}
        object.__setattr__(self, "filters", MappingProxyType(frozen))

    def __reduce__(self) -> tuple[type["SearchQuery"], tuple[Any, ...]]:
        """Travel between processes, as a read-only view of the filters cannot."""
        facts = {name: getattr(self, name) for name in self.__slots__}
        return SearchQuery, tuple({**facts, "filters": dict(self.filters)}.values())


def _whole_characters(value: str) -> str:
    """Replace halves of characters, which a hand-made request may hold and no engine takes."""
    return value.encode("utf-8", "replace").decode("utf-8")
