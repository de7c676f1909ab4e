"""A number that was written across a ruling line stays one number."""

from ocr.image.rulings import Rulings, Segment
from tests.ocr.written import pairs_said, text_at


def table() -> Rulings:
    """Two cells side by side."""
    return Rulings(
        horizontal=(Segment(80, 80, 900), Segment(160, 80, 900)),
        vertical=tuple(Segment(x, 80, 160) for x in (80, 400, 900)),
    )


def test_a_digit_left_over_before_the_line_goes_with_the_number_behind_it() -> None:
    pieces = [text_at("出生日期", 100, 100), text_at("1", 382, 100), text_at("992年12月22日", 402, 100)]

    assert pairs_said(pieces, table()) == [("出生日期", "1992年12月22日")]


def test_a_digit_left_over_behind_the_line_goes_with_the_number_before_it() -> None:
    rulings = Rulings(
        horizontal=(Segment(80, 80, 1300), Segment(160, 80, 1300)),
        vertical=tuple(Segment(x, 80, 160) for x in (80, 300, 527, 900, 1300)),
    )
    pieces = [
        text_at("手机", 100, 100),
        text_at("1380013800", 326, 100),
        text_at("0", 528, 100),
        text_at("邮编", 620, 100),
        text_at("100080", 920, 100),
    ]

    assert ("手机", "13800138000") in pairs_said(pieces, rulings)


def test_two_numbers_beside_a_line_stay_apart() -> None:
    pieces = [text_at("13800138000", 100, 100), text_at("5", 420, 100), text_at("号码", 460, 100)]

    assert "138001380005" not in str(pairs_said(pieces, table()))
