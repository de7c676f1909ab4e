"""Each role logs in, sees its work, and is refused the rest."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.journey

_ALLOWED = {
    "viewer": {"/search"},
    "clerk": {"/search", "/upload", "/scans", "/review"},
    "archivist": {"/search", "/upload", "/scans", "/review", "/types", "/dossiers/new"},
    "auditor": {"/audit"},
    "admin": {"/users", "/units"},
}
_PAGES = sorted(set().union(*_ALLOWED.values()))


@pytest.mark.parametrize("role", _ALLOWED)
def test_a_role_sees_its_pages_and_no_others(role: str, log_in: Callable[..., Page]) -> None:
    page = log_in(role)
    home = page.url.rstrip("/")

    statuses = {path: page.goto(home + path).status for path in _PAGES}  # type: ignore[union-attr]

    refused = {path for path, status in statuses.items() if status in {403, 404}}
    assert {path for path, status in statuses.items() if status == 200} == _ALLOWED[role]
    assert refused == set(_PAGES) - _ALLOWED[role]


def test_without_a_login_every_page_leads_to_it(system, browser) -> None:
    page = browser.new_page()

    for path in ("/", "/search?q=x", "/upload", "/users", "/audit"):
        page.goto(system.address + path)
        assert "/login" in page.url

    page.context.close()


def test_a_wrong_password_is_refused_and_says_what_to_do(system, browser, passwords) -> None:
    page = browser.new_page()
    page.goto(f"{system.address}/login")
    page.fill("[name=username]", "clerk.one")
    page.fill("[name=password]", "not the password")
    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_role("alert").first).to_be_visible()
    assert "/login" in page.url
    page.context.close()


def test_logging_out_ends_the_session(log_in: Callable[..., Page]) -> None:
    page = log_in("viewer")
    home = page.url.rstrip("/")
    page.locator("[aria-label*='ccount'], [data-bs-toggle=dropdown]").last.click()
    page.get_by_role("button", name="Log out").click()

    page.goto(home + "/search")

    assert "/login" in page.url
