"""The question that an address holds: words, filters, order, page. It can be kept, sent to a colleague, gone back to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from archive.finding.found import LookupQuery
from archive.finding.question import Question
from web.auth import current_actor, current_archive
from web.present import label
from web.wording import DOSSIER_STATES, words_for

PAGE_LENGTH = 20
FARTHEST_PAGE = 500
"""Nobody turns this many pages; it keeps an invented address from asking the index for millions."""
_MOST_VALUES = 50
LONGEST_TEXT = 500

FACETS: Mapping[str, LazyString] = MappingProxyType(
    {"type": _l("Type"), "unit": _l("Unit"), "state": _l("State"), "tag": _l("Tag"), "year": _l("Year")}
)
"""What the list can be narrowed by, in the order in which it is offered."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order of the list.

    Attributes:
        words: What the page calls it.
        key: The key of ``LookupQuery.sort``.
        descending: The direction.
    """

    words: LazyString
    key: str
    descending: bool


ORDERS: Mapping[str, Order] = MappingProxyType(
    {
        "relevance": Order(_l("Best match first"), "relevance", True),
        "changed": Order(_l("Last changed first"), "changed_at", True),
        "created": Order(_l("Newest first"), "created_at", True),
        "oldest": Order(_l("Oldest first"), "created_at", False),
        "title": Order(_l("By title"), "title", False),
        "code": Order(_l("By code"), "code", False),
    }
)
"""The orders by the word that stands for them in the address; the first is the usual one."""

USUAL_ORDER = "relevance"


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that an address holds.

    Attributes:
        filters: Facet to chosen values, without the facets that have none.
        page: Page of the list, from 1.
        since: Only dossiers that are new since this moment: created then or later, unless ``news`` tells which.
        news: Id of the saved search whose news are asked for: the dossiers of which the user was told.
    """

    text: str
    filters: Mapping[str, tuple[str, ...]]
    order: str = USUAL_ORDER
    page: int = 1
    since: datetime | None = None
    news: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it asks for everything."""
        return not self.text.strip() and not self.filters and self.since is None

    def query(self) -> LookupQuery:
        """Return the question as the archive takes it."""
        order = ORDERS[self.order]
        return LookupQuery(
            text=self.text,
            filters=self.filters,
            sort=order.key,
            descending=order.descending,
            limit=PAGE_LENGTH,
            offset=(self.page - 1) * PAGE_LENGTH,
            created_since=None if self._told is not None else self.since,
            among=self._told,
        )

    @property
    def _told(self) -> frozenset[str] | None:
        return current_archive().saved_searches.told(current_actor(), self.news) if self.since and self.news else None

    def question(self) -> Question:
        """Return what of it is kept when it is saved."""
        order = ORDERS[self.order]
        return Question(text=self.text.strip(), filters=dict(self.filters), sort=order.key, descending=order.descending)

    def address(
        self,
        endpoint: str = "search.show",
        *,
        text: str | None = None,
        page: int = 1,
        without: tuple[str, str] | None = None,
        filters: bool = True,
        since: bool = True,
    ) -> str:
        """Return the address of this question, or of one that differs a little; what is usual is left out.

        Args:
            endpoint: The page that is asked it.
            text: Other words.
            page: Another page of the list.
            without: A facet and the value of it to drop.
            filters: Whether to keep the filters at all.
            since: Whether to keep to the dossiers that are new.
        """
        kept: dict[str, Any] = {
            facet: [value for value in values if (facet, value) != without]
            for facet, values in (self.filters.items() if filters else ())
        }
        return url_for(
            endpoint,
            q=(self.text if text is None else text) or None,
            sort=self.order if self.order != USUAL_ORDER else None,
            since=self.since.isoformat() if self.since and since and filters else None,
            news=self.news if self.news and self.since and since and filters else None,
            page=page if page > 1 else None,
            **{facet: values for facet, values in kept.items() if values},
        )

    def words(self) -> str:
        """Return the question in words, for lists of questions."""
        parts = [f"“{self.text.strip()}”"] if self.text.strip() else []
        for facet, values in self.filters.items():
            names = _(", ").join(value_name(facet, value) for value in values)
            parts.append(_("%(facet)s: %(names)s", facet=str(FACETS[facet]), names=names))
        return " · ".join(parts) or _("All dossiers")


def asked_question() -> Asked:
    """Read the question from the address; what makes no sense is left out rather than refused."""
    given = request.args
    filters = {
        facet: tuple(dict.fromkeys(value for value in given.getlist(facet) if value))[:_MOST_VALUES] for facet in FACETS
    }
    text, order, page = given.get("q", "")[:LONGEST_TEXT], given.get("sort", USUAL_ORDER), given.get("page", 1, int)
    if order == "changed" and not text.strip():
        order = USUAL_ORDER
    return Asked(
        text=text,
        filters={facet: values for facet, values in filters.items() if values},
        order=order if order in ORDERS else USUAL_ORDER,
        page=min(max(page, 1), FARTHEST_PAGE),
        since=_moment(given.get("since", "")),
        news=given.get("news", "")[:64],
    )


def asked_by(question: Question, since: datetime | None = None, news: str = "") -> Asked:
    """Return a kept question as an address holds it; ``since``, ``news``: as in ``Asked``."""
    order = next(
        (code for code, each in ORDERS.items() if (each.key, each.descending) == (question.sort, question.descending)),
        USUAL_ORDER,
    )
    filters = {facet: values for facet, values in question.filters.items() if facet in FACETS and values}
    return Asked(question.text, filters, order, since=since, news=news)


def value_name(facet: str, value: str) -> str:
    """Return what a facet's value is called."""
    archive = current_archive()
    if facet == "state":
        return words_for(DOSSIER_STATES, value)
    names: dict[str, str] = {}
    if facet == "type":
        names = {each.name: label(each) for each in archive.types.all()}
    elif facet == "unit":
        names = {each.id: label(each) for each in archive.accounts.all_units()}
    return names.get(value, value)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
