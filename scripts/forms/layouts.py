"""The printed forms themselves: four Chinese, four English. Issuers are invented."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

from .answers import Answers
from .fonts import Style
from .ruled import Cell, Sizes, bar, heading, ruled_rows, small_print, underlined_rows
from .sheet import Area, Sheet

A4_MM = (210.0, 297.0)
A5_LANDSCAPE_MM = (210.0, 148.0)
LETTER_MM = (215.9, 279.4)

ISSUERS_ZH = ("宏远商业服务有限公司", "安泽财富管理有限公司", "启明客户服务中心", "锦程信息咨询有限公司")
BANKS_ZH = ("望桥村镇银行股份有限公司", "临江农村商业银行", "春申城市商业银行")
CLINICS_ZH = ("青禾社区卫生服务中心", "云杉综合门诊部", "白鹭口腔门诊部")
ISSUERS_EN = ("Meridian Customer Services", "Brookhaven Utilities", "Larkspur Savings Society")
CLINICS_EN = ("Juniper Court Family Practice", "Heron Wharf Medical Group")

SEX_ZH = ("男", "女")
SEX_EN = ("Male", "Female")

DATES_ZH = (Cell(("日期", "签字日期"), "date"), Cell(("填表日期", "申请日期"), "application_date"))

Draw = Callable[[Sheet, Answers, Random], None]


@dataclass(frozen=True, slots=True)
class Form:
    """One printed form.

    Attributes:
        name: What the command line calls it.
        language: "zh" or "en".
        customer: "person" or "company": who fills it in.
        size_mm: Width and height of the paper.
        required: Answers that are never left out.
        draw: Prints and fills in a sheet.
    """

    name: str
    language: str
    customer: str
    size_mm: tuple[float, float]
    required: frozenset[str]
    draw: Draw


def _number(sheet: Sheet, x: float, y: float, label: str, random: Random) -> None:
    sheet.text(x, y, f"{label}{random.randrange(10**7):07d}", Style.PRINTED, 8.5)


def _person_registration(sheet: Sheet, answers: Answers, random: Random) -> None:
    issuer = random.choice(ISSUERS_ZH)
    heading(sheet, 22, issuer, 13)
    heading(sheet, 32, random.choice(("个人客户信息登记表", "个人客户资料登记表", "客户信息登记表")), 18)
    _number(sheet, 150, 42, "编号：", random)
    rows = (
        (
            Cell(("姓名", "客户姓名", "姓 名"), "name", 1.1, 24),
            Cell(("性别", "性 别"), "sex", 0.9, 18, SEX_ZH),
            Cell(("民族", "民 族"), "ethnicity", 0.8, 18),
        ),
        (Cell(("出生日期", "出生年月日"), "birth_date", 1.2, 24), Cell(("国籍", "国 籍"), "nationality", 0.8, 20)),
        (Cell(("身份证号码", "身份证号", "公民身份号码"), "id_number", 1, 32),),
        (
            Cell(("手机号码", "手机", "移动电话"), "mobile", 1, 24),
            Cell(("固定电话", "联系电话", "电话"), "phone", 1, 24),
        ),
        (Cell(("电子邮箱", "E-mail", "电子邮件"), "email", 1.25, 24), Cell(("邮政编码", "邮编"), "postcode", 0.75, 24)),
        (Cell(("通讯地址", "联系地址", "家庭住址"), "address", 1, 24),),
        (Cell(("工作单位", "单位名称"), "company", 1.25, 24), Cell(("职业", "职 业"), "occupation", 0.75, 20)),
        (
            Cell(("文化程度", "学历"), "education", 1.4, 24, ("高中", "大专", "本科", "硕士")),
            Cell(("婚姻状况",), "marital_status", 1, 22, ("未婚", "已婚")),
        ),
    )
    ruled_rows(sheet, Area(16, 48, 178, 104), rows, answers, random, Sizes())
    bar(sheet, Area(16, 152, 178, 8), "备注", 10)
    sheet.frame(Area(16, 160, 178, 34), width_mm=0.5)
    small_print(
        sheet,
        18,
        202,
        (
            "填表说明：1. 请用黑色或蓝黑色签字笔填写，字迹清晰。2. 带方框的项目请在所选项前打钩。",
            "本人声明以上所填内容真实、准确、完整，并同意贵单位依法保存和使用。",
        ),
        8.5,
    )
    _signature_zh(sheet, 224, answers, random, issuer)


def _signature_zh(
    sheet: Sheet, y: float, answers: Answers, random: Random, issuer: str, label: str = "客户签名："
) -> None:
    signer = answers.get("name") or answers["contact_person"]
    sheet.text(20, y, label, Style.PRINTED, 11)
    sheet.line(44, y + 4, 88, y + 4)
    sheet.sign(Area(48, y - 4, 36, 8), signer.text)
    underlined_rows(sheet, Area(118, y - 5, 72, 10), ((random.choice(DATES_ZH),),), answers, random, Sizes(label_pt=11))
    if random.random() < 0.6:
        sheet.stamp(random.uniform(140, 172), min(y + 16, sheet.height_mm - 24), issuer)


def _account_opening(sheet: Sheet, answers: Answers, random: Random) -> None:
    bank = random.choice(BANKS_ZH)
    sheet.text(16, 16, bank, Style.HEADING, 12)
    _number(sheet, 154, 16, "No.", random)
    heading(sheet, 28, random.choice(("个人账户开户申请表", "个人开户申请书", "个人结算账户开户申请表")), 17)
    boxed = random.random() < 0.35
    bar(sheet, Area(14, 38, 182, 8), "一、客户基本信息", 10.5)
    rows = (
        (
            Cell(("姓名", "客户姓名", "申请人姓名"), "name", 1.2, 22),
            Cell(("性别",), "sex", 0.9, 18, SEX_ZH),
            Cell(("国籍",), "nationality", 0.8, 18),
        ),
        (Cell(("身份证件号码", "身份证号码"), "id_number", 1, 30, boxed=boxed),),
        (Cell(("出生日期",), "birth_date", 1, 22), Cell(("职业",), "occupation", 1, 22)),
        (Cell(("手机号码", "移动电话"), "mobile", 1, 22), Cell(("固定电话", "住宅电话"), "phone", 1, 22)),
        (Cell(("联系地址", "通讯地址"), "address", 1.5, 22), Cell(("邮编", "邮政编码"), "postcode", 0.7, 20)),
        (
            Cell(("电子邮箱", "E-mail"), "email", 1.1, 22),
            Cell(("婚姻状况",), "marital_status", 0.9, 22, ("未婚", "已婚")),
        ),
        (Cell(("工作单位", "单位名称"), "company", 1, 22),),
    )
    ruled_rows(sheet, Area(14, 46, 182, 84), rows, answers, random, Sizes(label_pt=10, value_pt=11.5))
    bar(sheet, Area(14, 130, 182, 8), "二、账户信息", 10.5)
    ruled_rows(
        sheet,
        Area(14, 138, 182, 22),
        (
            (Cell(("银行卡号", "借记卡号", "卡号"), "bank_card", 1, 30),),
            (Cell(("文化程度",), "education", 1, 30, ("高中", "大专", "本科", "硕士")),),
        ),
        answers,
        random,
        Sizes(label_pt=10, value_pt=11.5),
    )
    bar(sheet, Area(14, 160, 182, 8), "三、客户声明", 10.5)
    sheet.frame(Area(14, 168, 182, 40))
    small_print(
        sheet,
        18,
        174,
        (
            "1. 本人保证所提供的资料真实、有效，如有变更将及时通知贵行。",
            "2. 本人已阅读并理解账户管理协议，愿意遵守其中各项规定。",
            "3. 本人同意贵行为核实身份之目的查询和使用以上信息。",
        ),
        9,
    )
    _signature_zh(sheet, 220, answers, random, bank, "申请人签字：")


def _company_registration(sheet: Sheet, answers: Answers, random: Random) -> None:
    issuer = random.choice(ISSUERS_ZH)
    heading(sheet, 24, random.choice(("企业客户登记表", "单位客户信息登记表", "企业客户信息登记表")), 18)
    sheet.text(16, 36, f"受理单位：{issuer}", Style.PRINTED, 10)
    _number(sheet, 150, 36, "登记号：", random)
    rows = (
        (Cell(("企业名称", "单位名称", "公司名称"), "company", 1, 36),),
        (Cell(("统一社会信用代码",), "uscc", 1, 36),),
        (
            Cell(("法定代表人", "法人代表"), "legal_representative", 1, 30),
            Cell(("成立日期", "注册日期"), "founded_date", 1, 26),
        ),
        (Cell(("注册资本", "注册资金"), "registered_capital", 1, 30), Cell(("传真",), "fax", 1, 26)),
        (Cell(("联系地址", "通讯地址", "地址"), "address", 1, 30),),
        (Cell(("联系人", "经办人"), "contact_person", 1, 30), Cell(("手机", "联系人手机"), "mobile", 1, 26)),
        (Cell(("联系电话", "单位电话", "电话"), "phone", 1, 30), Cell(("邮政编码", "邮编"), "postcode", 1, 26)),
        (Cell(("电子邮箱", "E-mail"), "email", 1, 30),),
        (Cell(("开户银行", "开户行"), "bank", 1, 30),),
        (Cell(("银行账号", "账号"), "bank_account", 1, 30),),
        (Cell(("经营范围",), "business_scope", 1, 30),),
    )
    ruled_rows(sheet, Area(16, 42, 178, 143), rows, answers, random, Sizes(label_pt=11))
    small_print(sheet, 18, 192, ("注：本表一式两份，须加盖单位公章；复印件应注明与原件一致。",), 9)
    sheet.text(20, 214, "经办人签字：", Style.PRINTED, 11)
    sheet.line(47, 218, 90, 218)
    sheet.sign(Area(50, 210, 36, 8), answers["contact_person"].text)
    underlined_rows(sheet, Area(118, 209, 72, 10), ((random.choice(DATES_ZH),),), answers, random, Sizes(label_pt=11))
    sheet.text(20, 232, "单位公章：", Style.PRINTED, 11)
    if random.random() < 0.75:
        sheet.stamp(random.uniform(58, 90), 240, answers["company"].text)


def _clinic_registration(sheet: Sheet, answers: Answers, random: Random) -> None:
    clinic = random.choice(CLINICS_ZH)
    heading(sheet, 14, clinic, 13)
    heading(sheet, 23, random.choice(("门诊就诊登记表", "居民健康信息登记表", "初诊患者登记表")), 15)
    _number(sheet, 160, 31, "门诊号：", random)
    rows = (
        (
            Cell(("姓名", "患者姓名"), "name", 1.1),
            Cell(("性别",), "sex", 0.8, options=SEX_ZH),
            Cell(("民族",), "ethnicity", 0.7),
        ),
        (Cell(("出生日期", "出生年月"), "birth_date", 1), Cell(("职业",), "occupation", 0.8)),
        (
            Cell(("身份证号", "身份证号码"), "id_number", 1.3),
            Cell(("婚姻状况",), "marital_status", 0.9, options=("未婚", "已婚")),
        ),
        (Cell(("手机", "手机号码", "本人手机"), "mobile", 1), Cell(("家庭电话", "固定电话"), "phone", 1)),
        (Cell(("现住址", "家庭住址", "住址"), "address", 1.8), Cell(("邮编",), "postcode", 0.6)),
        (Cell(("工作单位",), "company", 1),),
        (
            Cell(("登记日期", "填表日期"), "application_date", 1),
            Cell(("文化程度",), "education", 1.4, options=("高中", "大专", "本科", "硕士"), round_boxes=True),
        ),
    )
    underlined_rows(sheet, Area(16, 36, 178, 84), rows, answers, random, Sizes(label_pt=11, value_pt=12.5))
    sheet.line(16, 124, 194, 124)
    small_print(sheet, 16, 129, ("请如实填写，以便建立您的健康档案。药物过敏史请口头告知医生。",), 8.5)
    if random.random() < 0.3:
        sheet.stamp(172, 122, clinic, radius_mm=17)


def _new_customer(sheet: Sheet, answers: Answers, random: Random) -> None:
    issuer = random.choice(ISSUERS_EN)
    sheet.text(18, 18, issuer, Style.HEADING, 13)
    _number(sheet, 158, 18, "Form No. ", random)
    heading(
        sheet,
        31,
        random.choice(("NEW CUSTOMER APPLICATION", "Customer Registration Form", "New Customer Application")),
        17,
    )
    small_print(
        sheet, 18, 40, ("Please print in block letters or type. Fields left empty will be asked for later.",), 8
    )
    rows = (
        (
            Cell(("Full name", "Name", "Customer name"), "name", 1.4, 0),
            Cell(("Date of birth", "Birth date"), "birth_date", 1, 0),
        ),
        (
            Cell(("Sex", "Gender"), "sex", 1, 0, SEX_EN),
            Cell(("Nationality",), "nationality", 1, 0),
            Cell(("Marital status",), "marital_status", 1.5, 0, ("Single", "Married", "Widowed")),
        ),
        (Cell(("Address", "Home address", "Street address"), "address", 1, 0),),
        (
            Cell(("ZIP code", "Postal code"), "postcode", 0.6, 0),
            Cell(("E-mail address", "E-mail", "Email"), "email", 1.4, 0),
        ),
        (
            Cell(("Mobile", "Mobile phone", "Cell phone"), "mobile", 1, 0),
            Cell(("Telephone", "Home phone", "Phone"), "phone", 1, 0),
        ),
        (Cell(("Employer", "Company"), "company", 1.2, 0), Cell(("Occupation",), "occupation", 1, 0)),
    )
    ruled_rows(sheet, Area(18, 46, 180, 84), rows, answers, random, Sizes(small_pt=8))
    bar(sheet, Area(18, 138, 180, 7), "Declaration", 10)
    small_print(
        sheet,
        18,
        152,
        (
            "I confirm that the information above is true and complete and that I have received the notice on how it",
            "is used. I will inform the company of any change within thirty days.",
        ),
        9,
    )
    _signature_en(sheet, 176, answers, random, issuer)


def _account_application(sheet: Sheet, answers: Answers, random: Random) -> None:
    issuer = random.choice(ISSUERS_EN)
    sheet.text(18, 18, issuer, Style.HEADING, 13)
    _number(sheet, 158, 18, "Form No. ", random)
    heading(sheet, 31, random.choice(("ACCOUNT APPLICATION", "Application for an Account")), 17)
    bar(sheet, Area(18, 42, 180, 8), "Applicant", 10)
    rows = (
        (Cell(("Full name", "Name", "Applicant name"), "name", 1, 40),),
        (Cell(("Date of birth",), "birth_date", 1, 40), Cell(("Nationality",), "nationality", 0.9, 30)),
        (
            Cell(("Sex", "Gender"), "sex", 1, 40, SEX_EN),
            Cell(("Occupation",), "occupation", 0.9, 30),
        ),
        (Cell(("Address", "Home address"), "address", 1, 40),),
        (Cell(("E-mail", "Email"), "email", 1.2, 40), Cell(("ZIP code",), "postcode", 0.7, 26)),
        (Cell(("Telephone", "Phone"), "phone", 1, 40), Cell(("Mobile", "Mobile phone"), "mobile", 0.9, 30)),
        (Cell(("Employer",), "company", 1, 40),),
        (Cell(("Marital status",), "marital_status", 1, 40, ("Single", "Married", "Widowed")),),
    )
    ruled_rows(sheet, Area(18, 50, 180, 92), rows, answers, random, Sizes(label_pt=10.5, value_pt=11.5))
    small_print(
        sheet,
        18,
        150,
        (
            "I apply for an account and confirm that what I have stated is true. I have read the terms of business",
            "and agree that this information is kept as the law requires.",
        ),
        9,
    )
    _signature_en(sheet, 172, answers, random, issuer)


def _signature_en(sheet: Sheet, y: float, answers: Answers, random: Random, issuer: str) -> None:
    signer = answers.get("name") or answers["contact_person"]
    sheet.text(18, y, "Signature:", Style.PRINTED, 10.5)
    sheet.line(38, y + 3.5, 104, y + 3.5)
    sheet.sign(Area(44, y - 4, 50, 8), signer.text)
    underlined_rows(
        sheet,
        Area(120, y - 5, 78, 10),
        ((Cell(("Date", "Date signed"), "date"),),),
        answers,
        random,
        Sizes(label_pt=10.5),
    )
    if random.random() < 0.3:
        sheet.stamp(random.uniform(150, 175), y + 26, issuer.upper(), radius_mm=20)


def _patient_registration(sheet: Sheet, answers: Answers, random: Random) -> None:
    clinic = random.choice(CLINICS_EN)
    heading(sheet, 20, clinic, 14)
    heading(sheet, 30, random.choice(("Patient Registration", "PATIENT REGISTRATION FORM", "Patient Information")), 16)
    rows = (
        (Cell(("Patient name", "Name", "Full name"), "name", 1.3), Cell(("Date of birth", "DOB"), "birth_date", 1)),
        (
            Cell(("Sex", "Gender"), "sex", 0.9, options=SEX_EN),
            Cell(
                ("Marital status",), "marital_status", 1.4, options=("Single", "Married", "Widowed"), round_boxes=True
            ),
        ),
        (Cell(("Address", "Home address"), "address", 1),),
        (Cell(("Home phone", "Telephone"), "phone", 1), Cell(("Cell phone", "Mobile"), "mobile", 1)),
        (Cell(("E-mail", "Email address"), "email", 1.3), Cell(("ZIP code",), "postcode", 0.7)),
        (Cell(("Employer",), "company", 1.2), Cell(("Occupation",), "occupation", 1)),
    )
    underlined_rows(sheet, Area(18, 42, 180, 84), rows, answers, random, Sizes(label_pt=10.5, value_pt=12))
    small_print(
        sheet,
        18,
        138,
        (
            "I authorize the practice to keep this information in my record and to contact me at the numbers given",
            "above about appointments and results.",
        ),
        9,
    )
    _signature_en(sheet, 162, answers, random, clinic)


def _company_record(sheet: Sheet, answers: Answers, random: Random) -> None:
    issuer = random.choice(ISSUERS_EN)
    sheet.text(18, 18, issuer, Style.HEADING, 12)
    _number(sheet, 160, 18, "Record No. ", random)
    heading(sheet, 30, random.choice(("COMPANY RECORD", "Business Customer Record", "Company Information Sheet")), 17)
    rows = (
        (Cell(("Company name", "Name of company"), "company", 1, 42),),
        (Cell(("Contact person", "Contact name"), "contact_person", 1, 42),),
        (Cell(("Legal representative",), "legal_representative", 1, 42),),
        (Cell(("Address", "Mailing address", "Street address"), "address", 1, 42),),
        (Cell(("Telephone", "Phone"), "phone", 1, 42), Cell(("Fax", "Fax number"), "fax", 0.8, 22)),
        (Cell(("Mobile", "Mobile phone"), "mobile", 1, 42), Cell(("ZIP code",), "postcode", 0.8, 22)),
        (Cell(("E-mail", "Email"), "email", 1, 42),),
        (Cell(("Bank", "Bank name"), "bank", 1, 42),),
        (Cell(("Account number", "Bank account"), "bank_account", 1, 42),),
        (Cell(("Date founded", "Date of establishment"), "founded_date", 1, 42),),
        (Cell(("Business scope", "Scope of business"), "business_scope", 1, 42),),
    )
    ruled_rows(sheet, Area(18, 40, 180, 121), rows, answers, random, Sizes(label_pt=10.5, value_pt=11.5))
    _signature_en(sheet, 178, answers, random, issuer)


def _form(
    name: str, language: str, customer: str, size_mm: tuple[float, float], required: str, draw: Draw
) -> tuple[str, Form]:
    return name, Form(name, language, customer, size_mm, frozenset(required.split()), draw)


FORMS = MappingProxyType(
    dict(
        (
            _form(
                "person-registration",
                "zh",
                "person",
                A4_MM,
                "name id_number mobile date application_date",
                _person_registration,
            ),
            _form(
                "account-opening",
                "zh",
                "person",
                A4_MM,
                "name id_number mobile date application_date",
                _account_opening,
            ),
            _form(
                "company-registration",
                "zh",
                "company",
                A4_MM,
                "company uscc contact_person phone date application_date",
                _company_registration,
            ),
            _form(
                "clinic-registration",
                "zh",
                "person",
                A5_LANDSCAPE_MM,
                "name birth_date mobile application_date",
                _clinic_registration,
            ),
            _form("new-customer", "en", "person", LETTER_MM, "name birth_date phone date", _new_customer),
            _form("account-application", "en", "person", LETTER_MM, "name birth_date phone date", _account_application),
            _form(
                "patient-registration", "en", "person", LETTER_MM, "name birth_date phone date", _patient_registration
            ),
            _form("company-record", "en", "company", LETTER_MM, "company contact_person phone date", _company_record),
        )
    )
)
"""Every form by its name."""
