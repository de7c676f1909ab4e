"""Searches that are kept: what was asked, by whom, and who else may use it. Pure: no I/O."""

from datetime import datetime

from pydantic import Field

from archive.values import Value, new_id


class Question(Value):
    """What is asked of a search, without the window of its answer. Its text may name a customer: it is never logged.

    Attributes:
        filters: Facet to chosen values.
        sort: As in ``LookupQuery``.
        descending: The direction of that order.
    """

    text: str = ""
    filters: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    sort: str = "relevance"
    descending: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether it asks for everything."""
        return not self.text.strip() and not any(self.filters.values())


class SavedSearch(Value):
    """A question that somebody keeps under a name.

    Attributes:
        unit: The unit whose people may use it too; None keeps it to its owner.
    """

    id: str = Field(default_factory=new_id)
    name: str
    question: Question
    owner_id: str
    owner_name: str
    unit: str | None = None
    created_at: datetime


class SearchSight(Value):
    """What one user makes of one saved search.

    Attributes:
        seen_at: When the user looked. Dossiers that match since then are new to the user.
        alert: Whether the user wants to be told of them.
        known: Ids of the dossiers that matched when the user looked, or of which the user was told before.
        complete: Whether these are all; otherwise only dossiers created since then are new.
        told: Ids of the dossiers that were new when the user looked.
    """

    search_id: str
    user_id: str
    seen_at: datetime
    alert: bool
    known: tuple[str, ...] = ()
    complete: bool = False
    told: tuple[str, ...] = ()


class RecentSearch(Value):
    """A question that a user asked lately."""

    question: Question
    at: datetime
