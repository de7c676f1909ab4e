"""What the side bar offers: only what the actor may do."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from archive.access import Right
from web.auth import current_account, current_actor


@dataclass(frozen=True, slots=True)
class Entry:
    """One place that people go to.

    Attributes:
        endpoint: Where it leads.
        label: What it is called.
        icon: A symbol of the icon sprite.
        rights: Any one of them suffices; none: everybody.
        key: The letter that leads there after "g".
        parts: Other blueprints whose pages belong to it.
    """

    endpoint: str
    label: LazyString
    icon: str
    rights: frozenset[Right] = frozenset()
    key: str = ""
    parts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it is drawn on one page."""

    label: str
    icon: str
    address: str
    active: bool
    key: str


ENTRIES = (
    Entry("home.show", _l("Home"), "home", key="h"),
    Entry(
        "search.show",
        _l("Dossiers"),
        "folders",
        frozenset({Right.SEE}),
        key="d",
        parts=frozenset({"dossiers", "exports", "lists", "searches"}),
    ),
    Entry("intake.upload", _l("Upload"), "upload", frozenset({Right.UPLOAD}), key="u"),
    Entry("review.queue", _l("Review"), "checklist", frozenset({Right.REVIEW_OWN, Right.REVIEW_ALL}), key="r"),
    Entry("scans.index", _l("Scans"), "scan", frozenset({Right.UPLOAD}), key="s"),
    Entry("types.index", _l("Dossier types"), "list-details", frozenset({Right.MANAGE_TYPES}), key="t"),
    Entry("form_templates.index", _l("Form templates"), "file-text", frozenset({Right.MANAGE_TYPES}), key="f"),
    Entry("audit.index", _l("Audit trail"), "shield-check", frozenset({Right.READ_AUDIT}), key="a"),
    Entry("users.index", _l("Users"), "users", frozenset({Right.MANAGE_USERS}), key="p"),
    Entry("users.units", _l("Units"), "sitemap", frozenset({Right.MANAGE_USERS})),
)


def links() -> Iterable[Link]:
    """Yield what the acting user may open, in order."""
    if current_account() is None:
        return
    rights = current_actor().rights
    for entry in ENTRIES:
        if entry.rights and not entry.rights & rights:
            continue
        yield Link(str(entry.label), entry.icon, url_for(entry.endpoint), _is_current(entry), entry.key)


def _is_current(entry: Entry) -> bool:
    here, there = request.endpoint or "", entry.endpoint
    if here == there or here.partition(".")[0] in entry.parts:
        return True
    # The pages of one blueprint belong to one entry, unless the blueprint has several.
    blueprint = there.partition(".")[0]
    siblings = {other.endpoint for other in ENTRIES if other.endpoint.partition(".")[0] == blueprint}
    return here.partition(".")[0] == blueprint and (len(siblings) == 1 or here.startswith(there.rstrip("s")))


def may(right: str) -> bool:
    """Tell a template whether the acting user has a right; the use cases check again."""
    return current_account() is not None and Right(right) in current_actor().rights


def install_navigation(app: Flask) -> None:
    """Let every template draw the navigation."""
    app.jinja_env.globals.update(navigation_links=links, may=may)
