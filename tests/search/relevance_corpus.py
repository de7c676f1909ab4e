"""The archive over which relevance is measured: dossiers that people look for, among many that resemble them.

Always the same. ``relevance.tsv`` names the dossiers by the ids given here.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from search import IndexedPage, IndexedValue, IndexEntry

NEIGHBOURS = 1200
"""Dossiers that resemble those that are looked for."""

_FORM = (
    "客户基本信息登记表\n姓名 {name} 性别 {sex}\n出生日期 {born}\n联系电话 {phone}\n通讯地址 {address}\n{rest}\n"
    "本人声明上述信息真实有效"
)
_ENGLISH_FORM = (
    "Customer registration form\nName {name}\nDate of birth {born}\nTelephone {phone}\nAddress {address}\n{rest}\n"
    "I declare that the information given above is true and complete"
)


def corpus() -> Iterator[IndexEntry]:
    """Give all dossiers."""
    lines = Path(__file__).with_name("relevance_people.txt").read_text("utf-8").splitlines()
    rows = [line.split("|") for line in lines if not line.startswith("#")]
    for number, row in enumerate(rows):
        yield _entry(number, row, chinese=row[0].startswith("p"))
    yield from _neighbours()


def _entry(number: int, row: list[str], *, chinese: bool) -> IndexEntry:
    id_, title, phone, identity, born, address, employer, year, note, rest = row
    created = datetime(int(year), 1 + number % 12, 1 + number % 28, 9, 30, tzinfo=UTC)
    is_person = bool(born)
    values = [
        IndexedValue("name" if is_person else "company", "姓名" if is_person else "公司名称", title, "name"),
        IndexedValue("mobile", "手机", phone, "code", names=("Mobile phone",)),
        IndexedValue("id_number", "身份证号码", identity, "code", names=("ID number",)),
        IndexedValue("birth_date", "出生日期", born, "date", names=("Date of birth",)),
        IndexedValue("address", "通讯地址", address, "text", names=("Address",)),
        IndexedValue(*(("employer", "工作单位") if is_person else ("contact_person", "联系人")), employer, "name"),
    ]
    form = _FORM if chinese else _ENGLISH_FORM
    text = form.format(name=title, sex="男女"[number % 2], born=born, phone=phone, address=address, rest=rest)
    return IndexEntry(
        id=id_,
        code=f"Z109-{'KH' if is_person else 'QY'}·{year}-D30-{1000 + number}",
        aliases=(f"OLD-{number:04}",) if number % 4 == 0 else (),
        title=title,
        type="person" if is_person else "company",
        unit="headquarters" if number % 2 else "branch",
        state="open",
        tags=("VIP",) if number % 5 == 0 else ("overseas",) if not chinese else (),
        year=int(year),
        created_at=created,
        changed_at=created + timedelta(days=number),
        values=tuple(value for value in values if value.text),
        pages=(IndexedPage(f"scan-{id_}", 1, text),),
        notes=(note,) if note else (),
        revision=1,
    )


_SURNAMES = (
    "张王李赵刘陈杨黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜"
)
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英文华玉红建国志海燕鹏辉云飞雪梅琳宇晨浩轩思梓涵一小三大天"
_FIRST = (
    "James",
    "Mary",
    "Robert",
    "Jennifer",
    "Michael",
    "Linda",
    "David",
    "Susan",
    "Thomas",
    "Sarah",
    "Daniel",
    "Karen",
)
_LAST = (
    "Smith",
    "Johnson",
    "Brown",
    "Miller",
    "Davis",
    "Wilson",
    "Anderson",
    "Taylor",
    "Moore",
    "Martin",
    "Clark",
    "Lewis",
)
_STREETS = (
    "北京市朝阳区建国路",
    "北京市海淀区中关村大街",
    "上海市黄浦区南京西路",
    "广州市天河区体育东路",
    "深圳市福田区深南大道",
)
_ROADS = (
    "Baker Street, Leeds",
    "Harbor Road, Boston",
    "Grafton Road, Cork",
    "Marina Bay, Singapore",
    "Fifth Street, Austin",
)
_FIRMS = ("未来投资", "南方物流", "东方航运", "海上旅行社", "星河传媒", "大明制衣", "华山旅游", "蜀汉餐饮", "日月照明")
_RESTS = (
    "理财产品 稳健增长一号", "开户银行 中国工商银行", "贷款申请 装修", "紧急联系人 配偶", "备注 资料齐全", "合同编号 HT-{n:05}",
    "信用等级 AA", "经办人 王芳 复核人 李强", "收入证明 已收", "担保人 无",
)  # fmt: skip


def _neighbours() -> Iterator[IndexEntry]:
    chance = random.Random(109)
    for number in range(NEIGHBOURS):
        chinese = chance.random() < 0.75
        name = (
            chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.randint(1, 2)))
            if chinese
            else f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
        )
        born = f"{chance.randint(1945, 2004)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        row = [
            f"n{number:04}",
            name,
            f"1{chance.choice('3578')}{chance.randint(0, 999_999_999):09}",
            f"{chance.choice(('110105', '310101', '440106'))}{born.replace('-', '')}{chance.randint(1000, 9999)}",
            born,
            f"{chance.choice(_STREETS)}{chance.randint(1, 300)}号"
            if chinese
            else f"{chance.randint(1, 300)} {chance.choice(_ROADS)}",
            chance.choice(_FIRMS) if chinese else "",
            str(chance.randint(2014, 2024)),
            "",
            chance.choice(_RESTS).format(n=number),
        ]
        yield _entry(2000 + number, row, chinese=chinese)
