"""Finding dossiers: every list of dossiers is a search, with the actor's rights as part of the query."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from archive.access import Actor, Right
from archive.accounts import Accounts
from archive.audit import AuditTrail
from archive.dossier import Dossier
from archive.dossier_type import DossierType
from archive.dossiers import normalise_code
from archive.errors import InvalidInputError, NotFoundError, SearchFailedError
from archive.finding.found import (
    DossierSummary,
    FacetBucket,
    Found,
    FoundDossier,
    FoundPage,
    FoundSnippet,
    LookupQuery,
    Match,
    Matches,
)
from archive.finding.indexing import ADDRESS_LEVELS, HIDDEN_PAGE_KEY
from archive.finding.places import boxes_on
from archive.masking import Veil, mask_dossier
from archive.mongo.dossiers import DossierStore
from archive.mongo.scans import ScanStore
from archive.scans.intake import may_see_pages
from archive.type_catalogue import TypeCatalogue
from archive.values import BoxTuple, as_written
from ocr import Kind, check_value
from search import (
    FACETS,
    Hit,
    IndexUnavailableError,
    ResultPage,
    Scope,
    SearchEngine,
    SearchError,
    SearchQuery,
    Snippet,
    Sort,
    UnknownFacetError,
)
from search.folding import fold
from search.tokens import squeeze

_SUMMARY_FIELDS = ("id_number", "uscc", "mobile", "phone", "birth_date", "company", "contact_person", "address")
_SUMMARY_LENGTH = 4
MOST_HITS = 100


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
        zone: ZoneInfo,
    ) -> None:
        self._engine = engine
        self._store = store
        self._scans = scans
        self._types = types
        self._accounts = accounts
        self._audit = audit
        self._zone = zone

    def find(self, actor: Actor, query: LookupQuery) -> Found:
        """Return the dossiers that match, as far as the actor may see them.

        Raises:
            InvalidInputError: An unknown facet or order.
        """
        asked = self._asked(actor, query)
        try:
            page = self._searched(asked)
        except SearchError:
            return self._find_exactly(actor, query)
        return self._answer(actor, query, page)

    def match(self, actor: Actor, text: str, *, limit: int) -> Matches:
        """Tell which dossiers match a text, without reading them; whoever shows them reads them for their reader."""
        asked = self._asked(actor, LookupQuery(text=text, limit=limit), facets=())
        try:
            page = self._searched(asked)
        except SearchError:
            found = self._find_exactly(actor, LookupQuery(text=text, limit=limit))
            exact = tuple(Match(hit.summary.dossier.id, True, ()) for hit in found.hits)
            return Matches(found.total, exact, degraded=True)
        return Matches(page.total, tuple(Match(hit.id, _is_exact(hit, text), hit.matched_keys) for hit in page.hits))

    def count(self, actor: Actor, query: LookupQuery) -> int:
        """Tell how many dossiers match, as far as the actor may see them.

        Raises:
            SearchFailedError: The index does not answer.
        """
        asked = self._asked(actor, replace(query, limit=0, offset=0), facets=())
        try:
            return self._searched(asked).total
        except SearchError as error:
            raise SearchFailedError(f"The index does not answer: {error.code}.") from error

    def types_found(self, actor: Actor, query: LookupQuery) -> tuple[int, tuple[DossierType, ...]]:
        """Tell how many dossiers match, and of which types they are.

        Raises:
            SearchFailedError: The index does not answer.
        """
        asked = self._asked(actor, replace(query, limit=0, offset=0), facets=("type",))
        try:
            page = self._searched(asked)
        except SearchError as error:
            raise SearchFailedError(f"The index does not answer: {error.code}.") from error
        # A facet's counts leave its own filter aside.
        chosen = query.filters.get("type") or [bucket.value for bucket in page.facets.get("type", ())]
        return page.total, tuple(each for each in self._types.all() if each.name in chosen)

    def every_id(self, actor: Actor, query: LookupQuery) -> Iterator[str]:
        """Run through the ids of all hits in the query's order, whatever its window.

        Raises:
            SearchFailedError: The index does not answer, or stops answering on the way.
        """
        asked = self._asked(actor, query, facets=())
        try:
            yield from self._engine.matching_ids(asked)
        except SearchError as error:
            raise SearchFailedError(f"The index does not answer: {error.code}.") from error

    def similar(self, actor: Actor, dossier_id: str, *, limit: int = 6) -> Found:
        """Return the dossiers that share most with one, as far as the actor may see them.

        Raises:
            NotFoundError: There is no such dossier, as far as the actor may know.
        """
        dossier = self._store.by_id(dossier_id)
        if dossier is None:
            raise NotFoundError("dossier", dossier_id)
        actor.require_sight(dossier.unit, "dossier", dossier_id)
        query = LookupQuery(limit=limit)
        try:
            page = self._answered(self._engine.similar(dossier.id, _scope_of(actor), limit=limit))
        except SearchError:
            return Found(query, 0, (), {}, 0.0, degraded=True)
        return self._answer(actor, query, page)

    def _searched(self, asked: SearchQuery) -> ResultPage:
        return self._answered(self._engine.search(asked))

    def _answered(self, page: ResultPage) -> ResultPage:
        """Take an answer for true, unless nothing was found because there is no index.

        Raises:
            IndexUnavailableError: There are dossiers, and no index of them: it was lost, and the sweep builds it anew.
        """
        if not page.total and not self._engine.is_ready() and self._store.count():
            raise IndexUnavailableError("there is no index")
        return page

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

    def _asked(self, actor: Actor, query: LookupQuery, *, facets: tuple[str, ...] = FACETS) -> SearchQuery:
        return _asked_of_index(actor, query, facets, datetime.now(self._zone).date())

    def _answer(self, actor: Actor, query: LookupQuery, page: ResultPage) -> Found:
        dossiers = self._store.by_ids([hit.id for hit in page.hits])
        types = {dossier_type.name: dossier_type for dossier_type in self._types.all()}
        visible = [hit for hit in page.hits if hit.id in dossiers and actor.may(Right.SEE, dossiers[hit.id].unit)]
        boxes = self._boxes_of(actor, visible, query.text)
        hits = tuple(
            FoundDossier(
                summarise(dossiers[hit.id], types[dossiers[hit.id].type]),
                hit.score,
                _labelled(hit, dossiers[hit.id], types[dossiers[hit.id].type]),
                tuple(FoundPage(each.scan, each.number, boxes.get((each.scan, each.number), ())) for each in hit.pages),
            )
            for hit in visible
        )
        vanished = len(page.hits) - len(hits)
        facets = self._labelled_facets(query, page, types)
        total = page.total - vanished
        return Found(query, total, hits, facets, page.took_ms, vanished, did_you_mean=page.did_you_mean)

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
            if dossier is not None
            and dossier.trashed is None
            and actor.may(Right.SEE, dossier.unit)
            and _passes(dossier, query, self._zone)
        }
        hits = tuple(FoundDossier(summarise(dossier, types[dossier.type]), 1.0, (), ()) for dossier in unique.values())
        window = hits[query.offset : query.offset + query.limit]
        return Found(query, len(hits), window, {}, (time.monotonic() - begun) * 1000, degraded=True)


def _scope_of(actor: Actor) -> Scope:
    return Scope(actor.units, actor.may(Right.REVEAL))


def _asked_of_index(actor: Actor, query: LookupQuery, facets: tuple[str, ...], today: date) -> SearchQuery:
    """Return the question as the index takes it, the actor's rights in it."""
    actor.require(Right.SEE)
    try:
        return SearchQuery(
            text=query.text,
            scope=_scope_of(actor),
            filters=query.filters,
            facets=facets,
            sort=Sort(query.sort),
            descending=query.descending,
            limit=min(query.limit, MOST_HITS),
            offset=query.offset,
            created_since=query.created_since,
            changed_since=query.changed_since,
            among=query.among,
            today=today,
        )
    except (UnknownFacetError, ValueError) as error:
        raise InvalidInputError("query", "There is no such facet or order.", code="bad-query") from error


def _is_exact(hit: Hit, text: str) -> bool:
    whole = squeeze(fold(text))
    return any(squeeze(fold(each)) == whole for each in (hit.title, hit.code, *(part.text for part in hit.snippets)))


def _passes(dossier: Dossier, query: LookupQuery, zone: ZoneInfo) -> bool:
    created, changed = query.created_since, query.changed_since
    if (created and dossier.created_at < created) or (changed and dossier.changed_at < changed):
        return False
    if query.among is not None and dossier.id not in query.among:
        return False
    has = {
        "type": {dossier.type},
        "unit": {dossier.unit},
        "state": {dossier.state.value},
        "tag": set(dossier.tags),
        "year": {str(dossier.created_at.astimezone(zone).year)},
    }
    return all(has[facet].intersection(values) for facet, values in query.filters.items() if values)


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
    **ADDRESS_LEVELS,
}


def _is_told(level: Snippet, hit: Hit) -> bool:
    """Whether the address from which a level was taken is shown as well."""
    return any(level.text in each.text for each in hit.snippets if each.key not in ADDRESS_LEVELS)


def _labelled(hit: Hit, dossier: Dossier, dossier_type: DossierType) -> tuple[FoundSnippet, ...]:
    """Return a hit's snippets with their labels, masked: whoever may reveal does so on the dossier's page, with a reason."""
    veil = Veil(dossier, dossier_type)
    shown = []
    for snippet in hit.snippets:
        spec = dossier_type.field(snippet.key)
        if snippet.key in ADDRESS_LEVELS and _is_told(snippet, hit):
            continue
        label_zh, label_en = (
            (spec.label_zh, spec.label_en) if spec else _PART_LABELS.get(snippet.key, (snippet.key, snippet.key))
        )
        text = veil.over_field(snippet.key, snippet.text)
        spans = snippet.spans if text == snippet.text else ()
        shown.append(FoundSnippet(snippet.key, label_zh, label_en, text, spans, spec.kind if spec else "text"))
    return tuple(shown)
