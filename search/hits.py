"""Makes a hit of an entry that an engine found: which parts match, and where."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from search.concealment import Concealment
from search.entry import IndexedPage, IndexEntry, ValueKind
from search.folding import fold, fold_each, fold_with_offsets, original_span
from search.matching import Matcher, Span, merged
from search.names import concept_of
from search.query import Scope
from search.result import Hit, PageHit, Snippet

SNIPPET_WIDTH = 120
"""Characters of a snippet."""

MOST_SNIPPETS = 8
MOST_PAGE_SNIPPETS = 3
_LEAD = 20  # characters shown before the first match
_MOST_WINDOWS = 200


class Part(NamedTuple):
    """A text of an entry other than a page, as a reader sees it.

    Attributes:
        key: As in ``Snippet.key``.
        label: As in ``Snippet.label``.
        text: With ``MASK`` in place of what the reader may not see.
        kind: How it is matched.
        names: Other names of the field.
    """

    key: str
    label: str
    text: str
    kind: ValueKind = "text"
    names: tuple[str, ...] = ()

    @property
    def bound_to(self) -> frozenset[str]:
        """The concepts to which a clause may be bound."""
        return frozenset(map(concept_of, (self.key, self.label, *self.names)))


def make_hit(entry: IndexEntry, matcher: Matcher, scope: Scope, score: float) -> Hit:
    """Tell where an entry matches, with nothing in it that the reader may not see.

    Args:
        entry: As it stands in the index.
        matcher: The query's clauses.
        scope: The reader's rights.
        score: The engine's.
    """
    if not matcher.clauses:
        return Hit(entry.id, entry.code, entry.title, score, (), (), ())
    concealment = None if scope.may_reveal else Concealment(entry)
    snippets: list[Snippet] = []
    keys: dict[str, None] = {}
    parts = visible_parts(entry, concealment)
    for part, folded in zip(parts, fold_each([part.text for part in parts]), strict=True):
        if not matcher.may_stand_in(folded, part.kind):
            continue
        keys_of_part = part.bound_to if matcher.is_bound else frozenset()
        by_clause = matcher.folded_spans(folded, keys_of_part, kind=part.kind)
        spans = [span for found in by_clause for span in found]
        if spans:
            keys[part.key] = None
            snippets.append(_snippet(part.key, part.label, part.text, spans))
    pages = _matching_pages(entry, matcher, concealment)
    if pages:
        keys["page"] = None
    page_snippets = [_snippet("page", "page", text, spans) for _, text, spans in pages[:MOST_PAGE_SNIPPETS]]
    shown = (*snippets[: MOST_SNIPPETS - len(page_snippets)], *page_snippets)
    return Hit(entry.id, entry.code, entry.title, score, shown, tuple(page for page, _, _ in pages), tuple(keys))


def meets(entry: IndexEntry, matcher: Matcher, scope: Scope) -> bool:
    """Tell whether each clause stands somewhere in an entry as it is typed, as far as the reader sees it.

    Args:
        entry: As it stands in the index.
        matcher: The clauses; none of them a stretch of time, nor bound to a facet.
        scope: The reader's rights.
    """
    concealment = None if scope.may_reveal else Concealment(entry)
    parts = visible_parts(entry, concealment)
    met = [
        matcher.folded_spans(folded, part.bound_to if matcher.is_bound else frozenset(), kind=part.kind)
        for part, folded in zip(parts, fold_each([part.text for part in parts]), strict=True)
    ]
    if matcher.reads_pages:
        met += [matcher.page_spans(fold(text)) for _, text in visible_pages(entry, concealment)]
    return all(any(by_clause) for by_clause in zip(*met, strict=True))


def visible_parts(entry: IndexEntry, concealment: Concealment | None) -> list[Part]:
    """Give the texts of an entry other than pages; ``concealment``: the entry's, None for a reader who may reveal."""

    def seen(text: str) -> str:
        return text if concealment is None else concealment.concealed(text)

    return [
        Part("title", "title", entry.title, "name"),
        Part("code", "code", entry.code, "code"),
        *(Part("alias", "alias", alias, "code") for alias in entry.aliases),
        *(
            Part(value.key, value.label, seen(value.text), value.kind, value.names)
            for value in sorted(entry.values, key=lambda value: value.kind == "text")
            if concealment is None or not value.sensitive
        ),
        *(Part("tag", "tag", tag) for tag in entry.tags),
        *(Part("note", "note", seen(note)) for note in entry.notes),
    ]


def visible_pages(entry: IndexEntry, concealment: Concealment | None) -> Iterator[tuple[IndexedPage, str]]:
    """Give the pages of an entry, each with the text that the reader sees; ``concealment``: as for ``visible_parts``."""
    for page in entry.pages:
        yield page, page.text if concealment is None else concealment.concealed(page.text)


def _matching_pages(
    entry: IndexEntry, matcher: Matcher, concealment: Concealment | None
) -> list[tuple[PageHit, str, list[Span]]]:
    """Find the pages that match, those that meet most clauses first."""
    found: list[tuple[int, PageHit, str, list[Span]]] = []
    for page, text in visible_pages(entry, concealment) if matcher.reads_pages else ():
        by_clause = matcher.page_spans(fold(text))
        met = sum(map(bool, by_clause))
        if met:
            found.append((met, PageHit(page.scan, page.number), text, [span for spans in by_clause for span in spans]))
    found.sort(key=lambda page: -page[0])
    return [(page, text, spans) for _, page, text, spans in found]


def _snippet(key: str, label: str, text: str, folded_spans: list[Span]) -> Snippet:
    _, offsets = fold_with_offsets(text)
    spans = merged([original_span(offsets, start, end) for start, end in folded_spans if end > start])
    if len(text) <= SNIPPET_WIDTH:
        return Snippet(key, label, text, spans)
    start, end = _densest_window(text, spans)
    inside = tuple((max(s, start) - start, min(e, end) - start) for s, e in spans if s < end and e > start)
    return Snippet(key, label, text[start:end], inside)


def _densest_window(text: str, spans: tuple[Span, ...]) -> Span:
    """Choose the stretch of the text that holds most matched characters; the spans stand in order and apart."""
    covered = [0, *accumulate(end - start for start, end in spans)]
    starts = [start for start, _ in spans]
    best, most = 0, -1
    for number, first in enumerate(starts[:_MOST_WINDOWS]):
        limit = first + SNIPPET_WIDTH - _LEAD
        after = bisect_left(starts, limit, number)
        weight = covered[after] - covered[number] - max(0, spans[after - 1][1] - limit)
        if weight > most:
            best, most = first, weight
    start = max(0, min(best - _LEAD, len(text) - SNIPPET_WIDTH))
    return start, start + SNIPPET_WIDTH
