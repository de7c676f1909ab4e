"""Printed labels and the fields that they mean."""

import pytest

from ocr import DEFAULT_VOCABULARY, FieldDefinition, Kind, fold_label


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("姓名", "name"),
        ("姓 名", "name"),
        ("姓　名：", "name"),
        ("1、姓名（必填）：", "name"),
        ("姓名 Name", "name"),
        ("Name:", "name"),
        ("FULL NAME", "name"),
        ("*联系电话", "phone"),
        ("身份证号码", "id_number"),
        ("公司名称/Company Name", "company"),
        ("统一社会信用代码", "uscc"),
        ("E-mail", "email"),
        ("婚姻状况(Optional)", "marital_status"),
    ],
)
def test_a_label_is_known_in_every_dress(printed: str, name: str) -> None:
    assert DEFAULT_VOCABULARY.name_of(printed) == name


@pytest.mark.parametrize("printed", ["", "：", "张三", "2024", "()", "家庭成员意见书"])
def test_what_is_no_known_label_has_no_name(printed: str) -> None:
    assert DEFAULT_VOCABULARY.name_of(printed) is None


def test_an_archivists_field_adds_labels_and_wins_over_built_in_ones() -> None:
    own = FieldDefinition("membership", Kind.TEXT, "会籍", "Membership", ("会员号",))
    renamed = FieldDefinition("phone", Kind.MOBILE, "热线", "Hotline")

    vocabulary = DEFAULT_VOCABULARY.extended_with([own, renamed])

    assert vocabulary.name_of("会籍") == vocabulary.name_of("会员号") == "membership"
    assert vocabulary.name_of("热线") == vocabulary.name_of("联系电话") == "phone"
    assert vocabulary.kind_of("phone") is Kind.MOBILE
    assert DEFAULT_VOCABULARY.name_of("会籍") is None


def test_every_field_is_found_by_its_own_display_labels() -> None:
    for definition in DEFAULT_VOCABULARY.fields:
        assert DEFAULT_VOCABULARY.name_of(definition.label_zh) is not None
        assert DEFAULT_VOCABULARY.name_of(definition.label_en) is not None


def test_folding_keeps_a_label_that_is_only_a_remark() -> None:
    assert fold_label("（签章）") == "签章"


@pytest.mark.parametrize("filled_in", ["1993年12月18日", "身份证号码:330102199312180017", "男 □女", "☑男 □女"])
def test_what_holds_a_value_is_no_label(filled_in: str) -> None:
    assert DEFAULT_VOCABULARY.name_of(filled_in) is None
