"""Which way up a page is, told by few lines as by many."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr import OcrEngine, open_engine
from ocr.engine import Pixels
from ocr.image.prepare import turned
from scripts.forms.fonts import Style, installed_faces, load_font

pytestmark = pytest.mark.slow

LINES = ("Customer name: Margaret Thornton", "Telephone: 010-62345678", "E-mail: margaret@example.org")


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    """The default reader."""
    return open_engine("rapidocr")


def page_of(*lines: str) -> Pixels:
    page = Image.new("RGB", (1300, 1750), "white")
    for row, text in enumerate(lines):
        ImageDraw.Draw(page).text((120, 200 + 140 * row), text, fill="black", font=ImageFont.load_default(44))
    return np.asarray(page, dtype=np.uint8)


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_a_few_lines_tell_which_way_up_the_page_is(rotation_deg: int, count: int, engine: OcrEngine) -> None:
    fed = turned(page_of(*LINES[:count]), -rotation_deg)

    assert engine.look_at(fed).rotation() == rotation_deg


@pytest.mark.parametrize("count", [1, 3])
def test_columns_of_upright_characters_are_no_page_on_its_side(count: int, engine: OcrEngine) -> None:
    faces = installed_faces("zh", Style.PRINTED)
    font = load_font(faces[0], 44) if faces else None
    if font is None:
        pytest.skip("no font for Chinese print is installed")
    page = Image.new("RGB", (1300, 1750), "white")
    for column, text in enumerate(("北京市朝阳区和平路", "二〇二四年三月五日", "甲方签字盖章")[:count]):
        for row, character in enumerate(text):
            ImageDraw.Draw(page).text((1000 - 140 * column, 200 + 50 * row), character, fill="black", font=font)

    assert engine.look_at(np.asarray(page, dtype=np.uint8)).rotation() == 0


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_what_makes_no_sense_either_way_stays_as_it_is(rotation_deg: int, engine: OcrEngine) -> None:
    page = Image.new("RGB", (1300, 1750), "white")
    ImageDraw.Draw(page).line([(100 + 20 * i, 400 + 30 * (i % 2)) for i in range(40)], fill="black", width=4)

    assert engine.look_at(turned(np.asarray(page, dtype=np.uint8), rotation_deg)).rotation() == 0
