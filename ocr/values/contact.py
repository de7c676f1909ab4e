"""E-mail addresses and postal codes."""

import re

from .checked import CheckedValue, accepted, fold, refused, squeeze
from .confusions import as_digits

__all__ = ["check_email", "check_postcode"]

_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)


def check_email(raw: str) -> CheckedValue:
    """Check an e-mail address; canonical has its domain in lower case. What a mailbox answers is not asked."""
    text = fold(raw).strip(" ;,.")
    if _EMAIL.fullmatch(text) and ".." not in text and not text.startswith(".") and ".@" not in text:
        name, domain = text.rsplit("@", 1)
        return accepted(raw, f"{name}@{domain.lower()}")
    meant = re.sub(r"[。,、]", ".", re.sub(r"[©®]|\(a\)|\(at\)", "@", text.replace(" ", ""), flags=re.IGNORECASE))
    meant = re.sub(r"\.{2,}", ".", meant)
    right = meant != text and _EMAIL.fullmatch(meant) and not meant.startswith(".") and ".@" not in meant
    return refused(raw, "email-format", suggestion=meant if right else None)


def check_postcode(raw: str) -> CheckedValue:
    """Check a postal code: 6 digits in China; a ZIP code of the United States passes with a warning."""
    text = squeeze(raw)
    if re.fullmatch(r"\d{6}", text):
        return accepted(raw, text)
    if re.fullmatch(r"\d{5}(?:-\d{4})?", text):
        return accepted(raw, text, "postcode-foreign")
    guess = as_digits(text)
    return refused(raw, "postcode-format", suggestion=guess if re.fullmatch(r"\d{6}", guess) else None)
