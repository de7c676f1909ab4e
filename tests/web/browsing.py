"""Logged-in browsers on a real archive."""

from collections.abc import Callable, Mapping
from html.parser import HTMLParser

from flask.testing import FlaskClient

from archive.access import SYSTEM, Role
from archive.bootstrap import Archive
from web.app import create_app

PASSWORD = "correct horse battery"


def browsers(archive: Archive, *, units: frozenset[str] = frozenset({"main"})) -> Callable[[Role], FlaskClient]:
    """Return a function that logs a user of a role in and returns the browser; pages are in English."""
    app = create_app(archive.settings, archive)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)

    def log_in(role: Role) -> FlaskClient:
        name = f"{role}-of-{len(archive.accounts.users(SYSTEM))}".replace("-", ".")
        _account, token = archive.accounts.create_user(SYSTEM, name, role.title(), frozenset({role}), units)
        archive.accounts.redeem(token, PASSWORD)
        client = app.test_client()
        answer = client.post("/login", data={"username": name, "password": PASSWORD})
        assert answer.status_code == 303
        return client

    return log_in


class _FormParser(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside, self.select, self.area = form_id, False, "", ""
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        if not self.inside:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name and (given.get("type") not in {"checkbox", "radio"} or "checked" in given):
            self.values.setdefault(name, value)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and (self.select not in self.values or "selected" in given):
            self.values[self.select] = value
        elif tag == "textarea":
            self.area = name
            self.values[name] = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""


def sent_by(html: str, form_id: str) -> Mapping[str, str]:
    """Return what a browser would send of a form as it stands; of inputs of one name, the first."""
    parser = _FormParser(form_id)
    parser.feed(html)
    return parser.values
