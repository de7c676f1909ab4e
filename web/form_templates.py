"""Form templates: forms that come often, registered from one page, marked zone by zone, tried, and read by their zones."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from archive.access import Actor, Right
from archive.errors import IntakeError, InvalidInputError, NotFoundError, StaleRevisionError
from archive.forms.registered_form import FormState, FormZone, OptionMark, RegisteredForm, TriedZone, ZoneFigures
from archive.scans.scan import Scan
from archive.values import BoxTuple, new_id
from web.auth import current_actor, current_archive
from web.errors import advice_for
from web.fields import field_label
from web.present import label
from web.review import field_options
from web.scans import disposition
from web.types import separated
from web.wording import Words

bp = Blueprint("form_templates", __name__, url_prefix="/form-templates")

ZONE_KINDS: Words = {
    "text": _l("Written text"),
    "choice": _l("One of several boxes ticked"),
    "tick": _l("A single box to tick"),
    "digits": _l("A box for each character"),
}
"""How a zone is filled in."""

FORM_STATES: Words = {
    "preparing": _l("Being prepared"),
    "failed": _l("Failed"),
    "draft": _l("Draft"),
    "active": _l("In use"),
    "retired": _l("Retired"),
}

STATE_COLOURS: Mapping[str, str] = {
    "preparing": "azure",
    "failed": "red",
    "draft": "yellow",
    "active": "green",
    "retired": "secondary",
}

_SCANS_TO_TRY = 20
_NEW_ZONE = (0.1, 0.1, 0.4, 0.13)
"""Where a zone begins that is added without drawing, as shares of the page."""


@dataclass(frozen=True, slots=True)
class TrialRow:
    """What one zone gave on a trial scan.

    Attributes:
        kind: Of the zone's field.
        found: None where nothing stands in the zone.
    """

    title: str
    kind: str
    found: TriedZone | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How well a form is read, over all its zones.

    Attributes:
        looked: How many values reviewers looked at.
        right: How many of them were right as read.
    """

    looked: int
    right: int

    @property
    def share(self) -> float | None:
        """The share that was right; None before anything was looked at."""
        return self.right / self.looked if self.looked else None


def _standing(figures: Mapping[str, ZoneFigures]) -> Standing:
    return Standing(sum(each.looked for each in figures.values()), sum(each.right for each in figures.values()))


@bp.get("")
def index() -> ResponseReturnValue:
    """List the forms, and what waits to be decided about labels."""
    archive, actor = current_archive(), current_actor()
    forms = archive.forms.all(actor)
    return render_template(
        "form_templates/index.html",
        forms=forms,
        standings={form.id: _standing(archive.forms.figures(actor, form.id)) for form in forms},
        types={each.name: each for each in archive.types.all()},
        hints=len(archive.lessons.hints(actor)),
        states=FORM_STATES,
        colours=STATE_COLOURS,
    )


# Registering


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Ask for the page to register: one of a scan that is named, or of a file."""
    current_actor().require(Right.MANAGE_TYPES)
    return _new_page({})


def _new_page(errors: Mapping[str, str]) -> str:
    archive, actor, given = current_archive(), current_actor(), request.values
    scan = archive.intake.scan(actor, given["scan"]) if given.get("scan") else None
    former = archive.forms.get(actor, given["former"]) if given.get("former") else None
    units = [unit for unit in archive.accounts.all_units() if actor.may(Right.MANAGE_TYPES, unit.id)]
    return render_template(
        "form_templates/new.html",
        scan=scan,
        former=former,
        name=given.get("name", ""),
        page=given.get("page", 1, type=int),
        type=given.get("type") or (scan.type if scan else None) or (former.type if former else None),
        types=[(each.name, label(each)) for each in archive.types.all()],
        units=[(unit.id, label(unit)) for unit in units],
        unit=given.get("unit", ""),
        errors=errors,
    )


@bp.post("/new")
def create() -> ResponseReturnValue:
    """Begin a form."""
    archive, actor, sent = current_archive(), current_actor(), request.form
    actor.require(Right.MANAGE_TYPES)
    name, type_name, former = sent.get("name", ""), sent.get("type") or None, sent.get("former") or None
    page, file = sent.get("page", 1, type=int), request.files.get("file")
    try:
        if sent.get("scan"):
            form = archive.forms.register_scan(actor, sent["scan"], page, name=name, type=type_name, former_id=former)
        elif file is None or not file.filename:
            return _new_page({"file": _("Choose a file.")}), 422
        else:
            form = archive.forms.register_file(
                actor,
                file.stream,
                unit=sent.get("unit", ""),
                page=page,
                name=name,
                type=type_name,
                former_id=former,
            )
    except InvalidInputError as error:
        return _new_page({error.field: advice_for(error)}), 422
    except IntakeError as error:
        return _new_page({"file": advice_for(error)}), 422
    return redirect(url_for("form_templates.show", form_id=form.id), code=303)


# One form


@bp.get("/<form_id>")
def show(form_id: str) -> ResponseReturnValue:
    """Show a form's page with its zones, to be corrected; or that it is being prepared."""
    return _page(current_archive().forms.open(current_actor(), form_id))


def _page(form: RegisteredForm, *, errors: Mapping[str, str] | None = None) -> str:
    archive, actor = current_archive(), current_actor()
    if form.picture_sha256 is None:
        return render_template("form_templates/waiting.html", form=form, states=FORM_STATES, colours=STATE_COLOURS)
    figures = archive.forms.figures(actor, form.id)
    dossier_type = archive.types.get(form.type)
    return render_template(
        "form_templates/show.html",
        form=form,
        errors=errors or {},
        type=dossier_type,
        types=[(each.name, label(each)) for each in archive.types.all()],
        fields=field_options(dossier_type),
        kinds=ZONE_KINDS,
        states=FORM_STATES,
        colours=STATE_COLOURS,
        figures=figures,
        standing=_standing(figures),
        scans=_scans_to_try(actor, form),
        trial=archive.forms.trial(actor, form.id),
    )


def _scans_to_try(actor: Actor, form: RegisteredForm) -> list[Scan]:
    page = current_archive().intake.scans(actor, limit=_SCANS_TO_TRY)
    return [scan for scan in page.items if scan.id != form.scan_id]


@bp.get("/<form_id>/standing")
def standing(form_id: str) -> ResponseReturnValue:
    """Tell a page that waits, for the form to be prepared or tried, to load itself anew once that is done."""
    archive, actor = current_archive(), current_actor()
    form = archive.forms.get(actor, form_id)
    trial = archive.forms.trial(actor, form_id)
    waits = form.state is FormState.PREPARING or ("trial" in request.args and trial is not None and not trial.done)
    return Response(status=204, headers={} if waits else {"HX-Refresh": "true"})


@bp.get("/<form_id>/page.jpg")
def picture(form_id: str) -> ResponseReturnValue:
    """Send the form's page, upright and straight."""
    archive, actor = current_archive(), current_actor()
    etag = archive.forms.get(actor, form_id).picture_sha256 or ""
    fresh = etag in request.if_none_match
    response = Response(
        status=304 if fresh else 200,
        response=None if fresh else archive.forms.picture(actor, form_id),
        mimetype="image/jpeg",
    )
    response.set_etag(etag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie"
    return response


@bp.get("/<form_id>/template.json")
def export(form_id: str) -> ResponseReturnValue:
    """Send the form as ``dossier read --templates`` takes it."""
    exported = current_archive().forms.exported(current_actor(), form_id)
    response = jsonify(exported)
    response.headers["Content-Disposition"] = disposition(f"{exported['name']}-{exported['version']}.json")
    return response


@bp.post("/<form_id>")
def save(form_id: str) -> ResponseReturnValue:
    """Keep the zones; ``act`` says what comes next: save, use, try, or, without scripts, add and remove:ROW."""
    archive, actor, sent = current_archive(), current_actor(), request.form
    form = archive.forms.get(actor, form_id)
    act = sent.get("act", "save")
    zones = _sent_zones(sent, form)
    shown = form.model_copy(
        update={"zones": zones, "name": sent.get("name", form.name), "type": _known_type(sent.get("type"), form)}
    )
    if act == "add" or act.startswith("remove:"):
        return _page(shown.model_copy(update={"zones": _changed_rows(zones, act, form)}))
    try:
        saved = archive.forms.save(actor, form_id, revision=_revision(), name=shown.name, type=shown.type, zones=zones)
        if act == "use":
            archive.forms.activate(actor, form_id, revision=saved.revision)
            flash(_("Scans of this form are read by its zones from now on."), "success")
        elif act == "try":
            return _tried(saved)
        else:
            flash(_("Saved."), "success")
    except StaleRevisionError as error:
        return _page(shown, errors={"": advice_for(error)}), 409
    except InvalidInputError as error:
        return _page(shown, errors={error.field: advice_for(error)}), 422
    return redirect(url_for("form_templates.show", form_id=form_id), code=303)


def _known_type(name: str | None, form: RegisteredForm) -> str:
    return name if name in {each.name for each in current_archive().types.all()} else form.type


def _sent_zones(sent: MultiDict[str, str], form: RegisteredForm) -> tuple[FormZone, ...]:
    def zone(key: str) -> FormZone:
        x0, y0, x1, y1 = (sent.get(f"{edge}:{key}", 0, type=int) for edge in ("x0", "y0", "x1", "y1"))
        kind = sent.get(f"kind:{key}", "text")
        return FormZone.model_validate(
            {
                "id": key,
                "label": sent.get(f"label:{key}", ""),
                "name": sent.get(f"field:{key}") or None,
                "kind": kind if kind in ZONE_KINDS else "text",
                "box": _inside((x0, y0, x1, y1), form),
                "options": [
                    OptionMark(text=text, box=(0, 0, 1, 1)) for text in separated(sent.get(f"options:{key}", ""))
                ],
            }
        )

    return tuple(zone(key) for key in dict.fromkeys(sent.getlist("zone")) if key.isalnum() and len(key) <= 32)


def _inside(box: BoxTuple, form: RegisteredForm) -> BoxTuple:
    """A box drawn in any direction, cut at the edges of the page."""
    xs = sorted(min(max(edge, 0), form.width_px) for edge in (box[0], box[2]))
    ys = sorted(min(max(edge, 0), form.height_px) for edge in (box[1], box[3]))
    return xs[0], ys[0], xs[1], ys[1]


def _changed_rows(zones: tuple[FormZone, ...], act: str, form: RegisteredForm) -> tuple[FormZone, ...]:
    if act.startswith("remove:"):
        return tuple(zone for zone in zones if zone.id != act.removeprefix("remove:"))
    sides = (form.width_px, form.height_px, form.width_px, form.height_px)
    x0, y0, x1, y1 = (round(share * side) for share, side in zip(_NEW_ZONE, sides, strict=True))
    return (*zones, FormZone(id=new_id()[:8], label=_("New zone"), box=(x0, y0, x1, y1)))


def _revision() -> int:
    return request.form.get("revision", 0, type=int)


@bp.post("/<form_id>/state")
def change_state(form_id: str) -> ResponseReturnValue:
    """Use the form again, retire it, delete it, or prepare it once more."""
    forms, actor, act = current_archive().forms, current_actor(), request.form.get("act", "")
    forms.get(actor, form_id)
    try:
        if act == "delete":
            forms.delete(actor, form_id, revision=_revision())
            flash(_("The form is deleted."), "success")
            return redirect(url_for("form_templates.index"), code=303)
        if act == "retire":
            forms.retire(actor, form_id, revision=_revision())
            flash(_("Scans are no longer read by this form."), "success")
        elif act == "use":
            forms.activate(actor, form_id, revision=_revision())
            flash(_("Scans of this form are read by its zones from now on."), "success")
        elif act == "retry":
            forms.prepare_again(actor, form_id)
    except (InvalidInputError, StaleRevisionError) as error:
        flash(advice_for(error), "danger")
    return redirect(url_for("form_templates.show", form_id=form_id), code=303)


@bp.post("/<form_id>/reading")
def read_again(form_id: str) -> ResponseReturnValue:
    """Have the waiting scans read anew that came before the form did."""
    archive, actor = current_archive(), current_actor()
    form = archive.forms.get(actor, form_id)
    count = archive.intake.retry_all(actor)
    message = ngettext("%(num)d scan is being read again.", "%(num)d scans are being read again.", count)
    flash(message if count else _("No scan waits that could be read by a form."), "success" if count else "info")
    return redirect(url_for("form_templates.show", form_id=form.id), code=303)


# Trying


def _tried(form: RegisteredForm) -> ResponseReturnValue:
    """Try a form on the scan whose receipt was typed, or else the one that was chosen."""
    archive, actor = current_archive(), current_actor()
    receipt, scan_id = request.form.get("receipt", "").strip(), request.form.get("scan", "")
    try:
        scan = archive.intake.by_receipt(actor, receipt) if receipt else archive.intake.scan(actor, scan_id)
    except NotFoundError:
        if receipt or scan_id:
            flash(_("Saved, but there is no such scan to try the form on."), "warning")
        else:
            flash(_("Saved. Choose a scan, or type its receipt, to try the form on."), "info")
        return redirect(url_for("form_templates.show", form_id=form.id), code=303)
    archive.forms.try_on(actor, form.id, scan.id)
    return redirect(url_for("form_templates.trial", form_id=form.id), code=303)


@bp.get("/<form_id>/trial")
def trial(form_id: str) -> ResponseReturnValue:
    """Show what each zone gave on the scan that the form was tried on last."""
    archive, actor = current_archive(), current_actor()
    form, tried = archive.forms.get(actor, form_id), archive.forms.trial(actor, form_id)
    if tried is None:
        return redirect(url_for("form_templates.show", form_id=form_id), code=303)
    dossier_type = archive.types.get(form.type)
    found = {zone.zone_id: zone for zone in tried.zones}
    return render_template(
        "form_templates/trial.html",
        form=form,
        trial=tried,
        scan=archive.intake.scan(actor, tried.scan_id),
        rows=[
            TrialRow(
                field_label(dossier_type, zone.name) if zone.name else zone.label,
                spec.kind if zone.name and (spec := dossier_type.field(zone.name)) else "text",
                found.get(zone.id),
            )
            for zone in form.zones
        ],
    )


# Labels


@bp.get("/labels")
def labels() -> ResponseReturnValue:
    """List the labels that reviewers often took for a field."""
    archive = current_archive()
    return render_template(
        "form_templates/labels.html",
        hints=archive.lessons.hints(current_actor()),
        types={each.name: each for each in archive.types.all()},
        field_label=field_label,
    )


@bp.post("/labels/<hint_id>")
def decide_label(hint_id: str) -> ResponseReturnValue:
    """Make a label one of the printed labels of its field, or do not ask about it again."""
    lessons, actor = current_archive().lessons, current_actor()
    if request.form.get("act") == "accept":
        saved = lessons.accept(actor, hint_id)
        flash(_("Added: %(type)s, version %(number)s.", type=label(saved), number=saved.version), "success")
    else:
        lessons.dismiss(actor, hint_id)
        flash(_("It will not be asked about again."), "success")
    return redirect(url_for("form_templates.labels"), code=303)
