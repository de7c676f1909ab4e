"""What a recogniser may have made of what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.clauses import parse
from search.lookalikes import MOST_VARIANTS, variants_of


def readings(text: str) -> set[str]:
    return {each.text or "".join(each.tokens) for variants in variants_of(parse(text).wanted) for each in variants}


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("未来", "末来"),
        ("自己", "自已"),
        ("日期", "目期"),
        ("1380", "l38o"),
        ("1380", "138o"),
        ("corner", "comer"),
        ("5678", "s678"),
    ],
)
def test_what_looks_alike_is_read(text: str, reading: str) -> None:
    assert reading in readings(text)


@pytest.mark.parametrize("text", ["", "张", "12", "cat", "电话:138 ", "-未来", "2023..2024"])
def test_what_is_short_or_left_out_has_no_other_reading(text: str) -> None:
    clauses = parse(text, lambda _concept: True).wanted

    assert not any(variants_of(clauses))


@given(st.lists(st.sampled_from(["未来日期", "13800138000", "william", "土地", "modern"]), min_size=1, max_size=10))
def test_readings_are_bounded_and_never_what_was_typed(words: list[str]) -> None:
    clauses = parse(" ".join(words)).wanted
    variants = variants_of(clauses)

    assert sum(map(len, variants)) <= MOST_VARIANTS
    assert all(clause not in others for clause, others in zip(clauses, variants, strict=True))
