"""One look into the embedded index, as one reader sees it: every way of asking."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

import tantivy

from search.clauses import Clause, ParsedText, parse
from search.embedded.facets import FacetBook
from search.embedded.queries import Demands, QueryCompiler
from search.embedded.run_dictionary import RunDictionary
from search.entry import IndexEntry, entry_from_bytes
from search.hits import make_hit
from search.matching import Matcher
from search.query import SearchQuery, Sort
from search.reader import FEW_AS_TYPED, Feature
from search.result import Bucket, Hit

_FEW = 300
_SORT_KEYS = {
    Sort.CHANGED_AT: "changed_us",
    Sort.CREATED_AT: "created_us",
    Sort.TITLE: "title_key",
    Sort.CODE: "code_key",
    Sort.YEAR: "year_number",
}


class TantivyReader:
    """``IndexReader`` on one commit of the embedded index, which stays as it is however the index changes."""

    def __init__(
        self,
        schema: tantivy.Schema,
        searcher: tantivy.Searcher,
        query: SearchQuery,
        *,
        book: FacetBook,
        runs: RunDictionary,
    ) -> None:
        """Take note of the commit and the query, whose text is parsed when it is needed."""
        self._book = book
        self._schema = schema
        self._searcher = searcher
        self._query = query
        self._compiler = QueryCompiler(schema, searcher, runs, may_reveal=query.scope.may_reveal)

    def parse(self, text: str) -> ParsedText:
        """Read a typed text; see ``IndexReader.parse``."""
        return parse(text, self._compiler.is_key, today=self._query.today)

    def search(self, parsed: ParsedText) -> tuple[int, tuple[Hit, ...], dict[str, tuple[Bucket, ...]]]:
        """Count what matches, give the hits in the query's window and the facets."""
        query = self._query
        # Tantivy keeps room for every hit up to the end of the window, and refuses an empty window.
        window = min(query.limit, max(0, self._searcher.num_docs - query.offset))
        ranked = self._order(parsed)[0] is None
        # Hits of equal rank are put in order here, among all where few match; then facets need no second run either.
        offset = query.offset if window else 0
        first, limit = (0, max(offset + window, _FEW)) if ranked else (offset, window)
        wanted = self._compiler.as_typed(parsed)
        found = self._find(wanted, parsed, max(1, limit), first)
        misread = self._misread(parsed, wanted, _count_of(found))
        if misread is not None:
            wanted = misread
            found = self._find(wanted, parsed, max(1, limit), first)
        total = _count_of(found)
        ranking = self._in_order(found) if ranked else found.hits
        matcher = Matcher(parsed.wanted, confusing=misread is not None)
        hits = tuple(
            make_hit(self._entry(address), matcher, query.scope, score if ranked else 0.0)
            if parsed.wanted
            else _plain_hit(self._searcher, address)
            for score, address in ranking[offset - first :][:window]
        )
        if total == len(ranking) and not first and not query.filters:
            addresses = [address for _, address in ranking]
            return total, hits, self._book.count(self._searcher, addresses, query.facets, self._entry)
        return total, hits, self._facets(wanted)

    def ids(self, parsed: ParsedText) -> Iterator[str]:
        """Run through the ids of all hits in the query's order."""
        wanted = self._compiler.as_typed(parsed)
        misread = self._misread(parsed, wanted, self._count(wanted))
        found = self._find(misread or wanted, parsed, max(1, self._searcher.num_docs), 0)
        ranking = self._in_order(found) if self._order(parsed)[0] is None else found.hits
        return (str(self._searcher.doc(address).get_first("id")) for _, address in ranking)

    def _misread(self, parsed: ParsedText, wanted: Demands, total: int) -> Demands | None:
        """Give the demands that find misread pages too, where few dossiers match as typed, whatever the filters."""
        if total >= FEW_AS_TYPED or not parsed.wanted:
            return None
        if self._query.filters and self._count(wanted, filtered=False) >= FEW_AS_TYPED:
            return None
        return self._compiler.misread(parsed)

    def _facets(self, wanted: Demands) -> dict[str, tuple[Bucket, ...]]:
        """Count the query's facets, each without its own filter."""
        query = self._query
        asked = [
            ([facet], self._compiler.within(wanted, query, ignoring=facet))
            for facet in query.facets
            if facet in query.filters
        ]
        if unfiltered := [facet for facet in query.facets if facet not in query.filters]:
            asked.append((unfiltered, self._compiler.within(wanted, query)))
        counts: dict[str, tuple[Bucket, ...]] = {}
        for facets, scoped in asked:
            counts |= self._book.count_all(self._searcher, scoped, facets, self._example)
        return {facet: counts[facet] for facet in query.facets}

    def _example(self, field: str, number: int) -> IndexEntry | None:
        wanted = self._compiler.number_query(field, number)
        found = self._searcher.search(wanted, 1, count=False).hits
        return self._entry(found[0][1]) if found else None

    def entries(self, clauses: Sequence[Clause], limit: int, *, called: bool = False) -> list[IndexEntry]:
        """Give the best entries that meet every clause; see ``IndexReader.entries``."""
        wanted: Demands = [
            (tantivy.Occur.Must, self._compiler.clause_query(clause, called=called)) for clause in clauses
        ]
        found = self._searcher.search(self._within(wanted), limit, count=False)
        return [self._entry(address) for _, address in found.hits]

    def total(self, parsed: ParsedText) -> int:
        """Count what a text finds; see ``IndexReader.total``."""
        return self._count(self._compiler.as_typed(parsed))

    def totals_of(self, features: Sequence[Feature]) -> list[int]:
        """Count the dossiers that have each feature; see ``IndexReader.totals_of``."""
        return [self._count([(tantivy.Occur.Must, self._feature_query(feature))]) for feature in features]

    def tags(self, clauses: Sequence[Clause]) -> list[str]:
        """Give the tags that meet every clause; see ``IndexReader.tags``."""
        bound = ParsedText(tuple(replace(clause, key="tag") for clause in clauses), "")
        return [bucket.value for bucket in self._facets(self._compiler.as_typed(bound))["tag"]]

    def entry_of(self, dossier_id: str) -> IndexEntry | None:
        """Give a dossier's entry, where it is in the reader's scope."""
        itself = tantivy.Query.term_query(self._schema, "id", dossier_id, "basic")
        found = self._searcher.search(self._within([(tantivy.Occur.Must, itself)]), 1, count=False)
        return self._entry(found.hits[0][1]) if found.hits else None

    def alike(self, dossier_id: str, weighted: Sequence[tuple[Feature, float]]) -> tuple[Hit, ...]:
        """Find other dossiers by what they share, those with the heaviest features first."""
        shares = [
            (tantivy.Occur.Should, tantivy.Query.const_score_query(self._feature_query(feature), weight))
            for feature, weight in weighted
        ]
        itself = tantivy.Query.term_query(self._schema, "id", dossier_id, "basic")
        wanted = [(tantivy.Occur.Must, tantivy.Query.boolean_query(shares)), (tantivy.Occur.MustNot, itself)]
        found = self._searcher.search(self._within(wanted), self._query.limit, count=False)
        matcher = Matcher([feature.clause for feature, _ in weighted])
        return tuple(make_hit(self._entry(address), matcher, self._query.scope, score) for score, address in found.hits)

    def _feature_query(self, feature: Feature) -> tantivy.Query:
        if feature.exact:
            return self._compiler.exact_query(feature.exact)
        return self._compiler.clause_query(feature.clause)

    def _find(self, wanted: Demands, parsed: ParsedText, limit: int, offset: int) -> tantivy.SearchResult:
        key, order = self._order(parsed)
        if key is None:
            return self._searcher.search(self._within(wanted), limit, offset=offset)
        return self._searcher.search(self._within(wanted), limit, order_by_field=key, offset=offset, order=order)

    def _in_order(self, found: tantivy.SearchResult) -> list[tuple[Any, tantivy.DocAddress]]:
        """Part hits of equal rank by their last change: their addresses' order is another in every index."""
        hits: list[tuple[Any, tantivy.DocAddress]] = list(found.hits)
        if len({score for score, _ in hits}) == len(hits):
            return hits
        changed = self._searcher.fast_field_values("changed_us", [address for _, address in hits])
        by_change = sorted(zip(changed, hits, strict=True), key=itemgetter(0), reverse=True)
        return sorted((hit for _, hit in by_change), key=itemgetter(0), reverse=True)

    def _order(self, parsed: ParsedText) -> tuple[str | None, tantivy.Order]:
        if self._query.sort is not Sort.RELEVANCE:
            direction = tantivy.Order.Desc if self._query.descending else tantivy.Order.Asc
            return _SORT_KEYS[self._query.sort], direction
        return (None if parsed.clauses else _SORT_KEYS[Sort.CHANGED_AT]), tantivy.Order.Desc

    def _within(self, wanted: Demands) -> tantivy.Query:
        return self._compiler.within(wanted, self._query)

    def _count(self, wanted: Demands, *, filtered: bool = True) -> int:
        query = self._query if filtered else replace(self._query, filters={})
        return _count_of(self._searcher.search(self._compiler.within(wanted, query), 1))

    def _entry(self, address: tantivy.DocAddress) -> IndexEntry:
        return stored_entry(self._searcher, address)


def card_of(entry: IndexEntry) -> bytes:
    """Write what a hit of a list shows, so that nothing else of the entry needs to be read."""
    return json.dumps((entry.id, entry.code, entry.title), ensure_ascii=True).encode("ascii")


def _plain_hit(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> Hit:
    card: Any = searcher.doc(address).get_first("card")
    id_, code, title = json.loads(bytes(card))
    return Hit(id_, code, title, 0.0, (), (), ())


def stored_entry(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> IndexEntry:
    """Read an entry as the index keeps it."""
    stored: Any = searcher.doc(address).get_first("entry")
    return entry_from_bytes(bytes(stored))


def _count_of(found: tantivy.SearchResult) -> int:
    total: int = found.count  # type: ignore[attr-defined]  # missing in the library's stub only
    return total
