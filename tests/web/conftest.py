"""The application over a real archive, and browsers logged in as users of a role."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.access import Role
from archive.bootstrap import Archive
from tests.web.browsing import browsers
from web.app import create_app


@pytest.fixture
def app(archive: Archive) -> Flask:
    """The application as it is served, request tokens and all."""
    app = create_app(archive.settings, archive)
    app.config.update(TESTING=True)
    return app


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A browser that is not logged in, without request tokens."""
    app.config.update(WTF_CSRF_ENABLED=False)
    return app.test_client()


@pytest.fixture
def browser_as(archive: Archive) -> Callable[[Role], FlaskClient]:
    """Log a user of a role in."""
    return browsers(archive)
