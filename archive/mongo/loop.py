"""The one event loop of a process, on a thread of its own, for the asynchronous driver."""

import asyncio
import concurrent.futures
import os
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from archive.errors import StorageUnavailableError

ResultT = TypeVar("ResultT")


class StorageLoop:
    """Runs coroutines from any thread and waits for them.

    The thread is started at the first use and again after a fork: a loop that was started before a fork hangs in the
    child. Beanie binds its documents to one loop, so a process has exactly one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pid = 0

    def run(self, work: Coroutine[Any, Any, ResultT], *, timeout_s: float) -> ResultT:
        """Run the coroutine and return what it returns.

        Raises:
            StorageUnavailableError: It took longer than ``timeout_s``.
        """
        future = asyncio.run_coroutine_threadsafe(work, self._started())
        try:
            return future.result(timeout_s)
        except concurrent.futures.TimeoutError as error:
            future.cancel()
            raise StorageUnavailableError(
                f"The database did not answer within {timeout_s:.0f} s; try again."
            ) from error

    def close(self) -> None:
        """Stop the thread; a later ``run`` starts another."""
        with self._lock:
            loop, self._loop = self._loop, None
            if loop is not None and self._pid == os.getpid():
                loop.call_soon_threadsafe(loop.stop)

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None or self._pid != os.getpid():
                self._loop, self._pid = asyncio.new_event_loop(), os.getpid()
                threading.Thread(target=self._serve, args=(self._loop,), name="storage", daemon=True).start()
            return self._loop

    @staticmethod
    def _serve(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
        finally:
            loop.close()
