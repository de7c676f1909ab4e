"""Keeping dossiers: create, see, change, note, restore. Every change leaves the former version behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.access import Actor, Right
from archive.accounts import Accounts
from archive.audit import AuditTrail
from archive.dossier import (
    Attachment,
    Dossier,
    DossierState,
    DossierVersion,
    FieldValue,
    Note,
    Provenance,
    Trashed,
    changes_between,
)
from archive.dossier_type import TITLE_FIELDS, DossierType
from archive.errors import InTrashError, InvalidInputError, NotFoundError, StaleRevisionError
from archive.jobs import JobQueue
from archive.masking import is_sensitive, mask_dossier, mask_version
from archive.mongo.blobs import BlobFile, BlobStore
from archive.mongo.dossiers import DossierStore
from archive.settings import Settings
from archive.type_catalogue import TypeCatalogue
from archive.values import Page, new_id, utc_now
from ocr import CheckedValue, Kind, check_value

_TITLE_LENGTH = 200
VALUE_LENGTH = 4000
_NOTE_LENGTH = 10_000
_TAG_LENGTH = 60
_MOST_TAGS = 50
_REASON_LENGTH = 200


@dataclass(frozen=True, slots=True)
class DossierView:
    """A dossier as one actor may see it.

    Attributes:
        dossier: Sensitive values are masked already.
        masked: Names of the fields whose text is masked.
        may_reveal: Whether the actor may have them shown, giving a reason.
        may_edit: Whether the actor may change the dossier; in the trash nobody may.
    """

    dossier: Dossier
    type: DossierType
    masked: frozenset[str]
    may_reveal: bool
    may_edit: bool


class Dossiers:
    """The use cases on one dossier."""

    def __init__(
        self,
        store: DossierStore,
        blobs: BlobStore,
        types: TypeCatalogue,
        accounts: Accounts,
        audit: AuditTrail,
        queue: JobQueue,
        settings: Settings,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._types = types
        self._accounts = accounts
        self._audit = audit
        self._queue = queue
        self._settings = settings

    # Seeing

    def get(self, actor: Actor, key: str) -> DossierView:
        """Return the dossier of that id or (former) code; the sight is audited.

        Raises:
            NotFoundError: There is none, as far as the actor may know.
            InTrashError: It is in the trash, which only those who curate look into.
        """
        dossier = self._require_even_trashed(actor, key)
        self._audit.record(actor, "dossier.view", "dossier", dossier.id, unit=dossier.unit)
        return self._view(actor, dossier)

    def _view(self, actor: Actor, dossier: Dossier) -> DossierView:
        dossier_type = self._types.get(dossier.type)
        masked = frozenset(name for name in dossier.fields if is_sensitive(dossier_type, name))
        return DossierView(
            mask_dossier(dossier, dossier_type),
            dossier_type,
            masked,
            actor.may(Right.REVEAL, dossier.unit) and dossier.trashed is None,
            actor.may(Right.CURATE, dossier.unit) and dossier.trashed is None,
        )

    def reveal(self, actor: Actor, key: str, field: str, reason: str) -> str:
        """Return a sensitive value as it is; the reason goes into the audit trail."""
        dossier = self._require(actor, key)
        actor.require(Right.REVEAL, dossier.unit)
        value = dossier.fields.get(field)
        if value is None:
            raise NotFoundError("field", field)
        if not reason.strip():
            raise InvalidInputError("reason", "Say why the value has to be shown.", code="required")
        self._audit.record(
            actor, "dossier.reveal", "dossier", dossier.id, unit=dossier.unit, field=field, reason=reason.strip()[:200]
        )
        return value.text

    def edit_values(self, actor: Actor, key: str) -> dict[str, str]:
        """Return the values as they are, for the form in which they are changed; the sight is audited."""
        dossier = self._require(actor, key)
        actor.require(Right.CURATE, dossier.unit)
        self._audit.record(actor, "dossier.edit-open", "dossier", dossier.id, unit=dossier.unit)
        return {name: value.text for name, value in dossier.fields.items()}

    def history(self, actor: Actor, key: str) -> tuple[DossierVersion, ...]:
        """Return all versions, latest first, with sensitive values masked."""
        dossier = self._require_even_trashed(actor, key)
        dossier_type = self._types.get(dossier.type)
        return tuple(mask_version(version, dossier_type) for version in self._store.versions(dossier.id))

    def version(self, actor: Actor, key: str, revision: int) -> DossierView:
        """Return the dossier as it stood at that revision."""
        dossier = self._require_even_trashed(actor, key)
        return self._view(actor, self._snapshot(dossier, revision))

    def _snapshot(self, dossier: Dossier, revision: int) -> Dossier:
        for version in self._store.versions(dossier.id):
            if version.revision == revision:
                return version.snapshot
        raise NotFoundError("version", f"{dossier.code}/{revision}")

    def attachment_file(self, actor: Actor, key: str, attachment_id: str) -> BlobFile:
        """Return an attachment's bytes as they were received; the download is audited.

        The original shows every value, so it takes the right to reveal.
        """
        dossier = self._require(actor, key)
        attachment = next((item for item in dossier.attachments if item.id == attachment_id), None)
        if attachment is None:
            raise NotFoundError("attachment", attachment_id)
        actor.require(Right.REVEAL, dossier.unit)
        self._audit.record(
            actor, "attachment.download", "dossier", dossier.id, unit=dossier.unit, attachment=attachment_id
        )
        return BlobFile(
            attachment.filename,
            attachment.media_type,
            attachment.size_bytes,
            self._blobs.chunks(attachment.sha256),
        )

    def _require(self, actor: Actor, key: str) -> Dossier:
        dossier = self._require_even_trashed(actor, key)
        if dossier.trashed is not None:
            raise InTrashError(dossier.code)
        return dossier

    def _require_even_trashed(self, actor: Actor, key: str) -> Dossier:
        dossier = self._store.by_id(key) or self._store.by_code(normalise_code(key))
        if dossier is None:
            raise NotFoundError("dossier", key)
        actor.require_sight(dossier.unit, "dossier", key)
        if dossier.trashed is not None and not actor.may(Right.CURATE, dossier.unit):
            raise InTrashError(dossier.code)
        return dossier

    # Changing

    def check(self, kind: str, raw: str) -> CheckedValue:
        """Check a value as the reader does, for a form that tells while one types.

        Raises:
            InvalidInputError: There is no such kind of value.
        """
        try:
            return check_value(Kind(kind), raw)
        except ValueError as error:
            raise InvalidInputError("kind", f"There is no kind of value {kind!r}.", code="bad-kind") from error

    def create(
        self,
        actor: Actor,
        *,
        type: str,
        unit: str,
        fields: Mapping[str, str],
        title: str | None = None,
        tags: Sequence[str] = (),
        state: DossierState = DossierState.ACTIVE,
        dossier_id: str | None = None,
    ) -> Dossier:
        """Make a dossier by hand.

        Args:
            dossier_id: Id of a dossier that may have been made already, which is then returned as it is.

        Raises:
            InvalidInputError: The unit does not exist, or a required field is empty where the state is not draft.
        """
        actor.require(Right.CURATE, unit)
        self._accounts.require_unit(unit)
        dossier_type = self._types.get(type)
        values = {name: self._typed(actor, dossier_type, name, raw) for name, raw in fields.items() if raw.strip()}
        return self.add(actor, dossier_id or new_id(), dossier_type, unit, values, title=title, tags=tags, state=state)

    def add(
        self,
        actor: Actor,
        dossier_id: str,
        dossier_type: DossierType,
        unit: str,
        values: Mapping[str, FieldValue],
        *,
        title: str | None = None,
        tags: Sequence[str] = (),
        state: DossierState = DossierState.ACTIVE,
        attachment: Attachment | None = None,
        action: str = "created",
    ) -> Dossier:
        """Store a new dossier with its code and first version; the same id again returns the stored one."""
        stored = self._store.by_id(dossier_id)
        if stored is not None:
            return stored
        _require_fields(dossier_type, values, state)
        now = utc_now()
        dossier = Dossier(
            id=dossier_id,
            code=self._new_code(unit, now.year),
            type=dossier_type.name,
            type_version=dossier_type.version,
            title=_checked_title(title) or title_from(values) or UNTITLED,
            unit=unit,
            state=state,
            fields=dict(values),
            tags=_checked_tags(tags),
            attachments=(attachment,) if attachment else (),
            created_at=now,
            created_by=actor.name,
            changed_at=now,
            changed_by=actor.name,
        )
        if not self._store.insert(dossier, self._version(actor, None, dossier, action)):
            stored = self._store.by_id(dossier_id)
            assert stored is not None  # its id is taken
            return stored
        self._audit.record(actor, "dossier.create", "dossier", dossier.id, unit=unit, code=dossier.code)
        self._queue.index_pending()
        return dossier

    def update(
        self,
        actor: Actor,
        key: str,
        *,
        revision: int,
        fields: Mapping[str, str | None] | None = None,
        title: str | None = None,
        tags: Sequence[str] | None = None,
        state: DossierState | None = None,
        type: str | None = None,
    ) -> Dossier:
        """Change what is given and leave the rest.

        Args:
            revision: The revision that was shown; a later one is never overwritten.
            fields: New texts by field name; None or an empty text takes the field away. A text equal to the present
                one leaves value and provenance alone.

        Raises:
            StaleRevisionError: Somebody else changed the dossier meanwhile.
            InvalidInputError: A required field would be empty, or an input cannot be kept.
        """
        dossier = self._require(actor, key)
        actor.require(Right.CURATE, dossier.unit)
        if dossier.revision != revision:
            raise StaleRevisionError("dossier", dossier.code)
        dossier_type = self._types.get(type or dossier.type)
        values = dict(dossier.fields)
        for name, raw in (fields or {}).items():
            if raw is None or not raw.strip():
                values.pop(name, None)
            elif name not in values or raw.strip() not in {values[name].text, values[name].raw}:
                values[name] = self._typed(actor, dossier_type, name, raw)
        new_state = state or dossier.state
        _require_fields(dossier_type, values, new_state)
        new_title = _checked_title(title)
        if new_title is None:
            follows = dossier.title in {title_from(dossier.fields), UNTITLED}
            new_title = (title_from(values) if follows else None) or dossier.title
        changes = {
            "fields": values,
            "title": new_title,
            "tags": dossier.tags if tags is None else _checked_tags(tags),
            "state": new_state,
            "type": dossier_type.name,
            "type_version": dossier_type.version,
        }
        if all(getattr(dossier, name) == value for name, value in changes.items()):
            return dossier
        return self.put(actor, dossier, changes, "edited")

    def put(self, actor: Actor, dossier: Dossier, changes: Mapping[str, Any], action: str) -> Dossier:
        """Store a changed dossier as the next revision, with its version, and have it indexed."""
        changed = dossier.model_copy(
            update={
                **changes,
                "revision": dossier.revision + 1,
                "changed_at": utc_now(),
                "changed_by": actor.name,
            }
        )
        self._store.replace(changed, self._version(actor, dossier, changed, action))
        self._audit.record(
            actor, f"dossier.{action}", "dossier", dossier.id, unit=dossier.unit, revision=str(changed.revision)
        )
        self._queue.index_pending()
        return changed

    # The trash

    def put_into_trash(self, actor: Actor, key: str, *, reason: str, revision: int) -> Dossier:
        """Put a dossier that was made in error out of everybody's sight. It is kept whole, and its code is not given again.

        Raises:
            InvalidInputError: No reason is given.
            StaleRevisionError: Somebody changed the dossier meanwhile.
        """
        dossier = self._require(actor, key)
        actor.require(Right.CURATE, dossier.unit)
        if not reason.strip():
            raise InvalidInputError("reason", "Say why the dossier goes into the trash.", code="required")
        if dossier.revision != revision:
            raise StaleRevisionError("dossier", dossier.code)
        trashed = Trashed(at=utc_now(), user_name=actor.name, reason=reason.strip()[:_REASON_LENGTH])
        return self.put(actor, dossier, {"trashed": trashed}, "trashed")

    def bring_back(self, actor: Actor, key: str) -> Dossier:
        """Take a dossier out of the trash; one that is not there stays as it is."""
        dossier = self._require_even_trashed(actor, key)
        actor.require(Right.CURATE, dossier.unit)
        return dossier if dossier.trashed is None else self.put(actor, dossier, {"trashed": None}, "untrashed")

    def trash(self, actor: Actor, *, after: str | None = None, limit: int = 50) -> Page[Dossier]:
        """Return the dossiers in the trash of the actor's units, those last put there first, with masked values."""
        actor.require(Right.CURATE)
        page = self._store.in_trash(actor.units, after=after, limit=limit)
        masked = (mask_dossier(dossier, self._types.get(dossier.type)) for dossier in page.items)
        return Page(tuple(masked), page.next)

    # Notes and former versions

    def add_note(self, actor: Actor, key: str, text: str) -> Dossier:
        """Add a remark; who may see the dossier and review may add one."""
        dossier = self._require(actor, key)
        if not actor.may(Right.REVIEW_OWN, dossier.unit):
            actor.require(Right.CURATE, dossier.unit)
        if not text.strip():
            raise InvalidInputError("text", "The note is empty.", code="required")
        note = Note(text=text.strip()[:_NOTE_LENGTH], at=utc_now(), user_id=actor.user_id, user_name=actor.name)
        return self.put(actor, dossier, {"notes": (*dossier.notes, note)}, "noted")

    def restore(self, actor: Actor, key: str, revision: int) -> Dossier:
        """Bring fields, title, tags, type and state of a former version back, as a new version.

        Notes and attachments stay: what was added since is not taken away.
        """
        dossier = self._require(actor, key)
        actor.require(Right.CURATE, dossier.unit)
        former = self._snapshot(dossier, revision)
        kept = ("fields", "title", "tags", "type", "type_version", "state")
        return self.put(actor, dossier, {name: getattr(former, name) for name in kept}, "restored")

    def _typed(self, actor: Actor, dossier_type: DossierType, name: str, raw: str) -> FieldValue:
        provenance = Provenance(by="user", user_id=actor.user_id, user_name=actor.name, at=utc_now())
        return checked_value(dossier_type, name, raw, provenance)

    def _new_code(self, unit: str, year: int) -> str:
        class_key = f"{self._settings.fonds}-ZY·KH·{year}-{self._settings.retention_term}"
        number = self._store.allot_number(class_key)
        return f"{class_key}-{number:04d}"

    def _version(self, actor: Actor, before: Dossier | None, after: Dossier, action: str) -> DossierVersion:
        return DossierVersion(
            dossier_id=after.id,
            revision=after.revision,
            at=after.changed_at,
            user_name=actor.name,
            action=action,
            changes=changes_between(before, after),
            snapshot=after,
        )


UNTITLED = "（无题 / untitled）"
"""Title of a dossier that has neither a name nor a company."""


def checked_value(dossier_type: DossierType, name: str, raw: str, provenance: Provenance) -> FieldValue:
    """Return a field value with what the validator of the field's kind says of it.

    Raises:
        InvalidInputError: The text or the name cannot be kept.
    """
    if len(raw) > VALUE_LENGTH:
        raise InvalidInputError(name, f"A value has at most {VALUE_LENGTH} characters.", code="too-long")
    if not name or len(name) > 100 or set(name) & set(".$\0"):
        raise InvalidInputError("name", "A field's name has 1 to 100 characters, without dots and $.", code="bad-name")
    spec = dossier_type.field(name)
    checked = check_value(Kind(spec.kind) if spec else Kind.TEXT, raw)
    return FieldValue(
        name=name,
        raw=raw.strip(),
        normalised=checked.normalised,
        valid=checked.valid,
        problems=checked.problems,
        provenance=provenance,
    )


def title_from(values: Mapping[str, FieldValue]) -> str | None:
    """Return the title that the fields give: the name, else the company, else the contact."""
    return next((values[name].text[:_TITLE_LENGTH] for name in TITLE_FIELDS if name in values), None)


def normalise_code(code: str) -> str:
    """Return a code (档号) with the dots that keyboards and forms use for its middle dot made into it."""
    return code.strip().upper().translate(str.maketrans("•・．‧∙", "·····"))


def _require_fields(dossier_type: DossierType, values: Mapping[str, FieldValue], state: DossierState) -> None:
    if state is DossierState.DRAFT:
        return
    for field in dossier_type.fields:
        if field.required and field.name not in values:
            raise InvalidInputError(
                field.name, f"The field {field.name!r} is required; save a draft to fill it in later.", code="required"
            )


def _checked_title(title: str | None) -> str | None:
    return title.strip()[:_TITLE_LENGTH] or None if title else None


def _checked_tags(tags: Sequence[str]) -> tuple[str, ...]:
    cleaned = dict.fromkeys(" ".join(tag.split())[:_TAG_LENGTH] for tag in tags if tag.strip())
    if len(cleaned) > _MOST_TAGS:
        raise InvalidInputError("tags", f"A dossier has at most {_MOST_TAGS} tags.", code="too-many")
    return tuple(cleaned)
