"""The search page, which is also the list of all dossiers: an empty question lists them, the last changed first."""

from dataclasses import dataclass
from math import ceil

from flask import Blueprint, Response, make_response, render_template, request

from archive.finding.found import Found
from web.auth import current_actor, current_archive
from web.present import label
from web.question import FACETS, FARTHEST_PAGE, ORDERS, PAGE_LENGTH, Asked, asked_question, value_name
from web.wording import DOSSIER_STATES, words_for

bp = Blueprint("search", __name__)

_PAGES_AROUND = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet as the page offers it."""

    value: str
    words: str
    count: int
    chosen: bool


@bp.get("/search")
def show() -> Response:
    """Answer a question: as a page, or as the part of it that changes while somebody types."""
    asked, actor, lookup = asked_question(), current_actor(), current_archive().lookup
    found = lookup.find(actor, asked.query())
    is_part = request.headers.get("HX-Request") == "true"
    is_typing = request.headers.get("X-Typing") == "yes"
    if not is_typing and not asked.is_empty:
        lookup.record_search(actor, asked.query(), found.total)
        current_archive().recent_searches.note(actor, asked.question())
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


@bp.get("/dossiers/<dossier_id>/similar")
def similar(dossier_id: str) -> str:
    """Give the dossiers that share most with one, as the part of its page that comes after the rest."""
    found = current_archive().lookup.similar(current_actor(), dossier_id)
    return render_template("search/_similar.html", found=found)


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
        offered[facet] += [Choice(value, value_name(facet, value), 0, True) for value in sorted(missing)]
    return offered


def pages_around(page: int, total: int) -> list[int | None]:
    """Return the pages to link to: the first, those around the present one, the last; None is a gap."""
    last = min(ceil(total / PAGE_LENGTH), FARTHEST_PAGE)
    near = range(max(1, page - _PAGES_AROUND), min(last, page + _PAGES_AROUND) + 1)
    wanted = sorted({1, last, *near}) if last > 1 else []
    shown: list[int | None] = []
    for number in wanted:
        if shown and shown[-1] is not None and number > shown[-1] + 1:
            shown.append(None)
        shown.append(number)
    return shown
