"""Keeping the search index in step with the database."""

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from archive.access import Actor, Right
from archive.accounts import Accounts
from archive.dossier import Dossier, DossierState
from archive.dossier_type import DossierType
from archive.errors import SearchFailedError
from archive.mongo.dossiers import DossierStore
from archive.mongo.scans import ScanStore
from archive.scans.redaction import split_page_text
from archive.type_catalogue import TypeCatalogue
from ocr import Kind, address_parts
from search import IndexedPage, IndexedValue, IndexEntry, SearchEngine, SearchError, ValueKind

log = logging.getLogger(__name__)

BATCH = 200
HIDDEN_PAGE_KEY = "page_hidden"
"""Key of page text that shows sensitive values."""

_VALUE_KINDS: dict[str, ValueKind] = {
    Kind.NAME: "name",
    Kind.COMPANY: "name",
    Kind.DATE: "date",
    Kind.BIRTH_DATE: "date",
    Kind.AMOUNT: "number",
    Kind.NUMBER: "number",
    Kind.ID_NUMBER: "code",
    Kind.USCC: "code",
    Kind.PHONE: "code",
    Kind.MOBILE: "code",
    Kind.POSTCODE: "code",
    Kind.BANK_CARD: "code",
    Kind.BANK_ACCOUNT: "code",
    Kind.PASSPORT: "code",
    Kind.TRAVEL_PERMIT: "code",
    Kind.ORGANISATION_CODE: "code",
    Kind.BUSINESS_LICENCE: "code",
}

ADDRESS_LEVELS: dict[str, tuple[str, str]] = {
    "province": ("省份", "Province"),
    "city": ("城市", "City"),
    "county": ("区县", "County"),
}
"""The levels of a Chinese address that can be searched by themselves, with what people call them in Chinese and English."""

STATE_NAMES: dict[DossierState, tuple[str, str]] = {
    DossierState.DRAFT: ("草稿", "Draft"),
    DossierState.ACTIVE: ("正常", "Active"),
    DossierState.CLOSED: ("已关闭", "Closed"),
}
"""What people call a dossier's state, in Chinese and English, as the pages write it."""


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """What a comparison of index and database found, as numbers of dossiers.

    Attributes:
        missing: In the database only.
        stale: In both, but different.
        surplus: In the index only.
        mended: How many of these were put right.
    """

    checked: int
    missing: int
    stale: int
    surplus: int
    mended: int


class Indexer:
    """Writes index entries for the dossiers that are marked, compares, and rebuilds."""

    def __init__(
        self,
        engine: SearchEngine,
        store: DossierStore,
        scans: ScanStore,
        types: TypeCatalogue,
        accounts: Accounts,
        zone: ZoneInfo,
    ) -> None:
        self._engine = engine
        self._store = store
        self._scans = scans
        self._types = types
        self._accounts = accounts
        self._zone = zone
        self._turn = threading.Lock()

    def index_pending(self) -> int:
        """Write the entries of all dossiers that changed since they were last indexed; return how many.

        Those in the trash leave the index.

        Raises:
            SearchFailedError: The index does not answer; the marks stay, and a sweep tries again.
        """
        indexed = 0
        with self._turn:
            self._prepare()
            while ids := self._store.pending_ids(BATCH):
                dossiers = list(self._store.by_ids(ids, trashed=True).values())
                self._put(self._entries([dossier for dossier in dossiers if dossier.trashed is None]))
                self._remove([dossier.id for dossier in dossiers if dossier.trashed is not None])
                self._store.mark_indexed({dossier.id: dossier.revision for dossier in dossiers})
                indexed += len(dossiers)
        return indexed

    def _prepare(self) -> None:
        """Build the index anew where there is none, or one of another version of the program."""
        try:
            if not self._engine.is_ready():
                self._engine.rebuild(self._all_entries())
        except SearchError as error:
            raise SearchFailedError(f"The index cannot be prepared: {error.code}.") from error

    def _put(self, entries: Iterable[IndexEntry]) -> None:
        try:
            self._engine.put(entries)
        except SearchError as error:
            raise SearchFailedError(f"The index took no entries: {error.code}.") from error

    def _remove(self, dossier_ids: Sequence[str]) -> None:
        if not dossier_ids:
            return
        try:
            self._engine.remove(dossier_ids)
        except SearchError as error:
            raise SearchFailedError(f"The index let no entries go: {error.code}.") from error

    def rebuild(self, actor: Actor) -> int:
        """Build the whole index anew beside the present one, and swap; return the number of entries."""
        actor.require(Right.OPERATE)
        try:
            return self._engine.rebuild(self._all_entries())
        except SearchError as error:
            raise SearchFailedError(f"The index was not rebuilt: {error.code}; the former one is kept.") from error

    def renew(self) -> bool:
        """Build the index anew where it has grown to several times what it was built of; return whether.

        Raises:
            SearchFailedError: The index does not answer; it is tried again with the next turn.
        """
        try:
            if not self._engine.is_outgrown():
                return False
            log.info("the index has outgrown itself and is built anew")
            self._engine.rebuild(self._all_entries())
        except SearchError as error:
            raise SearchFailedError(f"The index was not renewed: {error.code}; the present one is kept.") from error
        return True

    def verify(self, actor: Actor, *, repair: bool = True) -> IndexCheck:
        """Compare every dossier with its entry, and mend what differs."""
        actor.require(Right.OPERATE)
        checked, missing, stale, known = 0, [], [], set()
        try:
            for dossiers in _batches(self._store.all(), BATCH):
                entries = {entry.id: entry for entry in self._entries(dossiers)}
                digests = self._engine.digests(list(entries))
                known |= set(entries)
                checked += len(entries)
                missing += [dossier_id for dossier_id in entries if dossier_id not in digests]
                stale += [each for each, digest in digests.items() if entries[each].digest != digest]
            surplus = [dossier_id for dossier_id, _ in self._engine.all_digests() if dossier_id not in known]
            # A dossier made while this ran is not surplus.
            made_meanwhile = self._store.by_ids(surplus) if surplus else {}
            surplus = [each for each in surplus if each not in made_meanwhile]
            mended = 0
            if repair:
                self._store.mark_pending([*missing, *stale])
                mended = self.index_pending() if missing or stale else 0
                self._engine.remove(surplus)
                mended += len(surplus)
        except SearchError as error:
            raise SearchFailedError(f"The index does not answer: {error.code}.") from error
        return IndexCheck(checked, len(missing), len(stale), len(surplus), mended)

    def _all_entries(self) -> Iterator[IndexEntry]:
        for dossiers in _batches(self._store.all(), BATCH):
            yield from self._entries(dossiers)

    def _entries(self, dossiers: Sequence[Dossier]) -> Iterator[IndexEntry]:
        types = {dossier_type.name: dossier_type for dossier_type in self._types.all()}
        units = {unit.id: (unit.name_zh, unit.name_en) for unit in self._accounts.all_units()}
        scan_ids = [attachment.scan_id for dossier in dossiers for attachment in dossier.attachments]
        scans = {scan.id: scan for scan in self._scans.by_ids(scan_ids)}
        texts: dict[str, list[tuple[int, str, str]]] = {}
        for page in self._scans.pages(scan_ids):
            if page.scan_id in scans:
                open_text, hidden_text = split_page_text(scans[page.scan_id], page)
                texts.setdefault(page.scan_id, []).append((page.number, open_text, hidden_text))
        for dossier in dossiers:
            unit_names = units.get(dossier.unit, ())
            yield index_entry(dossier, types[dossier.type], texts, unit_names=unit_names, zone=self._zone)


def index_entry(
    dossier: Dossier,
    dossier_type: DossierType,
    texts: dict[str, list[tuple[int, str, str]]],
    *,
    unit_names: tuple[str, ...],
    zone: ZoneInfo,
) -> IndexEntry:
    """Return what the index holds of a dossier.

    Args:
        texts: For each attached scan its pages: number, text for everybody, text that takes the right to reveal.
        unit_names: What people call the dossier's unit.
        zone: The time zone of the archive, in which days and years are meant.
    """
    values = [_indexed_value(dossier_type, name, value.text) for name, value in dossier.fields.items()]
    values += _address_levels(dossier, dossier_type)
    pages = []
    for attachment in dossier.attachments:
        for number, open_text, hidden_text in texts.get(attachment.scan_id, []):
            pages.append(IndexedPage(attachment.scan_id, number, open_text))
            if hidden_text:
                values.append(IndexedValue(HIDDEN_PAGE_KEY, HIDDEN_PAGE_KEY, hidden_text, "code", sensitive=True))
    return IndexEntry(
        id=dossier.id,
        code=dossier.code,
        aliases=dossier.aliases,
        title=dossier.title,
        type=dossier.type,
        unit=dossier.unit,
        state=dossier.state.value,
        tags=dossier.tags,
        year=dossier.created_at.astimezone(zone).year,
        created_at=dossier.created_at.astimezone(zone),
        changed_at=dossier.changed_at.astimezone(zone),
        values=tuple(values),
        pages=tuple(pages),
        notes=tuple(note.text for note in dossier.notes),
        revision=dossier.revision,
        type_names=(dossier_type.label_zh, dossier_type.label_en),
        unit_names=unit_names,
        state_names=STATE_NAMES[dossier.state],
    )


def _indexed_value(dossier_type: DossierType, name: str, text: str) -> IndexedValue:
    spec = dossier_type.field(name)
    if spec is None:
        return IndexedValue(name, name, text)
    kind = _VALUE_KINDS.get(spec.kind, "text")
    return IndexedValue(name, spec.label_zh, text, kind, spec.sensitive, (spec.label_en, *spec.printed_labels))


def _address_levels(dossier: Dossier, dossier_type: DossierType) -> list[IndexedValue]:
    """The province, city and county of each Chinese address, so that ``省:广东`` finds who lives there.

    What is masked is not taken apart: its levels would tell a part of it.
    """
    levels: dict[tuple[str, str], IndexedValue] = {}
    for name, value in dossier.fields.items():
        spec = dossier_type.field(name)
        if spec is None or spec.kind != Kind.ADDRESS or spec.sensitive:
            continue
        parts = address_parts(value.text)
        for key, (label_zh, label_en) in ADDRESS_LEVELS.items() if parts is not None else ():
            text = getattr(parts, key)
            if text:
                levels[key, text] = IndexedValue(key, label_zh, text, names=(label_en,))
    return list(levels.values())


def _batches(dossiers: Iterable[Dossier], size: int) -> Iterator[list[Dossier]]:
    batch: list[Dossier] = []
    for dossier in dossiers:
        batch.append(dossier)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
