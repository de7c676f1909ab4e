"""Amounts, numbers, and the numbers of cards and accounts."""

import re
from decimal import Decimal, InvalidOperation

from stdnum import luhn

from .checked import CheckedValue, accepted, refused, squeeze
from .confusions import as_digits
from .numerals import AMOUNT_CHARACTERS, chinese_amount, chinese_integer

__all__ = ["check_amount", "check_bank_account", "check_bank_card", "check_number"]

_SCALE = {
    "": 1,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "萬": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "億": 10**8,
}
_SCALE_WORDS = "百万|千万|万|萬|亿|億|百|千"
_FOREIGN = r"USD|EUR|GBP|HKD|JPY|US\$|HK\$|\$|€|£|美元|美金|欧元|港元|港币|英镑|日元"
_IN_BOTH = re.compile(
    rf"(?:人民币)?(?:[(]?大写[)]?)?:?([{AMOUNT_CHARACTERS}]+)[,;]?(?:[(]?小写[)]?)?:?[(]?((?:¥|RMB|CNY)?[\d,.]+元?)[)]?"
)
"""Capital numerals, and behind them the digits: 壹拾贰万元整(¥120,000.00)."""
_HOME = r"CNY|RMB|¥|人民币|币|元|圆|整|正"


def _decimal(text: str) -> Decimal | None:
    """A number in digits, with or without thousands separators."""
    if not re.fullmatch(r"[+-]?(?:\d{1,3}(?:[,']\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+", text):
        return None
    try:
        return Decimal(re.sub(r"[,']", "", text))
    except InvalidOperation:
        return None


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def check_amount(raw: str) -> CheckedValue:
    """Check an amount of money in digits or capital numerals; canonical is a plain decimal in the unit (yuan, dollar)."""
    text = squeeze(raw).upper()
    if re.fullmatch(r"\([\d,.]+\)", text):
        return refused(raw, "amount-format")  # so book-keepers write what is owed
    if both := _IN_BOTH.fullmatch(text):
        return _agreed(raw, both[1], both[2])
    foreign = bool(re.search(_FOREIGN, text))
    bare = re.sub(rf"{_FOREIGN}", "", text)
    numerals = re.sub(r"人民币|大写|RMB|CNY|¥|[::()]", "", bare)
    if numerals and all(c in AMOUNT_CHARACTERS for c in numerals):
        worth = chinese_amount(numerals)
        if worth is not None:
            return accepted(raw, _plain(worth), *(["amount-foreign-currency"] if foreign else []))
    match = re.fullmatch(rf"(.*?)({_SCALE_WORDS})?", re.sub(_HOME, "", bare).strip(":()"))
    number = _decimal(match[1].rstrip("-")) if match else None
    if match is None or number is None:
        return refused(raw, "amount-format", suggestion=_suggest_number(raw))
    worth = number * _SCALE[match[2] or ""]
    return accepted(raw, _plain(worth), *(["amount-foreign-currency"] if foreign else []))


def _agreed(raw: str, capitals: str, digits: str) -> CheckedValue:
    """An amount written in capital numerals and in digits, where both say the same."""
    first, second = check_amount(capitals), check_amount(digits)
    if first.normalised is not None and first.normalised == second.normalised:
        return accepted(raw, first.normalised, *second.problems)
    return refused(raw, "amount-format")


def _suggest_number(raw: str) -> str | None:
    number = _decimal(re.sub(rf"^(?:{_HOME})+|(?:{_HOME})+$", "", as_digits(squeeze(raw))))
    return None if number is None else _plain(number)


def check_number(raw: str) -> CheckedValue:
    """Check a number, in digits or Chinese numerals; a short unit after it (35岁, 120 m2, 5 %) goes with a warning."""
    text = squeeze(raw)
    match = re.fullmatch(r"([+-]?[\d,'.]+|[零〇一二三四五六七八九十百千万亿两]+)([^\d.,]{0,6}|m[23])", text)
    if not match:
        return refused(raw, "number-format", suggestion=_suggest_number(raw))
    number: Decimal | int | None = _decimal(match[1])
    if number is None:
        number = chinese_integer(match[1])
    if number is None:
        return refused(raw, "number-format")
    worth = Decimal(number) * _SCALE.get(match[2], 1)
    return accepted(raw, _plain(worth), *(["number-unit"] if match[2] and match[2] not in _SCALE else []))


def check_bank_card(raw: str) -> CheckedValue:
    """Check a card number: 13 to 19 digits. The Luhn digit is a warning, because some genuine cards fail it."""
    text = re.sub(r"[-.]", "", squeeze(raw))
    if len(set(text)) == 1:
        return refused(raw, "bank-card-format")  # a row of noughts keeps the rule of the check digit
    if not re.fullmatch(r"\d{13,19}", text):
        guess = as_digits(text)
        right = re.fullmatch(r"\d{13,19}", guess) and luhn.is_valid(guess)
        return refused(raw, "bank-card-format", suggestion=guess if right else None)
    return accepted(raw, text, *([] if luhn.is_valid(text) else ["bank-card-luhn"]))


def check_bank_account(raw: str) -> CheckedValue:
    """Check an account number: 6 to 32 digits and letters (IBAN included), in any grouping. There is no common check digit."""
    text = re.sub(r"[-.]", "", squeeze(raw)).upper()
    if re.fullmatch(r"(?=.*\d{4})[A-Z0-9]{6,32}", text):
        return accepted(raw, text)
    return refused(raw, "bank-account-format")
