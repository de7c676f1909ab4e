"""The first administrator, one-time links, the profile, language and look."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from archive.access import SYSTEM, Role
from archive.bootstrap import Archive
from tests.web.browsing import PASSWORD

FIRST = {"username": "li.gang", "name": "李刚", "password": PASSWORD, "repeated": PASSWORD}


def _token(archive: Archive) -> str:
    token = archive.accounts.setup_token()
    assert token
    return token


def test_the_first_administrator_is_logged_in_and_may_work_with_dossiers(
    archive: Archive, stranger: FlaskClient
) -> None:
    link = f"/setup/{_token(archive)}"
    form = stranger.get(link).text

    answer = stranger.post(link, data={**FIRST, "also_archivist": "yes"})

    assert 'name="also_archivist" id="field-also_archivist" value="yes" checked' in form
    assert answer.location == "/"
    assert archive.accounts.account_named("li.gang").roles == {Role.ADMIN, Role.ARCHIVIST}
    assert "Good to see you, 李刚" in stranger.get("/").text


def test_the_setup_link_works_once(archive: Archive, stranger: FlaskClient) -> None:
    link = f"/setup/{_token(archive)}"
    stranger.post(link, data=FIRST)

    assert stranger.get(link).status_code == 404
    assert stranger.post(link, data=FIRST).status_code == 404


def test_a_setup_that_is_refused_keeps_what_was_typed_and_says_where(archive: Archive, stranger: FlaskClient) -> None:
    answer = stranger.post(f"/setup/{_token(archive)}", data={**FIRST, "password": "short", "repeated": "short"})

    assert answer.status_code == 422
    assert 'value="li.gang"' in answer.text
    assert 'aria-invalid="true" aria-describedby="field-password-error field-password-hint"' in answer.text
    assert "A password has at least 10 characters." in answer.text
    assert "short" not in answer.text.replace("shortcut", "")


def test_two_different_passwords_are_refused(archive: Archive, stranger: FlaskClient) -> None:
    answer = stranger.post(f"/setup/{_token(archive)}", data={**FIRST, "repeated": PASSWORD + "!"})

    assert "The two passwords differ." in answer.text


def test_a_password_link_sets_the_password_logs_in_and_is_used_up(archive: Archive, stranger: FlaskClient) -> None:
    _account, token = archive.accounts.create_user(SYSTEM, "wang.fang", "王芳", frozenset({Role.AUDITOR}), frozenset())
    page = stranger.get(f"/password/{token}").text

    answer = stranger.post(f"/password/{token}", data={"password": PASSWORD, "repeated": PASSWORD})

    assert "For 王芳, user name wang.fang." in page
    assert answer.location == "/"
    assert stranger.get("/audit").status_code == 200
    assert stranger.get(f"/password/{token}").status_code == 404


def test_a_wrong_present_password_changes_nothing(browser_as: Callable[[Role], FlaskClient]) -> None:
    answer = browser_as(Role.CLERK).post(
        "/profile/password", data={"old": "guess", "password": "another sentence", "repeated": "another sentence"}
    )

    assert answer.status_code == 422
    assert "The present password is wrong." in answer.text


def test_the_language_of_a_stranger_is_kept_in_a_cookie(stranger: FlaskClient) -> None:
    assert '<html lang="en"' in stranger.get("/login").text

    answer = stranger.post("/preferences/language", data={"locale": "zh_CN", "next": "/login"})

    assert answer.location == "/login"
    page = stranger.get("/login").text
    assert '<html lang="zh-Hans"' in page
    assert "<title>登录 · 客户档案</title>" in page


@pytest.mark.parametrize(
    ("asked_for", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-TW,en;q=0.5", "zh-Hans"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("fr-FR,fr", "en"),
        ("", "en"),
    ],
)
def test_who_has_chosen_no_language_gets_the_browser_s_or_else_the_installation_s(
    stranger: FlaskClient, asked_for: str, language: str
) -> None:
    answer = stranger.get("/login", headers={"Accept-Language": asked_for})

    assert f'<html lang="{language}"' in answer.text


def test_a_chosen_language_is_stronger_than_the_browser_s(stranger: FlaskClient) -> None:
    stranger.post("/preferences/language", data={"locale": "zh_CN", "next": "/login"})

    assert '<html lang="zh-Hans"' in stranger.get("/login", headers={"Accept-Language": "en"}).text


def test_the_language_of_a_user_goes_with_the_account(
    archive: Archive, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.CLERK)

    browser.post("/preferences/language", data={"locale": "zh_CN"})
    browser.delete_cookie("locale")

    assert '<html lang="zh-Hans"' in browser.get("/").text


def test_an_unknown_language_or_look_is_refused(browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.CLERK)

    assert browser.post("/preferences/language", data={"locale": "xx"}).status_code == 400
    assert browser.post("/preferences/theme", data={"theme": "pink"}).status_code == 400


def test_the_look_follows_the_system_until_a_user_chooses(browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.CLERK)
    assert 'data-theme="auto">' in browser.get("/").text

    browser.post("/preferences/theme", data={"theme": "dark"})

    assert 'data-theme="dark" data-bs-theme="dark">' in browser.get("/").text
