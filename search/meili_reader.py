"""One look into the indexes on a Meilisearch server, as one reader sees them: every way of asking."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from search.analysis import bound_gram_mark, bound_mark
from search.clauses import Clause, Kind, ParsedText, parse
from search.entry import IndexEntry, entry_from_json, microseconds
from search.hits import make_hit
from search.matching import Matcher
from search.meili_documents import (
    MOST_HITS,
    SORT_KEYS,
    document_key,
    encoded,
    encoded_bound,
    facet_text,
    facet_value,
    quoted,
)
from search.meili_server import MeiliServer
from search.query import SearchQuery, Sort
from search.reader import Feature
from search.result import Bucket, Hit

_Json = dict[str, Any]
_CALLED_KEYS = ["name.*", "pinyin", "gram.*"]
_MOST_ALIKE = 1000
"""Dossiers that are weighed for each feature."""


class MeiliReader:
    """``IndexReader`` on the index that holds what the query's reader may find."""

    def __init__(self, server: MeiliServer, uid: str, query: SearchQuery) -> None:
        """Take note of the index and the query."""
        self._server = server
        self._uid = uid
        self._query = query

    def parse(self, text: str) -> ParsedText:
        """Read a typed text; see ``IndexReader.parse``."""
        return parse(text, self._is_key)

    def search(self, parsed: ParsedText) -> tuple[int, tuple[Hit, ...], dict[str, tuple[Bucket, ...]]]:
        """Count what matches, give the hits in the query's window and the facets, in one request or two."""
        query = self._query
        filters = self._filters()
        unfiltered = [facet for facet in query.facets if facet not in query.filters]
        ask = self._question(parsed)
        counting = [{**ask, "filter": filters, "limit": 0, "facets": unfiltered}]
        counting += [
            {**ask, "filter": self._filters(ignoring=facet), "limit": 0, "facets": [facet]}
            for facet in query.facets
            if facet in query.filters
        ]
        wish: _Json = {"attributesToRetrieve": ["entry"], "showRankingScore": True}
        asked = [{**one, **wish, "limit": query.limit, "offset": query.offset} for one in self._in_order(parsed)]
        answers = self._server.ask([*counting, *asked])
        counted, found = answers[: len(counting)], self._window(asked, answers[len(counting) :])
        matcher = Matcher(parsed.wanted)
        ranked = not self._sorting(parsed)
        hits = tuple(
            make_hit(_entry(hit), matcher, query.scope, float(hit["_rankingScore"]) if ranked else 0.0)
            for hit in found[: query.limit]
        )
        return counted[0]["estimatedTotalHits"], hits, _buckets(counted, query)

    def ids(self, parsed: ParsedText) -> Iterator[str]:
        """Run through the ids of all hits in the query's order, asked for at once, so that no change comes between."""
        wish: _Json = {"attributesToRetrieve": ["id"], "limit": MOST_HITS}
        answers = self._server.ask([{**one, **wish} for one in self._in_order(parsed)], patient=True)
        return iter(dict.fromkeys(str(hit["id"]) for answer in answers for hit in answer["hits"]))

    def entries(self, clauses: Sequence[Clause], limit: int, *, called: bool = False) -> list[IndexEntry]:
        """Give the best entries that meet every clause; see ``IndexReader.entries``."""
        wish: _Json = {"attributesToRetrieve": ["entry"], "limit": limit, "filter": self._filters()}
        if called:
            wish["attributesToSearchOn"] = _CALLED_KEYS
        (answer,) = self._server.ask([{**self._question(ParsedText(tuple(clauses), "")), **wish}])
        return [_entry(hit) for hit in answer["hits"]]

    def total(self, parsed: ParsedText) -> int:
        """Count what a text finds; see ``IndexReader.total``."""
        return self._totals([{**self._question(parsed), "filter": self._filters()}])[0]

    def totals_of(self, features: Sequence[Feature]) -> list[int]:
        """Count the dossiers that have each feature; see ``IndexReader.totals_of``."""
        return self._totals([self._feature_question(feature) for feature in features]) if features else []

    def tags(self, clauses: Sequence[Clause]) -> list[str]:
        """Give the tags that meet every clause; see ``IndexReader.tags``."""
        bound = ParsedText(tuple(replace(clause, key="tag") for clause in clauses), "")
        question = {**self._question(bound), "filter": self._filters(), "limit": 0, "facets": ["tag"]}
        buckets = _buckets(self._server.ask([question]), self._query)
        return [bucket.value for bucket in buckets["tag"]]

    def entry_of(self, dossier_id: str) -> IndexEntry | None:
        """Give a dossier's entry, where it is in the reader's scope."""
        found = self._entries_by_id([dossier_id])
        return found.get(dossier_id)

    def alike(self, dossier_id: str, weighted: Sequence[tuple[Feature, float]]) -> tuple[Hit, ...]:
        """Find other dossiers by what they share, those with the heaviest features first."""
        wish: _Json = {"attributesToRetrieve": ["id"], "limit": _MOST_ALIKE}
        answers = self._server.ask([{**self._feature_question(feature), **wish} for feature, _ in weighted])
        weights: dict[str, float] = {}
        for (_, weight), answer in zip(weighted, answers, strict=True):
            for hit in answer["hits"]:
                weights[hit["id"]] = weights.get(hit["id"], 0.0) + weight
        weights.pop(dossier_id, None)
        best = sorted(weights, key=lambda id_: -weights[id_])[: self._query.limit]
        entries = self._entries_by_id(best)
        matcher = Matcher([feature.clause for feature, _ in weighted])
        return tuple(make_hit(entries[id_], matcher, self._query.scope, weights[id_]) for id_ in best if id_ in entries)

    def _is_key(self, name: str) -> bool:
        question = {"indexUid": self._uid, "q": f'"{encoded_bound(bound_mark(name))}"'}
        return bool(self._totals([question])[0])

    def _totals(self, questions: list[_Json]) -> list[int]:
        answers = self._server.ask([{**question, "limit": 0} for question in questions])
        return [int(answer["estimatedTotalHits"]) for answer in answers]

    def _entries_by_id(self, ids: Sequence[str]) -> dict[str, IndexEntry]:
        if not ids:
            return {}
        wanted = f"key IN [{', '.join(quoted(document_key(id_)) for id_ in ids)}]"
        question = {"indexUid": self._uid, "q": "", "filter": [*self._filters(), wanted], "limit": len(ids)}
        (answer,) = self._server.ask([{**question, "attributesToRetrieve": ["entry"]}])
        return {entry.id: entry for entry in map(_entry, answer["hits"])}

    def _feature_question(self, feature: Feature) -> _Json:
        if not feature.exact:
            return {**self._question(ParsedText((feature.clause,), "")), "filter": self._filters()}
        exact = f"exact = {quoted(feature.exact)}"
        return {"indexUid": self._uid, "q": "", "filter": [*self._filters(), exact]}

    def _question(self, parsed: ParsedText) -> _Json:
        return {"indexUid": self._uid, "q": _typed(parsed), "matchingStrategy": "all"}

    def _in_order(self, parsed: ParsedText) -> list[_Json]:
        """Ask for all hits in the query's order: by relevance, those that equal the whole text before the rest."""
        ask, filters, sorting = self._question(parsed), self._filters(), self._sorting(parsed)
        if sorting:
            return [{**ask, "sort": sorting, "filter": filters}]
        if not parsed.whole:
            return [{**ask, "filter": filters}]
        exact = quoted(parsed.whole)
        return [{**ask, "filter": [*filters, f"exact {sign} {exact}"]} for sign in ("=", "!=")]

    def _window(self, asked: list[_Json], answers: list[_Json]) -> list[_Json]:
        """Give the window's hits out of one list or two that follow each other."""
        if len(answers) == 1:
            return list(answers[0]["hits"])
        first, rest = answers
        before = first["estimatedTotalHits"]
        if before and self._query.offset:
            # The second list begins where the first ends, which was not known when it was asked for.
            (rest,) = self._server.ask([{**asked[1], "offset": max(0, self._query.offset - before)}])
        return [*({**hit, "_rankingScore": 1 + hit["_rankingScore"]} for hit in first["hits"]), *rest["hits"]]

    def _sorting(self, parsed: ParsedText) -> list[str]:
        """Give the order; empty for relevance."""
        if self._query.sort is not Sort.RELEVANCE:
            return [f"{SORT_KEYS[self._query.sort]}:{'desc' if self._query.descending else 'asc'}"]
        return [] if parsed.clauses else [f"{SORT_KEYS[Sort.CHANGED_AT]}:desc"]

    def _filters(self, *, ignoring: str | None = None) -> list[str]:
        query = self._query
        bounds: list[tuple[str, Iterable[str]]] = [
            (facet, values) for facet, values in query.filters.items() if facet != ignoring
        ]
        if query.scope.units is not None:
            bounds.append(("unit", sorted(query.scope.units)))
        written = [
            f"{facet} IN [{', '.join(quoted(facet_value(value)) for value in values)}]" for facet, values in bounds
        ]
        if query.created_since is not None:
            written.append(f"created_us >= {microseconds(query.created_since)}")
        return written


def _typed(parsed: ParsedText) -> str:
    """Write the clauses in the server's words: phrases, exclusions, then single words, the unfinished one last."""
    begun = [clause for clause in parsed.wanted if clause.prefix]
    words = [
        clause for clause in parsed.wanted if clause.kind is Kind.WORD and clause.key is None and not clause.prefix
    ]
    others = [clause for clause in parsed.wanted if clause not in begun and clause not in words]
    parts = [f'"{_tokens(clause)}"' for clause in others]
    parts += [f'-"{_tokens(clause)}"' for clause in parsed.unwanted]
    parts += [clause.text for clause in words]
    # What stands last without a space behind it is taken as unfinished.
    return " ".join(parts) + (f" {_tokens(begun[0])}" if begun else " ")


def _tokens(clause: Clause) -> str:
    if clause.key is not None:
        mark = (bound_gram_mark if clause.by_grams else bound_mark)(clause.key)
        return encoded_bound(" ".join(mark + token for token in clause.tokens))
    if clause.by_grams:
        return " ".join("2" + token for token in clause.tokens)
    marked = ("1" + token if token.isdigit() else token for token in clause.tokens)
    return encoded(" ".join(marked))


def _entry(found: _Json) -> IndexEntry:
    return entry_from_json(found["entry"])


def _buckets(answers: list[_Json], query: SearchQuery) -> dict[str, tuple[Bucket, ...]]:
    counts: dict[str, tuple[Bucket, ...]] = {}
    for answer in answers:
        for facet, values in (answer.get("facetDistribution") or {}).items():
            buckets = (Bucket(facet_text(value), count) for value, count in values.items())
            counts[facet] = tuple(sorted(buckets, key=lambda bucket: (-bucket.count, bucket.value)))
    return {facet: counts.get(facet, ()) for facet in query.facets}
