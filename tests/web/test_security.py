"""Headers, cookies, request tokens and the throttle."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.access import SYSTEM, Role
from archive.bootstrap import Archive
from tests.web.browsing import PASSWORD
from web.app import create_app

_WEB = Path(__file__).parents[2] / "web"


def test_every_answer_carries_the_security_headers(stranger: FlaskClient) -> None:
    for path in ("/login", "/healthz", "/nowhere", "/static/any/app.css"):
        with stranger.get(path) as answer:
            headers = answer.headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]


def test_pages_are_not_kept_by_browsers(browser_as: Callable[[Role], FlaskClient]) -> None:
    assert browser_as(Role.VIEWER).get("/").headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(
    archive: Archive, stranger: FlaskClient
) -> None:
    cookie = stranger.get("/login").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_behind_a_proxy_cookies_are_secure_and_https_is_demanded(archive: Archive) -> None:
    app = create_app(archive.settings.model_copy(update={"behind_proxy": True}), archive)

    answer = app.test_client().get("/login", headers={"X-Forwarded-Proto": "https"})

    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_post_without_its_token_is_refused(app: Flask) -> None:
    answer = app.test_client().post("/login", data={"username": "a", "password": "b"})

    assert answer.status_code == 400
    assert "The form is too old" in answer.text


def test_a_script_sends_the_token_in_a_header(app: Flask) -> None:
    browser = app.test_client()
    token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get("/login").text)
    assert token

    answer = browser.post("/login", data={"username": "a", "password": "b"}, headers={"X-CSRFToken": token.group(1)})

    assert answer.status_code == 401


def test_guessing_is_slowed_down_for_a_name_from_any_address(archive: Archive, stranger: FlaskClient) -> None:
    limit = archive.settings.login_attempts_per_minute
    statuses = [
        stranger.post(
            "/login",
            data={"username": " Wang.Fang" if i % 2 else "wang.fang", "password": "guess"},
            environ_base={"REMOTE_ADDR": f"10.0.0.{i}"},
        ).status_code
        for i in range(limit + 1)
    ]

    assert statuses == [401] * limit + [429]


def test_guessing_is_slowed_down_for_an_address_with_any_name(archive: Archive, stranger: FlaskClient) -> None:
    limit = archive.settings.login_attempts_per_minute
    statuses = [
        stranger.post("/login", data={"username": f"user{i}", "password": "guess"}).status_code
        for i in range(limit + 1)
    ]

    assert statuses == [401] * limit + [429]


def test_logins_that_succeed_are_not_counted(archive: Archive, stranger: FlaskClient) -> None:
    _account, token = archive.accounts.create_user(SYSTEM, "li.si", "李四", frozenset({Role.AUDITOR}), frozenset())
    archive.accounts.redeem(token, PASSWORD)

    statuses = {
        stranger.post("/login", data={"username": "li.si", "password": PASSWORD}).status_code
        for _ in range(archive.settings.login_attempts_per_minute + 2)
    }

    assert statuses == {303}


@pytest.mark.parametrize("path", sorted((_WEB / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_no_template_has_inline_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", text)
    assert not re.search(r"\s(style|on[a-z]+)=\"", re.sub(r"{#.*?#}", "", text, flags=re.S))
    assert "<style" not in text
    assert "|safe" not in text
