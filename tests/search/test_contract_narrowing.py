"""Facets, filters, orders and windows of a result, on either engine."""

from datetime import timedelta

import pytest

from search import (
    Bucket,
    SearchEngine,
    Sort,
)
from tests.search.entries import BEGINNING, ask, found, make_entry

# Facets and filters


@pytest.fixture
def shop(engine: SearchEngine) -> SearchEngine:
    engine.put(
        [
            make_entry("1", "茶叶", type="person", unit="north", tags=("red", "big"), year=2023),
            make_entry("2", "茶壶", type="person", unit="south", tags=("red",), year=2024),
            make_entry("3", "茶杯", type="company", unit="south", tags=("blue",), year=2024),
            make_entry("4", "咖啡", type="company", unit="south", tags=(), year=None),
        ]
    )
    return engine


def test_facets_count_what_the_text_finds(shop: SearchEngine) -> None:
    facets = shop.search(ask("茶")).facets

    assert facets["type"] == (Bucket("person", 2), Bucket("company", 1))
    assert facets["unit"] == (Bucket("south", 2), Bucket("north", 1))
    assert facets["tag"] == (Bucket("red", 2), Bucket("big", 1), Bucket("blue", 1))
    assert facets["year"] == (Bucket("2024", 2), Bucket("2023", 1))
    assert facets["state"] == (Bucket("open", 3),)


def test_values_of_one_facet_are_united_and_facets_intersected(shop: SearchEngine) -> None:
    assert sorted(found(shop, "", filters={"tag": ("red", "blue")})) == ["1", "2", "3"]
    assert found(shop, "", filters={"tag": ("red", "blue"), "type": ("company",)}) == ["3"]
    assert found(shop, "茶", filters={"year": ("2024",), "unit": ("south",), "tag": ("red",)}) == ["2"]


def test_the_counts_of_a_facet_ignore_its_own_filter_only(shop: SearchEngine) -> None:
    facets = shop.search(ask("茶", filters={"tag": ("red",), "unit": ("south",)})).facets

    assert facets["tag"] == (Bucket("blue", 1), Bucket("red", 1))
    assert facets["unit"] == (Bucket("north", 1), Bucket("south", 1))
    assert facets["type"] == (Bucket("person", 1),)


def test_only_the_facets_asked_for_are_counted(shop: SearchEngine) -> None:
    assert set(shop.search(ask("", facets=("type",), filters={"tag": ("red",)})).facets) == {"type"}
    assert shop.search(ask("", facets=())).facets == {}


def test_an_unknown_value_of_a_facet_finds_nothing(shop: SearchEngine) -> None:
    for value in ("nowhere", "", '"; unit = "north', "red'", "\ud800"):
        assert found(shop, "", filters={"tag": (value,)}) == []


# Order and window


@pytest.mark.parametrize(
    ("sort", "ascending"),
    [
        (Sort.CHANGED_AT, ["2", "3", "1"]),
        (Sort.CREATED_AT, ["1", "2", "3"]),
        (Sort.TITLE, ["2", "1", "3"]),
        (Sort.CODE, ["3", "2", "1"]),
        (Sort.YEAR, ["3", "1", "2"]),
    ],
)
def test_hits_are_sorted(engine: SearchEngine, sort: Sort, ascending: list[str]) -> None:
    later = [BEGINNING + timedelta(microseconds=step) for step in range(3)]
    engine.put(
        [
            make_entry("1", "客户张三", code="C", created_at=later[0], changed_at=later[2], year=2023),
            make_entry("2", "客户李四", code="B", created_at=later[1], changed_at=later[0], year=2024),
            make_entry("3", "客户赵六", code="A", created_at=later[2], changed_at=later[1], year=None),
        ]
    )

    assert found(engine, "客户", sort=sort, descending=False) == ascending
    assert found(engine, "", sort=sort, descending=True) == ascending[::-1]


def test_windows_cut_the_hits_without_gap_or_overlap(engine: SearchEngine) -> None:
    engine.put([make_entry(f"n{number:02}", "茶", code=f"{number:02}") for number in range(25)])

    windows = [engine.search(ask("茶", sort=Sort.CODE, descending=False, limit=10, offset=n)) for n in (0, 10, 20, 30)]

    assert [hit.id for window in windows for hit in window.hits] == [f"n{number:02}" for number in range(25)]
    assert {window.total for window in windows} == {25}


def test_a_window_of_none_still_counts(shop: SearchEngine) -> None:
    for text in ("", "茶", "茶叶"):
        result = shop.search(ask(text, limit=0))

        assert (result.hits, result.total > 0) == ((), True)
        assert result.facets["state"] == (Bucket("open", result.total),)
