"""How values look."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from web.present import ago, initials, iso, marked, percent, size, when

NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(("locale", "shown"), [("en", "5 Mar 2026, 12:00"), ("zh_CN", "2026-03-05 12:00")])
def test_times_are_those_of_the_office(locale: str, shown: str, app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": f"locale={locale}"}):
        assert when(NOON) == shown
        assert iso(NOON) == "2026-03-05T12:00:00+08:00"


def test_no_time_is_shown_as_nothing(app: Flask) -> None:
    with app.test_request_context():
        assert when(None) == ago(None) == ""


@pytest.mark.parametrize(
    ("size_bytes", "shown"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2_340_000, "2.3 MB"), (512_000_000, "512 MB")],
)
def test_sizes_have_the_unit_in_which_they_read_best(size_bytes: int, shown: str, app: Flask) -> None:
    with app.test_request_context():
        assert size(size_bytes) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(None, ""), (0.0, "0 %"), (0.954, "95 %"), (0.999, "99 %"), (1.0, "100 %")]
)
def test_almost_sure_is_not_sure(share: float | None, shown: str) -> None:
    assert percent(share) == shown


def test_text_is_escaped_before_it_is_marked() -> None:
    assert marked("<b>张三</b>", [(3, 5)]) == "&lt;b&gt;<mark>张三</mark>&lt;/b&gt;"


def test_spans_that_overlap_or_overrun_do_no_harm() -> None:
    assert marked("abcdef", [(0, 3), (2, 4), (5, 99), (7, 9)]) == "<mark>abc</mark><mark>d</mark>e<mark>f</mark>"


@pytest.mark.parametrize(
    ("name", "shown"), [("陈一凡", "一凡"), ("王芳", "王芳"), ("Jane Q Doe", "JD"), ("Jane", "J"), ("", "?")]
)
def test_a_name_is_cut_to_two_letters(name: str, shown: str) -> None:
    assert initials(name) == shown
