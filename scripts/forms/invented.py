"""Invented customers: persons and companies, Chinese and English, put together by lot."""

import datetime as dt
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from pypinyin import lazy_pinyin

from . import numbers

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
    "范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛段雷龙黎史陶贺毛郝顾龚邵万"
)
RARE_SURNAMES = ("欧阳", "上官", "司徒", "诸葛", "皇甫")
MALE_CHARACTERS = "伟强军勇杰涛明超波辉刚健宇浩博文瑞泽晨轩磊鹏飞宁志国建华东海林松平安成达俊凯恒毅"
FEMALE_CHARACTERS = "芳娜敏静丽艳娟霞秀玲桂兰玉萍红梅琳婷雪慧莹颖佳欣怡梦琪思雨涵瑶晓洁露倩蓉岚蕾薇"


def _listed(text: str, separator: str | None = None) -> tuple[str, ...]:
    return tuple(text.split(separator))


ENGLISH_MALE = _listed(
    "James Robert Daniel Thomas Edward Henry Samuel Oliver Martin Victor Adrian Julian Simon Walter Felix"
)
ENGLISH_FEMALE = _listed("Mary Linda Susan Karen Emily Grace Hannah Laura Alice Clara Rachel Sophie Diana Nora Helen")
ENGLISH_SURNAMES = _listed(
    "Ashworth Bellamy Carver Dunmore Ellison Fairbanks Garland Hollis Ingram Jarvis Kendrick Lockwood Merrick Norwood "
    "Osborne Prescott Quigley Radcliffe Sherwood Thornton Underhill Vance Whitfield Yardley Marlow"
)


class Place(NamedTuple):
    """A real city with what numbers and addresses need to know about one of its districts."""

    province: str
    city: str
    district: str
    region: str
    area_code: str
    postcode: str


PLACES = (
    Place("", "北京市", "朝阳区", "110105", "010", "100020"),
    Place("", "北京市", "海淀区", "110108", "010", "100080"),
    Place("", "上海市", "浦东新区", "310115", "021", "200120"),
    Place("", "上海市", "徐汇区", "310104", "021", "200030"),
    Place("", "天津市", "南开区", "120104", "022", "300100"),
    Place("", "重庆市", "渝中区", "500103", "023", "400010"),
    Place("广东省", "广州市", "天河区", "440106", "020", "510630"),
    Place("广东省", "深圳市", "南山区", "440305", "0755", "518052"),
    Place("浙江省", "杭州市", "西湖区", "330106", "0571", "310013"),
    Place("浙江省", "宁波市", "海曙区", "330203", "0574", "315010"),
    Place("江苏省", "南京市", "鼓楼区", "320106", "025", "210009"),
    Place("江苏省", "苏州市", "姑苏区", "320508", "0512", "215008"),
    Place("四川省", "成都市", "武侯区", "510107", "028", "610041"),
    Place("湖北省", "武汉市", "江汉区", "420103", "027", "430021"),
    Place("陕西省", "西安市", "雁塔区", "610113", "029", "710065"),
    Place("山东省", "青岛市", "市南区", "370202", "0532", "266071"),
    Place("福建省", "厦门市", "思明区", "350203", "0592", "361001"),
    Place("湖南省", "长沙市", "岳麓区", "430104", "0731", "410006"),
)
STREETS = _listed("青禾 云杉 望桥 北辰里 临江 晴岚 桂雨 石榴园 春申里 白鹭 听松 金穗 月湖 紫藤 星河里 文澜")
"""Invented; a real street of the same name somewhere is chance."""

ENGLISH_PLACES = (
    ("Columbus", "OH", "43215", "614"),
    ("Portland", "OR", "97205", "503"),
    ("Boston", "MA", "02116", "617"),
    ("Austin", "TX", "78701", "512"),
    ("Denver", "CO", "80202", "303"),
    ("Madison", "WI", "53703", "608"),
    ("Richmond", "VA", "23219", "804"),
    ("Seattle", "WA", "98101", "206"),
)
ENGLISH_STREETS = _listed(
    "Larkspur Row,Millstone Lane,Heron Wharf Road,Juniper Court,Old Foundry Street,Sandpiper Way,Copper Beech Drive,"
    "Lanternmakers Alley,Quarryman Street,Windrose Avenue",
    ",",
)
MAIL_DOMAINS = ("example.com", "example.net", "example.org")
"""Reserved by RFC 2606: no letter to them reaches anybody."""

COMPANY_HEADS = _listed("宏远 瑞丰 启明 安泽 恒信 博雅 锦程 天禾 云帆 聚源 卓尔 明德 万和 新越 海川 佳顺")
COMPANY_TRADES = (
    ("科技", "技术开发、技术咨询、计算机软硬件及辅助设备销售"),
    ("商贸", "日用百货、文具用品、家用电器批发零售"),
    ("食品", "预包装食品销售、食品技术研发"),
    ("建筑工程", "房屋建筑工程施工、室内装饰装修"),
    ("物流", "普通货物运输、仓储服务、货运代理"),
    ("医疗器械", "第二类医疗器械销售、设备维修"),
    ("文化传媒", "广告设计制作、会议及展览服务"),
    ("机械制造", "通用机械设备制造、零部件加工"),
)
BANKS = ("中国工商银行", "中国建设银行", "中国农业银行", "中国银行", "招商银行", "交通银行")
ENGLISH_COMPANY_HEADS = _listed("Brightwater Northgate Silverbirch Oakridge Harborline Stonebrook Clearfield Eastmark")
ENGLISH_TRADES = (
    ("Logistics Inc.", "Freight forwarding and warehousing"),
    ("Foods LLC", "Wholesale of packaged foods"),
    ("Instruments Ltd.", "Manufacture of measuring instruments"),
    ("Software Inc.", "Business software and support"),
    ("Textiles LLC", "Import and wholesale of fabrics"),
)
OCCUPATIONS = _listed("教师 工程师 会计 医生 护士 销售经理 设计师 司机 公务员 个体经营 律师 退休")
ENGLISH_OCCUPATIONS = _listed(
    "Teacher,Engineer,Accountant,Nurse,Electrician,Librarian,Sales manager,Architect,Retired", ","
)


@dataclass(frozen=True, slots=True)
class Person:
    """An invented natural person. Numbers are bare: how a form writes them is the layout's business.

    Attributes:
        language: "zh" or "en".
        sex: "male" or "female".
        phone: E.164.
        mobile: E.164.
        id_number: With its check character; empty for English persons.
        bank_card: With its Luhn digit; empty for English persons.
    """

    language: str
    name: str
    sex: str
    birth_date: dt.date
    id_number: str
    mobile: str
    phone: str
    email: str
    address: str
    postcode: str
    company: str
    occupation: str
    nationality: str
    ethnicity: str
    education: str
    marital_status: str
    bank_card: str


@dataclass(frozen=True, slots=True)
class Company:
    """An invented company; ``phone``, ``fax`` and ``mobile`` are E.164, ``capital`` is in whole yuan or dollars."""

    language: str
    name: str
    uscc: str
    legal_representative: str
    contact_person: str
    mobile: str
    phone: str
    fax: str
    email: str
    address: str
    postcode: str
    capital: int
    founded: dt.date
    bank: str
    bank_account: str
    business_scope: str


def _day(random: Random, first: dt.date, last: dt.date) -> dt.date:
    return first + dt.timedelta(days=random.randrange((last - first).days + 1))


def chinese_name(random: Random, sex: str) -> str:
    """Return a surname and one or two given-name characters."""
    surname = random.choice(RARE_SURNAMES) if random.random() < 0.04 else random.choice(SURNAMES)
    characters = MALE_CHARACTERS if sex == "male" else FEMALE_CHARACTERS
    return surname + "".join(random.sample(characters, 1 if random.random() < 0.25 else 2))


def _english_name(random: Random, sex: str) -> str:
    given = random.choice(ENGLISH_MALE if sex == "male" else ENGLISH_FEMALE)
    initial = f" {random.choice('ABCDEFGHJKLMNPRSTW')}." if random.random() < 0.3 else ""
    return f"{given}{initial} {random.choice(ENGLISH_SURNAMES)}"


def _chinese_address(random: Random, place: Place) -> str:
    room = f"{random.randrange(2, 25)}0{random.randrange(1, 5)}室"
    building = random.choice(
        (
            f"{random.randrange(1, 300)}号{random.randrange(1, 20)}幢{random.randrange(1, 5)}单元{room}",
            f"{random.randrange(1, 900)}弄{random.randrange(1, 60)}号{room}",
            f"{random.randrange(1, 999)}号",
        )
    )
    return f"{place.province}{place.city}{place.district}{random.choice(STREETS)}{random.choice(('路', '街', '大道'))}{building}"


def _mail_name(name: str) -> str:
    return "".join(lazy_pinyin(name)).lower()


def invent_person(random: Random, language: str, *, today: dt.date) -> Person:
    """Return a person between 18 and 80 on the day ``today``."""
    sex = random.choice(("male", "female"))
    birth_date = _day(random, dt.date(today.year - 80, 1, 1), dt.date(today.year - 19, 12, 31))
    if language == "en":
        city, state, postcode, area = random.choice(ENGLISH_PLACES)
        name = _english_name(random, sex)
        given, *_, surname = name.split()
        return Person(
            language=language,
            name=name,
            sex=sex,
            birth_date=birth_date,
            id_number="",
            # 555-0100 to 555-0199 of every American area code are kept for fiction.
            mobile=f"+1{area}55501{numbers.digits(random, 2)}",
            phone=f"+1{area}55501{numbers.digits(random, 2)}",
            email=f"{given.lower()}.{surname.lower()}@{random.choice(MAIL_DOMAINS)}",
            address=f"{random.randrange(10, 2400)} {random.choice(ENGLISH_STREETS)}, {city}, {state} {postcode}",
            postcode=postcode,
            company=f"{random.choice(ENGLISH_COMPANY_HEADS)} {random.choice(ENGLISH_TRADES)[0]}",
            occupation=random.choice(ENGLISH_OCCUPATIONS),
            nationality="American",
            ethnicity="",
            education=random.choice(("High school", "Bachelor", "Master", "Doctorate")),
            marital_status=random.choice(("Single", "Married", "Widowed")),
            bank_card="",
        )
    place = random.choice(PLACES)
    name = chinese_name(random, sex)
    return Person(
        language=language,
        name=name,
        sex=sex,
        birth_date=birth_date,
        id_number=numbers.id_number(random, place.region, birth_date, sex),
        mobile="+86" + numbers.mobile(random),
        phone="+86" + place.area_code[1:] + numbers.landline(random, place.area_code),
        email=f"{_mail_name(name)}{random.randrange(10, 99)}@{random.choice(MAIL_DOMAINS)}",
        address=_chinese_address(random, place),
        postcode=place.postcode,
        company=_chinese_company_name(random, place)[0],
        occupation=random.choice(OCCUPATIONS),
        nationality="中国",
        ethnicity="汉族" if random.random() < 0.85 else random.choice(("回族", "满族", "壮族", "苗族", "土家族")),
        education=random.choice(("高中", "大专", "本科", "硕士")),
        marital_status=random.choice(("未婚", "已婚")),
        bank_card=numbers.bank_card(random),
    )


def _chinese_company_name(random: Random, place: Place) -> tuple[str, str]:
    trade, scope = random.choice(COMPANY_TRADES)
    return f"{place.city.removesuffix('市')}{random.choice(COMPANY_HEADS)}{trade}有限公司", scope


def invent_company(random: Random, language: str, *, today: dt.date) -> Company:
    """Return a company founded between 1995 and last year."""
    founded = _day(random, dt.date(1995, 1, 1), dt.date(today.year - 1, 12, 31))
    if language == "en":
        city, state, postcode, area = random.choice(ENGLISH_PLACES)
        ending, scope = random.choice(ENGLISH_TRADES)
        head = random.choice(ENGLISH_COMPANY_HEADS)
        return Company(
            language=language,
            name=f"{head} {ending}",
            uscc="",
            legal_representative=_english_name(random, random.choice(("male", "female"))),
            contact_person=_english_name(random, random.choice(("male", "female"))),
            mobile=f"+1{area}55501{numbers.digits(random, 2)}",
            phone=f"+1{area}55501{numbers.digits(random, 2)}",
            fax=f"+1{area}55501{numbers.digits(random, 2)}",
            email=f"office@{head.lower()}.{random.choice(MAIL_DOMAINS)}",
            address=f"{random.randrange(10, 2400)} {random.choice(ENGLISH_STREETS)}, {city}, {state} {postcode}",
            postcode=postcode,
            capital=random.randrange(5, 200) * 10_000,
            founded=founded,
            bank=random.choice(("First Harbor Bank", "Meridian Trust", "Union Valley Bank")),
            bank_account=numbers.digits(random, 12),
            business_scope=scope,
        )
    place = random.choice(PLACES)
    name, scope = _chinese_company_name(random, place)
    head = _mail_name(name.removeprefix(place.city.removesuffix("市"))[:2])
    return Company(
        language=language,
        name=name,
        uscc=numbers.uscc(random, place.region),
        legal_representative=chinese_name(random, random.choice(("male", "female"))),
        contact_person=chinese_name(random, random.choice(("male", "female"))),
        mobile="+86" + numbers.mobile(random),
        phone="+86" + place.area_code[1:] + numbers.landline(random, place.area_code),
        fax="+86" + place.area_code[1:] + numbers.landline(random, place.area_code),
        email=f"office@{head}.{random.choice(MAIL_DOMAINS)}",
        address=_chinese_address(random, place),
        postcode=place.postcode,
        capital=random.choice((50, 100, 200, 500, 1000, 3000)) * 10_000,
        founded=founded,
        bank=f"{random.choice(BANKS)}{place.city.removesuffix('市')}{place.district[:2]}支行",
        bank_account=numbers.digits(random, 19),
        business_scope=scope,
    )
