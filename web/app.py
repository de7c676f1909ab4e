"""The application: the one place where the pages are put together."""

import importlib
import pkgutil
from typing import TYPE_CHECKING

from flask import Blueprint, Flask

import web
from archive.settings import Settings
from web.auth import install_auth
from web.errors import install_errors
from web.languages import install_languages
from web.navigation import install_navigation
from web.present import install_presentation
from web.security import install_security
from web.static_files import install_static_files

if TYPE_CHECKING:
    from archive.bootstrap import Archive


def create_app(settings: Settings, archive: "Archive") -> Flask:
    """Build the application that serves the archive; nothing is asked of the archive until a request comes.

    Args:
        settings: Address, cookies, limits, language and time zone.
        archive: An opened archive; whoever opened it closes it.
    """
    app = Flask("web", static_folder=None)
    app.extensions["archive"] = archive
    app.config["SETTINGS"] = settings
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    install_security(app, settings)
    install_auth(app, session_hours=settings.session_hours)
    install_languages(app, default_locale=settings.default_locale, timezone=settings.timezone)
    install_presentation(app)
    install_navigation(app)
    install_errors(app)
    install_static_files(app)
    for blueprint in find_blueprints():
        app.register_blueprint(blueprint)
    return app


def find_blueprints() -> list[Blueprint]:
    """Return the blueprint of each module of this package that has one (called ``bp``)."""
    modules = (
        importlib.import_module(f"web.{info.name}")
        for info in pkgutil.iter_modules(web.__path__)
        if info.name not in {"__main__", "wsgi"}
    )
    return [module.bp for module in modules if isinstance(getattr(module, "bp", None), Blueprint)]
