"""Scripts, styles and icons: their addresses, how long they are kept, and how they are packed."""

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from web.static_files import FOLDER, StaticFiles


@pytest.fixture
def style(stranger: FlaskClient) -> str:
    """The address of our style sheet as pages name it."""
    found = re.search(r'href="(/static/[0-9a-f]{12}/app\.css)"', stranger.get("/login").text)
    assert found
    return found.group(1)


def test_files_are_kept_for_good_under_the_present_version_only(stranger: FlaskClient, style: str) -> None:
    kept, of_another = stranger.get(style), stranger.get("/static/0123456789ab/app.css")

    assert "immutable" in kept.headers["Cache-Control"]
    assert of_another.headers["Cache-Control"] == "no-cache"
    assert kept.data == of_another.data == (FOLDER / "app.css").read_bytes()


def test_modules_stand_under_the_version_too(stranger: FlaskClient, style: str) -> None:
    module = style.replace("app.css", "js/app.js")

    assert f'src="{module}"' in stranger.get("/login").text
    assert stranger.get(module).mimetype == "text/javascript"


def test_text_is_packed_for_those_who_can_unpack_it(stranger: FlaskClient, style: str) -> None:
    packed = stranger.get(style, headers={"Accept-Encoding": "gzip, br"})
    plain = stranger.get(style, headers={"Accept-Encoding": "identity"})

    assert (packed.headers["Content-Encoding"], packed.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers


def test_what_a_browser_has_already_is_not_sent_again(stranger: FlaskClient, style: str) -> None:
    tag = stranger.get(style).headers["ETag"]

    again = stranger.get(style, headers={"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["../app.py", "nothing.css", "js", ""])
def test_nothing_but_these_files_is_served(stranger: FlaskClient, name: str) -> None:
    assert stranger.get(f"/static/any/{name}").status_code == 404


def test_another_content_is_another_version(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a")
    first = StaticFiles(tmp_path).version
    (tmp_path / "a.css").write_text("b")

    assert StaticFiles(tmp_path).version != first
