"""The one validator: web form, import and reader all ask here, so that a value is right everywhere or nowhere."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from .addresses import check_address
from .checked import CheckedValue, accepted, fold, refused, squeeze
from .contact import check_email, check_postcode
from .dates import check_birth_date, check_date
from .id_number import check_id_number
from .kind import Kind
from .money import check_amount, check_bank_account, check_bank_card, check_number
from .organisation import check_business_licence, check_organisation_code, check_uscc
from .persons import check_company, check_name, check_passport, check_sex, check_travel_permit
from .phones import check_mobile, check_phone

__all__ = ["check_value"]

_YES = frozenset(["是", "有", "对", "yes", "y", "true", "t", "1", "√", "✓", "✔", "☑", "■", "同意", "已"])
_NO = frozenset(["否", "无", "没有", "不", "no", "n", "false", "f", "0", "×", "☐", "□", "不同意", "未"])
MAX_VALUE_CHARACTERS = 20_000
"""Longer raw values are cut before any rule looks at them, so that no rule's cost depends on the sender."""


def _check_text(raw: str) -> CheckedValue:
    return accepted(raw, fold(raw))


def _check_bool(raw: str) -> CheckedValue:
    text = squeeze(raw).casefold()
    if text in _YES:
        return accepted(raw, "true")
    if text in _NO:
        return accepted(raw, "false")
    ticked = {match[1] for match in re.finditer(r"[√✓✔☑■☒](是|有|否|无|yes|no)", text)}
    if len(ticked) == 1:
        return accepted(raw, "true" if ticked & {"是", "有", "yes"} else "false")
    return refused(raw, "bool-unknown")


_CHECKS: Mapping[Kind, Callable[[str], CheckedValue]] = MappingProxyType(
    {
        Kind.TEXT: _check_text,
        Kind.NAME: check_name,
        Kind.SEX: check_sex,
        Kind.DATE: check_date,
        Kind.BIRTH_DATE: check_birth_date,
        Kind.ID_NUMBER: check_id_number,
        Kind.PASSPORT: check_passport,
        Kind.TRAVEL_PERMIT: check_travel_permit,
        Kind.PHONE: check_phone,
        Kind.MOBILE: check_mobile,
        Kind.EMAIL: check_email,
        Kind.ADDRESS: check_address,
        Kind.POSTCODE: check_postcode,
        Kind.COMPANY: check_company,
        Kind.USCC: check_uscc,
        Kind.ORGANISATION_CODE: check_organisation_code,
        Kind.BUSINESS_LICENCE: check_business_licence,
        Kind.BANK_CARD: check_bank_card,
        Kind.BANK_ACCOUNT: check_bank_account,
        Kind.AMOUNT: check_amount,
        Kind.NUMBER: check_number,
        Kind.BOOL: _check_bool,
    }
)


def check_value(kind: Kind, raw: str) -> CheckedValue:
    """Check and normalise a value.

    Args:
        kind: What the value is.
        raw: As typed, imported or read; full width, blanks and Chinese punctuation are the check's business.

    Returns: The canonical form, whether it is valid, and the problems by code. A blank value is valid, has no canonical form and
        the warning ``blank``: whether a field is required is not a matter of its kind.
    """
    raw = raw[:MAX_VALUE_CHARACTERS]
    if not squeeze(raw):
        return accepted(raw, None, "blank")
    return _CHECKS[kind](raw)
