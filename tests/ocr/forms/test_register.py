"""Recognising a page as a copy of a form, from the places of its printed texts."""

import dataclasses
import math
from collections.abc import Callable

import pytest

from ocr import Anchor, Box, FormTemplate
from ocr.engine import Glyph
from ocr.forms.register import register_page
from ocr.pairs.layout import Piece

Move = Callable[[float, float], tuple[float, float]]

PRINT = {
    "客户信息登记表": (400, 60),
    "姓名": (60, 200),
    "性别": (560, 200),
    "身份证号码": (60, 300),
    "手机号码": (60, 400),
    "电子邮箱": (560, 400),
    "通讯地址": (60, 500),
    "工作单位": (60, 600),
    "婚姻状况": (560, 600),
    "填表说明": (60, 900),
    "客户签名": (60, 1200),
    "日期": (620, 1200),
}


def template(name: str = "登记表", version: int = 1, **more: tuple[int, int]) -> FormTemplate:
    anchors = tuple(Anchor(text, Box(x, y, x + 30 * len(text), y + 34)) for text, (x, y) in {**PRINT, **more}.items())
    return FormTemplate(f"{name}-{version}", name, version, "person", 1000, 1400, anchors, ())


def piece(text: str, x: float, y: float, step: float = 30.0) -> Piece:
    glyphs = tuple(Glyph(c, x + step * i, x + step * (i + 1), 0.98) for i, c in enumerate(text))
    return Piece(glyphs, x, y, x + step * len(text), y + 1.13 * step, 0.98)


def page(form: FormTemplate, move: Move = lambda x, y: (x, y), scale: float = 1.0) -> list[Piece]:
    return [piece(a.text, *move(a.box.x0, a.box.y0), 30.0 * scale) for a in form.anchors]


def leaning(x: float, y: float) -> tuple[float, float]:
    """Half as large again, turned by a degree, shifted."""
    turn = math.radians(1.0)
    return (
        1.5 * (x * math.cos(turn) - y * math.sin(turn)) + 90,
        1.5 * (x * math.sin(turn) + y * math.cos(turn)) - 40,
    )


def test_a_copy_is_recognised_and_its_places_are_found() -> None:
    form = template()

    found = register_page(page(form, leaning, 1.5), [form])

    assert found is not None
    assert found.template is form
    assert found.score == 1.0
    x0, y0, x1, y1 = found.place(Box(200, 200, 500, 240))
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx(leaning(350, 220), abs=12)
    assert x1 - x0 == pytest.approx(450, rel=0.03)


def test_labels_are_found_inside_the_lines_that_hold_their_values_too() -> None:
    form = template()
    pieces = [piece(a.text + ("：张三丰" if a.box.y0 < 700 else ""), a.box.x0, a.box.y0) for a in form.anchors]

    found = register_page(pieces, [form])

    assert found is not None
    assert found.score == 1.0
    name = next(number for number, each in enumerate(pieces) if each.text.startswith("姓名"))
    assert {at for number, at in found.printed if number == name} == {0, 1}


def test_misread_labels_cost_a_little_and_no_more() -> None:
    form = template()
    pieces = [piece(each.text.replace("客户", "客尸"), each.x0, each.y0) for each in page(form)]

    found = register_page(pieces, [form])

    assert found is not None
    assert 0.85 < found.score < 1.0


def test_the_same_words_elsewhere_are_another_form() -> None:
    form = template()
    shuffled = [piece(a.text, b.box.x0, b.box.y0) for a, b in zip(form.anchors, reversed(form.anchors), strict=True)]

    assert register_page(shuffled, [form]) is None


def test_half_a_form_is_none() -> None:
    form = template()

    assert register_page(page(form)[:5], [form]) is None


@pytest.mark.parametrize("pieces", [[], [piece("一封信", 100, 100)]])
def test_a_page_with_little_or_nothing_on_it_is_no_copy(pieces: list[Piece]) -> None:
    assert register_page(pieces, [template()]) is None


def test_editions_of_a_form_are_told_apart() -> None:
    first, second = template(), template(version=2, 紧急联系人=(60, 700), 微信号码=(560, 700))

    assert [register_page(page(form), [first, second]).template.version for form in (first, second)] == [1, 2]  # type: ignore[union-attr]


def test_the_form_is_found_among_many() -> None:
    form = template()
    others = [
        dataclasses.replace(
            template(f"其他{n}"),
            anchors=tuple(dataclasses.replace(a, text=f"{a.text[::-1]}{n}") for a in form.anchors),
        )
        for n in range(40)
    ]

    found = register_page(page(form), [*others, form])

    assert found is not None
    assert found.template.name == "登记表"
    assert found.match(3).page == 3
