"""A page on its way to becoming a template."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr import Box, PageNotFoundError, Word, Zone, ZoneKind, anchors_of, gray_of, read_reference, with_marks
from ocr.vocabulary import DEFAULT_VOCABULARY

from ..fakes import SayingEngine


def sheet() -> Image.Image:
    """A ruled row with a label cell and an empty cell; boxes to tick; boxes for characters."""
    image = Image.new("RGB", (1400, 2000), "white")
    pen = ImageDraw.Draw(image)
    for x in (100, 400, 1200):
        pen.line((x, 100, x, 200), fill="black", width=4)
    for y in (100, 200):
        pen.line((100, y, 1200, y), fill="black", width=4)
    for x in (420, 620):
        pen.rectangle((x, 310, x + 28, 338), outline="black", width=3)
    for n in range(9):
        pen.line((400 + 60 * n, 500, 400 + 60 * n, 570), fill="black", width=3)
    for y in (500, 570):
        pen.line((400, y, 880, y), fill="black", width=3)
    return image


def as_png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


ENGINE = SayingEngine(("姓名", 130, 130), ("性别", 130, 305), ("邮政编码", 130, 510), ("登记表", 600, 30))


def test_zones_are_proposed_beside_the_labels() -> None:
    reference = read_reference(as_png(sheet()), 1, engine=ENGINE, vocabulary=DEFAULT_VOCABULARY)

    zones = {zone.name: zone for zone in reference.zones}
    assert set(zones) == {"name", "sex", "postcode"}
    name = zones["name"].box
    assert 400 < name.x0 < 420
    assert 1180 < name.x1 < 1200
    assert 100 < name.y0 < 115
    assert (reference.width_px, reference.height_px) == (1400, 2000)
    assert gray_of(reference.picture).shape == (2000, 1400)


def test_a_page_that_there_is_not_is_refused() -> None:
    with pytest.raises(PageNotFoundError):
        read_reference(as_png(sheet()), 2, engine=ENGINE, vocabulary=DEFAULT_VOCABULARY)


def test_boxes_to_tick_get_the_words_beside_them() -> None:
    words = [Word("男", 0.9, Box(455, 305, 495, 345)), Word("女", 0.9, Box(655, 305, 695, 345))]
    gray = np.asarray(sheet().convert("L"))

    zone = with_marks(Zone("z", "性别", "sex", ZoneKind.CHOICE, Box(400, 290, 800, 360)), gray, words)
    renamed = with_marks(zone, gray, words, options=["Male", "Female"])
    wrong = with_marks(zone, gray, words, options=["Male"])

    assert [option.text for option in zone.options] == ["男", "女"]
    assert abs(zone.options[0].box.x0 - 420) <= 3
    assert [option.text for option in renamed.options] == ["Male", "Female"]
    assert [option.text for option in wrong.options] == ["男", "女"]


def test_boxes_behind_their_words_get_those() -> None:
    words = [Word("男", 0.9, Box(370, 305, 410, 345)), Word("女", 0.9, Box(570, 305, 610, 345))]
    gray = np.asarray(sheet().convert("L"))

    zone = with_marks(Zone("z", "性别", "sex", ZoneKind.CHOICE, Box(350, 290, 800, 360)), gray, words)

    assert [option.text for option in zone.options] == ["男", "女"]


def test_boxes_for_characters_are_counted() -> None:
    gray = np.asarray(sheet().convert("L"))

    zone = with_marks(Zone("z", "邮编", "postcode", ZoneKind.DIGITS, Box(400, 500, 880, 570)), gray, [])

    assert len(zone.cells) == 8
    assert abs(zone.cells[0].x0 - 400) <= 3
    assert abs(zone.cells[-1].x1 - 880) <= 4


def test_what_is_filled_in_is_no_anchor() -> None:
    words = [
        Word("客户登记表", 0.9, Box(600, 30, 800, 70)),
        Word("张三", 0.9, Box(450, 130, 530, 170)),
        Word("编号:0034231", 0.9, Box(900, 30, 1200, 70)),
        Word("|", 0.9, Box(1250, 30, 1260, 70)),
    ]

    anchors = anchors_of(words, [Zone("z", "姓名", "name", ZoneKind.TEXT, Box(405, 105, 1195, 195))])

    assert [anchor.text for anchor in anchors] == ["客户登记表"]
