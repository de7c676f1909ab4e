"""The pages of the audit trail."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from archive.access import SYSTEM, Role
from archive.bootstrap import Archive
from archive.errors import LoginRefusedError


def test_events_are_listed_in_words(browser_as: Callable[[Role], FlaskClient]) -> None:
    page = browser_as(Role.AUDITOR).get("/audit").text

    assert "User added" in page
    assert "Logged in" in page
    assert "127.0.0.1" in page


def test_the_list_is_narrowed_by_action_and_user(archive: Archive, browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.AUDITOR)
    with pytest.raises(LoginRefusedError):
        archive.accounts.authenticate("nobody", "guess")
    account = next(user for user in archive.accounts.users(SYSTEM) if Role.AUDITOR in user.roles)

    refused = browser.get("/audit?action=login.refused").text
    own = browser.get(f"/audit?user={account.user_id}").text

    assert '<td data-label="What">Login refused</td>' in refused
    assert '<td data-label="What">Logged in</td>' not in refused
    assert '<td data-label="What">Login refused</td>' not in own
    assert "Only the acts of one user." in own


def test_a_time_without_events_says_what_to_do(browser_as: Callable[[Role], FlaskClient]) -> None:
    page = browser_as(Role.AUDITOR).get("/audit?since=2001-01-01&until=2001-01-31").text

    assert "Nothing happened in this time" in page


def test_days_that_are_none_are_taken_as_not_given(browser_as: Callable[[Role], FlaskClient]) -> None:
    assert browser_as(Role.AUDITOR).get("/audit?since=yesterday&until=%00").status_code == 200


def test_the_chain_is_verified(browser_as: Callable[[Role], FlaskClient]) -> None:
    answer = browser_as(Role.AUDITOR).post("/audit/verification", follow_redirects=True)

    assert "The audit trail is whole" in answer.text
