"""What the index answers: a page of hits and the counts of the facets."""

from dataclasses import dataclass
from typing import Literal

from search.query import SearchQuery
from search.sendable import Sendable

SuggestionKind = Literal["name", "code", "number", "tag"]
"""What is suggested: a title or a name, a dossier's code (档号) or alias, a number among its values, a tag."""


@dataclass(frozen=True, slots=True)
class Snippet(Sendable):
    """A piece of the dossier's own text with the places that match. Never HTML.

    Attributes:
        key: Which part matched: a value's key, or ``title``, ``code``, ``alias``, ``tag``, ``note``, ``page``.
        label: The value's label; the key itself for the other parts.
        text: Cut from the original text.
        spans: Start and end of each match, in characters of ``text``.
    """

    key: str
    label: str
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class PageHit(Sendable):
    """A page that holds a match.

    Attributes:
        scan: Id of the scan.
        number: Page number, from 1.
    """

    scan: str
    number: int


@dataclass(frozen=True, slots=True)
class Hit(Sendable):
    """One dossier that matches.

    Attributes:
        id: The dossier's id.
        code: 档号.
        title: Its title.
        score: Higher is better; comparable within one result page only.
        snippets: Where it matches, the most telling first.
        pages: Pages that match, those with most of the query first.
        matched_keys: Keys of all parts that match, as in ``Snippet.key``.
    """

    id: str
    code: str
    title: str
    score: float
    snippets: tuple[Snippet, ...]
    pages: tuple[PageHit, ...]
    matched_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bucket(Sendable):
    """One value of a facet and how many dossiers have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The answer to one query.

    Attributes:
        query: The query it answers.
        total: How many dossiers match in all.
        hits: Those in the window that was asked for.
        facets: Counts of each facet that was asked for, the largest first.
        took_ms: Milliseconds it took.
        did_you_mean: Where nothing matches: the text with the nearest spelling that finds something for this reader,
            made of what this reader may see; None where there is none, or where something matches.
    """

    query: SearchQuery
    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[Bucket, ...]]
    took_ms: float
    did_you_mean: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the typed beginning may become.

    Attributes:
        text: To be put in place of what was typed.
        kind: What it is.
        spans: Start and end of each match, in characters of ``text``.
        dossier: Id of the dossier, where it is the only one in the reader's scope that goes by this text.
    """

    text: str
    kind: SuggestionKind
    spans: tuple[tuple[int, int], ...]
    dossier: str | None
