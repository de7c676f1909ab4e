"""Numbers of organisations: credit code (GB 32100), organisation code (GB 11714), business licence (15 digits)."""

import re

from stdnum.iso7064 import mod_11_10

from .checked import CheckedValue, accepted, refused, squeeze

__all__ = ["check_business_licence", "check_organisation_code", "check_uscc"]

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_DEPARTMENTS = frozenset("123456789ANY")
_LOOKALIKES = str.maketrans("IOZSV", "1025U")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def _code_text(raw: str) -> str:
    return re.sub(r"[-.·]", "", squeeze(raw).upper())


def _organisation_digit(first8: str) -> str:
    total = sum(int(c, 36) * w for c, w in zip(first8, _ORGANISATION_WEIGHTS, strict=True))
    return "0X987654321"[total % 11]


def _uscc_digit(first17: str) -> str:
    total = sum(_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first17))
    return _ALPHABET[-total % 31]


def check_uscc(raw: str) -> CheckedValue:
    """Check a unified social credit code: both its own check character and that of the organisation code inside.

    Fifteen digits are checked as a business licence of the old kind, because forms ask for "either" in one field.
    """
    text = _code_text(raw)
    if re.fullmatch(r"[0-9]{15}", text):
        licence = check_business_licence(raw)
        return accepted(raw, licence.normalised, "uscc-is-licence", *licence.problems)
    if len(text) != 18:
        return refused(raw, "uscc-length")
    if not all(c in _ALPHABET for c in text):
        return refused(raw, "uscc-characters", suggestion=_meant(raw))

    problems = []
    if _uscc_digit(text[:17]) != text[17]:
        problems.append("uscc-checksum")
    if _organisation_digit(text[8:16]) != text[16]:
        problems.append("uscc-organisation-checksum")
    if text[0] not in _DEPARTMENTS:
        problems.append("uscc-department")
    return accepted(raw, text, *problems, suggestion=_meant(raw) if "uscc-checksum" in problems else None)


def _meant(raw: str) -> str | None:
    """The credit code that one becomes when letters it cannot have, and a small l, are the digits that look like them."""
    meant = _code_text(raw.replace("l", "1")).translate(_LOOKALIKES)
    right = meant != _code_text(raw) and all(c in _ALPHABET for c in meant) and check_uscc(meant).valid
    return meant if right else None


def check_organisation_code(raw: str) -> CheckedValue:
    """Check an organisation code, written with or without a dash before its check character."""
    text = _code_text(raw)
    if len(text) == 18:
        return check_uscc(raw)
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", text):
        return refused(raw, "organisation-code-format")
    problems = [] if _organisation_digit(text[:8]) == text[8] else ["organisation-code-checksum"]
    return accepted(raw, f"{text[:8]}-{text[8]}", *problems)


def check_business_licence(raw: str) -> CheckedValue:
    """Check a business licence number: 15 digits (ISO 7064 MOD 11,10), or the credit code that replaced it."""
    text = _code_text(raw)
    if len(text) == 18:
        code = check_uscc(raw)
        return CheckedValue(raw, code.normalised, code.valid, (*code.problems, "licence-is-uscc"), code.suggestion)
    if not re.fullmatch(r"[0-9]{15}", text):
        return refused(raw, "licence-format")
    return accepted(raw, text, *([] if mod_11_10.is_valid(text) else ["licence-checksum"]))
