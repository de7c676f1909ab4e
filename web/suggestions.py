"""What the search box offers while somebody types, and before: completions, and what the user asked lately."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from archive.finding.suggestions import MOST_SUGGESTIONS, Suggestion
from web.auth import current_actor, current_archive
from web.question import LONGEST_TEXT, asked_by
from web.wording import Words, words_for

bp = Blueprint("suggestions", __name__)

KINDS: Words = {
    "name": _l("Name"),
    "code": _l("Code"),
    "number": _l("Number"),
    "tag": _l("Tag"),
    "dossier": _l("Dossier"),
    "recent": _l("Recent searches"),
}


@bp.get("/search/suggestions")
def index() -> ResponseReturnValue:
    """Give the lines of the list: each has a text with its matching spans, and leads to an address.

    ``search`` is the text to search for, where the line is no dossier, so that the search page can do so on the spot.
    """
    archive, actor = current_archive(), current_actor()
    text = request.args.get("q", "")[:LONGEST_TEXT].strip()
    if text:
        lines = [_line(each) for each in archive.suggestions.suggest(actor, text)]
    else:
        lines = _recent([asked_by(each.question) for each in archive.recent_searches.all(actor)[:MOST_SUGGESTIONS]])
    return jsonify(text=text, lines=lines)


def _line(suggestion: Suggestion) -> dict[str, Any]:
    if suggestion.dossier_id is not None:
        address = url_for("dossiers.show", dossier_id=suggestion.dossier_id)
        told = _told(suggestion.text, "dossier", address, suggestion.spans)
        return told if suggestion.title == suggestion.text else {**told, "words": suggestion.title}
    address = url_for("search.show", q=suggestion.text)
    return {**_told(suggestion.text, suggestion.kind, address, suggestion.spans), "search": suggestion.text}


def _recent(questions: Sequence[Any]) -> list[dict[str, Any]]:
    return [_told(each.words(), "recent", each.address(), ()) for each in questions]


def _told(text: str, kind: str, address: str, spans: Sequence[tuple[int, int]]) -> dict[str, Any]:
    return {"text": text, "spans": spans, "kind": kind, "words": words_for(KINDS, kind), "address": address}
