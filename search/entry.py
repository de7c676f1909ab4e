"""What goes into the index: one entry a dossier."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal

from search.sendable import Sendable

ValueKind = Literal["name", "code", "text", "date", "number"]
"""How a value is matched: names also by pinyin; codes, dates and numbers by any part of them, in any grouping."""


@dataclass(frozen=True, slots=True)
class IndexedValue(Sendable):
    """One value of a dossier.

    Attributes:
        key: Stable name of the field, for ``key:value`` searches.
        label: The field's name as people read it; ``label:value`` finds it too.
        text: The value as it is shown.
        kind: How it is matched.
        sensitive: Whether only readers who may reveal can find it.
        names: Other names of the field, such as its label in another language; ``name:value`` finds it by each.
    """

    key: str
    label: str
    text: str
    kind: ValueKind = "text"
    sensitive: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexedPage(Sendable):
    """The text of one page of a scan.

    Attributes:
        scan: Id of the scan.
        number: Page number, from 1.
        text: What the reader recognised, in reading order.
    """

    scan: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class IndexEntry(Sendable):
    """Everything by which a dossier can be found.

    Occurrences of sensitive values in notes, pages and other values are concealed from readers who may not reveal;
    ``code``, ``aliases``, ``title``, ``type``, ``unit``, ``state``, ``tags`` and ``year`` are open to every reader in
    scope.

    Attributes:
        id: The dossier's id; putting an entry with the same id replaces the former one.
        code: 档号.
        aliases: Other codes it is known by, such as those of merged dossiers.
        title: What lists show.
        type: Facet: the dossier type.
        unit: Facet: the unit it belongs to; a reader's scope is a set of these.
        state: Facet: its state.
        tags: Facet: its tags.
        year: Facet: the year it belongs to.
        created_at: When it was created; aware. Its day is that of the time zone in which it is given.
        changed_at: When it was last changed; likewise.
        values: Its field values.
        pages: The texts of its scanned pages.
        notes: Its notes.
        revision: The record's revision, which only grows.
        type_names: What people call the type, in any language; ``type:name`` finds it by each.
        unit_names: What people call the unit.
        state_names: What people call the state.
    """

    id: str
    code: str
    aliases: tuple[str, ...]
    title: str
    type: str
    unit: str
    state: str
    tags: tuple[str, ...]
    year: int | None
    created_at: datetime
    changed_at: datetime
    values: tuple[IndexedValue, ...] = ()
    pages: tuple[IndexedPage, ...] = ()
    notes: tuple[str, ...] = ()
    revision: int = 0
    type_names: tuple[str, ...] = ()
    unit_names: tuple[str, ...] = ()
    state_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.created_at.tzinfo is None or self.changed_at.tzinfo is None:
            raise ValueError("created_at and changed_at must be aware")

    @property
    def digest(self) -> str:
        """Hash of the whole content: 32 hex digits, equal for equal entries in every process and on every machine."""
        return entry_digest(entry_json(self))


def entry_json(entry: IndexEntry) -> str:
    """Write an entry as canonical JSON, the form in which an index keeps it."""
    # Written out because ``asdict`` copies every string on its way down, ten times slower.
    plain = _plain(entry)
    plain["created_at"] = entry.created_at.isoformat()
    plain["changed_at"] = entry.changed_at.isoformat()
    plain["values"] = list(map(_plain, entry.values))
    plain["pages"] = list(map(_plain, entry.pages))
    return _CANONICAL.encode(plain)


_CANONICAL = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_IN_ORDER = {kind: sorted(kind.__slots__) for kind in (IndexEntry, IndexedValue, IndexedPage)}
_IN_TURN = {kind: attrgetter(*names) for kind, names in _IN_ORDER.items()}


def _plain(record: IndexEntry | IndexedValue | IndexedPage) -> dict[str, Any]:
    kind = type(record)
    return dict(zip(_IN_ORDER[kind], _IN_TURN[kind](record), strict=True))


def entry_digest(written: str) -> str:
    """Hash an entry as ``entry_json`` wrote it."""
    return hashlib.blake2b(written.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@lru_cache(maxsize=512)
def entry_from_bytes(written: bytes) -> IndexEntry:
    """Read back what ``entry_json`` wrote, in UTF-8; the last ones are kept, as one search follows upon another."""
    return entry_from_json(written.decode("utf-8", "surrogatepass"))


def entry_from_json(written: str) -> IndexEntry:
    """Read back what ``entry_json`` wrote."""
    plain: Mapping[str, Any] = json.loads(written)
    return IndexEntry(
        **{
            **plain,
            "aliases": tuple(plain["aliases"]),
            "tags": tuple(plain["tags"]),
            "notes": tuple(plain["notes"]),
            **{key: tuple(plain[key]) for key in ("type_names", "unit_names", "state_names")},
            "created_at": datetime.fromisoformat(plain["created_at"]),
            "changed_at": datetime.fromisoformat(plain["changed_at"]),
            "values": tuple(IndexedValue(**{**value, "names": tuple(value["names"])}) for value in plain["values"]),
            "pages": tuple(IndexedPage(**page) for page in plain["pages"]),
        }
    )


def microseconds(moment: datetime) -> int:
    """Give an aware moment as an index keeps it: microseconds since 1970."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
