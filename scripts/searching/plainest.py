"""The bare library beside the engine: its plainest query for the same tokens over the same index."""

import json
from pathlib import Path

import tantivy

from search import Sort
from search.analysis import bound_gram_mark, bound_mark
from search.clauses import parse


class BareIndex:
    """Asks the library for the first twenty dossiers, reads them as they are kept, and does nothing else.

    No rights, facets, typos, pinyin of parts, snippets. What it gives is what the plainest list would show.
    """

    def __init__(self, index_dir: Path) -> None:
        """Open the one generation of an index."""
        generation = next(path for path in index_dir.iterdir() if path.is_dir())
        self._index = tantivy.Index.open(str(generation))
        self._index.reload()
        self._searcher = self._index.searcher()

    def ask(self, text: str, sort: Sort) -> list[tuple[str, str, str]]:
        """Give id, code and title of the first twenty dossiers."""
        schema, searcher = self._index.schema, self._searcher
        if not text:
            order = "changed_us" if sort is Sort.RELEVANCE else "title_key"
            found = searcher.search(tantivy.Query.all_query(), 20, order_by_field=order)
        elif stretch := parse(text).clauses[0].stretch:
            found = searcher.search(_days_within(schema, *stretch), 20)
        else:
            found = searcher.search(self._index.parse_query(*_plainest(text), conjunction_by_default=True), 20)
        kept = [json.loads(bytes(searcher.doc(address).get_first("entry"))) for _, address in found.hits]
        return [(entry["id"], entry["code"], entry["title"]) for entry in kept]


def _days_within(schema: tantivy.Schema, low: int, high: int) -> tantivy.Query:
    return tantivy.Query.range_query(schema, "days", tantivy.FieldType.Integer, lower_bound=low, upper_bound=high)


def _plainest(text: str) -> tuple[str, list[str]]:
    """Write a text in the library's own query language: its tokens, and the keys that hold such tokens."""
    clauses = parse(text, lambda _key: True).clauses
    if clauses[0].key is not None:
        mark = (bound_gram_mark if clauses[0].by_grams else bound_mark)(clauses[0].key)
        return '"' + " ".join(mark + token for token in clauses[0].tokens) + '"', ["bound", "secret_bound"]
    keys = ["gram", "page_gram", "secret_gram"] if clauses[0].by_grams else ["name", "pinyin", "text", "page"]
    parts = ('"' + " ".join(c.tokens) + '"' if len(c.tokens) > 1 else c.tokens[0] for c in clauses)
    return " ".join(("-" if c.negated else "") + part for c, part in zip(clauses, parts, strict=True)), keys
