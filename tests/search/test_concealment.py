"""What is taken out of texts that everybody may search."""

import pytest

from search import IndexedValue, IndexEntry
from search.concealment import Concealment
from tests.search.entries import make_entry, name, phone


def guarding(*values: IndexedValue) -> Concealment:
    return Concealment(make_entry("a", "张三", values=values))


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138-0013-8000",
        "138 0013\n8000",
        "１３８００１３８０００",
        "138 - 0013 - 8000",
        "+86 13800138000",
    ],
)
def test_a_number_is_concealed_in_any_grouping(text: str) -> None:
    concealed = guarding(phone("138-0013-8000", sensitive=True)).concealed(f"电话{text}转1")

    assert not any(digit in concealed for digit in "3")
    assert concealed.endswith("●转1")
    assert len(concealed) == len(f"电话{text}转1")


@pytest.mark.parametrize(
    "text", ["1985-03-01", "1985年3月1日", "1985年03月01日", "19850301", "1985.3.1", "1985 / 03 / 01"]
)
def test_a_date_is_concealed_however_it_is_written(text: str) -> None:
    born = IndexedValue("born", "出生日期", "1985-03-01", "date", sensitive=True)

    assert "1985" not in guarding(born).concealed(f"生于{text}。")


def test_a_name_is_concealed_across_a_line_break_and_in_traditional_characters() -> None:
    guard = guarding(IndexedValue("mother", "母亲", "韩梅梅", "name", sensitive=True))

    assert guard.concealed("母親 韓梅\n梅。") == "母親 ●●●●。"


def test_a_short_value_is_not_concealed_within_a_longer_word_or_number() -> None:
    guard = guarding(
        IndexedValue("a", "a", "Li", "name", sensitive=True), IndexedValue("b", "b", "12", "number", sensitive=True)
    )

    assert guard.concealed("client Li 120 12") == "client ●● 120 ●●"


def test_a_single_character_conceals_nothing() -> None:
    assert not guarding(IndexedValue("sex", "性别", "男", "text", sensitive=True))


def test_what_stands_in_the_open_as_well_is_not_concealed() -> None:
    guard = guarding(name("李四"), IndexedValue("contact", "联系人", "李四", "name", sensitive=True))

    assert guard.concealed("李四") == "李四"


def test_the_lines_of_a_sensitive_value_are_told_apart() -> None:
    guard = guarding(phone("13800138000", sensitive=True))

    assert guard.folded_lines("a 1\nb 138001\n38000 c\nd") == "b 138001\n38000 c"
    assert guard.folded_lines("a\nd") == ""


def test_an_entry_is_stripped_of_everything_sensitive() -> None:
    entry: IndexEntry = make_entry("a", values=(phone("13800138000", sensitive=True),), notes=("ring 138 0013 8000",))

    stripped = Concealment(entry).stripped(entry)

    assert (stripped.values, stripped.notes) == ((), ("ring ●●●●●●●●●●●●●",))
