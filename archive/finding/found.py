"""What is asked of a search, and what it answers. Pure: no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from archive.dossier import Dossier
from archive.dossier_type import DossierType
from archive.values import BoxTuple


@dataclass(frozen=True, slots=True)
class LookupQuery:
    """What a user asks for.

    Attributes:
        filters: Facet (type, unit, tag, state, year) to chosen values.
        sort: relevance, changed_at, created_at, title, code or year.
        created_since: Only dossiers created at this moment or later.
        changed_since: Only dossiers changed at this moment or later.
        among: Only dossiers with these ids; None for all.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    descending: bool = True
    limit: int = 20
    offset: int = 0
    created_since: datetime | None = None
    changed_since: datetime | None = None
    among: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class FacetBucket:
    """One value to narrow the result by."""

    value: str
    label_zh: str
    label_en: str
    count: int
    chosen: bool

    def label(self, locale: str) -> str:
        """Return the label in the language of ``locale``."""
        return self.label_zh if locale.startswith("zh") else self.label_en


@dataclass(frozen=True, slots=True)
class FoundSnippet:
    """Text of the dossier that matches; ``spans`` are character offsets into ``text``.

    Attributes:
        kind: How a field's values are checked, as in ``FieldSpec``; "text" for other parts.
    """

    key: str
    label_zh: str
    label_en: str
    text: str
    spans: tuple[tuple[int, int], ...]
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A scanned page that matches, with the boxes to draw on it, in pixels of the page as received."""

    scan_id: str
    number: int
    boxes: tuple[BoxTuple, ...]


@dataclass(frozen=True, slots=True)
class DossierSummary:
    """A dossier as a line of a list.

    Attributes:
        dossier: The dossier, sensitive values masked.
        summary: The most telling fields: label zh, label en, text.
    """

    dossier: Dossier
    type: DossierType
    summary: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class FoundDossier:
    """One hit."""

    summary: DossierSummary
    score: float
    snippets: tuple[FoundSnippet, ...]
    pages: tuple[FoundPage, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer.

    Attributes:
        vanished: Hits that the database no longer has; the index follows in a moment.
        degraded: The index does not answer: only exact codes, names and numbers were looked up.
        did_you_mean: Where nothing matches, the nearest spelling that finds something for this actor.
    """

    query: LookupQuery
    total: int
    hits: tuple[FoundDossier, ...]
    facets: dict[str, tuple[FacetBucket, ...]]
    took_ms: float
    vanished: int = 0
    degraded: bool = False
    did_you_mean: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """What matches, in brief, for whoever asks very often.

    Attributes:
        exact: Whether its title, its code or one of its values is the whole text, however it is grouped or written.
        keys: Parts that match, as in ``FoundSnippet.key``.
    """

    dossier_id: str
    exact: bool
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """The brief answer; ``degraded`` as in ``Found``."""

    total: int
    matches: tuple[Match, ...]
    degraded: bool = False
