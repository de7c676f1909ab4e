"""Finding dossiers: index entries and queries in, ranked hits out.

Words, each with one meaning:

* An *entry* is what one dossier puts into the index: values, page texts, notes, and what every list shows.
* A *key* names a part of an entry. (A "field" is something on a paper form.)
* A *query* is the typed text together with the reader's *scope*, *filters*, an order and a window.
* A *scope* is the reader's rights: the units that may be seen and whether *sensitive* values may be revealed.
* A *clause* is one demand of the typed text: a word, a run of Han characters, digits, an exact phrase, an exclusion.
* A *hit* is a dossier that meets every clause, a *page hit* a page of its scans that meets some.
* A *snippet* is a piece of the dossier's own text with the *spans* that match; never HTML.
* A *facet* is a key by which results are counted and filtered; it has *buckets*.
* A *suggestion* is what a typed beginning may become.
* An *engine* keeps the index: Tantivy inside the process, or a Meilisearch server. Both answer alike.
* The *digest* of an entry tells whether the index still holds what the dossier says.
"""

from search.engine import SCHEMA_VERSION, SearchEngine
from search.entry import IndexedPage, IndexedValue, IndexEntry, ValueKind
from search.errors import (
    EntryRefusedError,
    IndexTimeoutError,
    IndexUnavailableError,
    SchemaMismatchError,
    SearchError,
    UnknownFacetError,
)
from search.matching import find_spans
from search.opening import open_search_engine
from search.query import FACETS, Scope, SearchQuery, Sort
from search.result import Bucket, Hit, PageHit, ResultPage, Snippet, Suggestion, SuggestionKind
from search.settings import SearchSettings

__all__ = [
    "FACETS",
    "SCHEMA_VERSION",
    "Bucket",
    "EntryRefusedError",
    "Hit",
    "IndexEntry",
    "IndexTimeoutError",
    "IndexUnavailableError",
    "IndexedPage",
    "IndexedValue",
    "PageHit",
    "ResultPage",
    "SchemaMismatchError",
    "Scope",
    "SearchEngine",
    "SearchError",
    "SearchQuery",
    "SearchSettings",
    "Snippet",
    "Sort",
    "Suggestion",
    "SuggestionKind",
    "UnknownFacetError",
    "ValueKind",
    "find_spans",
    "open_search_engine",
]
