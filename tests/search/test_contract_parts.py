"""Whatever part of a text is typed finds the dossier that holds it, on either engine."""

import re
from collections.abc import Iterator

import pytest

from search import IndexedValue, IndexEntry, SearchEngine, ValueKind
from tests.search.entries import ask, make_entry, page

TEXTS = (
    "王小明", "欧阳菲菲", "天天向上", "一二三四五六七八九十", "㈱東京商事", "中国（上海）自由贸易试验区",
    "A座1203室", "3号楼2单元501", "3-1室", "浙江省杭州市西湖区文三路5号",
    "2024年3月5日", "1985-3-1", "1985.03.01", "3月5日来电", "第3期", "5年", "¥12,345.60", "1.5%",
    "13800138000", "+86 138 0013 8000", "0571-88886666", "AB-12/34.C", "KH·2022-D30-0000004", "NO.0042",
    "ＡＢＣ１２３", "COVID-19", "Smith & Sons Ltd.", "O'Brien", "café Müller", "new york new york",
    "foo_bar@example.com", "张三 San Zhang 88",
)  # fmt: skip
PIECE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]|[0-9０-９]+|[^\W\d_]+|\W|_")
LONGEST_PART = 6
KINDS: tuple[ValueKind, ...] = ("text", "name", "code", "number", "date")
FULL_WIDTH = {ord(character): ord(character) + 0xFEE0 for character in "0123456789abcABC"}


def holder_of(number: int, text: str) -> IndexEntry:
    """Make a dossier that holds the text in one of the places where there may be text."""
    places = [
        {"values": (IndexedValue("x", "x", text, KINDS[number % len(KINDS)]),)},
        {"notes": (f"{text}\n以上",)},
        {"pages": (page(f"{'。' * 60}\n{text}\n{'，' * 60}"),)},
    ]
    return make_entry(f"holder-{number}", "持有人", **places[number % len(places)])


@pytest.fixture(scope="module")
def holders(shared_engine: SearchEngine) -> SearchEngine:
    """An index in which each text stands in three dossiers, each time in another place."""
    shared_engine.rebuild(holder_of(number, TEXTS[number // 3]) for number in range(3 * len(TEXTS)))
    return shared_engine


def parts_of(text: str) -> Iterator[str]:
    """Give all parts that a person may type: whole characters, words and numbers, the last word cut short too."""
    pieces = list(PIECE.finditer(text))
    for first, begins in enumerate(pieces):
        for last in pieces[first : first + LONGEST_PART]:
            yield text[begins.start() : last.end()]
            if last.group().isascii() and last.group().isalpha():
                yield text[begins.start() : last.end() - 1]


@pytest.mark.parametrize("number", range(len(TEXTS)), ids=TEXTS)
def test_any_part_of_a_text_finds_the_dossiers_that_hold_it(holders: SearchEngine, number: int) -> None:
    ids = {f"holder-{3 * number + place}" for place in range(3)}
    typed = {part.strip(" -._") for part in parts_of(TEXTS[number])}

    lost = {
        spelling: missing
        for part in typed
        for spelling in (part, part.translate(FULL_WIDTH))
        if any(map(str.isalnum, part)) and (missing := ids - set(holders.matching_ids(ask(spelling))))
    }

    assert not lost
