"""What the home page and the navigation offer to whom."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive.access import SYSTEM, Actor, Role
from archive.bootstrap import Archive
from tests.factories import hand_in, make_dossier
from tests.fakes import CannedReader, extraction

NAVIGATION = {
    Role.VIEWER: {"/", "/search"},
    Role.CLERK: {"/", "/search", "/upload", "/review", "/scans"},
    Role.ARCHIVIST: {"/", "/search", "/upload", "/review", "/scans", "/form-templates", "/types"},
    Role.AUDITOR: {"/", "/audit"},
    Role.ADMIN: {"/", "/users", "/units"},
}


@pytest.mark.parametrize("role", list(Role))
def test_the_navigation_shows_what_the_role_may_open(role: Role, browser_as: Callable[[Role], FlaskClient]) -> None:
    page = browser_as(role).get("/").text
    side = page[page.index('id="side-bar"') : page.index("</aside>")]
    offered = {part.split('"')[0] for part in side.split('<a class="nav-link" href="')[1:]}

    assert offered == NAVIGATION[role]
    assert ('role="search"' in page) == ("/search" in offered)


def test_an_empty_archive_says_what_to_do_next(browser_as: Callable[[Role], FlaskClient]) -> None:
    page = browser_as(Role.ARCHIVIST).get("/").text

    assert "No dossiers yet" in page
    assert "Nothing uploaded yet" in page
    assert "Upload the first scans" in page


def test_a_viewer_of_an_empty_archive_is_not_told_to_upload(browser_as: Callable[[Role], FlaskClient]) -> None:
    page = browser_as(Role.VIEWER).get("/").text

    assert "No dossiers yet" in page
    assert "Upload" not in page


def test_the_latest_work_is_shown(
    archive: Archive,
    archivist: Actor,
    reader: CannedReader,
    work: Callable[[], int],
    browser_as: Callable[[Role], FlaskClient],
) -> None:
    reader.fields = (extraction("name", "李四", key="姓名"),)
    make_dossier(archive, archivist)
    hand_in(archive, archivist, filename="表格.png")
    work()

    page = browser_as(Role.ARCHIVIST).get("/").text

    assert "张三" in page
    assert "表格.png" in page
    assert "Needs review" in page


def test_a_lone_administrator_is_led_to_adding_colleagues(browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.ADMIN)
    assert "You are the only user so far." in browser.get("/").text

    browser_as(Role.CLERK)

    assert "You are the only user so far." not in browser.get("/").text


def test_the_administrator_is_told_of_the_last_backup(
    archive: Archive, browser_as: Callable[[Role], FlaskClient], tmp_path: Path
) -> None:
    assert "None was ever made" in browser_as(Role.ADMIN).get("/").text

    archive.backups.make(SYSTEM, tmp_path / "backups")

    assert "Last made" in browser_as(Role.ADMIN).get("/").text
    assert "Last made" not in browser_as(Role.ARCHIVIST).get("/").text
