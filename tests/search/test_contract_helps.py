"""What every search engine offers around a search: suggestions, corrected spellings, likenesses, all ids of a result."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from search import IndexedValue, Scope, SearchEngine, SearchQuery, Sort
from tests.search.entries import BEGINNING, EVERYTHING, OPEN_ONLY, ask, make_entry, name, page, phone

NORTH = Scope(units=frozenset({"north"}), may_reveal=True)

ENTRIES = (
    make_entry(
        "zhang",
        "张三丰",
        code="Z109-WS·2011-Y-BGS-0001",
        values=(name("张三丰"), phone("138-0013-8000", sensitive=True), IndexedValue("city", "城市", "武当山紫霄宫")),
        pages=(page("客户登记表 legitimate 太极"),),
        tags=("VIP", "老客户"),
    ),
    make_entry(
        "zhang2",
        "张三",
        values=(name("张三"), phone("13900139000"), IndexedValue("employer", "工作单位", "宏达贸易有限公司", "name")),
        notes=("Contact via Lindqvist",),
    ),
    make_entry("zhang3", "张三", values=(name("张三"),), unit="south"),
    make_entry(
        "smith",
        "Müller & Smith Trading Ltd",
        aliases=("OLD-0042",),
        values=(
            IndexedValue("contact", "Contact", "Agnes Müller", "name"),
            IndexedValue("secret_name", "Secret", "Quillfeather", "name", sensitive=True),
        ),
        unit="south",
        tags=("overseas",),
    ),
    make_entry(
        "li",
        "李雷",
        values=(name("李雷"), IndexedValue("employer", "工作单位", "宏达贸易有限公司", "name")),
        unit="south",
    ),
)


@pytest.fixture(scope="module")
def helped(shared_engine: SearchEngine) -> SearchEngine:
    """An engine with some dossiers, for tests that only ask."""
    shared_engine.put(ENTRIES)
    return shared_engine


# The dossiers that appeared after a moment


def test_created_since_is_inclusive_and_bounds_hits_and_counts(engine: SearchEngine) -> None:
    moments = [BEGINNING + timedelta(microseconds=step) for step in range(3)]
    engine.put([make_entry(f"e{step}", "茶", created_at=moment) for step, moment in enumerate(moments)])

    result = engine.search(ask("茶", created_since=moments[1]))

    assert {hit.id for hit in result.hits} == {"e1", "e2"}
    assert (result.total, result.facets["state"][0].count) == (2, 2)
    assert engine.search(ask("", created_since=moments[2] + timedelta(microseconds=1))).total == 0


# Every id of a result


def test_all_ids_come_in_the_order_of_the_hits_whatever_the_window(engine: SearchEngine) -> None:
    engine.put([make_entry(f"n{number:04}", "茶", code=f"{number:04}") for number in range(1100)])
    engine.put([make_entry("other", "咖啡", code="0000")])

    ids = list(engine.matching_ids(ask("茶", sort=Sort.CODE, descending=False, limit=5, offset=7)))

    assert ids == [f"n{number:04}" for number in range(1100)]


@pytest.mark.parametrize(
    "query", [ask("张三"), ask(""), ask("", sort=Sort.TITLE), ask("张三", filters={"unit": ("north",)})]
)
def test_all_ids_are_those_of_the_hits(helped: SearchEngine, query: SearchQuery) -> None:
    assert list(helped.matching_ids(query)) == [hit.id for hit in helped.search(query).hits]


def test_all_ids_obey_rights(helped: SearchEngine) -> None:
    assert sorted(helped.matching_ids(ask("", NORTH))) == ["zhang", "zhang2"]
    assert list(helped.matching_ids(ask("13800138000", OPEN_ONLY))) == []


def test_changes_made_while_ids_are_consumed_neither_repeat_nor_skip_one(engine: SearchEngine) -> None:
    engine.put([make_entry(f"n{number}", "茶", code=f"{number}") for number in range(9)])

    ids: Iterator[str] = engine.matching_ids(ask("茶", sort=Sort.CODE, descending=False))
    seen = [next(ids)]
    engine.remove(["n0", "n5"])
    engine.put([make_entry("n8", "茶", code="00"), make_entry("n9", "茶", code="000")])
    engine.rebuild([make_entry("new", "茶")])
    seen += list(ids)

    assert seen == [f"n{number}" for number in range(9)]


def test_changed_since_and_among_bound_hits_counts_and_ids(engine: SearchEngine) -> None:
    engine.put([make_entry(f"n{number}", "茶") for number in range(4)])
    third = make_entry("n2").changed_at

    assert engine.search(ask("茶", changed_since=third)).total == 2
    assert engine.search(ask("茶", changed_since=third + timedelta(microseconds=1))).total == 1
    assert engine.search(ask("茶", among=frozenset({"n0", "n3", "unknown"}))).total == 2
    assert set(engine.matching_ids(ask("", among=frozenset({"n1"})))) == {"n1"}
    assert engine.search(ask("", among=frozenset())).total == 0


def test_all_ids_of_an_index_that_does_not_exist_yet_are_none(engine: SearchEngine) -> None:
    assert list(engine.matching_ids(ask("x"))) == []


# Suggestions


@pytest.mark.parametrize(
    ("typed", "text", "kind", "dossier"),
    [
        ("张", "张三丰", "name", "zhang"),
        ("三丰", "张三丰", "name", "zhang"),
        ("張三豐", "张三丰", "name", "zhang"),
        ("zhangsanf", "张三丰", "name", "zhang"),
        ("zsf", "张三丰", "name", "zhang"),
        ("mul", "Müller & Smith Trading Ltd", "name", "smith"),
        ("smith tra", "Müller & Smith Trading Ltd", "name", "smith"),
        ("agn", "Agnes Müller", "name", "smith"),
        ("宏达", "宏达贸易有限公司", "name", None),
        ("张三", "张三", "name", None),
        ("bgs-0001", "Z109-WS·2011-Y-BGS-0001", "code", "zhang"),
        ("old-00", "OLD-0042", "code", "smith"),
        ("1390013", "13900139000", "number", "zhang2"),
        ("138-0013", "138-0013-8000", "number", "zhang"),
        ("vi", "VIP", "tag", None),
        ("客户", "老客户", "tag", None),
    ],
)
def test_a_beginning_suggests(helped: SearchEngine, typed: str, text: str, kind: str, dossier: str | None) -> None:
    suggestions = {each.text: each for each in helped.suggest(typed, EVERYTHING)}

    assert (suggestions[text].kind, suggestions[text].dossier) == (kind, dossier)
    assert suggestions[text].spans


def test_what_begins_with_the_text_is_suggested_first(engine: SearchEngine) -> None:
    engine.put([make_entry("1", "大王伟"), make_entry("2", "王伟"), make_entry("3", "王伟明")])

    texts = [each.text for each in engine.suggest("王伟", EVERYTHING)]

    assert texts[0] == "王伟"
    assert set(texts) == {"大王伟", "王伟", "王伟明"}
    assert texts[-1] == "大王伟"


def test_suggestions_are_as_many_as_wanted_and_none_for_nothing(helped: SearchEngine) -> None:
    assert len(helped.suggest("张", EVERYTHING, limit=1)) == 1
    for text in ("", " ", '"', "-", "太极", "legitimate", "-张三", "姓名:张"):
        assert helped.suggest(text, EVERYTHING) == ()
    assert helped.suggest("张", EVERYTHING, limit=0) == ()


def test_a_suggestion_marks_what_matches(helped: SearchEngine) -> None:
    (suggestion,) = helped.suggest("三丰", EVERYTHING)

    assert suggestion.spans == ((1, 3),)


def test_suggestions_keep_to_the_scope(helped: SearchEngine) -> None:
    assert {each.text for each in helped.suggest("张", NORTH)} == {"张三丰", "张三"}
    assert helped.suggest("smith", NORTH) == helped.suggest("overs", NORTH) == ()
    # In the north one dossier alone goes by the name.
    assert {each.text: each.dossier for each in helped.suggest("张三", NORTH)}["张三"] == "zhang2"


@pytest.mark.parametrize("typed", ["138", "1380013", "8000", "quill", "138-0013-8000"])
def test_nothing_sensitive_is_suggested_without_the_right(helped: SearchEngine, typed: str) -> None:
    assert helped.suggest(typed, EVERYTHING)
    assert helped.suggest(typed, OPEN_ONLY) == ()


def test_an_index_that_does_not_exist_yet_suggests_nothing(engine: SearchEngine) -> None:
    assert engine.suggest("张", EVERYTHING) == ()


# Did you mean


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("smiht trdaing", None),  # typos that are forgiven find it
        ("Smith Tradnigs Lindkvists", None),  # no dossier has all of it
        ("agnse", None),
        ("angse", "agnes"),
        ("Agnes Mullor Smyht", "Agnes Mullor smith"),
        ("章三丰", "张三丰"),
        ("张山丰", "张三丰"),
        ("张大丰", "张三丰"),
        ("宏大贸易有限公司", "宏达贸易有限公司"),
        ("13900139008", "13900139000"),
        ("139-0031-9000", "13900139000"),
        ("zzyzx", None),
        ("不存在的名字", None),
        ("-张", None),
    ],
)
def test_what_finds_nothing_may_have_been_meant_otherwise(helped: SearchEngine, typed: str, meant: str | None) -> None:
    result = helped.search(ask(typed))

    assert result.did_you_mean == meant
    assert meant is None or (result.total == 0 and helped.search(ask(meant)).total > 0)


def test_what_was_meant_keeps_to_the_scope(helped: SearchEngine) -> None:
    assert helped.search(ask("angse", NORTH)).did_you_mean is None
    assert helped.search(ask("章三丰", NORTH)).did_you_mean == "张三丰"
    assert helped.search(ask("章三丰", NORTH, filters={"tag": ("overseas",)})).did_you_mean is None


@pytest.mark.parametrize("typed", ["13800138001", "138-0031-8000", "Qiullfaether", "quillfaehter"])
def test_nothing_sensitive_is_meant_without_the_right(helped: SearchEngine, typed: str) -> None:
    assert helped.search(ask(typed, OPEN_ONLY)).did_you_mean is None


# More like this


def test_what_many_share_makes_nothing_alike(engine: SearchEngine) -> None:
    common = IndexedValue("nation", "民族", "汉族")
    crowd = [make_entry(f"n{number}", f"甲{number}", values=(common,)) for number in range(30)]
    first = make_entry("a", "赵一", values=(common, IndexedValue("company", "公司", "宏达贸易", "name")))
    second = make_entry("b", "钱二", values=(common, IndexedValue("company", "公司", "宏达贸易", "name")))
    engine.put([*crowd, first, second])

    assert [hit.id for hit in engine.similar("a", EVERYTHING).hits] == ["b"]


def test_one_rare_thing_outweighs_several_that_more_share(engine: SearchEngine) -> None:
    words = tuple(IndexedValue(f"w{number}", f"w{number}", word) for number, word in enumerate(("长城", "泰山")))
    rare = IndexedValue("company", "公司", "宏达贸易", "name")
    crowd = [make_entry(f"n{number}", f"甲{number}") for number in range(60)]
    sharers = [make_entry(f"w{number}", f"乙{number}", values=words) for number in range(5)]
    engine.put(
        [*crowd, *sharers, make_entry("a", "赵一", values=(*words, rare)), make_entry("b", "钱二", values=(rare,))]
    )

    assert next(hit.id for hit in engine.similar("a", EVERYTHING).hits) == "b"


def test_what_shares_most_is_most_alike(engine: SearchEngine) -> None:
    employer = IndexedValue("employer", "工作单位", "宏达贸易有限公司", "name")
    address = IndexedValue("address", "地址", "朝阳区建国路88号")
    engine.put([make_entry(f"filler{number}", f"无关{number}") for number in range(20)])
    engine.put(
        [
            make_entry("a", "甲", values=(employer, address)),
            make_entry("both", "乙", values=(employer, address)),
            make_entry("one", "丙", values=(employer,)),
            make_entry("none", "丁"),
        ]
    )

    result = engine.similar("a", EVERYTHING)

    assert [hit.id for hit in result.hits] == ["both", "one"]
    assert result.total == 2
    assert {snippet.key for snippet in result.hits[0].snippets} == {"employer", "address"}
    assert [hit.id for hit in engine.similar("a", EVERYTHING, limit=1).hits] == ["both"]


def test_likeness_keeps_to_the_scope(helped: SearchEngine) -> None:
    assert "li" in {hit.id for hit in helped.similar("zhang2", EVERYTHING).hits}
    assert "li" not in {hit.id for hit in helped.similar("zhang2", NORTH).hits}
    assert helped.similar("li", NORTH).hits == ()
    assert helped.similar("unknown", EVERYTHING).hits == ()


def test_likeness_tells_nothing_sensitive(engine: SearchEngine) -> None:
    engine.put([make_entry(f"filler{number}", f"无关{number}") for number in range(20)])
    engine.put(
        [
            make_entry("a", "甲", values=(phone("13800138000", sensitive=True),), notes=("call 13800138000",)),
            make_entry("b", "乙", values=(phone("13800138000", sensitive=True),)),
            make_entry("c", "丙", values=(phone("13800138000"),)),
        ]
    )

    assert engine.similar("a", EVERYTHING).hits == engine.similar("a", OPEN_ONLY).hits == ()
    assert engine.similar("c", EVERYTHING).hits == ()


def test_nothing_is_alike_in_an_index_that_does_not_exist_yet(engine: SearchEngine) -> None:
    assert engine.similar("a", EVERYTHING).hits == ()
