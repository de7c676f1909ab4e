"""The review: what was read from a scan, field by field beside its picture, until a person has it filed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from archive.access import Right
from archive.dossier import DossierState
from archive.dossier_type import KNOWN_FIELDS, TITLE_FIELDS, DossierType
from archive.errors import ArchiveError, InvalidInputError, StaleRevisionError
from archive.finding.found import LookupQuery
from archive.scans.review import Filed, Review, field_values
from archive.scans.scan import Decision, Finding, Scan, ScanState
from web.auth import current_actor, current_archive, wants_page
from web.errors import advice_for
from web.fields import CHOICES, field_label, value_words
from web.languages import locale_name
from web.present import label
from web.scans import Place
from web.wording import Words

bp = Blueprint("review", __name__, url_prefix="/review")

LEFT_REASONS: Words = {
    "weak-fields": _l("with fields that need a look"),
    "unclear-dossier": _l("of which it is unclear whose dossier it belongs to"),
    "nothing-found": _l("on which no known field was found"),
    "missing-required": _l("that lack a required field"),
    "not-read": _l("that could not be read"),
    "stale": _l("that somebody else is working on"),
}
"""Why a scan was not filed with its batch."""

_QUEUE_LENGTH = 30
_MOST_FOUND = 6


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One field of a scan as the review shows it.

    Attributes:
        title: What the page calls the field: its label, or for an unknown one the label as printed.
        kind: Which check fits its value.
        choices: Words for the codes to choose from, where the kind has such.
        present: For each dossier that comes into question and says otherwise: what it says.
    """

    finding: Finding
    title: str
    kind: str
    choices: Mapping[str, LazyString] | None
    present: Mapping[str, str]

    @property
    def group(self) -> str:
        """The table and row that it stands in, as a heading; empty where it stands in none or was given a field."""
        if self.finding.row is None or self.finding.name is not None:
            return ""
        row = _("row %(number)s", number=self.finding.row)
        return f"{self.finding.table} · {row}" if self.finding.table else row.capitalize()

    @property
    def standing(self) -> str:
        """How the row looks: weak (needs a look), sure, confirmed, corrected, rejected, or unknown (will not be filed)."""
        if self.finding.decision != "open":
            return self.finding.decision
        if self.finding.name is None:
            return "unknown"
        return "weak" if self.finding.needs_look else "sure"


@dataclass(frozen=True, slots=True)
class Choice:
    """A dossier that the scan can be filed into.

    Attributes:
        reasons: Codes of why it comes into question.
        certain: Whether it is certainly the one.
        differing: How many of its fields say otherwise.
    """

    dossier_id: str
    code: str
    title: str
    reasons: tuple[str, ...] = ()
    certain: bool = False
    differing: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the review page shows, in its order.

    Attributes:
        rows: The fields that are known or were given a name.
        unknown: What else was found; it is filed only where the reviewer says so.
        missing: Required fields that a new dossier would lack.
        weak: How many fields still need a look.
    """

    review: Review
    rows: tuple[FindingRow, ...]
    unknown: tuple[FindingRow, ...]
    choices: tuple[Choice, ...]
    missing: tuple[str, ...]
    weak: int

    @property
    def preselected(self) -> str:
        """The dossier that is chosen when the page opens; empty for a new one."""
        return next((choice.dossier_id for choice in self.choices if choice.certain), "")

    @property
    def customer(self) -> str:
        """Whose form it seems to be; empty where that was not read."""
        return customer_of(self.review.scan)


def sheet_of(review: Review) -> Sheet:
    """Arrange a review for the page."""
    rows = [_row(review, finding) for finding in review.scan.findings]
    known = tuple(row for row in rows if row.finding.name is not None)
    values = field_values(review.scan, review.scan.findings, review.type)
    choices = tuple(
        Choice(
            each.dossier_id,
            each.code,
            each.title,
            each.reasons,
            each.certain,
            sum(1 for row in known if each.dossier_id in row.present),
        )
        for each in review.scan.candidates
    )
    return Sheet(
        review,
        known,
        tuple(row for row in rows if row.finding.name is None),
        choices,
        tuple(label(field) for field in review.type.fields if field.required and field.name not in values),
        sum(1 for finding in review.scan.findings if finding.needs_look),
    )


def _row(review: Review, finding: Finding) -> FindingRow:
    asked = finding.name or (finding.own_name if finding.row is not None else None)
    spec = review.type.field(asked) if asked else None
    kind = spec.kind if spec else "text"
    said = {dossier_id: texts.get(finding.name or "") for dossier_id, texts in review.present.items()}
    present = {
        dossier_id: value_words(text, kind) for dossier_id, text in said.items() if text and text != finding.text
    }
    return FindingRow(
        finding,
        field_label(review.type, finding.name) if finding.name else finding.key.strip(" :：") or _("No label"),
        kind,
        CHOICES.get(kind),
        present if finding.decision != "rejected" else {},
    )


def customer_of(scan: Scan) -> str:
    """Return the name that would title the scan's dossier, as read so far."""
    texts = {finding.name: finding.text for finding in scan.findings if finding.counts and finding.text.strip()}
    return next((texts[name] for name in TITLE_FIELDS if name in texts), "")


def doubts_of(scan: Scan) -> list[tuple[str, str]]:
    """Say in words why a scan needs a look, the worst first, each with its colour; empty where nothing does."""
    if not any(finding.counts for finding in scan.findings):
        return [(_("no known field found"), "red")]
    looks = [finding for finding in scan.findings if finding.needs_look]
    invalid = sum(1 for finding in looks if not finding.valid)
    weak = len(looks) - invalid
    doubts = []
    if invalid:
        doubts.append((ngettext("%(num)d value is wrong", "%(num)d values are wrong", invalid), "red"))
    if weak:
        doubts.append((ngettext("%(num)d value is uncertain", "%(num)d values are uncertain", weak), "orange"))
    if scan.candidates and not any(candidate.certain for candidate in scan.candidates):
        doubts.append((_("unclear whose dossier"), "purple"))
    return doubts


@bp.app_context_processor
def offer_doubts() -> dict[str, object]:
    """Let the lists of scans say why one needs a look."""
    return {"doubts_of": doubts_of, "customer_of": customer_of}


# The queue


@bp.get("")
def queue() -> ResponseReturnValue:
    """List the scans that wait, worst first."""
    desk, actor, batch_id = current_archive().review, current_actor(), _batch()
    page = desk.queue(actor, batch_id=batch_id, after=request.args.get("after"), limit=_QUEUE_LENGTH)
    return render_template(
        "review/queue.html",
        scans=page.items,
        next=page.next,
        batch_id=batch_id,
        waiting=desk.waiting(actor),
        sees_all=actor.may(Right.REVIEW_ALL),
    )


def _batch() -> str | None:
    return request.values.get("batch") or None


# One scan


@bp.get("/<scan_id>")
def show(scan_id: str) -> ResponseReturnValue:
    """Show a scan beside what was read from it."""
    archive, actor = current_archive(), current_actor()
    actor.require(Right.REVIEW_OWN)
    scan = archive.images.require(actor, scan_id)
    if scan.state is not ScanState.NEEDS_REVIEW:
        flash(_("There is nothing to review: the scan stands elsewhere by now."), "info")
        return redirect(url_for("scans.show", scan_id=scan_id), code=303)
    return _page(archive.review.open(actor, scan_id))


def _page(review: Review, *, error: str = "", chosen: str | None = None) -> str:
    sheet = sheet_of(review)
    archive, actor = current_archive(), current_actor()
    return render_template(
        "review/show.html",
        sheet=sheet,
        scan=review.scan,
        type=review.type,
        pages=review.pages,
        places=[
            Place(row.finding.page, row.finding.value_box, row.standing, row.finding.id)
            for row in (*sheet.rows, *sheet.unknown)
            if row.finding.value_box is not None
        ],
        types=[(each.name, label(each)) for each in archive.types.all()],
        fields=field_options(review.type),
        batch_id=_batch(),
        waiting=archive.review.waiting(actor),
        error=error,
        chosen=sheet.preselected if chosen is None else chosen,
    )


def field_options(dossier_type: DossierType) -> list[tuple[str, str]]:
    """Return the fields that a value can be given to: those of the type, then all others that forms carry."""
    own = [(field.name, label(field)) for field in dossier_type.fields]
    names = {name for name, _label in own}
    others = [(name, field.label(locale_name())) for name, field in KNOWN_FIELDS.items() if name not in names]
    return own + others


@bp.get("/<scan_id>/next")
def skip(scan_id: str) -> ResponseReturnValue:
    """Leave the scan where it is and go on to the one after it."""
    return _go_on(current_archive().review.next_after(current_actor(), scan_id, batch_id=_batch()))


def _go_on(scan_id: str | None) -> ResponseReturnValue:
    if scan_id is None:
        return redirect(url_for("review.queue", batch=_batch()), code=303)
    return redirect(url_for("review.show", scan_id=scan_id, batch=_batch()), code=303)


@bp.post("/<scan_id>/findings/<finding_id>")
def decide(scan_id: str, finding_id: str) -> ResponseReturnValue:
    """Take one decision: accept (what the input says), reject, or reopen."""
    desk, actor = current_archive().review, current_actor()
    shown = current_archive().intake.scan(actor, scan_id).findings
    finding = next((each for each in shown if each.id == finding_id), None)
    value = request.form.get("value", "").strip()
    decision = _decision(request.form.get("decision", ""), finding, value)
    return _change(
        scan_id,
        lambda: desk.decide(
            actor,
            scan_id,
            finding_id,
            decision=decision,
            revision=_revision(),
            value=value or None,
            name=request.form.get("name") or None,
        ),
        finding_id,
    )


def _decision(act: str, finding: Finding | None, value: str) -> Decision:
    """Accepting confirms what was read where the input still says it, and corrects it where it says something else."""
    if act == "reject":
        return "rejected"
    if act == "reopen":
        return "open"
    if act != "accept":
        raise InvalidInputError("decision", "A finding is accepted, rejected or reopened.")
    unchanged = finding is not None and finding.decision != "corrected" and value == finding.text
    return "confirmed" if unchanged and finding is not None and finding.page else "corrected"


@bp.post("/<scan_id>/findings")
def add(scan_id: str) -> ResponseReturnValue:
    """Add a field that the reader missed."""
    name, value = request.form.get("name", "").strip(), request.form.get("value", "")
    if not name:
        raise InvalidInputError("name", "Choose the field that the value belongs to.", code="required")
    desk, actor = current_archive().review, current_actor()
    return _change(scan_id, lambda: desk.add_finding(actor, scan_id, name, value, revision=_revision()), None)


@bp.post("/<scan_id>/type")
def change_type(scan_id: str) -> ResponseReturnValue:
    """File the scan as another type."""
    desk, actor = current_archive().review, current_actor()
    chosen = request.form.get("type", "")
    return _change(scan_id, lambda: desk.set_type(actor, scan_id, chosen, revision=_revision()), None)


def _revision() -> int:
    return request.form.get("revision", 0, type=int)


def _change(scan_id: str, change: Callable[[], Scan], finding_id: str | None) -> ResponseReturnValue:
    """Make a change, then show the page again, or answer a script with the parts of it that are new."""
    here = url_for(
        "review.show", scan_id=scan_id, batch=_batch(), _anchor=f"finding-{finding_id}" if finding_id else None
    )
    try:
        scan = change()
    except StaleRevisionError as error:
        # Said on the page that is loaded next, by this answer or by the script.
        flash(advice_for(error), "warning")
        if wants_page():
            return redirect(here, code=303)
        raise
    except InvalidInputError as error:
        if not wants_page():
            raise
        flash(advice_for(error), "danger")
        return redirect(here, code=303)
    if wants_page():
        return redirect(here, code=303)
    sheet = sheet_of(current_archive().review.resume(current_actor(), scan_id))
    row = next((row for row in (*sheet.rows, *sheet.unknown) if row.finding.id == finding_id), None)
    parts = {"sheet": sheet, "scan": sheet.review.scan, "type": sheet.review.type}
    fields = field_options(sheet.review.type)
    return jsonify(
        revision=scan.revision,
        weak=sheet.weak,
        row=render_template("review/_row.html", row=row, fields=fields, batch_id=_batch(), **parts) if row else None,
        standing=row.standing if row else None,
        known=row is not None and row.finding.name is not None,
        choices=render_template("review/_choices.html", chosen=request.form.get("dossier", sheet.preselected), **parts),
    )


@bp.get("/<scan_id>/dossiers")
def find_dossiers(scan_id: str) -> ResponseReturnValue:
    """Find other dossiers to file the scan into."""
    archive, actor = current_archive(), current_actor()
    scan = archive.intake.scan(actor, scan_id)
    text = request.args.get("find", "").strip()
    query = LookupQuery(text=text, filters={"unit": (scan.unit,)}, limit=_MOST_FOUND)
    dossiers = [hit.summary.dossier for hit in archive.lookup.find(actor, query).hits] if text else []
    choices = [Choice(dossier.id, dossier.code, dossier.title) for dossier in dossiers]
    return render_template("review/_found.html", choices=choices, text=text)


@bp.post("/<scan_id>/file")
def file(scan_id: str) -> ResponseReturnValue:
    """File the scan and go on to the next one."""
    desk, actor, form = current_archive().review, current_actor(), request.form
    chosen = form.get("dossier", "")
    following = desk.next_after(actor, scan_id, batch_id=_batch())
    try:
        filed = desk.file(
            actor,
            scan_id,
            dossier_id=chosen or None,
            revision=_revision(),
            accept_open="accept_open" in form,
            state=DossierState.DRAFT if "draft" in form else DossierState.ACTIVE,
        )
    except StaleRevisionError as error:
        flash(advice_for(error), "warning")
        return redirect(url_for("review.show", scan_id=scan_id, batch=_batch()), code=303)
    except InvalidInputError as error:
        return _page(desk.open(actor, scan_id), error=_obstacle(error), chosen=chosen), 422
    _tell(filed)
    return _go_on(following)


def _obstacle(error: ArchiveError) -> str:
    if error.code == "weak-fields":
        return str(_("Some values need a look. Accept or reject them, or tick that they are filed as read."))
    if error.code == "required":
        return str(_("A required field is missing. Add it, or tick that the dossier begins as a draft."))
    return advice_for(error)


def _tell(filed: Filed) -> None:
    address = url_for("dossiers.show", dossier_id=filed.dossier.id)
    link = Markup('{} <a href="{}">{} · {}</a>')
    flash(link.format(_("Filed:"), address, filed.dossier.title, filed.dossier.code), "success")
    if filed.kept:
        dossier_type = current_archive().types.get(filed.dossier.type)
        names = " · ".join(field_label(dossier_type, name) for name in filed.kept)
        flash(_("The dossier keeps what a person entered there: %(fields)s.", fields=names), "info")


@bp.post("/<scan_id>/discard")
def discard(scan_id: str) -> ResponseReturnValue:
    """Set the scan aside and go on to the next one."""
    archive, actor = current_archive(), current_actor()
    following = archive.review.next_after(actor, scan_id, batch_id=_batch())
    try:
        scan = archive.intake.discard(actor, scan_id, request.form.get("reason", ""))
    except InvalidInputError as error:
        flash(advice_for(error), "danger")
        return redirect(url_for("review.show", scan_id=scan_id, batch=_batch()), code=303)
    flash(_("%(receipt)s is set aside. It is kept and can be brought back.", receipt=scan.receipt), "success")
    return _go_on(following)
