"""Dossier types: which fields the dossiers of one sort have, edited by those who curate."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from archive.access import Right
from archive.dossier_type import KNOWN_FIELDS, DossierType, FieldSpec
from archive.errors import InvalidInputError, StaleRevisionError
from web.auth import current_actor, current_archive
from web.errors import advice_for
from web.fields import KINDS
from web.present import label

bp = Blueprint("types", __name__)

_NAME_LENGTH = 40
_SEPARATORS = re.compile(r"[,，、;；\n]")


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field as the form shows it.

    Attributes:
        row: What ties the inputs of the row together.
        name: The canonical name; empty for a new field, whose name is made from its label.
        is_new: Whether the stored type does not have the field yet.
        printed_labels: As typed, separated by commas.
    """

    row: str
    name: str
    label_zh: str
    label_en: str
    kind: str
    required: bool
    sensitive: bool
    printed_labels: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class TypeForm:
    """What the form shows.

    Attributes:
        version: The version that was opened; 0 for a new type.
        errors: What is wrong, in words, by input; a row's errors under the row's id.
    """

    name: str
    label_zh: str
    label_en: str
    rows: tuple[FieldRow, ...]
    version: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        """Whether the type is not stored yet."""
        return self.version == 0


@bp.get("/types")
def index() -> ResponseReturnValue:
    """List the types."""
    current_actor().require(Right.MANAGE_TYPES)
    return render_template("types/index.html", types=current_archive().types.all())


@bp.get("/new-type")
def new() -> ResponseReturnValue:
    """Show the form for a new type; it begins with the one field that titles a dossier."""
    current_actor().require(Right.MANAGE_TYPES)
    return _page(TypeForm("", "", "", (_row_of(KNOWN_FIELDS["name"], is_new=True),)))


@bp.post("/new-type")
def create() -> ResponseReturnValue:
    """Add a type."""
    current_actor().require(Right.MANAGE_TYPES)
    form = _sent_form(request.form)
    if form.name in {each.name for each in current_archive().types.all()}:
        return _page(_with_errors(form, {"name": _("There is a type of this name already.")})), 422
    return _save(form)


@bp.get("/types/<name>")
def edit(name: str) -> ResponseReturnValue:
    """Show a type's fields in a form."""
    current_actor().require(Right.MANAGE_TYPES)
    found = current_archive().types.get(name)
    rows = tuple(_row_of(spec) for spec in found.fields)
    return _page(TypeForm(found.name, found.label_zh, found.label_en, rows, found.version))


@bp.post("/types/<name>")
def update(name: str) -> ResponseReturnValue:
    """Keep the changed type as its next version; dossiers keep what they have."""
    current_actor().require(Right.MANAGE_TYPES)
    current_archive().types.get(name)
    return _save(_sent_form(request.form, name))


@bp.post("/type-rows")
def rows() -> ResponseReturnValue:
    """Add, move or take away a row of the form; nothing is stored.

    ``act`` is "add", "up", "down" or "remove", the last three with ":" and the row. A script gets the rows, a browser
    without scripts the whole form.
    """
    current_actor().require(Right.MANAGE_TYPES)
    form = _moved(_sent_form(request.form, request.form.get("type-name") or None), request.form.get("act", ""))
    if request.headers.get("HX-Request") == "true":
        return render_template("types/_rows.html", form=form, kinds=KINDS, known=_known_options())
    return _page(form)


def _page(form: TypeForm) -> str:
    return render_template("types/form.html", form=form, kinds=KINDS, known=_known_options())


def _known_options() -> dict[str, str]:
    return {name: label(spec) for name, spec in KNOWN_FIELDS.items()}


def _save(form: TypeForm) -> ResponseReturnValue:
    errors = _gaps(form)
    if errors:
        return _page(_with_errors(form, errors)), 422
    dossier_type = DossierType(
        name=form.name,
        label_zh=form.label_zh.strip() or form.label_en.strip(),
        label_en=form.label_en.strip() or form.label_zh.strip(),
        fields=_specs(form.rows),
        version=form.version or 1,
    )
    try:
        saved = current_archive().types.save(current_actor(), dossier_type)
    except StaleRevisionError:
        message = _("Somebody else changed this type meanwhile. Open it again in another window, compare, and repeat.")
        return _page(_with_errors(form, {"": message})), 409
    except InvalidInputError as error:
        return _page(_with_errors(form, {error.field: _words_for(error)})), 422
    flash(_("Saved: %(name)s, version %(number)s.", name=label(saved), number=saved.version), "success")
    return redirect(url_for("types.index"), code=303)


def _gaps(form: TypeForm) -> dict[str, str]:
    errors = {}
    if not form.label_zh.strip() and not form.label_en.strip():
        errors["label_zh"] = _("A type needs a name in at least one language.")
    if not form.rows:
        errors["fields"] = _("A type needs at least one field.")
    for row in form.rows:
        if not row.label_zh.strip() and not row.label_en.strip():
            errors[row.row] = _("A field needs a label in at least one language.")
    return errors


def _words_for(error: InvalidInputError) -> str:
    if error.code == "bad-name" and error.field == "name":
        return str(_("Small letters, digits and underscores, beginning with a letter; at most 40."))
    if error.code == "bad-name":
        return str(_("A field's name is not usable, or two fields have the same."))
    return advice_for(error)


def _specs(rows: tuple[FieldRow, ...]) -> tuple[FieldSpec, ...]:
    taken = {row.name for row in rows if row.name}
    specs = []
    for row in rows:
        name = row.name or _new_name(row, taken)
        taken.add(name)
        specs.append(
            FieldSpec(
                name=name,
                label_zh=row.label_zh.strip() or row.label_en.strip(),
                label_en=row.label_en.strip() or row.label_zh.strip(),
                kind=row.kind,
                required=row.required,
                sensitive=row.sensitive,
                printed_labels=separated(row.printed_labels),
            )
        )
    return tuple(specs)


def separated(text: str) -> tuple[str, ...]:
    """Return what was typed between commas, each thing once."""
    return tuple(dict.fromkeys(each.strip() for each in _SEPARATORS.split(text) if each.strip()))


def _new_name(row: FieldRow, taken: set[str]) -> str:
    """Name a new field: as the known field of that label, else after its English label, else by number."""
    labels = {row.label_zh.strip().casefold(), row.label_en.strip().casefold()} - {""}
    for spec in KNOWN_FIELDS.values():
        if spec.name not in taken and {spec.label_zh.casefold(), spec.label_en.casefold()} & labels:
            return spec.name
    plain = unicodedata.normalize("NFKD", row.label_en).encode("ascii", "ignore").decode().casefold()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: _NAME_LENGTH - 4]
    if not stem or not stem[0].isalpha():
        stem = "field"
    number, name = 1, stem
    while name in taken or (name in KNOWN_FIELDS and name == stem) or name == "field":
        number += 1
        name = f"{stem}_{number}"
    return name


def _row_of(spec: FieldSpec, *, is_new: bool = False) -> FieldRow:
    return FieldRow(
        row=spec.name,
        name=spec.name,
        label_zh=spec.label_zh,
        label_en=spec.label_en,
        kind=spec.kind,
        required=spec.required,
        sensitive=spec.sensitive,
        printed_labels=", ".join(spec.printed_labels),
        is_new=is_new,
    )


def _sent_form(sent: MultiDict[str, str], name: str | None = None) -> TypeForm:
    def row(key: str) -> FieldRow:
        return FieldRow(
            row=key,
            name=sent.get(f"name:{key}", ""),
            label_zh=sent.get(f"label_zh:{key}", ""),
            label_en=sent.get(f"label_en:{key}", ""),
            kind=sent.get(f"kind:{key}", "text"),
            required=f"required:{key}" in sent,
            sensitive=f"sensitive:{key}" in sent,
            printed_labels=sent.get(f"printed:{key}", ""),
            is_new=f"new:{key}" in sent,
        )

    return TypeForm(
        name=sent.get("name", "").strip() if name is None else name,
        label_zh=sent.get("label_zh", ""),
        label_en=sent.get("label_en", ""),
        rows=tuple(row(key) for key in dict.fromkeys(sent.getlist("row"))),
        version=sent.get("version", 0, int),
    )


def _moved(form: TypeForm, act: str) -> TypeForm:
    what, _colon, key = act.partition(":")
    rows = list(form.rows)
    if what == "add":
        known = KNOWN_FIELDS.get(request.form.get("known", ""))
        present = {row.name for row in rows}
        if known is not None and known.name not in present:
            rows.append(_row_of(known, is_new=True))
        else:
            rows.append(_blank_row({row.row for row in rows}))
    place = next((place for place, row in enumerate(rows) if row.row == key), None)
    if place is not None:
        moved = rows.pop(place)
        if what != "remove":
            rows.insert(max(0, place + {"up": -1, "down": 1}.get(what, 0)), moved)
    return TypeForm(form.name, form.label_zh, form.label_en, tuple(rows), form.version)


def _blank_row(keys: set[str]) -> FieldRow:
    number = next(number for number in range(1, len(keys) + 2) if f"new-{number}" not in keys)
    return FieldRow(f"new-{number}", "", "", "", "text", False, False, "", is_new=True)


def _with_errors(form: TypeForm, errors: Mapping[str, str]) -> TypeForm:
    return TypeForm(form.name, form.label_zh, form.label_en, form.rows, form.version, errors)
