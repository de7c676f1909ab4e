"""Reads dates, and stretches of time as people type them: ``2024-01..2024-06``, ``..2023``, 去年, last month.

A day is the number yyyymmdd. Dates may be coarse: a month is yyyymm00, a year yyyy0000, which lies in every stretch that
holds the whole of it. Stretches hold both their ends.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

Stretch = tuple[int, int]

LATEST = 99999999

_DATE = r"(?:19|20)\d\d(?:[-./年]\d{1,2}(?!\d)(?:[-./月]\d{1,2}(?!\d)日?|月)?|[01]\d(?:[0-3]\d)?|年)?(?!\d)"
_TO = r"\s?(?:\.{2,3}|~|至|到)\s?"
_UNITS = {
    "日": 1,
    "天": 1,
    "day": 1,
    "周": 7,
    "星期": 7,
    "week": 7,
    "个月": 30,
    "月": 30,
    "month": 30,
    "年": 365,
    "year": 365,
}
_NUMBERS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "半": 0}
_RECENT = (
    r"(?:最近|近|过去)(?P<zh_count>\d{1,3}|[一二两三四五六七八九十])(?P<zh_unit>个月|星期|天|日|周|年|月)"
    r"|(?:last|past) (?P<en_count>\d{1,3}) (?P<en_unit>day|week|month|year)s?"
)


def _year(of: Callable[[date], int]) -> Callable[[date], Stretch]:
    return lambda today: (of(today) * 10000, of(today) * 10000 + 9999)


def _month(back: int) -> Callable[[date], Stretch]:
    def stretch(today: date) -> Stretch:
        months = today.year * 12 + today.month - 1 - back
        first = months // 12 * 10000 + (months % 12 + 1) * 100
        return first, first + 99

    return stretch


def _quarter(back: int) -> Callable[[date], Stretch]:
    def stretch(today: date) -> Stretch:
        quarters = today.year * 4 + (today.month - 1) // 3 - back
        first = quarters // 4 * 10000 + (quarters % 4 * 3 + 1) * 100
        return first, first + 299

    return stretch


def _week(back: int) -> Callable[[date], Stretch]:
    def stretch(today: date) -> Stretch:
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return day_number(monday), day_number(monday + timedelta(days=6))

    return stretch


def _day(back: int) -> Callable[[date], Stretch]:
    return lambda today: (day_number(today - timedelta(days=back)),) * 2


_RELATIVE: dict[str, Callable[[date], Stretch]] = {
    **dict.fromkeys(("今年", "本年", "this year"), _year(lambda today: today.year)),
    **dict.fromkeys(("去年", "上年", "last year"), _year(lambda today: today.year - 1)),
    **dict.fromkeys(("前年", "year before last"), _year(lambda today: today.year - 2)),
    **dict.fromkeys(("本月", "这个月", "当月", "this month"), _month(0)),
    **dict.fromkeys(("上个月", "上月", "last month"), _month(1)),
    **dict.fromkeys(("本季度", "这个季度", "this quarter"), _quarter(0)),
    **dict.fromkeys(("上季度", "上个季度", "last quarter"), _quarter(1)),
    **dict.fromkeys(("本周", "这周", "本星期", "这个星期", "this week"), _week(0)),
    **dict.fromkeys(("上周", "上星期", "上个星期", "last week"), _week(1)),
    **dict.fromkeys(("今天", "今日", "today"), _day(0)),
    **dict.fromkeys(("昨天", "昨日", "yesterday"), _day(1)),
    **dict.fromkeys(("前天",), _day(2)),
}

_NAMED = "|".join(sorted(_RELATIVE, key=len, reverse=True))
STRETCH = rf"(?:{_DATE}{_TO}(?:{_DATE})?|(?:\.{{2,3}}|~){_DATE}|{_NAMED}|{re.sub(r'[?]P<.*?>', '?:', _RECENT)})"
"""A stretch of time, as a regular expression on folded text."""

_PARTS = re.compile(r"(\d{4})[-./年]?(\d{1,2})?[-./月]?(\d{1,2})?")
_FIRST_DATE = re.compile(rf"(?<!\d){_DATE}")
_SPAN = re.compile(rf"(?P<low>{_DATE})?{_TO}(?P<high>{_DATE})?")


def day_number(day: date) -> int:
    """Give a day as yyyymmdd."""
    return day.year * 10000 + day.month * 100 + day.day


def stretch_of(folded: str, today: date) -> Stretch | None:
    """Read what ``STRETCH`` matches; None where it is no date after all, such as a thirteenth month."""
    if folded in _RELATIVE:
        return _RELATIVE[folded](today)
    if recent := re.fullmatch(_RECENT, folded):
        count = recent["zh_count"] or recent["en_count"]
        number = int(count) if count.isdigit() else _NUMBERS[count]
        days = min(number * _UNITS[recent["zh_unit"] or recent["en_unit"]], 36500)
        return day_number(today - timedelta(days=days)), day_number(today)
    span = _SPAN.fullmatch(folded)
    if span is None:
        return None
    low = _bound(span["low"], last=False) if span["low"] else 0
    high = _bound(span["high"], last=True) if span["high"] else LATEST
    if low is None or high is None:
        return None
    return (
        (low, high)
        if low <= high
        else (_bound(span["high"], last=False) or 0, _bound(span["low"], last=True) or LATEST)
    )


def dates_in(folded: str) -> list[tuple[int, int, int]]:
    """Find the dates in a folded text: start, end, and the day, coarse where it is."""
    found = []
    for match in _FIRST_DATE.finditer(folded):
        day = _bound(match.group(), last=False)
        if day is not None:
            found.append((match.start(), match.end(), day))
    return found


def _bound(written: str, *, last: bool) -> int | None:
    """Give the first or the last number that lies in a written date."""
    parts = _PARTS.match(written)
    if parts is None:
        return None
    year, month, day = int(parts[1]), int(parts[2] or 0), int(parts[3] or 0)
    if month > 12 or day > 31 or (parts[2] and not month) or (parts[3] and not day):
        return None
    if not last:
        return year * 10000 + month * 100 + day
    return year * 10000 + (month or 99) * 100 + (day or 99)
