"""Who gets in, where they land, and when a session ends."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.access import SYSTEM, Role
from archive.bootstrap import Archive
from tests.web.browsing import PASSWORD
from web.auth import OPEN_ENDPOINTS, safe_next


def _add_user(archive: Archive, name: str = "wang.fang", role: Role = Role.CLERK) -> str:
    account, token = archive.accounts.create_user(SYSTEM, name, "王芳", frozenset({role}), frozenset({"main"}))
    archive.accounts.redeem(token, PASSWORD)
    return account.user_id


def _log_in(browser: FlaskClient, name: str = "wang.fang", **more: str) -> int:
    return browser.post("/login", data={"username": name, "password": PASSWORD, **more}).status_code


def test_only_these_endpoints_are_open() -> None:
    assert {
        "static",
        "health.alive",
        "health.ready",
        "accounts.login",
        "accounts.login_form",
        "accounts.setup",
        "accounts.setup_form",
        "accounts.redeem",
        "accounts.redeem_form",
        "preferences.language",
    } == OPEN_ENDPOINTS


def test_a_stranger_is_sent_to_the_login_and_back_again(archive: Archive, stranger: FlaskClient) -> None:
    _add_user(archive)

    sent = stranger.get("/search?q=张三")
    landed = stranger.post(
        "/login", data={"username": "wang.fang", "password": PASSWORD, "next": "/search?q=%E5%BC%A0%E4%B8%89"}
    )

    assert sent.status_code == 303
    assert sent.location.startswith("/login?next=/search")
    assert landed.location == "/search?q=%E5%BC%A0%E4%B8%89"


def test_a_script_of_a_stranger_gets_a_problem_and_the_way_to_the_login(stranger: FlaskClient) -> None:
    answer = stranger.get("/search", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/review"})

    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "login-needed"
    assert answer.headers["HX-Redirect"] == "/login?next=/review"


@pytest.mark.parametrize(
    "target",
    [
        "",
        None,
        "https://example.org/",
        "//example.org/",
        "/\\example.org",
        "javascript:alert(1)",
        "/a\nb",
        "a",
        "/a\\b",
    ],
)
def test_no_target_leads_away_from_the_site(app: Flask, target: str | None) -> None:
    with app.test_request_context():
        assert safe_next(target) == "/"


def test_a_target_on_the_site_is_kept(app: Flask) -> None:
    with app.test_request_context():
        assert safe_next("/search?q=x&type=person") == "/search?q=x&type=person"


def test_a_wrong_password_and_an_unknown_name_look_alike(archive: Archive, stranger: FlaskClient) -> None:
    _add_user(archive)

    wrong = stranger.post("/login", data={"username": "wang.fang", "password": "not this one"})
    unknown = stranger.post("/login", data={"username": "li.si", "password": "not this one"})

    assert wrong.status_code == unknown.status_code == 401
    assert _without_tokens(wrong.text).replace("wang.fang", "li.si") == _without_tokens(unknown.text)


def _without_tokens(page: str) -> str:
    """Blank the request token, which holds the second it was made in, in the form and in the page's head."""
    return re.sub(r'(name="csrf[-_]token" (?:value|content)=)"[^"]*"', r"\1", page)


def test_a_new_password_ends_the_other_sessions(archive: Archive, app: Flask) -> None:
    app.config.update(WTF_CSRF_ENABLED=False)
    _add_user(archive)
    here, elsewhere = app.test_client(), app.test_client()
    _log_in(here)
    _log_in(elsewhere)

    here.post(
        "/profile/password", data={"old": PASSWORD, "password": "another sentence", "repeated": "another sentence"}
    )

    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 303


def test_one_can_log_out_everywhere_else(archive: Archive, app: Flask) -> None:
    app.config.update(WTF_CSRF_ENABLED=False)
    _add_user(archive)
    here, elsewhere = app.test_client(), app.test_client()
    _log_in(here)
    _log_in(elsewhere)

    here.post("/profile/sessions")

    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 303
    now = datetime.now(UTC)
    logged = archive.audit.events(SYSTEM, since=now - timedelta(hours=1), until=now + timedelta(hours=1)).items
    assert "logout-elsewhere" in {event.action for event in logged}


def test_switching_an_account_off_ends_its_session(archive: Archive, stranger: FlaskClient) -> None:
    user_id = _add_user(archive)
    _log_in(stranger)
    archive.accounts.update_user(
        SYSTEM, user_id, name="王芳", roles=frozenset({Role.CLERK}), units=frozenset({"main"}), active=False
    )

    assert stranger.get("/").status_code == 303


def test_a_session_ends_after_the_hours_that_are_set(archive: Archive, stranger: FlaskClient) -> None:
    _add_user(archive)
    _log_in(stranger)
    with stranger.session_transaction() as session:
        session["logged_in_at"] -= archive.settings.session_hours * 3600 + 1

    assert stranger.get("/").status_code == 303


def test_logging_out_forgets_the_session(browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.CLERK)

    browser.post("/logout")

    assert browser.get("/").status_code == 303


def test_what_is_sent_after_the_session_has_ended_leads_to_the_login_and_back(app: Flask) -> None:
    browser = app.test_client()

    sent = browser.post(
        "/dossiers/new", data={"csrf_token": "old"}, headers={"Referer": "http://localhost/dossiers/new"}
    )
    by_script = browser.post("/check", headers={"Accept": "application/json", "X-CSRFToken": "old"})

    assert (sent.status_code, sent.location) == (303, "/login?next=/dossiers/new")
    assert (
        "Your session has ended" in browser.get(sent.location).text or "登录已过期" in browser.get(sent.location).text
    )
    assert (by_script.status_code, by_script.json["error"]["code"]) == (401, "login-needed")


def test_a_page_that_was_open_for_long_gets_a_token_that_counts_now(archive: Archive, app: Flask) -> None:
    _add_user(archive)
    browser = app.test_client()
    page = browser.get("/login").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    assert _log_in(browser, csrf_token=token.group(1)) == 303

    fresh = browser.get("/session", headers={"Accept": "application/json"}).json["token"]

    assert browser.post("/preferences/theme", data={"theme": "dark", "csrf_token": fresh}).status_code == 303
    assert app.test_client().get("/session", headers={"Accept": "application/json"}).status_code == 401
