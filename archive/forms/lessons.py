"""What reviewers' decisions teach: how well each zone of a form is read, and labels that mean a field.

Counting is all that happens by itself. A label becomes one of the printed labels of a field by an archivist's deliberate act.
"""

import hashlib
import logging

from archive.access import Actor, Right
from archive.audit import AuditTrail
from archive.dossier_type import DossierType
from archive.errors import ArchiveError, InvalidInputError, NotFoundError
from archive.forms.registered_form import LabelHint, RegisteredForm
from archive.mongo.form_templates import FormStore
from archive.scans.scan import Finding, Scan
from archive.type_catalogue import TypeCatalogue
from ocr import DEFAULT_VOCABULARY, fold_label

log = logging.getLogger(__name__)

OFTEN = 2
"""How often a label must have been taken for a field to be worth a question."""
_LONGEST_LABEL = 40


class Lessons:
    """Counts decisions as scans are filed, and keeps what archivists make of the counts."""

    def __init__(self, store: FormStore, types: TypeCatalogue, audit: AuditTrail) -> None:
        self._store = store
        self._types = types
        self._audit = audit

    def learn(self, scan: Scan, dossier_type: DossierType) -> None:
        """Count what a review decided. Figures only: a scan stays filed though they cannot be kept."""
        try:
            for use in scan.forms:
                form = self._store.by_id(use.form_id)
                if form is not None:
                    self._learn_zones(form, [each for each in scan.findings if each.page in (0, use.page)])
            self._learn_labels(scan, dossier_type)
        except ArchiveError as error:
            log.warning("what the review of scan %s taught is lost: %s", scan.id, error.code)

    def _learn_zones(self, form: RegisteredForm, findings: list[Finding]) -> None:
        read = {finding.zone: finding for finding in findings if finding.zone}
        added = {finding.name for finding in findings if finding.page == 0 and finding.decision != "rejected"}
        for zone in form.zones:
            finding = read.get(zone.id)
            if finding is not None:
                outcome = _outcome(finding, zone.name)
            elif zone.name is not None and zone.name in added:
                outcome = {"looked": 1, "missed": 1}
            else:
                continue
            self._store.count(form.id, zone.id, outcome)

    def _learn_labels(self, scan: Scan, dossier_type: DossierType) -> None:
        vocabulary = dossier_type.add_to(DEFAULT_VOCABULARY)
        seen: set[str] = set()
        for finding in scan.findings:
            label = finding.key.strip(" :：*")
            if finding.name is None or finding.page == 0 or finding.decision not in {"confirmed", "corrected"}:
                continue
            if not _may_be_label(label) or vocabulary.name_of(label) == finding.name:
                continue
            hint_id = _hint_id(dossier_type.name, label, finding.name)
            if dossier_type.field(finding.name) is None or hint_id in seen:
                continue
            seen.add(hint_id)
            hint = LabelHint(id=hint_id, type=dossier_type.name, label=label, name=finding.name)
            self._store.count_hint(hint)

    # What archivists make of it

    def hints(self, actor: Actor) -> tuple[LabelHint, ...]:
        """Return the labels that were often taken for a field and that nobody has decided about, most frequent first."""
        actor.require(Right.MANAGE_TYPES)
        types = {each.name: each.add_to(DEFAULT_VOCABULARY) for each in self._types.all()}
        return tuple(
            hint
            for hint in self._store.hints("open")
            if hint.count >= OFTEN and hint.type in types and types[hint.type].name_of(hint.label) != hint.name
        )

    def accept(self, actor: Actor, hint_id: str) -> DossierType:
        """Make a label one of the printed labels of its field; the type gets a new version."""
        actor.require(Right.MANAGE_TYPES)
        hint = self._require(hint_id)
        dossier_type = self._types.get(hint.type)
        known = dossier_type.field(hint.name)
        if known is None:
            raise InvalidInputError("name", "The type does not have this field any more.", code="unknown-field")
        extended = known.model_copy(
            update={"printed_labels": tuple(dict.fromkeys((*known.printed_labels, hint.label)))}
        )
        own = [field.name for field in dossier_type.fields]
        fields = [extended if field.name == hint.name else field for field in dossier_type.fields]
        fields += [] if hint.name in own else [extended]
        saved = self._types.save(actor, dossier_type.model_copy(update={"fields": tuple(fields)}))
        self._store.decide_hint(hint.id, "accepted")
        self._audit.record(actor, "label.accept", "type", hint.type, field=hint.name)
        return saved

    def dismiss(self, actor: Actor, hint_id: str) -> None:
        """Do not ask about a label again."""
        actor.require(Right.MANAGE_TYPES)
        hint = self._require(hint_id)
        self._store.decide_hint(hint.id, "dismissed")
        self._audit.record(actor, "label.dismiss", "type", hint.type, field=hint.name)

    def _require(self, hint_id: str) -> LabelHint:
        hint = self._store.hint(hint_id)
        if hint is None or hint.state != "open":
            raise NotFoundError("label", hint_id)
        return hint


def _outcome(finding: Finding, name: str | None) -> dict[str, int]:
    if finding.decision == "open":
        return {"unseen": 1}
    if finding.decision == "rejected":
        return {"looked": 1, "rejected": 1}
    right = finding.decision == "confirmed" and finding.name == name
    return {"looked": 1, "right" if right else "corrected": 1}


def _may_be_label(label: str) -> bool:
    """Whether a text can be the label of a field: short, with letters, and no number, as values have them."""
    folded = fold_label(label)
    return len(folded) > 1 and len(label) <= _LONGEST_LABEL and sum(c.isdigit() for c in label) <= 1


def _hint_id(type_name: str, label: str, name: str) -> str:
    return hashlib.sha256(f"{type_name}\n{fold_label(label)}\n{name}".encode()).hexdigest()[:32]
