"""Where a query matches in original text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import find_spans


def matched(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in find_spans(text, query)]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("客户姓名：張 三", "张三", ["張 三"]),
        ("北京市朝\n阳区", "朝阳区", ["朝\n阳区"]),
        ("电话 138-0013-8000", "0013", ["0013"]),
        ("电话 138-0013-8000", "00138", ["0013-8"]),
        ("电话 １３８００１３８０００", "138-0013", ["１３８００１３"]),
        ("生于1985年3月1日", "1985-03-01", ["1985年3月1"]),
        ("born 1985-03-01", "1985年3月1日", ["1985-03-01"]),
        ("Agreement signed", "agreem", ["Agreement"]),
        ("Agreement signed", "agreemnet ", ["Agreement"]),
        ("Agreement signed", "agreemnet s", ["Agreement", "signed"]),
        ("Müller, MULLER", "muller", ["Müller", "MULLER"]),
        ("ﬁne ﬁsh", "fish", ["ﬁsh"]),
        ("Straße", "strasse", ["Straße"]),
        ("smithsonian", "smith ", []),
        ("the exact phrase here", '"exact phrase"', ["exact phrase"]),
        ("the phrase exact here", '"exact phrase"', []),
        ("room 12, 120", "12 ", ["12"]),
        ("室12，120", "12", ["12", "120"]),
        ("档号 Z109-WS·2011-Y", "ws2011", ["WS·2011"]),
        ("张三与李四", "张三 -李四", ["张三"]),
        ("张三", "姓名:张三", ["张三"]),
        ("张三三", "三", ["三三"]),
        ("", "x", []),
        ("x", "", []),
    ],
)
def test_spans_cover_what_matches(text: str, query: str, expected: list[str]) -> None:
    assert matched(text, query) == expected


@given(st.text(max_size=60), st.text(max_size=20))
def test_spans_are_in_order_within_the_text_and_do_not_overlap(text: str, query: str) -> None:
    end_before = 0
    for start, end in find_spans(text, query):
        assert end_before <= start < end <= len(text)
        end_before = end


@given(st.text(alphabet="张三李四客户abc", min_size=1, max_size=12), st.data())
def test_any_part_of_a_chinese_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    text = "".join(character for character in text if character > "z") or "张"
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    assert text[start:end] in matched(text, text[start:end])[0]


@given(st.text("王芳 -/●\n()1380ab。", min_size=60, max_size=200))
def test_a_number_is_found_in_long_texts_where_it_is_found_in_short_ones(filler: str) -> None:
    text = filler + " 电话 138-0013 8000"

    start = len(filler) + 4
    assert (start, start + 13) in find_spans(text, "13800138000")
