"""Entries as values."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from search import IndexEntry
from search.entry import entry_from_json, entry_json
from tests.search.entries import BEGINNING, make_entry, name, page

ENTRY = make_entry("a", "张三", values=(name("张三"),), pages=(page("x"),), notes=("n",), tags=("t",), aliases=("c",))


def test_an_entry_survives_being_written_and_read() -> None:
    assert entry_from_json(entry_json(ENTRY)) == ENTRY


@pytest.mark.parametrize(
    "change",
    [{"title": "李四"}, {"values": ()}, {"pages": (page("y"),)}, {"notes": ()}, {"revision": 2}, {"year": None}],
)
def test_the_digest_changes_with_every_part(change: dict[str, object]) -> None:
    assert replace(ENTRY, **change).digest != ENTRY.digest  # type: ignore[arg-type]


def test_equal_entries_have_equal_digests() -> None:
    assert replace(ENTRY).digest == ENTRY.digest
    assert len(ENTRY.digest) == 32


def test_the_digest_changes_with_the_zone_as_the_day_of_a_moment_does() -> None:
    elsewhere = replace(ENTRY, created_at=BEGINNING.astimezone(timezone(timedelta(hours=8))))

    assert elsewhere.digest != ENTRY.digest
    assert entry_from_json(entry_json(elsewhere)).digest == elsewhere.digest


def test_times_must_be_aware() -> None:
    naive = datetime(2024, 1, 1)  # noqa: DTZ001

    with pytest.raises(ValueError, match="aware"):
        make_entry("a", created_at=naive)


def test_an_entry_is_frozen() -> None:
    entry: IndexEntry = make_entry("a")

    with pytest.raises(AttributeError):
        entry.title = "b"  # type: ignore[misc]
