"""What the helps around a query are built upon: one look into an index, as one reader sees it.

Suggestions, corrected spellings and likenesses are the same code for every engine; each engine gives them this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from search.clauses import Clause, ParsedText
from search.entry import IndexEntry

FEW_AS_TYPED = 100
"""Dossiers that match as typed below which those whose pages were misread by the recogniser follow them."""


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that dossiers may share.

    Attributes:
        clause: Its tokens side by side, or its word: where it stands in a text, and how it is looked up.
        exact: The squeezed value, where only a whole value that equals it counts.
    """

    clause: Clause
    exact: str = ""


class IndexReader(Protocol):
    """An index within a reader's scope and filters."""

    def parse(self, text: str) -> ParsedText:
        """Read a typed text; the index tells which names are keys."""

    def entries(self, clauses: Sequence[Clause], limit: int, *, called: bool = False) -> list[IndexEntry]:
        """Give the best entries that meet every clause; ``called``: in what dossiers are called by, or their numbers."""

    def total(self, parsed: ParsedText) -> int:
        """Count what a text finds."""

    def totals_of(self, features: Sequence[Feature]) -> list[int]:
        """Count the dossiers that have each feature."""

    def tags(self, clauses: Sequence[Clause]) -> list[str]:
        """Give the tags of dossiers one of whose tags meets every clause, the frequent first."""
