"""Fields of tables' rows have names that say which."""

import pytest

from archive.dossier_type import BUILT_IN_TYPES, FieldSpec
from archive.table_rows import RowLabel, row_field_name, row_label_of

PERSON = BUILT_IN_TYPES[0]


@pytest.mark.parametrize(
    "row", [RowLabel("家庭成员", 2, "出生日期"), RowLabel("", 1, "Date of birth"), RowLabel("A 1", 12, "b")]
)
def test_a_name_tells_its_row_again(row: RowLabel) -> None:
    assert row_label_of(row_field_name(row)) == row


@pytest.mark.parametrize("name", ["name", "客户等级", "楼 3", "家庭成员 0 姓名", "1", "家庭成员 1234 姓名"])
def test_other_names_are_no_rows(name: str) -> None:
    assert row_label_of(name) is None


def test_a_field_of_a_row_is_as_its_column_says() -> None:
    number, other = PERSON.field("家庭成员 1 身份证号"), PERSON.field("家庭成员 1 称呼语")

    assert number is not None
    assert (number.kind, number.sensitive, number.required, number.label("en")) == (
        "id_number",
        True,
        False,
        "家庭成员 1 身份证号",
    )
    assert other is None


def test_a_label_of_the_types_own_names_the_column() -> None:
    secret = FieldSpec(name="badge", label_zh="胸牌", label_en="Badge", sensitive=True, printed_labels=("胸牌号",))
    dossier_type = PERSON.model_copy(update={"fields": (*PERSON.fields, secret)})

    found = dossier_type.field("员工 3 胸牌号")

    assert found is not None
    assert found.sensitive
