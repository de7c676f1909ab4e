"""A built application and logged-in browsers for the tests of the pages."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.settings import Settings
from tests.web.fakes import PASSWORD, FakeArchive
from web.app import create_app


@pytest.fixture
def web_archive() -> FakeArchive:
    """The archive behind the pages."""
    return FakeArchive()


@pytest.fixture
def app(web_archive: FakeArchive, tmp_path: Path) -> Flask:
    """The application, in English, without request tokens (``test_security`` turns them on)."""
    settings = Settings(_env_file=None, data_dir=tmp_path, default_locale="en", secret_key="for tests only")
    app = create_app(settings, web_archive)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def client_as(app: Flask) -> Callable[[str], FlaskClient]:
    """Return a function that logs in as the user of a role ("clerk", "archivist"...) and returns the browser."""

    def log_in(role: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/login", data={"username": role, "password": PASSWORD})
        assert answer.status_code == 303
        return client

    return log_in
