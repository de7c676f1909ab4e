"""Searches that people keep: saved under a name, shared within a unit, with word of new dossiers; and the recent ones.

A saved search keeps the question, never its answer: whoever opens it asks anew, with their own rights. For each user the
ids are kept that matched when they looked, so that a dossier which is changed so as to match is told of, once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from archive.access import Actor, Right
from archive.audit import AuditTrail
from archive.errors import InvalidInputError, NotFoundError, SearchFailedError
from archive.finding.found import LookupQuery
from archive.finding.lookup import Lookup
from archive.finding.question import Question, RecentSearch, SavedSearch, SearchSight
from archive.mongo.dossiers import DossierStore
from archive.mongo.searches import SearchStore
from archive.values import utc_now

NAME_LENGTH = 100
MOST_SAVED = 100
MOST_RECENT = 20
MOST_KNOWN = 5_000
"""Dossiers of a search that are remembered; of one that finds more, only those that are created later are told of."""

MOST_TOLD = 1_000
"""Dossiers that are listed as new."""

_LONGEST_WAIT = timedelta(hours=1)
"""How long at most a new dossier may wait for the index and still be told of."""


@dataclass(frozen=True, slots=True)
class KeptSearch:
    """A saved search as one actor has it.

    Attributes:
        own: Whether the actor saved it.
        may_change: Whether the actor may rename, share or delete it.
        alert: Whether the actor is told of new dossiers.
        seen_at: When the actor looked; dossiers that match since then are new to the actor.
        sight: What is kept of that; None where the actor never looked.
    """

    search: SavedSearch
    own: bool
    may_change: bool
    alert: bool
    seen_at: datetime
    sight: SearchSight | None = None


@dataclass(frozen=True, slots=True)
class News:
    """How many new dossiers the actor's saved searches have.

    Attributes:
        counts: Id of each search with new ones to their number.
        degraded: The index does not answer, so that nobody knows.
    """

    counts: dict[str, int]
    degraded: bool = False


class SavedSearches:
    """Keeps searches for their owners and units."""

    def __init__(self, store: SearchStore, dossiers: DossierStore, lookup: Lookup, audit: AuditTrail) -> None:
        self._store = store
        self._dossiers = dossiers
        self._lookup = lookup
        self._audit = audit

    def all(self, actor: Actor) -> tuple[KeptSearch, ...]:
        """Return the actor's own searches, then those shared in the actor's units, each by name."""
        actor.require(Right.SEE)
        own = self._store.saved_by(actor.user_id)
        shared = [each for each in self._store.shared_in(actor.units) if each.owner_id != actor.user_id]
        sights = self._store.sights(actor.user_id)
        return tuple(_kept(actor, each, sights.get(each.id)) for each in (*_by_name(own), *_by_name(shared)))

    def get(self, actor: Actor, search_id: str) -> KeptSearch:
        """Return one saved search.

        Raises:
            NotFoundError: There is none that the actor may use.
        """
        actor.require(Right.SEE)
        search = self._store.saved(search_id)
        if search is None or not (_is_own(actor, search) or _is_shared_with(actor, search)):
            raise NotFoundError("search", search_id)
        return _kept(actor, search, self._store.sights(actor.user_id).get(search.id))

    def save(
        self, actor: Actor, name: str, question: Question, *, unit: str | None = None, alert: bool = True
    ) -> SavedSearch:
        """Keep a question under a name.

        Args:
            unit: The unit to share it with; its people can read the words of the question.
            alert: Whether to tell the actor of dossiers that are new from now on.

        Raises:
            InvalidInputError: There is no name, the actor has too many, or the unit is not the actor's.
        """
        actor.require(Right.SEE)
        if len(self._store.saved_by(actor.user_id)) >= MOST_SAVED:
            raise InvalidInputError("name", f"One user keeps at most {MOST_SAVED} searches.", code="too-many-searches")
        search = SavedSearch(
            name=_checked_name(name),
            question=question,
            owner_id=actor.user_id,
            owner_name=actor.name,
            unit=_checked_unit(actor, unit),
            created_at=utc_now(),
        )
        self._store.put(search)
        self._see(actor, search, alert=alert)
        self._audit.record(actor, "search.save", "search", search.id, unit=search.unit)
        return search

    def change(self, actor: Actor, search_id: str, *, name: str, unit: str | None) -> SavedSearch:
        """Rename a saved search, share it or keep it to its owner."""
        kept = self._changeable(actor, search_id)
        changed = kept.search.model_copy(
            update={
                "name": _checked_name(name),
                "unit": unit if unit == kept.search.unit else _checked_unit(actor, unit),
            }
        )
        self._store.put(changed)
        self._audit.record(actor, "search.change", "search", search_id, unit=changed.unit)
        return changed

    def delete(self, actor: Actor, search_id: str) -> None:
        """Forget a saved search, for everybody."""
        kept = self._changeable(actor, search_id)
        self._store.remove(search_id)
        self._audit.record(actor, "search.delete", "search", search_id, unit=kept.search.unit)

    def set_alert(self, actor: Actor, search_id: str, *, alert: bool) -> None:
        """Have the actor told, or no longer told, of new dossiers; one who was not told begins with those after now."""
        kept = self.get(actor, search_id)
        if alert and not kept.alert:
            self._see(actor, kept.search, alert=True)
        else:
            sight = kept.sight or SearchSight(
                search_id=search_id, user_id=actor.user_id, seen_at=kept.seen_at, alert=alert
            )
            self._store.put_sight(sight.model_copy(update={"alert": alert}))

    def look(self, actor: Actor, search_id: str) -> KeptSearch:
        """Return a saved search that the actor opens: what was new until now is new no longer."""
        kept = self.get(actor, search_id)
        try:
            new = tuple(islice(self._new_ids(actor, kept), MOST_TOLD))
        except SearchFailedError:
            return kept  # what nobody can see now is new still
        self._see(actor, kept.search, alert=kept.alert, before=kept.sight, new=new)
        return kept

    def told(self, actor: Actor, search_id: str) -> frozenset[str]:
        """Return the ids of the dossiers that were new when the actor opened a saved search last."""
        actor.require(Right.SEE)
        sight = self._store.sights(actor.user_id).get(search_id)
        return frozenset(sight.told if sight else ())

    def news(self, actor: Actor) -> News:
        """Count the new dossiers of each search of which the actor wants to be told, by the actor's own rights."""
        counts = {}
        for kept in self.all(actor):
            if not kept.alert:
                continue
            try:
                count = sum(1 for _ in self._new_ids(actor, kept))
            except SearchFailedError:
                return News({}, degraded=True)
            if count:
                counts[kept.search.id] = count
        return News(counts)

    def _changeable(self, actor: Actor, search_id: str) -> KeptSearch:
        kept = self.get(actor, search_id)
        if not kept.may_change:
            actor.require(Right.CURATE, kept.search.unit)
        return kept

    def _new_ids(self, actor: Actor, kept: KeptSearch) -> Iterator[str]:
        """Run through the dossiers that match now and did not when the actor looked."""
        question = query_of(kept.search.question)
        if kept.sight is None or not kept.sight.complete:
            return self._lookup.every_id(actor, replace(question, created_since=kept.seen_at))
        known = frozenset(kept.sight.known)
        changed = self._lookup.every_id(actor, replace(question, changed_since=kept.seen_at))
        return (each for each in changed if each not in known)

    def _see(
        self,
        actor: Actor,
        search: SavedSearch,
        *,
        alert: bool,
        before: SearchSight | None = None,
        new: tuple[str, ...] = (),
    ) -> None:
        """Note what the actor has seen: all but dossiers that the index does not have yet, which are new afterwards."""
        now = utc_now()
        waiting = [each for each in self._dossiers.pending_since(now - _LONGEST_WAIT) if each < now]
        known = self._matching(actor, search)
        if known is not None and before is not None:
            # Told once: what ceased to match and matches again is no news.
            known = tuple(islice(dict.fromkeys((*known, *before.known)), MOST_KNOWN))
        self._store.put_sight(
            SearchSight(
                search_id=search.id,
                user_id=actor.user_id,
                seen_at=min(waiting, default=now),
                alert=alert,
                known=known or (),
                complete=known is not None,
                told=new,
            )
        )

    def _matching(self, actor: Actor, search: SavedSearch) -> tuple[str, ...] | None:
        """Return the ids of all that matches; None where that is too much to remember, or nobody knows."""
        question = query_of(search.question)
        try:
            if self._lookup.count(actor, question) > MOST_KNOWN:
                return None
            return tuple(self._lookup.every_id(actor, question))
        except SearchFailedError:
            return None


class RecentSearches:
    """Remembers for each user, and for nobody else, what they asked lately."""

    def __init__(self, store: SearchStore) -> None:
        self._store = store

    def all(self, actor: Actor) -> tuple[RecentSearch, ...]:
        """Return what the actor asked lately, the last first."""
        actor.require(Right.SEE)
        return tuple(self._store.recent(actor.user_id))

    def note(self, actor: Actor, question: Question) -> None:
        """Remember a question; the same one again moves to the front."""
        actor.require(Right.SEE)
        if question.is_empty:
            return
        former = self._store.recent(actor.user_id)
        if former and former[0].question == question:
            return
        others = [each for each in former if each.question != question]
        latest = RecentSearch(question=question, at=utc_now())
        self._store.put_recent(actor.user_id, (latest, *others)[:MOST_RECENT])

    def note_words(self, actor: Actor, text: str) -> None:
        """Remember the words by which a dossier was found, unless they are remembered already, maybe with filters."""
        known = {each.question.text.strip() for each in self._store.recent(actor.user_id)} if text.strip() else {""}
        if text.strip() not in known:
            self.note(actor, Question(text=text.strip()))

    def clear(self, actor: Actor) -> None:
        """Forget what the actor asked."""
        actor.require(Right.SEE)
        self._store.forget_recent(actor.user_id)


def query_of(question: Question) -> LookupQuery:
    """Return the question as the search takes it."""
    return LookupQuery(
        text=question.text,
        filters=question.filters,
        sort=question.sort,
        descending=question.descending,
    )


def _kept(actor: Actor, search: SavedSearch, sight: SearchSight | None) -> KeptSearch:
    own = _is_own(actor, search)
    may_change = own or (search.unit is not None and actor.may(Right.CURATE, search.unit))
    if sight is None:
        return KeptSearch(search, own, may_change, alert=False, seen_at=search.created_at)
    return KeptSearch(search, own, may_change, sight.alert, sight.seen_at, sight)


def _is_own(actor: Actor, search: SavedSearch) -> bool:
    return search.owner_id == actor.user_id


def _is_shared_with(actor: Actor, search: SavedSearch) -> bool:
    return search.unit is not None and actor.may(Right.SEE, search.unit)


def _by_name(searches: Sequence[SavedSearch]) -> list[SavedSearch]:
    return sorted(searches, key=lambda search: (search.name.casefold(), search.id))


def _checked_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned:
        raise InvalidInputError("name", "A saved search needs a name.", code="required")
    return cleaned[:NAME_LENGTH]


def _checked_unit(actor: Actor, unit: str | None) -> str | None:
    if unit is not None and not actor.may(Right.SEE, unit):
        raise InvalidInputError("unit", "A search is shared within a unit of one's own.", code="unknown-unit")
    return unit
