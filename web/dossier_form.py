"""The form in which a dossier is typed in or changed: what it shows, and what was sent with it.

Inputs are called ``value:<field>``; beside each, ``before:<field>`` says what stood there when the form was opened. What
differs was changed by this user: only that is kept, and only there can two users collide. Rows ``own-name`` and
``own-value`` add fields that the type does not have.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from archive.dossier import Dossier, DossierState
from archive.dossier_type import KNOWN_FIELDS, DossierType
from archive.errors import InvalidInputError
from web.auth import current_actor, current_archive
from web.errors import advice_for
from web.fields import FieldInput, field_label, ordered_names
from web.present import label

_TAG_SEPARATORS = re.compile(r"[,，、;；\n]")
_PARTS = ("title", "tags", "state", "type")

Sent = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class FreeField:
    """A row for a field that is about to be added under a name of its own."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class DossierForm:
    """What the form shows, for a new dossier and for a change alike.

    Attributes:
        tags: As typed, separated by commas.
        inputs: The fields of the type, then the dossier's further ones.
        free: Rows that add fields.
        dossier: The dossier that is changed; None for a new one.
        opened_revision: The revision that this user saw first; a later one means that others changed it meanwhile.
        before: Title, tags, state and type as they stand in the dossier.
        errors: What is wrong, in words, by input.
    """

    type: DossierType
    unit: str
    title: str
    tags: str
    state: str
    inputs: tuple[FieldInput, ...]
    free: tuple[FreeField, ...] = ()
    dossier: Dossier | None = None
    opened_revision: int = 0
    before: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_stale(self) -> bool:
        """Whether somebody else changed the dossier since the form was opened."""
        return self.dossier is not None and self.opened_revision < self.dossier.revision


def new_form(sent: Sent, error: InvalidInputError | None = None) -> DossierForm:
    """Return the form for a new dossier, with what was typed so far; also the form of a type that is being changed."""
    archive = current_archive()
    types, units = archive.types.all(), archive.accounts.units(current_actor())
    dossier_type = next((each for each in types if each.name == sent.get("type")), types[0])
    values = _under(sent, "value:")
    errors = _errors_in(dossier_type, values, error)
    return DossierForm(
        type=dossier_type,
        # A dossier stays in its unit: of several, the right one is chosen and not proposed.
        unit=sent.get("unit") or (units[0].id if len(units) == 1 else ""),
        title=sent.get("title", ""),
        tags=sent.get("tags", ""),
        state=sent.get("state", DossierState.ACTIVE.value),
        inputs=_inputs(dossier_type, values, _under(sent, "before:"), {}, errors),
        free=_free_rows(sent),
        errors=errors,
    )


def edit_form(dossier_id: str, sent: Sent | None = None, error: InvalidInputError | None = None) -> DossierForm:
    """Return the form for a change: what was typed over what the dossier says now.

    Where others changed a field meanwhile, theirs stands beside it; sending the form again is then a decision.
    """
    archive, actor = current_archive(), current_actor()
    dossier = archive.dossiers.get(actor, dossier_id).dossier
    present = archive.dossiers.edit_values(actor, dossier_id)
    before = {
        "title": dossier.title,
        "tags": ", ".join(dossier.tags),
        "state": dossier.state.value,
        "type": dossier.type,
    }
    shown, values, theirs = dict(before), dict(present), {}
    if sent is not None:
        shown |= {name: text for name in _PARTS if (text := changed_part(sent, name)) is not None}
        for name, text in _changed(sent).items():
            now = present.get(name, "")
            if now not in {sent.get(f"before:{name}", ""), text}:
                theirs[name] = now
            values[name] = text
    dossier_type = archive.types.get(shown["type"])
    errors = _errors_in(dossier_type, values, error)
    return DossierForm(
        type=dossier_type,
        unit=dossier.unit,
        title=shown["title"],
        tags=shown["tags"],
        state=shown["state"],
        inputs=_inputs(dossier_type, values, present, theirs, errors),
        free=_free_rows(sent) if sent is not None else (),
        dossier=dossier,
        opened_revision=dossier.revision if sent is None else sent.get("revision", 0, int),
        before=before,
        errors=errors,
    )


def typed_values(sent: Sent) -> dict[str, str]:
    """Return the values of a new dossier by field name.

    Raises:
        InvalidInputError: A free field has no name, or the name of another field of the form.
    """
    return _under(sent, "value:") | _free_values(sent)


def changed_values(sent: Sent) -> dict[str, str | None]:
    """Return the values that this user changed; an empty one takes the field away.

    Raises:
        InvalidInputError: As for ``typed_values``.
    """
    return {**_changed(sent), **_free_values(sent)}


def changed_part(sent: Sent, name: str) -> str | None:
    """Return title, tags, state or type where this user changed it, else None."""
    text = sent.get(name)
    return text if text is not None and text != sent.get(f"before-{name}") else None


def split_tags(text: str) -> list[str]:
    """Split what was typed into tags; both languages' commas separate."""
    return [tag.strip() for tag in _TAG_SEPARATORS.split(text) if tag.strip()]


def asked_state(code: str) -> DossierState:
    """Return the state of that code.

    Raises:
        InvalidInputError: There is none.
    """
    try:
        return DossierState(code)
    except ValueError as error:
        raise InvalidInputError("state", "There is no such state.", code="required") from error


def known_labels() -> dict[str, str]:
    """Return the labels of the fields that every archive knows, by name: what a free field may be called."""
    return {name: label(spec) for name, spec in KNOWN_FIELDS.items()}


def _under(sent: Sent, prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): text for name, text in sent.items() if name.startswith(prefix)}


def _changed(sent: Sent) -> dict[str, str]:
    before = _under(sent, "before:")
    return {name: text for name, text in _under(sent, "value:").items() if text != before.get(name, "")}


def _free_rows(sent: Sent) -> tuple[FreeField, ...]:
    rows = zip(sent.getlist("own-name"), sent.getlist("own-value"), strict=False)
    return tuple(FreeField(name, value) for name, value in rows if name.strip() or value.strip())


def _free_values(sent: Sent) -> dict[str, str]:
    taken, values = set(_under(sent, "value:")), {}
    for row in _free_rows(sent):
        name = _canonical_name(row.name.strip())
        if not name:
            raise InvalidInputError("own-name", "A field needs a name.", code="required")
        if name in taken or name in values:
            raise InvalidInputError("own-name", "The dossier has this field already.", code="field-taken")
        values[name] = row.value
    return values


def _canonical_name(name: str) -> str:
    """Return the name of the known field that is called so in either language, else the name itself."""
    folded = name.casefold()
    for spec in KNOWN_FIELDS.values():
        if folded in {spec.name, spec.label_zh.casefold(), spec.label_en.casefold()}:
            return spec.name
    return name


def _inputs(
    dossier_type: DossierType,
    values: Mapping[str, str],
    before: Mapping[str, str],
    theirs: Mapping[str, str],
    errors: Mapping[str, str],
) -> tuple[FieldInput, ...]:
    own = [spec.name for spec in dossier_type.fields]
    # A field of another type stays in the form only where it says something, so that a change of type loses nothing.
    others = [name for name in dict.fromkeys((*values, *before)) if values.get(name) or before.get(name)]
    inputs = []
    for name in ordered_names(dossier_type, tuple(dict.fromkeys((*own, *others)))):
        spec = dossier_type.field(name)
        inputs.append(
            FieldInput(
                name=name,
                label=field_label(dossier_type, name),
                kind=spec.kind if spec else "text",
                value=values.get(name, ""),
                before=before.get(name, ""),
                required=bool(spec and spec.required),
                sensitive=bool(spec and spec.sensitive),
                theirs=theirs.get(name),
                error=errors.get(name, ""),
            )
        )
    return tuple(inputs)


def _errors_in(dossier_type: DossierType, values: Mapping[str, str], error: InvalidInputError | None) -> dict[str, str]:
    """Return the messages by input; where one needed field is empty, every other one is named at once."""
    if error is None:
        return {}
    words = {
        "too-long": _("This is too long: a value has at most 4000 characters."),
        "too-many": _("A dossier has at most 50 tags."),
        "bad-name": _("A field's name has 1 to 100 characters, without dots and $."),
        "field-taken": _("The dossier has this field already. Change it above."),
    }
    if error.code == "bad-name":
        return {"own-name": words[error.code]}
    errors = {error.field: words.get(error.code) or advice_for(error)}
    needed = {spec.name for spec in dossier_type.fields if spec.required}
    if error.code == "required" and error.field in needed:
        message = _("This is needed. Save a draft to fill it in later.")
        errors = {name: message for name in needed if not values.get(name, "").strip()}
    return errors
