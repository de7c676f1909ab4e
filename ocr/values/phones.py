"""Telephone numbers to E.164, with the habits of Chinese forms that the ``phonenumbers`` library does not know.

The library neither parses an extension after 转 or after a third group (010-12345678-801) nor two numbers side by side, and
rejects prefixes that are newer than itself; so extensions and lists are split first, and a number of the right length with an
unknown prefix is only a warning.
"""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from .checked import CheckedValue, accepted, refused, squeeze
from .confusions import as_digits

__all__ = ["check_mobile", "check_phone"]

_EXTENSION = re.compile(r"(?:转|轉|分机|分機|ext\.?|extension|内线|x|#)[:.]?(\d{1,6})$", re.IGNORECASE)
_THIRD_GROUP = re.compile(r"^(\(?0\d{2,3}\)?-?\d{7,8})-(\d{1,6})$")
_SEPARATORS = re.compile(r"[;,、/|]|或|和")
_REMARK = re.compile(r"[(][^\d()]{1,6}[)]")
"""Whose number it is, or where it rings: (办), (手机)."""
_SHORT = re.compile(r"(?:9[56]\d{3,4}|1\d{2,4})")
_AMERICAN = re.compile(
    r"1?[-.]?(?:\([2-9]\d\d\)[-.]?|(?![48]00)[2-9]\d\d[-.])\d{3}[-.]\d{4}|1[-.][2-9]\d\d[-.]\d{3}[-.]\d{4}"
)
"""Also toll-free ones with the 1 that is dialled before them; without it 800-... is as likely Chinese."""
_FULL_LOCAL = re.compile(r"[2-8]\d{6,7}")


def _split(raw: str) -> tuple[str, str | None, bool]:
    """The first number without its extension, the extension, and whether there were more numbers."""
    bare = re.sub(r"^00(?=[1-9])", "+", _REMARK.sub(";", squeeze(raw)))
    first, *rest = [part for part in _SEPARATORS.split(bare) if part] or [""]
    several = any(len(re.sub(r"\D", "", part)) >= 5 for part in rest)
    if match := _EXTENSION.search(first):
        return first[: match.start()].rstrip("-("), match[1], several
    if match := _THIRD_GROUP.match(first):
        return match[1], match[2], several
    return first, None, several


def _parse(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


def check_phone(raw: str) -> CheckedValue:
    """Check any telephone number; canonical is E.164, with ``;ext=`` and the extension where there is one (RFC 3966)."""
    text, extension, several = _split(raw)
    warnings = ["phone-several"] if several else []
    if not re.fullmatch(r"\+?[\d().-]+", text):
        guess = as_digits(text)
        meant = check_phone(guess) if re.fullmatch(r"\+?[\d().-]+", guess) else None
        return refused(raw, "phone-format", suggestion=meant.normalised if meant and meant.valid else None)
    digits = re.sub(r"\D", "", text)
    suffix = f";ext={extension}" if extension else ""
    if _SHORT.fullmatch(digits):
        return accepted(raw, digits + suffix, *warnings)
    if _FULL_LOCAL.fullmatch(digits) and not text.startswith("+"):
        return accepted(raw, digits + suffix, "phone-area-missing", *warnings)

    region = "CN"
    if _AMERICAN.fullmatch(text):
        region = "US"
        warnings.append("phone-country-guessed")
    number = _parse(text, region)
    if number is None:
        return refused(raw, "phone-format")
    if not phonenumbers.is_possible_number(number) or phonenumbers.is_possible_number_with_reason(number):
        return refused(raw, "phone-length")
    if not phonenumbers.is_valid_number(number):
        warnings.append("phone-unassigned")
    return accepted(raw, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + suffix, *warnings)


def check_mobile(raw: str) -> CheckedValue:
    """Check a mobile number: 11 digits of mainland China, or any number with + and its country code."""
    text, _, _ = _split(raw)
    digits = re.sub(r"\D", "", text)
    national = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    checked = check_phone(raw)
    if "phone-format" in checked.problems:
        return checked
    if re.fullmatch(r"1[3-9]\d{9}", national):
        return checked
    if (text.startswith("+") and not text.startswith("+86")) or _AMERICAN.fullmatch(text):
        return checked
    number = _parse(text, "CN")
    if number is not None and phonenumbers.number_type(number) == PhoneNumberType.FIXED_LINE:
        return accepted(raw, checked.normalised, *checked.problems, "mobile-is-landline")
    return refused(raw, "mobile-length")
