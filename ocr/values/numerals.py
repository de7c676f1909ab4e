"""Chinese numerals, plain (一二三) and capital (壹贰叁), to numbers."""

import re
from decimal import Decimal

__all__ = ["AMOUNT_CHARACTERS", "chinese_amount", "chinese_integer"]

_DIGITS = {
    c: i
    for i, cs in enumerate(
        ("零〇○", "一壹弌", "二贰貳两", "三叁參叄", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for c in cs
}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
AMOUNT_CHARACTERS = "".join([*_DIGITS, *_UNITS, *_MYRIADS]) + "元圆圓角分整正"
"""Every character that an amount in Chinese numerals can have."""


_MISPLACED = re.compile("^[百佰千仟万萬亿億]|[十拾][十拾百佰千仟]|[百佰千仟]{2}|[万萬]{2}|[亿億]{2}")
"""A unit that nothing counts. 十 alone is ten, and 万亿 is one unit."""
_AS_SAID = re.compile(f"([百佰千仟万萬])([{''.join(c for c, i in _DIGITS.items() if i)}])$")


def chinese_integer(text: str) -> int | None:
    """The number that ``text`` writes, by place value (一百二十三) or digit by digit (二〇二四); None when it is none.

    A last digit right after 百, 千 or 万 counts the next lower unit, as people say it: 一万二 is 12,000.
    """
    if not text or any(c not in _DIGITS and c not in _UNITS and c not in _MYRIADS for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    if _MISPLACED.search(text):
        return None
    if said := _AS_SAID.search(text):
        unit = {**_UNITS, **_MYRIADS}[said[1]]
        whole = chinese_integer(text[:-1])
        return None if whole is None else whole + _DIGITS[said[2]] * unit // 10
    total = section = digit = 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _UNITS:
            section += (digit or 1) * _UNITS[c]
            digit = 0
        else:
            # 亿 multiplies everything before it (一万亿), 万 only what stands since the last 亿.
            if _MYRIADS[c] == 10**8:
                total = (total + section + digit) * 10**8
            else:
                total += (section + digit) * 10**4
            section = digit = 0
    return total + section + digit


def chinese_amount(text: str) -> Decimal | None:
    """The yuan that an amount such as 壹仟贰佰元叁角伍分整 writes; None when it is none."""
    match = re.fullmatch(
        r"(?:([^元圆圓角分整正]+)[元圆圓])?零?(?:([^角分整正])角)?零?(?:([^角分整正])分)?[整正]?", text
    )
    if not match or not any(match.groups()):
        plain = chinese_integer(text.rstrip("整正"))
        return None if plain is None else Decimal(plain)
    yuan, jiao, fen = (chinese_integer(part) if part else 0 for part in match.groups())
    if yuan is None or jiao is None or fen is None:
        return None
    return Decimal(yuan) + Decimal(jiao) / 10 + Decimal(fen) / 100
