"""Turns an entry into the tokens that an engine keeps.

Each key holds tokens separated by spaces; an engine needs no analyser but white space, and the same tokens are looked
up for a query (see ``clauses``). ``MASK`` stands between pieces, so that no phrase reaches across them.

What only revealers may find is kept apart from what everybody finds: the open keys of an entry hold nothing of it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from search.common_runs import NOTHING_COMMON, CommonRuns
from search.concealment import Concealment
from search.cutting import Cut, cut
from search.dates import dates_in, day_number
from search.entry import IndexedValue, IndexEntry, ValueKind
from search.folding import LONG, MASK, fold
from search.names import concept_of
from search.pinyin import beginning_token, first_letter_tokens, pinyin_tokens
from search.tokens import GRAM_LENGTH, grams_of, grams_of_code, tokens_of

TEXT_KEYS = ("name", "text", "page")
"""Han characters, words, whole numbers: of title, codes and names; of other values, tags and notes; of pages."""

GRAM_KEYS = ("gram", "page_gram")
"""Grams of numbers and codes: of values, codes, title, tags and notes; of pages."""

LONGEST_EXACT = 60
"""Squeezed characters up to which a value can be the exact answer to a query."""


@dataclass(frozen=True, slots=True)
class KeyTokens:
    """The tokens of one entry, separated by spaces, under each key.

    Attributes:
        exact: Whole squeezed names, codes and values, one token each.
        name: Tokens of title, code, aliases and values that are names or codes.
        pinyin: The sounds of the names and the title.
        gram: Grams of all numbers and codes but those on pages.
        text: Tokens of the other values, of tags and notes.
        bound: Tokens and grams of every value, each marked with the concept of its key, and of its other names.
        page: Tokens of the pages.
        page_gram: Grams of the pages.
        name_pair: Each Han character or word of what is under ``name`` with the one behind it; a gap where a run ends.
        text_pair: The same of what is under ``text``.
        page_pair: The same of the pages.
        name_shortcut: What saves look-ups of what is under ``name``: its common runs (see ``common_runs``), and a
            token for each beginning of a word or a number.
        text_shortcut: The same of what is under ``text``.
        page_shortcut: The same of the pages.
        days: Days of the dates, once for any and once for each concept; see ``bound_day``.
    """

    exact: str = ""
    name: str = ""
    pinyin: str = ""
    gram: str = ""
    text: str = ""
    bound: str = ""
    page: str = ""
    page_gram: str = ""
    name_pair: str = ""
    text_pair: str = ""
    page_pair: str = ""
    name_shortcut: str = ""
    text_shortcut: str = ""
    page_shortcut: str = ""
    days: tuple[int, ...] = ()


def open_tokens(entry: IndexEntry, concealment: Concealment, common: CommonRuns = NOTHING_COMMON) -> KeyTokens:
    """Give what every reader in scope may find."""
    values = [value for value in entry.values if not value.sensitive]
    builder = _Builder(common)
    builder.add_part("title", (fold(entry.title),), "name")
    builder.add_part("code", (fold(entry.code),), "code")
    builder.add_part("alias", map(fold, entry.aliases), "code")
    for value in values:
        builder.add_value(value, concealment.folded(value.text))
    builder.add_part("tag", map(fold, entry.tags))
    builder.add_part("note", map(concealment.folded, entry.notes))
    builder.add_bound("type", (entry.type, *entry.type_names))
    builder.add_bound("unit", (entry.unit, *entry.unit_names))
    builder.add_bound("state", (entry.state, *entry.state_names))
    builder.add_days("created", (day_number(entry.created_at),))
    builder.add_days("changed", (day_number(entry.changed_at),), anywhere=False)
    if entry.year is not None:
        builder.add_bound("year", (str(entry.year),))
        builder.add_days("year", (entry.year * 10000,))
    for page in entry.pages:
        builder.add_page(concealment.folded(page.text))
    return builder.tokens()


def secret_tokens(entry: IndexEntry, concealment: Concealment, common: CommonRuns = NOTHING_COMMON) -> KeyTokens:
    """Give what only revealers may find besides: sensitive values, and the lines in which they occur elsewhere."""
    builder = _Builder(common)
    for value in entry.values:
        if value.sensitive:
            builder.add_value(value, fold(value.text))
        elif lines := concealment.folded_lines(value.text):
            builder.add_value(value, lines)
    builder.add_part("note", filter(None, map(concealment.folded_lines, entry.notes)))
    for page in entry.pages:
        if lines := concealment.folded_lines(page.text):
            builder.add_page(lines)
    return builder.tokens()


def all_tokens(entry: IndexEntry) -> KeyTokens:
    """Give what revealers may find, in one: for an engine that keeps an index of its own for them."""
    plain = tuple(replace(value, sensitive=False) for value in entry.values)
    unguarded = replace(entry, values=plain)
    return open_tokens(unguarded, Concealment(unguarded))


@lru_cache(maxsize=1024)
def bound_mark(key: str) -> str:
    """Give the mark that a token carries when it is bound to a concept; alone it tells that there are such values."""
    return "k" + str(int.from_bytes(hashlib.blake2b(key.encode(), digest_size=4).digest(), "big")).zfill(10)


@lru_cache(maxsize=1024)
def bound_gram_mark(key: str) -> str:
    """Give the mark of a gram that is bound to a concept."""
    return "q" + bound_mark(key)[1:]


@lru_cache(maxsize=1024)
def _day_mark(key: str) -> int:
    return int(bound_mark(key)[1:]) % 2**20 * 10**8 if key else 0


def bound_day(key: str | None, day: int) -> int:
    """Give the number that stands for a day in the dates of a concept, or in any date; below 2 ** 47."""
    return _day_mark(key or "") + day


_PAIR_KEYS = {key: f"{key}_pair" for key in TEXT_KEYS}
_SHORTCUT_KEYS = {key: f"{key}_shortcut" for key in TEXT_KEYS}
_LISTED_KEYS = (*TEXT_KEYS, *GRAM_KEYS, "bound", *_PAIR_KEYS.values(), *_SHORTCUT_KEYS.values())


class _Builder:
    def __init__(self, common: CommonRuns) -> None:
        self._common = common
        self._exact: dict[str, None] = {}
        self._pinyin: dict[str, None] = {}
        self._days: dict[int, None] = {}
        self._lists: dict[str, list[str]] = {key: [] for key in _LISTED_KEYS}

    def add_part(self, key: str, folded_texts: Iterable[str], kind: ValueKind = "text") -> None:
        for folded in folded_texts:
            self._add_named((key,), folded, kind)

    def add_value(self, value: IndexedValue, folded: str) -> None:
        self._add_named(_concepts_of(value.key, value.label, value.names), folded, value.kind)

    def _add_named(self, concepts: Sequence[str], folded: str, kind: ValueKind) -> None:
        is_short = len(folded) < LONG
        value = _read_short_value(folded, kind) if is_short else _read_value(folded, kind)
        self._add_cut("name" if kind in ("name", "code") else "text", value.pieces)
        if value.grams:
            self._lists["gram"] += value.grams
        for key in concepts:
            bound = _short_bound_to(key, folded, kind) if is_short else _bound_to(key, value.tokens, value.grams)
            self._lists["bound"].append(bound)
        if value.days:
            for key in concepts:
                self.add_days(key, value.days, anywhere=False)
            self.add_days("", value.days)
        if value.sounds:
            self._pinyin.update(value.sounds)
        if value.exact:
            self._exact[value.exact] = None

    def add_bound(self, key: str, texts: tuple[str, ...]) -> None:
        self._lists["bound"].append(_bound(key, texts))

    def add_days(self, key: str, days: Iterable[int], *, anywhere: bool = True) -> None:
        for day in days:
            self._days[bound_day(key, day)] = None
            if anywhere:
                self._days[bound_day(None, day)] = None

    def add_page(self, folded: str) -> None:
        self._add_cut("page", cut(folded))
        self._lists["page_gram"] += grams_of(folded)

    def tokens(self) -> KeyTokens:
        joined = {key: " ".join(tokens) for key, tokens in self._lists.items()}
        return KeyTokens(exact=" ".join(self._exact), pinyin=" ".join(self._pinyin), days=tuple(self._days), **joined)

    def _add_cut(self, key: str, pieces: Cut) -> None:
        lists = self._lists
        lists[key] += (pieces.tokens, MASK)
        if pieces.pairs:
            lists[_PAIR_KEYS[key]].append(pieces.pairs)
        if runs := self._common.runs_in(pieces.squeezed):
            lists[_SHORTCUT_KEYS[key]] += dict.fromkeys(runs)
        if pieces.beginnings:
            lists[_SHORTCUT_KEYS[key]] += map(beginning_token, pieces.beginnings)


class _Value(NamedTuple):
    """A value's text, read for the index: all of it that does not depend on the dossier."""

    pieces: Cut
    tokens: list[str]
    grams: list[str]
    days: list[int]
    sounds: dict[str, None]
    exact: str


def _read_value(folded: str, kind: ValueKind) -> _Value:
    pieces = cut(folded)
    squeezed = pieces.squeezed.replace(MASK, "")
    if kind in ("code", "number") and len(squeezed) >= GRAM_LENGTH:
        # The kind says it is a number, so all of it is one, however it is written.
        whole = [*grams_of_code(squeezed), MASK]
        written = whole if folded.isalnum() and folded.isascii() else grams_of(folded)
        grams = whole if written == whole else written + whole
    else:
        grams = grams_of(folded)
    sounds = dict.fromkeys((*pinyin_tokens(folded), *first_letter_tokens(folded)) if kind == "name" else ())
    exact = squeezed if len(squeezed) <= LONGEST_EXACT and MASK not in folded else ""
    return _Value(pieces, pieces.tokens.split(), grams, _days_of(kind, folded), sounds, exact)


_read_short_value = lru_cache(maxsize=4096)(_read_value)
"""The last ones are kept: a title is often one of the values too, and many dossiers share some."""


def _bound_to(key: str, tokens: Sequence[str], grams: Sequence[str]) -> str:
    """Bind tokens and grams to a concept, behind its mark alone, which parts them from what stands before."""
    mark, for_grams = bound_mark(key), bound_gram_mark(key)
    return " ".join([mark, *[mark + token for token in tokens], *[for_grams + gram for gram in grams]])


@lru_cache(maxsize=4096)
def _short_bound_to(key: str, folded: str, kind: ValueKind) -> str:
    value = _read_short_value(folded, kind)
    return _bound_to(key, value.tokens, value.grams)


@lru_cache(maxsize=4096)
def _bound(key: str, texts: tuple[str, ...]) -> str:
    """Bind what many dossiers have alike: their type, their unit, their state, their year."""
    return " ".join(_bound_to(key, tokens_of(text), grams_of(text)) for text in dict.fromkeys(map(fold, texts)))


@lru_cache(maxsize=4096)
def _concepts_of(key: str, label: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(concept_of, (key, label, *names))))


def _days_of(kind: ValueKind, folded: str) -> list[int]:
    """Give the days of a date, and of a text that is nothing but one."""
    if kind not in ("date", "text") or (not folded[:1].isdigit() and kind == "text"):
        return []
    return [day for start, end, day in dates_in(folded) if kind == "date" or (start, end) == (0, len(folded))]
