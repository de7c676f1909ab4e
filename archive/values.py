"""What the records have in common: frozen models, ids, times, and pages of a list. Pure: no I/O."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

import phonenumbers
from pydantic import BaseModel, ConfigDict

ItemT = TypeVar("ItemT")

BoxTuple = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels of the page as received, origin top left."""


class Value(BaseModel):
    """A frozen record part; two with the same content are equal."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Page(Generic[ItemT]):
    """One stretch of a long list.

    Attributes:
        items: The stretch, in the list's order.
        next: What to pass as ``after`` for the following stretch; None at the end.
    """

    items: tuple[ItemT, ...]
    next: str | None = None


def new_id() -> str:
    """Return a fresh opaque record id: 32 hexadecimal digits, not guessable."""
    return secrets.token_hex(16)


_MOBILE_LENGTH = len("+8613800138000")
_CHINESE_NUMBER = re.compile(r"\+86\d{7,11}")


def as_written(text: str) -> str:
    """Write a Chinese telephone number that is kept in E.164 as people in China write it; anything else stays.

    A mobile is eleven digits, a fixed number has its area code before a hyphen, an extension follows a second one. The
    validator reads each of them as the number that it was.
    """
    number, _, extension = text.partition(";ext=")
    if not _CHINESE_NUMBER.fullmatch(number):
        return text
    parsed = phonenumbers.parse(number)
    area, _, rest = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL).partition(" ")
    digits = rest.replace(" ", "")
    if len(number) == _MOBILE_LENGTH and area.startswith("1"):
        written = area + digits
    elif area.startswith(("0", "4", "8")) and digits:
        written = f"{area}-{digits}"
    else:  # no number that exists: its area code cannot be told from the rest
        written = f"0{number.removeprefix('+86')}"
    return f"{written}-{extension}" if extension else written


def utc_now() -> datetime:
    """Return the time in UTC, cut to the millisecond that the database keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
