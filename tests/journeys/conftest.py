"""A running system and a real Chromium."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys.running import RunningSystem, running_system
from tests.journeys.users import PASSWORD, add_user
from tests.servers import named_servers

_PATIENCE_MS = 20_000
"""How long a journey waits for what it expects: the tests share few processors with each other."""
ROLES = ("viewer", "clerk", "archivist", "auditor", "admin")


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """A system in English that all journeys of the browser share."""
    with running_system(tmp_path_factory.mktemp("system"), named_servers(), default_locale="en") as system:
        yield system


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The Chromium that the environment names, or the one on the path."""
    program = os.environ.get("DOSSIER_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "no Chromium is installed; scripts/test installs it"
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def passwords(system: RunningSystem, browser: Browser) -> dict[str, str]:
    """One user of each role, made on the command line, who set a password on the link that it printed."""
    for role in ROLES:
        add_user(system, browser, f"{role}.one", role, role.title())
    return dict.fromkeys(ROLES, PASSWORD)


@pytest.fixture
def log_in(
    system: RunningSystem, browser: Browser, passwords: dict[str, str], request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Page]]:
    """Return a function that opens a browser of its own and logs in as the user of a role.

    Whatever a page reports as an error in its console fails the journey.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_as(role: str, width_px: int = 1440) -> Page:
        context = browser.new_context(viewport={"width": width_px, "height": 900}, locale="en-GB")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}") if _is_bad(said) else None)
        page.goto(f"{system.address}/login")
        page.fill("[name=username]", f"{role}.one")
        page.fill("[name=password]", passwords[role])
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []


def _is_bad(said: object) -> bool:
    # A refused page is what some journeys look for; the browser calls it an error.
    return said.type == "error" and "status of 40" not in said.text  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def sample_forms() -> list[Path]:
    """Three filled forms: a person and a company in Chinese, a customer in English."""
    folder = Path(__file__).parents[1] / "data"
    return [folder / name for name in ("person-zh.jpg", "company-zh.jpg", "customer-en.jpg")]
