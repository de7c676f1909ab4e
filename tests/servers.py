"""The servers that the environment names for the tests; without any, the embedded parts are used."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from pymongo import MongoClient

_SETTINGS = {
    "mongodb_uri": "DOSSIER_TEST_MONGODB_URI",
    "meilisearch_url": "DOSSIER_TEST_MEILISEARCH_URL",
    "meilisearch_key": "DOSSIER_TEST_MEILISEARCH_KEY",
    "queue_url": "DOSSIER_TEST_QUEUE_URL",
}


def named_servers() -> dict[str, str]:
    """Return the servers that the environment names, by setting."""
    return {setting: os.environ[name] for setting, name in _SETTINGS.items() if os.environ.get(name)}


@contextmanager
def own_place(servers: dict[str, str]) -> Iterator[dict[str, str]]:
    """Give names of a database, an index and a queue that nobody else uses; the database is dropped at the end.

    Args:
        servers: Settings that name servers, as ``named_servers`` returns them.
    """
    name = f"test_{secrets.token_hex(6)}"
    yield {**servers, "mongodb_database": name, "meilisearch_index": name, "queue_name": name}
    if "mongodb_uri" in servers:
        with MongoClient(servers["mongodb_uri"]) as client:
            client.drop_database(name)
