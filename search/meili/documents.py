"""Writes entries as documents for a Meilisearch server, and the settings of the indexes that hold them.

The server gets tokens, not prose. Its own segmentation of Chinese by dictionary misses names, which are in no
dictionary; the tokens of ``analysis`` are written so that its tokenizer takes each as one word, and no two kinds of
token can be confused or begin alike:

    letters              a word, with the server's own tolerance of typos
    0x5f20               a Han character
    1138                 the number 138
    2138                 the gram 138
    3<mark>... 4<mark>   a token, a gram that is bound to a key
"""

import re
from hashlib import blake2b
from typing import Any

from search.analysis import KeyTokens, all_tokens, open_tokens
from search.concealment import Concealment
from search.entry import IndexEntry, entry_digest, entry_json, microseconds
from search.folding import HAN, MASK, fold
from search.pinyin import sort_key
from search.query import FACETS, Sort

_Json = dict[str, Any]

_TEXT_KEYS = ("name", "text", "page")
_GRAM_KEYS = ("gram", "page_gram")
_SEARCHABLE = ["name", "pinyin", "gram", "text", "bound", "page", "page_gram"]  # the most telling first
SORT_KEYS = {
    Sort.CHANGED_AT: "changed_us",
    Sort.CREATED_AT: "created_us",
    Sort.TITLE: "title_key",
    Sort.CODE: "code_key",
    Sort.YEAR: "year_number",
}
MOST_HITS = 10_000_000
INDEX_SETTINGS: _Json = {
    "searchableAttributes": _SEARCHABLE,
    "displayedAttributes": ["id", "digest", "entry"],
    "filterableAttributes": ["key", "exact", "created_us", "changed_us", "days", *FACETS],
    "sortableAttributes": list(SORT_KEYS.values()),
    # The last rule parts equals: without it their order is the engine's own, and another one in every index.
    "rankingRules": ["sort", "words", "typo", "attribute", "proximity", "exactness", "changed_us:desc"],
    "typoTolerance": {
        "enabled": True,
        "minWordSizeForTypos": {"oneTypo": 5, "twoTypos": 9},
        "disableOnAttributes": ["pinyin", "gram", "bound", "page_gram"],
        "disableOnNumbers": True,
    },
    "pagination": {"maxTotalHits": MOST_HITS},
    "faceting": {"maxValuesPerFacet": 1000},
    "facetSearch": False,
    "proximityPrecision": "byWord",
    "prefixSearch": "indexingTime",
}
_CHUNK_TOKENS = 7_000
"""Tokens in one attribute. The server counts 65,535 positions in each, and up to eight more at every gap."""


def document_of_all(entry: IndexEntry) -> _Json:
    """Write what revealers may find."""
    return _document(entry, all_tokens(entry))


def document_of_open(entry: IndexEntry) -> _Json:
    """Write what everybody may find: nothing sensitive in it."""
    concealment = Concealment(entry)
    return _document(concealment.stripped(entry), open_tokens(entry, concealment))


def _document(entry: IndexEntry, tokens: KeyTokens) -> _Json:
    written = entry_json(entry)
    return {
        "key": document_key(entry.id),
        "id": entry.id,
        "digest": entry_digest(written),
        "entry": written,
        "exact": tokens.exact.split(),
        "pinyin": tokens.pinyin,
        **{key: _chunked(getattr(tokens, key).translate(_HAN_ENCODING), "1") for key in _TEXT_KEYS},
        **{key: _chunked(getattr(tokens, key), "2") for key in _GRAM_KEYS},
        "days": list(tokens.days),
        "bound": _chunked(encoded_bound(tokens.bound), ""),
        "type": facet_value(entry.type),
        "unit": facet_value(entry.unit),
        "state": facet_value(entry.state),
        "tag": [facet_value(tag) for tag in dict.fromkeys(entry.tags)],
        "year": str(entry.year) if entry.year is not None else None,
        "title_key": sort_key(fold(entry.title)),
        "code_key": fold(entry.code),
        "changed_us": microseconds(entry.changed_at),
        "created_us": microseconds(entry.created_at),
        "year_number": entry.year or 0,
    }


def document_key(id_: str) -> str:
    """Give the primary key of a dossier: its id where the server takes that, else a digest of it."""
    # The filter by which documents are fetched and removed does not tell capitals from small letters.
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,99}", id_):
        return id_
    return "_" + blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class _HanEncoding(dict[int, str]):
    """A table for ``str.translate``: Han characters as words of letters and digits, gaps as full stops."""

    def __missing__(self, code_point: int) -> str:
        character = chr(code_point)
        encoded = f"0x{code_point:x}" if _IS_HAN.match(character) else "." if character == MASK else character
        self[code_point] = encoded
        return encoded


_IS_HAN = re.compile(f"[{HAN}]")
_HAN_ENCODING = _HanEncoding()


def encoded(tokens: str) -> str:
    """Write tokens for the server."""
    return tokens.translate(_HAN_ENCODING)


def quoted(value: str) -> str:
    """Write a value into a filter."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _chunked(tokens: str, mark: str) -> _Json:
    """Spread tokens over attributes that are searched as one, with the mark before numbers and grams."""
    marked = [
        mark + token if mark and token[0] != "." and (mark == "2" or token.isdigit()) else token
        for token in tokens.replace(MASK, ".").split()
    ]
    # At least one, even if it is empty: the server refuses to search attributes that no document has.
    starts = range(0, len(marked) or 1, _CHUNK_TOKENS)
    return {str(number): " ".join(marked[start : start + _CHUNK_TOKENS]) for number, start in enumerate(starts)}


def encoded_bound(tokens: str) -> str:
    """Write bound tokens for the server: their marks begin with digits, so that no word begins like them."""
    return re.sub(r"(?<!\S)[kq](?=\d{10})", lambda mark: "3" if mark[0] == "k" else "4", tokens).translate(
        _HAN_ENCODING
    )


def facet_value(value: str) -> str:
    """Write a facet's value so that the server's filters, which fold capitals and accents, tell all values apart."""
    if re.fullmatch(r"[a-z0-9 _.:/-]{0,200}", value) and value == value.strip():
        return value
    return "~" + value.encode("utf-8", "surrogatepass").hex()


def facet_text(value: str) -> str:
    """Read a facet's value back."""
    return bytes.fromhex(value[1:]).decode("utf-8", "surrogatepass") if value.startswith("~") else value
