"""What a text finds, on either engine, and what it does not."""

import pytest

from search import (
    IndexedValue,
    PageHit,
    SearchEngine,
    SearchQuery,
)
from tests.search.entries import EVERYTHING, OPEN_ONLY, PEOPLE, ask, found, make_entry, name, page, phone


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


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("KH-0000004", {"4"}),
        ("0000004", {"4"}),
        ("000004", {"4", "48"}),
        ("00004", {"4", "48", "454"}),
        ("code:0000004", {"4"}),
        ("0000", {"4", "454", "48"}),
        ("2021212", {"21"}),
        ("天天向上", {"up"}),
        ("new york new york", {"york"}),
    ],
)
def test_a_phrase_in_which_something_comes_twice_is_found_where_it_stands_only(
    engine: SearchEngine, text: str, ids: set[str]
) -> None:
    engine.put(
        [
            *(make_entry(number, code=f"KH-{number:>07}") for number in ("4", "454", "48")),
            make_entry("21", code="X-2021212"),
            make_entry("12", code="X-202121"),
            make_entry("up", "天天向上"),
            make_entry("down", "天向上天天"),
            make_entry("york", "New York New York"),
            make_entry("newer", "New York New"),
        ]
    )

    assert set(found(engine, f'"{text}"' if " " in text else text)) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("2", {"short", "long"}),
        ("2 ", {"short"}),
        ("路2", {"short", "long"}),
        ("和平路 23", {"long"}),
        ("和平路23 ", set()),
        ("3", set()),
        ("1", {"page", "phone"}),
        ("13", {"page", "phone"}),
        ("13 ", {"page"}),
        ("80", set()),
        ("phone:1", {"phone"}),
    ],
)
def test_one_digit_or_two_find_whole_numbers_and_those_that_begin_so_while_they_are_typed(
    engine: SearchEngine, text: str, ids: set[str]
) -> None:
    engine.put(
        [
            make_entry("short", code="A", values=(IndexedValue("address", "地址", "和平路2号"),)),
            make_entry("long", code="B", values=(IndexedValue("address", "地址", "和平路231号"),)),
            make_entry("page", code="C", pages=(page("共 13 人" + "，" * 60 + "请签字"),)),
            make_entry("phone", code="D", values=(phone("13800138000", sensitive=True),)),
        ]
    )

    assert set(found(engine, text)) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [("3-1", {"room", "day"}), ("3-1 ", {"room", "day"}), ("1.5", {"share"}), ("2024年3月", {"number"})],
)
def test_short_numbers_side_by_side_are_found_as_they_stand(engine: SearchEngine, text: str, ids: set[str]) -> None:
    engine.put(
        [
            make_entry("room", code="A", notes=("住 3-1 室",)),
            make_entry("day", code="B", notes=("1985-3-1",)),
            make_entry("share", code="C", notes=("利率 1.5%", "31")),
            make_entry("number", code="D", values=(IndexedValue("no", "号", "2024年3月5日", "number"),)),
        ]
    )

    assert set(found(engine, text)) == ids


def test_a_year_is_found_with_its_sign_and_without(engine: SearchEngine) -> None:
    engine.put(
        [
            make_entry("signs", code="A", notes=("1985年3月5日",)),
            make_entry("hyphens", code="B", notes=("1985-03-05",)),
            make_entry("another", code="C", notes=("1986年3月5日",)),
        ]
    )

    assert set(found(engine, "1985年")) == set(found(engine, "1985")) == {"signs", "hyphens"}


@pytest.mark.parametrize("text", ["3月5日", "3月5", "03月05日", "３月５日", "3月5号"])
def test_a_month_and_a_day_find_dates_and_what_is_written_so(engine: SearchEngine, text: str) -> None:
    engine.put(
        [
            make_entry("hyphens", code="A", values=(IndexedValue("born", "生日", "1985-3-5", "date"),)),
            make_entry("signs", code="B", values=(IndexedValue("born", "生日", "1985年3月5日", "date"),)),
            make_entry("padded", code="C", pages=(page("签字：2024.03.05"),)),
            make_entry("alone", code="D", notes=("3月5日来电",)),
            make_entry("another", code="E", notes=("3月15日来电", "13月5日", "35元", "1985-5-3")),
        ]
    )

    assert set(found(engine, text)) == {"hyphens", "signs", "padded", "alone"}
    for hit in engine.search(ask(text)).hits:
        (snippet,) = hit.snippets
        ((start, end),) = snippet.spans
        assert snippet.text[start:end] in ("3-5", "3月5", "03.05")


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


def test_the_answer_repeats_the_query_and_tells_the_time(people: SearchEngine) -> None:
    query: SearchQuery = ask("张三")

    result = people.search(query)

    assert result.query is query
    assert result.took_ms > 0


def test_the_version_names_the_engine(people: SearchEngine) -> None:
    engine, _, number = people.version().partition(" ")

    assert engine in ("tantivy", "meilisearch")
    assert number[0].isdigit()
