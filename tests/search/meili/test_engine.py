"""What the Meilisearch engine leaves on its server."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import meilisearch
import pytest

from search import SCHEMA_VERSION, IndexUnavailableError, SchemaMismatchError, SearchSettings, open_search_engine
from search.meili.server import key_name
from tests.search.conftest import MEILISEARCH_KEY, MEILISEARCH_URL, fresh_settings, needs_meilisearch
from tests.search.entries import ask, make_entry, page, phone

pytestmark = [needs_meilisearch, pytest.mark.integration]


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[SearchSettings]:
    with fresh_settings("meilisearch", tmp_path) as settings:
        yield settings


@pytest.fixture
def client() -> meilisearch.Client:
    return meilisearch.Client(MEILISEARCH_URL, MEILISEARCH_KEY)


def test_the_open_index_holds_nothing_sensitive(settings: SearchSettings, client: meilisearch.Client) -> None:
    entry = make_entry("a", values=(phone("13800138000", sensitive=True),), pages=(page("tel 138 0013 8000"),))
    open_search_engine(settings).put([entry])

    index = client.index(f"{settings.index_name}_v{SCHEMA_VERSION}_open")
    task = index.update_settings({"displayedAttributes": ["*"]})
    client.wait_for_task(task.task_uid, 60_000)
    stored = json.dumps([dict(document) for document in index.get_documents().results])

    assert "tel" in stored
    assert not any(part in re.split(r"\W+", stored) for part in ("13800138000", "138", "0013", "8000"))
    assert not any(gram in stored for gram in ("2138", "2380", "2013", "2000"))


def test_settings_are_put_right_and_left_alone_when_right(settings: SearchSettings, client: meilisearch.Client) -> None:
    open_search_engine(settings).put([make_entry("a")])
    index = client.index(f"{settings.index_name}_v{SCHEMA_VERSION}")
    client.wait_for_task(index.update_settings({"rankingRules": ["words"]}).task_uid, 60_000)

    open_search_engine(settings).put([make_entry("b")])
    open_search_engine(settings).put([make_entry("c")])

    assert index.get_settings()["rankingRules"][0] == "sort"
    tasks: Any = client.get_tasks({"indexUids": [index.uid], "types": ["settingsUpdate"]})
    assert len(tasks.results) == 3  # the first, the test's own, the correction


def test_an_index_of_another_schema_version_is_refused_until_it_is_rebuilt(
    settings: SearchSettings, client: meilisearch.Client
) -> None:
    old = f"{settings.index_name}_v0"
    client.wait_for_task(client.create_index(old, {"primaryKey": "key"}).task_uid, 60_000)
    engine = open_search_engine(settings)

    assert not engine.is_ready()
    with pytest.raises(SchemaMismatchError) as failure:
        engine.search(ask("x"))
    assert failure.value.found == 0
    with pytest.raises(SchemaMismatchError):
        engine.put([make_entry("a")])

    assert engine.rebuild([make_entry("a")]) == 1

    assert engine.is_ready()
    assert engine.search(ask("")).total == 1
    assert old not in {index["uid"] for index in client.get_raw_indexes({"limit": 1000})["results"]}  # type: ignore[call-overload]


def test_a_key_bound_to_the_index_is_enough(settings: SearchSettings, client: meilisearch.Client) -> None:
    actions = ["search", "documents.*", "indexes.*", "settings.*", "tasks.get"]
    key = client.create_key({"actions": actions, "indexes": [f"{settings.index_name}_*"], "expiresAt": None})
    engine = open_search_engine(
        SearchSettings(
            meilisearch_url=settings.meilisearch_url, meilisearch_key=key.key, index_name=settings.index_name
        )
    )

    engine.put([make_entry("a")])
    engine.rebuild([make_entry("a"), make_entry("b")])

    assert engine.search(ask("")).total == 2
    assert engine.version() == "meilisearch"
    client.delete_key(key.uid)


def test_the_master_key_is_used_for_a_key_of_its_own_only(settings: SearchSettings, client: meilisearch.Client) -> None:
    open_search_engine(settings).put([make_entry("a")])
    engine = open_search_engine(settings)
    engine.rebuild([make_entry("a"), make_entry("b")])
    assert engine.search(ask("")).total == 2

    keys: Any = client.get_keys({"limit": 1000})
    (made,) = [key for key in keys.results if key.name == key_name(settings.index_name)]
    assert made.indexes == [f"{settings.index_name}_*"]
    assert not {"*", "keys.*", "keys.create", "dumps.create"} & set(made.actions)
    client.delete_key(made.uid)


def test_a_key_that_is_withdrawn_is_made_again_while_the_program_runs(
    settings: SearchSettings, client: meilisearch.Client
) -> None:
    engine = open_search_engine(settings)
    engine.put([make_entry("a")])
    _withdraw(client, settings)

    assert engine.search(ask("")).total == 1

    _withdraw(client, settings)
    engine.put([make_entry("b")])
    assert engine.search(ask("")).total == 2


def test_a_key_given_by_hand_that_is_withdrawn_is_an_error(
    settings: SearchSettings, client: meilisearch.Client
) -> None:
    actions = ["search", "documents.*", "indexes.*", "settings.*", "tasks.get"]
    key = client.create_key({"actions": actions, "indexes": [f"{settings.index_name}_*"], "expiresAt": None})
    engine = open_search_engine(
        SearchSettings(
            meilisearch_url=settings.meilisearch_url, meilisearch_key=key.key, index_name=settings.index_name
        )
    )
    engine.put([make_entry("a")])
    client.delete_key(key.uid)

    with pytest.raises(IndexUnavailableError, match="invalid_api_key"):
        engine.search(ask(""))


def _withdraw(client: meilisearch.Client, settings: SearchSettings) -> None:
    keys: Any = client.get_keys({"limit": 1000})
    (made,) = [key for key in keys.results if key.name == key_name(settings.index_name)]
    client.delete_key(made.uid)


def test_a_wrong_key_is_an_error_that_names_the_cause(settings: SearchSettings) -> None:
    engine = open_search_engine(
        SearchSettings(meilisearch_url=settings.meilisearch_url, meilisearch_key="wrong", index_name="x")
    )

    assert not engine.is_ready()
    with pytest.raises(IndexUnavailableError, match="invalid_api_key"):
        engine.search(ask("x"))
