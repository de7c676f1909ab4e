"""Lets a few in at a time and the others wait their turn.

Many threads that work at once on few cores, and for one interpreter, take turns in the middle of their work: all of them
end late, some very late. Served in the order in which they come, each ends as soon as it can.
"""

import os
import threading
from collections import deque
from types import TracebackType


class Turnstile:
    """A context manager that at most ``places`` threads are within; those that wait enter in the order they came.

    A thread that is within must not enter again.
    """

    def __init__(self, places: int) -> None:
        """Open it; ``places``: threads that may be within at once, at least 1."""
        self._free = places
        self._waiting: deque[threading.Lock] = deque()
        self._guard = threading.Lock()

    def __enter__(self) -> None:
        with self._guard:
            if self._free:
                self._free -= 1
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._guard:
            if self._waiting:
                # The place passes on; nobody who comes now can take it.
                self._waiting.popleft().release()
            else:
                self._free += 1


def readers_at_once() -> int:
    """Tell how many queries keep this machine's cores busy: one for each, and one that holds the interpreter."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1
