"""Writes parsed text, rights and filters as Tantivy queries, over the keys of the embedded engine's index."""

from collections.abc import Callable, Sequence

import tantivy

from search.analysis import bound_day, bound_gram_mark, bound_mark
from search.clauses import Clause, Kind, ParsedText
from search.dates import Stretch
from search.embedded.run_dictionary import RunDictionary
from search.entry import microseconds
from search.lookalikes import variants_of
from search.pinyin import beginning_token
from search.query import SearchQuery
from search.tokens import is_run, pairs_of, places_of_pairs

_EXACT_SCORE = 1000.0
_AS_TYPED_SCORE = 500.0
_MISREAD_SCORE = 0.01
_BOOSTS = {"name": 8.0, "pinyin": 4.0, "gram": 4.0, "text": 3.0, "bound": 4.0, "page": 1.0, "page_gram": 1.0}
"""A match in a name tells more than one in another value, and that more than one on a page."""

_WORD_KEYS = ("name", "pinyin", "text", "page")
_PHRASE_KEYS = ("name", "text", "page")
_GRAM_KEYS = ("gram", "page_gram")
_PAIRED_KEYS = ("name", "text", "page")
_MUCH_RARER = 4
_BEGINNING_KEYS = ("name", "pinyin", "text", "page")
_CALLED_KEYS = ("name", "pinyin", "gram")
_MOST_SINGLE_TERMS = 32
_ANY_CONCEPT = 10**8
"""A day's number below which it is bound to no concept; see ``bound_day``."""

DAY_KEYS = ("days", "bound_days")
ALONE_KEYS = ("name_pair", "text_pair", "page_pair")
"""Keys of which single pairs are looked up among those that only revealers find and that are not open in the same
dossier: the label before a concealed number stands openly too, and need not be found twice."""

Demands = list[tuple[tantivy.Occur, tantivy.Query]]
"""What dossiers must, should and must not meet."""


def alone(key: str) -> str:
    """Give the key of what stands under a key and not openly in the same dossier; see ``ALONE_KEYS``."""
    return f"{key}_alone"


def day_key(day: int) -> str:
    """Tell under which key a day is kept: those of any concept apart, so that fewer are looked through."""
    return DAY_KEYS[day >= _ANY_CONCEPT]


class QueryCompiler:
    """Writes queries for one searcher and one reader's realms of keys."""

    def __init__(
        self, schema: tantivy.Schema, searcher: tantivy.Searcher, runs: RunDictionary, *, may_reveal: bool
    ) -> None:
        self._schema = schema
        self._searcher = searcher
        self._runs = runs
        self._realms = ("", "secret_") if may_reveal else ("",)

    def is_key(self, name: str) -> bool:
        """Tell whether any dossier has a value of this concept."""
        mark = bound_mark(name)
        return any(self._searcher.doc_freq(realm + "bound", mark) for realm in self._realms)

    def as_typed(self, parsed: ParsedText) -> Demands:
        """Every wanted clause, no unwanted one; what equals the whole text first."""
        wanted: Demands = [(tantivy.Occur.Must, self.clause_query(clause)) for clause in parsed.wanted]
        return [*wanted, *self._equal_to(parsed.whole), *self._without(parsed.unwanted)]

    def misread(self, parsed: ParsedText) -> Demands | None:
        """The same demands, of pages also as a recogniser may have misread them; what stands as typed first.

        None where no page can hold any such reading.
        """
        misread = [list(filter(self._may_stand_on_pages, variants)) for variants in variants_of(parsed.wanted)]
        if not any(misread):
            return None
        demands: Demands = [
            (tantivy.Occur.Must, _either([self.clause_query(clause), *map(self._on_pages, variants)]))
            for clause, variants in zip(parsed.wanted, misread, strict=True)
        ]
        if len(parsed.wanted) > 1:
            # Of a single clause every score as typed is higher than that of a reading.
            as_typed = tantivy.Query.boolean_query(self.as_typed(parsed))
            demands.append((tantivy.Occur.Should, tantivy.Query.const_score_query(as_typed, _AS_TYPED_SCORE)))
        return [*demands, *self._equal_to(parsed.whole), *self._without(parsed.unwanted)]

    def _equal_to(self, squeezed: str) -> Demands:
        """What equals a whole text comes first, if anything does."""
        if not any(self._searcher.doc_freq(f"{realm}exact", squeezed) for realm in self._realms):
            return []
        exact = tantivy.Query.const_score_query(self.exact_query(squeezed), _EXACT_SCORE)
        return [(tantivy.Occur.Should, exact)]

    def _without(self, unwanted: Sequence[Clause]) -> Demands:
        return [(tantivy.Occur.MustNot, self.clause_query(clause)) for clause in unwanted]

    def _may_stand_on_pages(self, clause: Clause) -> bool:
        """Tell whether pages hold all tokens of a clause, wherever they stand."""
        key = "page_gram" if clause.by_grams else "page"
        kept, units = _kept_as(key, clause.tokens)
        return any(all(self._searcher.doc_freq(realm + kept, unit) for unit in units) for realm in self._realms)

    def _on_pages(self, clause: Clause) -> tantivy.Query:
        key = "page_gram" if clause.by_grams else "page"
        asked = [self._in_order(realm + key, clause.tokens) for realm in self._realms]
        return tantivy.Query.const_score_query(_either(asked), _MISREAD_SCORE)

    def exact_query(self, squeezed: str) -> tantivy.Query:
        """Dossiers that have a value, name or code of exactly these letters and digits."""
        return _either([self._term(f"{realm}exact", squeezed) for realm in self._realms])

    def number_query(self, field: str, number: int) -> tantivy.Query:
        """Dossiers with exactly this number in a fast field."""
        kind = tantivy.FieldType.Integer
        return tantivy.Query.range_query(self._schema, field, kind, lower_bound=number, upper_bound=number)

    def within(self, demands: Demands, query: SearchQuery, *, ignoring: str | None = None) -> tantivy.Query:
        """Bind demands to the reader's scope and the filters, but for one facet's own."""
        filters: list[tuple[str, Sequence[str]]] = [
            (facet, values) for facet, values in query.filters.items() if facet != ignoring
        ]
        if query.scope.units is not None:
            filters.append(("unit", sorted(query.scope.units)))
        bounds = [self._one_of(facet, values) for facet, values in filters]
        if query.among is not None:
            bounds.append(tantivy.Query.term_set_query(self._schema, "id", sorted(query.among)))
        for key, since in (("created_us", query.created_since), ("changed_us", query.changed_since)):
            if since is not None:
                low, kind = microseconds(since), tantivy.FieldType.Integer
                bounds.append(tantivy.Query.range_query(self._schema, key, kind, lower_bound=low))
        bound_to: Demands = [(tantivy.Occur.Must, tantivy.Query.const_score_query(bound, 0.0)) for bound in bounds]
        if not bounds and not any(occur == tantivy.Occur.Must for occur, _ in demands):
            bound_to = [(tantivy.Occur.Must, tantivy.Query.all_query())]
        # All side by side: queries within queries take longer.
        return tantivy.Query.boolean_query([*demands, *bound_to])

    def _one_of(self, key: str, values: Sequence[str]) -> tantivy.Query:
        """Dossiers with one of these values.

        A set of terms is gathered over the whole index before anything is compared with it; single terms are looked at
        where the rest of the query matches, which is quicker up to some dozens of them.
        """
        if not 0 < len(values) <= _MOST_SINGLE_TERMS:
            return tantivy.Query.term_set_query(self._schema, key, list(values))
        return _either([tantivy.Query.term_query(self._schema, key, value, "basic") for value in values])

    def clause_query(self, clause: Clause, *, called: bool = False) -> tantivy.Query:
        """Dossiers that meet a clause; ``called``: by their names, codes and numbers only."""
        if clause.stretch is not None:
            return tantivy.Query.const_score_query(self._within_days(clause.key, clause.stretch), 1.0)
        if clause.key is not None:
            mark = (bound_gram_mark if clause.by_grams else bound_mark)(clause.key)
            tokens = [mark + token for token in clause.tokens]
            return self._any_of(("bound",), lambda key: [self._in_order(key, tokens, prefix=clause.prefix)])
        keys = _GRAM_KEYS if clause.by_grams else _WORD_KEYS if clause.kind is Kind.WORD else _PHRASE_KEYS
        asked = [key for key in keys if not called or key in _CALLED_KEYS]
        if clause.kind is Kind.WORD:
            return self._any_of(asked, lambda key: self._word(key, clause))
        return self._any_of(asked, lambda key: [self._in_order(key, clause.tokens, prefix=clause.prefix)])

    def _within_days(self, concept: str | None, stretch: Stretch) -> tantivy.Query:
        low, high = (bound_day(concept, day) for day in stretch)
        key = day_key(low)
        return _either(
            [
                tantivy.Query.range_query(
                    self._schema, realm + key, tantivy.FieldType.Integer, lower_bound=low, upper_bound=high
                )
                for realm in self._realms
            ]
        )

    def _any_of(self, keys: Sequence[str], ask: Callable[[str], list[tantivy.Query]]) -> tantivy.Query:
        return _either(
            [
                tantivy.Query.boost_query(asked, _BOOSTS[key])
                for key in keys
                for realm in self._realms
                for asked in ask(realm + key)
            ]
        )

    def _in_order(self, key: str, tokens: Sequence[str], *, prefix: bool = False) -> tantivy.Query:
        if len(tokens) == 1:
            return self._begins(key, tokens[0]) if prefix else self._term(key, tokens[0])
        kept, units = _kept_as(key, tokens)
        if prefix and kept == key:
            return tantivy.Query.phrase_prefix_query(self._schema, key, list(tokens))
        # Most parts of a text stand under few keys; to see that one is missing costs next to nothing.
        frequencies = [self._searcher.doc_freq(kept, unit) for unit in units]
        if not all(frequencies):
            return tantivy.Query.empty_query()
        if len(units) == 1:
            return self._term(kept, units[0])
        if (runs := self._runs.around(key, tokens)) is not None:
            return tantivy.Query.const_score_query(_either([self._term(f"{key}_shortcut", run) for run in runs]), 1.0)
        places = range(len(units)) if kept == key else _places_of_pairs(tokens, frequencies)
        return tantivy.Query.phrase_query(self._schema, kept, [(place, units[place]) for place in places])

    def _word(self, key: str, clause: Clause) -> list[tantivy.Query]:
        """Ask for a word: as typed first, then begun, then with typos."""
        asked = []
        if self._searcher.doc_freq(key, clause.text):
            asked.append(tantivy.Query.boost_query(self._term(key, clause.text), 3.0))
        if clause.prefix:
            asked.append(self._begins(key, clause.text))
        if clause.typos and (clause.forgiving or not key.endswith("pinyin")):
            close = tantivy.Query.fuzzy_term_query(
                self._schema, key, clause.text, clause.typos, transposition_cost_one=True, prefix=clause.prefix
            )
            asked.append(tantivy.Query.const_score_query(close, 0.1))
        return asked

    def _term(self, key: str, token: str) -> tantivy.Query:
        if key.startswith("secret_") and key.endswith(ALONE_KEYS):
            key = alone(key)
        return tantivy.Query.term_query(self._schema, key, token, "freq")

    def _begins(self, key: str, token: str) -> tantivy.Query:
        if len(token) <= (2 if token.isdigit() else 1) and key.endswith(_BEGINNING_KEYS):
            # What begins so is kept together too; thousands of words and numbers would be put together otherwise.
            kept = key if key.endswith("pinyin") else f"{key}_shortcut"
            return tantivy.Query.const_score_query(self._term(kept, beginning_token(token)), 1.0)
        return tantivy.Query.fuzzy_term_query(self._schema, key, token, 0, prefix=True)


def _kept_as(key: str, tokens: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Give the key under which tokens side by side are looked up, and what stands there side by side."""
    if key.endswith(_PAIRED_KEYS) and is_run(tokens):
        return f"{key}_pair", pairs_of(tokens)
    return key, tokens


def _places_of_pairs(tokens: Sequence[str], frequencies: Sequence[int]) -> list[int]:
    """Choose the pairs by which a run is looked up: those that cover it, and one that is much rarer than they are.

    Where parts that stand on half of all pages meet, as two labels do, few pages have the pair in which they meet.
    """
    places = places_of_pairs(tokens)
    rarest = min(range(len(frequencies)), key=frequencies.__getitem__)
    if _MUCH_RARER * frequencies[rarest] < min(frequencies[place] for place in places):
        return sorted((*places, rarest))
    return places


def _either(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if not queries:
        return tantivy.Query.empty_query()
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])
