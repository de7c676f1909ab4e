"""How far a label and a value are trusted to belong together."""

import pytest

from ocr.trust import most_confidence
from ocr.values import Kind

ACCEPTED_UNSEEN = 0.95


def trust(key: str, name: str | None, kind: Kind, value: str, *, by_place_alone: bool = False) -> float:
    return most_confidence(key, name, kind, value, by_place_alone=by_place_alone)


@pytest.mark.parametrize(
    ("key", "name", "kind", "value"),
    [
        ("姓名", "name", Kind.NAME, "张三"),
        ("Name", "name", Kind.NAME, "Alice Brown"),
        ("工作单位", "company", Kind.COMPANY, "蓝天运输有限公司"),
        ("Employer", "company", Kind.COMPANY, "Harbour Lights Ltd"),
        ("民族", "ethnicity", Kind.TEXT, "汉族"),
    ],
)
def test_a_known_label_with_a_value_of_its_kind_is_trusted(key: str, name: str, kind: Kind, value: str) -> None:
    assert trust(key, name, kind, value) == 1.0


@pytest.mark.parametrize(
    ("key", "name", "kind", "value"),
    [
        ("联系人", "contact_person", Kind.NAME, "其它"),
        ("单位名称", "company", Kind.COMPANY, "城乡居民"),
        ("备注", "remark", Kind.TEXT, "请用黑色笔填写"),
        ("(省)", "province", Kind.TEXT, "江苏"),
        ("凡在本市登记的单位须按期报送其名称（公司）", "company", Kind.COMPANY, "某某公司"),
    ],
)
def test_a_value_that_its_label_hardly_means_is_looked_at(key: str, name: str, kind: Kind, value: str) -> None:
    assert trust(key, name, kind, value) < ACCEPTED_UNSEEN


def test_an_unknown_label_is_looked_at_and_its_place_alone_says_least() -> None:
    by_colon = trust("楼栋", None, Kind.TEXT, "东二")

    assert trust("楼栋", None, Kind.TEXT, "东二", by_place_alone=True) < by_colon < ACCEPTED_UNSEEN
