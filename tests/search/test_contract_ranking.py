"""Which hits come first, and what each shows of where it matches, on either engine."""

from datetime import timedelta

import pytest

from search import IndexedValue, PageHit, SearchEngine
from tests.search.entries import BEGINNING, ask, found, make_entry, name, page, phone

# Ranking


def test_the_exact_name_comes_first(engine: SearchEngine) -> None:
    engine.put(
        [
            make_entry("1", "王伟明贸易", values=(name("王伟明"),)),
            make_entry("2", "某公司", pages=(page("王伟 王伟 王伟 王伟"),), notes=("王伟",)),
            make_entry("3", "客户", values=(name("王伟"),)),
            make_entry("4", "王伟东与王伟国", values=(name("王伟东"),)),
        ]
    )

    assert found(engine, "王伟")[0] == "3"


@pytest.mark.parametrize("text", ["13800138000", "138 0013 8000", "138-0013-8000"])
def test_the_exact_number_comes_first(engine: SearchEngine, text: str) -> None:
    engine.put(
        [
            make_entry("1", pages=(page("13800138000 13800138000"),)),
            make_entry("2", values=(phone("138001380001"),)),
            make_entry("3", values=(phone("138-0013-8000"), phone("13900139000"))),
            make_entry("4", values=(phone("0138001380009"),)),
        ]
    )

    assert found(engine, text)[0] == "3"


def test_the_exact_code_comes_first(engine: SearchEngine) -> None:
    engine.put([make_entry(str(number), code=f"J001-{number:04}") for number in range(100, 130)])
    engine.put([make_entry("wanted", code="J001-01")])

    assert found(engine, "J001-01")[0] == "wanted"


def test_exact_hits_come_first_across_pages_of_results(engine: SearchEngine) -> None:
    engine.put([make_entry(f"n{number}", values=(name("王伟"),)) for number in range(3)])
    engine.put([make_entry(f"p{number}", pages=(page("王伟"),)) for number in range(5)])

    windows = [engine.search(ask("王伟", limit=2, offset=offset)) for offset in range(0, 10, 2)]

    ids = [hit.id for window in windows for hit in window.hits]
    assert [window.total for window in windows] == [8] * 5
    assert sorted(ids[:3]) == ["n0", "n1", "n2"]
    assert sorted(ids) == ["n0", "n1", "n2", "p0", "p1", "p2", "p3", "p4"]


def test_a_name_outranks_a_note_and_a_note_a_page(engine: SearchEngine) -> None:
    engine.put(
        [
            make_entry("page", pages=(page("surely Lindqvist here"),)),
            make_entry("note", notes=("met Lindqvist today",)),
            make_entry("name", values=(name("Anna Lindqvist"),)),
        ]
    )

    assert found(engine, "lindqvist") == ["name", "note", "page"]


def test_a_word_as_typed_outranks_one_with_a_typo(engine: SearchEngine) -> None:
    engine.put([make_entry("near", values=(name("Brawn Smyth"),)), make_entry("same", values=(name("Brown Smith"),))])

    assert found(engine, "brown ")[0] == "same"


def test_of_equal_hits_the_last_changed_comes_first_in_every_window(engine: SearchEngine) -> None:
    address = IndexedValue("address", "地址", "和平路 12 号")
    for number in (2, 4, 1, 3, 0):
        changed = BEGINNING + timedelta(days=number)
        engine.put([make_entry(f"d{number}", values=(address,), changed_at=changed)])

    assert found(engine, "和平路") == ["d4", "d3", "d2", "d1", "d0"]
    windows = [engine.search(ask("和平路", limit=2, offset=offset)).hits for offset in (0, 2, 4)]
    assert [hit.id for hits in windows for hit in hits] == ["d4", "d3", "d2", "d1", "d0"]
    assert list(engine.matching_ids(ask("和平路"))) == ["d4", "d3", "d2", "d1", "d0"]


# Snippets and pages


def test_a_hit_names_the_keys_and_labels_that_match(people: SearchEngine) -> None:
    hit = people.search(ask("138-0013")).hits[0]

    assert hit.matched_keys == ("phone",)
    assert [(s.key, s.label, s.text, s.spans) for s in hit.snippets] == [("phone", "电话", "138-0013-8000", ((0, 8),))]


def test_a_hit_by_sound_marks_the_name(people: SearchEngine) -> None:
    hit = people.search(ask("zengguo")).hits[0]

    assert ("name", "曾国藩", ((0, 2),)) in [(s.key, s.text, s.spans) for s in hit.snippets]


def test_a_hit_names_the_pages_that_match(people: SearchEngine) -> None:
    hit = people.search(ask("張三豐")).hits[0]

    assert hit.pages == (PageHit("scan-1", 1),)
    snippet = next(s for s in hit.snippets if s.key == "page")
    assert [snippet.text[start:end] for start, end in snippet.spans] == ["張三豐"]


def test_pages_that_meet_more_of_the_query_come_first(engine: SearchEngine) -> None:
    pages = (page("甲方 张三", 1), page("地址 北京", 2), page("张三 住北京", 3))
    engine.put([make_entry("a", pages=pages)])

    hit = engine.search(ask("张三 北京")).hits[0]

    assert [found_page.number for found_page in hit.pages] == [3, 1, 2]


def test_a_snippet_of_a_long_page_shows_the_match(engine: SearchEngine) -> None:
    engine.put([make_entry("a", pages=(page("无关文字" * 200 + "紫禁城" + "其他内容" * 200),))])

    snippet = engine.search(ask("紫禁城")).hits[0].snippets[0]

    assert len(snippet.text) <= 120
    assert [snippet.text[start:end] for start, end in snippet.spans] == ["紫禁城"]


def test_snippets_are_text_and_never_markup(engine: SearchEngine) -> None:
    engine.put([make_entry("a", notes=("<b>Lindqvist</b> & Co",))])

    snippet = engine.search(ask("lindqvist")).hits[0].snippets[0]

    assert snippet.text == "<b>Lindqvist</b> & Co"
    assert snippet.spans == ((3, 12),)
