"""The review: a person confirms, corrects or rejects what was read, and files the scan into a dossier."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from archive.access import Actor, Right
from archive.audit import AuditTrail
from archive.dossier import Attachment, Dossier, DossierState, FieldValue, Provenance
from archive.dossier_type import DossierType
from archive.dossiers import Dossiers, checked_value
from archive.errors import InTrashError, InvalidInputError, NotFoundError, StaleRevisionError, WrongStateError
from archive.forms.lessons import Lessons
from archive.masking import mask_value
from archive.mongo.dossiers import DossierStore
from archive.mongo.scans import ScanStore
from archive.scans.identify import candidates_for
from archive.scans.intake import require_scan
from archive.scans.scan import Decision, Finding, PageInfo, Scan, ScanState, WaitingScan, risk_of
from archive.type_catalogue import TypeCatalogue
from archive.values import Page, utc_now
from ocr import Kind, check_value

_FILING_LEASE = timedelta(minutes=3)
"""Longer than the storage calls of one filing may take together."""
_REVIEWABLE = (ScanState.NEEDS_REVIEW,)


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that the review page shows of a scan.

    Attributes:
        type: The type the scan was handed in as, or the one its findings suggest.
        present: For each candidate's dossier id, the present text of the fields that the scan has too; a sensitive one
            that differs is masked, as the dossier's page masks it.
    """

    scan: Scan
    type: DossierType
    pages: tuple[PageInfo, ...]
    present: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a filing.

    Attributes:
        kept: Fields in which the dossier keeps a person's value although the scan, unconfirmed, says another.
    """

    dossier: Dossier
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of a batch.

    Attributes:
        filed: Ids of the scans that are filed now.
        left: Ids of the others, each with the reason: weak-fields, unclear-dossier, nothing-found, missing-required,
            not-read or stale.
    """

    filed: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


class ReviewDesk:
    """The use cases of the review."""

    def __init__(
        self,
        scans: ScanStore,
        store: DossierStore,
        dossiers: Dossiers,
        types: TypeCatalogue,
        audit: AuditTrail,
        accept_confidence: float,
        lessons: Lessons,
    ) -> None:
        self._scans = scans
        self._store = store
        self._dossiers = dossiers
        self._types = types
        self._audit = audit
        self._accept_confidence = accept_confidence
        self._lessons = lessons

    # The queue

    def queue(
        self, actor: Actor, *, batch_id: str | None = None, after: str | None = None, limit: int = 50
    ) -> Page[Scan]:
        """Return the scans that wait for this actor, worst first; ``after`` is the id of the last one shown."""
        waiting = self._waiting(actor, batch_id)
        ids = [scan.id for scan in waiting]
        start = ids.index(after) + 1 if after in ids else 0
        shown = ids[start : start + limit]
        return Page(tuple(self._scans.by_ids(shown)), shown[-1] if start + limit < len(ids) else None)

    def waiting(self, actor: Actor) -> int:
        """Count the scans that wait for this actor."""
        return len(self._waiting(actor, None))

    def next_after(self, actor: Actor, scan_id: str, *, batch_id: str | None = None) -> str | None:
        """Return the id of the scan to review after this one; None where no other waits."""
        ids = [scan.id for scan in self._waiting(actor, batch_id)]
        if scan_id in ids:
            place = ids.index(scan_id)
            ids = ids[place + 1 :] + ids[:place]
        return ids[0] if ids else None

    def _waiting(self, actor: Actor, batch_id: str | None) -> list[WaitingScan]:
        actor.require(Right.REVIEW_OWN)
        scans = [scan for scan in self._scans.waiting() if actor.units is None or scan.unit in actor.units]
        if not actor.may(Right.REVIEW_ALL):
            scans = [scan for scan in scans if scan.uploaded_by == actor.user_id]
        if batch_id is not None:
            scans = [scan for scan in scans if scan.batch_id == batch_id]
        return sorted(scans, key=lambda scan: (-scan.risk, scan.received_at, scan.id))

    # One scan

    def open(self, actor: Actor, scan_id: str) -> Review:
        """Return a scan for review; the sight of its values is audited."""
        scan = self._require(actor, scan_id)
        self._audit.record(actor, "scan.review", "scan", scan.id, unit=scan.unit)
        return self.resume(actor, scan_id)

    def resume(self, actor: Actor, scan_id: str) -> Review:
        """Return a scan under review again, after a decision of whoever has it open."""
        scan = self._with_present_candidates(self._require(actor, scan_id))
        dossiers = self._store.by_ids([candidate.dossier_id for candidate in scan.candidates])
        types = {dossier_type.name: dossier_type for dossier_type in self._types.all()}
        read = {(finding.name, finding.text) for finding in scan.findings if finding.name}
        names = {name for name, _text in read}
        present = {
            dossier.id: {
                name: value.text if (name, value.text) in read else mask_value(types[dossier.type], name, value.text)
                for name, value in dossier.fields.items()
                if name in names
            }
            for dossier in dossiers.values()
        }
        pages = tuple(
            PageInfo.model_validate(page.model_dump(include=set(PageInfo.model_fields)))
            for page in self._scans.pages([scan.id])
        )
        return Review(scan, self._types.get(self.type_of(scan)), pages, present)

    def _with_present_candidates(self, scan: Scan) -> Scan:
        """Look for candidates anew: dossiers may have come or changed since the scan was read."""
        dossier_type = self._types.get(self.type_of(scan))
        values = field_values(scan, scan.findings, dossier_type)
        found = candidates_for(values, dossier_type.name, self._store, frozenset({scan.unit}))
        return scan.model_copy(update={"candidates": found})

    def type_of(self, scan: Scan) -> str:
        """Return the type the scan was given, or the one its findings suggest."""
        return scan.type or suggested_type(scan.findings)

    def decide(
        self,
        actor: Actor,
        scan_id: str,
        finding_id: str,
        *,
        decision: Decision,
        revision: int,
        value: str | None = None,
        name: str | None = None,
    ) -> Scan:
        """Confirm, correct or reject one finding, or open it again.

        Args:
            value: The right text, with the decision ``corrected``; it is checked like any other value.
            name: The field that the finding belongs to, where the reviewer knows better; None leaves it.
        """
        scan = self._require(actor, scan_id, revision)
        finding = next((each for each in scan.findings if each.id == finding_id), None)
        if finding is None:
            raise NotFoundError("finding", finding_id)
        dossier_type = self._types.get(self.type_of(scan))
        decided = self._decided(actor, dossier_type, finding, decision, value, name)
        findings = tuple(decided if each.id == finding_id else each for each in scan.findings)
        return self._with_findings(scan, findings)

    def _decided(
        self,
        actor: Actor,
        dossier_type: DossierType,
        finding: Finding,
        decision: Decision,
        value: str | None,
        name: str | None,
    ) -> Finding:
        if decision == "corrected" and not (value and value.strip()):
            raise InvalidInputError("value", "Type the right text, or reject the field.", code="required")
        text = value.strip() if decision == "corrected" and value else None
        field = name or finding.name
        asked = field or finding.own_name
        spec = dossier_type.field(asked) if asked and (field or finding.row is not None) else None
        checked = check_value(Kind(spec.kind) if spec else Kind.TEXT, text or finding.read_as or finding.raw)
        decided = finding.model_copy(
            update={
                "name": field,
                "decision": decision,
                "value": text,
                "normalised": checked.normalised,
                "valid": checked.valid,
                "problems": checked.problems,
                "suggestion": checked.suggestion,
                "sensitive": bool(spec and spec.sensitive),
                "decided_by": None if decision == "open" else actor.name,
                "decided_by_id": None if decision == "open" else actor.user_id,
                "decided_at": None if decision == "open" else utc_now(),
            }
        )
        return decided.model_copy(update={"weak": self._is_weak(decided)})

    def _is_weak(self, finding: Finding) -> bool:
        return finding.name is not None and (not finding.valid or finding.confidence < self._accept_confidence)

    def add_finding(self, actor: Actor, scan_id: str, name: str, value: str, *, revision: int) -> Scan:
        """Add a field that the reader missed, as typed by the reviewer."""
        scan = self._require(actor, scan_id, revision)
        dossier_type = self._types.get(self.type_of(scan))
        spec = dossier_type.field(name)
        blank = Finding(key=spec.label_zh if spec else name, name=name, raw="", confidence=1.0, page=0)
        added = self._decided(actor, dossier_type, blank, "corrected", value, name)
        return self._with_findings(scan, (*scan.findings, added))

    def set_type(self, actor: Actor, scan_id: str, type: str, *, revision: int) -> Scan:
        """File the scan as another type; what is sensitive and which dossiers come into question are worked out anew."""
        scan = self._require(actor, scan_id, revision)
        dossier_type = self._types.get(type)
        findings = tuple(
            self._decided(actor, dossier_type, finding, finding.decision, finding.value, None).model_copy(
                update={key: getattr(finding, key) for key in ("decided_by", "decided_by_id", "decided_at")}
            )
            for finding in scan.findings
        )
        return self._with_findings(scan.model_copy(update={"type": type}), findings)

    def _with_findings(self, scan: Scan, findings: tuple[Finding, ...]) -> Scan:
        candidates = self._with_present_candidates(scan.model_copy(update={"findings": findings})).candidates
        return self._scans.change(
            scan,
            {
                "type": scan.type,
                "findings": [finding.model_dump() for finding in findings],
                "candidates": [candidate.model_dump() for candidate in candidates],
                "risk": risk_of(findings, candidates),
            },
            from_states=_REVIEWABLE,
        )

    def _require(self, actor: Actor, scan_id: str, revision: int | None = None) -> Scan:
        actor.require(Right.REVIEW_OWN)
        scan = require_scan(self._scans, actor, scan_id)
        if revision is not None and scan.state not in _REVIEWABLE:
            raise WrongStateError("scan", scan.receipt, scan.state.value)
        if revision is not None and scan.revision != revision:
            raise StaleRevisionError("scan", scan.receipt)
        return scan

    # Filing

    def file(
        self,
        actor: Actor,
        scan_id: str,
        *,
        dossier_id: str | None,
        revision: int,
        title: str | None = None,
        accept_open: bool = False,
        state: DossierState = DossierState.ACTIVE,
    ) -> Filed:
        """File the scan into a dossier, or into a new one where ``dossier_id`` is None.

        Fields that were neither confirmed nor corrected go in as read, and never replace what a person typed or
        confirmed. Interrupted at any point, the same filing again, or the sweep, completes it without doubling
        anything: a new dossier's id follows from the scan's, and an attached scan is not attached twice.

        Args:
            accept_open: Take findings that need a look as they are; without it they refuse the filing.
            state: State of a new dossier; ``draft`` may lack required fields.

        Raises:
            InvalidInputError: A finding needs a look, or a required field is missing.
            StaleRevisionError: The scan was changed, or is being filed by somebody else.
        """
        scan = self._require(actor, scan_id, revision)
        if not accept_open and any(finding.needs_look for finding in scan.findings):
            raise InvalidInputError(
                "findings", "Some fields need a look: confirm, correct or reject them first.", code="weak-fields"
            )
        claimed = self._scans.claim_filing(scan, user=actor.user_id, lease=_FILING_LEASE)
        try:
            filed = self._put_into_dossier(actor, claimed, dossier_id, title, state)
        except BaseException:
            # Where the dossier has the scan all the same, the claim runs out and the sweep completes the filing.
            if self._store.with_scan(scan.id) is None:
                self._scans.end_filing(claimed)
            raise
        self._close(claimed, filed.dossier, actor.name)
        self._audit.record(actor, "scan.file", "scan", scan.id, unit=scan.unit, dossier=filed.dossier.code)
        return filed

    def _put_into_dossier(
        self, actor: Actor, scan: Scan, dossier_id: str | None, title: str | None, state: DossierState
    ) -> Filed:
        dossier_type = self._types.get(self.type_of(scan))
        values = field_values(scan, scan.findings, dossier_type)
        already = self._store.with_scan(scan.id)
        if already is not None:
            return Filed(already, ())
        attachment = _attachment(scan, actor)
        if dossier_id is None:
            dossier = self._dossiers.add(
                actor,
                dossier_id_for(scan),
                dossier_type,
                scan.unit,
                values,
                title=title,
                state=state,
                attachment=attachment,
                action="filed",
            )
            return Filed(dossier, ())
        found = self._store.by_id(dossier_id)
        if found is None or found.unit != scan.unit:
            raise NotFoundError("dossier", dossier_id)
        if found.trashed is not None:
            raise InTrashError(found.code)
        merged, kept = merge(found.fields, values)
        changes = {"fields": merged, "attachments": (*found.attachments, attachment)}
        return Filed(self._dossiers.put(actor, found, changes, "filed"), kept)

    def _close(self, scan: Scan, dossier: Dossier, name: str) -> None:
        self._scans.change(
            scan,
            {
                "state": ScanState.FILED.value,
                "dossier_id": dossier.id,
                "dossier_code": dossier.code,
                "filed_at": utc_now(),
                "filed_by": name,
                "lease_until": None,
                "claimed_by": None,
            },
            from_states=_REVIEWABLE,
            holds_claim=True,
        )
        if not scan.taken_out:  # what its review taught was counted the first time
            self._lessons.learn(scan, self._types.get(self.type_of(scan)))

    def complete_filings(self) -> int:
        """Close the scans that are in a dossier already: a crash came between the two writes. Returns how many."""
        completed = 0
        # A filing that ended well or badly has given its claim up; only one cut short leaves it to run out.
        for scan in self._scans.cut_short(utc_now()):
            dossier = self._store.with_scan(scan.id)
            if dossier is None or scan.filed_at is not None:  # the latter is on its way out of a dossier
                continue
            try:
                self._close(scan, dossier, dossier.changed_by)
            except StaleRevisionError:
                continue
            completed += 1
        return completed

    def confirm_batch(self, actor: Actor, batch_id: str) -> BatchResult:
        """File every scan of a batch on which nothing needs a look.

        A scan goes into the one dossier it certainly belongs to, or into a new one where no dossier comes into
        question; all others stay in the queue, with the reason.
        """
        filed, left = [], []
        for waiting in self._waiting(actor, batch_id):
            scan = self._with_present_candidates(require_scan(self._scans, actor, waiting.id))
            reason = self._obstacle(scan)
            if reason is None:
                certain = next((each.dossier_id for each in scan.candidates if each.certain), None)
                try:
                    self.file(actor, scan.id, dossier_id=certain, revision=scan.revision)
                except (StaleRevisionError, WrongStateError, NotFoundError, InTrashError):
                    reason = "stale"
                except InvalidInputError:
                    reason = "missing-required"
            if reason is None:
                filed.append(scan.id)
            else:
                left.append((scan.id, reason))
        return BatchResult(tuple(filed), tuple(left))

    def _obstacle(self, scan: Scan) -> str | None:
        counting = [finding for finding in scan.findings if finding.counts]
        if not counting:
            return "nothing-found"
        if any(finding.needs_look for finding in counting):
            return "weak-fields"
        if scan.taken_out:
            return "unclear-dossier"
        if scan.candidates and not any(candidate.certain for candidate in scan.candidates):
            return "unclear-dossier"
        return None


_COMPANY_FIELDS = frozenset({"uscc", "legal_representative", "registered_capital", "business_scope"})
_PERSON_FIELDS = frozenset({"id_number", "birth_date", "sex", "ethnicity", "passport_number"})


def suggested_type(findings: tuple[Finding, ...]) -> str:
    """Return "company" where what a company alone has outweighs what a person alone has, else "person"."""
    names = {finding.name for finding in findings if finding.counts}
    return "company" if len(names & _COMPANY_FIELDS) > len(names & _PERSON_FIELDS) else "person"


def dossier_id_for(scan: Scan) -> str:
    """Return the id of the dossier that is made from this scan: always the same, so that it is made once.

    Taken out again, the scan makes another one.
    """
    again = f" after {scan.taken_out}" if scan.taken_out else ""
    return hashlib.sha256(f"dossier of scan {scan.id}{again}".encode()).hexdigest()[:32]


def field_values(scan: Scan, findings: tuple[Finding, ...], dossier_type: DossierType) -> dict[str, FieldValue]:
    """Return the values that filing the findings would give.

    Of several findings of one field the reviewer's choice counts, then the surest. A finding whose label is not known
    is kept under that label once a reviewer has confirmed it.
    """
    values: dict[str, FieldValue] = {}
    ranked = sorted(findings, key=lambda each: (each.decision not in {"confirmed", "corrected"}, -each.confidence))
    for finding in ranked:
        name = finding.name or (finding.own_name if finding.decision in {"confirmed", "corrected"} else None)
        if name is None or finding.decision == "rejected" or name in values or not finding.text.strip():
            continue
        values[name] = _value_of(scan, finding, name, dossier_type)
    return values


def _value_of(scan: Scan, finding: Finding, name: str, dossier_type: DossierType) -> FieldValue:
    typed = finding.decision == "corrected"
    confirmed = finding.decision == "confirmed"
    provenance = Provenance(
        by="user" if typed else "reading",
        user_id=(finding.decided_by_id if typed else None) or scan.uploaded_by,
        user_name=(finding.decided_by or scan.uploaded_by_name) if typed else scan.uploaded_by_name,
        at=(finding.decided_at if typed else None) or scan.received_at,
        scan_id=scan.id,
        page=finding.page or None,
        box=finding.value_box,
        engine=None if typed and finding.page == 0 else scan.engine,
        confidence=None if typed else finding.confidence,
        confirmed_by=finding.decided_by if confirmed else None,
        confirmed_at=finding.decided_at if confirmed else None,
    )
    value = checked_value(dossier_type, name, finding.meant, provenance)
    return value if typed else value.model_copy(update={"raw": finding.raw.strip()})


def merge(
    present: Mapping[str, FieldValue], read: Mapping[str, FieldValue]
) -> tuple[dict[str, FieldValue], tuple[str, ...]]:
    """Put values of a scan into a dossier's; a person's value gives way only to another person's word.

    Returns:
        The merged values, and the names of those fields in which the scan's value was not taken.
    """
    merged, kept = dict(present), []
    for name, value in read.items():
        old = merged.get(name)
        if old is not None and old.text == value.text and (old.provenance.is_human or not value.provenance.is_human):
            continue
        if old is not None and old.provenance.is_human and not value.provenance.is_human:
            kept.append(name)
        else:
            merged[name] = value
    return merged, tuple(kept)


def _attachment(scan: Scan, actor: Actor) -> Attachment:
    return Attachment(
        scan_id=scan.id,
        filename=scan.filename,
        media_type=scan.media_type,
        size_bytes=scan.size_bytes,
        sha256=scan.sha256,
        page_count=scan.page_count,
        at=utc_now(),
        user_name=actor.name,
    )
