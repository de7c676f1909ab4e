"""The administration of users and units."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from archive.access import SYSTEM, Role
from archive.bootstrap import Archive
from tests.web.browsing import PASSWORD, browsers

NEW = {"username": "wang.fang", "name": "王芳", "roles": ["clerk"], "units": ["main"], "locale": "zh_CN"}


def test_an_added_user_gets_a_link_that_works(
    archive: Archive, browser_as: Callable[[Role], FlaskClient], stranger: FlaskClient
) -> None:
    page = browser_as(Role.ADMIN).post("/users", data=NEW).text
    link = re.search(r'value="http://localhost(/password/[^"]+)"', page)
    assert link

    answer = stranger.post(link.group(1), data={"password": PASSWORD, "repeated": PASSWORD})

    assert answer.status_code == 303
    assert archive.accounts.account_named("wang.fang").locale == "zh_CN"


def test_links_bear_the_address_that_users_type(archive: Archive) -> None:
    archive.settings = archive.settings.model_copy(update={"public_url": "http://archive.example.org/"})

    page = browsers(archive)(Role.ADMIN).post("/users", data=NEW).text

    assert 'value="http://archive.example.org/password/' in page


def test_a_refused_user_keeps_the_form_as_it_was_sent(browser_as: Callable[[Role], FlaskClient]) -> None:
    answer = browser_as(Role.ADMIN).post("/users", data={**NEW, "username": "!"})

    assert answer.status_code == 422
    assert "A user name has 2 to 64 letters" in answer.text
    assert 'value="王芳"' in answer.text
    assert 'name="roles" value="clerk" checked' in answer.text


def test_roles_and_units_can_be_changed(archive: Archive, browser_as: Callable[[Role], FlaskClient]) -> None:
    account, _token = archive.accounts.create_user(
        SYSTEM, "li.si", "李四", frozenset({Role.VIEWER}), frozenset({"main"})
    )

    answer = browser_as(Role.ADMIN).post(
        f"/users/{account.user_id}",
        data={"name": "李四", "roles": ["archivist", "no-such-role"], "units": ["main"], "active": "yes"},
    )

    assert answer.status_code == 303
    changed = archive.accounts.account(account.user_id)
    assert changed is not None
    assert changed.roles == {Role.ARCHIVIST}
    assert changed.active


def test_a_password_link_ends_the_present_password(archive: Archive, browser_as: Callable[[Role], FlaskClient]) -> None:
    account, token = archive.accounts.create_user(
        SYSTEM, "li.si", "李四", frozenset({Role.VIEWER}), frozenset({"main"})
    )
    archive.accounts.redeem(token, PASSWORD)

    page = browser_as(Role.ADMIN).post(f"/users/{account.user_id}/password-link").text

    assert "The former password no longer works." in page
    waiting = archive.accounts.account(account.user_id)
    assert waiting is not None
    assert waiting.waits_for_password


def test_a_unit_is_added_and_can_be_chosen(archive: Archive, browser_as: Callable[[Role], FlaskClient]) -> None:
    admin = browser_as(Role.ADMIN)

    admin.post("/units", data={"id": "east", "name_zh": "华东分部", "name_en": "East branch"})

    assert "East branch" in admin.get("/units").text
    assert 'name="units" value="east"' in admin.get("/users/new").text


def test_an_unknown_user_is_not_found(browser_as: Callable[[Role], FlaskClient]) -> None:
    assert browser_as(Role.ADMIN).get("/users/" + "0" * 32).status_code == 404
