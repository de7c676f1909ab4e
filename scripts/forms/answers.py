"""What an invented customer writes into a form: the text as written, and the value it means."""

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from .invented import Company, Person

Answers = Mapping[str, "Answer"]
"""Answers by the name of what is asked."""

AREA_CODE_DIGITS = {"10": 2, "20": 2, "21": 2, "22": 2, "23": 2, "25": 2, "27": 2, "28": 2, "29": 2}
"""Chinese area codes of two digits after the 0; all others have three."""

MONTHS = tuple(calendar.month_name)[1:]


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that a customer states.

    Attributes:
        name: Canonical field name.
        text: As written on paper.
        normalised: The canonical form of the value.
    """

    name: str
    text: str
    normalised: str


def write_date(day: dt.date, language: str, manner: int) -> str:
    """Write a date in one of the manners people have; ``manner`` picks it."""
    if language == "en":
        return (
            f"{day.day} {MONTHS[day.month - 1]} {day.year}",
            f"{MONTHS[day.month - 1][:3]} {day.day}, {day.year}",
            day.isoformat(),
        )[manner % 3]
    return (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}年{day.month:02d}月{day.day:02d}日",
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
    )[manner % 4]


def write_phone(number: str, manner: int) -> str:
    """Write an E.164 number as people of its country do; ``manner`` picks how."""
    if number.startswith("+1"):
        area, exchange, line = number[2:5], number[5:8], number[8:]
        return (f"+1 {area} {exchange} {line}", f"({area}) {exchange}-{line}", f"+1-{area}-{exchange}-{line}")[
            manner % 3
        ]
    national = number.removeprefix("+86")
    if len(national) == 11 and national.startswith("1"):
        return (
            national,
            f"{national[:3]} {national[3:7]} {national[7:]}",
            f"{national[:3]}-{national[3:7]}-{national[7:]}",
        )[manner % 3]
    length = AREA_CODE_DIGITS.get(national[:2], 3)
    return f"0{national[:length]}-{national[length:]}"


def _grouped(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def person_answers(person: Person, random: Random, form_date: dt.date) -> dict[str, Answer]:
    """Return everything a person can be asked, in one consistent manner of writing."""
    manner = random.randrange(12)
    sexes = {"zh": {"male": "男", "female": "女"}, "en": {"male": "Male", "female": "Female"}}
    stated = {
        "name": (person.name, person.name),
        "sex": (sexes[person.language][person.sex], person.sex),
        "birth_date": (write_date(person.birth_date, person.language, manner), person.birth_date.isoformat()),
        "id_number": (person.id_number, person.id_number),
        "mobile": (write_phone(person.mobile, manner), person.mobile),
        "phone": (write_phone(person.phone, manner), person.phone),
        "email": (person.email, person.email),
        "address": (person.address, person.address),
        "postcode": (person.postcode, person.postcode),
        "company": (person.company, person.company),
        "occupation": (person.occupation, person.occupation),
        "nationality": (person.nationality, person.nationality),
        "ethnicity": (person.ethnicity, person.ethnicity),
        "education": (person.education, person.education),
        "marital_status": (person.marital_status, person.marital_status),
        "bank_card": (_grouped(person.bank_card) if manner % 2 else person.bank_card, person.bank_card),
        "application_date": (write_date(form_date, person.language, manner), form_date.isoformat()),
        "date": (write_date(form_date, person.language, manner), form_date.isoformat()),
    }
    return {name: Answer(name, text, normalised) for name, (text, normalised) in stated.items() if text}


def company_answers(company: Company, random: Random, form_date: dt.date) -> dict[str, Answer]:
    """Return everything a company can be asked, in one consistent manner of writing."""
    manner = random.randrange(12)
    if company.language == "zh":
        capital = (
            f"{company.capital // 10_000}万元",
            f"人民币{company.capital // 10_000}万元",
            f"{company.capital:,}元",
        )[manner % 3]
    else:
        capital = f"${company.capital:,}"
    stated = {
        "company": (company.name, company.name),
        "uscc": (company.uscc, company.uscc),
        "legal_representative": (company.legal_representative, company.legal_representative),
        "contact_person": (company.contact_person, company.contact_person),
        "mobile": (write_phone(company.mobile, manner), company.mobile),
        "phone": (write_phone(company.phone, manner), company.phone),
        "fax": (write_phone(company.fax, manner), company.fax),
        "email": (company.email, company.email),
        "address": (company.address, company.address),
        "postcode": (company.postcode, company.postcode),
        "registered_capital": (capital, str(company.capital)),
        "founded_date": (write_date(company.founded, company.language, manner), company.founded.isoformat()),
        "bank": (company.bank, company.bank),
        "bank_account": (company.bank_account, company.bank_account),
        "business_scope": (company.business_scope, company.business_scope),
        "application_date": (write_date(form_date, company.language, manner), form_date.isoformat()),
        "date": (write_date(form_date, company.language, manner), form_date.isoformat()),
    }
    return {name: Answer(name, text, normalised) for name, (text, normalised) in stated.items() if text}
