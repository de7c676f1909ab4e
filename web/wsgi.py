"""For gunicorn: ``gunicorn 'web.wsgi:application()'``."""

from flask import Flask

from archive.bootstrap import open_archive
from archive.settings import Settings
from web.app import create_app


def application() -> Flask:
    """Open the archive from the environment's settings and build the application over it.

    The archive connects at the first request, so each forked process gets connections of its own.
    """
    settings = Settings()
    return create_app(settings, open_archive(settings))
