"""Templates as plain data."""

import json

import pytest

from ocr import Anchor, Box, FormTemplate, Option, Zone, ZoneKind, template_from_json, template_to_json

TEMPLATE = FormTemplate(
    id="t1",
    name="开户申请表",
    version=2,
    type="person",
    width_px=1000,
    height_px=1400,
    anchors=(Anchor("姓名", Box(10, 20, 60, 50)),),
    zones=(
        Zone("z1", "姓名", "name", ZoneKind.TEXT, Box(70, 20, 300, 50)),
        Zone("z2", "性别", "sex", ZoneKind.CHOICE, Box(70, 60, 300, 90), (Option("男", Box(72, 62, 90, 80)),)),
        Zone("z3", "证号", None, ZoneKind.DIGITS, Box(70, 100, 300, 130), cells=(Box(70, 100, 90, 130),)),
    ),
)


def test_a_template_survives_the_way_through_json() -> None:
    assert template_from_json(json.loads(json.dumps(template_to_json(TEMPLATE)))) == TEMPLATE


@pytest.mark.parametrize(
    ("key", "value"),
    [("zones", [{"id": "z"}]), ("width_px", "wide"), ("anchors", [{"text": "x", "box": [5, 5, 5, 9]}]), ("zones", 3)],
)
def test_what_is_no_template_is_refused(key: str, value: object) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        template_from_json({**template_to_json(TEMPLATE), key: value})
