"""How much a text looks like the label of a form field, told by the text alone."""

import re
import unicodedata

from ..marks.choices import is_only_choices
from ..vocabulary import Vocabulary

__all__ = [
    "COLON",
    "LIKELY",
    "SURE",
    "VALUE",
    "ends_as_label",
    "is_latin",
    "is_remark",
    "is_short",
    "is_value_like",
    "label_score",
]

SURE = 4.0
"""Score from which a text is a label: a known one, or one with a colon."""
LIKELY = 1.0
"""Score from which it looks like one."""
VALUE = -3.0
"""Score up to which it can only be something filled in."""
_LONGEST_LABEL = 42
_LONGEST_HAN_LABEL = 22

COLON = re.compile("[:\uff1a\ufe55\ufe30]")
_ENDING = re.compile(
    r"(?:名称|姓名|名|号码|号|编号|代码|日期|时间|年月|地址|住址|地点|所在地|电话|手机|传真|邮箱|邮编|编码|人|单位|部门|机构|企业|公司|银行|"
    r"情况|状况|状态|类型|类别|种类|性质|方式|级别|等级|金额|资本|资金|意见|签字|签名|签章|盖章|原因|理由|事由|用途|内容|项目|范围|专业|学历|学位|"
    r"比例|形式|率|额|资质|年限|结果|结论|事项|标志|费|结构|证号|版本|主营|兼营|职务|职称|职位|岗位|关系|面貌|国籍|民族|籍贯|性别|年龄|备注|说明|要求|经历|简历|特长|爱好|数量|人数|总额|收入|面积|期限|有效期|来源|"
    r"程度|目的|成绩|分数|课程|账号|帐号|账户|户名|卡号|网址|行业|产品|规模|标准|水平|程序|班级|学校|院校|学院|院系|身高|体重|血型|省份|城市|"
    r"name|number|no|date|address|phone|telephone|tel|fax|e-?mail|title|type|code|amount|total|signature|by|to|from|city|state|zip|"
    r"company|brand|account|manager|division|department|subject|re|cc|region|period|status|description|comments?|remarks?|location|area|"
    r"contact|country|birth|sex|age|position|employer|relationship|representative)$",
    re.IGNORECASE,
)
_TICKS = re.compile(r"[□☐■☑☒√✓✔◻◯○●]")
_VALUE = re.compile(
    r"(?:\W*|[男女有无是否]|[\d\W]+|.*\d{4,}.*|.*\d+(?:元|万|年|月|日|岁|%|周|人|个|平|km|kg|cm).*|.*@.*\..*|"
    r"(?:https?|www)\b.*|\$.*\d.*|.*(?:有限公司|有限责任公司|股份公司|大学|支行|分行|省.*市.*|.*[市县区].*[路街号村].*))",
    re.IGNORECASE,
)
_OPEN_CHOICE = re.compile(r"[^()]{1,8}\(\s*(?:[√✓vV]\s*\)?|\))")
"""A choice with brackets to tick in behind it, ticked or not."""
_INDEX = re.compile("(?<=[\u3400-\u9fff]{2})[1-9]$")
"""The number of one of several alike, such as 工作单位2."""
_HAN = re.compile("[\u3400-\u9fff]")
_BILINGUAL = re.compile(r"([\u3400-\u9fff/、]{2,})[A-Za-z][A-Za-z/&'.,-]{2,60}")
"""A Chinese label with its translation: nobody fills in a form in two languages."""
_SENTENCE = re.compile(r"[。;!]|,.*,|、.*、.*、")
_REMARK = re.compile(r"[(\uff08\[][^()\uff08\uff09]{2,}[)\uff09\]]\W?")


def ends_as_label(text: str) -> bool:
    """Whether a colon closes the text."""
    return bool(text) and bool(COLON.match(text.rstrip()[-1:]))


def is_latin(text: str) -> bool:
    """Whether a text holds letters and no Chinese character."""
    return not _HAN.search(text) and any(c.isalpha() for c in text)


def is_remark(text: str) -> bool:
    """Whether a text is words in brackets: they explain a label, and answer nothing."""
    return _REMARK.fullmatch(text) is not None


def is_short(label: str) -> bool:
    """Whether a text is short enough for a label; its Chinese and its other characters count apart."""
    han = sum(1 for c in label if "\u3400" <= c <= "\u9fff")
    return han <= _LONGEST_HAN_LABEL and len(label) - han <= _LONGEST_LABEL


def is_value_like(text: str) -> bool:
    """Whether the text has the form of something filled in: digits, a date, a tick, an address, a company."""
    normal = unicodedata.normalize("NFKC", text).strip()
    return bool(_TICKS.search(normal) or _VALUE.fullmatch(normal))


def label_score(text: str, vocabulary: Vocabulary) -> float:
    """From clearly a value (-4) over undecided (0) to clearly a label (5)."""
    normal = unicodedata.normalize("NFKC", text).strip()
    if not normal:
        return -4.0
    if _TICKS.search(normal):
        return -3.0
    if ends_as_label(normal):
        return 5.0
    if vocabulary.name_of(normal) is not None:
        return 4.0
    bare = _INDEX.sub("", re.sub(r"\(.*?\)|\s", "", normal) or normal)
    bilingual = _BILINGUAL.fullmatch(bare)
    if bilingual:
        return max(2.5, min(4.0, label_score(bilingual[1], vocabulary) + 2.0))
    if is_value_like(bare) or is_only_choices(bare) or _OPEN_CHOICE.fullmatch(normal):
        return -3.0
    score = 0.0
    if _ENDING.search(bare):
        score += 2.0
    elif _ENDING.search(normal.rstrip(")")):
        score += 1.0
    han = sum(1 for c in bare if "\u3400" <= c <= "\u9fff")
    if han and len(bare) > 12:
        score -= 1.0 + (len(bare) - 12) / 10
    if _SENTENCE.search(normal):
        score -= 2.0
    if any(c.isdigit() for c in bare):
        score -= 1.0
    if normal.endswith("?"):
        score += 2.0
    if not han:
        words = normal.split()
        if len(words) > 6:
            score -= 2.0
        if normal.isupper() and len(words) <= 5:
            score += 0.5
    return max(-4.0, min(4.0, score))
