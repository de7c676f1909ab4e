"""The pages on which dossier types are edited."""

import pytest
from flask.testing import FlaskClient

from archive.access import Actor, Role
from archive.bootstrap import Archive
from tests.web.browsing import browsers


@pytest.fixture
def browser(archive: Archive) -> FlaskClient:
    """An archivist's browser."""
    return browsers(archive)(Role.ARCHIVIST)


def _sent(*rows: dict[str, str], version: int = 1, **more: str) -> dict[str, str | list[str]]:
    """Return what the form sends: rows of an id and inputs."""
    sent: dict[str, str | list[str]] = {"version": str(version), "label_zh": "个人", "label_en": "Person", **more}
    sent["row"] = [row["id"] for row in rows]
    for row in rows:
        sent |= {f"{name}:{row['id']}": value for name, value in row.items() if name != "id"}
    return sent


NAME = {"id": "name", "name": "name", "label_zh": "姓名", "label_en": "Name", "kind": "name", "required": "yes"}
PET = {"id": "new-1", "name": "", "label_zh": "宠物", "label_en": "Pet", "kind": "text", "new": "yes"}


def test_types_are_listed_with_what_they_need(browser: FlaskClient) -> None:
    page = browser.get("/types").text

    assert "Person" in page
    assert "Company" in page
    assert "/types/person" in page


def test_a_field_is_added_and_its_inputs_appear_with_dossiers(archive: Archive, browser: FlaskClient) -> None:
    pet = {**PET, "printed": "爱犬，宠物名, 爱犬", "sensitive": "yes"}

    answer = browser.post("/types/person", data=_sent(NAME, pet))

    saved = archive.types.get("person")
    assert answer.status_code == 303
    assert saved.version == 2
    assert [field.name for field in saved.fields] == ["name", "pet"]
    assert saved.fields[1].printed_labels == ("爱犬", "宠物名")
    assert saved.fields[1].sensitive
    assert not saved.fields[1].required
    assert 'name="value:pet"' in browser.get("/dossiers/new?type=person").text


@pytest.mark.parametrize(
    ("label_zh", "label_en", "name"),
    [
        ("宠物", "", "field_2"),
        ("", "Shoe size (EU)", "shoe_size_eu"),
        ("微信号", "", "wechat"),
        ("", "Mobile", "mobile"),
        ("第二", "Name", "name_2"),
        ("", "3rd", "field_2"),
    ],
)
def test_a_new_field_gets_a_name_from_its_label(
    label_zh: str, label_en: str, name: str, archive: Archive, browser: FlaskClient
) -> None:
    browser.post("/types/person", data=_sent(NAME, {**PET, "label_zh": label_zh, "label_en": label_en}))

    assert archive.types.get("person").fields[1].name == name


def test_the_order_of_the_rows_is_the_order_of_the_fields(archive: Archive, browser: FlaskClient) -> None:
    browser.post("/types/person", data=_sent({**PET, "name": "pet"}, NAME))

    assert [field.name for field in archive.types.get("person").fields] == ["pet", "name"]


@pytest.mark.parametrize(
    ("act", "rows"),
    [
        ("add", ["name", "new-1", "new-2"]),
        ("up:new-1", ["new-1", "name"]),
        ("down:name", ["new-1", "name"]),
        ("up:name", ["name", "new-1"]),
        ("remove:name", ["new-1"]),
        ("remove:nobody", ["name", "new-1"]),
    ],
)
def test_rows_are_added_moved_and_taken_away_without_being_stored(
    act: str, rows: list[str], archive: Archive, browser: FlaskClient
) -> None:
    data = {**_sent(NAME, PET), "act": act, "type-name": "person"}

    part = browser.post("/type-rows", data=data, headers={"HX-Request": "true"}).text
    page = browser.post("/type-rows", data=data).text

    places = [part.index(f'name="row" value="{row}"') for row in rows]
    assert places == sorted(places)
    assert part.count('name="row"') == len(rows)
    assert "<html" not in part
    assert "<html" in page
    assert archive.types.get("person").version == 1


def test_a_known_field_is_added_with_its_labels_and_kind(browser: FlaskClient) -> None:
    data = {**_sent(NAME), "act": "add", "known": "passport_number", "type-name": "person"}

    part = browser.post("/type-rows", data=data, headers={"HX-Request": "true"}).text

    assert 'value="护照号码"' in part
    assert '<option value="passport" selected>' in part
    assert 'name="sensitive:passport_number" id="sensitive-passport_number" value="yes" checked' in part


def test_a_new_type_is_made(archive: Archive, browser: FlaskClient) -> None:
    begun = browser.get("/new-type").text
    answer = browser.post(
        "/new-type", data=_sent({**NAME, "new": "yes"}, version=0, name="patient", label_zh="患者", label_en="Patient")
    )

    assert "New type" in begun
    assert answer.status_code == 303
    assert archive.types.get("patient").version == 1


@pytest.mark.parametrize("name", ["person", "Bad Name", "", "9lives"])
def test_a_new_type_needs_a_free_and_proper_name(name: str, archive: Archive, browser: FlaskClient) -> None:
    answer = browser.post("/new-type", data=_sent(NAME, version=0, name=name, label_en="Patient"))

    assert answer.status_code == 422
    assert 'id="field-name-error"' in answer.text
    assert len(archive.types.all()) == 2


def test_what_is_missing_is_said_and_nothing_typed_is_lost(archive: Archive, browser: FlaskClient) -> None:
    nameless = {**PET, "label_zh": " ", "label_en": "", "printed": "爱犬"}

    answer = browser.post("/types/person", data=_sent(NAME, nameless, label_zh="", label_en=""))

    assert answer.status_code == 422
    assert "A type needs a name in at least one language." in answer.text
    assert "A field needs a label in at least one language." in answer.text
    assert 'value="爱犬"' in answer.text
    assert archive.types.get("person").version == 1


def test_a_type_that_somebody_else_changed_is_not_overwritten(
    archive: Archive, archivist: Actor, browser: FlaskClient
) -> None:
    archive.types.save(archivist, archive.types.get("person"))

    answer = browser.post("/types/person", data=_sent(NAME, PET, version=1))

    assert answer.status_code == 409
    assert "Somebody else changed this type meanwhile." in answer.text
    assert 'value="宠物"' in answer.text
    assert archive.types.get("person").version == 2


def test_only_those_who_manage_types_come_here(archive: Archive) -> None:
    log_in = browsers(archive)

    for role in (Role.VIEWER, Role.CLERK, Role.AUDITOR, Role.ADMIN):
        other = log_in(role)
        assert other.get("/types").status_code == 403
        assert other.get("/types/person").status_code == 403
        assert other.get("/new-type").status_code == 403
        assert other.post("/types/person", data=_sent(NAME)).status_code == 403
        assert other.post("/new-type", data=_sent(NAME, version=0, name="x")).status_code == 403
        assert other.post("/type-rows", data=_sent(NAME)).status_code == 403


def test_a_type_that_there_is_not_is_not_found(browser: FlaskClient) -> None:
    assert browser.get("/types/nothing").status_code == 404
    assert browser.post("/types/nothing", data=_sent(NAME)).status_code == 404
