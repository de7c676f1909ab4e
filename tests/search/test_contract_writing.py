"""What is put, removed and rebuilt, on either engine."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from search import (
    IndexEntry,
    SearchEngine,
)
from tests.search.entries import PEOPLE, ask, found, make_entry

# Writing


def test_a_put_entry_replaces_the_former(engine: SearchEngine) -> None:
    engine.put([make_entry("a", "茶叶")])
    engine.put([make_entry("a", "咖啡", revision=2)])
    engine.put([make_entry("a", "咖啡", revision=2)])

    assert found(engine, "茶叶") == []
    assert found(engine, "咖啡") == ["a"]


def test_the_last_of_two_entries_with_one_id_counts(engine: SearchEngine) -> None:
    engine.put([make_entry("a", "茶叶"), make_entry("a", "咖啡")])
    assert (found(engine, "茶叶"), found(engine, "咖啡")) == ([], ["a"])

    assert engine.rebuild([make_entry("a", "可可"), make_entry("a", "牛奶")]) == 2
    assert (found(engine, "可可"), found(engine, "牛奶")) == ([], ["a"])


def test_a_removed_dossier_is_gone(engine: SearchEngine) -> None:
    engine.put(PEOPLE)

    engine.remove(["zhang", "unknown"])

    assert found(engine, "张三丰") == []
    assert engine.digests(["zhang"]) == {}


def test_nothing_is_put_or_removed_without_harm(engine: SearchEngine) -> None:
    engine.put([])
    engine.remove([])

    assert found(engine, "") == []


@pytest.mark.parametrize("id_", ["ABC", "abc", "a b", "档案/1", 'x"y', "a" * 300, "_x", "é", "*"])
def test_any_text_is_an_id(engine: SearchEngine, id_: str) -> None:
    engine.put([make_entry("other"), replace(make_entry("x"), id=id_)])

    assert set(engine.digests([id_])) == {id_}
    assert set(found(engine, "")) == {"other", id_}
    engine.remove([id_])
    assert found(engine, "") == ["other"]


def test_digests_tell_whether_the_index_holds_the_entry(engine: SearchEngine) -> None:
    engine.put(PEOPLE)
    expected = {entry.id: entry.digest for entry in PEOPLE}

    assert engine.digests(["zhang", "smith", "unknown"]) == {id_: expected[id_] for id_ in ("zhang", "smith")}
    assert dict(engine.all_digests()) == expected
    changed = replace(PEOPLE[0], revision=9)
    engine.put([changed])
    assert dict(engine.all_digests()) == {**expected, "zhang": changed.digest}


def test_another_process_sees_a_put_at_once(open_engine: Callable[[], SearchEngine]) -> None:
    writer, reader = open_engine(), open_engine()
    writer.put([make_entry("a", "茶叶")])
    assert found(reader, "茶叶") == ["a"]

    writer.put([make_entry("b", "茶壶")])
    writer.remove(["a"])

    assert found(reader, "茶") == ["b"]


def test_several_writers_do_not_lose_each_others_entries(open_engine: Callable[[], SearchEngine]) -> None:
    def write(engine: SearchEngine, writer: int) -> None:
        for step in range(4):
            engine.put([make_entry(f"w{writer}-{step}")])

    writers = [threading.Thread(target=write, args=(open_engine(), number)) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert len(found(open_engine(), "")) == 12


def test_an_index_that_does_not_exist_yet_has_no_hits_and_is_not_ready(engine: SearchEngine) -> None:
    assert not engine.is_ready()
    assert engine.search(ask("x")).total == 0
    assert engine.search(ask("姓名:x")).facets["type"] == ()
    assert (engine.digests(["x"]), list(engine.all_digests())) == ({}, [])

    engine.rebuild([])

    assert engine.is_ready()
    assert engine.search(ask("")).total == 0


# Rebuilding


def test_a_rebuilt_index_holds_exactly_the_given_entries(engine: SearchEngine) -> None:
    engine.put(PEOPLE)

    assert engine.rebuild(iter(PEOPLE[1:])) == 2

    assert sorted(found(engine, "")) == ["smith", "zeng"]


def test_a_small_index_is_never_outgrown(engine: SearchEngine) -> None:
    engine.put(PEOPLE)
    assert not engine.is_outgrown()

    engine.rebuild(PEOPLE)
    assert not engine.is_outgrown()


def test_searching_goes_on_while_the_index_is_rebuilt(open_engine: Callable[[], SearchEngine]) -> None:
    engine, reader = open_engine(), open_engine()
    engine.put([make_entry("old", "茶叶")])
    seen: list[list[str]] = []

    def entries() -> Iterator[IndexEntry]:
        seen.append(found(reader, "茶叶"))
        yield make_entry("new", "茶叶")

    engine.rebuild(entries())
    seen.append(found(reader, "茶叶"))

    assert seen == [["old"], ["new"]]


def test_what_is_written_during_a_rebuild_is_carried_over(open_engine: Callable[[], SearchEngine]) -> None:
    engine, other = open_engine(), open_engine()
    engine.put([make_entry("kept", "茶叶"), make_entry("changed", "茶壶"), make_entry("removed", "茶杯")])

    def entries() -> Iterator[IndexEntry]:
        yield from (make_entry("kept", "茶叶"), make_entry("changed", "茶壶"), make_entry("removed", "茶杯"))
        other.put([make_entry("changed", "咖啡壶", revision=2), make_entry("added", "咖啡")])
        other.remove(["removed"])

    engine.rebuild(entries())

    assert sorted(found(engine, "")) == ["added", "changed", "kept"]
    assert found(engine, "咖啡壶") == ["changed"]


def test_a_rebuild_that_breaks_off_leaves_the_index_as_it_was(engine: SearchEngine) -> None:
    def entries() -> Iterator[IndexEntry]:
        yield make_entry("new")
        raise RuntimeError("the database went away")

    engine.put(PEOPLE)
    with pytest.raises(RuntimeError):
        engine.rebuild(entries())

    assert len(found(engine, "")) == 3
    assert engine.rebuild(PEOPLE[:1]) == 1
    assert found(engine, "") == ["zhang"]
