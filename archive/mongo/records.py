"""The documents as the database holds them: the domain's values plus what only storage needs, and their indexes."""

from datetime import datetime
from typing import Any, ClassVar, Self

from beanie import Document
from pydantic import BaseModel, Field
from pymongo import ASCENDING, IndexModel

from archive.access import Role
from archive.dossier import Change, Dossier, DossierVersion, identity_keys
from archive.dossier_type import DossierType
from archive.finding.name_list import ListAnswer, NameList
from archive.finding.question import RecentSearch, SavedSearch, SearchSight
from archive.forms.registered_form import LabelHint, RegisteredForm, Trial, ZoneFigures
from archive.scans.scan import RefusedFile, Scan, ScanPage
from archive.values import new_id


def _index(*keys: str, unique: bool = False) -> IndexModel:
    return IndexModel([(key, ASCENDING) for key in keys], name="_".join(keys), unique=unique)


class Record(Document, extra="ignore"):  # type: ignore[call-arg]  # pydantic takes its configuration here
    """A stored document; unknown keys of a newer version are ignored, not fatal."""

    id: str = Field(default_factory=new_id)  # type: ignore[assignment]  # Beanie leaves the type of the id open

    @classmethod
    def of(cls, value: BaseModel, **storage: Any) -> Self:
        """Wrap a domain value, with the storage keys beside it."""
        return cls(**{**value.model_dump(), **storage})

    def to_value(self) -> Any:
        """Return the domain value without the storage keys."""
        value_type: type[BaseModel] = self.Settings.value_type
        return value_type.model_validate(self.model_dump(include=set(value_type.model_fields)))


class DossierRecord(Dossier, Record, frozen=False, extra="ignore"):
    """A dossier with the keys that find it again.

    Attributes:
        identity_keys: See ``archive.dossier.identity_keys``.
        index_pending: Set by the write that changed the dossier, cleared once the search index has it.
        trashed_at: When it was put into the trash; None where it is not there.
        last_action: What led to this revision; with ``last_changes`` and the dossier itself, its version.
    """

    trashed_at: datetime | None = None
    identity_keys: list[str] = Field(default_factory=list)
    all_codes: list[str] = Field(default_factory=list)
    index_pending: bool = True
    last_action: str
    last_changes: list[Change]

    @classmethod
    def of_dossier(cls, dossier: Dossier, version: DossierVersion) -> Self:
        """Wrap a changed dossier: its keys are made anew and the index has to follow."""
        return cls.of(
            dossier,
            trashed_at=dossier.trashed.at if dossier.trashed else None,
            identity_keys=[] if dossier.trashed else list(identity_keys(dossier.fields)),
            all_codes=[dossier.code, *dossier.aliases],
            index_pending=True,
            last_action=version.action,
            last_changes=version.changes,
        )

    def to_version(self) -> DossierVersion:
        """Return the version that this revision is."""
        return DossierVersion(
            dossier_id=self.id,
            revision=self.revision,
            at=self.changed_at,
            user_name=self.changed_by,
            action=self.last_action,
            changes=tuple(self.last_changes),
            snapshot=self.to_value(),
        )

    class Settings:
        """Collection and indexes."""

        name = "dossiers"
        value_type = Dossier
        indexes: ClassVar = [
            _index("all_codes", unique=True),
            _index("identity_keys"),
            _index("index_pending"),
            _index("attachments.scan_id"),
            _index("trashed_at"),
        ]


class DossierVersionRecord(DossierVersion, Record, frozen=False, extra="ignore"):
    """A former state of a dossier; the id is ``<dossier>:<revision>``, so writing it twice changes nothing."""

    class Settings:
        """Collection and indexes."""

        name = "dossier_versions"
        value_type = DossierVersion
        indexes: ClassVar = [_index("dossier_id")]


class DossierTypeRecord(DossierType, Record, frozen=False, extra="ignore"):
    """The current version of a dossier type; the id is its name.

    Attributes:
        dossiers_pending: Set by the write that changed the type, cleared once its dossiers are marked for the index.
    """

    dossiers_pending: bool = False

    class Settings:
        """Collection and indexes."""

        name = "dossier_types"
        value_type = DossierType


class ScanRecord(Scan, Record, frozen=False, extra="ignore"):
    """A scan with what keeps it from being read or filed twice.

    Attributes:
        dedupe_key: Unit and SHA-256.
        lease_until: Until when whoever claimed the scan, to read it or to file it, may work on it.
        claimed_by: Which worker or user that is.
    """

    dedupe_key: str
    lease_until: datetime | None = None
    claimed_by: str | None = None

    class Settings:
        """Collection and indexes."""

        name = "scans"
        value_type = Scan
        indexes: ClassVar = [
            _index("dedupe_key", unique=True),
            _index("receipt", unique=True),
            _index("state"),
            _index("batch_id"),
            _index("received_at"),
        ]


class ScanPageRecord(ScanPage, Record, frozen=False, extra="ignore"):
    """The words of one page; the id is ``<scan>:<number>``. A collection of its own: a document holds 16 MB at most."""

    class Settings:
        """Collection and indexes."""

        name = "scan_pages"
        value_type = ScanPage
        indexes: ClassVar = [_index("scan_id")]


class RefusedFileRecord(RefusedFile, Record, frozen=False, extra="ignore"):
    """A file that was not taken in."""

    class Settings:
        """Collection and indexes."""

        name = "refused_files"
        value_type = RefusedFile
        indexes: ClassVar = [_index("batch_id"), _index("at")]


class UserRecord(Record):
    """A user's account. The password is kept as an argon2 hash only; tokens as SHA-256."""

    username: str
    name: str
    roles: list[Role]
    units: list[str]
    locale: str | None = None
    theme: str | None = None
    active: bool = True
    password_hash: str | None = None
    session_stamp: str = Field(default_factory=new_id)
    token_hash: str | None = None
    token_expires: datetime | None = None
    created_at: datetime

    class Settings:
        """Collection and indexes."""

        name = "users"
        indexes: ClassVar = [_index("username", unique=True), _index("token_hash")]


class UnitRecord(Record):
    """A part of the office; the id is a short code."""

    name_zh: str
    name_en: str

    class Settings:
        """Collection and indexes."""

        name = "units"


class AuditEventRecord(Record):
    """Who did what; ``hash`` covers the event and the hash before it."""

    seq: int
    at: datetime
    actor_id: str
    actor_name: str
    action: str
    object_kind: str
    object_id: str
    unit: str | None = None
    detail: dict[str, str] = Field(default_factory=dict)
    address: str = ""
    previous_hash: str
    hash: str

    class Settings:
        """Collection and indexes."""

        name = "audit_events"
        indexes: ClassVar = [_index("seq", unique=True), _index("at")]


class CounterRecord(Record):
    """A number that only grows, and where needed a text that goes with it (the audit chain's last hash)."""

    value: int = 0
    text: str = ""

    class Settings:
        """Collection and indexes."""

        name = "counters"


class LeaseRecord(Record):
    """Whose turn a recurring work is, and until when; the id is the work's name."""

    holder: str
    until: datetime

    class Settings:
        """Collection and indexes."""

        name = "leases"


class BackupRecord(Record):
    """The last backup that was made whole; there is one such document."""

    name: str
    ended: datetime
    missing_files: int = 0

    class Settings:
        """Collection and indexes."""

        name = "backups"


class SavedSearchRecord(SavedSearch, Record, frozen=False, extra="ignore"):
    """A saved search."""

    class Settings:
        """Collection and indexes."""

        name = "saved_searches"
        value_type = SavedSearch
        indexes: ClassVar = [_index("owner_id"), _index("unit")]


class SearchSightRecord(SearchSight, Record, frozen=False, extra="ignore"):
    """What one user makes of one saved search; the id is ``<search>:<user>``."""

    class Settings:
        """Collection and indexes."""

        name = "search_sights"
        value_type = SearchSight
        indexes: ClassVar = [_index("user_id"), _index("search_id")]


class RecentSearchesRecord(Record):
    """The last searches of a user, whose id it has."""

    searches: list[RecentSearch]

    class Settings:
        """Collection and indexes."""

        name = "recent_searches"


class NameListRecord(NameList, Record, frozen=False, extra="ignore"):
    """A list of names or numbers to be looked up."""

    class Settings:
        """Collection and indexes."""

        name = "name_lists"
        value_type = NameList
        indexes: ClassVar = [_index("owner_id"), _index("created_at")]


class ListStretchRecord(Record):
    """The answers to some lines of a list; the id is ``<list>:<first line>``, so writing it twice changes nothing.

    Attributes:
        start: Index of the first line, from 0.
    """

    list_id: str
    start: int
    answers: list[ListAnswer]

    class Settings:
        """Collection and indexes."""

        name = "name_list_answers"
        indexes: ClassVar = [_index("list_id")]


class FormRecord(RegisteredForm, Record, frozen=False, extra="ignore"):
    """A form template."""

    class Settings:
        """Collection and indexes."""

        name = "form_templates"
        value_type = RegisteredForm
        indexes: ClassVar = [_index("state")]


class TrialRecord(Trial, Record, frozen=False, extra="ignore"):
    """A form template tried on a scan; the id is the template's."""

    class Settings:
        """Collection and indexes."""

        name = "form_trials"
        value_type = Trial
        indexes: ClassVar = [_index("done"), _index("begun_at")]


class ZoneFiguresRecord(ZoneFigures, Record, frozen=False, extra="ignore"):
    """How well a zone was read; the id is ``<template>:<zone>``."""

    class Settings:
        """Collection and indexes."""

        name = "form_figures"
        value_type = ZoneFigures
        indexes: ClassVar = [_index("form_id")]


class LabelHintRecord(LabelHint, Record, frozen=False, extra="ignore"):
    """A label that reviewers took for a field."""

    class Settings:
        """Collection and indexes."""

        name = "label_hints"
        value_type = LabelHint
        indexes: ClassVar = [_index("state")]


RECORDS: tuple[type[Record], ...] = (
    DossierRecord,
    DossierVersionRecord,
    DossierTypeRecord,
    ScanRecord,
    ScanPageRecord,
    RefusedFileRecord,
    UserRecord,
    UnitRecord,
    AuditEventRecord,
    CounterRecord,
    LeaseRecord,
    BackupRecord,
    SavedSearchRecord,
    SearchSightRecord,
    RecentSearchesRecord,
    NameListRecord,
    ListStretchRecord,
    FormRecord,
    TrialRecord,
    ZoneFiguresRecord,
    LabelHintRecord,
)
