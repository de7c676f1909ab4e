"""Which engine the settings open."""

from pathlib import Path

import pytest

from search import IndexUnavailableError, SearchSettings, open_search_engine
from tests.search.entries import ask, make_entry


def test_without_an_address_and_a_directory_no_engine_opens() -> None:
    with pytest.raises(ValueError, match="index_dir"):
        open_search_engine(SearchSettings())


def test_opening_touches_nothing(tmp_path: Path) -> None:
    open_search_engine(SearchSettings(index_dir=tmp_path / "index")).close()

    assert list(tmp_path.iterdir()) == []


def test_a_key_does_not_show_when_settings_are_printed() -> None:
    assert "secret" not in repr(SearchSettings(meilisearch_key="secret"))


def test_a_server_that_does_not_answer_is_a_transient_error() -> None:
    engine = open_search_engine(SearchSettings(meilisearch_url="http://127.0.0.1:9", timeout_s=1))

    assert not engine.is_ready()
    for attempt in (lambda: engine.search(ask("x")), lambda: engine.put([make_entry("a")]), engine.version):
        with pytest.raises(IndexUnavailableError) as failure:
            attempt()
        assert failure.value.transient
