"""Many entries are written by several processes, and the index is the same as if one had written it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search import IndexEntry, IndexUnavailableError, SearchEngine, SearchSettings, open_search_engine
from search.common_runs import NOTHING_COMMON
from search.embedded.filling import IndexPart, fill_index
from tests.search.entries import ask, make_entry

MANY = 2400


def many_entries() -> list[IndexEntry]:
    """Make more entries than one process writes alone; the last one replaces the first."""
    entries = [make_entry(f"d{number}", f"客户{number}", tags=("old",)) for number in range(MANY)]
    return [*entries, make_entry("d0", "客户改名", tags=("new",))]


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[SearchEngine]:
    """An engine whose index was filled with many entries."""
    engine = open_search_engine(SearchSettings(index_dir=tmp_path / "index"))
    assert engine.rebuild(many_entries()) == MANY + 1
    yield engine
    engine.close()


def test_every_entry_is_there_once_and_the_later_of_two_with_one_id_stays(filled: SearchEngine) -> None:
    digests = dict(filled.all_digests())

    assert digests == {entry.id: entry.digest for entry in many_entries()}
    assert filled.search(ask("客户")).total == MANY
    assert [hit.id for hit in filled.search(ask("客户改名")).hits] == ["d0"]
    assert [(bucket.value, bucket.count) for bucket in filled.search(ask("")).facets["tag"]] == [
        ("old", MANY - 1),
        ("new", 1),
    ]


def test_what_was_joined_can_be_written_on(filled: SearchEngine, tmp_path: Path) -> None:
    filled.put([make_entry("d1", "改过的")])
    filled.remove(["d2"])
    filled.put([make_entry("another", "新的")])

    assert filled.search(ask("")).total == MANY
    assert [hit.id for hit in filled.search(ask("改过的")).hits] == ["d1"]
    assert not list((tmp_path / "index").rglob("part-*"))


def test_a_rebuild_that_breaks_off_amid_many_entries_leaves_the_index_as_it_was(filled: SearchEngine) -> None:
    def broken() -> Iterator[IndexEntry]:
        yield from many_entries()
        raise RuntimeError("the database is gone")

    before = dict(filled.all_digests())

    with pytest.raises(RuntimeError, match="the database is gone"):
        filled.rebuild(broken())

    assert dict(filled.all_digests()) == before


def test_a_part_that_lost_what_it_wrote_says_so(tmp_path: Path) -> None:
    entries = many_entries()[:3]
    part = IndexPart(tmp_path / "part", 20_000_000)
    part.begin(NOTHING_COMMON)
    assert part.add(entries, after=0) == 3
    del part

    begun_again = IndexPart(tmp_path / "part", 20_000_000)

    with pytest.raises(IndexUnavailableError):
        begun_again.add(entries, after=0)  # it was not told what is common
    begun_again.begin(NOTHING_COMMON)
    with pytest.raises(IndexUnavailableError):
        begun_again.add(entries, after=3)


def test_a_few_entries_are_filled_in_here(tmp_path: Path) -> None:
    assert fill_index(tmp_path / "few", many_entries()[:5]) == 5
    assert fill_index(tmp_path / "none", []) == 0
