"""What is taken for evidence that a label and a value belong together."""

import math
from collections.abc import Sequence

import pytest

from ocr import DEFAULT_VOCABULARY, Kind, TableRow, check_value
from ocr.engine import Glyph
from ocr.evidence import Evidence, contested, evidence_of, rivals_of
from ocr.pairs.layout import Piece
from ocr.pairs.pair import Pair


def written(text: str, x: float, y: float, confidence: float = 0.99) -> Piece:
    glyphs = tuple(Glyph(c, x + 20 * i, x + 20 * (i + 1), confidence) for i, c in enumerate(text))
    return Piece(glyphs, x, y, x + 20 * len(text), y + 20, confidence)


def evidence(label: Piece, value: Sequence[Piece], kind: Kind = Kind.TEXT) -> Evidence:
    text = "".join(piece.text for piece in value)
    return evidence_of(Pair((label,), tuple(value)), check_value(kind, text), kind, DEFAULT_VOCABULARY, 0)


def test_the_least_certain_character_counts_in_nines() -> None:
    good, bad = written("张", 100, 0, 0.99), written("三", 120, 0, 0.9)

    assert evidence(written("姓名", 0, 0), [good, bad]).value_sure == pytest.approx(1.0)
    assert evidence(written("姓名", 0, 0), [good]).value_sure == pytest.approx(2.0)


def test_the_gap_counts_in_line_heights_and_only_beside() -> None:
    beside = evidence(written("姓名", 0, 0), [written("张三", 100, 0)])
    below = evidence(written("姓名", 0, 0), [written("张三", 100, 40)])

    assert (beside.gap, beside.below) == (pytest.approx(math.log1p(3)), 0)
    assert (below.gap, below.below) == (0, 1)


def test_parts_and_the_gaps_between_them_count() -> None:
    found = evidence(written("姓名", 0, 0), [written("张三", 60, 0), written("李四", 200, 0), written("王五", 60, 40)])

    assert found.parts == pytest.approx(math.log(3))
    assert found.spread == pytest.approx(math.log1p(5))


@pytest.mark.parametrize(
    ("kind", "text", "checked"),
    [(Kind.DATE, "2024-03-05", 1), (Kind.DATE, "gestern", 0), (Kind.MOBILE, "13812345678", 1), (Kind.NAME, "张三", 0)],
)
def test_a_value_that_keeps_strict_rules_is_checked(kind: Kind, text: str, checked: float) -> None:
    assert evidence(written("日期", 0, 0), [written(text, 100, 0)], kind).checked == checked


def test_labels_of_one_field_with_other_values_are_rivals_and_rows_of_tables_are_none() -> None:
    def pair(label: str, value: str, row: TableRow | None = None) -> Pair:
        return Pair((written(label, 0, 0),), (written(value, 100, 0),), row=row)

    pairs = [pair("姓名", "张三"), pair("客户姓名", "李四"), pair("姓名：", "张三"), pair("民族", "汉族")]

    assert rivals_of(pairs, DEFAULT_VOCABULARY) == [1, 1, 1, 0]
    assert rivals_of([pair("姓名", "张三"), pair("姓名", "李四", TableRow("", 1))], DEFAULT_VOCABULARY) == [0, 0]


def test_a_value_that_two_labels_claim_is_contested_for_both() -> None:
    value, other = (written("张三", 100, 0),), (written("男", 100, 40),)
    pairs = [
        Pair((written("姓名", 100, -40),), value),
        Pair((written("法定代表人", 0, 0),), value),
        Pair((written("性别", 0, 40),), other),
    ]

    assert contested(pairs) == [True, True, False]
