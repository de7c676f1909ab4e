"""Dates as people write them, to ISO 8601 at the precision they gave: 2024-03-05, 2024-03 or 2024."""

import datetime as dt
import re

from .checked import CheckedValue, accepted, fold, refused
from .confusions import as_digits
from .numerals import chinese_integer

__all__ = ["check_birth_date", "check_date"]

_MONTHS = {
    name: i
    for i, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_MONTH_NAME = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_CHINESE = "零〇○一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾佰廿卅两"
_TIME = re.compile(r"[ T]*\d{1,2}[:时]\d{2}(?:[:分]\d{2}(?:\.\d+)?秒?|分)?(?:Z|[+-]\d{2}:?\d{2})?$")
_SPAN = re.compile(r" ?(?:至|到|~|--+|(?<=[年月日号\d])-(?=(?:19|20)\d\d(?:\D|\d{4}$|$)|长期|永久)) ?")
"""Between the first and the last day of a time; a single dash only before another year."""
_WITHOUT_END = re.compile(r"长期(?:有效)?|永久(?:有效)?|无固定期限|permanent|indefinite|no expiry", re.IGNORECASE)
_REPUBLIC_BEGAN = 1911  # 民国1年 is 1912


def _chinese_to_digits(text: str) -> str:
    def number(match: re.Match[str]) -> str:
        value = chinese_integer(match[0].replace("廿", "二十").replace("卅", "三十"))
        return match[0] if value is None else str(value)

    return re.sub(rf"[{_CHINESE}]+", number, text)


def _two_digit_year(year: int) -> int:
    """The year of two digits that lies nearest before twenty years from now."""
    latest = dt.datetime.now(dt.UTC).year + 20
    return latest - (latest - year) % 100


def _parts(text: str) -> tuple[int, int | None, int | None, tuple[str, ...]] | None:
    """Year, month, day and warnings of a folded text; None when it has no form of a date."""
    text = _TIME.sub("", text)
    compact = text.replace(" ", "")
    era = re.match(r"(?:中华)?(?:民国|民國)", compact)
    if "年" in compact or era:
        body = _chinese_to_digits(compact[era.end() :] if era else compact).replace("元年", "1年")
        match = re.fullmatch(r"(?:公元)?(\d{1,4})[年./-](?:(\d{1,2})[月./-]?(?:(\d{1,2})[日号號]?)?)?", body)
        if not match:
            return None
        year, month, day = (int(g) if g else None for g in match.groups())
        assert year is not None
        if era and year == 0:
            return None
        if era:
            return year + _REPUBLIC_BEGAN, month, day, ("date-era",)
        if len(match[1]) == 2:
            return _two_digit_year(year), month, day, ("date-century-guessed",)
        return (year, month, day, ()) if len(match[1]) == 4 else None
    if match := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", compact):
        return int(match[1]), int(match[2]), int(match[3]), ()
    if match := re.fullmatch(r"(\d{4})(?: ?[-./,、·] ?| )(\d{1,2})(?:(?: ?[-./,、·] ?| )(\d{1,2}))?[日.]?", text):
        return int(match[1]), int(match[2]), int(match[3]) if match[3] else None, ()
    if re.fullmatch(r"(?:1[89]|2[01])\d\d", compact):
        return int(compact), None, None, ()
    return _western_parts(text.lower())


def _western_parts(text: str) -> tuple[int, int | None, int | None, tuple[str, ...]] | None:
    """As ``_parts``, for dates with the year last."""
    warnings: list[str] = []
    month: int
    day: int | None
    if match := re.fullmatch(rf"(\d{{1,2}})(?:st|nd|rd|th)?[ .,/-]*(?:of )?{_MONTH_NAME}[ .,/'-]*(\d{{4}}|\d\d)", text):
        day, month, year_text = int(match[1]), _MONTHS[match[2]], match[3]
    elif match := re.fullmatch(rf"{_MONTH_NAME}[ .-]*(\d{{1,2}})(?:st|nd|rd|th)?[ .,/-]+'?(\d{{4}}|\d\d)", text):
        month, day, year_text = _MONTHS[match[1]], int(match[2]), match[3]
    elif match := re.fullmatch(rf"{_MONTH_NAME}[ .,/-]*(\d{{4}})", text):
        month, day, year_text = _MONTHS[match[1]], None, match[2]
    elif match := re.fullmatch(r"(\d{1,2}) ?[-./] ?(\d{1,2}) ?[-./] ?(\d{4}|\d\d)", text):
        month, day, year_text = int(match[1]), int(match[2]), match[3]
        if month > 12:
            month, day = day, month
        elif day <= 12 and day != month:
            warnings.append("date-order-guessed")
    else:
        return None
    year = int(year_text)
    if len(year_text) == 2:
        year = _two_digit_year(year)
        warnings.append("date-century-guessed")
    return year, month, day, tuple(warnings)


def _with_letters_in_months(text: str) -> str:
    """The text with letters for the digits that readers see in names of months: 0ct, N0v, Apri1, Ju1y."""
    return re.sub(
        r"\b(?=[a-z01]*[a-z])[a-z01]{3,9}\b",
        lambda word: word[0].replace("0", "o").replace("1", "l"),
        text,
        flags=re.IGNORECASE,
    )


def check_date(raw: str) -> CheckedValue:
    """Check a date; the canonical form keeps the precision of what was given.

    Read are ISO and its variants (2024/3/5, 2024.3.5, 20240305), Chinese dates in digits or numerals (二〇二四年三月五日),
    years of the Republic (民国113年) and English dates. Two ways to read one are settled by the usual one, with a warning.
    Of a span of time the last day is suggested, for it is what a paper's validity asks for; 长期 is no date and valid.
    """
    text = re.sub(r"^(?:截?至|截止|到) ?", "", fold(raw).strip(" .,;:。、"))
    parts = _parts(text)
    if parts is None and _WITHOUT_END.fullmatch(text):
        return accepted(raw, None, "date-without-end")
    if parts is None and len(ends := _SPAN.split(text)) == 2 and all(ends) and _parts(ends[0]):
        last = check_date(ends[1])
        if "date-without-end" in last.problems:
            return accepted(raw, None, "date-without-end")
        return refused(raw, "date-span", suggestion=last.normalised if last.valid else None)
    if parts is None:
        guess = _with_letters_in_months(text)
        guess = guess if _parts(guess) else as_digits(text)
        meant = check_date(guess) if guess != text and _parts(guess) else None
        return refused(raw, "date-format", suggestion=meant.normalised if meant and meant.valid else None)
    year, month, day, warnings = parts
    try:
        dt.date(year, month or 1, day or 1)
    except ValueError:
        return refused(raw, "date-impossible")
    this_year = dt.datetime.now(dt.UTC).year
    if not this_year - 130 <= year <= this_year + 100:
        warnings += ("date-far",)
    iso = f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")
    return accepted(raw, iso, *warnings)


def check_birth_date(raw: str) -> CheckedValue:
    """As ``check_date``; a date of birth is never in the future."""
    checked = check_date(raw)
    if checked.valid and checked.normalised is None:
        return refused(raw, "date-format")
    if checked.normalised is None:
        return checked
    tomorrow = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)).isoformat()
    if checked.normalised <= tomorrow:
        return checked
    if "date-century-guessed" in checked.problems:
        earlier = f"{int(checked.normalised[:4]) - 100:04}{checked.normalised[4:]}"
        return accepted(raw, earlier, *checked.problems)
    return accepted(raw, checked.normalised, *checked.problems, "date-in-future")
