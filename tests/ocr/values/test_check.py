"""The one validator: each kind's rules, and that nothing is silently overwritten."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.values import PROBLEMS, Kind, Severity, check_value, id_number_birth_date, id_number_sex
from ocr.values.id_number import check_digit


@pytest.mark.parametrize(
    ("kind", "raw", "normalised"),
    [
        (Kind.ID_NUMBER, "11010519491231002X", "11010519491231002X"),
        (Kind.ID_NUMBER, "１１０１０５ 19491231 002x", "11010519491231002X"),
        (Kind.ID_NUMBER, "810000199408230021", "810000199408230021"),
        (Kind.USCC, "91110000600037341L", "91110000600037341L"),
        (Kind.BUSINESS_LICENCE, "110108000000016", "110108000000016"),
        (Kind.PHONE, "010-62345678转801", "+861062345678;ext=801"),
        (Kind.PHONE, "010-62345678-801", "+861062345678;ext=801"),
        (Kind.PHONE, "(010) 6234 5678 ext. 12", "+861062345678;ext=12"),
        (Kind.PHONE, "95588", "95588"),
        (Kind.PHONE, "0755-23456789（办）", "+8675523456789"),
        (Kind.PHONE, "13800138000(手机)", "+8613800138000"),
        (Kind.AMOUNT, "一万二", "12000"),
        (Kind.AMOUNT, "一千零五", "1005"),
        (Kind.AMOUNT, "壹佰拾元整", "110"),
        (Kind.AMOUNT, "壹万亿元", "1000000000000"),
        (Kind.AMOUNT, "壹拾贰万叁仟元整（¥123,000.00）", "123000"),
        (Kind.AMOUNT, "人民币（大写）伍佰元整（小写）500元", "500"),
        (Kind.PHONE, "400-810-8888", "+864008108888"),
        (Kind.MOBILE, "138 0013 8000", "+8613800138000"),
        (Kind.MOBILE, "+86 138-0013-8000", "+8613800138000"),
        (Kind.MOBILE, "+852 6123 4567", "+85261234567"),
        (Kind.EMAIL, "Zhang.San@QQ.COM", "Zhang.San@qq.com"),
        (Kind.EMAIL, "a＠b.cn", "a@b.cn"),
        (Kind.POSTCODE, "１００ ０８０", "100080"),
        (Kind.DATE, "二〇二四年三月五日", "2024-03-05"),
        (Kind.DATE, "民国113年3月", "2024-03"),
        (Kind.DATE, "民国一百一十三年三月五日", "2024-03-05"),
        (Kind.DATE, "2024·3·5", "2024-03-05"),
        (Kind.DATE, "至2030年1月1日", "2030-01-01"),
        (Kind.NAME, "买买提．阿不都", "买买提·阿不都"),
        (Kind.NAME, "J.R. Smith", "J.R. Smith"),
        (Kind.MOBILE, "008613800138000", "+8613800138000"),
        (Kind.PHONE, "010-62345678(办) ", "+861062345678"),
        (Kind.ID_NUMBER, "11010519491231002X（本人）", "11010519491231002X"),
        (Kind.DATE, "2020.6.15", "2020-06-15"),
        (Kind.DATE, "2024 年 3 月", "2024-03"),
        (Kind.DATE, "2024", "2024"),
        (Kind.DATE, "20240305", "2024-03-05"),
        (Kind.DATE, "March 5, 2024", "2024-03-05"),
        (Kind.DATE, "5th of March 2024", "2024-03-05"),
        (Kind.DATE, "2024-03-05 10:30", "2024-03-05"),
        (Kind.AMOUNT, "壹拾贰万叁仟肆佰伍拾陆元柒角捌分整", "123456.78"),
        (Kind.AMOUNT, "¥1,234.50", "1234.5"),
        (Kind.AMOUNT, "500万元", "5000000"),
        (Kind.AMOUNT, "人民币伍佰万元整", "5000000"),
        (Kind.NUMBER, "一百二十", "120"),
        (Kind.SEX, "☑男 □女", "male"),
        (Kind.SEX, "□男 ☑女", "female"),
        (Kind.SEX, "男☑ 女□", "male"),
        (Kind.SEX, "男□ 女☑", "female"),
        (Kind.SEX, "□Male ☑Female", "female"),
        (Kind.SEX, "( )男 (√)女", "female"),
        (Kind.SEX, "男(√) 女( )", "male"),
        (Kind.SEX, "Female", "female"),
        (Kind.BOOL, "√", "true"),
        (Kind.BOOL, "□是 ☑否", "false"),
        (Kind.BANK_CARD, "4111 1111 1111 1111", "4111111111111111"),
        (Kind.BANK_ACCOUNT, "0200-0033-0900-5403-113", "0200003309005403113"),
        (Kind.PASSPORT, "E12345678", "E12345678"),
        (Kind.TRAVEL_PERMIT, "H12345678", "H12345678"),
        (Kind.NAME, "欧 阳 · 娜娜", "欧阳·娜娜"),
        (Kind.NAME, "John  Smith", "John Smith"),
        (Kind.ADDRESS, "北京市 海淀区 1 号", "北京市海淀区1号"),
        (Kind.ORGANISATION_CODE, "600037341", "60003734-1"),
    ],
)
def test_a_right_value_has_a_canonical_form(kind: Kind, raw: str, normalised: str) -> None:
    checked = check_value(kind, raw)

    assert (checked.normalised, checked.valid) == (normalised, True)
    assert checked.raw == raw


@pytest.mark.parametrize(
    ("kind", "raw", "problem"),
    [
        (Kind.ID_NUMBER, "110105194912310021", "id-checksum"),
        (Kind.ID_NUMBER, "1101051949123100", "id-length"),
        (Kind.ID_NUMBER, "110105194913310029", "id-birth-date"),
        (Kind.USCC, "91110000600037342L", "uscc-checksum"),
        (Kind.USCC, "9111000060003734", "uscc-length"),
        (Kind.DATE, "2024年2月30日", "date-impossible"),
        (Kind.DATE, "张三", "date-format"),
        (Kind.BIRTH_DATE, "2190-01-01", "date-in-future"),
        (Kind.MOBILE, "1380013800", "mobile-length"),
        (Kind.PHONE, "没有", "phone-format"),
        (Kind.EMAIL, "zhang.qq.com", "email-format"),
        (Kind.POSTCODE, "1234", "postcode-format"),
        (Kind.SEX, "男□女□", "sex-unmarked"),
        (Kind.SEX, "北京", "sex-unknown"),
        (Kind.AMOUNT, "很多", "amount-format"),
        (Kind.NUMBER, "x", "number-format"),
        (Kind.BANK_CARD, "12345", "bank-card-format"),
        (Kind.BOOL, "也许", "bool-unknown"),
        (Kind.PASSPORT, "护照", "passport-format"),
        (Kind.AMOUNT, "万", "amount-format"),
        (Kind.AMOUNT, "壹万贰仟仟", "amount-format"),
        (Kind.AMOUNT, "(1,234.00)", "amount-format"),
        (Kind.AMOUNT, "壹佰元整（¥1000.00）", "amount-format"),
        (Kind.BANK_CARD, "0000000000000000", "bank-card-format"),
        (Kind.DATE, "民国0年1月1日", "date-format"),
        (Kind.PHONE, "转801", "phone-format"),
        (Kind.DATE, "2024年3月5日至2025年3月4日", "date-span"),
        (Kind.DATE, "2020年至今", "date-span"),
        (Kind.DATE, "05-2024", "date-format"),
        (Kind.BIRTH_DATE, "长期", "date-format"),
    ],
)
def test_a_broken_rule_makes_the_value_invalid(kind: Kind, raw: str, problem: str) -> None:
    checked = check_value(kind, raw)

    assert not checked.valid
    assert problem in checked.problems


@pytest.mark.parametrize(
    ("kind", "raw", "problem"),
    [
        (Kind.ID_NUMBER, "130503670401001", "id-old-15"),
        (Kind.PHONE, "62345678", "phone-area-missing"),
        (Kind.PHONE, "(212) 555-0100", "phone-country-guessed"),
        (Kind.PHONE, "13800138000；010-62345678", "phone-several"),
        (Kind.MOBILE, "14912345678", "phone-unassigned"),
        (Kind.DATE, "03/05/2024", "date-order-guessed"),
        (Kind.DATE, "5-Mar-24", "date-century-guessed"),
        (Kind.BANK_CARD, "4111111111111112", "bank-card-luhn"),
        (Kind.AMOUNT, "USD 12", "amount-foreign-currency"),
        (Kind.NUMBER, "35岁", "number-unit"),
        (Kind.NAME, "张3", "name-characters"),
        (Kind.POSTCODE, "94105", "postcode-foreign"),
        (Kind.PHONE, "0571-88888888（办）13900000000", "phone-several"),
    ],
)
def test_an_odd_value_is_valid_with_a_warning(kind: Kind, raw: str, problem: str) -> None:
    checked = check_value(kind, raw)

    assert checked.valid
    assert checked.normalised
    assert problem in checked.problems


@pytest.mark.parametrize(
    ("kind", "raw", "meant"),
    [
        (Kind.ID_NUMBER, "1101051949123I002X", "11010519491231002X"),
        (Kind.USCC, "9111OOOO600037341L", "91110000600037341L"),
        (Kind.MOBILE, "138OO138000", "+8613800138000"),
        (Kind.POSTCODE, "10OO80", "100080"),
        (Kind.EMAIL, "zhang san@qq。com", "zhangsan@qq.com"),
        (Kind.DATE, "2014.03.05-2034.03.05", "2034-03-05"),
        (Kind.DATE, "20140305-20340305", "2034-03-05"),
        (Kind.ID_NUMBER, "1l0105194912310O2X", "11010519491231002X"),
        (Kind.USCC, "91l1000060003734IL", "91110000600037341L"),
        (Kind.AMOUNT, "￥l2,O00元", "12000"),
        (Kind.EMAIL, "zhangsan@example..com", "zhangsan@example.com"),
    ],
)
def test_a_confusion_that_a_rule_settles_is_suggested_and_not_applied(kind: Kind, raw: str, meant: str) -> None:
    checked = check_value(kind, raw)

    assert checked.suggestion == meant
    assert checked.normalised is None
    assert not checked.valid


@pytest.mark.parametrize("raw", ["长期", "2014.3.5-长期", "2014年3月5日至长期有效", "Permanent"])
def test_a_validity_without_an_end_is_valid_and_no_date(raw: str) -> None:
    checked = check_value(Kind.DATE, raw)

    assert (checked.valid, checked.normalised, checked.problems) == (True, None, ("date-without-end",))


def test_a_blank_value_is_valid_and_has_no_canonical_form() -> None:
    for kind in Kind:
        checked = check_value(kind, " 　\n")

        assert (checked.valid, checked.normalised, checked.problems) == (True, None, ("blank",))


def test_birth_date_and_sex_stand_in_the_id_number() -> None:
    assert id_number_birth_date("11010519491231002X") == dt.date(1949, 12, 31)
    assert id_number_sex("11010519491231002X") == "female"


def test_every_problem_has_a_message_and_a_severity() -> None:
    for code, problem in PROBLEMS.items():
        assert problem.code == code
        assert problem.message.endswith(".")
        assert problem.severity in Severity


@given(st.sampled_from(list(Kind)), st.text(max_size=60))
def test_no_text_breaks_a_check(kind: Kind, raw: str) -> None:
    checked = check_value(kind, raw)

    assert set(checked.problems) <= set(PROBLEMS)
    assert checked.valid == all(PROBLEMS[code].severity is Severity.WARNING for code in checked.problems)


@given(
    st.from_regex(r"[1-6][0-9]{5}(19[5-9][0-9]|200[0-9])(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True)
)
def test_one_wrong_digit_in_an_id_number_is_always_found(first17: str) -> None:
    number = first17 + check_digit(first17)
    wrong = number[:16] + str((int(number[16]) + 1) % 10) + number[17]

    assert check_value(Kind.ID_NUMBER, number).normalised == number
    assert "id-checksum" in check_value(Kind.ID_NUMBER, wrong).problems


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2060, 12, 31)))
def test_a_date_reads_the_same_however_it_is_written(day: dt.date) -> None:
    for raw in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", f"{day:%d %B %Y}"):
        assert check_value(Kind.DATE, raw).normalised == day.isoformat()


def test_a_toll_free_number_with_its_one_is_american() -> None:
    checked = check_value(Kind.PHONE, "1-800-555-0199")

    assert (checked.normalised, checked.problems[0]) == ("+18005550199", "phone-country-guessed")


def test_an_american_mobile_number_needs_no_country_code() -> None:
    checked = check_value(Kind.MOBILE, "(614) 555-0133")

    assert (checked.normalised, checked.valid) == ("+16145550133", True)
    assert "phone-country-guessed" in checked.problems


@pytest.mark.parametrize(
    ("raw", "meant"),
    [("0ct 9, 1993", "1993-10-09"), ("9 N0v 2020", "2020-11-09"), ("Apri1 3, 2021", "2021-04-03")],
)
def test_a_digit_in_the_name_of_a_month_is_suggested_as_the_letter(raw: str, meant: str) -> None:
    checked = check_value(Kind.DATE, raw)

    assert (checked.valid, checked.suggestion) == (False, meant)
