"""Runs that many dossiers share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.common_runs import NOTHING_COMMON, CommonRuns
from search.folding import LONG

LABELS = ("出生日期", "联系电话", "客户基本信息登记表")
PADDING = "，" * LONG


@pytest.fixture(scope="module")
def common() -> CommonRuns:
    """What is common where all forms have the same labels."""
    return CommonRuns.learnt_from([[f"{label}{number}" for label in LABELS] for number in range(100)])


def test_what_stands_in_many_dossiers_is_common(common: CommonRuns) -> None:
    assert all(map(common.covers, (*LABELS, "生日期", "本信息登")))


@pytest.mark.parametrize("run", ["生日", "日期", "日期联", "出生年月", "生日期限"])
def test_what_is_short_or_stands_in_none_is_not(common: CommonRuns, run: str) -> None:
    assert not common.covers(run)


def test_what_stands_in_one_dossier_often_is_not_common() -> None:
    assert not CommonRuns.learnt_from([["出生日期" * 50], *[["别的"]] * 99]).triples


def test_letters_digits_and_masks_are_never_common() -> None:
    assert not CommonRuns.learnt_from([["abc 123 ●●● 一a二"]] * 100).triples


@pytest.mark.parametrize("padding", ["", PADDING], ids=["short", "long"])
def test_common_runs_reach_as_far_as_their_triples_do(common: CommonRuns, padding: str) -> None:
    squeezed = f"张三出生日期限1990联系电话138客户基本信息{padding}"

    assert common.runs_in(squeezed) == ["出生日期", "联系电话", "客户基本信息"]


def test_runs_side_by_side_that_share_no_triple_are_two(common: CommonRuns) -> None:
    assert common.runs_in("出生日期联系电话") == ["出生日期", "联系电话"]


def test_nothing_is_common_where_nothing_was_learnt() -> None:
    assert NOTHING_COMMON.runs_in("出生日期") == []
    assert not NOTHING_COMMON.covers("出生日期")
    assert not CommonRuns.learnt_from([]).triples


def test_what_was_learnt_can_be_written_down_and_read_back(common: CommonRuns) -> None:
    assert CommonRuns(common.triples).triples == common.triples


def test_of_more_triples_than_have_room_those_that_stay_are_the_same_again() -> None:
    everything = CommonRuns(
        chr(0x4E00 + number % 20_000) + "一" + chr(0x4E00 + number // 20_000) for number in range(50_000)
    )

    assert 20_000 < len(everything.triples) < 50_000
    assert CommonRuns(everything.triples).triples == everything.triples


COMMON = CommonRuns(["甲乙丙", "乙丙甲", "丙甲乙", "甲甲甲"])


@given(st.text("甲乙丙丁", max_size=400), st.text("甲乙丙", min_size=3, max_size=48), st.booleans())
def test_a_phrase_stands_in_a_text_just_where_it_stands_in_its_common_runs(text: str, phrase: str, long: bool) -> None:
    if COMMON.covers(phrase):
        runs = COMMON.runs_in(text + PADDING * long)
        assert any(phrase in run for run in runs) == (phrase in text)


def test_a_phrase_is_found_in_a_very_long_run_wherever_it_stands() -> None:
    text = "甲乙丙" * 500
    runs = COMMON.runs_in(text)

    assert max(map(len, runs)) <= 256
    assert all(any(phrase in run for run in runs) for phrase in (text[:48], text[1:49], text[2:50]))
    assert COMMON.runs_in("甲" * 300) == ["甲" * 256, "甲" * 92]
