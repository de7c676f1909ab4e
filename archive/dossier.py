"""The dossier and what it is made of. Pure: no I/O."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from archive.values import BoxTuple, Value, as_written, new_id


class Provenance(Value):
    """Where a value came from.

    Attributes:
        by: Whether a person typed the value or a reader read it.
        user_id: Who typed it, or who was at work when it was read.
        user_name: The name of that user at the time.
        at: When, in UTC.
        scan_id: The scan it was read from.
        page: The page of that scan, from 1.
        box: Where on that page, in pixels of the page as received.
        engine: The reader and its version.
        confidence: The reader's confidence, 0.0 to 1.0.
        confirmed_by: The name of who confirmed the value that was read.
        confirmed_at: When that was.
    """

    by: Literal["user", "reading"]
    user_id: str
    user_name: str
    at: datetime
    scan_id: str | None = None
    page: int | None = None
    box: BoxTuple | None = None
    engine: str | None = None
    confidence: float | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None

    @property
    def is_human(self) -> bool:
        """Whether a person typed or confirmed the value, so that no machine may replace it."""
        return self.by == "user" or self.confirmed_by is not None


class FieldValue(Value):
    """One value of a dossier, with what the validator found and where it came from."""

    name: str
    raw: str
    normalised: str | None = None
    valid: bool = True
    problems: tuple[str, ...] = ()
    provenance: Provenance

    @property
    def text(self) -> str:
        """What is shown: the normalised value, or the raw one where it could not be normalised."""
        return as_written(self.normalised or self.raw)


class Note(Value):
    """A remark of a user on a dossier."""

    id: str = Field(default_factory=new_id)
    text: str
    at: datetime
    user_id: str
    user_name: str


class Attachment(Value):
    """A file that belongs to a dossier: here always a scan that was filed."""

    id: str = Field(default_factory=new_id)
    scan_id: str
    filename: str
    media_type: str
    size_bytes: int
    sha256: str
    page_count: int
    at: datetime
    user_name: str


class DossierState(StrEnum):
    """Where a dossier stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    CLOSED = "closed"


class Trashed(Value):
    """That a dossier was put into the trash: when, by whom, and why."""

    at: datetime
    user_name: str
    reason: str


class Dossier(Value):
    """Everything the office keeps about one customer.

    Attributes:
        trashed: Where it is in the trash: found by nobody, changed by nobody, and kept.
    """

    id: str = Field(default_factory=new_id)
    code: str
    aliases: tuple[str, ...] = ()
    type: str
    type_version: int = 1
    title: str
    unit: str
    state: DossierState = DossierState.ACTIVE
    fields: dict[str, FieldValue] = Field(default_factory=dict)
    tags: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    trashed: Trashed | None = None
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str
    revision: int = 1


class Change(Value):
    """One difference between two versions; ``field`` is a field's name, or a part: title, tags, state, unit, attachment..."""

    field: str
    before: str | None
    after: str | None


class DossierVersion(Value):
    """A dossier as it stood after one change.

    Attributes:
        action: What was done: created, edited, filed, noted, restored, taken-out, trashed, untrashed.
    """

    dossier_id: str
    revision: int
    at: datetime
    user_name: str
    action: str
    changes: tuple[Change, ...]
    snapshot: Dossier


def changes_between(before: Dossier | None, after: Dossier) -> tuple[Change, ...]:
    """List what differs, field by field; ``before`` is None for a new dossier."""

    def flat(dossier: Dossier | None) -> dict[str, str]:
        if dossier is None:
            return {}
        flat = {
            "title": dossier.title,
            "type": dossier.type,
            "state": dossier.state.value,
            "unit": dossier.unit,
            "tags": ", ".join(dossier.tags),
            "trash": dossier.trashed.reason if dossier.trashed else "",
        }
        flat |= {f"field:{name}": value.text for name, value in dossier.fields.items()}
        flat |= {f"note:{note.id}": note.text for note in dossier.notes}
        flat |= {f"attachment:{item.id}": item.filename for item in dossier.attachments}
        return flat

    old, new = flat(before), flat(after)
    keys = [*new, *(key for key in old if key not in new)]
    return tuple(
        Change(field=_change_name(key), before=old.get(key) or None, after=new.get(key) or None)
        for key in keys
        if (old.get(key) or None) != (new.get(key) or None)
    )


def _change_name(key: str) -> str:
    kind, _, name = key.partition(":")
    return name if kind == "field" else kind


def identity_keys(fields: Mapping[str, FieldValue]) -> tuple[str, ...]:
    """Return the keys by which another scan of the same customer is recognised.

    ID number, USCC and mobile stand alone; a name counts with the birth date, and alone as the weakest sign.
    """

    def text(name: str) -> str:
        value = fields.get(name)
        return (value.text if value else "").strip()

    keys = [f"{name}:{text(name).upper()}" for name in ("id_number", "uscc", "passport_number") if text(name)]
    keys += sorted({f"phone:{text(name)}" for name in ("mobile", "phone") if text(name)})
    for name in ("name", "company"):
        if text(name):
            folded = "".join(text(name).split()).casefold()
            keys.append(f"{name}:{folded}")
            if name == "name" and text("birth_date"):
                keys.append(f"name-birth:{folded}|{text('birth_date')}")
    return tuple(keys)
