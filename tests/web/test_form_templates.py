"""The pages on which forms are registered, marked and tried."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from archive.access import Actor, Role
from archive.bootstrap import Archive
from archive.forms.registered_form import FormState, RegisteredForm
from archive.scans.scan import ScanState
from tests.factories import hand_in, picture
from tests.fakes import BrokenPageError, CannedReader, extraction
from tests.web.browsing import browsers, sent_by

Work = Callable[[], int]


@pytest.fixture
def browser(archive: Archive) -> FlaskClient:
    """An archivist's browser."""
    return browsers(archive)(Role.ARCHIVIST)


@pytest.fixture
def form(archive: Archive, archivist: Actor, reader: CannedReader, work: Work) -> RegisteredForm:
    """A prepared form with the zones 姓名 and 手机."""
    reader.fields = (extraction("name", "张三", key="姓名"), extraction("mobile", "13800138000", key="手机", line=1))
    begun = archive.forms.register_file(archivist, io.BytesIO(picture()), unit="main", page=1, name="开户申请表")
    work()
    return archive.forms.get(archivist, begun.id)


def _sent(form: RegisteredForm, **more: str) -> dict[str, str | list[str]]:
    sent: dict[str, str | list[str]] = {
        "revision": str(form.revision),
        "name": form.name,
        "type": form.type,
        "zone": [zone.id for zone in form.zones],
    }
    for zone in form.zones:
        sent |= {
            f"label:{zone.id}": zone.label,
            f"field:{zone.id}": zone.name or "",
            f"kind:{zone.id}": zone.kind.value,
        }
        sent |= {f"{edge}:{zone.id}": str(at) for edge, at in zip(("x0", "y0", "x1", "y1"), zone.box, strict=True)}
    return sent | more


def test_a_form_is_begun_from_a_file_and_shown_once_it_is_prepared(
    archive: Archive, browser: FlaskClient, reader: CannedReader, work: Work
) -> None:
    reader.fields = (extraction("name", "张三", key="姓名"),)
    data = {
        "name": "开户申请表",
        "type": "person",
        "page": "1",
        "unit": "main",
        "file": (io.BytesIO(picture()), "a.png"),
    }

    answer = browser.post("/form-templates/new", data=data)
    waiting = browser.get(answer.location)
    standing = browser.get(answer.location + "/standing")
    work()
    ready = browser.get(answer.location)

    assert answer.status_code == 303
    assert "The page is being read" in waiting.text
    assert (standing.status_code, "HX-Refresh" in standing.headers) == (204, False)
    assert browser.get(answer.location + "/standing").headers["HX-Refresh"] == "true"
    assert 'value="姓名"' in ready.text
    assert "<svg" in ready.text
    assert browser.get(answer.location + "/page.jpg").mimetype == "image/jpeg"
    assert "开户申请表" in browser.get("/form-templates").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "This is needed."),
        ({"file": (io.BytesIO(b"text"), "a.txt")}, "not a PDF"),
        ({"page": "9"}, "There is no such page."),
        ({"file": ""}, "Choose a file."),
    ],
)
def test_what_is_wrong_with_a_new_form_is_said(changes: dict[str, object], words: str, browser: FlaskClient) -> None:
    data = {"name": "表", "page": "1", "unit": "main", "file": (io.BytesIO(picture()), "a.png"), **changes}

    answer = browser.post("/form-templates/new", data=data)

    assert answer.status_code == 422
    assert words in answer.text


def test_a_form_is_begun_from_a_scan(
    archive: Archive, clerk: Actor, browser: FlaskClient, reader: CannedReader, work: Work
) -> None:
    reader.fields = (extraction("name", "张三", key="姓名"),)
    scan_id = hand_in(archive, clerk, picture("scan")).scan_id
    work()

    offered = browser.get(f"/scans/{scan_id}").text
    shown = browser.get(f"/form-templates/new?scan={scan_id}&page=1").text
    answer = browser.post("/form-templates/new", data={**sent_by(shown, "new-form"), "name": "表"})

    assert "/form-templates/new?scan=" in offered
    assert answer.status_code == 303
    assert archive.forms.get(clerk_of(archive), answer.location.rpartition("/")[2]).scan_id == scan_id


def clerk_of(archive: Archive) -> Actor:
    """Whoever may see every form."""
    return Actor("any", "Any", frozenset({Role.ARCHIVIST}), None)


def test_zones_are_changed_added_and_taken_away(
    archive: Archive, archivist: Actor, browser: FlaskClient, form: RegisteredForm
) -> None:
    first, second = (zone.id for zone in form.zones)
    sent = _sent(form) | {
        "zone": [first, "f00d"],
        f"label:{first}": "客户姓名",
        "label:f00d": "备注",
        "field:f00d": "remark",
        "kind:f00d": "text",
        "x0:f00d": "700",
        "y0:f00d": "500",
        "x1:f00d": "20",
        "y1:f00d": "600",
    }

    answer = browser.post(f"/form-templates/{form.id}", data=sent | {"act": "use"})

    saved = archive.forms.get(archivist, form.id)
    assert answer.status_code == 303
    assert saved.state is FormState.ACTIVE
    assert [(zone.id, zone.label) for zone in saved.zones] == [(first, "客户姓名"), ("f00d", "备注")]
    assert saved.zones[1].box == (20, 500, 700, 600)
    assert second not in {zone.id for zone in saved.zones}


@pytest.mark.parametrize(("act", "count"), [("add", 3), ("remove:zone0", 1)])
def test_without_scripts_zones_are_added_and_removed_by_buttons(
    act: str, count: int, archive: Archive, archivist: Actor, browser: FlaskClient, form: RegisteredForm
) -> None:
    page = browser.post(f"/form-templates/{form.id}", data=_sent(form, act=act)).text

    assert page.partition("<template")[0].count('name="zone"') == count
    assert archive.forms.get(archivist, form.id) == form


def test_what_is_wrong_with_the_zones_is_said_and_nothing_typed_is_lost(
    archive: Archive, archivist: Actor, browser: FlaskClient, form: RegisteredForm
) -> None:
    sent = _sent(form) | {"field:zone1": "name", "label:zone0": "客户全名"}

    answer = browser.post(f"/form-templates/{form.id}", data=sent)

    assert answer.status_code == 422
    assert "Two zones hold the same field" in answer.text
    assert "客户全名" in answer.text
    assert archive.forms.get(archivist, form.id) == form


def test_a_form_that_somebody_else_changed_is_not_overwritten(
    archive: Archive, archivist: Actor, browser: FlaskClient, form: RegisteredForm
) -> None:
    archive.forms.save(archivist, form.id, revision=form.revision, name="另一", type="person", zones=form.zones)

    answer = browser.post(f"/form-templates/{form.id}", data=_sent(form))

    assert answer.status_code == 409
    assert archive.forms.get(archivist, form.id).name == "另一"


def test_a_trial_shows_what_each_zone_gives(
    archive: Archive, clerk: Actor, browser: FlaskClient, form: RegisteredForm, reader: CannedReader, work: Work
) -> None:
    receipt = hand_in(archive, clerk, picture("scan"))
    work()
    reader.copy_of = form.name

    answer = browser.post(f"/form-templates/{form.id}", data=_sent(form, act="try", receipt=receipt.receipt))
    waiting = browser.get(answer.location).text
    work()
    done = browser.get(answer.location).text

    assert "The scan is being read" in waiting
    assert "97" in done
    assert "13800138000" in done
    assert f"/scans/{receipt.scan_id}/cutout?page=1" in done


def test_a_trial_of_another_form_says_so(
    archive: Archive, clerk: Actor, browser: FlaskClient, form: RegisteredForm, work: Work
) -> None:
    receipt = hand_in(archive, clerk, picture("scan"))

    answer = browser.post(f"/form-templates/{form.id}", data=_sent(form, act="try", scan=receipt.scan_id))
    work()

    assert "not recognised as a copy" in browser.get(answer.location).text


def test_a_trial_on_no_scan_only_saves(browser: FlaskClient, form: RegisteredForm) -> None:
    answer = browser.post(f"/form-templates/{form.id}", data=_sent(form, act="try", receipt="R000000-AAAA-AAAA"))

    assert "no such scan" in browser.get(answer.location).text


def test_a_trial_without_a_scan_asks_for_one(browser: FlaskClient, form: RegisteredForm) -> None:
    answer = browser.post(f"/form-templates/{form.id}", data=_sent(form, act="try"))

    assert "Choose a scan" in browser.get(answer.location).text


def test_a_form_is_retired_used_again_and_deleted(
    archive: Archive, archivist: Actor, browser: FlaskClient, form: RegisteredForm
) -> None:
    states = []
    for act in ("use", "retire"):
        revision = archive.forms.get(archivist, form.id).revision
        browser.post(f"/form-templates/{form.id}/state", data={"act": act, "revision": revision})
        states.append(archive.forms.get(archivist, form.id).state)
    revision = archive.forms.get(archivist, form.id).revision
    browser.post(f"/form-templates/{form.id}/state", data={"act": "delete", "revision": revision})

    assert states == [FormState.ACTIVE, FormState.RETIRED]
    assert browser.get(f"/form-templates/{form.id}").status_code == 404


def test_a_page_that_could_not_be_read_says_why(
    archive: Archive, archivist: Actor, browser: FlaskClient, reader: CannedReader, work: Work
) -> None:
    reader.failures = [BrokenPageError("broken")]
    begun = archive.forms.register_file(archivist, io.BytesIO(picture()), unit="main", page=1, name="表")
    work()

    page = browser.get(f"/form-templates/{begun.id}").text

    assert "The page could not be read" in page
    assert "Try again" in page


def test_the_review_and_the_scan_name_the_form(
    archive: Archive,
    archivist: Actor,
    clerk: Actor,
    browser: FlaskClient,
    form: RegisteredForm,
    reader: CannedReader,
    work: Work,
) -> None:
    archive.forms.activate(archivist, form.id, revision=form.revision)
    reader.copy_of = form.name
    scan_id = hand_in(archive, clerk, picture("copy")).scan_id
    work()

    assert "开户申请表, edition 1" in browser.get(f"/review/{scan_id}").text
    assert "开户申请表, edition 1" in browser.get(f"/scans/{scan_id}").text


def test_the_template_is_downloaded_for_the_command_line(browser: FlaskClient, form: RegisteredForm) -> None:
    answer = browser.get(f"/form-templates/{form.id}/template.json")

    assert answer.json is not None
    assert [zone["label"] for zone in answer.json["zones"]] == ["姓名", "手机"]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_waiting_scans_are_read_again_from_the_forms_page(
    archive: Archive, archivist: Actor, clerk: Actor, browser: FlaskClient, form: RegisteredForm, work: Work
) -> None:
    receipt = hand_in(archive, clerk, picture("scan"))
    work()
    archive.forms.activate(archivist, form.id, revision=form.revision)

    page = browser.get(browser.post(f"/form-templates/{form.id}/reading").location).text

    assert "1 scan is being read again" in page
    assert archive.intake.scan(clerk, receipt.scan_id).state is ScanState.RECEIVED
    assert "No scan waits" in browser.get(browser.post(f"/form-templates/{form.id}/reading").location).text
