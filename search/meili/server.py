"""The connection to a Meilisearch server: clients, tasks, and the server's errors in the words of this package."""

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import meilisearch
from meilisearch.errors import MeilisearchApiError, MeilisearchError, MeilisearchTimeoutError
from meilisearch.models.task import Task

from search.errors import EntryRefusedError, IndexTimeoutError, IndexUnavailableError

_Json = dict[str, Any]
_Answer = TypeVar("_Answer")
_SEARCH_TIMEOUT_S = 10
_UNAUTHORISED = 401
_FORBIDDEN = 403
_KEYS = uuid.UUID("7d9bb5c0-2f0e-4b55-9f0c-6c1d1d1f2a61")


class NoIndexError(Exception):
    """The index is not on the server."""


_ACTIONS = ["search", "documents.*", "indexes.*", "settings.*", "tasks.get"]
"""What an index is asked for. Nothing of other indexes, keys, dumps."""


class MeiliServer:
    """A server, and the key with which it is asked. Safe to use from several threads.

    A key that may manage keys, such as the master key, is used to make a key that is bound to the archive's indexes, or
    to find the one that was made, and to tell the server's version. All else is asked with the bound one; where that was
    withdrawn meanwhile, another is made.
    """

    def __init__(self, url: str, key: str, index_name: str, *, timeout_s: float) -> None:
        """Take note of the address; nothing is sent yet.

        Args:
            url: Address of the server.
            key: A key that may manage keys, or one that is bound to the indexes; empty for a server without keys.
            index_name: What the names of the archive's indexes begin with, before an underscore.
            timeout_s: Seconds to wait for the server's answer, and for the end of a task.
        """
        self._url = url.rstrip("/")
        self._key = key
        self._index_name = index_name
        self._timeout_s = timeout_s
        self._local = threading.local()
        self._bound_key: str | None = None
        self._binding = threading.Lock()

    def call(self, request: Callable[[meilisearch.Client], _Answer], *, patient: bool = True) -> _Answer:
        """Send a request; once more with a new key where the server takes the present one no longer.

        Args:
            request: What is asked of a client.
            patient: Whether to wait for as long as writing may take.

        Raises:
            NoIndexError: The index is not there.
            IndexUnavailableError: The server does not answer, or refuses a new key as well.
        """
        client, key = self._client(patient=patient)
        try:
            with asking():
                return request(client)
        except IndexUnavailableError as error:
            if not self._key or not _is_refusal(error.__cause__):
                raise
        self._forget(key)
        client, _ = self._client(patient=patient)
        with asking():
            return request(client)

    def _client(self, *, patient: bool) -> tuple[meilisearch.Client, str | None]:
        """Give this thread's client; the library's keeps the headers of the present request, so no two may share it."""
        name, key = "patient" if patient else "hasty", self._key_to_use()
        kept: tuple[meilisearch.Client, str | None] | None = getattr(self._local, name, None)
        if kept is None or kept[1] != key:
            timeout_s = max(1, int(self._timeout_s if patient else min(self._timeout_s, _SEARCH_TIMEOUT_S)))
            kept = meilisearch.Client(self._url, key, timeout=timeout_s), key
            setattr(self._local, name, kept)
        return kept

    def _forget(self, key: str | None) -> None:
        """Let the next request ask for a key, unless another thread did so already."""
        with self._binding:
            if self._bound_key == key:
                self._bound_key = None

    def _key_to_use(self) -> str | None:
        if not self._key:
            return None
        with self._binding:
            if self._bound_key is None:
                with asking():
                    self._bound_key = self._bind()
            return self._bound_key

    def _bind(self) -> str:
        """Give the key that is bound to the archive's indexes; the given one where that may not manage keys."""
        client = meilisearch.Client(self._url, self._key, timeout=_SEARCH_TIMEOUT_S)
        indexes = [f"{self._index_name}_*"]
        # The same demands have the same id, so that every process finds the key that the first one made.
        uid = str(uuid.uuid5(_KEYS, " ".join(_ACTIONS + indexes)))
        try:
            return client.get_key(uid).key
        except MeilisearchApiError as error:
            if error.status_code in (_UNAUTHORISED, _FORBIDDEN):
                return self._key
            if error.code != "api_key_not_found":
                raise
        wish = {"uid": uid, "actions": _ACTIONS, "indexes": indexes, "expiresAt": None}
        try:
            return client.create_key({**wish, "name": key_name(self._index_name)}).key
        except MeilisearchApiError as error:
            if error.status_code in (_UNAUTHORISED, _FORBIDDEN):
                return self._key
            if error.code != "api_key_already_exists":
                raise
            return client.get_key(uid).key

    def ask(self, questions: list[_Json], *, patient: bool = False) -> list[_Json]:
        """Send questions in one request.

        Raises:
            NoIndexError: One of them asks an index that is not there.
        """
        return list(self.call(lambda client: client.multi_search(questions)["results"], patient=patient))

    def version(self) -> str:
        """Name the server and its version where the given key may know it: one that is bound to indexes may not."""
        client = meilisearch.Client(self._url, self._key or None, timeout=_SEARCH_TIMEOUT_S)
        try:
            with asking():
                answer = client.get_version()
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
        for uid in tasks:
            try:
                task = self.call(partial(_ended, uid=uid, timeout_ms=int(self._timeout_s * 1000)))
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


def _ended(client: meilisearch.Client, *, uid: int, timeout_ms: int) -> Task:
    return client.wait_for_task(uid, timeout_in_ms=timeout_ms, interval_in_ms=10)


def _is_refusal(error: BaseException | None) -> bool:
    return isinstance(error, MeilisearchApiError) and error.status_code in (_UNAUTHORISED, _FORBIDDEN)


def key_name(index_name: str) -> str:
    """Name the key that is made for an archive, as the server lists it."""
    return f"Dossier archive {index_name}"


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
