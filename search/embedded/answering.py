"""Processes that answer questions, so that several questions are answered at once.

One interpreter runs one thread at a time, and most of a search is Python's: eight readers in one process wait for one
another. Each process here opens the index for itself, which takes no lock, and answers one question after the other.

    this process    (name of a method, its arguments) ──> pipe ──> python -m search.embedded.answering
                    the answer, or the error that was raised  <── pipe <──

A process ends when its pipe does: so whatever ends the program that asks, kill -9 too, leaves none behind. One that ends by
itself is started again at the next question, and the question it had is asked once more.
"""

import gc
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from search.embedded.turnstile import Turnstile
from search.errors import IndexUnavailableError

_MOST_PROCESSES = 4
_GRACE_S = 5.0


def usual_processes() -> int:
    """Tell how many processes suit this machine: one for each processor that it may use, four at most."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, _MOST_PROCESSES)


class AnsweringProcesses:
    """Asks processes that all answer alike; each question goes to one that is free, in the order in which they come."""

    def __init__(self, make_answerer: Callable[[], object], processes: int, *, timeout_s: float) -> None:
        """Start the processes, and go on while they load.

        Args:
            make_answerer: Called in each process for what answers there; must be picklable.
            processes: How many, at least 1.
            timeout_s: Seconds after which a question is given up and its process killed.
        """
        self._make_answerer = make_answerer
        self._timeout_s = timeout_s
        self._turnstile = Turnstile(processes)
        self._guard = threading.Lock()
        self._free: list[_Process | None] = [_started(make_answerer) for _ in range(processes)]
        self._closed = False

    def ask(self, method: str, *args: object, **named: object) -> Any:
        """Have a method of the answerer called in one of the processes, and give what it returns.

        Raises:
            IndexUnavailableError: The process ended twice, or took too long.
            Exception: What the method raised.
        """
        # Written and read while no process waits for it.
        question = pickle.dumps((method, args, named), pickle.HIGHEST_PROTOCOL)
        answered, answer = pickle.loads(self._ask(question))  # noqa: S301  written by a process of this program
        if not answered:
            raise answer
        return answer

    def _ask(self, question: bytes) -> bytes:
        with self._turnstile:
            with self._guard:
                process = self._free.pop()
            try:
                for _attempt in range(2):
                    try:
                        if process is None or process.ended:
                            process = _Process(self._make_answerer)
                        return process.ask(question, self._timeout_s)
                    except _ProcessEndedError:
                        process = None
                raise IndexUnavailableError("the process that searches ended, or did not start, twice")
            finally:
                self._take_back(process)

    def close(self) -> None:
        """End the processes; those that still answer end afterwards."""
        with self._guard:
            self._closed = True
            free, self._free = self._free, [None] * len(self._free)
        for process in free:
            if process is not None:
                process.end()

    def _take_back(self, process: "_Process | None") -> None:
        with self._guard:
            closed = self._closed
            self._free.append(None if closed else process)
        if closed and process is not None:
            process.end()


class _ProcessEndedError(Exception):
    """The process ended before it answered."""


class _Process:
    """One process, and the pipe to it."""

    def __init__(self, make_answerer: Callable[[], object]) -> None:
        """Start it and go on while it loads.

        Raises:
            _ProcessEndedError: It could not be started, or ended at once.
        """
        self._pipe, theirs = multiprocessing.Pipe()
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "search.embedded.answering", str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    # Sounds of single characters are all that a search needs; those of phrases take 50 MB a process.
                    env={**os.environ, "PYPINYIN_NO_PHRASES": "true"},
                )
                self._pipe.send(make_answerer)
            except OSError as error:
                raise _ProcessEndedError from error

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def ask(self, question: bytes, timeout_s: float) -> bytes:
        try:
            self._pipe.send_bytes(question)
            return self._received(timeout_s)
        except (EOFError, ConnectionError) as error:
            self.end()
            raise _ProcessEndedError from error
        except BaseException:
            # What comes through the pipe next would belong to another question.
            self._process.kill()
            self.end()
            raise

    def _received(self, timeout_s: float) -> bytes:
        if not self._pipe.poll(timeout_s):
            raise IndexUnavailableError(f"a search took longer than {timeout_s:g} s")
        return self._pipe.recv_bytes()

    def end(self) -> None:
        self._pipe.close()
        try:
            self._process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _started(make_answerer: Callable[[], object]) -> _Process | None:
    """Start a process; None where that fails: the next question tries again."""
    try:
        return _Process(make_answerer)
    except _ProcessEndedError:
        return None


def answer_questions(pipe: "Connection[Any, Any]") -> None:
    """Answer what comes through a pipe until it ends: first what makes the answerer, then questions."""
    answerer = pipe.recv()()
    # What was loaded stays; the collector need not look at it again.
    gc.freeze()
    while True:
        try:
            method, args, named = pipe.recv()
        except EOFError:
            return
        try:
            answer = True, getattr(answerer, method)(*args, **named)
        except Exception as error:  # noqa: BLE001  raised again by whoever asked
            error.add_note("".join(traceback.format_tb(error.__traceback__)))
            answer = False, error
        try:
            pipe.send(answer)
        except ConnectionError:
            return


if __name__ == "__main__":
    # Ctrl-C in a terminal reaches every process of it; the one that asks ends the others in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answer_questions(Connection(int(sys.argv[1])))
