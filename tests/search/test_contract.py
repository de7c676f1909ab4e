"""What every search engine does, on Tantivy always and on Meilisearch where one is named."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from search import (
    Bucket,
    IndexedValue,
    IndexEntry,
    PageHit,
    Scope,
    SearchEngine,
    SearchQuery,
    Sort,
)
from tests.search.entries import BEGINNING, EVERYTHING, OPEN_ONLY, ask, make_entry, name, page, phone


def found(engine: SearchEngine, text: str, scope: Scope = EVERYTHING, **changes: object) -> list[str]:
    """Give the ids that a text finds, in order, having checked that the total agrees."""
    result = engine.search(ask(text, scope, limit=50, **changes))
    assert result.total == len(result.hits)
    return [hit.id for hit in result.hits]


PEOPLE = (
    make_entry(
        "zhang",
        "张三丰客户档案",
        code="Z109-WS·2011-Y-BGS-0001",
        values=(
            name("张三丰"),
            phone("138-0013-8000"),
            IndexedValue("id_number", "身份证号", "11010519491231002X", "code"),
            IndexedValue("born", "出生日期", "1949-12-31", "date"),
            IndexedValue("city", "城市", "北京市朝阳区", "text"),
        ),
        pages=(page("客户登记表\n姓名 張三豐\n地址 北京市朝\n阳区建国路８８号", 1), page("备注：无", 2)),
        tags=("VIP", "老客户"),
    ),
    make_entry(
        "zeng",
        "曾国藩",
        values=(name("曾国藩"), phone("010 6552 9988")),
        notes=("与张三合办", "年费已缴"),
        unit="south",
        year=2023,
    ),
    make_entry(
        "smith",
        "Müller & Smith Trading Ltd",
        aliases=("OLD-0042",),
        values=(IndexedValue("contact", "Contact person", "Agnes Müller", "name"), phone("+86 139 0013 1234")),
        pages=(page("This Agreement is made between the parties.\nTotal 1.250,00", 1, "scan-9"),),
        type="company",
        state="closed",
        unit="south",
        year=None,
    ),
)


@pytest.fixture(scope="module")
def people(shared_engine: SearchEngine) -> SearchEngine:
    """An engine with three dossiers, for tests that only ask."""
    shared_engine.put(PEOPLE)
    return shared_engine


# Matching


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        # Chinese: any part, single characters, folded width and script, across line breaks
        ("张三丰", {"zhang"}),
        ("三丰", {"zhang"}),
        ("丰", {"zhang"}),
        ("张三", {"zhang", "zeng"}),
        ("張三豐", {"zhang"}),
        ("北京市朝阳区建国路", {"zhang"}),
        ("建国路88号", {"zhang"}),
        ("８８", {"zhang"}),
        ("丰三", set()),
        ("三丰 朝阳", {"zhang"}),
        # by sound
        ("zhangsanfeng", {"zhang"}),
        ("zhang san feng", {"zhang"}),
        ("zhangsan", {"zhang"}),
        ("sanfeng", {"zhang"}),
        ("zsf", {"zhang"}),
        ("zengguofan", {"zeng"}),
        ("zgf", {"zeng"}),
        # words: accents, capitals, unfinished, misspelt
        ("muller", {"smith"}),
        ("MÜLLER", {"smith"}),
        ("agreem", {"smith"}),
        ("agreemant", {"smith"}),
        ("tradnig smith", {"smith"}),
        ("trad smith", set()),
        ("smith trad", {"smith"}),
        ("vip", {"zhang"}),
        # numbers: any part, any grouping
        ("13800138000", {"zhang"}),
        ("138-0013", {"zhang"}),
        ("0013 8000", {"zhang"}),
        ("0013", {"zhang", "smith"}),
        ("8000", {"zhang"}),
        ("１３８００１３", {"zhang"}),
        ("8613900131234", {"smith"}),
        ("+86-139-0013-1234", {"smith"}),
        ("01065529988", {"zeng"}),
        ("002X", {"zhang"}),
        ("13800138777", set()),
        ("1949-12-31", {"zhang"}),
        ("1949年12月31日", {"zhang"}),
        ("1949.12", {"zhang"}),
        ("1.250", {"smith"}),
        # codes
        ("Z109-WS·2011-Y-BGS-0001", {"zhang"}),
        ("ws·2011-y", {"zhang"}),
        ("BGS 0001", {"zhang"}),
        ("z109ws2011", {"zhang"}),
        ("old-0042", {"smith"}),
        # exact phrases, exclusions
        ('"made between the parties"', {"smith"}),
        ('"between made"', set()),
        ("“Smith Trading”", {"smith"}),
        ('"made between', {"smith"}),
        ("张三 -曾国藩", {"zhang"}),
        ("-张三", {"smith"}),
        ('-"smith trading" -8000', {"zeng"}),
        ("张三 -9988", {"zhang"}),
        # bound to a key or a label, whichever language and width
        ("姓名:张三", {"zhang"}),
        ("name：张三", {"zhang"}),
        ("姓名: 张三丰", {"zhang"}),
        ("电话:0013", {"zhang", "smith"}),
        ("phone:138", {"zhang"}),
        ("身份证号:138", set()),
        ("城市:朝阳", {"zhang"}),
        ("城市:张三", set()),
        ('城市:"朝阳区"', {"zhang"}),
        ("标签:老客户", {"zhang"}),
        ("year:2023", {"zeng"}),
        ("type:company", {"smith"}),
        ("备注:张三", {"zeng"}),
        ("code:2011", {"zhang"}),
        ("-姓名:张三", {"zeng", "smith"}),
        ("-登记人:张三", {"zhang", "zeng", "smith"}),
        ("-建国路88号", {"zeng", "smith"}),
        ("-2号楼", {"zhang", "zeng", "smith"}),
        # names that are no key are text
        ("备考:张三", set()),
        ("http://parties", set()),
        ("made:between", {"smith"}),
    ],
)
def test_a_text_finds(people: SearchEngine, text: str, ids: set[str]) -> None:
    assert set(found(people, text)) == ids


@pytest.mark.parametrize(
    "text",
    ['"', '""', "-", "--", "::", ":", "a:", ":a", "(", ")", "[a TO b]", "a AND", "OR", "\\", "\\\"", "*", "?", "~", "^",
     "a^2", "+-", "' OR 1=1 --", "</b>", "\x00", "\ud800", "\u202e", "😀", "🏳️‍🌈", "%", "${x}", "“", "-“", "姓名:", "姓名:-",
     "姓名:\"", "●", "é́", "ﷺ", "ß", "İ", "½", "a" * 5000, "张" * 5000, "1" * 5000, "a " * 500, '"a' * 300, "-a " * 300,
     "姓名:1 " * 100, "\n\t", "unit = north", "0x5f20", "2138", "_", "__"],
)  # fmt: skip
def test_whatever_is_typed_is_a_search(people: SearchEngine, text: str) -> None:
    for scope in (EVERYTHING, OPEN_ONLY):
        result = people.search(ask(text, scope))

        assert result.total >= len(result.hits)


def test_an_empty_text_lists_everything_the_last_changed_first(people: SearchEngine) -> None:
    expected = sorted(PEOPLE, key=lambda entry: entry.changed_at, reverse=True)

    assert found(people, "") == found(people, "  ") == [entry.id for entry in expected]


def test_a_phrase_does_not_reach_from_one_value_into_the_next(engine: SearchEngine) -> None:
    engine.put(
        [make_entry("a", "甲", values=(IndexedValue("x", "x", "红色", "text"), IndexedValue("y", "y", "花园", "text")))]
    )

    assert found(engine, "红色花园") == []
    assert found(engine, "红色 花园") == ["a"]


@pytest.mark.parametrize("between", ["x", "1", "●", "x 绿 "])
def test_a_phrase_does_not_reach_over_what_stands_between(engine: SearchEngine, between: str) -> None:
    text = f"红色{between}花园"
    engine.put([make_entry("a", "甲", values=(name(text), IndexedValue("x", "x", text)), pages=(page(text),))])

    assert found(engine, "红色花园") == found(engine, "色花") == found(engine, "色花园") == []
    assert found(engine, "红色") == found(engine, "花园") == found(engine, "色") == ["a"]


def test_words_may_be_spread_over_the_dossier(engine: SearchEngine) -> None:
    engine.put([make_entry("a", "李四", notes=("merger",), pages=(page("agreement"),)), make_entry("b", "李四")])

    assert found(engine, "agreement 李四 merger") == ["a"]


def test_the_last_page_of_a_long_dossier_is_found(engine: SearchEngine) -> None:
    filler = "甲方乙方丙方丁方 number 12345 " * 80
    pages = tuple(page(f"{filler} 第{number}页", number) for number in range(1, 60))
    engine.put([make_entry("long", pages=(*pages, page("这里有玄武岩 and a zeppelin 98765", 60)))])

    for text in ("玄武岩", "zeppelin", "9876"):
        result = engine.search(ask(text))

        assert result.total == 1
        assert result.hits[0].pages == (PageHit("scan-1", 60),)


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


# Rights


SECRET = (
    make_entry(
        "secret",
        "李雷",
        values=(
            name("李雷"),
            phone("138-0013-8000", sensitive=True),
            IndexedValue("id_number", "身份证号", "11010519491231002X", "code", sensitive=True),
            IndexedValue("born", "出生日期", "1949-12-31", "date", sensitive=True),
            IndexedValue("mother", "母亲姓名", "韩梅梅", "name", sensitive=True),
            IndexedValue("remark", "说明", "回电13800138000即可", "text"),
        ),
        pages=(
            page("姓名 李雷\n手机 138 0013 8000 请来电\n证号 1101 0519 4912 3100 2X\n生于1949年12月31日\n母亲 韩 梅梅"),
        ),
        notes=("母亲韩梅梅，电话 1380013 8000",),
    ),
    make_entry("other", "王芳", values=(name("王芳"), phone("13900139000", sensitive=True))),
)


TELLING_TEXTS = (
    "13800138000",
    "138-0013",
    "0013",
    "8000",
    "138",
    "13",
    "11010519491231002X",
    "002X",
    "4912",
    "1949-12-31",
    "1949年12月31日",
    "1949",
    "韩梅梅",
    "韩梅",
    "梅",
    "hanmeimei",
    "hmm",
    "mei",
    "电话:138",
    "phone:138",
    "母亲姓名:韩",
    '"韩梅梅"',
    '"138 0013 8000"',
    "李雷 8000",
    "王芳 139",
)


def test_without_the_right_a_sensitive_value_tells_nothing(engine: SearchEngine, subtests: pytest.Subtests) -> None:
    engine.put(SECRET)
    engine.put([make_entry("public", "赵六", notes=("nothing to hide",))])
    concealed = {text: engine.search(ask(text, OPEN_ONLY)) for text in TELLING_TEXTS}
    revealed = {text: engine.search(ask(text, EVERYTHING)) for text in TELLING_TEXTS}
    engine.put([_without_secrets(entry) for entry in SECRET])
    without = {text: engine.search(ask(text, OPEN_ONLY)) for text in TELLING_TEXTS}

    for text in TELLING_TEXTS:
        with subtests.test(text=text):
            assert (concealed[text].total, concealed[text].facets) == (without[text].total, without[text].facets)
            assert revealed[text].total > concealed[text].total


def _without_secrets(entry: IndexEntry) -> IndexEntry:
    values = tuple(value for value in entry.values if not value.sensitive and value.key != "remark")
    return replace(entry, values=values, pages=(), notes=())


def test_without_the_right_an_exclusion_tells_nothing(engine: SearchEngine) -> None:
    engine.put(SECRET)

    for text in ("-13800138000", "-韩梅梅", '-"韩梅梅"', "-电话:138", "-8000", "李雷 -002X"):
        assert "secret" in found(engine, text, OPEN_ONLY)
        assert "secret" not in found(engine, text, EVERYTHING)


def test_without_the_right_snippets_and_pages_show_nothing_sensitive(engine: SearchEngine) -> None:
    engine.put(SECRET)

    for text in ("李雷", "手机", "请来电", "证号", "生于", "母亲", "即可", "回电"):
        for hit in engine.search(ask(text, OPEN_ONLY)).hits:
            shown = " ".join(snippet.text for snippet in hit.snippets)
            squeezed = "".join(character for character in shown if character.isalnum())
            assert not any(secret in squeezed for secret in ("8000", "0013", "002X", "1949", "韩梅"))


def test_with_the_right_sensitive_values_are_found_wherever_they_stand(engine: SearchEngine) -> None:
    engine.put(SECRET)

    for text in ("13800138000", "8000", "韩梅梅", "hanmeimei", "电话:138", "002X", "手机 8000 来电", '"手机 138"'):
        assert "secret" in found(engine, text, EVERYTHING)
    hit = engine.search(ask("0013 8000")).hits[0]
    assert set(hit.matched_keys) == {"phone", "remark", "note", "page"}


def test_a_scope_of_units_bounds_hits_and_counts(people: SearchEngine) -> None:
    north = Scope(units=frozenset({"north"}), may_reveal=True)

    result = people.search(ask("张三", north))

    assert [hit.id for hit in result.hits] == ["zhang"]
    assert result.facets["unit"] == (Bucket("north", 1),)


def test_a_scope_of_no_unit_finds_nothing(people: SearchEngine) -> None:
    result = people.search(ask("", Scope(units=frozenset(), may_reveal=True)))

    assert (result.total, result.hits) == (0, ())
    assert not any(result.facets.values())


def test_a_filter_cannot_widen_the_scope(people: SearchEngine) -> None:
    north = Scope(units=frozenset({"north"}), may_reveal=True)

    result = people.search(ask("", north, filters={"unit": ("south",)}))

    assert result.total == 0
    assert result.facets["unit"] == (Bucket("north", 1),)


def test_units_that_differ_in_capitals_or_accents_only_are_different(engine: SearchEngine) -> None:
    units = ("Nord", "nord", "NORD", "nörd", "ｎｏｒｄ", " nord", "北", '"', "a\\", "x] OR [unit", "~6e", "nord ")
    engine.put([make_entry(f"e{number}", unit=unit) for number, unit in enumerate(units)])

    for number, unit in enumerate(units):
        result = engine.search(ask("", Scope(units=frozenset({unit}), may_reveal=False)))

        assert [hit.id for hit in result.hits] == [f"e{number}"]
        assert result.facets["unit"] == (Bucket(unit, 1),)


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


def test_the_answer_repeats_the_query_and_tells_the_time(people: SearchEngine) -> None:
    query: SearchQuery = ask("张三")

    result = people.search(query)

    assert result.query is query
    assert result.took_ms > 0


def test_the_version_names_the_engine(people: SearchEngine) -> None:
    engine, _, number = people.version().partition(" ")

    assert engine in ("tantivy", "meilisearch")
    assert number[0].isdigit()
