"""How values are written."""

import pytest

from archive.values import as_written
from ocr import Kind, check_value


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("138-0013-8000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("021-6655 1234", "021-66551234"),
        ("010-66551234转801", "010-66551234-801"),
        ("400-820-8820", "400-8208820"),
        ("+1 614 555 0133", "+16145550133"),
        ("95588", "95588"),
    ],
)
def test_a_number_is_written_as_in_china_and_read_back_as_itself(typed: str, written: str) -> None:
    kept = check_value(Kind.PHONE, typed).normalised
    assert kept is not None

    assert as_written(kept) == written
    assert check_value(Kind.PHONE, written).normalised == kept


@pytest.mark.parametrize("text", ["", "张三", "+86", "+86abc", "2024-03-05"])
def test_what_is_no_number_stays(text: str) -> None:
    assert as_written(text) == text
