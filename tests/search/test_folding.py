"""Folding of spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.folding import fold, fold_with_offsets, original_span


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("張國榮", "张国荣"),
        ("Ünïcode É", "unicode e"),
        ("e\u0301", "e"),
        ("Straße ﬁ", "strasse fi"),
        ("٣٤", "34"),
        ("a—b－c_d", "a-b-c-d"),
        ("“q”「r」", '"q""r"'),
        ("\ud800", " "),
    ],
)
def test_spellings_of_the_same_fold_to_the_same(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded, offsets = fold_with_offsets(text)

    assert folded == fold(text)
    assert len(offsets) == len(folded)
    assert all(fold(text[offset])[:1] != "" for offset in offsets)


def test_a_span_of_the_folded_text_maps_back_to_whole_characters() -> None:
    folded, offsets = fold_with_offsets("a ﬁne")
    start = folded.index("ine")

    assert original_span(offsets, start, start + 3) == (2, 5)


@given(st.text(alphabet="後后乾干發髮張著裏裡麵面", max_size=12), st.integers(0, 11), st.integers(0, 12))
def test_a_part_folds_as_it_does_within_the_whole(text: str, start: int, end: int) -> None:
    assert fold(text[start:end]) == fold(text)[start:end]


@given(st.text(st.characters(), min_size=60, max_size=300))
def test_a_long_text_folds_like_its_characters_one_by_one(text: str) -> None:
    assert fold(text) == "".join(map(fold, text))
