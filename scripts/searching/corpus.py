"""Dossiers that look like an office's, and what is typed to find them: the same each time."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from pypinyin import lazy_pinyin

from search import IndexedPage, IndexedValue, IndexEntry, Sort

UNITS = [f"unit-{number:02}" for number in range(20)]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英文华玉红建国志海燕鹏辉云飞雪梅琳宇"
LETTERS = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同"
ENGLISH_NAMES = ("Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Wilson", "Anderson")
FIRST_NAMES = ("James", "Mary", "Robert", "Patricia", "John", "Jennifer", "Michael", "Linda", "David", "Elizabeth")
WORDS = (
    *("agreement", "account", "customer", "payment", "address", "service", "contract", "amount", "balance", "branch"),
    *("deposit", "transfer", "identity", "document", "signature", "telephone", "occupation", "employer", "income"),
)
ADDRESSES = ("北京市朝阳区建国路", "上海市浦东新区世纪大道", "广州市天河区体育西路", "成都市武侯区人民南路")
PHRASES = (
    *ADDRESSES,
    *("客户基本信息登记表", "姓名", "性别", "出生日期", "身份证号码", "联系电话", "通讯地址", "邮政编码", "工作单位"),
    *("职务", "年收入", "开户行", "账号", "本人声明上述信息真实有效", "业务类型", "个人储蓄", "理财产品", "贷款申请"),
    *(
        "信用卡",
        "经办人",
        "复核人",
        "审批意见",
        "同意",
        "备注",
        "有限责任公司",
        "贸易",
        "合同编号",
        "签订日期",
        "甲方",
        "乙方",
    ),
)
BEGINNING = datetime(2015, 1, 1, tzinfo=UTC)
PAGE_CHARACTERS = 800


def make_entries(size: int) -> Iterator[IndexEntry]:
    """Make dossiers that look like an office's: the same for the same size, mixed in language, 800 characters of page."""
    chance = random.Random(20)
    for number in range(size):
        chinese = chance.random() < 0.7
        year = chance.randint(2015, 2024)
        name = (
            chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.randint(1, 2)))
            if chinese
            else f"{chance.choice(FIRST_NAMES)} {chance.choice(ENGLISH_NAMES)}"
        )
        phone = f"1{chance.choice('3589')}{chance.randint(0, 999_999_999):09}"
        born = f"{chance.randint(1940, 2005)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
        identity = f"110105{born}{chance.randint(0, 9999):04}"
        created = BEGINNING + timedelta(minutes=chance.randint(0, 5_000_000))
        yield IndexEntry(
            id=f"d{number:07}",
            code=f"Z109-ZY·KH·{year}-D30-{number:07}",
            aliases=(),
            title=name,
            type=chance.choice(("person", "person", "company", "employee")),
            unit=chance.choice(UNITS),
            state=chance.choice(("open", "open", "open", "closed", "held")),
            tags=tuple(chance.sample(("vip", "risk", "overseas", "pensioner", "staff", "new"), k=chance.randint(0, 2))),
            year=year,
            created_at=created,
            changed_at=created + timedelta(days=chance.randint(0, 400)),
            values=(
                IndexedValue("name", "姓名", name, "name"),
                IndexedValue("phone", "电话", phone, "number", sensitive=True),
                IndexedValue("id_number", "身份证号", identity, "code", sensitive=True),
                IndexedValue("address", "地址", f"{chance.choice(ADDRESSES)}{chance.randint(1, 999)}号", "text"),
            ),
            pages=(IndexedPage(f"s{number}", 1, _page(chance, chinese, name, phone, identity)),),
            notes=(),
            revision=1,
        )


def _page(chance: random.Random, chinese: bool, name: str, phone: str, identity: str) -> str:
    parts = [f"姓名 {name}", f"电话 {phone}", f"身份证 {identity}"]
    length = sum(map(len, parts))
    while length < PAGE_CHARACTERS:
        if chinese and chance.random() < 0.9:
            part = chance.choice(PHRASES) + "".join(chance.choices(LETTERS, k=chance.randint(4, 16)))
        elif chance.random() < 0.8:
            part = " ".join(chance.choices(WORDS, k=6))
        else:
            part = f"{chance.randint(1, 99999)}.{chance.randint(0, 99):02}"
        parts.append(part)
        length += len(part) + 1
    return "\n".join(parts)


def make_queries(size: int) -> dict[str, list[tuple[str, Sort]]]:
    """Give texts of each kind, taken from the dossiers, so that they find something."""
    chance = random.Random(4)
    sample = [entry for entry in make_entries(min(size, 2000)) if chance.random() < 0.1][:100]
    names = [entry.title for entry in sample]
    chinese = [name for name in names if name[0] in SURNAMES]
    phones = [entry.values[1].text for entry in sample]
    return {
        "every dossier, by change": [("", Sort.RELEVANCE)],
        "every dossier, by title": [("", Sort.TITLE)],
        "Chinese name": [(name, Sort.RELEVANCE) for name in chinese],
        "one Han character": [(name[-1], Sort.RELEVANCE) for name in chinese],
        "word of every page (电话)": [("电话", Sort.RELEVANCE)],
        "Han phrase on pages": [("理财产品", Sort.RELEVANCE), ("浦东新区世纪大道", Sort.RELEVANCE)],
        "pinyin, unfinished": [("".join(lazy_pinyin(name))[:-1], Sort.RELEVANCE) for name in chinese],
        "initials": [("".join(s[0] for s in lazy_pinyin(name)), Sort.RELEVANCE) for name in chinese],
        "English name, one typo": [(_misspell(chance, name), Sort.RELEVANCE) for name in names if name not in chinese],
        "one letter": [(letter, Sort.RELEVANCE) for letter in "sjwa"],
        "half a phone number": [(f"{phone[:3]}-{phone[3:7]}", Sort.RELEVANCE) for phone in phones],
        "last four of an ID": [(entry.values[2].text[-4:], Sort.RELEVANCE) for entry in sample],
        "part of a code": [(entry.code[5:], Sort.RELEVANCE) for entry in sample],
        "exact phrase": [('"同意 备注"', Sort.RELEVANCE), ('"customer payment"', Sort.RELEVANCE)],
        "key:value": [(f"电话:{phone[:5]}", Sort.RELEVANCE) for phone in phones],
        "two terms, one excluded": [(f"{name} 理财 -贷款", Sort.RELEVANCE) for name in chinese],
        "stretch of time": [(f"{year}-01..{year}-06", Sort.RELEVANCE) for year in range(2015, 2025)],
        "misread on pages": [(text, Sort.RELEVANCE) for text in ("贸易台同", "通讯他址", "邮政编冯", "经力人")],
        "nothing, did you mean": [
            (f"{name[0]}{name[1:]}丰禾" if name in chinese else f"{name}x", Sort.RELEVANCE) for name in names
        ],
    }


def _misspell(chance: random.Random, name: str) -> str:
    at = chance.randint(1, len(name) - 2)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
