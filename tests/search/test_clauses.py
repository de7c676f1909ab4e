"""How a typed text is read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.clauses import MOST_CLAUSES, Clause, Kind, ParsedText, parse


def read(text: str) -> ParsedText:
    return parse(text, {"phone", "idnumber", "birthdate"}.__contains__, today=date(2024, 3, 15))


def only(text: str) -> Clause:
    (clause,) = read(text).clauses
    return clause


def test_words_are_read_one_by_one_and_the_last_may_be_unfinished() -> None:
    first, last = read("Zhang San").clauses

    assert (first.text, first.prefix) == ("zhang", False)
    assert (last.text, last.prefix) == ("san", True)


@pytest.mark.parametrize("text", ["zhang ", '"zhang"'])
def test_a_word_that_is_finished_is_not_begun(text: str) -> None:
    assert not only(text).prefix


def test_han_characters_are_a_phrase() -> None:
    assert only("張三豐") == Clause(Kind.PHRASE, ("张", "三", "丰"))


@pytest.mark.parametrize("text", ["1380013", "138-0013", "１３８－００１３", "138.0013", "(138)0013"])
def test_a_number_is_read_the_same_in_every_grouping(text: str) -> None:
    assert only(text).text == "1380013"


@pytest.mark.parametrize("text", ["+8613800138000", "008613800138000", "86-138-0013-8000", "+86 13800138000"])
def test_the_country_code_of_a_mobile_number_does_not_matter(text: str) -> None:
    assert only(text).text == "13800138000"


def test_the_zero_before_an_area_does_not_matter() -> None:
    assert only("02079460958").text == "2079460958"
    assert only("0013").text == "0013"


@pytest.mark.parametrize("text", ["1985-03-01", "1985-3-1", "1985年3月1日", "1985年03月01日", "1985/3/1", "1985.03.01"])
def test_a_date_is_read_the_same_however_it_is_written(text: str) -> None:
    assert only(text).text == "19850301"


def test_a_code_with_letters_is_one_clause() -> None:
    assert only("Z109-WS·2011-Y").text == "z109ws2011y"


def test_a_word_with_a_hyphen_is_two_words() -> None:
    assert [clause.text for clause in read("Smith-Jones").clauses] == ["smith", "jones"]


def test_quotation_marks_of_any_kind_make_a_phrase_even_when_left_open() -> None:
    expected = Clause(Kind.PHRASE, ("a", "b"))

    assert only('"a b"') == only("“a b”") == only("「a b」") == only('"a b') == expected


def test_a_minus_before_a_word_leaves_it_out_and_one_within_does_not() -> None:
    assert only("-bad").negated
    assert [clause.negated for clause in read("well-known").clauses] == [False, False]


def test_what_is_left_out_as_one_is_one_clause() -> None:
    assert only("-3号楼") == Clause(Kind.PHRASE, ("3", "号", "楼"), negated=True)


def test_a_known_key_binds_what_follows() -> None:
    assert only("电话:138").key == only("电话： 138").key == only('电话:"138"').key == "phone"
    assert only("手机号:138").key == only("phone:138").key == only("Tel:138").key == "phone"
    assert only("ID-Number:110").key == only("身份证:110").key == "idnumber"
    assert only("题名:张").key == "title"


def test_a_label_of_several_words_is_a_key() -> None:
    assert (
        only("Date of birth:1983").key
        == only("date of birth: 1983").key
        == only("-Date of Birth:1983").key
        == "birthdate"
    )
    assert [(clause.key, clause.text) for clause in read("john smith id number:110").clauses] == [
        (None, "john"),
        (None, "smith"),
        ("idnumber", "110"),
    ]
    assert [(clause.key, clause.text) for clause in read("smith phone:138").clauses] == [
        (None, "smith"),
        ("phone", "138"),
    ]


def test_words_before_a_colon_that_are_no_label_stay_words() -> None:
    assert [clause.text for clause in read("loan officer:wang").clauses] == ["loan", "officer", "wang"]
    assert only('"his date of birth:1983"').key is None


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("created:2024", (20240000, 20249999)),
        ("建档:2024年3月", (20240300, 20240399)),
        ("changed:2024-03-15", (20240315, 20240315)),
    ],
)
def test_a_day_month_or_year_of_making_or_changing_is_all_of_it(text: str, stretch: tuple[int, int]) -> None:
    assert only(text).stretch == stretch


def test_what_is_no_date_of_making_is_looked_up_as_it_stands() -> None:
    assert (only("created:2024-13").stretch, only("birth:1983").stretch) == (None, None)


def test_an_unknown_key_is_text() -> None:
    assert [(clause.key, clause.text) for clause in read("foo:bar").clauses] == [(None, "foo"), (None, "bar")]


def test_typos_are_forgiven_in_long_words_only() -> None:
    assert [only(word).typos for word in ("four", "fives", "eightabc", "nineabcde")] == [0, 1, 1, 2]
    assert only("-fives").typos == only("电话:fives").typos == 0


def test_the_whole_text_is_kept_for_exact_hits_unless_it_is_bound_or_excludes() -> None:
    assert read("138 0013-8000").whole == "13800138000"
    assert read("张 三").whole == "张三"
    assert read("1985年3月1日").whole == "19850301"
    assert read("张三 -李四").whole == read("电话:138").whole == ""


@given(st.text(max_size=200))
def test_every_text_can_be_read(text: str) -> None:
    parsed = read(text)

    assert len(parsed.wanted) <= MOST_CLAUSES
    assert all(token and not token.isspace() for clause in parsed.clauses for token in clause.tokens)
    assert all(clause.tokens or clause.stretch for clause in parsed.clauses)


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("2024-01..2024-06", (20240100, 20240699)),
        ("2024-01-15..2024-06-30", (20240115, 20240630)),
        ("2024年1月至2024年6月", (20240100, 20240699)),
        ("2024.01 .. 2024.06", (20240100, 20240699)),
        ("20240115~20240630", (20240115, 20240630)),
        ("2023..2024", (20230000, 20249999)),
        ("2024..2023", (20230000, 20249999)),
        ("..2023", (0, 20239999)),
        ("2023..", (20230000, 99999999)),
        ("去年", (20230000, 20239999)),
        ("今年", (20240000, 20249999)),
        ("last year", (20230000, 20239999)),
        ("LAST  YEAR", None),
        ("上个月", (20240200, 20240299)),
        ("last month", (20240200, 20240299)),
        ("上季度", (20231000, 20231299)),
        ("本周", (20240311, 20240317)),
        ("昨天", (20240314, 20240314)),
        ("最近7天", (20240308, 20240315)),
        ("last 30 days", (20240214, 20240315)),
        ("近三个月", (20231216, 20240315)),
        ("2024-13..2024-14", None),
        ("2024", None),
        ('"去年"', None),
        ("去年的合同", None),
        ("z2024..2025", None),
    ],
)
def test_a_stretch_of_time_is_read(text: str, stretch: tuple[int, int] | None) -> None:
    stretches = [clause.stretch for clause in read(text).clauses if clause.stretch]

    assert stretches == ([stretch] if stretch else [])


def test_a_stretch_may_be_bound_or_left_out_and_stands_among_words() -> None:
    name, born, left_out = read("张三 生日:1983..1985 -去年").clauses

    assert name.tokens == ("张", "三")
    assert (born.key, born.stretch) == ("birthdate", (19830000, 19859999))
    assert (left_out.negated, left_out.stretch) == (True, (20230000, 20239999))
    assert only("created:2024-01..2024-02").key == "created"


def test_a_starred_word_is_the_unfinished_one() -> None:
    assert [(clause.text, clause.prefix) for clause in read("agr* smith").clauses] == [("agr", True), ("smith", False)]
    assert only("电话:138*").text == "138"
