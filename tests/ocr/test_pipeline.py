"""From bytes to a reading."""

import io
import json

import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr import Box, EngineFailedError, TooManyPagesError, open_engine, read_scan, reading_to_json
from ocr.limits import ReadingLimits

from .fakes import FailingEngine, SayingEngine


def blank(count: int = 1, kind: str = "TIFF", size: tuple[int, int] = (1700, 2200)) -> bytes:
    """An image file of white pages."""
    out = io.BytesIO()
    page = Image.new("RGB", size, "white")
    more = {"save_all": True, "append_images": [page] * (count - 1)} if count > 1 else {}
    page.save(out, kind, dpi=(200, 200), **more)
    return out.getvalue()


def test_every_page_of_a_scan_is_read() -> None:
    reading = read_scan(blank(3), engine=SayingEngine(("姓名：张三", 100, 200)))

    assert [page.number for page in reading.pages] == [1, 2, 3]
    assert [(e.page, e.name, e.normalised) for e in reading.extractions] == [
        (1, "name", "张三"),
        (2, "name", "张三"),
        (3, "name", "张三"),
    ]
    assert reading.pages[0].dpi == 200


def test_an_invalid_value_keeps_its_text_and_loses_confidence() -> None:
    reading = read_scan(blank(), engine=SayingEngine(("身份证号：110105194912310021", 100, 200)))

    (field,) = reading.extractions
    assert (field.value, field.valid) == ("110105194912310021", False)
    assert "id-checksum" in field.problems
    assert field.confidence == pytest.approx(0.45)


def test_boxes_are_those_of_the_page_as_received() -> None:
    turned = read_scan(blank(kind="PNG"), engine=SayingEngine(("姓名：张三", 100, 200), rotation_deg=90))

    (page,) = turned.pages
    assert (page.width_px, page.height_px, page.rotation_deg) == (1700, 2200, 90)
    assert turned.extractions[0].key_box == Box(200, 2200 - 220, 240, 2200 - 100)


def test_an_engine_that_fails_is_an_error_and_not_an_empty_page() -> None:
    with pytest.raises(EngineFailedError):
        read_scan(blank(), engine=FailingEngine())


def test_too_many_pages_are_refused_before_any_is_read() -> None:
    with pytest.raises(TooManyPagesError):
        read_scan(blank(4), engine=FailingEngine(), limits=ReadingLimits(max_pages=3))


def test_a_reading_is_plain_data() -> None:
    reading = read_scan(blank(), engine=SayingEngine(("姓名：张三", 100, 200)))

    shown = json.loads(json.dumps(reading_to_json("a.tif", reading)))

    assert shown["file"] == "a.tif"
    assert shown["fields"][0]["key"] == "姓名"
    assert set(shown["pages"][0]["words"][0]) == {"text", "confidence", "box"}


@pytest.mark.slow
@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_rapidocr_reads_a_page_whichever_way_it_lies(rotation_deg: int) -> None:
    page = Image.new("RGB", (1300, 1750), "white")
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(44)
    lines = ("Customer name: Margaret Thornton", "Telephone: 010-62345678", "E-mail: margaret@example.org")
    for row, text in enumerate((*lines, "Remarks: prefers to be called in the morning", "Date: 2024-03-05")):
        pen.text((120, 200 + 140 * row), text, fill="black", font=font)
    out = io.BytesIO()
    page.rotate(rotation_deg, expand=True).save(out, "PNG")

    reading = read_scan(out.getvalue(), engine=open_engine("rapidocr"))

    assert reading.pages[0].rotation_deg == rotation_deg
    fields = {e.name: e.normalised for e in reading.extractions}
    assert fields["name"] == "Margaret Thornton"
    assert fields["phone"] == "+861062345678"
    assert fields["email"] == "margaret@example.org"
    assert fields["date"] == "2024-03-05"


def test_other_programs_are_told_the_parts_of_an_address() -> None:
    reading = read_scan(
        blank(), engine=SayingEngine(("联系地址：江苏省南京市鼓楼区中山路1号", 100, 200), ("姓名：张三", 100, 300))
    )

    address, name = reading_to_json("a.png", reading)["fields"]

    assert address["parts"] == {"province": "江苏省", "city": "南京市", "county": "鼓楼区", "rest": "中山路1号"}
    assert (name["parts"], name["row"]) == (None, None)


def test_characters_in_boxes_are_one_word_and_one_value() -> None:
    boxed = tuple((digit, 400 + 60 * at, 200) for at, digit in enumerate("13812345678"))

    reading = read_scan(blank(), engine=SayingEngine(("手机：", 100, 200), *boxed))

    (field,) = reading.extractions
    assert (field.name, field.value, field.valid) == ("mobile", "13812345678", True)
    assert "13812345678" in [word.text for word in reading.pages[0].words]
