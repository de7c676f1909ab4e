"""What a reader without the right may not learn, on either engine."""

from dataclasses import replace

import pytest

from search import (
    Bucket,
    IndexedValue,
    IndexEntry,
    Scope,
    SearchEngine,
)
from tests.search.entries import EVERYTHING, OPEN_ONLY, ask, found, make_entry, name, page, phone

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
