"""Reading the zones of a registered form."""

from dataclasses import replace

import numpy as np
import pytest

from ocr import Anchor, Box, FormTemplate, Option, Zone, ZoneKind
from ocr.engine import Glyph, Pixels, Run
from ocr.forms.register import Registration
from ocr.forms.zones import beside_zones, read_zones
from ocr.image.prepare import PreparedPage, gray_levels
from ocr.image.rulings import Rulings
from ocr.page import Extraction
from ocr.pairs.layout import Piece
from ocr.vocabulary import DEFAULT_VOCABULARY

BLACK = (20, 20, 20)


class CutOutEngine:
    """Says the same of every cut-out, and counts them."""

    name = "cut-out 1.0"

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.looks = 0

    def look_at(self, pixels: Pixels) -> "CutOutEngine":
        self.looks += 1
        return self

    def rotation(self) -> int:
        return 0

    def read(self, rulings: Rulings) -> list[Run]:
        if not self.text:
            return []
        glyphs = tuple(Glyph(c, 30 + 20.0 * i, 50 + 20.0 * i, 0.97) for i, c in enumerate(self.text))
        return [Run(glyphs, 30, 30, 30 + 20 * len(self.text), 60, 0.97)]


def piece(text: str, x: float, y: float, step: float = 20.0) -> Piece:
    glyphs = tuple(Glyph(c, x + step * i, x + step * (i + 1), 0.95) for i, c in enumerate(text))
    return Piece(glyphs, x, y, x + step * len(text), y + 24, 0.95)


def read(
    zone: Zone,
    pieces: list[Piece],
    *,
    pixels: Pixels | None = None,
    engine: CutOutEngine | None = None,
    printed: frozenset[tuple[int, int]] = frozenset(),
    anchors: tuple[Anchor, ...] = (),
) -> Extraction | None:
    sheet = np.full((600, 800, 3), 255, np.uint8) if pixels is None else pixels
    form = FormTemplate("t", "form", 1, "person", 800, 600, anchors, (zone,))
    registration = Registration(form, np.eye(3), 1.0, printed)
    page = PreparedPage(sheet, 0, 0.0, np.eye(3), 800, 600)
    found = read_zones(
        registration,
        pieces,
        page,
        gray_levels(sheet),
        engine=engine or CutOutEngine(),
        vocabulary=DEFAULT_VOCABULARY,
        number=1,
    )
    return found[0] if found else None


def text_zone(name: str | None = "name", box: Box = Box(100, 100, 400, 140)) -> Zone:  # noqa: B008 - frozen
    return Zone("z1", "姓名", name, ZoneKind.TEXT, box)


def test_what_stands_in_a_zone_is_its_value() -> None:
    found = read(text_zone(), [piece("姓名", 40, 105), piece("张三", 120, 105), piece("性别", 420, 105)])

    assert found is not None
    assert (found.key, found.name, found.value, found.normalised, found.zone) == ("姓名", "name", "张三", "张三", "z1")
    assert found.value_box == Box(120, 105, 160, 129)
    assert found.confidence == pytest.approx(0.95)


def test_a_line_is_clipped_at_the_zone_and_what_is_printed_does_not_count() -> None:
    line = piece("姓名：张三", 80, 105)

    found = read(text_zone(), [line], printed=frozenset({(0, 0), (0, 1)}))

    assert found is not None
    assert found.value == "张三"


def test_several_lines_are_one_value() -> None:
    zone = text_zone("address", Box(100, 100, 400, 180))

    found = read(zone, [piece("北京市朝阳区", 110, 105), piece("和平路12号", 110, 145)])

    assert found is not None
    assert found.value == "北京市朝阳区和平路12号"


def test_an_empty_zone_gives_nothing_and_costs_no_second_look() -> None:
    engine = CutOutEngine("鬼")

    assert read(text_zone(), [piece("姓名", 40, 105)], engine=engine) is None
    assert engine.looks == 0


def test_a_line_across_the_edge_of_a_zone_is_read_again_from_the_cut_out() -> None:
    engine = CutOutEngine("张三丰")

    found = read(text_zone(), [piece("李四张三丰", 60, 105)], engine=engine)

    assert found is not None
    assert found.value == "张三丰"
    assert engine.looks == 1


def test_ink_that_was_not_read_is_looked_at_again() -> None:
    pixels = np.full((600, 800, 3), 255, np.uint8)
    pixels[108:132, 150:180] = BLACK

    found = read(text_zone(), [], pixels=pixels, engine=CutOutEngine("张三"))

    assert found is not None
    assert found.value == "张三"


def test_a_red_stamp_is_no_ink() -> None:
    pixels = np.full((600, 800, 3), 255, np.uint8)
    pixels[108:132, 150:180] = (230, 30, 40)
    engine = CutOutEngine("印")

    assert read(text_zone(), [], pixels=pixels, engine=engine) is None
    assert engine.looks == 0


def test_text_under_a_red_stamp_is_read_again_without_it() -> None:
    pixels = np.full((600, 800, 3), 255, np.uint8)
    pixels[104:136, 150:260] = (230, 80, 90)
    pixels[108:132, 190:196] = BLACK
    engine = CutOutEngine("2025.4.20")

    found = read(text_zone("date"), [piece("2025.4.20次", 110, 105, 18)], pixels=pixels, engine=engine)

    assert found is not None
    assert (found.normalised, engine.looks) == ("2025-04-20", 1)


def test_an_invalid_value_loses_confidence() -> None:
    found = read(text_zone("id_number"), [piece("110105194912310021", 110, 105, 14)])

    assert found is not None
    assert not found.valid
    assert found.confidence < 0.5


def test_a_simplified_form_puts_addresses_into_its_script_but_no_names() -> None:
    printed = (Anchor("通讯地址", Box(10, 10, 90, 30)),)

    address = read(text_zone("address"), [piece("廣州市和平路12號", 110, 105)], anchors=printed)
    name = read(text_zone("name"), [piece("張三豐", 110, 105)], anchors=printed)

    assert address is not None
    assert (address.value, address.normalised) == ("廣州市和平路12號", "广州市和平路12号")
    assert address.confidence <= 0.9
    assert name is not None
    assert name.normalised == "張三豐"


def sheet_with_boxes(*ticked: int) -> Pixels:
    """Three boxes to tick in a row, 24 pixels wide, at x = 120, 220 and 320."""
    pixels = np.full((600, 800, 3), 255, np.uint8)
    for number, x in enumerate((120, 220, 320)):
        pixels[108:132, x : x + 24] = BLACK
        pixels[110:130, x + 2 : x + 22] = 255
        if number in ticked:
            for step in range(18):
                pixels[112 + step : 115 + step, x + 3 + step : x + 6 + step] = BLACK
    return pixels


def choice_zone(name: str | None = "sex", kind: ZoneKind = ZoneKind.CHOICE) -> Zone:
    options = tuple(Option(text, Box(x, 108, x + 24, 132)) for text, x in (("男", 120), ("女", 220), ("不详", 320)))
    count = 1 if kind is ZoneKind.TICK else 3
    return Zone("z2", "性别", name, kind, Box(100, 100, 460, 140), options[:count])


@pytest.mark.parametrize(("ticked", "sex"), [(0, "male"), (1, "female")])
def test_the_ticked_option_is_the_value(ticked: int, sex: str) -> None:
    found = read(choice_zone(), [], pixels=sheet_with_boxes(ticked))

    assert found is not None
    assert found.normalised == sex
    assert found.value.count("☑") == 1
    assert found.confidence > 0.95


def test_no_tick_is_no_value() -> None:
    assert read(choice_zone(), [], pixels=sheet_with_boxes()) is None


def test_two_ticks_where_one_is_meant_need_a_look() -> None:
    found = read(choice_zone(), [], pixels=sheet_with_boxes(0, 1))

    assert found is not None
    assert found.value == "☑男 ☑女 □不详"
    assert found.confidence <= 0.5


def test_several_ticks_are_a_list_where_the_field_takes_any_text() -> None:
    found = read(choice_zone(name="hobbies"), [], pixels=sheet_with_boxes(0, 2))

    assert found is not None
    assert found.normalised == "男、不详"
    assert found.confidence > 0.95


@pytest.mark.parametrize(("ticked", "value"), [((0,), "☑男"), ((), None)])
def test_a_single_box_is_a_value_where_it_is_ticked(ticked: tuple[int, ...], value: str | None) -> None:
    found = read(choice_zone(name=None, kind=ZoneKind.TICK), [], pixels=sheet_with_boxes(*ticked))

    assert (found.value if found else None) == value


def test_a_mark_beside_an_option_without_a_box_chooses_it() -> None:
    zone = replace(choice_zone(), options=())

    found = read(zone, [piece("_X_ 男 ___ 女", 120, 108)])

    assert found is not None
    assert (found.value, found.normalised) == ("_X_ 男 ___ 女", "male")
    assert found.confidence < 0.95


def test_options_without_boxes_and_without_a_mark_are_no_value() -> None:
    assert read(replace(choice_zone(), options=()), [piece("男 女", 120, 108)]) is None


def boxed_sheet(filled: int) -> tuple[Pixels, Zone]:
    """Six boxes for characters, the first ones with a stroke inside."""
    pixels = np.full((600, 800, 3), 255, np.uint8)
    cells = tuple(Box(100 + 40 * n, 100, 140 + 40 * n, 150) for n in range(6))
    for number, cell in enumerate(cells):
        pixels[cell.y0 : cell.y1, cell.x0 : cell.x0 + 2] = BLACK
        if number < filled:
            pixels[115:138, cell.x0 + 16 : cell.x0 + 24] = BLACK
    return pixels, Zone("z3", "邮编", "postcode", ZoneKind.DIGITS, Box(100, 100, 340, 150), cells=cells)


def test_characters_in_boxes_are_read_as_one_line() -> None:
    pixels, zone = boxed_sheet(6)
    engine = CutOutEngine("100020")

    found = read(zone, [], pixels=pixels, engine=engine)

    assert found is not None
    assert (found.value, found.normalised, found.valid) == ("100020", "100020", True)


def test_a_missing_character_in_the_boxes_lowers_the_confidence() -> None:
    pixels, zone = boxed_sheet(6)

    found = read(zone, [], pixels=pixels, engine=CutOutEngine("10002"))

    assert found is not None
    assert found.confidence < 0.5


def test_empty_boxes_are_no_value() -> None:
    pixels, zone = boxed_sheet(0)

    assert read(zone, [], pixels=pixels, engine=CutOutEngine("|||")) is None


def test_what_a_zone_says_is_not_said_twice() -> None:
    zone = text_zone()
    form = FormTemplate("t", "form", 1, "person", 800, 600, (), (zone,))
    registration = Registration(form, np.eye(3), 1.0, frozenset())
    page = PreparedPage(np.full((600, 800, 3), 255, np.uint8), 0, 0.0, np.eye(3), 800, 600)

    def found(key: str, name: str | None, box: Box) -> Extraction:
        return Extraction(key, "x", name, "x", True, (), 0.9, 1, None, box)

    kept = beside_zones(
        registration,
        [
            found("姓名", "name", Box(500, 500, 600, 530)),
            found("错", None, Box(120, 105, 200, 130)),
            found("备注", "remark", Box(120, 400, 300, 430)),
        ],
        page,
    )

    assert [each.key for each in kept] == ["备注"]
