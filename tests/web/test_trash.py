"""The trash in the browser."""

from collections.abc import Callable

from flask.testing import FlaskClient

from archive.access import Actor, Role
from archive.bootstrap import Archive
from tests.factories import make_dossier


def test_a_dossier_goes_there_and_comes_back(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    dossier = make_dossier(archive, archivist)
    browser = browser_as(Role.ARCHIVIST)

    empty = browser.get("/trash").text
    browser.post(f"/dossiers/{dossier.id}/trash", data={"reason": "made twice", "revision": dossier.revision})
    listed, page = browser.get("/trash").text, browser.get(f"/dossiers/{dossier.id}").text
    browser.post(f"/dossiers/{dossier.id}/trash/return")
    after = browser.get(f"/dossiers/{dossier.id}").text

    assert "The trash is empty" in empty
    assert dossier.code in listed
    assert "made twice" in listed
    assert "In the trash since" in page
    assert f"/dossiers/{dossier.id}/edit" not in page
    assert "In the trash since" not in after
    assert f"/dossiers/{dossier.id}/edit" in after


def test_without_a_reason_nothing_happens(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    dossier = make_dossier(archive, archivist)
    browser = browser_as(Role.ARCHIVIST)

    answer = browser.post(f"/dossiers/{dossier.id}/trash", data={"revision": dossier.revision}, follow_redirects=True)

    assert "This is needed." in answer.text
    assert "In the trash since" not in answer.text


def test_a_clerk_is_told_and_sees_no_value(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    dossier = make_dossier(archive, archivist)
    archive.dossiers.put_into_trash(archivist, dossier.id, reason="made twice", revision=dossier.revision)

    answer = browser_as(Role.CLERK).get(f"/dossiers/{dossier.id}")

    assert answer.status_code == 410
    assert "in the trash" in answer.text
    assert "张三" not in answer.text


def test_the_history_names_what_was_done(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    dossier = make_dossier(archive, archivist)
    archive.dossiers.put_into_trash(archivist, dossier.id, reason="made twice", revision=dossier.revision)
    archive.dossiers.bring_back(archivist, dossier.id)

    page = browser_as(Role.ARCHIVIST).get(f"/dossiers/{dossier.id}/history").text

    assert "Put into the trash" in page
    assert "Brought back from the trash" in page
