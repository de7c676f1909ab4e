"""Rows below a header are records."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ocr import DEFAULT_VOCABULARY, Extraction, TableRow
from ocr.engine import Glyph
from ocr.image.rulings import Rulings, Segment
from ocr.pairs.extract import find_pairs
from ocr.pairs.layout import Piece
from ocr.pairs.records import numbered_on

XS = (100, 300, 500, 760, 1100)
HEADER = ("称谓", "姓名", "出生日期", "工作单位")
FATHER = ("父亲", "张建国", "1960-03-05", "宏远商贸有限公司")
MOTHER = ("母亲", "李秀英", "1962-11-20", "春申纺织厂")


def written(text: str, x: float, y: float) -> Piece:
    """Text at a place, every Chinese character 30 wide, every other half as wide."""
    glyphs, at = [], x
    for character in text:
        width = 30.0 if ord(character) > 0x2E7F else 15.0
        glyphs.append(Glyph(character, at, at + width, 0.9))
        at += width
    return Piece(tuple(glyphs), x, y, at, y + 30, 0.9)


def grid(xs: Sequence[float], ys: Sequence[float]) -> Rulings:
    return Rulings(tuple(Segment(y, xs[0], xs[-1]) for y in ys), tuple(Segment(x, ys[0], ys[-1]) for x in xs))


def row(texts: Sequence[str], y: float) -> list[Piece]:
    return [written(text, x + 10, y) for text, x in zip(texts, XS, strict=False) if text]


def records(pieces: Sequence[Piece], rulings: Rulings) -> list[tuple[TableRow | None, str, str]]:
    return [
        (pair.row, "".join(p.text for p in pair.key), "".join(p.text for p in pair.value))
        for pair in find_pairs(pieces, rulings, DEFAULT_VOCABULARY)
    ]


def in_order(found: list[tuple[TableRow | None, str, str]]) -> list[tuple[int, str, str]]:
    return sorted((place.number if place else 0, key, value) for place, key, value in found)


def expected(*rows: Sequence[str]) -> list[tuple[int, str, str]]:
    return sorted(
        (number, key, value)
        for number, values in enumerate(rows, start=1)
        for key, value in zip(HEADER, values, strict=True)
        if value
    )


def test_each_row_below_a_header_is_a_record() -> None:
    pieces = [*row(HEADER, 110), *row(FATHER, 170), *row(MOTHER, 230)]

    found = records(pieces, grid(XS, (100, 160, 220, 280, 340)))

    assert in_order(found) == expected(FATHER, MOTHER)
    assert {place.heading for place, _, _ in found if place} == {""}


def test_records_come_row_by_row_between_what_stands_above_and_below_the_table() -> None:
    pieces = [
        *(written("编号：", 100, 20), written("A-17", 240, 20)),
        *(*row(HEADER, 110), written("经办人：", 100, 400), written("赵敏", 260, 400)),
        *(*row(FATHER, 170), *row(MOTHER, 230)),
    ]

    found = records(pieces, grid(XS, (100, 160, 220, 280)))

    assert [value for _, _, value in found] == ["A-17", *FATHER, *MOTHER, "赵敏"]


def test_a_blank_cell_leaves_its_label_out_of_the_record() -> None:
    lone = ("母亲", "李秀英", "", "春申纺织厂")

    found = records([*row(HEADER, 110), *row(FATHER, 170), *row(lone, 230)], grid(XS, (100, 160, 220, 280)))

    assert in_order(found) == expected(FATHER, lone)


def test_a_cell_over_two_rows_belongs_to_the_record_of_each() -> None:
    rulings = grid(XS, (100, 160, 220, 280))
    rulings = replace(
        rulings, horizontal=tuple(replace(s, end=XS[3]) if s.at == 220 else s for s in rulings.horizontal)
    )
    pieces = [*row(HEADER, 110), *row(FATHER[:3], 170), *row(MOTHER[:3], 230), written("宏远商贸有限公司", 770, 205)]

    found = records(pieces, rulings)

    assert in_order(found) == expected((*FATHER[:3], "宏远商贸有限公司"), (*MOTHER[:3], "宏远商贸有限公司"))


def test_the_cell_left_of_all_rows_says_what_they_are_about() -> None:
    inner, side = grid(XS, (100, 160, 220, 280)), Segment(20, 100, 280)
    rulings = Rulings(
        tuple(replace(s, start=20) if s.at in (100, 280) else s for s in inner.horizontal), (side, *inner.vertical)
    )
    pieces = [written("家庭", 25, 175), *row(HEADER, 110), *row(FATHER, 170), *row(MOTHER, 230)]

    found = records(pieces, rulings)

    assert in_order(found) == expected(FATHER, MOTHER)
    assert {place for place, _, _ in found} == {TableRow("家庭", 1), TableRow("家庭", 2)}


def test_the_bar_over_all_columns_says_what_they_are_about() -> None:
    inner = grid(XS, (100, 160, 220, 280))
    rulings = Rulings((Segment(50, XS[0], XS[-1]), *inner.horizontal), inner.vertical)
    rulings = replace(
        rulings,
        vertical=tuple(replace(s, start=50) if s.at in (XS[0], XS[-1]) else s for s in rulings.vertical),
    )
    pieces = [written("家庭成员", 110, 60), *row(HEADER, 110), *row(FATHER, 170), *row(MOTHER, 230)]

    assert {place for place, _, _ in records(pieces, rulings)} == {TableRow("家庭成员", 1), TableRow("家庭成员", 2)}


def test_a_single_row_is_no_record_unless_its_labels_are_asked_elsewhere() -> None:
    lines = grid(XS, (100, 160, 220))
    pieces = [*row(HEADER, 110), *row(FATHER, 170)]

    alone = records(pieces, lines)
    beside_another = records([*pieces, written("姓名：", 100, 400), written("张三", 260, 400)], lines)

    assert [place for place, _, _ in alone] == [None] * 4
    assert (TableRow("", 1), "姓名", "张建国") in beside_another
    assert (None, "姓名：", "张三") in beside_another


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(("民族", "汉族", "国籍", "中国"), id="labels and values in turn"),
        pytest.param(("", "", "", ""), id="nothing filled in"),
    ],
)
def test_labels_beside_their_values_head_no_table(second: Sequence[str]) -> None:
    pieces = [*row(("姓名", "张三", "职务", "经理"), 110), *row(second, 170)]

    assert all(place is None for place, _, _ in records(pieces, grid(XS, (100, 160, 220))))


def test_rows_are_numbered_on_from_page_to_page() -> None:
    def extraction(page: int, place: TableRow | None) -> Extraction:
        return Extraction("姓名", "张三", None, "张三", True, (), 0.8, page, None, None, row=place)

    first = [extraction(1, TableRow("家庭成员", 1)), extraction(1, TableRow("家庭成员", 2)), extraction(1, None)]
    second = [extraction(2, TableRow("家庭成员", 1)), extraction(2, TableRow("教育", 1)), extraction(2, None)]

    assert [each.row for each in numbered_on(first, second)] == [TableRow("家庭成员", 3), TableRow("教育", 1), None]
