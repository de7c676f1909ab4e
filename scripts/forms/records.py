"""Forms that ask more of a reader: a table with a header row, a box for each character, bilingual and spaced labels, and
instructions where a value might stand. One Chinese, one English; issuers are invented.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

from .answers import Answer, Answers, person_answers
from .fonts import Style
from .invented import invent_person
from .layouts import A4_MM, LETTER_MM, SEX_EN, SEX_ZH, Form
from .ruled import Cell, Row, Sizes, bar, heading, ruled_rows, small_print, underlined_rows
from .sheet import Area, Sheet

COMMUNITIES_ZH = ("云桥社区服务中心", "青溪街道便民中心", "松林镇社会事务办公室")
SOCIETIES_EN = ("Tamarack Credit Union", "Greyfield Mutual Society", "Pinehurst Members' Club")
RELATIONS = MappingProxyType(
    {"zh": ("父亲", "母亲", "配偶", "长子", "长女"), "en": ("Spouse", "Son", "Daughter", "Father")}
)
FOR_THE_OFFICE = MappingProxyType(
    {
        "zh": ("（由工作人员填写）", "(此栏不填)", "以上由本人填写"),
        "en": ("(office use only)", "To be filled in by staff"),
    }
)
LATEST = dt.date(2026, 6, 30)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        labels: Ways of printing its head, one of which a form has.
        asks: Name of the answer.
        share: Width, relative to the other columns.
    """

    labels: tuple[str, ...]
    asks: str
    share: float = 1.0


def record_table(
    sheet: Sheet,
    area: Area,
    columns: Sequence[Column],
    records: Sequence[Answers],
    printing: Random,
    *,
    heading_label: str = "",
) -> None:
    """Print a table with a header row over the whole area and fill one row in for each record.

    Args:
        records: Their answers by name; rows that are left over stay blank.
        heading_label: A cell before all rows that says what the table is about; empty for none.
    """
    rows = max(3, len(records) + 1) + 1
    height = area.height / rows
    left = area.x
    if heading_label:
        side = Area(area.x, area.y, 16, area.height)
        sheet.frame(side)
        sheet.text_in(side.inset(1), heading_label, Style.PRINTED, 10, align="centre")
        left += side.width
    unit = (area.x + area.width - left) / sum(column.share for column in columns)
    for column in columns:
        width = column.share * unit
        label = printing.choice(column.labels)
        head = Area(left, area.y, width, height)
        sheet.frame(head)
        key_ink = sheet.text_in(head.inset(0.8), label, Style.PRINTED, 10, align="centre")
        for number in range(1, rows):
            cell = Area(left, area.y + number * height, width, height)
            sheet.frame(cell)
            answer = records[number - 1].get(column.asks) if number <= len(records) else None
            if answer is not None:
                sheet.fill(cell.inset(0.9), label, key_ink, answer, 10.5, align="centre", record=number)
        left += width


def _relatives(sheet: Sheet, most: int) -> list[Answers]:
    random = sheet.random
    relatives = []
    for _ in range(random.randrange(1, most + 1)):
        person = invent_person(random, sheet.language, today=LATEST)
        relation = random.choice(RELATIONS[sheet.language])
        stated = person_answers(person, random, LATEST)
        relatives.append({**stated, "relationship": Answer("relationship", relation, relation)})
    return relatives


def _office_row(sheet: Sheet, area: Area, label: str, printing: Random) -> None:
    """A cell whose value is not the customer's business: it holds an instruction, or nothing."""
    ruled_rows(sheet, area, ((Cell((label,), "", 1, 30),),), {}, printing, Sizes())
    if printing.random() < 0.6:
        place = Area(area.x + 32, area.y + 1, area.width - 34, area.height - 2)
        sheet.text_in(place, printing.choice(FOR_THE_OFFICE[sheet.language]), Style.PRINTED, 9)


def _family_record(sheet: Sheet, answers: Answers, random: Random) -> None:
    heading(sheet, 20, random.choice(COMMUNITIES_ZH), 12)
    heading(sheet, 30, random.choice(("家庭信息登记表", "住户信息采集表", "家庭成员登记表")), 18)
    boxed = random.random() < 0.7
    rows: tuple[Row, ...] = (
        (
            Cell(("姓  名", "姓名 Name"), "name", 1.1, 28),
            Cell(("性  别", "性别 Sex"), "sex", 0.9, 24, SEX_ZH),
            Cell(("民  族", "民族"), "ethnicity", 0.8, 18),
        ),
        (Cell(("身份证号", "公民身份号码", "身份证号码 ID No."), "id_number", 1, 36, boxed=boxed),),
        (Cell(("手机号码", "联系手机"), "mobile", 1, 36, boxed=boxed and random.random() < 0.6),),
        (
            Cell(("出生日期", "出生年月日 Date of Birth"), "birth_date", 1.2, 30),
            Cell(("文化程度", "学  历"), "education", 1, 24),
        ),
        (Cell(("家庭住址", "现住址"), "address", 1.6, 24), Cell(("邮  编", "邮政编码"), "postcode", 0.7, 20)),
        (Cell(("工作单位",), "company", 1.3, 24), Cell(("职  业", "职业"), "occupation", 0.8, 20)),
    )
    ruled_rows(sheet, Area(14, 40, 182, 72), rows, answers, random, Sizes(label_pt=10, value_pt=11))
    columns = (
        Column(("称谓", "与户主关系"), "relationship", 0.8),
        Column(("姓名", "姓 名"), "name", 0.9),
        Column(("出生日期", "出生年月"), "birth_date", 1.2),
        Column(("工作单位", "单位"), "company", 2.0),
        Column(("联系手机", "手机"), "mobile", 1.3),
    )
    side = random.choice(("", "家庭成员", "主要社会关系"))
    if not side:
        bar(sheet, Area(14, 112, 182, 8), "家庭主要成员", 10.5)
    top = 112 if side else 120
    record_table(sheet, Area(14, top, 182, 46), columns, _relatives(sheet, 4), random, heading_label=side)
    _office_row(sheet, Area(14, top + 46, 182, 10), random.choice(("受理编号", "审核意见", "档案号")), random)
    small_print(sheet, 16, 184, ("说明：请如实填写；家庭成员包括配偶、子女和父母。",), 8.5)
    sheet.text(20, 204, "户主签名：", Style.PRINTED, 11)
    sheet.sign(Area(48, 200, 36, 8), answers["name"].text)
    underlined_rows(
        sheet,
        Area(118, 199, 72, 10),
        ((Cell(("填表日期", "登记日期"), "application_date"),),),
        answers,
        random,
        Sizes(label_pt=11),
    )


def _membership_record(sheet: Sheet, answers: Answers, random: Random) -> None:
    sheet.text(18, 18, random.choice(SOCIETIES_EN), Style.HEADING, 13)
    heading(sheet, 30, random.choice(("MEMBERSHIP APPLICATION", "Member Record", "Household Record")), 17)
    boxed = random.random() < 0.7
    rows: tuple[Row, ...] = (
        (Cell(("Name of applicant", "Full name"), "name", 1, 42, boxed=boxed),),
        (Cell(("Date of birth (D/M/Y)", "Date of birth"), "birth_date", 1, 42),),
        (
            Cell(("Sex", "Gender"), "sex", 1, 42, SEX_EN),
            Cell(("Marital status",), "marital_status", 1.3, 30, ("Single", "Married", "Widowed")),
        ),
        (Cell(("Address (street, city, state)", "Mailing address"), "address", 1, 42),),
        (
            Cell(("ZIP code", "Postal code"), "postcode", 1, 42, boxed=boxed),
            Cell(("Telephone", "Daytime phone"), "phone", 1.2, 30),
        ),
        (Cell(("Employer", "Company"), "company", 1.1, 42), Cell(("Occupation",), "occupation", 0.9, 26)),
    )
    ruled_rows(sheet, Area(18, 40, 180, 72), rows, answers, random, Sizes(label_pt=10, value_pt=11))
    bar(sheet, Area(18, 112, 180, 8), random.choice(("Household members", "Dependants")), 10)
    columns = (
        Column(("Name", "Full name"), "name", 1.4),
        Column(("Relationship",), "relationship", 1.0),
        Column(("Date of birth", "DOB"), "birth_date", 1.2),
        Column(("Occupation",), "occupation", 1.2),
    )
    record_table(sheet, Area(18, 120, 180, 42), columns, _relatives(sheet, 3), random)
    _office_row(sheet, Area(18, 162, 180, 10), random.choice(("Account number", "Member No.", "Remarks")), random)
    sheet.text(18, 190, "Signature:", Style.PRINTED, 10.5)
    sheet.sign(Area(44, 186, 50, 8), answers["name"].text)
    underlined_rows(sheet, Area(120, 185, 78, 10), ((Cell(("Date",), "date"),),), answers, random, Sizes(label_pt=10.5))


RECORD_FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "family-record": Form(
            "family-record",
            "zh",
            "person",
            A4_MM,
            frozenset({"name", "id_number", "mobile", "application_date"}),
            _family_record,
        ),
        "membership-record": Form(
            "membership-record",
            "en",
            "person",
            LETTER_MM,
            frozenset({"name", "birth_date", "phone", "date"}),
            _membership_record,
        ),
    }
)
"""The forms with tables and boxes, by name."""
