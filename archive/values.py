"""What the records have in common: frozen models, ids, times, and pages of a list. Pure: no I/O."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

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


def utc_now() -> datetime:
    """Return the time in UTC, cut to the millisecond that the database keeps."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
