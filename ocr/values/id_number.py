"""Resident identity numbers (公民身份号码, GB 11643).

Only what has no exception is an error: length, characters, a possible date of birth that is not in the future, the check
digit. The region is a warning, because numbers of Hong Kong, Macao and Taiwan residents (81, 82, 83), of permanent
residents (9...) and of counties founded after the birth year are all genuine, although lists of regions miss them.
"""

import datetime as dt
import re

from .checked import CheckedValue, accepted, refused, squeeze
from .confusions import as_digits

__all__ = ["check_digit", "check_id_number", "id_number_birth_date", "id_number_sex"]

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)


def check_digit(first17: str) -> str:
    """The last place of the number that begins with these 17 digits (ISO 7064 MOD 11-2)."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def id_number_birth_date(number: str) -> dt.date | None:
    """The date of birth in a number of 18 places, None when it is no date."""
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def id_number_sex(number: str) -> str:
    """``male`` or ``female``, by the parity of place 17 of a number of 18 places."""
    return "male" if int(number[16]) % 2 else "female"


def check_id_number(raw: str) -> CheckedValue:
    """Check an identity number of 18 places, or of 15 from before 1999, which is extended to 18."""
    written = re.sub(r"[-.·*]|[(][^()\d]*[)]$", "", squeeze(raw).replace("×", "X"))
    text = written.upper()
    if len(text) not in (15, 18):
        return refused(raw, "id-length")
    if not re.fullmatch(r"[0-9]{17}[0-9X]|[0-9]{15}", text):
        # Which digit a letter resembles depends on its case: l is 1, b is 6.
        guess = as_digits(written[:17]) + (text[17:] if text[17:] == "X" else as_digits(written[17:]))
        meant = check_id_number(guess) if re.fullmatch(r"[0-9]{17}[0-9X]|[0-9]{15}", guess) else None
        return refused(raw, "id-characters", suggestion=meant.normalised if meant and meant.valid else None)

    problems = []
    number = text
    if len(text) == 15:
        number = text[:6] + "19" + text[6:]
        number += check_digit(number)
        problems.append("id-old-15")
    elif check_digit(text[:17]) != text[17]:
        problems.append("id-checksum")
    born = id_number_birth_date(number)
    today = dt.datetime.now(dt.UTC).date() + dt.timedelta(
        days=1
    )  # it may already be tomorrow where the card was issued
    if born is None or not dt.date(1850, 1, 1) <= born <= today:
        problems.append("id-birth-date")
    if number[:2] not in _PROVINCES and number[0] != "9":
        problems.append("id-region")
    return accepted(raw, number, *problems)
