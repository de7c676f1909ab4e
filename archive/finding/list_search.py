"""Looking up a whole list of names or numbers: each line is a search of its own, answered stretch by stretch.

The list and its answers stand in the database. Whoever shows it does the next stretch; a stretch that is done twice, in two
windows or after a crash, gives the same answers in the same place.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import islice

from archive.access import Actor, Right
from archive.audit import AuditTrail
from archive.dossier import Dossier
from archive.dossier_type import DossierType
from archive.errors import InvalidInputError, NotFoundError
from archive.finding.lookup import Lookup
from archive.finding.name_list import ListAnswer, ListMatch, NameList
from archive.masking import mask_dossier
from archive.mongo.dossiers import DossierStore
from archive.mongo.searches import NameListStore
from archive.settings import Settings
from archive.type_catalogue import TypeCatalogue
from archive.values import utc_now

LINE_LENGTH = 200
MOST_MATCHES = 3
"""How many of the dossiers that a line finds are named."""

KEPT_LISTS = 10
KEPT_FOR = timedelta(days=30)
_STRETCH = 25


class Outcome(StrEnum):
    """What a line found; also what a page is narrowed to."""

    EXACT = "exact"
    SIMILAR = "similar"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ListedDossier:
    """A dossier that a line found, as far as the reader may see it now.

    Attributes:
        dossier: Its sensitive values are masked.
        exact: Whether its title, its code or one of its values is the whole line.
        keys: Parts that match, as in ``ListMatch``.
    """

    dossier: Dossier
    type: DossierType
    exact: bool
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line with its answer.

    Attributes:
        number: Its place in the list, from 1.
        total: How many dossiers match.
        found: The best of them.
    """

    number: int
    text: str
    outcome: Outcome
    total: int
    found: tuple[ListedDossier, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a list is.

    Attributes:
        lines: How many lines it has.
        done: How many of them are looked up.
        outcomes: How many of these there are of each outcome.
        degraded: How many were looked up while the index did not answer.
    """

    name_list: NameList
    done: int
    outcomes: dict[Outcome, int]
    degraded: int

    @property
    def lines(self) -> int:
        """How many lines the list has."""
        return len(self.name_list.lines)

    @property
    def is_done(self) -> bool:
        """Whether every line is looked up."""
        return self.done == self.lines


class ListSearches:
    """Takes lists, looks their lines up, shows the answers. A list is seen by its owner only."""

    def __init__(
        self,
        store: NameListStore,
        dossiers: DossierStore,
        lookup: Lookup,
        types: TypeCatalogue,
        audit: AuditTrail,
        settings: Settings,
    ) -> None:
        self._store = store
        self._dossiers = dossiers
        self._lookup = lookup
        self._types = types
        self._audit = audit
        self._most_lines = settings.list_limit

    def start(self, actor: Actor, lines: Sequence[str]) -> NameList:
        """Keep a list to be looked up; of a user's lists the latest ones are kept.

        Raises:
            InvalidInputError: The list is empty, or too long.
        """
        actor.require(Right.SEE)
        cleaned = tuple(_cleaned(line) for line in lines if line.strip())
        if not cleaned:
            raise InvalidInputError("lines", "The list has no line with a name or number.", code="list-empty")
        if len(cleaned) > self._most_lines:
            raise InvalidInputError("lines", f"A list has at most {self._most_lines} lines.", code="list-too-long")
        name_list = NameList(owner_id=actor.user_id, lines=cleaned, created_at=utc_now())
        self._audit.record(actor, "search.list", "list", name_list.id, lines=str(len(cleaned)))
        self._store.put(name_list)
        for each in self._store.of_user(actor.user_id)[KEPT_LISTS:]:
            self._store.remove(each.id)
        return name_list

    def lists(self, actor: Actor) -> tuple[NameList, ...]:
        """Return the actor's lists, the latest first."""
        actor.require(Right.SEE)
        return tuple(self._store.of_user(actor.user_id))

    def work(self, actor: Actor, list_id: str, *, seconds: float) -> Progress:
        """Look up further lines until the time is over or the list is done.

        Raises:
            NotFoundError: The actor has no such list.
        """
        name_list = self._require(actor, list_id)
        answers = self._store.answers(list_id)
        end = time.monotonic() + seconds
        for start in range(0, len(name_list.lines), _STRETCH):
            if start in answers:
                continue
            answers[start] = [self._answer(actor, line) for line in name_list.lines[start : start + _STRETCH]]
            self._store.put_answers(list_id, start, answers[start])
            if time.monotonic() > end:
                break
        return _progress(name_list, answers)

    def progress(self, actor: Actor, list_id: str) -> Progress:
        """Tell how far the list is, without doing anything."""
        return _progress(self._require(actor, list_id), self._store.answers(list_id))

    def repeat_degraded(self, actor: Actor, list_id: str) -> None:
        """Have the lines looked up again that were looked up while the index did not answer."""
        self._require(actor, list_id)
        answers = self._store.answers(list_id)
        degraded = [start for start, stretch in answers.items() if any(answer.degraded for answer in stretch)]
        self._store.forget_answers(list_id, degraded)

    def lines(
        self, actor: Actor, list_id: str, *, outcome: Outcome | None = None, offset: int = 0, limit: int | None = None
    ) -> Iterator[ListLine]:
        """Run through the lines that are looked up, with what they found as the actor may see it now.

        Args:
            outcome: Only the lines with this outcome.
            offset: How many of these to skip.
            limit: How many to give after that; None gives all.
        """
        name_list = self._require(actor, list_id)
        answered = (
            (number, text, answer)
            for number, text, answer in _answered(name_list, self._store.answers(list_id))
            if outcome is None or _outcome(answer) is outcome
        )
        window = islice(answered, offset, None if limit is None else offset + limit)
        types = {dossier_type.name: dossier_type for dossier_type in self._types.all()}
        while batch := list(islice(window, _STRETCH)):
            ids = {match.dossier_id for _, _, answer in batch for match in answer.matches}
            dossiers = self._dossiers.by_ids(sorted(ids))
            for number, text, answer in batch:
                found = tuple(
                    ListedDossier(
                        mask_dossier(dossier, types[dossier.type]), types[dossier.type], match.exact, match.keys
                    )
                    for match in answer.matches
                    if (dossier := dossiers.get(match.dossier_id)) and actor.may(Right.SEE, dossier.unit)
                )
                yield ListLine(number, text, _outcome(answer), answer.total, found)

    def note_download(self, actor: Actor, list_id: str, table_format: str) -> None:
        """Note in the audit trail that the answers are taken along."""
        progress = self.progress(actor, list_id)
        self._audit.record(
            actor, "search.list-download", "list", list_id, lines=str(progress.lines), format=table_format
        )

    def delete(self, actor: Actor, list_id: str) -> None:
        """Forget a list and its answers."""
        self._require(actor, list_id)
        self._store.remove(list_id)

    def forget_old(self) -> None:
        """Forget the lists that were made long ago: they name customers, and hardly anybody needs them again."""
        for list_id in self._store.older_than(utc_now() - KEPT_FOR):
            self._store.remove(list_id)

    def _require(self, actor: Actor, list_id: str) -> NameList:
        actor.require(Right.SEE)
        name_list = self._store.get(list_id)
        if name_list is None or name_list.owner_id != actor.user_id:
            raise NotFoundError("list", list_id)
        return name_list

    def _answer(self, actor: Actor, line: str) -> ListAnswer:
        found = self._lookup.match(actor, line, limit=MOST_MATCHES)
        matches = tuple(
            ListMatch(dossier_id=each.dossier_id, exact=each.exact, keys=each.keys) for each in found.matches
        )
        return ListAnswer(total=found.total, matches=matches, degraded=found.degraded)


def _cleaned(line: str) -> str:
    """Return a line without needless space, and without halves of characters, which no database takes."""
    return " ".join(line.split())[:LINE_LENGTH].encode("utf-8", "replace").decode("utf-8")


def _answered(name_list: NameList, answers: dict[int, list[ListAnswer]]) -> Iterator[tuple[int, str, ListAnswer]]:
    for start in sorted(answers):
        for place, answer in enumerate(answers[start], start=start):
            yield place + 1, name_list.lines[place], answer


def _outcome(answer: ListAnswer) -> Outcome:
    if any(match.exact for match in answer.matches):
        return Outcome.EXACT
    return Outcome.SIMILAR if answer.total else Outcome.MISSING


def _progress(name_list: NameList, answers: dict[int, list[ListAnswer]]) -> Progress:
    every = [answer for stretch in answers.values() for answer in stretch]
    outcomes = dict.fromkeys(Outcome, 0)
    for answer in every:
        outcomes[_outcome(answer)] += 1
    return Progress(name_list, len(every), outcomes, sum(answer.degraded for answer in every))
