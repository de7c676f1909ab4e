"""Looking up a list of names or numbers: paste or upload it, follow it, read the table, take it along."""

from collections.abc import Iterator
from math import ceil

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from archive.access import Right
from archive.errors import InvalidInputError
from archive.finding.list_file import lines_of_file, lines_of_text
from archive.finding.list_search import MOST_MATCHES, ListedDossier, ListLine, Outcome, Progress
from web.auth import current_actor, current_archive
from web.errors import advice_for
from web.exports import asked_format, send_table
from web.fields import field_label
from web.present import label
from web.wording import Words, words_for

bp = Blueprint("lists", __name__)

PAGE_LENGTH = 100
_FIRST_WORK_S = 1.5
"""How long the sending of a list may work on it: short ones are done when the page comes."""
_WORK_S = 1.0

OUTCOMES: Words = {
    Outcome.EXACT: _l("Found"),
    Outcome.SIMILAR: _l("Similar"),
    Outcome.MISSING: _l("Not found"),
}

PARTS: Words = {
    "title": _l("Title"),
    "code": _l("Code"),
    "alias": _l("Former code"),
    "tag": _l("Tag"),
    "note": _l("Note"),
    "page": _l("Scan"),
    "page_hidden": _l("Scan"),
}
"""What a line can match besides a field."""


@bp.get("/lists")
def index() -> ResponseReturnValue:
    """Show where to paste or upload a list, and the former ones."""
    return _start_page({})


@bp.post("/lists")
def start() -> ResponseReturnValue:
    """Take a list and look up what can be done at once."""
    current_actor().require(Right.SEE)
    searches = current_archive().list_searches
    try:
        name_list = searches.start(current_actor(), _sent_lines())
    except InvalidInputError as error:
        return _start_page({error.field: advice_for(error)}), 422
    searches.work(current_actor(), name_list.id, seconds=_FIRST_WORK_S)
    return redirect(url_for("lists.show", list_id=name_list.id), code=303)


def _sent_lines() -> list[str]:
    column, heading = request.form.get("column", 1, int), request.form.get("heading") == "yes"
    file = request.files.get("file")
    if file is not None and file.filename:
        return lines_of_file(file.stream, file.filename, column=column, heading=heading)
    return lines_of_text(request.form.get("lines", ""), column=column, heading=heading)


def _start_page(errors: dict[str, str]) -> str:
    return render_template(
        "lists/index.html",
        lists=current_archive().list_searches.lists(current_actor()),
        limit=current_app.config["SETTINGS"].list_limit,
        errors=errors,
        sent=request.form,
    )


@bp.get("/lists/<list_id>")
def show(list_id: str) -> ResponseReturnValue:
    """Show what the lines found: all, or those with one outcome."""
    searches, actor = current_archive().list_searches, current_actor()
    progress = searches.progress(actor, list_id)
    asked = request.args.get("show", "")
    outcome = Outcome(asked) if asked in set(Outcome) else None
    count = progress.outcomes[outcome] if outcome else progress.done
    last = max(1, ceil(count / PAGE_LENGTH))
    page = min(max(request.args.get("page", 1, int), 1), last)
    return render_template(
        "lists/show.html",
        progress=progress,
        lines=list(searches.lines(actor, list_id, outcome=outcome, offset=(page - 1) * PAGE_LENGTH, limit=PAGE_LENGTH)),
        outcome=outcome,
        outcomes=OUTCOMES,
        colours={Outcome.EXACT: "green", Outcome.SIMILAR: "yellow", Outcome.MISSING: "secondary"},
        page=page,
        last=last,
        units={unit.id: label(unit) for unit in current_archive().accounts.all_units()},
        matched=matched_words,
    )


@bp.post("/lists/<list_id>/work")
def work(list_id: str) -> Response:
    """Look up the next lines; the page asks again until all are done, and is then shown anew."""
    progress = current_archive().list_searches.work(current_actor(), list_id, seconds=_WORK_S)
    if request.headers.get("HX-Request") != "true":
        return make_response(redirect(url_for("lists.show", list_id=list_id), code=303))
    answer = make_response(render_template("lists/_progress.html", progress=progress))
    if progress.is_done:
        answer.headers["HX-Refresh"] = "true"
    return answer


@bp.post("/lists/<list_id>/repetition")
def repeat(list_id: str) -> ResponseReturnValue:
    """Look up again what was looked up while the index did not answer."""
    searches, actor = current_archive().list_searches, current_actor()
    searches.repeat_degraded(actor, list_id)
    searches.work(actor, list_id, seconds=_FIRST_WORK_S)
    return redirect(url_for("lists.show", list_id=list_id), code=303)


@bp.get("/lists/<list_id>/table")
def table(list_id: str) -> ResponseReturnValue:
    """Send the answers as a file, one row a line, in the order of the list."""
    searches, actor, table_format = current_archive().list_searches, current_actor(), asked_format()
    searches.note_download(actor, list_id, table_format.value)
    headings = [_("No."), _("Searched for"), _("Result"), _("Dossiers")]
    for place in range(1, MOST_MATCHES + 1):
        headings += [f"{_('Code')} {place}", f"{_('Title')} {place}", f"{_('Type')} {place}", f"{_('Match')} {place}"]
    return send_table(_("list"), table_format, headings, _rows(searches.lines(actor, list_id)))


def _rows(lines: Iterator[ListLine]) -> Iterator[list[str]]:
    for line in lines:
        row = [str(line.number), line.text, words_for(OUTCOMES, line.outcome), str(line.total)]
        for each in line.found:
            row += [each.dossier.code, each.dossier.title, label(each.type), matched_words(each)]
        yield row + [""] * (4 + 4 * MOST_MATCHES - len(row))


@bp.post("/lists/<list_id>/deletion")
def delete(list_id: str) -> ResponseReturnValue:
    """Forget a list."""
    current_archive().list_searches.delete(current_actor(), list_id)
    return redirect(url_for("lists.index"), code=303)


def matched_words(found: ListedDossier) -> str:
    """Return where a line matches: the labels of the fields and parts."""
    names = (
        words_for(PARTS, key) if key in PARTS and found.type.field(key) is None else field_label(found.type, key)
        for key in found.keys
    )
    return str(_(", ")).join(dict.fromkeys(names))


def share_done(progress: Progress) -> int:
    """Return how much of a list is done, in per cent."""
    return 100 * progress.done // progress.lines


bp.add_app_template_filter(share_done)
