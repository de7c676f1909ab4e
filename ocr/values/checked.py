"""The answer of a check, and the folding of raw text that all checks begin with."""

import re
import unicodedata
from dataclasses import dataclass

from .problems import PROBLEMS, Severity

__all__ = ["CheckedValue", "accepted", "fold", "refused", "squeeze"]

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-"))


@dataclass(frozen=True, slots=True)
class CheckedValue:
    """What a check found.

    Attributes:
        raw: As given.
        normalised: The canonical form, None when there is none.
        valid: Whether every problem is only a warning.
        problems: Codes of ``PROBLEMS``, in order of discovery.
        suggestion: Another canonical form that the value was perhaps meant to have; never applied without a human.
    """

    raw: str
    normalised: str | None
    valid: bool
    problems: tuple[str, ...]
    suggestion: str | None = None


def accepted(raw: str, normalised: str | None, *problems: str, suggestion: str | None = None) -> CheckedValue:
    """A value with a canonical form; invalid all the same when one of ``problems`` is an error."""
    valid = all(PROBLEMS[code].severity is Severity.WARNING for code in problems)
    return CheckedValue(raw, normalised, valid, problems, suggestion)


def refused(raw: str, *problems: str, suggestion: str | None = None) -> CheckedValue:
    """A value without a canonical form, because of ``problems``."""
    return CheckedValue(raw, None, False, problems, suggestion)


def fold(raw: str) -> str:
    """Full width to half width, all dashes to one, runs of white space to one blank, none at the ends."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", raw).translate(_DASHES)).strip()


def squeeze(raw: str) -> str:
    """As ``fold``, without any white space."""
    return fold(raw).replace(" ", "")
