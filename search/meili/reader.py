"""One look into the indexes on a Meilisearch server, as one reader sees them: every way of asking."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from search.analysis import bound_day, bound_gram_mark, bound_mark
from search.clauses import EVERYTHING, Clause, Kind, ParsedText, parse
from search.entry import IndexEntry, entry_from_json, microseconds
from search.hits import make_hit, meets
from search.lookalikes import variants_of
from search.matching import Matcher
from search.meili.documents import (
    MOST_HITS,
    SORT_KEYS,
    document_key,
    encoded,
    encoded_bound,
    facet_text,
    facet_value,
    quoted,
)
from search.meili.server import MeiliServer
from search.query import FACETS, SearchQuery, Sort
from search.reader import FEW_AS_TYPED, Feature
from search.result import Bucket, Hit

_Json = dict[str, Any]
_CALLED_KEYS = ["name.*", "pinyin", "gram.*"]
_MOST_AMONG = 1000
"""Dossiers that are listed one by one, where the server cannot be asked for them all in one question."""

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
        return parse(text, self._is_key, today=self._query.today)

    def search(self, parsed: ParsedText) -> tuple[int, tuple[Hit, ...], dict[str, tuple[Bucket, ...]]]:
        """Count what matches, give the hits in the query's window and the facets."""
        asked = [{**one, **self._wish()} for one in self._in_order(parsed)]
        answers = self._server.ask([*self._counting(self._question(parsed)), *asked])
        counted, found = answers[: -len(asked)], self._window(asked, answers[-len(asked) :])
        total = counted[0]["estimatedTotalHits"]
        among = self._listed(parsed, total)
        if among is not None:
            counted = self._server.ask(self._counting(self._question(EVERYTHING, among)))
            total, found = counted[0]["estimatedTotalHits"], self._window_of(among, parsed)
        matcher = Matcher(parsed.wanted, confusing=among is not None)
        ranked = not self._sorting(parsed)
        hits = tuple(
            make_hit(_entry(hit), matcher, self._query.scope, float(hit["_rankingScore"]) if ranked else 0.0)
            for hit in found[: self._query.limit]
        )
        return total, hits, _buckets(counted, self._query)

    def ids(self, parsed: ParsedText) -> Iterator[str]:
        """Run through the ids of all hits in the query's order, asked for at once, so that no change comes between."""
        wish: _Json = {"attributesToRetrieve": ["id"], "limit": MOST_HITS}
        answers = self._server.ask([{**one, **wish} for one in self._in_order(parsed)], patient=True)
        found = list(dict.fromkeys(str(hit["id"]) for answer in answers for hit in answer["hits"]))
        among = self._listed(parsed, len(found))
        return iter(found if among is None else self._filtered(among, parsed))

    def _wish(self) -> _Json:
        window = {"limit": self._query.limit, "offset": self._query.offset}
        return {"attributesToRetrieve": ["entry"], "showRankingScore": True, **window}

    def _counting(self, ask: _Json) -> list[_Json]:
        """Ask for the total and the facets, each without its own filter."""
        query = self._query
        unfiltered = [facet for facet in query.facets if facet not in query.filters]
        filtered = [facet for facet in query.facets if facet in query.filters]
        bounds = ask["filter"]
        return [
            {**ask, "filter": [*bounds, *self._filters()], "limit": 0, "facets": unfiltered},
            *(
                {**ask, "filter": [*bounds, *self._filters(ignoring=facet)], "limit": 0, "facets": [facet]}
                for facet in filtered
            ),
        ]

    # What the server cannot be asked for in one question is listed by ids. What the recogniser misread: there is no
    # "or", so each reading is asked for by itself. Phrases in which something comes twice: the server looks
    # at neighbours only, and finds 00004 in 0000454.

    def _listed(self, parsed: ParsedText, total: int) -> list[str] | None:
        """Give the ids of all that match, as typed first, then misread; whatever the filters.

        None where the server's own answer will do, or has too many hits.
        """
        readings = [
            replace(parsed, clauses=tuple(variant if each is clause else each for each in parsed.clauses))
            for clause, variants in zip(parsed.wanted, variants_of(parsed.wanted), strict=True)
            for variant in variants
        ]
        unsure = bool(_unsure(parsed)) and total <= _MOST_AMONG
        if not unsure and (total >= FEW_AS_TYPED or not readings):
            return None
        in_scope = self._scoped(replace(self._query, filters={}))
        as_typed = [
            {**one, **_wish_for(parsed), "limit": _MOST_AMONG, "filter": [*one["filter"], *in_scope]}
            for one in self._in_order(parsed, filtered=False)
        ]
        misread = []
        for reading in readings:
            question = self._question(reading)
            bounds = [*question["filter"], *in_scope]
            keys = ["page_gram.*" if any(clause.by_grams for clause in reading.wanted) else "page.*"]
            single = {"attributesToSearchOn": keys} if len(reading.wanted) == 1 else {}
            misread.append({**question, **_wish_for(reading), **single, "limit": _MOST_AMONG, "filter": bounds})
        answers = self._server.ask([*as_typed, *misread])
        found = [id_ for answer in answers[: len(as_typed)] for id_ in self._sure_ids(answer, parsed)]
        if len(found) >= FEW_AS_TYPED:
            return found if unsure else None
        for answer, reading in zip(answers[len(as_typed) :], readings, strict=True):
            found += self._sure_ids(answer, reading)
        return list(dict.fromkeys(found))[:_MOST_AMONG]

    def _sure_ids(self, answer: _Json, parsed: ParsedText) -> list[str]:
        """Give the ids of an answer's hits but those that do not meet the clauses of which the server is not sure."""
        if not (unsure := _unsure(parsed)):
            return [str(hit["id"]) for hit in answer["hits"]]
        matcher = Matcher(unsure)
        entries = map(_entry, answer["hits"])
        return [entry.id for entry in entries if meets(entry, matcher, self._query.scope)]

    def _filtered(self, among: list[str], parsed: ParsedText) -> list[str]:
        """Give those of the ids that pass the filters, in the query's order."""
        question = {**self._question(EVERYTHING, among), "attributesToRetrieve": ["id"], "limit": len(among)}
        question["filter"] = [*question["filter"], *self._filters()]
        if sorting := self._sorting(parsed):
            question["sort"] = sorting
        (answer,) = self._server.ask([question])
        passing = [str(hit["id"]) for hit in answer["hits"]]
        if sorting:
            return passing
        kept = set(passing)
        return [id_ for id_ in among if id_ in kept]

    def _window_of(self, among: list[str], parsed: ParsedText) -> list[_Json]:
        window = self._filtered(among, parsed)[self._query.offset :][: self._query.limit]
        question = {**self._question(EVERYTHING, window), "attributesToRetrieve": ["id", "entry"], "limit": len(window)}
        if not window:
            return []
        (answer,) = self._server.ask([question])
        found = {str(hit["id"]): hit for hit in answer["hits"]}
        rank = {id_: number for number, id_ in enumerate(among)}
        return [{**found[id_], "_rankingScore": 1 / (1 + rank[id_])} for id_ in window if id_ in found]

    def entries(self, clauses: Sequence[Clause], limit: int, *, called: bool = False) -> list[IndexEntry]:
        """Give the best entries that meet every clause; see ``IndexReader.entries``."""
        wish: _Json = {"attributesToRetrieve": ["entry"], "limit": limit}
        if called:
            wish["attributesToSearchOn"] = _CALLED_KEYS
        (answer,) = self._server.ask([{**self._bounded(ParsedText(tuple(clauses), "")), **wish}])
        return [_entry(hit) for hit in answer["hits"]]

    def total(self, parsed: ParsedText) -> int:
        """Count what a text finds; see ``IndexReader.total``."""
        if not _unsure(parsed):
            return self._totals([self._bounded(parsed)])[0]
        (answer,) = self._server.ask([{**self._bounded(parsed), **_wish_for(parsed), "limit": _MOST_AMONG}])
        return len(self._sure_ids(answer, parsed))

    def totals_of(self, features: Sequence[Feature]) -> list[int]:
        """Count the dossiers that have each feature; see ``IndexReader.totals_of``."""
        return self._totals([self._feature_question(feature) for feature in features]) if features else []

    def tags(self, clauses: Sequence[Clause]) -> list[str]:
        """Give the tags that meet every clause; see ``IndexReader.tags``."""
        bound = ParsedText(tuple(replace(clause, key="tag") for clause in clauses), "")
        question = {**self._bounded(bound), "limit": 0, "facets": ["tag"]}
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
        question = {**self._question(EVERYTHING, ids), "limit": len(ids), "attributesToRetrieve": ["entry"]}
        (answer,) = self._server.ask([{**question, "filter": [*question["filter"], *self._filters()]}])
        return {entry.id: entry for entry in map(_entry, answer["hits"])}

    def _feature_question(self, feature: Feature) -> _Json:
        if not feature.exact:
            return self._bounded(ParsedText((feature.clause,), ""))
        exact = f"exact = {quoted(feature.exact)}"
        return {"indexUid": self._uid, "q": "", "filter": [*self._filters(), exact]}

    def _question(self, parsed: ParsedText, among: Sequence[str] | None = None) -> _Json:
        """Write what a text demands, of these dossiers or of all."""
        bounds = [_within_days(clause) for clause in parsed.clauses if clause.stretch is not None]
        if among is not None:
            bounds.append(f"key IN [{', '.join(quoted(document_key(id_)) for id_ in among)}]")
        return {"indexUid": self._uid, "q": _typed(parsed), "matchingStrategy": "all", "filter": bounds}

    def _bounded(self, parsed: ParsedText) -> _Json:
        """Write what a text demands within the reader's scope and the filters."""
        question = self._question(parsed)
        return {**question, "filter": [*question["filter"], *self._filters()]}

    def _in_order(self, parsed: ParsedText, *, filtered: bool = True) -> list[_Json]:
        """Ask for all hits in the query's order: by relevance, those that equal the whole text before the rest."""
        ask = self._bounded(parsed) if filtered else self._question(parsed)
        if sorting := self._sorting(parsed):
            return [{**ask, "sort": sorting}]
        if not parsed.whole:
            return [ask]
        exact = quoted(parsed.whole)
        return [{**ask, "filter": [*ask["filter"], f"exact {sign} {exact}"]} for sign in ("=", "!=")]

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
        kept = {facet: values for facet, values in self._query.filters.items() if facet != ignoring}
        return self._scoped(replace(self._query, filters=kept))

    def _scoped(self, query: SearchQuery) -> list[str]:
        bounds: list[tuple[str, Iterable[str]]] = list(query.filters.items())
        if query.scope.units is not None:
            bounds.append(("unit", sorted(query.scope.units)))
        written = [
            f"{facet} IN [{', '.join(quoted(facet_value(value)) for value in values)}]" for facet, values in bounds
        ]
        if query.among is not None:
            written.append(f"key IN [{', '.join(quoted(document_key(id_)) for id_ in sorted(query.among))}]")
        for key, since in (("created_us", query.created_since), ("changed_us", query.changed_since)):
            if since is not None:
                written.append(f"{key} >= {microseconds(since)}")
        return written


def _unsure(parsed: ParsedText) -> list[Clause]:
    """Give the clauses of which the server may find what they are not: phrases in which something comes twice."""
    return [
        clause for clause in parsed.wanted if len(set(clause.tokens)) < len(clause.tokens) and clause.key not in FACETS
    ]


def _wish_for(parsed: ParsedText) -> _Json:
    return {"attributesToRetrieve": ["entry"] if _unsure(parsed) else ["id"]}


def _within_days(clause: Clause) -> str:
    low, high = (bound_day(clause.key, day) for day in clause.stretch or (0, 0))
    return f"{'NOT ' if clause.negated else ''}days {low} TO {high}"


def _typed(parsed: ParsedText) -> str:
    """Write the clauses in the server's words: phrases, exclusions, then single words, the unfinished one last."""
    wanted = [clause for clause in parsed.wanted if clause.stretch is None]
    begun = [clause for clause in wanted if clause.prefix]
    words = [clause for clause in wanted if clause.kind is Kind.WORD and clause.key is None and not clause.prefix]
    others = [clause for clause in wanted if clause not in begun and clause not in words]
    parts = [f'"{_tokens(clause)}"' for clause in others]
    parts += [f'-"{_tokens(clause)}"' for clause in parsed.unwanted if clause.stretch is None]
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
