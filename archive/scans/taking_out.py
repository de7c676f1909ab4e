"""Taking a scan that was filed into the wrong dossier out of it again: what came from it goes, and it waits for review."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from archive.access import Actor, Right
from archive.audit import AuditTrail
from archive.dossier import Dossier, DossierState, DossierVersion, FieldValue
from archive.dossier_type import DossierType
from archive.dossiers import UNTITLED, Dossiers, title_from
from archive.errors import InTrashError, InvalidInputError, StaleRevisionError, WrongStateError
from archive.masking import mask_value
from archive.mongo.dossiers import DossierStore
from archive.mongo.scans import ScanStore
from archive.scans.intake import require_scan
from archive.scans.review import field_values
from archive.scans.scan import Scan, ScanState
from archive.type_catalogue import TypeCatalogue
from archive.values import utc_now

_LEASE = timedelta(minutes=3)
"""Longer than the storage calls of one taking out may take together."""
_REASON_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ValueBack:
    """What becomes of one value that the scan gave.

    Attributes:
        before: Its present text, masked where it is sensitive.
        after: The text that the field has then, masked likewise; None where the field goes.
    """

    name: str
    before: str
    after: str | None


@dataclass(frozen=True, slots=True)
class TakingOut:
    """What taking a scan out comes to, told beforehand.

    Attributes:
        values: What the scan gave and nobody has changed since.
        kept: Fields that the scan gave and that were changed since: they stay as they are.
        becomes_draft: Whether the dossier lacks required fields then, so that it becomes a draft.
        becomes_empty: Whether nothing is left in the dossier then.
    """

    scan: Scan
    dossier: Dossier
    type: DossierType
    values: tuple[ValueBack, ...]
    kept: tuple[str, ...]
    becomes_draft: bool
    becomes_empty: bool


class TakingOutDesk:
    """The use cases of taking scans out of dossiers. Who may file a scan may take it out."""

    def __init__(
        self, scans: ScanStore, store: DossierStore, dossiers: Dossiers, types: TypeCatalogue, audit: AuditTrail
    ) -> None:
        self._scans = scans
        self._store = store
        self._dossiers = dossiers
        self._types = types
        self._audit = audit

    def plan(self, actor: Actor, scan_id: str) -> TakingOut:
        """Tell what taking the scan out comes to.

        Raises:
            NotFoundError: There is no such scan, as far as the actor may know.
            WrongStateError: It is in no dossier.
            InTrashError: Its dossier is in the trash.
        """
        scan, dossier = self._require(actor, scan_id)
        return self._planned(scan, dossier, self._fields_without(scan, dossier))

    def _require(self, actor: Actor, scan_id: str) -> tuple[Scan, Dossier]:
        actor.require(Right.REVIEW_OWN)
        scan = require_scan(self._scans, actor, scan_id)
        dossier = self._store.with_scan(scan.id)
        if scan.state is not ScanState.FILED or dossier is None:
            raise WrongStateError("scan", scan.receipt, scan.state.value)
        actor.require_sight(dossier.unit, "scan", scan_id)
        if dossier.trashed is not None:
            raise InTrashError(dossier.code)
        return scan, dossier

    def _planned(self, scan: Scan, dossier: Dossier, fields: Mapping[str, FieldValue]) -> TakingOut:
        dossier_type = self._types.get(dossier.type)

        def masked(name: str, value: FieldValue | None) -> str | None:
            return None if value is None else mask_value(dossier_type, name, value.text)

        given = [name for name, value in dossier.fields.items() if value.provenance.scan_id == scan.id]
        values = tuple(
            ValueBack(name, masked(name, dossier.fields[name]) or "", masked(name, fields.get(name))) for name in given
        )
        once = {
            name
            for version in self._store.versions(dossier.id)
            for name, value in version.snapshot.fields.items()
            if value.provenance.scan_id == scan.id
        }
        kept = tuple(name for name in dossier.fields if name in once and name not in given)
        state = _state_with(dossier, dossier_type, fields)
        others = [item for item in dossier.attachments if item.scan_id != scan.id]
        return TakingOut(
            scan,
            dossier,
            dossier_type,
            values,
            kept,
            becomes_draft=state is not dossier.state,
            becomes_empty=not (fields or others or dossier.notes),
        )

    def _fields_without(self, scan: Scan, dossier: Dossier) -> dict[str, FieldValue]:
        left = {item.scan_id: item for item in dossier.attachments if item.scan_id != scan.id}
        dossier_type = self._types.get(dossier.type)
        others = [
            field_values(other, other.findings, dossier_type)
            for other in sorted(self._scans.by_ids(list(left)), key=lambda each: left[each.id].at, reverse=True)
        ]
        return fields_without(dossier, self._store.versions(dossier.id), scan.id, others)

    def take_out(self, actor: Actor, scan_id: str, *, reason: str, revision: int, dossier_revision: int) -> TakingOut:
        """Take the scan out of its dossier, and put it back before the reviewers with their decisions on it.

        Values that it gave go back to what the dossier had before, or go; nothing is erased, for the former version of
        the dossier is kept. Interrupted at any point, the sweep either undoes it or completes it.

        Args:
            revision: The scan's revision that was shown.
            dossier_revision: The dossier's: what was told beforehand is what happens.

        Raises:
            InvalidInputError: No reason is given.
            StaleRevisionError: Scan or dossier were changed since.
        """
        scan, dossier = self._require(actor, scan_id)
        if not reason.strip():
            raise InvalidInputError("reason", "Say why the scan does not belong into this dossier.", code="required")
        if scan.revision != revision:
            raise StaleRevisionError("scan", scan.receipt)
        if dossier.revision != dossier_revision:
            raise StaleRevisionError("dossier", dossier.code)
        fields = self._fields_without(scan, dossier)
        done = self._planned(scan, dossier, fields)
        dossier_type = done.type
        reopened = self._scans.reopen(scan, user=actor.user_id, lease=_LEASE)
        follows = dossier.title in {title_from(dossier.fields), UNTITLED}
        changes = {
            "fields": fields,
            "attachments": tuple(item for item in dossier.attachments if item.scan_id != scan.id),
            "title": (title_from(fields) or UNTITLED) if follows else dossier.title,
            "state": _state_with(dossier, dossier_type, fields),
        }
        try:
            self._dossiers.put(actor, dossier, changes, "taken-out")
        finally:
            self.settle(reopened)
        self._audit.record(
            actor,
            "scan.take-out",
            "scan",
            scan.id,
            unit=scan.unit,
            dossier=dossier.code,
            reason=reason.strip()[:_REASON_LENGTH],
        )
        return done

    def complete(self) -> int:
        """Settle the scans whose taking out was cut short; return how many."""
        settled = 0
        for scan in self._scans.cut_short(utc_now()):
            if scan.filed_at is None:
                continue
            try:
                self.settle(scan)
            except StaleRevisionError:
                continue
            settled += 1
        return settled

    def settle(self, scan: Scan) -> None:
        """Let a reopened scan be where its dossier says: filed where it still has the scan, else before the reviewers."""
        if self._store.with_scan(scan.id) is not None:
            changes: dict[str, str | None] = {"state": ScanState.FILED.value}
        else:
            changes = {"dossier_id": None, "dossier_code": None, "filed_at": None, "filed_by": None}
        self._scans.change(
            scan,
            {**changes, "lease_until": None, "claimed_by": None},
            from_states=(ScanState.NEEDS_REVIEW,),
            holds_claim=True,
        )


def fields_without(
    dossier: Dossier,
    versions: Iterable[DossierVersion],
    scan_id: str,
    others: Sequence[Mapping[str, FieldValue]],
) -> dict[str, FieldValue]:
    """Return the fields that the dossier has without what one of its scans gave.

    A value that the scan gave goes back to the one that stood there before; where none did, to what another scan of the
    dossier says; else it goes. What came from scans that have left the dossier is passed over.

    Args:
        versions: The dossier's, latest first.
        others: The values that its other scans would give, the latest scan first.
    """
    attached = {item.scan_id for item in dossier.attachments} - {scan_id}
    snapshots = [version.snapshot.fields for version in versions]

    def former(name: str) -> FieldValue | None:
        for snapshot in snapshots:
            value = snapshot.get(name)
            if value is None:
                break
            if value.provenance.scan_id in {None, *attached}:
                return value
        return next((given[name] for given in others if name in given), None)

    fields = {}
    for name, value in dossier.fields.items():
        kept = former(name) if value.provenance.scan_id == scan_id else value
        if kept is not None:
            fields[name] = kept
    return fields


def _state_with(dossier: Dossier, dossier_type: DossierType, fields: Mapping[str, FieldValue]) -> DossierState:
    lacks = any(field.required and field.name not in fields for field in dossier_type.fields)
    return DossierState.DRAFT if lacks else dossier.state
