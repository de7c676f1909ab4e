"""Simplified and traditional characters: readers take some hands' simplified ones for traditional ones."""

from collections.abc import Iterable
from functools import cache

import opencc

__all__ = ["is_printed_simplified", "simplified"]


@cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in simplified characters."""
    return str(_to_simplified().convert(text))


def is_printed_simplified(texts: Iterable[str]) -> bool:
    """Whether printed texts are in simplified Chinese: they hold Chinese characters, and none that is traditional only."""
    whole = "".join(texts)
    return any("\u3400" <= c <= "\u9fff" for c in whole) and simplified(whole) == whole
