"""Dossier types: the schema that an archivist edits, and the two that every archive starts with. Pure: no I/O."""

from ocr import FieldDefinition as PrintedField
from ocr import Kind, Vocabulary

from archive.values import Value


class FieldSpec(Value):
    """One field that dossiers of a type carry.

    Attributes:
        name: Canonical name, the same in every type that has the field.
        label_zh: What Chinese pages call it.
        label_en: What English pages call it.
        kind: How its values are checked: a value of ``ocr.Kind``.
        required: Whether an active dossier must have it.
        sensitive: Whether it is masked for those without the right to reveal.
        facet: Whether lists can be narrowed by it.
        printed_labels: Labels under which paper forms carry it, beyond the ones every archive knows.
    """

    name: str
    label_zh: str
    label_en: str
    kind: str = "text"
    required: bool = False
    sensitive: bool = False
    facet: bool = False
    printed_labels: tuple[str, ...] = ()

    def label(self, locale: str) -> str:
        """Return the label in the language of ``locale`` ("zh_CN" or "en")."""
        return self.label_zh if locale.startswith("zh") else self.label_en


class DossierType(Value):
    """The fields that one sort of customer has. Old dossiers keep the version they were filed under."""

    name: str
    label_zh: str
    label_en: str
    fields: tuple[FieldSpec, ...]
    version: int = 1

    def label(self, locale: str) -> str:
        """Return the label in the language of ``locale`` ("zh_CN" or "en")."""
        return self.label_zh if locale.startswith("zh") else self.label_en

    def field(self, name: str) -> FieldSpec | None:
        """Return the field of that name, or None for one the type does not define."""
        return next((field for field in self.fields if field.name == name), None)

    def add_to(self, vocabulary: Vocabulary) -> Vocabulary:
        """Return the reader's vocabulary with the labels of this type's fields added."""
        return vocabulary.extended_with(
            PrintedField(
                name=field.name,
                kind=Kind(field.kind),
                label_zh=field.label_zh,
                label_en=field.label_en,
                printed_labels=(field.label_zh, field.label_en, *field.printed_labels),
            )
            for field in self.fields
        )


SENSITIVE_KINDS = frozenset({Kind.ID_NUMBER, Kind.PHONE, Kind.MOBILE, Kind.BANK_CARD, Kind.PASSPORT})
"""Kinds that are masked wherever nobody has said otherwise (PIPL articles 28 to 30)."""


def _field(name: str, label_zh: str, label_en: str, kind: Kind, **more: bool) -> FieldSpec:
    return FieldSpec(
        name=name,
        label_zh=label_zh,
        label_en=label_en,
        kind=kind.value,
        sensitive=kind in SENSITIVE_KINDS,
        **more,  # type: ignore[arg-type]
    )


BUILT_IN_TYPES = (
    DossierType(
        name="person",
        label_zh="个人客户",
        label_en="Person",
        fields=(
            _field("name", "姓名", "Name", Kind.NAME, required=True),
            _field("sex", "性别", "Sex", Kind.SEX, facet=True),
            _field("birth_date", "出生日期", "Date of birth", Kind.DATE),
            _field("id_number", "身份证号", "ID number", Kind.ID_NUMBER),
            _field("mobile", "手机", "Mobile", Kind.MOBILE),
            _field("phone", "电话", "Telephone", Kind.PHONE),
            _field("email", "电子邮箱", "E-mail", Kind.EMAIL),
            _field("address", "地址", "Address", Kind.ADDRESS),
            _field("postcode", "邮编", "Postcode", Kind.POSTCODE),
            _field("company", "工作单位", "Employer", Kind.COMPANY),
            _field("occupation", "职业", "Occupation", Kind.TEXT),
            _field("nationality", "国籍", "Nationality", Kind.TEXT),
            _field("ethnicity", "民族", "Ethnicity", Kind.TEXT),
            _field("bank_card", "银行卡号", "Bank card", Kind.BANK_CARD),
            _field("date", "填表日期", "Date of the form", Kind.DATE),
        ),
    ),
    DossierType(
        name="company",
        label_zh="企业客户",
        label_en="Company",
        fields=(
            _field("company", "单位名称", "Company name", Kind.COMPANY, required=True),
            _field("uscc", "统一社会信用代码", "Unified social credit code", Kind.USCC),
            _field("legal_representative", "法定代表人", "Legal representative", Kind.NAME),
            _field("contact_person", "联系人", "Contact person", Kind.NAME),
            _field("mobile", "手机", "Mobile", Kind.MOBILE),
            _field("phone", "电话", "Telephone", Kind.PHONE),
            _field("fax", "传真", "Fax", Kind.PHONE),
            _field("email", "电子邮箱", "E-mail", Kind.EMAIL),
            _field("address", "地址", "Address", Kind.ADDRESS),
            _field("postcode", "邮编", "Postcode", Kind.POSTCODE),
            _field("registered_capital", "注册资本", "Registered capital", Kind.AMOUNT),
            _field("bank", "开户银行", "Bank", Kind.TEXT),
            _field("bank_account", "银行账号", "Bank account", Kind.BANK_CARD),
            _field("business_scope", "经营范围", "Business scope", Kind.TEXT),
            _field("date", "填表日期", "Date of the form", Kind.DATE),
        ),
    ),
)
"""What every archive starts with; an archivist may change them, which makes a new version."""

TITLE_FIELDS = ("name", "company", "contact_person")
"""Fields whose value titles a dossier that was given no title, first found first."""
