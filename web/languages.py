"""The languages of the pages: which one a request gets, and the cookie of those who are not logged in."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from flask import Flask, current_app, request
from flask_babel import Babel, get_locale
from werkzeug.wrappers import Response

from web.auth import current_account

LOCALES: Mapping[str, str] = {"zh_CN": "简体中文", "en": "English"}
"""The languages there are, each by its own name."""

_OF_BROWSERS: Mapping[str, str] = {"zh": "zh_CN", "en": "en"}
"""What browsers ask for, to the language they then get; any Chinese gets the one that there is."""

_COOKIE = "locale"
_COOKIE_SECONDS = 365 * 24 * 3600


def chosen_locale() -> str:
    """Return the language of this request: the user's, else the cookie's, else the browser's, else the installation's."""
    account = current_account()
    wanted = (account.locale if account else None) or request.cookies.get(_COOKIE) or ""
    if wanted in LOCALES:
        return wanted
    # In the browser's order of preference.
    asked_for = (tag.partition("-")[0].lower() for tag, _quality in request.accept_languages)
    of_browser = next((_OF_BROWSERS[language] for language in asked_for if language in _OF_BROWSERS), None)
    return of_browser or str(current_app.config["BABEL_DEFAULT_LOCALE"])


def locale_name() -> str:
    """Return "zh_CN" or "en": what the labels of the archive ask for."""
    # Babel itself calls zh_CN by its full name, zh_Hans_CN.
    return "zh_CN" if str(get_locale()).startswith("zh") else "en"


def zone() -> ZoneInfo:
    """Return the time zone of the pages."""
    return ZoneInfo(current_app.config["BABEL_DEFAULT_TIMEZONE"])


def html_language() -> str:
    """Return the language in the form of the ``lang`` attribute."""
    return "zh-Hans" if locale_name().startswith("zh") else "en"


def remember_locale(response: Response, locale: str) -> None:
    """Keep the language in the browser, for pages before the login."""
    response.set_cookie(
        _COOKIE,
        locale,
        max_age=_COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )


def install_languages(app: Flask, *, default_locale: str, timezone: str) -> None:
    """Give the application its catalogues, and the time zone in which all times are shown."""
    app.config.update(BABEL_DEFAULT_LOCALE=default_locale, BABEL_DEFAULT_TIMEZONE=timezone)
    Babel(app, default_locale=default_locale, default_timezone=timezone, locale_selector=chosen_locale)
    app.jinja_env.globals.update(html_language=html_language, locale_name=locale_name, LOCALES=LOCALES)
