"""The kinds of value that a field of a form can hold."""

from enum import StrEnum

__all__ = ["Kind"]


class Kind(StrEnum):
    """What a value is, and so which rules it must keep. The member's value is its stable name in stored data."""

    TEXT = "text"
    NAME = "name"
    SEX = "sex"
    DATE = "date"
    BIRTH_DATE = "birth_date"
    ID_NUMBER = "id_number"
    PASSPORT = "passport"
    TRAVEL_PERMIT = "travel_permit"
    PHONE = "phone"
    MOBILE = "mobile"
    EMAIL = "email"
    ADDRESS = "address"
    POSTCODE = "postcode"
    COMPANY = "company"
    USCC = "uscc"
    ORGANISATION_CODE = "organisation_code"
    BUSINESS_LICENCE = "business_licence"
    BANK_CARD = "bank_card"
    BANK_ACCOUNT = "bank_account"
    AMOUNT = "amount"
    NUMBER = "number"
    BOOL = "bool"
