"""The table of everything that can be wrong, or odd, with a value.

A problem is named by a stable code. Its severity decides: an ``ERROR`` breaks a rule that has no exceptions and makes the
value invalid; a ``WARNING`` is worth a look and leaves it valid. Screens translate by code; the English message here is
the fallback and the documentation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

__all__ = ["PROBLEMS", "Problem", "Severity"]


class Severity(StrEnum):
    """How much a problem weighs."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that can be wrong with a value.

    Attributes:
        code: Stable name, kebab-case.
        severity: Whether it makes the value invalid.
        message: English, what is wrong and what to do; holds nothing of the value.
    """

    code: str
    severity: Severity
    message: str


def _table() -> Mapping[str, Problem]:
    errors = {
        "sex-unknown": "This is neither male nor female. Enter one of them.",
        "sex-unmarked": "Both choices are printed and no tick was found. Look at the form and choose.",
        "date-format": "This is not a date. Enter it as 2024-03-05, 2024-03 or 2024.",
        "date-impossible": "There is no such day in the calendar. Compare it with the form.",
        "date-span": "This is a span of time, not a day. Enter the day that is asked for; of a validity, the last.",
        "date-in-future": "A date of birth cannot lie in the future.",
        "id-length": "An ID number has 18 characters (15 on cards from before 1999). Compare it with the form.",
        "id-characters": "An ID number has digits only; the last place may be X.",
        "id-birth-date": "Digits 7 to 14 of the ID number are not a possible date of birth.",
        "id-checksum": "The last place of the ID number does not fit the others: at least one digit is wrong.",
        "uscc-length": "A unified social credit code has 18 characters.",
        "uscc-characters": "A unified social credit code has digits and capital letters without I, O, Z, S, V.",
        "uscc-checksum": "The last place of the credit code does not fit the others: at least one character is wrong.",
        "uscc-organisation-checksum": "Places 9 to 17 of the credit code are not a valid organisation code.",
        "organisation-code-format": "An organisation code has 8 characters and one check character.",
        "organisation-code-checksum": "The check character of the organisation code does not fit the others.",
        "licence-format": "A business licence number has 15 digits, or is a credit code of 18 characters.",
        "licence-checksum": "The last digit of the licence number does not fit the others.",
        "passport-format": "A passport number has 6 to 9 letters and digits.",
        "travel-permit-format": "A travel permit has H or M and 8 or 10 digits, or 8 digits, or C and 8 characters.",
        "phone-format": "This is not a telephone number. Enter it with its area code, such as 010-12345678.",
        "phone-length": "The telephone number has too many or too few digits.",
        "mobile-length": "A mobile number of mainland China has 11 digits and begins with 1; write others with + and country.",
        "email-format": "This is not an e-mail address. It needs a name, @ and a domain with a dot.",
        "postcode-format": "A postal code has 6 digits.",
        "bank-card-format": "A bank card number has 13 to 19 digits.",
        "bank-account-format": "A bank account number has 6 to 32 digits or letters.",
        "amount-format": "This is not an amount of money.",
        "number-format": "This is not a number.",
        "bool-unknown": "This is neither yes nor no.",
    }
    warnings = {
        "blank": "There is no value.",
        "date-century-guessed": "The year has two digits; the century was guessed.",
        "date-order-guessed": "Day and month can be read either way round; month first was assumed.",
        "date-era": "The year was counted in the era of the Republic (民国) and has been converted.",
        "birth-date-differs": "The date of birth is another than the one in the ID number. Compare both with the form.",
        "sex-differs": "The sex is another than the one in the ID number. Compare both with the form.",
        "date-without-end": "This is no date: it says that there is no end.",
        "date-far": "The date lies more than 130 years back or 100 years ahead.",
        "id-old-15": "This is an ID number of 15 digits; it was extended to 18.",
        "id-region": "The first digits of the ID number are no known province.",
        "uscc-department": "The first character of the credit code is no known registration department.",
        "licence-is-uscc": "This is a unified social credit code.",
        "uscc-is-licence": "This is a business licence number of the old kind, with 15 digits.",
        "passport-foreign": "This has not the form of a Chinese passport number.",
        "phone-unassigned": "The number is possible, but its prefix is not in use as far as is known.",
        "phone-area-missing": "The number has no area code.",
        "phone-country-guessed": "The number has no country code; it is none of mainland China and was taken as North American.",
        "phone-several": "There are several numbers; the first one was taken.",
        "mobile-is-landline": "This is a landline number.",
        "postcode-foreign": "This is a postal code of another country.",
        "bank-card-luhn": "The last digit of the card number does not fit the others. Most cards fit; compare it with the form.",
        "amount-foreign-currency": "The amount is in another currency than CNY.",
        "number-unit": "The unit after the number was left out.",
        "name-characters": "A name rarely has digits or signs in it.",
    }
    problems = [Problem(code, Severity.ERROR, message) for code, message in errors.items()]
    problems += [Problem(code, Severity.WARNING, message) for code, message in warnings.items()]
    return MappingProxyType({problem.code: problem for problem in problems})


PROBLEMS: Mapping[str, Problem] = _table()
"""Every problem by its code."""
