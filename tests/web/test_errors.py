"""Errors become calm pages for people and problem records for scripts."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

import archive.errors
from archive.access import Role
from archive.errors import ArchiveError, NotFoundError, StorageUnavailableError
from web.errors import ARCHIVE_ERRORS, CODES, advice_for, answer_for

AT_START = {"MissingSettingError", "AlreadyRunningError", "ServiceStartError", "BackupError"}
"""Errors that end a program before there is a page, or without one."""


def test_every_error_of_the_archive_has_its_answer() -> None:
    classes = {
        thing
        for thing in vars(archive.errors).values()
        if isinstance(thing, type) and issubclass(thing, ArchiveError) and thing.__name__ not in AT_START
    }

    assert classes == ARCHIVE_ERRORS.keys()


def test_every_reason_not_to_take_a_scan_in_has_its_own_words() -> None:
    import ocr.errors

    codes = {
        thing.code
        for thing in vars(ocr.errors).values()
        if isinstance(thing, type) and issubclass(thing, ocr.errors.ScanRefusedError)
    }

    assert codes - {"scan-refused"} <= CODES.keys()


def test_a_missing_record_is_a_page_that_says_what_to_do(browser_as: Callable[[Role], FlaskClient]) -> None:
    answer = browser_as(Role.VIEWER).get("/dossiers/" + "0" * 32)

    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
    assert "To the home page" in answer.text


def test_a_script_gets_a_problem_record(browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.VIEWER)

    for headers in ({"HX-Request": "true"}, {"Accept": "application/json"}):
        answer = browser.get("/users", headers=headers)
        assert answer.status_code == 403
        assert answer.json["error"]["code"] == "access-denied"
        assert "administrator" in answer.json["error"]["message"]


def test_a_stranger_sees_the_error_page_without_navigation(stranger: FlaskClient) -> None:
    answer = stranger.get("/no/such/page")

    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert 'id="side-bar"' not in answer.text


def test_a_wrong_method_is_a_page_too(stranger: FlaskClient) -> None:
    assert "This address cannot be used like that" in stranger.get("/preferences/language").text


def test_what_nobody_foresaw_is_a_calm_page(app: Flask) -> None:
    def fail() -> str:
        raise RuntimeError("a customer's name")

    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    app.view_functions["health.alive"] = fail

    answer = app.test_client().get("/healthz", headers={"Accept": "text/html"})

    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "customer's name" not in answer.text


@pytest.mark.parametrize(
    ("error", "status"),
    [(StorageUnavailableError("x"), 503), (NotFoundError("scan", "x"), 404), (ArchiveError("x"), 500)],
)
def test_errors_have_the_status_of_their_class(error: ArchiveError, status: int, app: Flask) -> None:
    with app.test_request_context():
        assert answer_for(error).status == status
        assert advice_for(error)
