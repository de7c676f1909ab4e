"""Tells what a typed beginning may become: names, codes, numbers and tags of dossiers in the reader's scope."""

from collections.abc import Iterator
from dataclasses import dataclass

from search.clauses import Clause, Kind
from search.concealment import Concealment
from search.entry import IndexEntry
from search.folding import MASK, fold, fold_with_offsets, original_span
from search.hits import Part, visible_parts
from search.matching import Matcher, Span, merged
from search.query import Scope
from search.reader import Feature, IndexReader
from search.result import Suggestion, SuggestionKind
from search.tokens import squeeze, tokens_of

_LOOKED_AT = 4
"""Dossiers that are looked at for each suggestion wanted: many may go by one name."""

_LONGEST = 80
"""Characters of a text that is still worth suggesting."""


@dataclass(slots=True)
class _Candidate:
    text: str
    kind: SuggestionKind
    spans: tuple[Span, ...]
    dossiers: set[str]

    @property
    def begins(self) -> bool:
        return bool(self.spans) and self.spans[0][0] == 0

    @property
    def is_all(self) -> bool:
        return self.spans == ((0, len(self.text)),)


def suggest(reader: IndexReader, text: str, scope: Scope, limit: int) -> tuple[Suggestion, ...]:
    """Give what the text may become; see ``SearchEngine.suggest``.

    Args:
        reader: The index within the reader's scope.
        text: As typed so far.
        scope: The reader's rights.
        limit: How many at most.
    """
    clauses = reader.parse(text).wanted
    if not clauses or limit <= 0 or any(clause.key is not None for clause in clauses):
        return ()
    matcher = Matcher(clauses)
    found: dict[tuple[str, str], _Candidate] = {}
    for entry in reader.entries(clauses, limit * _LOOKED_AT, called=True):
        for candidate in _candidates(entry, matcher, scope):
            known = found.setdefault((candidate.kind, squeeze(fold(candidate.text))), candidate)
            known.dossiers.add(entry.id)
    for tag in reader.tags(clauses):
        if spans := _spans_of_all(matcher, Part("tag", "tag", tag)):
            found[("tag", tag)] = _Candidate(tag, "tag", spans, set())
    # Sorting is stable: among equals the engine's order stays.
    best = sorted(found.values(), key=lambda candidate: (not candidate.is_all, not candidate.begins))[:limit]
    return tuple(_suggestions(reader, best))


def _candidates(entry: IndexEntry, matcher: Matcher, scope: Scope) -> Iterator[_Candidate]:
    concealment = None if scope.may_reveal else Concealment(entry)
    for part in visible_parts(entry, concealment):
        kind = _kind_of(part)
        if kind is None or len(part.text) > _LONGEST or MASK in part.text:
            continue
        if spans := _spans_of_all(matcher, part):
            yield _Candidate(part.text, kind, spans, set())


def _kind_of(part: Part) -> SuggestionKind | None:
    if part.kind == "name":
        return "name"
    if part.key in ("code", "alias"):
        return "code"
    return "number" if part.kind in ("code", "number") else None


def _spans_of_all(matcher: Matcher, part: Part) -> tuple[Span, ...]:
    """Give the matches of all clauses in one text; none where one of them is missing."""
    folded, offsets = fold_with_offsets(part.text)
    by_clause = matcher.folded_spans(folded, kind=part.kind)
    if not all(by_clause):
        return ()
    return merged([original_span(offsets, *span) for spans in by_clause for span in spans if span[1] > span[0]])


def _suggestions(reader: IndexReader, best: list[_Candidate]) -> Iterator[Suggestion]:
    """Tell with each text whether one dossier alone goes by it, which those that were looked at do not tell."""
    alone = [candidate for candidate in best if len(candidate.dossiers) == 1]
    totals = dict(zip(map(id, alone), reader.totals_of([_whole(each.text) for each in alone]), strict=True))
    for candidate in best:
        only = next(iter(candidate.dossiers)) if totals.get(id(candidate), 0) == 1 else None
        yield Suggestion(candidate.text, candidate.kind, candidate.spans, only)


def _whole(text: str) -> Feature:
    folded = fold(text)
    return Feature(Clause(Kind.PHRASE, tuple(tokens_of(folded))), exact=squeeze(folded))
