"""Texts cut up for an index."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.cutting import cut
from search.folding import LONG, MASK, fold
from search.tokens import pairs_of, places_of_pairs, squeeze_around_masks, tokens_of

LONGER = "。" * LONG
"""Makes a text long, and adds nothing to it."""


@pytest.mark.parametrize("padding", ["", LONGER], ids=["short", "long"])
@pytest.mark.parametrize(
    "run", ["甲乙丙丁戊己庚辛壬癸", ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]]
)
@pytest.mark.parametrize("size", range(2, 10))
def test_any_part_of_a_run_stands_at_the_places_of_its_pairs(size: int, run: str | list[str], padding: str) -> None:
    pairs = cut(f"7 {' '.join(run[:5])}, {' '.join(run[5:])} 8 子{padding}").pairs.split()

    for start in range(len(run) - size + 1):
        part = pairs_of(run[start : start + size])
        assert part == pairs[pairs.index(part[0]) :][: size - 1]
        covered = {at for place in places_of_pairs(run[start : start + size]) for at in (place, place + 1)}
        assert covered == set(range(size))


@pytest.mark.parametrize("padding", ["", LONGER], ids=["short", "long"])
def test_no_phrase_reaches_over_the_end_of_a_run(padding: str) -> None:
    pairs = cut(f"甲乙 1 丙丁 one two 2 three four{padding}").pairs.split()

    assert pairs == ["甲乙", MASK, MASK, "丙丁", MASK, MASK, "one_two", MASK, MASK, "three_four", MASK, MASK]


@pytest.mark.parametrize("padding", ["", LONGER], ids=["short", "long"])
def test_the_beginnings_of_words_and_numbers_are_told(padding: str) -> None:
    assert cut(f"smith & sons 王 138 ähre 7{padding}").beginnings == {"s", "ä", "1", "13", "7"}
    assert cut(f"138{padding}").beginnings == {"1", "13"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "张三 138-0013 agreement",
        "张，三●● 李四●王\n五 a 六",
        "甲1乙丙 丁。戊 café 己庚",
        "x" * 50 + "辛壬",
        "1" * 50 + " word word",
        "癸" * 60,
        "●●●",
    ],
)
def test_a_long_text_is_cut_like_a_short_one(text: str) -> None:
    assert_cut_alike(fold(text))


@given(st.text(st.sampled_from("张三王 ●1a,b\n年é7。ー"), max_size=50))
def test_any_long_text_is_cut_like_a_short_one(text: str) -> None:
    assert_cut_alike(fold(text))


@given(st.text(max_size=90).map(fold))
def test_any_text_is_cut_into_its_tokens(folded: str) -> None:
    assert cut(folded).tokens.split() == tokens_of(folded)


def assert_cut_alike(folded: str) -> None:
    """Check a text of fewer than ``LONG`` characters and the same made long."""
    long = cut(folded + LONGER)
    assert long.tokens.split() == tokens_of(folded)
    assert re.sub(f"{MASK}+", MASK, long.squeezed) == re.sub(f"{MASK}+", MASK, squeeze_around_masks(folded))
    if len(folded) < LONG:
        short = cut(folded)
        assert (long.tokens, long.beginnings) == (short.tokens, short.beginnings)
        # Gaps at the very end part nothing.
        assert long.pairs.split() == short.pairs.split()
