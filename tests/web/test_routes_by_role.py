"""Every route with every role. A route that is not in the table fails the test: decide who may use it."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from archive.access import SYSTEM, Actor, Role
from archive.bootstrap import Archive
from archive.finding.question import Question
from archive.forms.lessons import OFTEN
from archive.forms.registered_form import LabelHint
from archive.mongo.form_templates import FormStore
from tests.factories import hand_in, picture
from tests.fakes import CannedReader, extraction
from tests.web.browsing import PASSWORD
from web.auth import OPEN_ENDPOINTS

V, C, A, U, M = Role.VIEWER, Role.CLERK, Role.ARCHIVIST, Role.AUDITOR, Role.ADMIN
EVERYBODY = frozenset(Role)

MAY: dict[str, frozenset[Role]] = {
    "accounts.change_password": EVERYBODY,
    "accounts.end_sessions": EVERYBODY,
    "accounts.login": EVERYBODY,
    "accounts.login_form": EVERYBODY,
    "accounts.logout": EVERYBODY,
    "accounts.profile": EVERYBODY,
    "accounts.redeem": EVERYBODY,
    "accounts.redeem_form": EVERYBODY,
    "accounts.session": EVERYBODY,
    "accounts.setup": EVERYBODY,
    "accounts.setup_form": EVERYBODY,
    "audit.index": frozenset({U}),
    "audit.verify": frozenset({U}),
    "dossiers.add_note": frozenset({C, A}),
    "dossiers.attachment": frozenset({C, A}),
    "dossiers.check": EVERYBODY,
    "dossiers.create": frozenset({A}),
    "dossiers.edit": frozenset({A}),
    "dossiers.fields": frozenset({A}),
    "dossiers.history": frozenset({V, C, A}),
    "dossiers.index": frozenset({V, C, A}),
    "dossiers.new": frozenset({A}),
    "dossiers.restore": frozenset({A}),
    "dossiers.reveal": frozenset({C, A}),
    "dossiers.show": frozenset({V, C, A}),
    "dossiers.update": frozenset({A}),
    "dossiers.version": frozenset({V, C, A}),
    "exports.send": frozenset({A}),
    "exports.show": frozenset({A}),
    "form_templates.change_state": frozenset({A}),
    "form_templates.create": frozenset({A}),
    "form_templates.decide_label": frozenset({A}),
    "form_templates.export": frozenset({A}),
    "form_templates.index": frozenset({A}),
    "form_templates.labels": frozenset({A}),
    "form_templates.new": frozenset({A}),
    "form_templates.picture": frozenset({A}),
    "form_templates.read_again": frozenset({A}),
    "form_templates.save": frozenset({A}),
    "form_templates.show": frozenset({A}),
    "form_templates.standing": frozenset({A}),
    "form_templates.trial": frozenset({A}),
    "health.alive": EVERYBODY,
    "health.ready": EVERYBODY,
    "home.show": EVERYBODY,
    "intake.batch": frozenset({C, A}),
    "intake.confirm": frozenset({C, A}),
    "intake.note_too_large": frozenset({C, A}),
    "intake.send": frozenset({C, A}),
    "intake.send_all": frozenset({C, A}),
    "intake.upload": frozenset({C, A}),
    "lists.delete": frozenset(),
    "lists.index": frozenset({V, C, A}),
    "lists.repeat": frozenset(),
    "lists.show": frozenset(),
    "lists.start": frozenset({V, C, A}),
    "lists.table": frozenset(),
    "lists.work": frozenset(),
    "preferences.language": EVERYBODY,
    "preferences.theme": EVERYBODY,
    "review.add": frozenset({A}),
    "review.change_type": frozenset({A}),
    "review.decide": frozenset({A}),
    "review.discard": frozenset({A}),
    "review.file": frozenset({A}),
    "review.find_dossiers": frozenset({A}),
    "review.queue": frozenset({C, A}),
    "review.show": frozenset({A}),
    "review.skip": frozenset({C, A}),
    "scans.cut_out": frozenset({A}),
    "scans.discard": frozenset({A}),
    "scans.index": frozenset({C, A}),
    "scans.original": frozenset({A}),
    "scans.page_image": frozenset({A}),
    "scans.restore": frozenset({A}),
    "scans.retry": frozenset({A}),
    "scans.searchable": frozenset({A}),
    "scans.show": frozenset({A}),
    "scans.standing": frozenset({C, A}),
    "scans.thumbnail": frozenset({A}),
    "search.show": frozenset({V, C, A}),
    "search.similar": frozenset({V, C, A}),
    "searches.change": frozenset({A}),
    "searches.clear_recent": frozenset({V, C, A}),
    "searches.delete": frozenset({A}),
    "searches.edit": frozenset({A}),
    "searches.index": frozenset({V, C, A}),
    "searches.new": frozenset({V, C, A}),
    "searches.news": frozenset({V, C, A}),
    "searches.save": frozenset({V, C, A}),
    "searches.set_alert": frozenset({V, C, A}),
    "searches.show": frozenset({V, C, A}),
    "static": EVERYBODY,
    "suggestions.index": frozenset({V, C, A}),
    "taking_out.show": frozenset({A}),
    "taking_out.take_out": frozenset({A}),
    "trash.bring_back": frozenset({A}),
    "trash.index": frozenset({A}),
    "trash.put": frozenset({A}),
    "types.create": frozenset({A}),
    "types.edit": frozenset({A}),
    "types.index": frozenset({A}),
    "types.new": frozenset({A}),
    "types.rows": frozenset({A}),
    "types.update": frozenset({A}),
    "users.create": frozenset({M}),
    "users.index": frozenset({M}),
    "users.new": frozenset({M}),
    "users.reset_password": frozenset({M}),
    "users.save_unit": frozenset({M}),
    "users.show": frozenset({M}),
    "users.units": frozenset({M}),
    "users.update": frozenset({M}),
}
"""Endpoint to the roles that get past the checks of rights; the scan is one that a stranger handed in, and so is the list;
the saved search is shared in the unit."""

REFUSED = {403, 404}

LINKS = {"accounts.setup", "accounts.setup_form", "accounts.redeem", "accounts.redeem_form"}
"""Addresses with a one-time token; the one sent here is none, which everybody is told with a page and a 404."""


@dataclass(frozen=True)
class Office:
    """An archive with a record of each kind, and where each endpoint stands for them."""

    archive: Archive
    app: Flask
    addresses: dict[str, tuple[str, str]]
    sent: dict[str, dict[str, Any]]

    def visitor(self, role: Role) -> FlaskClient:
        """Log in as a fresh user of the role."""
        name = f"{role}.visitor"
        _account, token = self.archive.accounts.create_user(
            SYSTEM, name, role.title(), frozenset({role}), frozenset({"main"})
        )
        self.archive.accounts.redeem(token, PASSWORD)
        browser = self.app.test_client()
        browser.post("/login", data={"username": name, "password": PASSWORD})
        return browser


@pytest.fixture
def office(archive: Archive, app: Flask, reader: CannedReader, work: Callable[[], int]) -> Office:
    """A dossier with an attachment; a scan, a saved search and a list of somebody else; and a user."""
    app.config.update(WTF_CSRF_ENABLED=False)
    reader.fields = (extraction("name", "李四", key="姓名"),)
    uploader = Actor("somebody-else", "Somebody", frozenset({Role.CLERK}), frozenset({"main"}))
    receipts = [hand_in(archive, uploader, picture(text)) for text in ("filed", "waiting")]
    work()
    filed, waiting = (archive.intake.scan(SYSTEM, receipt.scan_id) for receipt in receipts)
    dossier = archive.review.file(SYSTEM, filed.id, dossier_id=None, revision=filed.revision, accept_open=True).dossier
    shared = archive.saved_searches.save(uploader, "李四", Question(text="李四"), unit="main")
    name_list = archive.list_searches.start(uploader, ["李四"])
    form = archive.forms.register_file(SYSTEM, io.BytesIO(picture("form")), unit="main", page=1, name="Form")
    work()
    hint = LabelHint(id="e" * 32, type="person", label="宠物", name="occupation")
    for _ in range(OFTEN):
        FormStore(archive._database).count_hint(hint)
    user, _token = archive.accounts.create_user(SYSTEM, "subject", "Subject", frozenset({V}), frozenset({"main"}))
    values: dict[str, Any] = {
        "dossier_id": dossier.id,
        "attachment_id": dossier.attachments[0].id,
        "scan_id": waiting.id,
        "form_id": form.id,
        "hint_id": hint.id,
        "batch_id": waiting.batch_id,
        "finding_id": waiting.findings[0].id,
        "user_id": user.user_id,
        "search_id": shared.id,
        "list_id": name_list.id,
        "name": "person",
        "token": "no-such-token",
        "revision": 1,
        "number": 1,
        "filename": "app.css",
        "version": "0123456789ab",
    }
    addresses = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            method = "POST" if "POST" in (rule.methods or ()) else "GET"
            address = url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
            addresses[rule.endpoint] = (method, address)
    addresses["scans.cut_out"] = ("GET", addresses["scans.cut_out"][1] + "?box=0,0,10,10")
    # What these views read before they ask the archive; the others are sent an empty form.
    sent: dict[str, dict[str, Any]] = {
        "dossiers.reveal": {"data": {"field": "name", "reason": "to compare it with the paper"}},
        "intake.send": {"data": {"file": (io.BytesIO(picture("sent")), "sent.png")}},
        "intake.send_all": {"data": {"batch": "c" * 32, "files": (io.BytesIO(picture("all")), "all.png")}},
        "review.add": {"data": {"name": "sex", "value": "男", "revision": waiting.revision}},
        "scans.standing": {"json": {"scans": {waiting.id: 0}}},
    }
    return Office(archive, app, addresses, sent)


def test_no_route_is_missing_from_the_table(office: Office) -> None:
    assert office.addresses.keys() == MAY.keys()


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_past_its_own_routes_only(role: Role, office: Office) -> None:
    browser = office.visitor(role)
    # What ends the login, or takes away what others are asked for, comes last.
    last = ("searches.delete", "accounts.logout")
    ordered = sorted(office.addresses.items(), key=lambda item: (item[1][0], item[0] in last, item[0] == last[-1]))

    statuses = {endpoint: _status(browser, *place, **office.sent.get(endpoint, {})) for endpoint, place in ordered}
    past = {endpoint for endpoint, status in statuses.items() if status not in REFUSED}

    assert past == {endpoint for endpoint, roles in MAY.items() if role in roles} - LINKS


def test_a_stranger_gets_past_the_open_routes_only(office: Office) -> None:
    browser = office.app.test_client()

    for endpoint, (method, address) in office.addresses.items():
        with browser.open(address, method=method) as answer:
            to_login = answer.status_code == 303 and answer.location.startswith("/login")
        assert to_login == (endpoint not in OPEN_ENDPOINTS), endpoint


def _status(browser: FlaskClient, method: str, address: str, **sent: Any) -> int:
    with browser.open(address, method=method, **sent) as answer:
        return answer.status_code
