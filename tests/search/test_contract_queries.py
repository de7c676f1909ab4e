"""What people type on every search engine: stretches of time, names of fields, pages that the recogniser misread."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from search import IndexedValue, SearchEngine, Sort
from tests.search.entries import EVERYTHING, OPEN_ONLY, ask, make_entry, name, page, phone

OLD = datetime(2019, 5, 5, tzinfo=UTC)
EAST = timezone(timedelta(hours=8))


def ids_of(engine: SearchEngine, text: str, **changes: object) -> list[str]:
    result = engine.search(ask(text, limit=50, **changes))
    assert result.total == len(result.hits)
    return [hit.id for hit in result.hits]


def born(text: str, **changes: object) -> IndexedValue:
    return IndexedValue("birth_date", "出生日期", text, "date", **changes)  # type: ignore[arg-type]


# Stretches of time

DATED = (
    make_entry("b1983", values=(born("1983-05-01"),), created_at=OLD, year=2019),
    make_entry(
        "b1984",
        values=(
            born("1984年12月31日"),
            IndexedValue("signed", "签订日期", "2023-06-01"),
        ),
        created_at=OLD,
        year=2019,
    ),
    make_entry("coarse", values=(born("1983-05"),), created_at=OLD, year=2019),
    make_entry("year", values=(born("1983年"),), created_at=OLD, year=2019),
    make_entry("new", created_at=datetime(2024, 2, 29, 23, 59, tzinfo=UTC), year=2024),
)


@pytest.fixture(scope="module")
def dated(shared_engine: SearchEngine) -> SearchEngine:
    """An engine with dated dossiers, for tests that only ask."""
    shared_engine.put(DATED)
    return shared_engine


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("1983..1983", {"b1983", "coarse", "year"}),
        ("1983-05..1983-05", {"b1983", "coarse"}),
        ("1983-05-01..1983-05-31", {"b1983"}),
        ("..1983", {"b1983", "coarse", "year"}),
        ("1984-12-31..1985", {"b1984"}),
        ("1984-12-30~1984-12-30", set()),
        ("2024-01..2024-06", {"new"}),
        ("2024-02-29..2024-02-29", {"new"}),
        ("2023..2023", {"b1984"}),
        ("2019年1月至2019年12月", {"b1983", "b1984", "coarse", "year"}),
        ("birth:1983..1984", {"b1983", "b1984", "coarse", "year"}),
        ("birth:2023..2024", set()),
        ("生日:1983-01..1983-06", {"b1983", "coarse"}),
        ("birth:1983", {"b1983", "coarse", "year"}),
        ("签订日期:2023..", {"b1984"}),
        ("created:2024..", {"new"}),
        ("created:2024", {"new"}),
        ("建档:2024-02", {"new"}),
        ("created:2024-02-28", set()),
        ("建档:..2023", {"b1983", "b1984", "coarse", "year"}),
        ("year:2020..2030", {"new"}),
        ("-1983..1983", {"b1984", "new"}),
        ("-birth:1983..1983 ..2019", {"b1984"}),
    ],
)
def test_a_stretch_of_time_finds(dated: SearchEngine, text: str, ids: set[str]) -> None:
    assert set(ids_of(dated, text)) == ids


def test_a_day_is_that_of_the_zone_in_which_a_moment_is_given(engine: SearchEngine) -> None:
    late = datetime(2024, 1, 31, 20, tzinfo=UTC)
    engine.put([make_entry("utc", created_at=late), make_entry("east", created_at=late.astimezone(EAST))])

    assert ids_of(engine, "created:2024-01..2024-01") == ["utc"]
    assert ids_of(engine, "created:2024-02..2024-02") == ["east"]


def test_what_is_recent_is_counted_from_the_day_that_is_told(engine: SearchEngine) -> None:
    engine.put([make_entry("a", created_at=datetime(2023, 7, 1, tzinfo=UTC), year=2023)])

    assert ids_of(engine, "去年", today=date(2024, 1, 1)) == ["a"]
    assert ids_of(engine, "去年", today=date(2023, 12, 31)) == []


@pytest.mark.parametrize(
    "text",
    [
        *("类型:个人客户", "类型:个人", 'type:"natural person"', "type:person"),
        *("部门:城北支行", "unit:north", "状态:正常", "state:Open"),
    ],
)
def test_type_unit_and_state_are_found_by_every_name(engine: SearchEngine, text: str) -> None:
    known = make_entry(
        "a",
        type_names=("个人客户", "Natural person"),
        unit_names=("城北支行", "North branch"),
        state_names=("正常", "Open"),
    )
    other = make_entry("b", type="company", type_names=("企业客户", "Company"), unit="south", state="closed")
    engine.put([known, other])

    assert ids_of(engine, text) == ["a"]


def test_a_stretch_marks_the_date(dated: SearchEngine) -> None:
    (hit,) = dated.search(ask("1984-12-31..1985")).hits

    assert [(each.key, each.text, each.spans) for each in hit.snippets] == [
        ("birth_date", "1984年12月31日", ((0, 11),))
    ]


def test_last_year_is_counted_from_today(engine: SearchEngine) -> None:
    now = datetime.now().astimezone()
    engine.put(
        [
            make_entry("last", created_at=now.replace(year=now.year - 1, month=6, day=15), year=now.year - 1),
            make_entry("this", created_at=now, year=now.year),
        ]
    )

    assert ids_of(engine, "去年") == ids_of(engine, "last year") == ["last"]
    assert ids_of(engine, "今年") == ids_of(engine, "today") == ["this"]


def test_a_sensitive_date_is_not_found_by_its_time_without_the_right(engine: SearchEngine) -> None:
    engine.put([make_entry("a", values=(born("1983-05-01", sensitive=True),), created_at=OLD, year=2019)])

    for text in ("1983..1983", "birth:1983..1984", "..1990"):
        assert ids_of(engine, text) == ["a"]
        assert engine.search(ask(text, OPEN_ONLY)).total == 0


# Names of fields


def test_a_field_is_found_by_every_name_it_has(engine: SearchEngine) -> None:
    policy = IndexedValue("policy_no", "保单号", "PN-778899", "code", names=("Policy number", "保险单号码"))
    engine.put([make_entry("a", values=(policy,)), make_entry("b", notes=("PN-778899",))])

    for text in ("policy_no:7788", "保单号:PN-77", "PolicyNumber:778899", "保险单号码:7788"):
        assert ids_of(engine, text) == ["a"]


@pytest.mark.parametrize(
    "text", ["电话:138*", "手机:1380013", "phone:138", "Tel:138-0013", "mobile:8000", "联系电话:138"]
)
def test_what_means_the_same_names_the_same(engine: SearchEngine, text: str) -> None:
    mobile = IndexedValue("mobile", "手机", "13800138000", "code")
    engine.put(
        [
            make_entry("a", values=(mobile,)),
            make_entry("b", values=(phone("138-0013-8000"),)),
            make_entry("c", notes=("138-0013-8000",)),
        ]
    )

    assert sorted(ids_of(engine, text)) == ["a", "b"]


def test_a_starred_word_may_be_unfinished_anywhere(engine: SearchEngine) -> None:
    engine.put([make_entry("a", "Smith agreement"), make_entry("b", "Smithsonian agreement")])

    assert sorted(ids_of(engine, "smith* agreement ")) == ["a", "b"]
    assert ids_of(engine, "smith agreement ") == ["a"]


# Pages that the recogniser misread


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("未来", "末来"),
        ("自己", "自已"),
        ("日期", "目期"),
        ("土地证", "士地证"),
        ("张大伟", "张太伟"),
        ("天津", "夫津"),
        ("建国路", "健国路"),
        ("13800138000", "138OO138OOO"),
        ("13800138000", "1380O138000"),
        ("AB1205", "ABl2O5"),
        ("Z109", "2109"),
        ("hello", "he1lo"),
        ("modern", "modem"),
        ("william", "wi11iam"),
    ],
)
def test_a_misread_page_is_found(engine: SearchEngine, typed: str, read: str) -> None:
    engine.put(
        [
            make_entry("misread", "甲", pages=(page(f"登记 {read} 表"),)),
            make_entry("other", "乙", pages=(page("登记表"),)),
        ]
    )

    (hit,) = engine.search(ask(typed)).hits

    assert (hit.id, hit.matched_keys) == ("misread", ("page",))
    (snippet,) = hit.snippets
    assert [snippet.text[start:end] for start, end in snippet.spans] == [read]


def test_what_stands_as_typed_comes_before_what_was_misread(engine: SearchEngine) -> None:
    engine.put(
        [
            make_entry("misread", "甲", pages=(page("末来 末来 末来"),)),
            make_entry("page", "乙", pages=(page("很长的一页 " * 40 + "未来"),)),
            make_entry("named", "丙", values=(name("未来"),)),
        ]
    )

    assert ids_of(engine, "未来") == ["named", "page", "misread"]


def test_names_are_not_taken_for_others_that_look_alike(engine: SearchEngine) -> None:
    engine.put([make_entry("a", "李未", values=(name("李未"),)), make_entry("b", "李末", values=(name("李末"),))])

    assert ids_of(engine, "李未") == ["a"]


def test_counts_of_facets_hold_when_misread_pages_join(engine: SearchEngine) -> None:
    engine.put([make_entry(f"t{number:03}", "丙", unit="north", pages=(page("未来"),)) for number in range(60)])
    engine.put([make_entry(f"s{number:03}", "丙", unit="south", pages=(page("未来"),)) for number in range(30)])
    engine.put([make_entry("misread", "甲", unit="south", pages=(page("末来"),))])

    both = engine.search(ask("未来"))
    south = engine.search(ask("未来", filters={"unit": ("south",)}))

    assert both.total == 91
    assert {bucket.value: bucket.count for bucket in both.facets["unit"]} == {"north": 60, "south": 31}
    assert south.total == 31
    assert south.facets["unit"] == both.facets["unit"]
    assert sorted(engine.matching_ids(ask("未来"))) == sorted(
        hit.id for offset in range(0, 100, 40) for hit in engine.search(ask("未来", limit=40, offset=offset)).hits
    )
    engine.put([make_entry(f"u{number:03}", "丙", unit="north", pages=(page("未来"),)) for number in range(10)])
    assert engine.search(ask("未来")).total == 100
    assert engine.search(ask("未来", filters={"unit": ("south",)})).total == 30


def test_misread_pages_obey_the_order_that_is_asked_for(engine: SearchEngine) -> None:
    engine.put([make_entry("b", code="B", pages=(page("未来"),)), make_entry("a", code="A", pages=(page("末来"),))])

    assert ids_of(engine, "未来", sort=Sort.CODE, descending=False) == ["a", "b"]
    assert ids_of(engine, "未来 -登记", sort=Sort.CODE, descending=True) == ["b", "a"]


def test_a_misread_sensitive_value_is_found_by_revealers_only(engine: SearchEngine) -> None:
    engine.put(
        [make_entry("a", "甲", values=(phone("13800138000", sensitive=True),), pages=(page("电话 13800138000"),))]
    )

    for text in ("138O0138000", "l3800138000"):
        assert engine.search(ask(text, EVERYTHING)).total == 1
        assert engine.search(ask(text, OPEN_ONLY)).total == 0
