"""The search page, which is also the list of all dossiers: an empty question lists them, the last changed first.

The address holds the whole question, so that it can be kept, sent to a colleague, and gone back to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from types import MappingProxyType
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from archive.lookup import Found, LookupQuery
from web.auth import current_actor, current_archive
from web.present import label
from web.wording import DOSSIER_STATES, words_for

bp = Blueprint("search", __name__)

PAGE_LENGTH = 20
_FARTHEST_PAGE = 500
"""Nobody turns this many pages; it keeps an invented address from asking the index for millions."""
_PAGES_AROUND = 2
_MOST_VALUES = 50
_LONGEST_TEXT = 500

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
    """

    text: str
    filters: Mapping[str, tuple[str, ...]]
    order: str
    page: int

    @property
    def is_empty(self) -> bool:
        """Whether it asks for everything."""
        return not self.text.strip() and not self.filters

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
        )

    def address(self, *, page: int = 1, without: tuple[str, str] | None = None, filters: bool = True) -> str:
        """Return the address of this question, or of one that differs a little; what is usual is left out.

        Args:
            page: Another page of the list.
            without: A facet and the value of it to drop.
            filters: Whether to keep the filters at all.
        """
        kept: dict[str, Any] = {
            facet: [value for value in values if (facet, value) != without]
            for facet, values in (self.filters.items() if filters else ())
        }
        return url_for(
            "search.show",
            q=self.text or None,
            sort=self.order if self.order != USUAL_ORDER else None,
            page=page if page > 1 else None,
            **{facet: values for facet, values in kept.items() if values},
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet as the page offers it."""

    value: str
    words: str
    count: int
    chosen: bool


def asked_question() -> Asked:
    """Read the question from the address; what makes no sense is left out rather than refused."""
    given = request.args
    filters = {
        facet: tuple(dict.fromkeys(value for value in given.getlist(facet) if value))[:_MOST_VALUES] for facet in FACETS
    }
    text, order, page = given.get("q", "")[:_LONGEST_TEXT], given.get("sort", USUAL_ORDER), given.get("page", 1, int)
    if order == "changed" and not text.strip():
        order = USUAL_ORDER
    return Asked(
        text=text,
        filters={facet: values for facet, values in filters.items() if values},
        order=order if order in ORDERS else USUAL_ORDER,
        page=min(max(page, 1), _FARTHEST_PAGE),
    )


@bp.get("/search")
def show() -> Response:
    """Answer a question: as a page, or as the part of it that changes while somebody types."""
    asked, actor, lookup = asked_question(), current_actor(), current_archive().lookup
    found = lookup.find(actor, asked.query())
    is_part = request.headers.get("HX-Request") == "true"
    is_typing = request.headers.get("X-Typing") == "yes"
    if not is_typing and not asked.is_empty:
        lookup.record_search(actor, asked.query(), found.total)
    choices = _choices(found, asked)
    answer = make_response(
        render_template(
            "search/_found.html" if is_part else "search/index.html",
            found=found,
            asked=asked,
            choices=choices,
            words={(facet, choice.value): choice.words for facet, each in choices.items() for choice in each},
            facets=FACETS,
            orders=ORDERS,
            pages=pages_around(asked.page, found.total),
            units_shown={unit.id: label(unit) for unit in current_archive().accounts.units(actor)},
        )
    )
    if is_part:
        # Each key stroke replaces the address, each deliberate step makes one to go back to.
        answer.headers["HX-Replace-Url" if is_typing else "HX-Push-Url"] = asked.address(page=asked.page)
        answer.headers["Vary"] = "HX-Request"
    return answer


def _choices(found: Found, asked: Asked) -> dict[str, list[Choice]]:
    """Return what each facet offers; a chosen value stays on offer although nothing has it any more."""
    offered: dict[str, list[Choice]] = {}
    for facet in FACETS:
        buckets = found.facets.get(facet, ())
        offered[facet] = [
            Choice(
                bucket.value,
                words_for(DOSSIER_STATES, bucket.value) if facet == "state" else label(bucket),
                bucket.count,
                bucket.chosen,
            )
            for bucket in buckets
        ]
        missing = set(asked.filters.get(facet, ())) - {bucket.value for bucket in buckets}
        offered[facet] += [Choice(value, _name_of(facet, value), 0, True) for value in sorted(missing)]
    return offered


def _name_of(facet: str, value: str) -> str:
    archive = current_archive()
    if facet == "state":
        return words_for(DOSSIER_STATES, value)
    names: dict[str, str] = {}
    if facet == "type":
        names = {each.name: label(each) for each in archive.types.all()}
    elif facet == "unit":
        names = {each.id: label(each) for each in archive.accounts.all_units()}
    return names.get(value, value)


def pages_around(page: int, total: int) -> list[int | None]:
    """Return the pages to link to: the first, those around the present one, the last; None is a gap."""
    last = min(ceil(total / PAGE_LENGTH), _FARTHEST_PAGE)
    near = range(max(1, page - _PAGES_AROUND), min(last, page + _PAGES_AROUND) + 1)
    wanted = sorted({1, last, *near}) if last > 1 else []
    shown: list[int | None] = []
    for number in wanted:
        if shown and shown[-1] is not None and number > shown[-1] + 1:
            shown.append(None)
        shown.append(number)
    return shown
