"""Numbers with right check digits, computed apart from the reader's validators, so that each can test the other."""

import datetime as dt
from random import Random

MOBILE_PREFIXES = tuple(
    str(prefix)
    for block in ((130, 133), (135, 139), (150, 153), (155, 159), (176, 178), (180, 183), (185, 189), (198, 199))
    for prefix in range(block[0], block[1] + 1)
)
"""Prefixes of the three carriers that are in use without restriction."""

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters of a unified social credit code (GB 32100): without I, O, Z, S and V."""


def digits(random: Random, count: int) -> str:
    """Return that many digits drawn by lot."""
    return "".join(random.choice("0123456789") for _ in range(count))


def id_check_character(first17: str) -> str:
    """Return the last place of a citizen's ID number (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first17))
    return "10X98765432"[total % 11]


def id_number(random: Random, region: str, birth_date: dt.date, sex: str) -> str:
    """Return an ID number of an invented person: region, birth date, a sequence number whose parity tells the sex."""
    sequence = random.randrange(0, 500) * 2 + (1 if sex == "male" else 0)
    first17 = f"{region}{birth_date:%Y%m%d}{sequence:03d}"
    return first17 + id_check_character(first17)


def organisation_check_character(first8: str) -> str:
    """Return the last place of an organisation code (GB 11714)."""
    total = sum(int(c, 36) * weight for c, weight in zip(first8, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def uscc(random: Random, region: str) -> str:
    """Return the credit code of an invented company: both its own check character and the inner one are right."""
    body = "MA" + "".join(random.choice(USCC_ALPHABET) for _ in range(6))
    first17 = f"91{region}{body}{organisation_check_character(body)}"
    total = sum(USCC_ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(first17))
    return first17 + USCC_ALPHABET[(31 - total % 31) % 31]


def luhn_digit(first: str) -> str:
    """Return the last digit of a bank card number (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(first)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def bank_card(random: Random) -> str:
    """Return a card number of 19 digits with a right Luhn digit, under a prefix of China's card scheme."""
    first18 = "62" + digits(random, 16)
    return first18 + luhn_digit(first18)


def mobile(random: Random) -> str:
    """Return a mobile number of mainland China, 11 digits."""
    return random.choice(MOBILE_PREFIXES) + digits(random, 8)


def landline(random: Random, area: str) -> str:
    """Return the local part of a landline: 8 digits where the area code has two or three, else 7."""
    return random.choice("2345678") + digits(random, 7 if len(area) == 3 else 6)
