"""Finding dossiers: every list of dossiers is a search, with the actor's rights as part of the query."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from archive.access import Actor, Right
from archive.accounts import Accounts
from archive.audit import AuditTrail
from archive.dossier import Dossier
from archive.dossier_type import DossierType
from archive.dossiers import mask_dossier, normalise_code
from archive.errors import InvalidInputError
from archive.indexing import HIDDEN_PAGE_KEY
from archive.intake import may_see_pages
from archive.mongo.dossiers import DossierStore
from archive.mongo.scans import ScanStore
from archive.redaction import may_see_all, words_to_hide
from archive.scan import PageWord, Scan, ScanPage
from archive.type_catalogue import TypeCatalogue
from archive.values import BoxTuple, as_written
from ocr import Kind, check_value
from search import (
    Hit,
    ResultPage,
    Scope,
    SearchEngine,
    SearchError,
    SearchQuery,
    Snippet,
    Sort,
    UnknownFacetError,
    find_spans,
)

_SUMMARY_FIELDS = ("id_number", "uscc", "mobile", "phone", "birth_date", "company", "contact_person", "address")
_SUMMARY_LENGTH = 4
MOST_HITS = 100


@dataclass(frozen=True, slots=True)
class LookupQuery:
    """What a user asks for.

    Attributes:
        filters: Facet (type, unit, tag, state, year) to chosen values.
        sort: relevance, changed_at, created_at, title, code or year.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "relevance"
    descending: bool = True
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class FacetBucket:
    """One value to narrow the result by."""

    value: str
    label_zh: str
    label_en: str
    count: int
    chosen: bool

    def label(self, locale: str) -> str:
        """Return the label in the language of ``locale``."""
        return self.label_zh if locale.startswith("zh") else self.label_en


@dataclass(frozen=True, slots=True)
class FoundSnippet:
    """Text of the dossier that matches; ``spans`` are character offsets into ``text``."""

    key: str
    label_zh: str
    label_en: str
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A scanned page that matches, with the boxes to draw on it, in pixels of the page as received."""

    scan_id: str
    number: int
    boxes: tuple[BoxTuple, ...]


@dataclass(frozen=True, slots=True)
class DossierSummary:
    """A dossier as a line of a list.

    Attributes:
        dossier: The dossier, sensitive values masked.
        summary: The most telling fields: label zh, label en, text.
    """

    dossier: Dossier
    type: DossierType
    summary: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class FoundDossier:
    """One hit."""

    summary: DossierSummary
    score: float
    snippets: tuple[FoundSnippet, ...]
    pages: tuple[FoundPage, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer.

    Attributes:
        vanished: Hits that the database no longer has; the index follows in a moment.
        degraded: The index does not answer: only exact codes, names and numbers were looked up.
    """

    query: LookupQuery
    total: int
    hits: tuple[FoundDossier, ...]
    facets: dict[str, tuple[FacetBucket, ...]]
    took_ms: float
    vanished: int = 0
    degraded: bool = False


class Lookup:
    """Finds dossiers and the places on their scans."""

    def __init__(
        self,
        engine: SearchEngine,
        store: DossierStore,
        scans: ScanStore,
        types: TypeCatalogue,
        accounts: Accounts,
        audit: AuditTrail,
    ) -> None:
        self._engine = engine
        self._store = store
        self._scans = scans
        self._types = types
        self._accounts = accounts
        self._audit = audit

    def find(self, actor: Actor, query: LookupQuery) -> Found:
        """Return the dossiers that match, as far as the actor may see them.

        Raises:
            InvalidInputError: An unknown facet or order.
        """
        actor.require(Right.SEE)
        scope = Scope(actor.units, actor.may(Right.REVEAL))
        try:
            asked = SearchQuery(
                text=query.text,
                scope=scope,
                filters=query.filters,
                sort=Sort(query.sort),
                descending=query.descending,
                limit=min(query.limit, MOST_HITS),
                offset=query.offset,
            )
        except (UnknownFacetError, ValueError) as error:
            raise InvalidInputError("query", "There is no such facet or order.", code="bad-query") from error
        try:
            page = self._engine.search(asked)
        except SearchError:
            return self._find_exactly(actor, query)
        return self._answer(actor, query, page)

    def record_search(self, actor: Actor, query: LookupQuery, total: int) -> None:
        """Note in the audit trail that a search was made, without its text, which may name a customer."""
        self._audit.record(
            actor,
            "search",
            "search",
            "",
            length=str(len(query.text)),
            total=str(total),
            filters=",".join(query.filters),
        )

    def _answer(self, actor: Actor, query: LookupQuery, page: ResultPage) -> Found:
        dossiers = self._store.by_ids([hit.id for hit in page.hits])
        types = {dossier_type.name: dossier_type for dossier_type in self._types.all()}
        visible = [hit for hit in page.hits if hit.id in dossiers and actor.may(Right.SEE, dossiers[hit.id].unit)]
        boxes = self._boxes_of(actor, visible, query.text)
        hits = tuple(
            FoundDossier(
                summarise(dossiers[hit.id], types[dossiers[hit.id].type]),
                hit.score,
                tuple(_labelled(snippet, types[dossiers[hit.id].type]) for snippet in hit.snippets),
                tuple(FoundPage(each.scan, each.number, boxes.get((each.scan, each.number), ())) for each in hit.pages),
            )
            for hit in visible
        )
        vanished = len(page.hits) - len(hits)
        facets = self._labelled_facets(query, page, types)
        return Found(query, page.total - vanished, hits, facets, page.took_ms, vanished)

    def _boxes_of(self, actor: Actor, hits: Sequence[Hit], text: str) -> dict[tuple[str, int], tuple[BoxTuple, ...]]:
        wanted = {(page.scan, page.number) for hit in hits for page in hit.pages[:3]}
        if not wanted or not text.strip():
            return {}
        scan_ids = sorted({scan for scan, _ in wanted})
        scans = {scan.id: scan for scan in self._scans.by_ids(scan_ids)}
        return {
            (page.scan_id, page.number): boxes_on(actor, scans[page.scan_id], page, text)
            for page in self._scans.pages(scan_ids)
            if (page.scan_id, page.number) in wanted and page.scan_id in scans
        }

    def boxes(self, actor: Actor, scan_id: str, number: int, text: str) -> tuple[BoxTuple, ...]:
        """Return where the words of a query stand on a page whose picture the actor may see; nothing where they do not."""
        scan, page = self._scans.by_id(scan_id), self._scans.page(scan_id, number)
        if scan is None or page is None or not may_see_pages(actor, scan):
            return ()
        return boxes_on(actor, scan, page, text)

    def _labelled_facets(
        self, query: LookupQuery, page: ResultPage, types: Mapping[str, DossierType]
    ) -> dict[str, tuple[FacetBucket, ...]]:
        units = {unit.id: unit for unit in self._accounts.all_units()}

        def labels(facet: str, value: str) -> tuple[str, str]:
            if facet == "type" and value in types:
                return types[value].label_zh, types[value].label_en
            if facet == "unit" and value in units:
                return units[value].name_zh, units[value].name_en
            return value, value

        return {
            facet: tuple(
                FacetBucket(
                    bucket.value,
                    *labels(facet, bucket.value),
                    bucket.count,
                    bucket.value in query.filters.get(facet, ()),
                )
                for bucket in buckets
            )
            for facet, buckets in page.facets.items()
        }

    def _find_exactly(self, actor: Actor, query: LookupQuery) -> Found:
        """Look the text up as a code, a name or a number in the database: what works without the index."""
        begun = time.monotonic()
        text = query.text.strip()
        found = [self._store.by_code(normalise_code(text))] if text else []
        found += self._store.sharing_keys(_keys_of(text, actor.may(Right.REVEAL)), actor.units) if text else []
        types = {dossier_type.name: dossier_type for dossier_type in self._types.all()}
        unique = {
            dossier.id: dossier
            for dossier in found
            if dossier is not None and actor.may(Right.SEE, dossier.unit) and _passes(dossier, query.filters)
        }
        hits = tuple(FoundDossier(summarise(dossier, types[dossier.type]), 1.0, (), ()) for dossier in unique.values())
        window = hits[query.offset : query.offset + query.limit]
        return Found(query, len(hits), window, {}, (time.monotonic() - begun) * 1000, degraded=True)


def _passes(dossier: Dossier, filters: Mapping[str, tuple[str, ...]]) -> bool:
    has = {
        "type": {dossier.type},
        "unit": {dossier.unit},
        "state": {dossier.state.value},
        "tag": set(dossier.tags),
        "year": {str(dossier.created_at.year)},
    }
    return all(has[facet].intersection(values) for facet, values in filters.items() if values)


def _keys_of(text: str, may_reveal: bool) -> list[str]:
    folded = "".join(text.split()).casefold()
    keys = [f"name:{folded}", f"company:{folded}", f"uscc:{text.upper()}"]
    if may_reveal:
        keys += [f"id_number:{text.upper()}", f"passport_number:{text.upper()}"]
        for kind in (Kind.MOBILE, Kind.PHONE):
            checked = check_value(kind, text)
            keys.append(f"phone:{as_written(checked.normalised or text)}")
    return keys


def summarise(dossier: Dossier, dossier_type: DossierType) -> DossierSummary:
    """Return the dossier as a line of a list, with its sensitive values masked."""
    masked = mask_dossier(dossier, dossier_type)
    lines = []
    for name in _SUMMARY_FIELDS:
        value, spec = masked.fields.get(name), dossier_type.field(name)
        if value is not None and spec is not None and value.text != dossier.title:
            lines.append((spec.label_zh, spec.label_en, value.text))
    return DossierSummary(masked, dossier_type, tuple(lines[:_SUMMARY_LENGTH]))


_PART_LABELS = {
    "title": ("题名", "Title"),
    "code": ("档号", "Code"),
    "alias": ("曾用档号", "Former code"),
    "tag": ("标签", "Tag"),
    "note": ("备注", "Note"),
    "page": ("扫描件", "Scan"),
    HIDDEN_PAGE_KEY: ("扫描件", "Scan"),
}


def _labelled(snippet: Snippet, dossier_type: DossierType) -> FoundSnippet:
    key = snippet.key
    spec = dossier_type.field(key)
    label_zh, label_en = (spec.label_zh, spec.label_en) if spec else _PART_LABELS.get(key, (key, key))
    return FoundSnippet(key, label_zh, label_en, snippet.text, snippet.spans)


def boxes_on(actor: Actor, scan: Scan, page: ScanPage, text: str) -> tuple[BoxTuple, ...]:
    """Return the boxes of what matches on the page, each cut to the matching part of its word.

    The page's words are matched as one text, so that a match that runs over the end of a word is found whole. What the
    actor may not see has no boxes.
    """
    hidden = set() if may_see_all(actor, scan) else set(words_to_hide(scan, page))
    words = [word for word in page.words if word.box not in hidden]
    joined = "\n".join(word.text for word in words)
    boxes, start = [], 0
    spans = find_spans(joined, text)
    for word in words:
        end = start + len(word.text)
        for span_start, span_end in spans:
            low, high = max(span_start, start), min(span_end, end)
            if low < high:
                boxes.append(_part_of(word, low - start, high - start))
        start = end + 1
    return tuple(boxes)


def _part_of(word: PageWord, start: int, end: int) -> BoxTuple:
    """Cut a word's box to some of its characters; a Han character counts as wide as two Latin ones."""
    widths = [2 if ord(character) > 0x2E7F else 1 for character in word.text]
    whole = sum(widths) or 1
    x0, y0, x1, y1 = word.box
    if (y1 - y0) > 1.5 * (x1 - x0):
        return word.box
    left = x0 + (x1 - x0) * sum(widths[:start]) // whole
    right = x0 + (x1 - x0) * sum(widths[:end]) // whole
    return left, y0, max(right, left + 1), y1
