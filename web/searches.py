"""Saved searches: keep a question, share it, be told of new dossiers; and what one asked lately."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive.access import Right
from archive.errors import InvalidInputError
from web.auth import current_actor, current_archive
from web.errors import advice_for
from web.present import label
from web.question import asked_by, asked_question

bp = Blueprint("searches", __name__)


@bp.get("/searches")
def index() -> ResponseReturnValue:
    """List the searches that the user may open, with what is new in each, and what the user asked lately."""
    archive, actor = current_archive(), current_actor()
    kept = archive.saved_searches.all(actor)
    recent = archive.recent_searches.all(actor)
    return render_template(
        "searches/index.html",
        kept=[(each, asked_by(each.search.question)) for each in kept],
        news=archive.saved_searches.news(actor),
        recent=[(each.at, asked_by(each.question)) for each in recent],
        units={unit.id: label(unit) for unit in archive.accounts.all_units()},
    )


@bp.get("/searches/new")
def new() -> ResponseReturnValue:
    """Show the form that saves the question in the address."""
    current_actor().require(Right.SEE)
    return _new_page({})


@bp.post("/searches/new")
def save() -> ResponseReturnValue:
    """Save the question in the address."""
    sent, asked = request.form, asked_question()
    try:
        search = current_archive().saved_searches.save(
            current_actor(),
            sent.get("name", ""),
            asked.question(),
            unit=sent.get("unit") or None,
            alert=sent.get("alert") == "yes",
        )
    except InvalidInputError as error:
        return _new_page({error.field: advice_for(error)}), 422
    flash(_("The search “%(name)s” is saved.", name=search.name), "success")
    return redirect(asked.address(), code=303)


def _new_page(errors: dict[str, str]) -> str:
    asked = asked_question()
    return render_template(
        "searches/form.html",
        asked=asked,
        kept=None,
        name=request.form.get("name", asked.text.strip()),
        unit=request.form.get("unit", ""),
        units=_units_to_share(),
        errors=errors,
    )


@bp.get("/searches/<search_id>")
def show(search_id: str) -> ResponseReturnValue:
    """Lead to the answer of a saved search: to all of it, or with ``new`` to what is new. It is new no longer then."""
    kept = current_archive().saved_searches.look(current_actor(), search_id)
    if request.args.get("new") != "yes":
        return redirect(asked_by(kept.search.question).address())
    return redirect(asked_by(kept.search.question, kept.seen_at, search_id).address())


@bp.get("/searches/<search_id>/edit")
def edit(search_id: str) -> ResponseReturnValue:
    """Show the form that renames or shares a saved search."""
    return _edit_page(search_id, {})


@bp.post("/searches/<search_id>/edit")
def change(search_id: str) -> ResponseReturnValue:
    """Rename or share a saved search."""
    sent = request.form
    try:
        search = current_archive().saved_searches.change(
            current_actor(), search_id, name=sent.get("name", ""), unit=sent.get("unit") or None
        )
    except InvalidInputError as error:
        return _edit_page(search_id, {error.field: advice_for(error)}), 422
    flash(_("The search “%(name)s” is saved.", name=search.name), "success")
    return redirect(url_for("searches.index"), code=303)


def _edit_page(search_id: str, errors: dict[str, str]) -> str:
    kept = current_archive().saved_searches.get(current_actor(), search_id)
    if not kept.may_change:
        current_actor().require(Right.CURATE, kept.search.unit)
    return render_template(
        "searches/form.html",
        asked=asked_by(kept.search.question),
        kept=kept,
        name=request.form.get("name", kept.search.name),
        unit=request.form.get("unit", kept.search.unit or ""),
        units=_units_to_share(),
        errors=errors,
    )


def _units_to_share() -> list[tuple[str, str]]:
    units = current_archive().accounts.all_units()
    return [(unit.id, label(unit)) for unit in units if current_actor().may(Right.SEE, unit.id)]


@bp.post("/searches/<search_id>/alert")
def set_alert(search_id: str) -> ResponseReturnValue:
    """Have the user told of new dossiers, or not."""
    alert = request.form.get("alert") == "yes"
    current_archive().saved_searches.set_alert(current_actor(), search_id, alert=alert)
    flash(_("You are told of new dossiers.") if alert else _("You are no longer told of new dossiers."), "success")
    return redirect(url_for("searches.index"), code=303)


@bp.post("/searches/<search_id>/deletion")
def delete(search_id: str) -> ResponseReturnValue:
    """Forget a saved search."""
    current_archive().saved_searches.delete(current_actor(), search_id)
    flash(_("The saved search is deleted."), "success")
    return redirect(url_for("searches.index"), code=303)


@bp.post("/searches/recent/clearing")
def clear_recent() -> ResponseReturnValue:
    """Forget what the user asked lately."""
    current_archive().recent_searches.clear(current_actor())
    flash(_("The list of recent searches is cleared."), "success")
    return redirect(url_for("searches.index"), code=303)


@bp.get("/searches/news")
def news() -> str:
    """Give what is new in the user's searches, as the part of a page that comes after the rest."""
    archive, actor = current_archive(), current_actor()
    found = archive.saved_searches.news(actor)
    kept = {each.search.id: each.search for each in archive.saved_searches.all(actor)}
    return render_template(
        "searches/_news.html",
        counts=[(kept[search_id], count) for search_id, count in found.counts.items() if search_id in kept],
        as_badge=request.args.get("as") == "badge",
    )
