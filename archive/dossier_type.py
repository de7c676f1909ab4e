"""Dossier types: the schema that an archivist edits, and the two that every archive starts with. Pure: no I/O."""

from pydantic import Field

from archive.table_rows import row_label_of
from archive.values import Value
from ocr import DEFAULT_VOCABULARY, Kind, Vocabulary, fold_label
from ocr import FieldDefinition as PrintedField


class FieldSpec(Value, extra="ignore"):
    """One field that dossiers of a type carry; what another version stored beside it is passed over.

    Attributes:
        name: Canonical name, the same in every type that has the field.
        label_zh: What Chinese pages call it.
        label_en: What English pages call it.
        kind: How its values are checked: a value of ``ocr.Kind``.
        required: Whether an active dossier must have it.
        sensitive: Whether it is masked for those without the right to reveal.
        printed_labels: Labels under which paper forms carry it, beyond the ones every archive knows.
    """

    name: str
    label_zh: str
    label_en: str
    kind: str = "text"
    required: bool = False
    sensitive: bool = False
    printed_labels: tuple[str, ...] = ()

    def label(self, locale: str) -> str:
        """Return the label in the language of ``locale`` ("zh_CN" or "en")."""
        return self.label_zh if locale.startswith("zh") else self.label_en


class DossierType(Value):
    """The fields that one sort of customer has. Old dossiers keep the version they were filed under.

    Attributes:
        former: Fields that earlier versions had: values that stand under them keep their label, and stay masked.
        borrowed: Fields of the archive's other types, which a dossier that was moved here may carry. Not stored.
    """

    name: str
    label_zh: str
    label_en: str
    fields: tuple[FieldSpec, ...]
    version: int = 1
    former: tuple[FieldSpec, ...] = ()
    borrowed: tuple[FieldSpec, ...] = Field(default=(), exclude=True)

    def label(self, locale: str) -> str:
        """Return the label in the language of ``locale`` ("zh_CN" or "en")."""
        return self.label_zh if locale.startswith("zh") else self.label_en

    def field(self, name: str) -> FieldSpec | None:
        """Return the field of that name; None where nobody knows it.

        The type's own, then what it once had; then, as other types and forms in general have it, sensitive where it is
        so in any of them. A field of a table's row is as its column's label says: a relative's ID number is masked, too.
        """
        return self._named(name) or self._of_row(name)

    def _of_row(self, name: str) -> FieldSpec | None:
        row = row_label_of(name)
        if row is None:
            return None
        label = fold_label(row.label)
        printed = (f for f in self.fields if label in map(fold_label, (f.label_zh, f.label_en, *f.printed_labels)))
        own = next(printed, None)
        column = own.name if own else DEFAULT_VOCABULARY.name_of(row.label)
        spec = self._named(column) if column else None
        update = {"name": name, "label_zh": name, "label_en": name, "required": False, "printed_labels": ()}
        return spec.model_copy(update=update) if spec else None

    def _named(self, name: str) -> FieldSpec | None:
        own = next((field for field in (*self.fields, *self.former) if field.name == name), None)
        if own is not None:
            return own
        known = KNOWN_FIELDS.get(name)
        others = [*(field for field in self.borrowed if field.name == name), *([known] if known else [])]
        return next((field for field in others if field.sensitive), others[0] if others else None)

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


SENSITIVE_KINDS = frozenset(
    {Kind.ID_NUMBER, Kind.PASSPORT, Kind.TRAVEL_PERMIT, Kind.PHONE, Kind.MOBILE, Kind.BANK_CARD, Kind.BANK_ACCOUNT}
)
"""Kinds that are masked wherever nobody has said otherwise (PIPL articles 28 to 30)."""

_SENSITIVE_NAMES = frozenset({"document_number"})
"""Sensitive although their kind is plain text: the number of a document of any sort."""

KNOWN_FIELDS = {
    known.name: FieldSpec(
        name=known.name,
        label_zh=known.label_zh,
        label_en=known.label_en,
        kind=known.kind.value,
        sensitive=known.kind in SENSITIVE_KINDS or known.name in _SENSITIVE_NAMES,
    )
    for known in DEFAULT_VOCABULARY.fields
}
"""Fields that the reader knows by their printed labels, whatever the type of the dossier."""


def _known(*names: str, required: str) -> tuple[FieldSpec, ...]:
    return tuple(KNOWN_FIELDS[name].model_copy(update={"required": name == required}) for name in names)


BUILT_IN_TYPES = (
    DossierType(
        name="person",
        label_zh="个人客户",
        label_en="Person",
        fields=_known(
            "name",
            "sex",
            "birth_date",
            "id_number",
            "mobile",
            "phone",
            "email",
            "address",
            "postcode",
            "company",
            "position",
            "occupation",
            "education",
            "ethnicity",
            "nationality",
            "marital_status",
            "bank_card",
            "date",
            required="name",
        ),
    ),
    DossierType(
        name="company",
        label_zh="企业客户",
        label_en="Company",
        fields=_known(
            "company",
            "uscc",
            "legal_representative",
            "contact_person",
            "mobile",
            "phone",
            "fax",
            "email",
            "address",
            "registered_address",
            "postcode",
            "registered_capital",
            "founded_date",
            "company_type",
            "industry",
            "business_scope",
            "bank",
            "bank_account",
            "date",
            required="company",
        ),
    ),
)
"""What every archive starts with; an archivist may change them, which makes a new version."""

TITLE_FIELDS = ("name", "company", "contact_person")
"""Fields whose value titles a dossier that was given no title, first found first."""
