"""What the embedded index keeps of an entry: its keys, and a document for them."""

import tantivy

from search.analysis import open_tokens, secret_tokens
from search.common_runs import CommonRuns
from search.concealment import Concealment
from search.embedded.facets import CODED_FACETS, facet_code, facet_values
from search.embedded.queries import ALONE_KEYS, DAY_KEYS, alone, day_key
from search.embedded.reader import card_of
from search.entry import IndexEntry, entry_digest, entry_json, microseconds
from search.folding import fold
from search.pinyin import sort_key

_TOKEN_KEYS = (
    "exact",
    "name",
    "pinyin",
    "gram",
    "text",
    "bound",
    "page",
    "page_gram",
    "name_pair",
    "text_pair",
    "page_pair",
    "name_shortcut",
    "text_shortcut",
    "page_shortcut",
)
_UNPLACED_KEYS = ("exact", "pinyin", "name_shortcut", "text_shortcut", "page_shortcut")
"""Keys of which only single tokens are looked up."""


DIGEST_SEPARATOR = "\x1f"
"""Stands between id and digest in a key that holds both."""


def build_schema() -> tantivy.Schema:
    """Give the keys of the index; a change of them or of what is written under them counts ``SCHEMA_VERSION`` on."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("id_and_digest", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("entry", stored=True)
    builder.add_bytes_field("card", stored=True)
    for realm in ("", "secret_"):
        for key in _TOKEN_KEYS:
            option = "basic" if key in _UNPLACED_KEYS else "position"
            builder.add_text_field(realm + key, tokenizer_name="whitespace", index_option=option)
    for key in ALONE_KEYS:
        builder.add_text_field(alone(f"secret_{key}"), tokenizer_name="whitespace", index_option="freq")
    for facet in ("type", "unit", "tag", "state", "year"):
        builder.add_text_field(facet, fast=True, tokenizer_name="raw", index_option="basic")
    for key in ("title_key", "code_key"):
        builder.add_text_field(key, fast=True, tokenizer_name="raw", index_option="basic")
    for facet in CODED_FACETS:
        builder.add_integer_field(f"{facet}_code", fast=True)
    for key in (
        "changed_us",
        "created_us",
        "year_number",
        *(realm + key for realm in ("", "secret_") for key in DAY_KEYS),
    ):
        builder.add_integer_field(key, fast=True)
    return builder.build()


def document_of(entry: IndexEntry, common: CommonRuns) -> tantivy.Document:
    """Analyse an entry and write it as the index takes it; ``common``: what is common in that index."""
    written = entry_json(entry)
    document = tantivy.Document()
    document.add_text("id", entry.id)
    document.add_text("id_and_digest", entry.id + DIGEST_SEPARATOR + entry_digest(written))
    document.add_bytes("entry", written.encode("utf-8", "surrogatepass"))
    document.add_bytes("card", card_of(entry))
    concealment = Concealment(entry)
    open_ones, secret_ones = open_tokens(entry, concealment, common), secret_tokens(entry, concealment, common)
    for key in ALONE_KEYS:
        if secret := getattr(secret_ones, key):
            openly = f" {getattr(open_ones, key)} "
            only = [token for token in dict.fromkeys(secret.split()) if f" {token} " not in openly]
            document.add_text(alone(f"secret_{key}"), " ".join(only))
    for realm, analysed in (("", open_ones), ("secret_", secret_ones)):
        for key in _TOKEN_KEYS:
            if tokens := getattr(analysed, key):
                document.add_text(realm + key, tokens)
        for day in analysed.days:
            document.add_integer(realm + day_key(day), day)
    for facet, value in (("type", entry.type), ("unit", entry.unit), ("state", entry.state)):
        document.add_text(facet, value)
    for tag in dict.fromkeys(entry.tags):
        document.add_text("tag", tag)
    if entry.year is not None:
        document.add_text("year", str(entry.year))
    for facet, values in facet_values(entry).items():
        document.add_integer(f"{facet}_code", facet_code(values))
    document.add_text("title_key", sort_key(fold(entry.title)))
    document.add_text("code_key", fold(entry.code))
    document.add_integer("changed_us", microseconds(entry.changed_at))
    document.add_integer("created_us", microseconds(entry.created_at))
    document.add_integer("year_number", entry.year or 0)
    return document
