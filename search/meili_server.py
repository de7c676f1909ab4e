"""The connection to a Meilisearch server: clients, tasks, and the server's errors in the words of this package."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import meilisearch
from meilisearch.errors import MeilisearchApiError, MeilisearchError, MeilisearchTimeoutError

from search.errors import EntryRefusedError, IndexTimeoutError, IndexUnavailableError

_Json = dict[str, Any]
_SEARCH_TIMEOUT_S = 10
_FORBIDDEN = 403


class NoIndexError(Exception):
    """The index is not on the server."""


class MeiliServer:
    """A server, and the key with which it is asked. Safe to use from several threads."""

    def __init__(self, url: str, key: str, *, timeout_s: float) -> None:
        """Take note of the address; nothing is sent yet."""
        self._url = url.rstrip("/")
        self._key = key
        self._timeout_s = timeout_s
        self._local = threading.local()

    def client(self, *, patient: bool = True) -> meilisearch.Client:
        """Give this thread's client; the library's keeps the headers of the present request, so no two may share it."""
        name = "patient" if patient else "hasty"
        client: meilisearch.Client | None = getattr(self._local, name, None)
        if client is None:
            timeout_s = max(1, int(self._timeout_s if patient else min(self._timeout_s, _SEARCH_TIMEOUT_S)))
            client = meilisearch.Client(self._url, self._key or None, timeout=timeout_s)
            setattr(self._local, name, client)
        return client

    def ask(self, questions: list[_Json], *, patient: bool = False) -> list[_Json]:
        """Send questions in one request.

        Raises:
            NoIndexError: One of them asks an index that is not there.
        """
        with asking():
            return list(self.client(patient=patient).multi_search(questions)["results"])

    def version(self) -> str:
        """Name the server and its version where the key may know it: a key that is bound to indexes may not."""
        try:
            with asking():
                answer = self.client(patient=False).get_version()
        except IndexUnavailableError as error:
            if isinstance(error.__cause__, MeilisearchApiError) and error.__cause__.status_code == _FORBIDDEN:
                return "meilisearch"
            raise
        return f"meilisearch {answer['pkgVersion']}"

    def finish(self, tasks: Sequence[int], *, passing: str = "") -> None:
        """Wait until the server has worked off these tasks.

        Raises:
            NoIndexError: The index was removed under us.
            EntryRefusedError: A task failed otherwise, and not with the code ``passing``.
        """
        client = self.client(patient=True)
        for uid in tasks:
            try:
                with asking():
                    task = client.wait_for_task(uid, timeout_in_ms=int(self._timeout_s * 1000), interval_in_ms=10)
            except IndexUnavailableError as error:
                if isinstance(error.__cause__, MeilisearchTimeoutError):
                    raise IndexTimeoutError(self._timeout_s) from error
                raise
            if task.status == "failed":
                code = str((task.error or {}).get("code"))
                if code == "index_not_found":
                    raise NoIndexError
                if code != passing:
                    raise EntryRefusedError(code)
            elif task.status == "canceled":
                raise IndexUnavailableError("the server gave up the task")


@contextmanager
def asking() -> Iterator[None]:
    """Tell the library's errors in the words of this package."""
    try:
        yield
    except MeilisearchApiError as error:
        if error.code == "index_not_found":
            raise NoIndexError from error
        raise IndexUnavailableError(f"the server answers {error.code or error.status_code}") from error
    except MeilisearchError as error:
        raise IndexUnavailableError("the server does not answer") from error
