"""Labels and values find each other, by colon, by cell, by what is known."""

from collections.abc import Sequence

from ocr import DEFAULT_VOCABULARY
from ocr.engine import Glyph
from ocr.extract import find_pairs
from ocr.layout import Piece
from ocr.rulings import Rulings, Segment

NO_LINES = Rulings()


def piece(text: str, x: float, y: float, *, size: float = 40.0) -> Piece:
    """Text at a place, every Chinese character a square, every other half as wide."""
    glyphs, at = [], x
    for character in text:
        width = size if ord(character) > 0x2E7F else size / 2
        glyphs.append(Glyph(character, at, at + width, 0.9))
        at += width
    return Piece(tuple(glyphs), x, y, at, y + size, 0.9)


def table(xs: Sequence[float], ys: Sequence[float]) -> Rulings:
    """A grid of lines."""
    return Rulings(
        horizontal=tuple(Segment(y, xs[0], xs[-1]) for y in ys),
        vertical=tuple(Segment(x, ys[0], ys[-1]) for x in xs),
    )


def said(pieces: Sequence[Piece], rulings: Rulings = NO_LINES) -> list[tuple[str, str]]:
    """Keys and values as text."""
    pairs = find_pairs(pieces, rulings, DEFAULT_VOCABULARY)
    return [("".join(p.text for p in pair.key), "".join(p.text for p in pair.value)) for pair in pairs]


def test_a_colon_parts_label_and_value() -> None:
    assert said([piece("姓名：张三", 100, 100)]) == [("姓名：", "张三")]


def test_several_pairs_stand_in_one_line() -> None:
    found = said([piece("姓名：张三 性别：男 年龄：35", 100, 100)])

    assert found == [("姓名：", "张三"), ("性别：", "男"), ("年龄：", "35")]


def test_a_time_of_day_is_no_label() -> None:
    assert said([piece("10:30", 100, 100)]) == []


def test_the_value_stands_right_of_the_colon() -> None:
    assert said([piece("备用邮编：", 100, 100), piece("100080", 420, 100)]) == [("备用邮编：", "100080")]


def test_the_value_stands_under_a_label_with_nothing_beside_it() -> None:
    assert said([piece("家庭住址：", 100, 100), piece("幸福路8号", 110, 160)]) == [("家庭住址：", "幸福路8号")]


def test_a_known_label_needs_no_colon() -> None:
    assert said([piece("联系电话", 100, 100), piece("010-62345678", 400, 100)]) == [("联系电话", "010-62345678")]


def test_cells_pair_left_with_right() -> None:
    rulings = table([80, 300, 600, 800, 1200], [80, 160, 240])
    pieces = [
        piece("姓 名", 100, 100),
        piece("李四", 320, 100),
        piece("楼栋", 620, 100),
        piece("东二", 820, 100),
        piece("性别", 100, 180),
        piece("女", 320, 180),
        piece("民族", 620, 180),
    ]

    assert said(pieces, rulings) == [("姓 名", "李四"), ("楼栋", "东二"), ("性别", "女")]


def test_an_empty_cell_gets_no_value_from_beyond_it() -> None:
    rulings = table([80, 300, 600, 800, 1200], [80, 160])

    assert said([piece("姓名", 100, 100), piece("性别", 620, 100)], rulings) == []


def test_a_header_row_labels_the_cells_below() -> None:
    rulings = table([80, 400, 800, 1200], [80, 160, 240, 320])
    pieces = [piece("起止时间", 100, 100), piece("工作单位", 420, 100), piece("职务", 820, 100)]
    pieces += [piece("2019年", 100, 180), piece("某某有限公司", 420, 180), piece("会计", 820, 180)]

    found = said(pieces, rulings)

    assert ("工作单位", "某某有限公司") in found
    assert ("职务", "会计") in found


def test_options_to_tick_are_one_value() -> None:
    rulings = table([80, 400, 1200], [80, 160])
    pieces = [piece("婚姻状况", 100, 100), piece("☑已婚", 420, 100), piece("□其他：", 620, 100)]

    assert said(pieces, rulings) == [("婚姻状况", "☑已婚□其他：")]


def test_a_bilingual_label_is_a_label() -> None:
    rulings = table([80, 500, 1200], [80, 200])
    pieces = [piece("停留事由", 100, 90), piece("Object of stay", 100, 140, size=30), piece("公事", 520, 110)]

    assert said(pieces, rulings) == [("停留事由Object of stay", "公事")]


def test_an_empty_page_has_no_pairs() -> None:
    assert said([]) == []
