"""Entries for the tests: a small archive whose content each test can see at a glance."""

from datetime import UTC, datetime, timedelta

from search import IndexedPage, IndexedValue, IndexEntry, Scope, SearchQuery

BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
EVERYTHING = Scope(units=None, may_reveal=True)
OPEN_ONLY = Scope(units=None, may_reveal=False)


def make_entry(id_: str, title: str = "", **changes: object) -> IndexEntry:
    """Make an entry that has only what the test names."""
    number = sum(map(ord, id_))
    given: dict[str, object] = {
        "code": f"J001-{id_}",
        "aliases": (),
        "title": title or id_,
        "type": "person",
        "unit": "north",
        "state": "open",
        "tags": (),
        "year": 2024,
        "created_at": BEGINNING + timedelta(days=number),
        "changed_at": BEGINNING + timedelta(days=number),
        **changes,
    }
    return IndexEntry(id=id_, **given)  # type: ignore[arg-type]


def name(text: str, **changes: object) -> IndexedValue:
    """Make the value of a customer's name."""
    return IndexedValue("name", "姓名", text, "name", **changes)  # type: ignore[arg-type]


def phone(text: str, *, sensitive: bool = False) -> IndexedValue:
    """Make the value of a phone number."""
    return IndexedValue("phone", "电话", text, "number", sensitive=sensitive)


def page(text: str, number: int = 1, scan: str = "scan-1") -> IndexedPage:
    """Make a scanned page."""
    return IndexedPage(scan, number, text)


def ask(text: str, scope: Scope = EVERYTHING, **changes: object) -> SearchQuery:
    """Make a query with every right, unless told otherwise."""
    return SearchQuery(text, scope, **changes)  # type: ignore[arg-type]
