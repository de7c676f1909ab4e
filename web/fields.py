"""How values are typed and shown: the kinds in words, the input that suits each, and what a code like "male" reads as."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from archive.dossier_type import DossierType, FieldSpec
from web.languages import locale_name
from web.wording import Words

KINDS: Words = {
    "text": _l("Text"),
    "name": _l("Name of a person"),
    "sex": _l("Sex"),
    "date": _l("Date"),
    "birth_date": _l("Date of birth"),
    "id_number": _l("ID number"),
    "passport": _l("Passport number"),
    "travel_permit": _l("Travel permit number"),
    "phone": _l("Telephone"),
    "mobile": _l("Mobile"),
    "email": _l("E-mail"),
    "address": _l("Address"),
    "postcode": _l("Postal code"),
    "company": _l("Name of a company"),
    "uscc": _l("Unified social credit code"),
    "organisation_code": _l("Organisation code"),
    "business_licence": _l("Business licence number"),
    "bank_card": _l("Bank card number"),
    "bank_account": _l("Bank account number"),
    "amount": _l("Amount of money"),
    "number": _l("Number"),
    "bool": _l("Yes or no"),
}
"""Every kind that a field can have, in the order in which an archivist chooses from them."""

CHOICES: Mapping[str, Mapping[str, LazyString]] = {
    "sex": {"male": _l("Male"), "female": _l("Female")},
    "bool": {"true": _l("Yes"), "false": _l("No")},
}
"""Kinds whose values are codes, with the words for them."""

_ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "date": {"placeholder": "2024-03-05", "inputmode": "numeric"},
    "birth_date": {"placeholder": "1990-03-05", "inputmode": "numeric"},
    "phone": {"inputmode": "tel"},
    "mobile": {"inputmode": "tel"},
    "email": {"inputmode": "email", "autocapitalize": "none"},
    "postcode": {"inputmode": "numeric"},
    "bank_card": {"inputmode": "numeric"},
    "amount": {"inputmode": "decimal"},
    "number": {"inputmode": "decimal"},
    "id_number": {"autocapitalize": "characters", "maxlength": "40"},
    "uscc": {"autocapitalize": "characters", "maxlength": "40"},
}
"""What helps to type a kind: the right keyboard on a phone, an example of the form."""

_LONG_KINDS = frozenset({"address"})
_LONG_NAMES = frozenset({"business_scope", "remark", "work_experience", "reason", "hobbies"})
_LONG_TEXT = 60


@dataclass(frozen=True, slots=True)
class FieldInput:
    """One field of a dossier as a form shows it.

    Attributes:
        name: The field's canonical name, or its own where the type does not know it.
        label: What the page calls it.
        kind: Which check and which input fits.
        value: What stands in the input.
        before: What stood there when the form was opened; the field counts as changed where the two differ.
        theirs: What somebody else put there meanwhile; None where nobody did.
        error: What is wrong with it, in words.
    """

    name: str
    label: str
    kind: str
    value: str = ""
    before: str = ""
    required: bool = False
    sensitive: bool = False
    theirs: str | None = None
    error: str = ""

    @property
    def choices(self) -> Mapping[str, LazyString] | None:
        """The codes to choose from; none where the value is no such code, so that it is never lost."""
        choices = CHOICES.get(self.kind)
        return choices if choices is not None and (not self.value or self.value in choices) else None

    @property
    def is_long(self) -> bool:
        """Whether it takes several lines."""
        return self.kind in _LONG_KINDS or self.name in _LONG_NAMES or len(self.value) > _LONG_TEXT

    @property
    def attributes(self) -> Mapping[str, str]:
        """Attributes of the input."""
        return _ATTRIBUTES.get(self.kind, {})


def ordered_names(dossier_type: DossierType, names: Sequence[str]) -> list[str]:
    """Sort field names as the type has them; the others follow as they come."""
    places = {field.name: place for place, field in enumerate(dossier_type.fields)}
    return sorted(names, key=lambda name: places.get(name, len(places)))


def field_label(dossier_type: DossierType, name: str) -> str:
    """Return what the page calls a field: its label, or for a field of the dossier's own its name."""
    spec: FieldSpec | None = dossier_type.field(name)
    return spec.label(locale_name()) if spec else name


def value_words(text: str, kind: str) -> str:
    """Return a value as it reads: a code like "male" in words, anything else as it is."""
    return str(CHOICES.get(kind, {}).get(text, text))
