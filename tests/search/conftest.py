"""Opens the engines that the contract runs on."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import meilisearch
import pytest

from search import SearchEngine, SearchSettings, open_search_engine
from search.meili.server import key_name
from tests.search.entries import PEOPLE

MEILISEARCH_URL = os.environ.get("DOSSIER_TEST_MEILISEARCH_URL", "")
MEILISEARCH_KEY = os.environ.get("DOSSIER_TEST_MEILISEARCH_KEY", "")

needs_meilisearch = pytest.mark.skipif(not MEILISEARCH_URL, reason="DOSSIER_TEST_MEILISEARCH_URL is not set")


IN_PROCESSES = "tantivy in processes"
ENGINES = ["tantivy", pytest.param("meilisearch", marks=[needs_meilisearch, pytest.mark.integration])]


@contextmanager
def fresh_settings(engine_name: str, directory: Path) -> Iterator[SearchSettings]:
    """Give the settings of an index that is not there yet, and leave nothing of it behind."""
    if engine_name != "meilisearch":
        yield SearchSettings(index_dir=directory / "index", processes=1 if engine_name == IN_PROCESSES else 0)
        return
    name = f"test{secrets.token_hex(6)}"
    try:
        yield SearchSettings(meilisearch_url=MEILISEARCH_URL, meilisearch_key=MEILISEARCH_KEY, index_name=name)
    finally:
        client = meilisearch.Client(MEILISEARCH_URL, MEILISEARCH_KEY)
        present: Any = client.get_raw_indexes({"limit": 10_000})
        for index in present["results"]:
            if index["uid"].startswith(f"{name}_"):
                client.delete_index(index["uid"])
        keys: Any = client.get_keys({"limit": 1000})
        for key in keys.results:
            if key.name == key_name(name):
                client.delete_key(key.uid)


@pytest.fixture(params=ENGINES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchSettings]:
    """Settings of a fresh index on either engine."""
    with fresh_settings(request.param, tmp_path) as settings:
        yield settings


@pytest.fixture(scope="module", params=[*ENGINES, IN_PROCESSES])
def shared_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    """An engine on an index that the tests of a module share; they only ask."""
    with fresh_settings(request.param, tmp_path_factory.mktemp("search")) as settings:
        engine = open_search_engine(settings)
        yield engine
        engine.close()


@pytest.fixture
def open_engine(settings: SearchSettings) -> Iterator[Callable[[], SearchEngine]]:
    """Open an engine on the same index, as another process would."""
    opened: list[SearchEngine] = []

    def open_one() -> SearchEngine:
        opened.append(open_search_engine(settings))
        return opened[-1]

    yield open_one
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(open_engine: Callable[[], SearchEngine]) -> SearchEngine:
    """An engine on a fresh index."""
    return open_engine()


@pytest.fixture(scope="module")
def people(shared_engine: SearchEngine) -> SearchEngine:
    """An engine with three dossiers, for tests that only ask."""
    shared_engine.put(PEOPLE)
    return shared_engine
