"""The tokens of texts."""

import pytest

from search.folding import fold
from search.tokens import grams_of, padded_date, tokens_of


def test_han_stands_one_by_one_words_and_numbers_whole() -> None:
    assert tokens_of(fold("張三Smith 138号, 2024")) == ["张", "三", "smith", "138", "号", "2024"]


def test_a_concealed_run_is_one_gap() -> None:
    assert tokens_of("a●●●b") == ["a", "●", "b"]


def test_grams_reach_over_the_grouping_of_a_number() -> None:
    assert grams_of("tel 138-0013") == ["138", "380", "800", "001", "013", "●"]


def test_grams_are_made_of_codes_and_not_of_words() -> None:
    assert grams_of("smith-jones a1b2") == ["a1b", "1b2", "●"]


def test_a_date_has_the_grams_of_its_full_length() -> None:
    assert {"198", "985", "850", "503", "030", "301"} <= set(grams_of(fold("1985年3月1日")))


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("1985年3月1日", "19850301"),
        ("1985-3", "198503"),
        ("1985.12.31", "19851231"),
        ("12345", None),
        ("138-0013", None),
    ],
)
def test_a_date_is_padded(text: str, digits: str | None) -> None:
    assert padded_date(text) == digits
