"""How values look on a page: times, sizes, labels in the reader's language, marked words. No I/O."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

from flask import Flask, url_for
from flask_babel import format_datetime, format_decimal, format_timedelta, get_timezone, to_user_timezone
from flask_babel import gettext as _
from markupsafe import Markup, escape

from archive.access import SYSTEM
from web import wording
from web.auth import current_account
from web.languages import locale_name

MARK = Markup("<mark>{}</mark>")


class Labelled(Protocol):
    """Anything with a name in each language: a dossier type, one of its fields."""

    def label(self, locale: str) -> str:
        """Return the name in the language."""


def when(moment: datetime | None) -> str:
    """Return a time in the installation's zone, to the minute."""
    if moment is None:
        return ""
    pattern = "yyyy-MM-dd HH:mm" if locale_name().startswith("zh") else "d MMM yyyy, HH:mm"
    return str(format_datetime(moment, pattern))


def ago(moment: datetime | None) -> str:
    """Return how long ago something was, in words."""
    if moment is None:
        return ""
    return str(format_timedelta(moment - datetime.now(UTC), add_direction=True))


def iso(moment: datetime) -> str:
    """Return a time as the ``datetime`` attribute wants it."""
    return str(to_user_timezone(moment).isoformat(timespec="seconds"))


def size(size_bytes: int) -> str:
    """Return a number of bytes in the unit in which it reads best (1 kB is 1000 bytes)."""
    amount = float(size_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    digits = "#,##0" if unit == "B" or amount >= 100 else "#,##0.#"
    return f"{format_decimal(amount, digits)} {unit}"


def percent(share: float | None) -> str:
    """Return a share of 0.0 to 1.0 in per cent; 99.6 % is not rounded up to a certainty."""
    if share is None:
        return ""
    return f"{100 if share >= 1 else min(99, round(share * 100))} %"


def label(thing: Labelled) -> str:
    """Return the name of a type or field in the reader's language."""
    return thing.label(locale_name())


def marked(text: str, spans: Sequence[tuple[int, int]]) -> Markup:
    """Escape a text, then mark the spans in it.

    Args:
        text: As it stands in the record, never HTML.
        spans: Start and end of each hit in characters of the text, ascending.
    """
    parts, position = [], 0
    for start, end in spans:
        start, end = max(start, position), min(end, len(text))
        if start >= end:
            continue
        parts += [escape(text[position:start]), MARK.format(text[start:end])]
        position = end
    return Markup("").join([*parts, escape(text[position:])])


def initials(name: str) -> str:
    """Return what stands in a user's round picture: two letters, or the last two characters of a Chinese name."""
    words = name.split()
    if not words:
        return "?"
    if any("\u4e00" <= character <= "\u9fff" for character in name):
        return words[-1][-2:]
    return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()


def icon(name: str, classes: str = "") -> Markup:
    """Draw a symbol of the sprite; it is decoration, the words stand beside it or in a label."""
    return Markup('<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>').format(
        classes, url_for("static", filename="vendor/icons.svg"), name
    )


def person(name: str | None) -> str:
    """Return the name of who did something; the worker and the command line act as the system."""
    return _("System") if name == SYSTEM.name else name or ""


def theme() -> str:
    """Return the look that the user wants: light, dark or auto (as the system)."""
    account = current_account()
    return (account.theme if account else None) or "auto"


def install_presentation(app: Flask) -> None:
    """Give the templates their filters and functions."""
    app.jinja_env.filters.update(
        when=when,
        ago=ago,
        iso=iso,
        size=size,
        percent=percent,
        label=label,
        initials=initials,
        person=person,
        role=lambda code: wording.words_for(wording.ROLES, code),
        scan_state=lambda code: wording.words_for(wording.SCAN_STATES, code),
        dossier_state=lambda code: wording.words_for(wording.DOSSIER_STATES, code),
        problem=lambda code: wording.words_for(wording.PROBLEMS, code),
        reason=lambda code: wording.words_for(wording.REASONS, code),
        channel=lambda code: wording.words_for(wording.CHANNELS, code),
        audit_action=lambda code: wording.words_for(wording.AUDIT_ACTIONS, code),
        audit_detail=lambda code: wording.words_for(wording.AUDIT_DETAILS, code),
        object_kind=lambda code: wording.words_for(wording.OBJECT_KINDS, code),
        action=lambda code: wording.words_for(wording.ACTIONS, code),
    )
    app.jinja_env.globals.update(
        icon=icon,
        marked=marked,
        theme=theme,
        current_account=current_account,
        wording=wording,
        zone_name=lambda: str(get_timezone()),
    )
