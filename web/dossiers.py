"""The pages of one dossier: see it with the origin of each value, type it in, change it, go back to a former version."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive.access import Right
from archive.dossier import Attachment, Change, Dossier, DossierVersion, FieldValue
from archive.dossier_type import DossierType
from archive.dossiers import DossierView
from archive.errors import InvalidInputError, StaleRevisionError
from archive.finding.found import LookupQuery
from archive.scans.scan import PageInfo
from archive.values import BoxTuple
from web.auth import current_actor, current_archive
from web.dossier_form import (
    DossierForm,
    asked_state,
    changed_part,
    changed_values,
    edit_form,
    known_labels,
    new_form,
    split_tags,
    typed_values,
)
from web.fields import field_label, ordered_names, value_words
from web.present import label
from web.question import LONGEST_TEXT
from web.scans import allowed_acts, send_blob, viewer_data
from web.wording import DOSSIER_STATES, words_for

bp = Blueprint("dossiers", __name__)
bp.add_app_template_filter(value_words)

REVEAL_SECONDS = 20
"""How long a revealed value stays on the screen."""

_MOST_TAGS_OFFERED = 100
_PARTS = ("title", "tags", "state", "type", "unit", "note", "attachment", "trash")
_BOX = re.compile(r"\d{1,6}(,\d{1,6}){3}")


# Seeing


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One value as the page shows it.

    Attributes:
        text: The value in words, masked where it is sensitive.
        masked: Whether its text is masked.
        source: The scan that it was read from, where the dossier still has it.
    """

    name: str
    label: str
    kind: str
    text: str
    value: FieldValue
    masked: bool
    source: Attachment | None


@dataclass(frozen=True, slots=True)
class FiledScan:
    """One attachment with what the viewer needs.

    Attributes:
        boxes: By page, what to mark on it.
    """

    attachment: Attachment
    pages: tuple[PageInfo, ...]
    boxes: Mapping[int, tuple[BoxTuple, ...]] = field(default_factory=dict)

    @property
    def marked(self) -> int:
        """How many places are marked in all."""
        return sum(len(boxes) for boxes in self.boxes.values())


@bp.get("/dossiers")
def index() -> ResponseReturnValue:
    """Lead to the list, which is the search for everything."""
    current_actor().require(Right.SEE)
    asked: dict[str, Any] = request.args.to_dict(flat=False)
    return redirect(url_for("search.show", **asked))


@bp.get("/dossiers/<dossier_id>")
def show(dossier_id: str) -> ResponseReturnValue:
    """Show a dossier; ``q`` marks what was searched for on its scans, ``scan``, ``page`` and ``box`` choose a place."""
    view = current_archive().dossiers.get(current_actor(), dossier_id)
    dossier, words = view.dossier, request.args.get("q", "")
    # Who searches while typing sends no form: it is the hit that is opened that tells what was meant.
    current_archive().recent_searches.note_words(current_actor(), words[:LONGEST_TEXT])
    scans = _filed_scans(dossier, words)
    place = _asked_place(scans)
    return render_template(
        "dossiers/show.html",
        view=view,
        lines=value_lines(view),
        missing=_missing_labels(view),
        scans=scans,
        place=place,
        viewer=_viewer_at(place) if place else None,
        marked_count=sum(scan.marked for scan in scans),
        units=unit_names(),
        may_take_out=_to_be_taken_out(view),
        may_note=dossier.trashed is None and (current_actor().may(Right.REVIEW_OWN, dossier.unit) or view.may_edit),
        weak_below=current_app.config["SETTINGS"].accept_confidence,
        reveal_seconds=REVEAL_SECONDS,
    )


def value_lines(view: DossierView) -> list[ValueLine]:
    """Return the dossier's values in the order of its type."""
    sources = {attachment.scan_id: attachment for attachment in view.dossier.attachments}
    lines = []
    for name in ordered_names(view.type, tuple(view.dossier.fields)):
        value, spec = view.dossier.fields[name], view.type.field(name)
        kind = spec.kind if spec else "text"
        source = sources.get(value.provenance.scan_id or "")
        words = value_words(value.text, kind)
        lines.append(ValueLine(name, field_label(view.type, name), kind, words, value, name in view.masked, source))
    return lines


def _to_be_taken_out(view: DossierView) -> frozenset[str]:
    """Return the ids of those of its scans that the actor may take out."""
    actor = current_actor()
    if view.dossier.trashed is not None or not actor.may(Right.REVIEW_OWN):
        return frozenset()
    ids = tuple(item.scan_id for item in view.dossier.attachments)
    scans = current_archive().intake.scans_by_id(actor, ids)
    return frozenset(scan.id for scan in scans if "take-out" in allowed_acts(actor, scan))


def _missing_labels(view: DossierView) -> list[str]:
    return [label(spec) for spec in view.type.fields if spec.required and spec.name not in view.dossier.fields]


def _filed_scans(dossier: Dossier, text: str) -> list[FiledScan]:
    archive, actor = current_archive(), current_actor()
    scans = []
    for attachment in dossier.attachments:
        pages = archive.images.pages(actor, attachment.scan_id)
        boxes = {
            page.number: archive.lookup.boxes(actor, attachment.scan_id, page.number, text)
            for page in (pages if text.strip() else ())
        }
        scans.append(FiledScan(attachment, pages, boxes))
    return scans


@dataclass(frozen=True, slots=True)
class Place:
    """The scan, the page and the box that the viewer opens at."""

    scan: FiledScan
    page: int
    box: BoxTuple | None


def _asked_place(scans: list[FiledScan]) -> Place | None:
    if not scans:
        return None
    asked = request.args.get("scan", "")
    scan = next((each for each in scans if each.attachment.scan_id == asked), scans[0])
    first_marked = next((number for number, boxes in scan.boxes.items() if boxes), 1)
    page = request.args.get("page", first_marked, int)
    given = request.args.get("box", "")
    box = tuple(int(edge) for edge in given.split(",")) if _BOX.fullmatch(given) else None
    numbers = {each.number for each in scan.pages}
    return Place(scan, page if page in numbers else 1, (box[0], box[1], box[2], box[3]) if box else None)


def _viewer_at(place: Place) -> dict[str, Any]:
    attachment = place.scan.attachment
    return viewer_data(
        attachment.scan_id,
        place.scan.pages,
        page_count=attachment.page_count,
        hits=place.scan.boxes,
        page=place.page,
        box=place.box,
    )


def unit_names() -> dict[str, str]:
    """Return the names of all units by id."""
    return {unit.id: label(unit) for unit in current_archive().accounts.all_units()}


@bp.post("/dossiers/<dossier_id>/reveal")
def reveal(dossier_id: str) -> ResponseReturnValue:
    """Give a masked value to whoever says why; the page shows it for a moment and does not keep it."""
    text = current_archive().dossiers.reveal(
        current_actor(), dossier_id, request.form.get("field", ""), request.form.get("reason", "")
    )
    return {"text": text, "seconds": REVEAL_SECONDS}


@bp.get("/dossiers/<dossier_id>/attachments/<attachment_id>")
def attachment(dossier_id: str, attachment_id: str) -> Response:
    """Send an attachment as it was received."""
    return send_blob(current_archive().dossiers.attachment_file(current_actor(), dossier_id, attachment_id))


@bp.post("/dossiers/<dossier_id>/notes")
def add_note(dossier_id: str) -> ResponseReturnValue:
    """Add a remark."""
    try:
        current_archive().dossiers.add_note(current_actor(), dossier_id, request.form.get("text", ""))
    except InvalidInputError:
        flash(_("The note is empty."), "warning")
    else:
        flash(_("The note is added."), "success")
    return redirect(url_for("dossiers.show", dossier_id=dossier_id, _anchor="notes"), code=303)


# Former versions


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change in words."""

    label: str
    before: str | None
    after: str | None


@bp.get("/dossiers/<dossier_id>/history")
def history(dossier_id: str) -> ResponseReturnValue:
    """List what was changed, by whom and when, latest first."""
    dossiers, actor = current_archive().dossiers, current_actor()
    view, versions = dossiers.get(actor, dossier_id), dossiers.history(actor, dossier_id)
    return render_template(
        "dossiers/history.html",
        view=view,
        versions=[(version, change_lines(version)) for version in versions],
        units=unit_names(),
    )


def change_lines(version: DossierVersion) -> list[ChangeLine]:
    """Return the changes that made a version, in words."""
    dossier_type = _type_named(version.snapshot.type)
    return [_change_line(change, dossier_type) for change in version.changes]


def _change_line(change: Change, dossier_type: DossierType) -> ChangeLine:
    names = {
        "title": _("Title"),
        "tags": _("Tags"),
        "state": _("State"),
        "type": _("Type"),
        "unit": _("Unit"),
        "note": _("Note"),
        "attachment": _("Scan"),
        "trash": _("Trash"),
    }

    def words(text: str | None) -> str | None:
        if text is None:
            return None
        if change.field == "state":
            return words_for(DOSSIER_STATES, text)
        if change.field == "type":
            return label(_type_named(text))
        if change.field == "unit":
            return unit_names().get(text, text)
        spec = dossier_type.field(change.field)
        return value_words(text, spec.kind if spec else "text")

    name = names[change.field] if change.field in _PARTS else field_label(dossier_type, change.field)
    return ChangeLine(name, words(change.before), words(change.after))


def _type_named(name: str) -> DossierType:
    return current_archive().types.get(name)


@bp.get("/dossiers/<dossier_id>/versions/<int:revision>")
def version(dossier_id: str, revision: int) -> ResponseReturnValue:
    """Show the dossier as it stood after one change."""
    dossiers, actor = current_archive().dossiers, current_actor()
    present, former = dossiers.get(actor, dossier_id), dossiers.version(actor, dossier_id, revision)
    return render_template(
        "dossiers/version.html", view=present, former=former, lines=value_lines(former), units=unit_names()
    )


@bp.post("/dossiers/<dossier_id>/versions/<int:revision>/restoration")
def restore(dossier_id: str, revision: int) -> ResponseReturnValue:
    """Bring a former version back, as the newest one."""
    current_archive().dossiers.restore(current_actor(), dossier_id, revision)
    flash(_("Version %(number)s is back; the one in between is kept too.", number=revision), "success")
    return redirect(url_for("dossiers.show", dossier_id=dossier_id), code=303)


# Typing in and changing


@bp.get("/dossiers/new")
def new() -> ResponseReturnValue:
    """Show the form for a new dossier."""
    current_actor().require(Right.CURATE)
    return _form_page(new_form(request.args))


@bp.post("/dossiers/new")
def create() -> ResponseReturnValue:
    """Make a dossier from what was typed."""
    sent = request.form
    form = new_form(sent)
    try:
        dossier = current_archive().dossiers.create(
            current_actor(),
            type=form.type.name,
            unit=_chosen(form.unit),
            fields=typed_values(sent),
            title=form.title,
            tags=split_tags(form.tags),
            state=asked_state(form.state),
        )
    except InvalidInputError as error:
        return _form_page(new_form(sent, error)), 422
    flash(_("Dossier %(code)s is made.", code=dossier.code), "success")
    return redirect(url_for("dossiers.show", dossier_id=dossier.id), code=303)


def _chosen(unit: str) -> str:
    if not unit:
        raise InvalidInputError("unit", "Choose the unit that the dossier belongs to.", code="required")
    return unit


@bp.get("/dossiers/<dossier_id>/edit")
def edit(dossier_id: str) -> ResponseReturnValue:
    """Show the form with the present values, unmasked."""
    return _form_page(edit_form(dossier_id))


@bp.post("/dossiers/<dossier_id>/edit")
def update(dossier_id: str) -> ResponseReturnValue:
    """Keep what was changed. Only that is sent on, so that nobody's work elsewhere in the dossier is overwritten."""
    sent = request.form
    tags, state = changed_part(sent, "tags"), changed_part(sent, "state")
    try:
        dossier = current_archive().dossiers.update(
            current_actor(),
            dossier_id,
            revision=sent.get("revision", 0, int),
            fields=changed_values(sent),
            title=changed_part(sent, "title"),
            tags=None if tags is None else split_tags(tags),
            state=None if state is None else asked_state(state),
            type=changed_part(sent, "type"),
        )
    except StaleRevisionError:
        return _form_page(edit_form(dossier_id, sent)), 409
    except InvalidInputError as error:
        return _form_page(edit_form(dossier_id, sent, error)), 422
    flash(_("Saved: %(name)s.", name=dossier.title), "success")
    return redirect(url_for("dossiers.show", dossier_id=dossier.id), code=303)


@bp.post("/dossiers/fields")
def fields() -> ResponseReturnValue:
    """Give the fields of another type with what was typed so far, for a form whose type is being changed."""
    current_actor().require(Right.CURATE)
    return render_template("dossiers/_fields.html", form=new_form(request.form), known=known_labels())


@bp.post("/check")
def check() -> Response:
    """Tell what the check of its kind says of a value, for a form that tells while one types."""
    kind = request.form.get("kind", "")
    checked = current_archive().dossiers.check(kind, request.form.get("value", ""))
    answer = make_response(
        render_template("dossiers/_check.html", checked=checked, kind=kind, input=request.form.get("input", ""))
    )
    answer.headers["X-Valid"] = "yes" if checked.valid else "no"
    return answer


def _form_page(form: DossierForm) -> str:
    archive, actor = current_archive(), current_actor()
    tags = archive.lookup.find(actor, LookupQuery(limit=1)).facets.get("tag", ())
    meanwhile = () if form.dossier is None else archive.dossiers.history(actor, form.dossier.id)
    return render_template(
        "dossiers/form.html",
        form=form,
        types=archive.types.all(),
        units=archive.accounts.units(actor),
        known=known_labels(),
        tags_in_use=[bucket.value for bucket in tags[:_MOST_TAGS_OFFERED]],
        meanwhile=[(each, change_lines(each)) for each in meanwhile if each.revision > form.opened_revision],
    )
