"""What a beginning may become, while somebody types."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.access import Actor, Right
from archive.mongo.dossiers import DossierStore
from search import Scope, SearchEngine, SearchError, SuggestionKind
from search import Suggestion as Suggested

MOST_SUGGESTIONS = 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of the list below the search box.

    Attributes:
        text: What to search for, or, where it leads to a dossier, what that is called.
        kind: What it is.
        spans: Where it matches, in characters of ``text``.
        dossier_id: The one dossier that it leads to; None where it is a text to search for.
        title: That dossier's title.
    """

    text: str
    kind: SuggestionKind
    spans: tuple[tuple[int, int], ...] = ()
    dossier_id: str | None = None
    title: str = ""


class Suggestions:
    """Completes what is typed, from what the actor may see."""

    def __init__(self, engine: SearchEngine, store: DossierStore) -> None:
        self._engine = engine
        self._store = store

    def suggest(self, actor: Actor, text: str) -> tuple[Suggestion, ...]:
        """Return what the text may become; nothing where the index does not answer, for typing goes on without.

        Sensitive values are suggested to nobody. For who may reveal them they lead to their dossier, which shows them
        for a reason.
        """
        actor.require(Right.SEE)
        try:
            shown = self._engine.suggest(text, Scope(actor.units, may_reveal=False), limit=MOST_SUGGESTIONS)
            hidden = self._beyond(shown, actor, text) if actor.may(Right.REVEAL) else ()
        except SearchError:
            return ()
        dossiers = self._store.by_ids([each.dossier for each in (*shown, *hidden) if each.dossier])
        visible = {key: each for key, each in dossiers.items() if actor.may(Right.SEE, each.unit)}
        suggestions: dict[str, Suggestion] = {}
        for each in shown:
            dossier = visible.get(each.dossier or "")
            suggestion = Suggestion(
                each.text, each.kind, each.spans, dossier.id if dossier else None, dossier.title if dossier else ""
            )
            suggestions.setdefault(suggestion.dossier_id or suggestion.text, suggestion)
        for each in hidden:
            if (dossier := visible.get(each.dossier or "")) is not None:
                suggestions.setdefault(dossier.id, Suggestion(dossier.title, each.kind, (), dossier.id, dossier.title))
        return tuple(suggestions.values())[:MOST_SUGGESTIONS]

    def _beyond(self, shown: Sequence[Suggested], actor: Actor, text: str) -> list[Suggested]:
        """Return what is suggested only to those who may reveal."""
        known = {(each.kind, each.text) for each in shown}
        every = self._engine.suggest(text, Scope(actor.units, may_reveal=True), limit=MOST_SUGGESTIONS)
        return [each for each in every if (each.kind, each.text) not in known]
