"""English forms without a grid: a fax cover with columns of words, an application with captions below its lines, and a sheet with
headings over unruled columns. Labels stand with or without a colon, as printers have it; issuers are invented.
"""

from collections.abc import Mapping, Sequence
from random import Random
from types import MappingProxyType

from .answers import Answer, Answers, person_answers
from .fonts import Style
from .invented import invent_person
from .layouts import FORMS, LETTER_MM, Form
from .records import LATEST, RECORD_FORMS, RELATIONS
from .ruled import Cell, Row, heading, small_print
from .sheet import Area, Sheet

SENDERS_EN = ("Bramblewick Printing Works", "Sallow & Finch Surveyors", "Kestrel Row Trading")
CLUBS_EN = ("Wharfside Rowing Club", "Lantern Hill Library", "Old Orchard Housing Trust")
LETTER = (
    "Please find with this sheet the papers that we spoke of on the telephone. They are complete to our",
    "knowledge; should a page be missing or hard to read, note: we keep the originals and will send them again.",
    "What is stated here is meant for the firm named above and for nobody else.",
)
OATH = (
    "I have read the rules of the house and agree to keep them. I understand that what I state is kept on file,",
    "that the address is used for notices only, and that I may ask at any time to see what is kept.",
)


def _wording(cell: Cell, printing: Random, *, capitals: bool, colon: bool) -> str:
    label = printing.choice(cell.labels)
    return (label.upper() if capitals else label) + (":" if colon else "")


def worded_columns(
    sheet: Sheet, area: Area, rows: Sequence[Row], answers: Answers, printing: Random, *, label_mm: float
) -> None:
    """Print labels in columns and write what belongs to each behind it, with nothing but room between.

    All labels of a form are in capitals or none, and all have a colon or none.
    """
    capitals, colon = printing.random() < 0.5, printing.random() < 0.4
    height = area.height / len(rows)
    for number, row in enumerate(rows):
        unit = area.width / len(row)
        middle = area.y + (number + 0.5) * height
        for at, cell in enumerate(row):
            label = _wording(cell, printing, capitals=capitals, colon=colon)
            x = area.x + at * unit
            key_ink = sheet.text(x, middle, label, Style.PRINTED, 10.5)
            room = Area(x + label_mm, middle - 0.4 * height, unit - label_mm - 4, 0.8 * height)
            sheet.ask(room, label, cell.asks)
            answer = answers.get(cell.asks)
            if answer is not None:
                sheet.fill(room, label, key_ink, answer, 11.5)


def captioned_lines(sheet: Sheet, area: Area, rows: Sequence[Row], answers: Answers, printing: Random) -> None:
    """Print lines to write on, each with what it asks for in small type below it."""
    height = area.height / len(rows)
    for number, row in enumerate(rows):
        x = area.x
        unit = area.width / sum(cell.share for cell in row)
        line_y = area.y + number * height + 0.62 * height
        for cell in row:
            width = cell.share * unit - 5
            sheet.line(x, line_y, x + width, line_y, width_mm=0.25)
            label = printing.choice(cell.labels)
            key_ink = sheet.text(x + 1, line_y + 2.6, label, Style.PRINTED, 8)
            room = Area(x + 1, line_y - 0.52 * height, width - 2, 0.48 * height)
            sheet.ask(room, label, cell.asks)
            answer = answers.get(cell.asks)
            if answer is not None:
                sheet.fill(room, label, key_ink, answer, 12)
            x += cell.share * unit


def headed_rows(
    sheet: Sheet, area: Area, columns: Sequence[Cell], records: Sequence[Answers], printing: Random
) -> None:
    """Print headings over unruled columns, underlined or not, and write a row for each record."""
    underlined = printing.random() < 0.7
    height = area.height / (len(records) + 1)
    unit = area.width / sum(cell.share for cell in columns)
    x = area.x
    for cell in columns:
        label = printing.choice(cell.labels)
        key_ink = sheet.text(x, area.y + height / 2, label, Style.PRINTED, 10.5)
        if underlined:
            wide = sheet.text_width_mm(label, Style.PRINTED, 10.5)
            sheet.line(x, area.y + height / 2 + 2.4, x + wide, area.y + height / 2 + 2.4)
        for number, record in enumerate(records, start=1):
            answer = record.get(cell.asks)
            if answer is not None:
                room = Area(x, area.y + number * height, cell.share * unit - 4, 0.9 * height)
                sheet.fill(room, label, key_ink, answer, 11, record=number if len(records) > 1 else None)
        x += cell.share * unit


def _fax_cover(sheet: Sheet, answers: Answers, random: Random) -> None:
    sheet.text(20, 20, random.choice(SENDERS_EN), Style.HEADING, 14)
    heading(sheet, 36, random.choice(("FACSIMILE", "Fax Cover Sheet", "TELEFAX TRANSMISSION")), 19)
    rows: tuple[Row, ...] = (
        (Cell(("Company", "Firm"), "company"), Cell(("Date",), "date")),
        (Cell(("Contact", "Contact person"), "contact_person"), Cell(("Telephone", "Phone"), "phone")),
        (Cell(("Fax", "Fax number"), "fax"), Cell(("Mobile",), "mobile")),
        (Cell(("E-mail", "Email"), "email"),),
        (Cell(("Address", "Mailing address"), "address"),),
    )
    worded_columns(sheet, Area(20, 50, 178, 70), rows, answers, random, label_mm=36)
    sheet.line(20, 124, 198, 124)
    small_print(sheet, 20, 134, LETTER, 10)
    sheet.text(20, 168, "Signature:", Style.PRINTED, 10.5)
    sheet.sign(Area(46, 164, 50, 8), answers["contact_person"].text)


def _captioned_application(sheet: Sheet, answers: Answers, random: Random) -> None:
    heading(sheet, 22, random.choice(CLUBS_EN), 14)
    heading(sheet, 32, random.choice(("Application for Membership", "REQUEST FOR ADMISSION")), 17)
    rows: tuple[Row, ...] = (
        (Cell(("Full name", "Name", "Name of applicant"), "name", 1.5), Cell(("Date of birth",), "birth_date", 1)),
        (Cell(("Address", "Street address", "Home address"), "address", 2), Cell(("ZIP code",), "postcode", 0.7)),
        (Cell(("Telephone", "Daytime phone"), "phone", 1), Cell(("E-mail", "Email address"), "email", 1.5)),
        (Cell(("Employer",), "company", 1.2), Cell(("Occupation",), "occupation", 1)),
        (Cell(("Nationality",), "nationality", 1), Cell(("Date",), "date", 1)),
    )
    captioned_lines(sheet, Area(20, 42, 176, 90), rows, answers, random)
    small_print(sheet, 20, 146, OATH, 9.5)


def _household_sheet(sheet: Sheet, answers: Answers, random: Random) -> None:
    sheet.text(20, 20, random.choice(CLUBS_EN), Style.HEADING, 13)
    heading(sheet, 33, random.choice(("TENANT RECORD", "Household Sheet")), 17)
    rows: tuple[Row, ...] = (
        (Cell(("Name", "Full name"), "name"),),
        (Cell(("Date of birth",), "birth_date"),),
        (Cell(("Present address", "Home address"), "address"),),
        (Cell(("Home phone", "Telephone"), "phone"), Cell(("Cell phone", "Mobile"), "mobile")),
        (Cell(("Employer",), "company"),),
        (Cell(("Occupation",), "occupation"), Cell(("Date",), "date")),
    )
    worded_columns(sheet, Area(20, 44, 178, 78), rows, answers, random, label_mm=42)
    columns = (
        Cell(("Name", "Full name"), "name", 1.3),
        Cell(("Relationship",), "relationship", 1.0),
        Cell(("Date of birth", "DOB"), "birth_date", 1.1),
    )
    headed_rows(sheet, Area(20, 130, 178, 32), columns, _members(sheet), random)
    small_print(sheet, 20, 180, OATH, 9.5)


def _members(sheet: Sheet) -> list[Answers]:
    members = []
    for _ in range(sheet.random.randrange(2, 4)):
        stated = person_answers(invent_person(sheet.random, "en", today=LATEST), sheet.random, LATEST)
        relation = sheet.random.choice(RELATIONS["en"])
        members.append({**stated, "relationship": Answer("relationship", relation, relation)})
    return members


PLAIN_FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "fax-cover": Form(
            "fax-cover",
            "en",
            "company",
            LETTER_MM,
            frozenset({"company", "contact_person", "phone", "date"}),
            _fax_cover,
        ),
        "captioned-application": Form(
            "captioned-application",
            "en",
            "person",
            LETTER_MM,
            frozenset({"name", "birth_date", "phone", "date"}),
            _captioned_application,
        ),
        "household-sheet": Form(
            "household-sheet",
            "en",
            "person",
            LETTER_MM,
            frozenset({"name", "birth_date", "phone", "date"}),
            _household_sheet,
        ),
    }
)
"""The forms without a grid, by name."""

ALL_FORMS: Mapping[str, Form] = MappingProxyType({**FORMS, **RECORD_FORMS, **PLAIN_FORMS})
"""Every form that can be made, by name."""
