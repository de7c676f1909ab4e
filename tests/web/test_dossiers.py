"""The pages of one dossier."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from archive.access import SYSTEM, Actor, Role
from archive.bootstrap import Archive
from archive.dossier import Dossier
from tests.factories import ZHANG_SAN, hand_in, make_dossier, picture
from tests.fakes import CannedReader, extraction
from tests.web.browsing import browsers, sent_by


@pytest.fixture
def browser_as(archive: Archive) -> Callable[[Role], FlaskClient]:
    """Log a user of a role in."""
    return browsers(archive)


@pytest.fixture
def filed(archive: Archive, clerk: Actor, reader: CannedReader, work: Callable[[], int]) -> Dossier:
    """A dossier made of a scan."""
    reader.fields = (
        extraction("name", "张三", key="姓名"),
        extraction("id_number", ZHANG_SAN["id_number"], key="身份证号", line=1),
        extraction("mobile", "1380013800", key="手机", line=2, confidence=0.5),
    )
    reader.text = ("开户网点：和平路支行",)
    receipt = hand_in(archive, clerk, picture("filed"), filename="表 1.png")
    work()
    scan = archive.intake.scan(clerk, receipt.scan_id)
    filed = archive.review.file(clerk, scan.id, dossier_id=None, revision=scan.revision, accept_open=True)
    work()
    return filed.dossier


def _audited(archive: Archive, action: str) -> int:
    now = datetime.now(UTC)
    auditor = Actor("auditor", "Auditor", frozenset({Role.AUDITOR}), None)
    since, until = now - timedelta(hours=1), now + timedelta(hours=1)
    return len(archive.audit.events(auditor, since=since, until=until, action=action).items)


# Seeing


def test_values_stand_under_their_labels_and_sensitive_ones_are_masked(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    dossier = make_dossier(archive, archivist)

    page = browser_as(Role.VIEWER).get(f"/dossiers/{dossier.id}").text

    assert "Date of birth" in page
    assert "1949-12-31" in page
    assert "110***********002X" in page
    assert ZHANG_SAN["id_number"] not in page
    assert "13800138000" not in page
    assert "Female" in page


def test_only_who_may_is_offered_to_reveal_and_to_edit(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    dossier = make_dossier(archive, archivist)

    pages = {
        role: browser_as(role).get(f"/dossiers/{dossier.id}").text for role in (Role.VIEWER, Role.CLERK, Role.ARCHIVIST)
    }

    assert [role for role, page in pages.items() if "data-reveals" in page] == [Role.CLERK, Role.ARCHIVIST]
    assert [role for role, page in pages.items() if "data-edit" in page] == [Role.ARCHIVIST]
    assert [role for role, page in pages.items() if 'name="text"' in page] == [Role.CLERK, Role.ARCHIVIST]


def test_a_value_is_revealed_for_a_reason_only_and_that_is_audited(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    dossier = make_dossier(archive, archivist)
    clerk, address = browser_as(Role.CLERK), f"/dossiers/{dossier.id}/reveal"

    without = clerk.post(address, data={"field": "mobile", "reason": " "}, headers={"Accept": "application/json"})
    given = clerk.post(address, data={"field": "mobile", "reason": "the customer calls"})
    refused = browser_as(Role.VIEWER).post(address, data={"field": "mobile", "reason": "curious"})

    assert without.status_code == 422
    assert without.json["error"]["code"] == "required"
    assert given.json["text"].endswith("13800138000")
    assert given.headers["Cache-Control"] == "no-store"
    assert refused.status_code == 403
    assert _audited(archive, "dossier.reveal") == 1


def test_what_customers_write_is_never_markup(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    nasty = "<script>alert(1)</script>"
    dossier = make_dossier(archive, archivist, name="Ann", address=nasty, remark="' onmouseover='x")
    archive.dossiers.update(archivist, dossier.id, revision=1, tags=[nasty], title=nasty)
    archive.dossiers.add_note(archivist, dossier.id, nasty)
    browser = browser_as(Role.ARCHIVIST)

    for address in ("", "/edit", "/history", "/versions/2"):
        page = browser.get(f"/dossiers/{dossier.id}{address}").text
        assert nasty not in page
        assert "&lt;script&gt;" in page
        assert "' onmouseover='x" not in page


def test_a_dossier_of_another_unit_looks_like_none(archive: Archive, browser_as: Callable[[Role], FlaskClient]) -> None:
    archive.accounts.create_unit(SYSTEM, "east", "东区", "East")
    dossier = make_dossier(archive, SYSTEM, unit="east")
    browser = browser_as(Role.ARCHIVIST)

    for address in ("", "/edit", "/history", "/versions/1"):
        assert browser.get(f"/dossiers/{dossier.id}{address}").status_code == 404
    assert browser.get("/dossiers/nothing").status_code == 404


def test_a_read_value_tells_where_it_comes_from(filed: Dossier, browser_as: Callable[[Role], FlaskClient]) -> None:
    page = browser_as(Role.ARCHIVIST).get(f"/dossiers/{filed.id}").text

    assert "Read by canned 1, sure to 99 %." in page
    assert f"/scans/{filed.attachments[0].scan_id}/cutout?page=1&amp;box=220,100,600,140" in page
    assert "Show on page 1 of 表 1.png" in page
    assert "A mobile number of mainland China has 11 digits" in page


def test_words_that_were_searched_for_are_marked_on_the_scan(
    filed: Dossier, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.VIEWER)

    marked = browser.get(f"/dossiers/{filed.id}?q=和平路").text
    unmarked = browser.get(f"/dossiers/{filed.id}?q=长安街").text
    hidden = browser.get(f"/dossiers/{filed.id}?q={ZHANG_SAN['id_number']}").text

    assert "1 place with “和平路”" in marked
    assert '"kind": "hit"' in marked
    assert "“长安街” is not on the scans" in unmarked
    assert '"kind": "hit"' not in hidden


@pytest.mark.parametrize("place", ["scan=x&page=99&box=1,2,3", "page=-1", "page=two&box=a,b,c,d", "box=1,2,3,4,5"])
def test_a_place_that_does_not_exist_opens_the_first_page(
    place: str, filed: Dossier, browser_as: Callable[[Role], FlaskClient]
) -> None:
    answer = browser_as(Role.VIEWER).get(f"/dossiers/{filed.id}?{place}")

    assert answer.status_code == 200
    assert '"page": 1' in answer.text


def test_the_original_is_for_those_who_may_reveal(filed: Dossier, browser_as: Callable[[Role], FlaskClient]) -> None:
    address = f"/dossiers/{filed.id}/attachments/{filed.attachments[0].id}"

    sent, refused = browser_as(Role.CLERK).get(address), browser_as(Role.VIEWER).get(address)

    assert sent.data == picture("filed")
    assert sent.headers["Content-Disposition"].startswith("attachment;")
    assert refused.status_code == 403
    assert "Download the original" not in browser_as(Role.VIEWER).get(f"/dossiers/{filed.id}").text


# Notes and versions


def test_a_note_is_added_and_an_empty_one_is_not(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    dossier = make_dossier(archive, archivist)
    clerk, address = browser_as(Role.CLERK), f"/dossiers/{dossier.id}/notes"

    added = clerk.post(address, data={"text": "calls back on Monday"}, follow_redirects=True)
    empty = clerk.post(address, data={"text": "  "}, follow_redirects=True)

    assert "calls back on Monday" in added.text
    assert "The note is empty." in empty.text
    assert len(archive.dossiers.get(archivist, dossier.id).dossier.notes) == 1


def test_history_tells_before_and_after_and_a_version_can_be_brought_back(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    dossier = make_dossier(archive, archivist, name="张三", address="旧街1号", mobile="13800138000")
    archive.dossiers.update(archivist, dossier.id, revision=1, fields={"address": "新街2号", "mobile": "13900139000"})
    browser = browser_as(Role.ARCHIVIST)

    history = browser.get(f"/dossiers/{dossier.id}/history").text
    former = browser.get(f"/dossiers/{dossier.id}/versions/1").text
    restored = browser.post(f"/dossiers/{dossier.id}/versions/1/restoration", follow_redirects=True).text

    assert "<del>旧街1号</del>" in history
    assert "<ins>新街2号</ins>" in history
    assert "139****9000" in history
    assert "13900139000" not in history
    assert "旧街1号" in former
    assert "Bring version 1 back?" in former
    assert "Version 1 is back" in restored
    assert archive.dossiers.edit_values(archivist, dossier.id)["address"] == "旧街1号"
    assert browser.get(f"/dossiers/{dossier.id}/versions/9").status_code == 404


def test_a_viewer_is_not_offered_to_bring_a_version_back(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    dossier = make_dossier(archive, archivist)
    archive.dossiers.add_note(archivist, dossier.id, "a note")
    viewer = browser_as(Role.VIEWER)

    assert "restoration" not in viewer.get(f"/dossiers/{dossier.id}/versions/1").text
    assert viewer.post(f"/dossiers/{dossier.id}/versions/1/restoration").status_code == 403


# Typing in


def _typed(**values: str) -> dict[str, str]:
    fields = {f"value:{name}": text for name, text in values.items()}
    return {"type": "person", "unit": "main", "title": "", "tags": "", "state": "active", **fields}


def test_a_dossier_is_made_with_its_title_tags_and_checked_values(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.ARCHIVIST)

    answer = browser.post(
        "/dossiers/new", data={**_typed(name="李 四", mobile="138 0013 8000"), "tags": "VIP，老客户, VIP"}
    )

    dossier = archive.dossiers.get(archivist, answer.headers["Location"].rpartition("/")[2]).dossier
    assert answer.status_code == 303
    assert dossier.title == "李四"
    assert dossier.tags == ("VIP", "老客户")
    assert archive.dossiers.edit_values(archivist, dossier.id)["mobile"].endswith("13800138000")


def test_a_needed_field_is_asked_for_and_nothing_typed_is_lost(browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.ARCHIVIST)

    refused = browser.post("/dossiers/new", data={**_typed(name=" ", address="和平路12号"), "tags": "VIP"})
    draft = browser.post("/dossiers/new", data={**_typed(address="和平路12号"), "state": "draft"})

    assert refused.status_code == 422
    assert "Save a draft to fill it in later." in refused.text
    assert "和平路12号" in refused.text
    assert sent_by(refused.text, "dossier-form")["tags"] == "VIP"
    assert draft.status_code == 303
    assert "Still needed: Name" in browser.get(draft.headers["Location"]).text


def test_a_field_of_ones_own_is_kept_and_a_known_label_makes_the_known_field(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser = browser_as(Role.ARCHIVIST)
    rows = {"own-name": ["宠物", "微信号", ""], "own-value": ["一只猫", "lisi88", ""]}

    answer = browser.post("/dossiers/new", data={**_typed(name="李四"), **rows})

    values = archive.dossiers.edit_values(archivist, answer.headers["Location"].rpartition("/")[2])
    assert values == {"name": "李四", "宠物": "一只猫", "wechat": "lisi88"}
    page = browser.get(answer.headers["Location"]).text
    assert "宠物" in page
    assert "WeChat" in page


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "This is needed."), ("姓名", "The dossier has this field already."), ("a.b", "without dots")],
)
def test_a_field_of_ones_own_with_an_impossible_name_is_refused(
    name: str, words: str, browser_as: Callable[[Role], FlaskClient]
) -> None:
    answer = browser_as(Role.ARCHIVIST).post(
        "/dossiers/new", data={**_typed(name="李四"), "own-name": name, "own-value": "猫"}
    )

    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="猫"' in answer.text


def test_only_curators_type_dossiers_in(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    dossier = make_dossier(archive, archivist)

    for role in (Role.VIEWER, Role.CLERK, Role.AUDITOR, Role.ADMIN):
        browser = browser_as(role)
        assert browser.get("/dossiers/new").status_code == 403
        assert browser.post("/dossiers/new", data=_typed(name="李四")).status_code == 403
        assert browser.get(f"/dossiers/{dossier.id}/edit").status_code in {403, 404}


def test_a_change_of_type_keeps_what_was_typed(browser_as: Callable[[Role], FlaskClient]) -> None:
    part = browser_as(Role.ARCHIVIST).post(
        "/dossiers/fields", data={**_typed(name="李四", sex="", address="和平路12号"), "type": "company"}
    )

    assert "Unified social credit code" in part.text
    assert 'value="李四"' in part.text
    assert "和平路12号" in part.text
    assert "value:sex" not in part.text


# Changing


def test_only_what_was_changed_is_kept_anew(
    archive: Archive, archivist: Actor, filed: Dossier, browser_as: Callable[[Role], FlaskClient]
) -> None:
    browser, address = browser_as(Role.ARCHIVIST), f"/dossiers/{filed.id}/edit"
    form = dict(sent_by(browser.get(address).text, "dossier-form"))

    answer = browser.post(address, data={**form, "value:mobile": "13800138000"})

    fields = archive.dossiers.get(archivist, filed.id).dossier.fields
    assert answer.status_code == 303
    assert fields["mobile"].provenance.by == "user"
    assert fields["name"].provenance.by == "reading"


def test_saving_without_a_change_makes_no_version(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    dossier = make_dossier(archive, archivist)
    browser, address = browser_as(Role.ARCHIVIST), f"/dossiers/{dossier.id}/edit"

    browser.post(address, data=sent_by(browser.get(address).text, "dossier-form"))

    assert archive.dossiers.get(archivist, dossier.id).dossier.revision == 1


def test_an_emptied_value_goes_and_the_title_follows_the_name(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    dossier = make_dossier(archive, archivist)
    browser, address = browser_as(Role.ARCHIVIST), f"/dossiers/{dossier.id}/edit"
    form = sent_by(browser.get(address).text, "dossier-form")

    browser.post(address, data={**form, "value:name": "李四", "value:address": ""})

    changed = archive.dossiers.get(archivist, dossier.id).dossier
    assert changed.title == "李四"
    assert "address" not in changed.fields


def test_two_who_change_different_fields_both_keep_their_work(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    dossier = make_dossier(archive, archivist, name="张三", address="旧街1号", postcode="100000")
    browser, address = browser_as(Role.ARCHIVIST), f"/dossiers/{dossier.id}/edit"
    form = sent_by(browser.get(address).text, "dossier-form")
    archive.dossiers.update(archivist, dossier.id, revision=1, fields={"postcode": "200000"})

    stale = browser.post(address, data={**form, "value:address": "新街2号"})
    again = browser.post(address, data=sent_by(stale.text, "dossier-form"))

    values = archive.dossiers.edit_values(archivist, dossier.id)
    assert stale.status_code == 409
    assert "Somebody else changed this dossier meanwhile" in stale.text
    assert "新街2号" in stale.text
    assert "Take theirs" not in stale.text
    assert again.status_code == 303
    assert (values["address"], values["postcode"]) == ("新街2号", "200000")


def test_where_two_changed_the_same_field_both_values_are_shown(
    archive: Archive, archivist: Actor, browser_as: Callable[[Role], FlaskClient]
) -> None:
    dossier = make_dossier(archive, archivist, name="张三", address="旧街1号")
    browser, address = browser_as(Role.ARCHIVIST), f"/dossiers/{dossier.id}/edit"
    form = sent_by(browser.get(address).text, "dossier-form")
    archive.dossiers.update(archivist, dossier.id, revision=1, fields={"address": "他街3号"})

    stale = browser.post(address, data={**form, "value:address": "新街2号"})

    assert "Now in the dossier: 他街3号" in stale.text
    assert "Take theirs" in stale.text
    assert sent_by(stale.text, "dossier-form")["value:address"].strip() == "新街2号"


# Checking while one types


def test_a_check_tells_what_is_wrong_and_what_it_may_be(browser_as: Callable[[Role], FlaskClient]) -> None:
    browser = browser_as(Role.CLERK)

    right = browser.post("/check", data={"kind": "mobile", "value": "138 0013 8000", "input": "m"})
    wrong = browser.post("/check", data={"kind": "id_number", "value": "11010519491231002O", "input": "id"})
    blank = browser.post("/check", data={"kind": "mobile", "value": ""})

    assert right.headers["X-Valid"] == "yes"
    assert "Kept as" in right.text
    assert wrong.headers["X-Valid"] == "no"
    assert "text-danger" in wrong.text
    assert blank.headers["X-Valid"] == "yes"
    assert blank.text.strip() == ""


def test_there_is_no_check_of_an_unknown_kind(browser_as: Callable[[Role], FlaskClient]) -> None:
    assert browser_as(Role.CLERK).post("/check", data={"kind": "shoe", "value": "42"}).status_code == 422


def test_the_list_of_dossiers_is_the_search(browser_as: Callable[[Role], FlaskClient]) -> None:
    answer = browser_as(Role.VIEWER).get("/dossiers?tag=VIP&tag=new")

    assert answer.headers["Location"] == "/search?tag=VIP&tag=new"


def test_of_several_units_the_one_of_a_new_dossier_is_chosen_and_not_proposed(archive: Archive) -> None:
    archive.accounts.create_unit(SYSTEM, "east", "东", "East")
    browser = browsers(archive, units=frozenset({"main", "east"}))(Role.ARCHIVIST)

    proposed = sent_by(browser.get("/dossiers/new").text, "dossier-form")["unit"]
    refused = browser.post("/dossiers/new", data={**_typed(name="李四"), "unit": ""})
    made = browser.post("/dossiers/new", data={**_typed(name="李四"), "unit": "east"})

    assert proposed == ""
    assert (refused.status_code, made.status_code) == (422, 303)
    assert sent_by(refused.text, "dossier-form")["value:name"] == "李四"


def test_what_the_program_did_is_the_systems(archive: Archive, browser_as: Callable[[Role], FlaskClient]) -> None:
    dossier = archive.dossiers.create(SYSTEM, type="person", unit="main", fields={"name": "张三"})

    assert "Changed by System" in browser_as(Role.VIEWER).get(f"/dossiers/{dossier.id}").text
