"""The fields that forms of customers carry, and the labels under which they print them.

The vocabulary is what makes 姓名, 姓 名:, 客户姓名 and "Full Name" one field. It holds what forms in general say; types that
an archivist defines add their own fields with ``Vocabulary.extended_with``.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from .values.kind import Kind

__all__ = ["DEFAULT_VOCABULARY", "FieldDefinition", "Vocabulary", "fold_label"]

_HAN = re.compile(r"[\u3400-\u9fff]")
_BRACKETS = re.compile(r"[(\[【〔〖<《「『][^()\[\]【】]*[)\]】〕〗>》」』]")
_NUMBERING = re.compile(
    r"^(?:[(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-z])[.、)]|[①-⑳]|第[一二三四五六七八九十]+[条项、])\s*"
)
_FILLED_IN = re.compile(r"\d|:.*\w|[□☐☑☒■○●√✓✔]")
"""Digits, boxes to tick, or text after a colon: what holds them holds a value, whatever its Chinese characters say."""
_NOISE = re.compile(r"[\s:;,.。、,;*★☆※_~=|/\\\"'`·•▶►→#&+-]+")


def fold_label(label: str) -> str:
    """A label reduced to what makes it the same label on another form.

    Width, case, white space, punctuation, numbering and remarks in brackets do not count: "1、姓 名(必填):" folds to 姓名.
    """
    text = unicodedata.normalize("NFKC", label).strip().casefold()
    text = _NUMBERING.sub("", text)
    without_remarks = _BRACKETS.sub("", text)
    if _NOISE.sub("", without_remarks):
        text = without_remarks
    return _NOISE.sub("", re.sub(r"[()\[\]【】]", "", text))


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A canonical field.

    Attributes:
        name: Stable name in stored data, snake_case.
        kind: Which rules its values keep.
        label_zh: How screens name it in Chinese.
        label_en: How screens name it in English.
        printed_labels: How forms print it, besides the two above.
    """

    name: str
    kind: Kind
    label_zh: str
    label_en: str
    printed_labels: tuple[str, ...] = ()

    @property
    def all_labels(self) -> tuple[str, ...]:
        """Every label that means this field."""
        return (self.label_zh, self.label_en, *self.printed_labels)


@dataclass(frozen=True)
class Vocabulary:
    """A set of canonical fields; where two claim one printed label, the first has it."""

    fields: tuple[FieldDefinition, ...] = field(default=())

    @cached_property
    def _by_name(self) -> Mapping[str, FieldDefinition]:
        return MappingProxyType({definition.name: definition for definition in reversed(self.fields)})

    @cached_property
    def _by_label(self) -> Mapping[str, str]:
        labels: dict[str, str] = {}
        for definition in self.fields:
            for label in definition.all_labels:
                folded = fold_label(label)
                if folded:
                    labels.setdefault(folded, definition.name)
        return MappingProxyType(labels)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def field(self, name: str) -> FieldDefinition | None:
        """The field of that canonical name, None when there is none."""
        return self._by_name.get(name)

    def kind_of(self, name: str) -> Kind:
        """The kind of a canonical field; text for a name that is not known."""
        definition = self._by_name.get(name)
        return definition.kind if definition else Kind.TEXT

    def name_of(self, printed_label: str) -> str | None:
        """The canonical field that a printed label means, None when it is not known.

        Found are the label as a whole, the Chinese or the other half of a bilingual one (姓名 Name), and the halves of
        labels with a stroke (公司名称/Company) when they agree.
        """
        folded = fold_label(printed_label)
        if not folded:
            return None
        if folded in self._by_label:
            return self._by_label[folded]
        normal = unicodedata.normalize("NFKC", printed_label)
        remark = _BRACKETS.search(normal)
        candidates = [fold_label(part) for part in re.split(r"[/|\n]", normal)] if re.search(r"[/|\n]", normal) else []
        if _HAN.search(normal) and not _FILLED_IN.search(_NUMBERING.sub("", normal.strip())):
            candidates.append(fold_label("".join(c for c in normal if _HAN.match(c) or c in "()()")))
            candidates.append(fold_label(_HAN.sub(" ", normal)))
        if remark:
            candidates.append(fold_label(remark[0][1:-1]))
        names = [self._by_label[candidate] for candidate in candidates if candidate in self._by_label]
        return names[0] if names and len(set(names)) == 1 else None

    def extended_with(self, definitions: "Iterable[FieldDefinition]") -> "Vocabulary":
        """This vocabulary with more fields. They come first: an archivist's own labels win over the built-in ones, and a
        field of the same name replaces the built-in one but keeps its printed labels.
        """
        own = []
        for definition in definitions:
            known = self._by_name.get(definition.name)
            labels = definition.printed_labels + (known.all_labels if known else ())
            own.append(
                FieldDefinition(
                    definition.name,
                    definition.kind,
                    definition.label_zh,
                    definition.label_en,
                    tuple(dict.fromkeys(labels)),
                )
            )
        names = {definition.name for definition in own}
        return Vocabulary((*own, *(d for d in self.fields if d.name not in names)))


def _define(name: str, kind: Kind, label_zh: str, label_en: str, printed: str = "") -> FieldDefinition:
    return FieldDefinition(name, kind, label_zh, label_en, tuple(p.strip() for p in printed.split("|") if p.strip()))


DEFAULT_VOCABULARY = Vocabulary(
    (
        # Persons
        _define("name", Kind.NAME, "姓名", "Name",
                "客户姓名|申请人姓名|本人姓名|中文姓名|真实姓名|员工姓名|学生姓名|考生姓名|患者姓名|会员姓名|"
                "投保人姓名|持卡人姓名|投资者姓名|个人姓名|用户姓名|户名姓名|姓氏名字|名字|Full Name|"
                "Customer Name|Client Name|Applicant Name|Name of Applicant|Applicant's Name|Your Name|"
                "Employee Name|Patient Name|Name in Full|Print Name|Printed Name"),
        _define("surname", Kind.NAME, "姓", "Surname", "姓氏|Last Name|Family Name"),
        _define("given_name", Kind.NAME, "名", "Given name", "First Name|Forename|Given Names|Middle Name"),
        _define("name_pinyin", Kind.NAME, "姓名拼音", "Name in pinyin",
                "拼音|汉语拼音|英文姓名|外文姓名|英文名|English Name|Pinyin"),
        _define("former_name", Kind.NAME, "曾用名", "Former name", "曾用姓名|Maiden Name|Previous Name"),
        _define("sex", Kind.SEX, "性别", "Sex", "Gender"),
        _define("birth_date", Kind.BIRTH_DATE, "出生日期", "Date of birth",
                "出生年月|出生年月日|生日|出生时间|生年月日|出生|DOB|Birth Date|Birthday|Date of Birth (DOB)|"
                "Birthdate"),
        _define("age", Kind.NUMBER, "年龄", "Age", "实足年龄|周岁"),
        _define("ethnicity", Kind.TEXT, "民族", "Ethnicity", "Ethnic Group|Nation"),
        _define("nationality", Kind.TEXT, "国籍", "Nationality",
                "国籍地区|国籍(地区)|国家地区|Citizenship|Country of Citizenship"),
        _define("native_place", Kind.TEXT, "籍贯", "Native place", "Place of Birth|出生地|出生地点|生源地"),
        _define("household_place", Kind.ADDRESS, "户籍所在地", "Registered residence",
                "户口所在地|户籍地址|户籍地|户口地址|户籍|户口|户籍住址|户口所在地址"),
        _define("household_type", Kind.TEXT, "户口性质", "Household type", "户籍性质|户口类型|户籍类型"),
        _define("marital_status", Kind.TEXT, "婚姻状况", "Marital status", "婚否|婚姻|婚姻状态|婚姻情况"),
        _define("political_status", Kind.TEXT, "政治面貌", "Political status", "党派|政治面目"),
        _define("education", Kind.TEXT, "学历", "Education",
                "文化程度|最高学历|教育程度|学历学位|学历/学位|受教育程度|Education Level|Highest Education"),
        _define("degree", Kind.TEXT, "学位", "Degree", "最高学位"),
        _define("school", Kind.COMPANY, "毕业院校", "School",
                "毕业学校|学校|院校|毕业院校及专业|毕业学院|学校名称|就读学校|University|College|School Attended"),
        _define("major", Kind.TEXT, "专业", "Major", "所学专业|毕业专业|主修专业|Field of Study"),
        _define("graduation_date", Kind.DATE, "毕业时间", "Graduation date", "毕业日期|毕业年月"),
        _define("health", Kind.TEXT, "健康状况", "Health", "身体状况|健康情况"),
        _define("height", Kind.NUMBER, "身高", "Height"),
        _define("weight", Kind.NUMBER, "体重", "Weight"),
        _define("blood_type", Kind.TEXT, "血型", "Blood type", "Blood Group"),
        _define("religion", Kind.TEXT, "宗教信仰", "Religion", "信仰"),
        _define("hobbies", Kind.TEXT, "兴趣爱好", "Hobbies", "爱好|特长|爱好特长|个人爱好|Interests|爱好及特长"),
        _define("photo", Kind.TEXT, "照片", "Photo", "相片|贴照片处"),
        # Papers of identity
        _define("id_type", Kind.TEXT, "证件类型", "ID type",
                "证件名称|证件种类|证件类别|有效证件类别|有效证件种类|身份证件类型|有效证件类型|身份证件种类|有效身份证件|身份证明文件|"
                "ID Type|Type of ID|Document Type"),
        _define("id_number", Kind.ID_NUMBER, "身份证号码", "ID number",
                "身份证号|身份证|公民身份号码|公民身份证号码|居民身份证号码|居民身份证号|居民身份证|身份证件号码|"
                "身份证件号|本人身份证号码|ID Card Number|ID No|ID Card No|Identity Card Number|Identity Number|"
                "Identification Number"),
        _define("document_number", Kind.TEXT, "证件号码", "Document number",
                "证件号|证件编号|有效证件号码|有效证件号|身份证明文件号码|Document No|ID Document Number"),
        _define("document_expiry", Kind.DATE, "证件有效期", "Document expiry date",
                "证件有效期限|有效期|有效期限|有效期至|证件有效期至|证件到期日|身份证有效期|证件有效截止日|"
                "Expiry Date|Valid Until|Expiration Date"),
        _define("passport_number", Kind.PASSPORT, "护照号码", "Passport number", "护照号|护照|Passport No|Passport"),
        _define("travel_permit", Kind.TRAVEL_PERMIT, "港澳台通行证号码", "Travel permit number",
                "通行证号码|台胞证号码|回乡证号码"),
        # Ways to reach
        _define("phone", Kind.PHONE, "联系电话", "Telephone",
                "电话|电话号码|固定电话|办公电话|联系方式|电话(TEL)|TEL|Phone|Phone Number|Telephone Number|"
                "Telephone No|Phone No|Tel No|单位电话|公司电话|座机|座机电话|固话|住宅电话|家庭电话|宅电|"
                "办公室电话|联系人电话|联络电话|本人电话|企业电话|电话/手机|联系电话/手机|Contact Number|"
                "Contact No|Telephone/Fax|Business Phone|Home Phone|Work Phone|Daytime Phone"),
        _define("mobile", Kind.MOBILE, "手机", "Mobile",
                "手机号码|手机号|移动电话|手机号码(必填)|本人手机|移动电话号码|联系手机|联系人手机|联系人手机号|"
                "Mobile Phone|Cell|Cell Phone|Mobile Number|Mobile No|Cellphone|手机/电话"),
        _define("fax", Kind.PHONE, "传真", "Fax", "传真号码|传真电话|传真号|Fax Number|Fax No|FAX #|Facsimile"),
        _define("email", Kind.EMAIL, "电子邮箱", "E-mail",
                "邮箱|电子邮件|E-mail|Email|Email Address|E-mail Address|邮箱地址|电子信箱|电子邮箱地址|电邮|"
                "Mail|E-mail地址|电子邮件地址|个人邮箱"),
        _define("wechat", Kind.TEXT, "微信号", "WeChat", "微信|微信号码|微信账号"),
        _define("qq", Kind.TEXT, "QQ", "QQ", "QQ号|QQ号码|QQ/MSN|MSN|QQ/微信"),
        _define("website", Kind.TEXT, "网址", "Website",
                "网站|公司网址|公司网站|企业网址|官网|主页|Web Site|Homepage|URL"),
        _define("address", Kind.ADDRESS, "地址", "Address",
                "联系地址|通讯地址|通信地址|家庭住址|家庭地址|住址|现住址|住宅地址|居住地址|现居住地址|现居住地|"
                "常住地址|详细地址|邮寄地址|联络地址|住所|居住地|现住地址|家庭详细地址|目前住址|经常居住地|"
                "常驻地址|通讯处|投递地址|Mailing Address|Home Address|Street Address|Residential Address|"
                "Present Address|Current Address|Postal Address|Permanent Address"),
        _define("postcode", Kind.POSTCODE, "邮政编码", "Postcode",
                "邮编|邮政编号|邮编号码|Zip|Zip Code|Postal Code|Post Code|家庭邮编|单位邮编|公司邮编"),
        _define("city", Kind.TEXT, "城市", "City", "所在城市|Town|City/Town|地市"),
        _define("province", Kind.TEXT, "省份", "Province",
                "省|所在省份|State|State/Province|所在地区|所属地区|地区|区域"),
        _define("country", Kind.TEXT, "国家", "Country", "国家/地区"),
        # Companies
        _define("company", Kind.COMPANY, "单位名称", "Company",
                "公司名称|企业名称|工作单位|单位|公司|机构名称|单位全称|企业全称|公司全称|申请单位|申报单位|"
                "申请单位名称|企业名称(全称)|供应商名称|客户名称|商户名称|法人名称|组织名称|纳税人名称|"
                "投资者名称|单位(公司)名称|报名单位|参展单位|参赛单位|所在单位|现工作单位|服务单位|任职单位|"
                "用人单位|推荐单位|填报单位|填表单位|会员单位|企业|名称|公司名|单位名|服务机构|Company Name|"
                "Organization|Organisation|Organization Name|Employer|Business Name|Firm|Name of Company|"
                "Name of Organization|Corporation|Firm Name|Vendor Name|Supplier Name|Institution|Manufacturer|"
                "Brand Owner"),
        _define("company_en", Kind.COMPANY, "单位英文名称", "Company name in English",
                "英文名称|公司英文名称|企业英文名称|外文名称"),
        _define("company_short", Kind.COMPANY, "单位简称", "Short company name", "公司简称|企业简称|简称"),
        _define("uscc", Kind.USCC, "统一社会信用代码", "Unified social credit code",
                "社会信用代码|信用代码|统一社会信用代码(纳税人识别号)|统一信用代码|纳税人识别号|税号|税务登记号|"
                "税务登记证号|统一社会信用代码/注册号|纳税识别号|营业执照号/统一社会信用代码|国税登记号|"
                "地税登记号|税务登记证号码|税务登记号码"),
        _define("organisation_code", Kind.ORGANISATION_CODE, "组织机构代码", "Organisation code",
                "组织机构代码证|组织机构代码证号|机构代码|组织机构代码证号码|企业代码"),
        _define("business_licence", Kind.BUSINESS_LICENCE, "营业执照号码", "Business licence number",
                "营业执照注册号|营业执照号|工商注册号|注册号|工商登记号|营业执照|营业执照编号|企业注册号|"
                "工商登记注册号|营业执照代码|工商营业执照号|注册登记号|License Number|Business License"),
        _define("company_type", Kind.TEXT, "企业类型", "Company type",
                "单位性质|企业性质|公司类型|公司性质|单位类型|经济类型|经济性质|机构类型|登记注册类型|企业类别|"
                "所有制性质|所有制形式|注册类型|Type of Business|Business Type"),
        _define("industry", Kind.TEXT, "所属行业", "Industry",
                "行业|行业类别|所在行业|行业类型|国民经济行业|行业代码|从事行业|行业分类"),
        _define("business_scope", Kind.TEXT, "经营范围", "Business scope",
                "主营业务|主要产品|主营产品|业务范围|经营项目|主营范围|经营内容|主要业务|经营产品|"
                "Scope of Business|主营|产品名称|主要经营范围"),
        _define("registered_capital", Kind.AMOUNT, "注册资本", "Registered capital",
                "注册资金|注册资本(万元)|注册资金(万元)|实收资本|资本总额|Registered Capital (RMB)"),
        _define("founded_date", Kind.DATE, "成立日期", "Date founded",
                "成立时间|注册日期|注册时间|创办时间|开业时间|设立日期|建立时间|创立时间|组建时间|"
                "Date of Establishment|Year Established"),
        _define("registered_address", Kind.ADDRESS, "注册地址", "Registered address",
                "注册地|企业注册地址|公司注册地址|登记地址|工商注册地址|单位注册地址|法定地址|住所地|注册地点"),
        _define("office_address", Kind.ADDRESS, "办公地址", "Office address",
                "公司地址|单位地址|企业地址|经营地址|办公地点|工作地址|单位详细地址|生产经营地址|营业地址|"
                "生产地址|工厂地址|机构地址|经营场所|办公场所|实际经营地址|Business Address|Company Address|"
                "Office Address|公司详细地址|工作单位地址"),
        _define("legal_representative", Kind.NAME, "法定代表人", "Legal representative",
                "法人代表|法人|法人姓名|法定代表人姓名|法人代表姓名|企业法人|法定代表人(负责人)|"
                "法定代表人/负责人|法人/负责人|企业法人代表"),
        _define("principal", Kind.NAME, "负责人", "Person in charge",
                "单位负责人|企业负责人|项目负责人|公司负责人|主要负责人|负责人姓名|总经理|Person in Charge|"
                "Manager|Director|财务负责人|部门负责人"),
        _define("contact_person", Kind.NAME, "联系人", "Contact person",
                "联系人姓名|业务联系人|单位联系人|联络人|主要联系人|紧急联系人|紧急联络人|公司联系人|经办人|"
                "授权经办人|Contact|Contact Name|Emergency Contact|Attention|Attn|授权代理人|经办人姓名|"
                "客户联系人"),
        _define("employee_count", Kind.NUMBER, "员工人数", "Number of employees",
                "职工人数|企业人数|从业人数|公司人数|员工总数|职工总数|在职人数|单位人数|Number of Staff|"
                "人员规模|人数"),
        _define("annual_revenue", Kind.AMOUNT, "年营业额", "Annual revenue",
                "年销售额|年产值|营业收入|年收入|年营业收入|Annual Sales|销售额"),
        _define("department", Kind.TEXT, "部门", "Department",
                "所在部门|所属部门|部门名称|任职部门|申请部门|科室|院系|所属院系|系别|Dept|Division|用人部门|"
                "学院|所在院系"),
        _define("position", Kind.TEXT, "职务", "Position",
                "职位|岗位|担任职务|现任职务|职务/职位|工作岗位|职位名称|岗位名称|应聘职位|应聘岗位|申请职位|"
                "申请岗位|职务职称|职务/职称|应聘部门|Title|Job Title|Post|Designation|行政职务|现任职务/职称|"
                "社会职务|会内职务"),
        _define("professional_title", Kind.TEXT, "职称", "Professional title",
                "技术职称|专业技术职务|专业职称|技术职务|专业技术职称"),
        _define("occupation", Kind.TEXT, "职业", "Occupation", "工作|Profession|职业身份|从事职业|从事专业"),
        _define("employment_date", Kind.DATE, "入职日期", "Employment date",
                "入职时间|到职日期|参加工作时间|工作时间|到岗时间|参加工作年月|Hire Date|Start Date|可到岗时间|"
                "报到日期"),
        _define("salary", Kind.AMOUNT, "工资", "Salary",
                "月薪|期望薪资|期望薪酬|薪资要求|期望月薪|待遇要求|月收入|目前薪资"),
        _define("work_experience", Kind.TEXT, "工作经历", "Work experience",
                "工作简历|个人简历|主要工作经历|简历|Employment History"),
        # Bank
        _define("bank", Kind.COMPANY, "开户银行", "Bank",
                "开户行|开户银行名称|银行名称|开户行名称|基本开户银行|开户网点|开户支行|Bank Name|Name of Bank|"
                "往来银行|银行"),
        _define("bank_account", Kind.BANK_ACCOUNT, "银行账号", "Bank account number",
                "账号|帐号|银行帐号|开户账号|开户帐号|银行账户|银行账户号码|账户号码|银行帐户|对公账号|"
                "基本户账号|开户行账号|开户行及账号|开户银行账号|Account Number|Account No|Bank Account|A/C No|"
                "账户账号|收款账号"),
        _define("bank_account_name", Kind.COMPANY, "账户名称", "Account name",
                "户名|开户名称|开户名|银行户名|账户名|帐户名称|银行账户名称|开户人|开户人姓名|开户单位|收款人|"
                "Account Name|Account Holder|开户单位名称"),
        _define("bank_card", Kind.BANK_CARD, "银行卡号", "Bank card number",
                "卡号|借记卡号|信用卡号|银行卡|Card Number|工资卡号"),
        _define("fund_account", Kind.TEXT, "基金账号", "Fund account",
                "基金账户|基金帐号|交易账号|交易账户|资金账号|证券账号|股东账号|客户号"),
        # Business with the archive's customer
        _define("customer_number", Kind.TEXT, "客户编号", "Customer number",
                "客户号码|会员编号|会员号|会员证号|编号|Customer No|Member No|Membership Number|Client Number|"
                "档案编号|档案号|工号|员工编号|学号|合同编号"),
        _define("amount", Kind.AMOUNT, "金额", "Amount",
                "合计金额|总金额|金额(元)|贷款金额|申请金额|合计|总计|总额|人民币大写|金额大写|金额小写|Total|"
                "Total Amount|Amount Due|投资金额|合同金额"),
        _define("application_date", Kind.DATE, "申请日期", "Date of application",
                "填表日期|申请时间|填报日期|填表时间|填写日期|填报时间|申报日期|登记日期|报名日期|"
                "Application Date|Date of Application|登记时间|填写时间"),
        _define("date", Kind.DATE, "日期", "Date",
                "时间|受理日期|签署日期|签字日期|签名日期|办理日期|Date Signed|受理时间|签约日期"),
        _define("signature", Kind.NAME, "签名", "Signature",
                "签字|申请人签名|申请人签字|本人签名|客户签名|申请人|签章|Signed|Signed by|Applicant Signature|"
                "客户签字|负责人签字"),
        _define("applicant", Kind.NAME, "申请人", "Applicant", "申报人|填表人|报名人|填报人|制表人|填写人|登记人"),
        _define("project", Kind.TEXT, "项目名称", "Project", "项目|课题名称|Project Name|Project Title"),
        _define("remark", Kind.TEXT, "备注", "Remarks",
                "说明|备注说明|其他|其他说明|Comments|Remark|Notes|Note|Comment"),
        _define("reason", Kind.TEXT, "申请理由", "Reason",
                "申请原因|理由|原因|事由|Reason for Application|变更原因|申请事由"),
        _define("relationship", Kind.TEXT, "关系", "Relationship",
                "与本人关系|称谓|与申请人关系|Relationship to Applicant|与户主关系"),
    )
)  # fmt: skip
"""The fields that forms of customers carry, in Chinese and English."""
