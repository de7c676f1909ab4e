"""The archive over which relevance is measured: dossiers that people look for, among many that resemble them.

Always the same. ``relevance.tsv`` names the dossiers by the ids given here.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from search import IndexedPage, IndexedValue, IndexEntry

NEIGHBOURS = 1200
"""Dossiers that resemble those that are looked for."""

_FORM = "客户基本信息登记表\n姓名 {name} 性别 {sex}\n出生日期 {born}\n联系电话 {phone}\n通讯地址 {address}\n{rest}\n本人声明上述信息真实有效"
_ENGLISH_FORM = (
    "Customer registration form\nName {name}\nDate of birth {born}\nTelephone {phone}\nAddress {address}\n{rest}\n"
    "I declare that the information given above is true and complete"
)

# id, title, phone, id number, birth date, address, employer, year, notes, the rest of the page
_PEOPLE = """
p01|张三丰|13800138000|11010519491231002X|1949-12-31|北京市朝阳区建国路88号|武当贸易有限公司|2021|太极拳会员|开户银行 中国工商银行朝阳支行 账号 6222020200112233445
p02|曾国藩|13911112222|430102198103150011|1981-03-15|湖南省长沙市岳麓区书院路12号|湘军实业|2022|与李鸿章为同事|经办人 左宗棠 备注 需末来回访
p03|欧阳娜娜|18612345678|310101200006150045|2000-06-15|上海市黄浦区南京东路100号|星河音乐工作室|2023|大提琴|特长 大堤琴演奏
p04|李雷|13700001111|110101199001011234|1990-01-01|北京市海淀区中关村大街27号|未来科技股份有限公司|2023||合同编号 HT-2023-0456 金额 12500.00
p05|韩梅梅|13700002222|110101199102021245|1991-02-02|北京市海淀区学院路30号|未来科技股份有限公司|2023|李雷的配偶|紧急联系人 李雷
p06|王小明|15800001234|440106197505051357|1975-05-05|广州市天河区体育西路191号|南方航运|2020|VIP客户|理财产品 稳健增长三号
p07|王晓明|15800004321|440106197606061368|1976-06-06|广州市越秀区北京路5号|南方航运|2020||贷款申请 购房
p08|司马光|13500135000|140821196011113579|1960-11-11|山西省运城市夏县光明街1号|资治通鉴编辑部|2019|旧档移交|第目期刊物订阅 备注 土地征用补偿
p09|诸葛亮|18888888888|371312197809091470|1978-09-09|山东省临沂市沂南县卧龙路3号|蜀汉咨询|2024||签名 诸葛亮 见证人 庞统
p10|刘备|18877776666|130681197204041581|1972-04-04|河北省涿州市桃园街66号|蜀汉咨询|2024|草鞋供应商|共同借款人 关羽 张飞
p11|貂蝉|15012341234|620102199808081692|1998-08-08|兰州市城关区金昌路9号||2022||职业 舞蹈演员
p12|陈圆圆|15112341234|320102199707071703|1997-07-07|南京市玄武区太平门街8号|秦淮文化传播|2022||身份证复印件已收 核对人 吴三桂
p13|赵云|13300133000|130102198212121814|1982-12-12|石家庄市正定县常山路77号|龙胆安保|2021|有贷款逾期|信用等级 AAA 逾期 二次
p14|黄飞鸿|13600136000|440605195607071925|1956-07-07|佛山市南海区西樵山路14号|宝芝林医馆|2018|中医师|行医执照 GD-1956-007
p15|林黛玉|13155556666|320505200102122036|2001-02-12|苏州市姑苏区平江路18号|大观园物业|2024|体弱|备注 常用约 人参养荣丸
p16|贾宝玉|13155557777|110102200005052147|2000-05-05|北京市西城区恭王府夹道2号|大观园物业|2024||紧急联系人 贾政
p17|孙悟空|17712345678|320703198010102258|1980-10-10|连云港市海州区花果山1号|取经物流|2017|七十二变|备注 曾用名 美猴王 毕业证末交
p18|猪八戒|17787654321|510722198111112369|1981-11-11|绵阳市三台县高老庄8号|取经物流|2017||担保人 孙悟空
p19|武则天|15600156000|610102196202172470|1962-02-17|西安市新城区大明宫路1号|大周置业|2016|重要客户|存款 一千二百万元整
p20|李清照|15700157000|370102198403132581|1984-03-13|济南市历下区趵突泉路4号|漱玉出版社|2021||著作 漱玉词
p21|陆游|15300153000|330602197511172692|1975-11-17|绍兴市越城区沈园路6号|放翁书局|2020||家属 唐婉
p22|郑成功|15200152000|350583196208272703|1962-08-27|泉州市南安市石井路10号|海上贸易行|2019|出口业务|报关单 CX20190827 集装箱 TEMU4512
p23|谢霆锋|14700147000|810000198008292814|1980-08-29|深圳市福田区深南大道2008号|锋味餐饮|2023||银行卡 6217000012345678901
p24|萧峰|14900149000|150102197803032925|1978-03-03|呼和浩特市新城区雁门关路1号|丐帮慈善基金会|2022|曾用名乔峰|收入证明 丐邦慈善基金会
p25|任盈盈|18200182000|410102198907073036|1989-07-07|郑州市金水区黑木崖路7号|日月教育|2023||推荐人 令狐冲
p26|令狐冲|18300183000|610123198805053147|1988-05-05|渭南市华阴市华山路2号|华山健身|2023||推荐人 任盈盈
p27|阿依古丽·买买提|18099180991|653101199203033258|1992-03-03|喀什市人民东路15号|丝路干果|2024||民族 维吾尔族
p28|吕布|13012340000|150802197101013369|1971-01-01|包头市九原区赤兔街9号|方天物流|2018|多次变更单位|违约记录 三次
p29|朱元璋|13412340001|341126196810213470|1968-10-21|凤阳县府城镇皇城路1号|大明食品|2017||原名 朱重八
p30|戚继光|13512340002|370612197811123581|1978-11-12|烟台市蓬莱区水城路3号|海防器材厂|2020||军人证 南字第0451号
p31|戊戌变法研究会|01065529988|||北京市宣武门外大街31号|康有为|2015|社团|会议记要 戍戌年八月
p32|蔡文姬|13800996655|410223199407043692|1994-07-04|开封市杞县文姬路5号|胡笳音乐|2024||曲目 胡茄十八拍
""".strip()

_ENGLISH = """
e01|Müller & Smith Trading Ltd|+44 20 7946 0958|||14 Baker Street, London|Agnes Müller|2021|Long-standing partner|This Agreement is made between the parties on 14 June 2021. Invoice INV-2021-0077
e02|Jonathan Livingston|+1 415 555 0132|P12345678|1970-08-17|221 Harbor Boulevard, San Francisco|Seagull Airlines|2022|prefers e-mail|Occupation pilot. Monthly incorne 8,400
e03|Catherine O'Connor|+353 1 496 0123|PA9876543|1985-04-09|7 Grafton Street, Dublin|Emerald Insurance|2023||Beneficiary Patrick O'Connor. Policy POL-88213
e04|Katherine Connors|+1 212 555 0188|P87654321|1986-05-10|350 Fifth Avenue, New York|Empire Legal|2023||Attorney of record
e05|Wei Zhang|+1 650 555 0177|E20394857|1991-12-01|1600 Amphitheatre Parkway, Mountain View|Bay Software|2024||Software engineer. Chinese name 章伟
e06|Schmidt Maschinenbau GmbH|+49 89 1234567|||Leopoldstraße 25, München|Dieter Schmidt|2020|Ersatzteile|Bankverbindung DE89 3704 0044 0532 0130 00
e07|François Dupont|+33 1 42 68 53 00|FR1122334|1964-02-29|12 rue de Rivoli, Paris|Boulangerie Dupont|2019||Compte ouvert le 3 mars 2019
e08|Priya Raghunathan|+91 22 2778 3344|Z4455667|1993-09-21|Marine Drive 40, Mumbai|Monsoon Textiles|2024|export licence pending|Shipment of cotton, bill of lading BL-556-A
e09|Oleksandr Shevchenko|+380 44 555 1212|AB334455|1979-03-09|Khreshchatyk 22, Kyiv|Dnipro Grain|2022||Warehouse receipt 77-KY
e10|Elizabeth Bennet|+44 1629 555 010|GB556677|1993-01-28|Longbourn House, Hertfordshire|Pemberley Estates|2018|engaged to Mr Darcy|Witness Charlotte Lucas. Annual incorne two thousand pounds
e11|Robert Zimmerman|+1 218 555 0141|P24051941|1941-05-24|Highway 61, Duluth|Blowin Records|2016|stage name differs|Royalty statement, co1umbia contract of 1961
e12|Anderson Shipping Company|+65 6222 3344|||8 Marina View, Singapore|Captain Anders Andersen|2021||Vessel registration 9V-1234. Container TEMU9981
""".strip()


def corpus() -> Iterator[IndexEntry]:
    """Give all dossiers."""
    rows = [(row, True) for row in _PEOPLE.splitlines()] + [(row, False) for row in _ENGLISH.splitlines()]
    for number, (row, chinese) in enumerate(rows):
        yield _entry(number, row.split("|"), chinese=chinese)
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
