"""Language and look of the pages."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from web.auth import current_account, current_actor, current_archive, safe_next
from web.languages import LOCALES, remember_locale

bp = Blueprint("preferences", __name__, url_prefix="/preferences")

THEMES = ("auto", "light", "dark")


@bp.post("/language")
def language() -> ResponseReturnValue:
    """Change the language: of the user, and of this browser's login page."""
    locale = request.form.get("locale", "")
    if locale not in LOCALES:
        raise BadRequest
    if current_account():
        current_archive().accounts.set_preferences(current_actor(), locale=locale)
    response = redirect(safe_next(request.form.get("next")), code=303)
    remember_locale(response, locale)
    return response


@bp.post("/theme")
def theme() -> ResponseReturnValue:
    """Change between light, dark, and what the system says."""
    chosen = request.form.get("theme", "")
    if chosen not in THEMES:
        raise BadRequest
    current_archive().accounts.set_preferences(current_actor(), theme=chosen)
    return redirect(safe_next(request.form.get("next")), code=303)
