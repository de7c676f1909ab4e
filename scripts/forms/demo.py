"""The demonstration's forms and dossiers, and the small forms that the tests use: made anew by ``scripts/make_demo``."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random
from typing import Any

from .answers import company_answers, person_answers
from .fonts import Style
from .generate import TODAY, FormPage, make_page, save_pages
from .invented import Company, Person, invent_company, invent_person
from .layouts import FORMS
from .look import PAPERS, Look

DEMO_DPI = 150
"""Enough for the reader, and few bytes: the forms are part of the installed package."""

UNITS = (
    {"id": "main", "name_zh": "本部", "name_en": "Main office"},
    {"id": "east", "name_zh": "华东分部", "name_en": "East branch"},
    {"id": "south", "name_zh": "华南分部", "name_en": "South branch"},
)
"""The first one is the unit that every archive starts with."""

DEMO_FORMS = (
    "person-registration account-opening company-registration new-customer clinic-registration person-registration "
    "account-opening company-record company-registration person-registration patient-registration clinic-registration "
    "account-opening account-application person-registration company-registration"
)

KNOWN_SHARE = 10
"""How many of the demonstration's forms come from customers who have a dossier already."""

PERSON_FIELDS = (
    "name sex birth_date id_number mobile phone email address postcode company occupation nationality ethnicity "
    "bank_card date"
)
COMPANY_FIELDS = (
    "company uscc legal_representative contact_person mobile phone fax email address postcode registered_capital bank "
    "bank_account business_scope date"
)
TAGS = {
    "zh": ("重要客户", "回访", "新客户", "年审", "贷款", "待补资料"),
    "en": ("priority", "renewal", "new customer", "overseas", "annual review"),
}


def demo_look(random: Random, number: int) -> Look:
    """Return an ordinary scan without the grain that costs bytes; one page of the stack lies on its side."""
    look = Look.drawn(random, max_skew_deg=2.0)
    return dataclasses.replace(
        look,
        texture=min(look.texture, 1.0),
        noise=min(look.noise, 1.6),
        blur_px=min(look.blur_px, 0.6),
        jpeg_quality=62,
        rotation_deg=90 if number == 9 else 0,
    )


def _customer(random: Random, language: str, sort: str) -> Person | Company:
    invent = invent_person if sort == "person" else invent_company
    return invent(random, language, today=TODAY)


def demo_pages() -> Iterable[tuple[str, FormPage, Person | Company]]:
    """Yield the demonstration's forms: file name, page and who filled it in."""
    for number, name in enumerate(DEMO_FORMS.split(), start=1):
        form = FORMS[name]
        random = Random(f"demo/{number}")
        customer = _customer(random, form.language, form.customer)
        page = make_page(form, f"demo/{number}", dpi=DEMO_DPI, look=demo_look(random, number), customer=customer)
        yield f"{number:02d}-{name}.jpg", page, customer


def _dossier(customer: Person | Company, random: Random, unit: str, *, state: str = "active") -> dict[str, Any]:
    """Describe a customer as a clerk would have entered it some time ago."""
    entered = TODAY - dt.timedelta(days=random.randrange(30, 6 * 365))
    if isinstance(customer, Person):
        sort, names, answers = "person", PERSON_FIELDS.split(), person_answers(customer, random, entered)
    else:
        sort, names, answers = "company", COMPANY_FIELDS.split(), company_answers(customer, random, entered)
    kept = {"name", "company", "id_number", "uscc", "mobile", "phone", "birth_date", "date"}
    omitted = 0.5 if state == "draft" else 0.12
    fields = {
        name: answers[name].text for name in names if name in answers and (name in kept or random.random() >= omitted)
    }
    # The English way of writing a number in brackets does not tell its country; a dossier should.
    fields |= {
        name: answers[name].normalised
        for name in ("mobile", "phone", "fax")
        if customer.language == "en" and name in fields
    }
    tags = random.sample(TAGS[customer.language], random.choice((0, 1, 1, 2)))
    return {
        "type": sort,
        "unit": unit,
        "title": customer.name,
        "state": state,
        "tags": tags,
        "fields": fields,
    }


def demo_dossiers(form_customers: Iterable[Person | Company]) -> list[dict[str, Any]]:
    """Return the demonstration's dossiers; the first belong to customers whose forms are still to be filed."""
    random = Random("demo/dossiers")
    dossiers = []
    for number, customer in enumerate(list(form_customers)[:KNOWN_SHARE]):
        # Some have moved or changed their number since: the review has something to decide.
        former = _customer(random, customer.language, "person" if isinstance(customer, Person) else "company")
        if number % 3 == 0:
            customer = dataclasses.replace(customer, address=former.address, postcode=former.postcode)
        dossiers.append(_dossier(customer, random, "main"))
    sorts = [("zh", "person")] * 15 + [("zh", "company")] * 8 + [("en", "person")] * 4 + [("en", "company")] * 3
    random.shuffle(sorts)
    for number, (language, sort) in enumerate(sorts):
        state = {4: "draft", 11: "closed", 17: "draft", 23: "closed"}.get(number, "active")
        unit = random.choice(("main", "main", "east", "south"))
        dossiers.append(_dossier(_customer(random, language, sort), random, unit, state=state))
    return dossiers


JOURNEY_FORMS: Mapping[str, str] = {
    "person-zh": "person-registration",
    "company-zh": "company-registration",
    "customer-en": "account-application",
}
"""The forms of the browser journey: file name without ending -> form."""


def journey_pages() -> Iterable[tuple[str, FormPage]]:
    """Yield the tests' forms: typed, grey and clean, so that what fails is the program and not the reading."""
    look = Look(
        skew_deg=0.6, paper=PAPERS[1], grey=True, texture=0.6, shading=0.05, blur_px=0.35, noise=1.2, jpeg_quality=68
    )
    for stem, name in JOURNEY_FORMS.items():
        page = make_page(
            FORMS[name],
            f"journey/5/{stem}",
            dpi=DEMO_DPI,
            look=look,
            filling=Style.TYPED,
            form_date=TODAY - dt.timedelta(days=20),
            blanks=False,
        )
        yield f"{stem}.jpg", page


def write_json(path: Path, content: Any) -> None:
    """Write JSON as people and ``git diff`` like to read it."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_demo(folder: Path) -> None:
    """Write the demonstration: ``forms/``, ``dossiers.json`` and ``units.json``."""
    (folder / "forms").mkdir(parents=True, exist_ok=True)
    customers = []
    for name, page, customer in demo_pages():
        save_pages([page], folder / "forms" / name)
        customers.append(customer)
    write_json(folder / "dossiers.json", demo_dossiers(customers))
    write_json(folder / "units.json", UNITS)


def write_journey_forms(folder: Path) -> None:
    """Write the tests' forms and ``forms.json``, their truth."""
    folder.mkdir(parents=True, exist_ok=True)
    truths = []
    for name, page in journey_pages():
        save_pages([page], folder / name)
        truths.append(page.truth(name, 1))
    write_json(folder / "forms.json", {"pages": truths})
