"""The names by which people call a part of a dossier, in ``name:value``.

A part is looked up by its *concept*: one word for all names of the same thing, so that ``电话``, ``手机`` and ``phone``
find every value that any dossier type keeps under one of them.
"""

from functools import lru_cache

from search.folding import fold
from search.tokens import squeeze

BUILT_IN_KEYS = {
    "code": "code", "档号": "code",
    "alias": "alias", "曾用档号": "alias",
    "title": "title", "标题": "title", "题名": "title",
    "type": "type", "类型": "type",
    "unit": "unit", "单位": "unit", "部门": "unit",
    "state": "state", "状态": "state",
    "tag": "tag", "标签": "tag",
    "year": "year", "年度": "year", "年份": "year",
    "note": "note", "备注": "note",
    "created": "created", "建档": "created", "创建": "created", "建档日期": "created",
    "changed": "changed", "修改": "changed", "更新": "changed",
}  # fmt: skip
"""Keys that every entry has, by the names under which people type them."""

MOMENTS = frozenset({"created", "changed"})
"""Built-in keys whose values are moments, found by the day, month or year in which they lie."""

_SYNONYMS = (
    ("phone", "mobile", "mobilephone", "cell", "cellphone", "tel", "telephone", "contactnumber", "phonenumber", "电话",
     "手机", "手机号", "手机号码", "移动电话", "联系电话", "电话号码", "联系方式", "固定电话"),
    ("birthdate", "birth", "birthday", "born", "dob", "dateofbirth", "生日", "出生", "出生日期", "出生年月", "生年月日"),
    ("idnumber", "id", "idno", "idcard", "identity", "identitynumber", "身份证", "身份证号", "身份证号码", "证件号",
     "证件号码", "公民身份号码"),
    ("name", "fullname", "customer", "customername", "姓名", "名字", "客户", "客户姓名", "客户名称"),
    ("address", "addr", "地址", "住址", "通讯地址", "联系地址", "家庭住址", "现住址"),
    ("email", "mail", "emailaddress", "邮箱", "电子邮箱", "电子邮件"),
    ("company", "companyname", "employer", "organisation", "organization", "公司", "公司名称", "企业名称", "单位名称",
     "工作单位"),
    ("uscc", "creditcode", "unifiedsocialcreditcode", "信用代码", "社会信用代码", "统一社会信用代码"),
    ("bankcard", "card", "cardnumber", "卡号", "银行卡", "银行卡号"),
    ("bankaccount", "account", "accountnumber", "账号", "帐号", "银行账号", "银行账户"),
    ("province", "省", "省份", "所在省份", "所在省"),
    ("city", "市", "城市", "所在城市"),
    ("county", "district", "区", "县", "区县"),
    ("gender", "sex", "性别"),
    ("postcode", "zip", "zipcode", "postalcode", "邮编", "邮政编码"),
    ("passportnumber", "passport", "passportno", "护照", "护照号", "护照号码"),
    ("contactperson", "contact", "contactname", "联系人", "联系人姓名"),
    ("amount", "sum", "total", "金额", "总额", "合计"),
    ("occupation", "job", "profession", "职业", "职务"),
)  # fmt: skip
_CONCEPTS = {name: names[0] for names in _SYNONYMS for name in names}


@lru_cache(maxsize=4096)
def concept_of(name: str) -> str:
    """Give the concept of a key or label as it is written anywhere; the squeezed name itself where it has none."""
    squeezed = squeeze(fold(name))
    return BUILT_IN_KEYS.get(squeezed) or _CONCEPTS.get(squeezed, squeezed)
