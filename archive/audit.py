"""The audit trail: who did what to which record, appended and chained by hashes."""

import hashlib
import json
import threading
from dataclasses import dataclass
from datetime import datetime

from archive.access import Actor, Right
from archive.mongo.audit import GENESIS, AuditStore
from archive.mongo.records import AuditEventRecord
from archive.values import Page, Value, utc_now


class AuditEvent(Value):
    """One act.

    Attributes:
        seq: Place in the chain, from 1, without gaps.
        action: What was done, such as ``dossier.view`` or ``login.refused``.
        object_kind: dossier, scan, user, type, unit, batch, search or list.
        detail: Facts about the act; never a customer's data.
        hash: SHA-256 over this event and the hash of the one before.
    """

    id: str
    seq: int
    at: datetime
    actor_id: str
    actor_name: str
    action: str
    object_kind: str
    object_id: str
    unit: str | None
    detail: dict[str, str]
    address: str
    hash: str


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """What a walk over the chain found.

    Attributes:
        broken_at: Number of the first event that is missing or was changed; None where the chain is whole.
    """

    ok: bool
    checked: int
    broken_at: int | None


class AuditTrail:
    """Appends events for the use cases and shows them to auditors."""

    def __init__(self, store: AuditStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._tip: tuple[int, str] | None = None

    def record(
        self, actor: Actor, action: str, object_kind: str, object_id: str, *, unit: str | None = None, **detail: str
    ) -> None:
        """Append one event; the processes of one system take turns by the unique number."""
        with self._lock:
            tip = self._tip or self._store.head()
            while True:
                event = _event(actor, action, object_kind, object_id, unit, detail, *tip)
                if self._store.append(event):
                    self._tip = (event.seq, event.hash)
                    return
                tip = self._store.head()

    def events(
        self,
        actor: Actor,
        *,
        since: datetime,
        until: datetime,
        user: str | None = None,
        action: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[AuditEvent]:
        """Return events of a time, latest first, optionally of one user (id) or one action."""
        actor.require(Right.READ_AUDIT)
        query = {key: value for key, value in (("actor_id", user), ("action", action)) if value}
        found = self._store.latest(since=since, until=until, query=query, after=after, limit=limit)
        names = set(AuditEvent.model_fields)
        return Page(
            tuple(AuditEvent.model_validate(item.model_dump(include=names)) for item in found.items), found.next
        )

    def verify(self, actor: Actor) -> AuditCheck:
        """Walk the whole chain and tell where it first does not fit."""
        actor.require(Right.READ_AUDIT)
        # Looked at before the walk: by its end there may be more events, never fewer.
        last, _ = self._store.head()
        previous, checked = GENESIS, 0
        for event in self._store.in_order():
            fits = event.seq == checked + 1 and event.previous_hash == previous and event.hash == _digest(event)
            if not fits:
                return AuditCheck(False, checked, checked + 1)
            previous, checked = event.hash, checked + 1
        if checked < last:
            return AuditCheck(False, checked, checked + 1)
        return AuditCheck(True, checked, None)


def _event(
    actor: Actor,
    action: str,
    object_kind: str,
    object_id: str,
    unit: str | None,
    detail: dict[str, str],
    last_seq: int,
    last_hash: str,
) -> AuditEventRecord:
    event = AuditEventRecord(
        seq=last_seq + 1,
        at=utc_now(),
        actor_id=actor.user_id,
        actor_name=actor.name,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        unit=unit,
        detail=detail,
        address=actor.address,
        previous_hash=last_hash,
        hash="",
    )
    event.hash = _digest(event)
    return event


def _digest(event: AuditEventRecord) -> str:
    content = event.model_dump(mode="json", exclude={"hash", "revision_id"})
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
