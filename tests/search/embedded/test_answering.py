"""Questions are answered by other processes, whatever becomes of one of them."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from search import IndexUnavailableError, SchemaMismatchError, Scope, SearchQuery, SearchSettings, open_search_engine
from search.embedded.answering import AnsweringProcesses
from tests.search.entries import make_entry


class Answerer:
    """Answers for the tests, in a process of its own."""

    def __init__(self) -> None:
        self.asked = 0

    def count(self) -> tuple[int, int]:
        """Tell the process and how often it was asked."""
        self.asked += 1
        return os.getpid(), self.asked

    def sleep(self, seconds: float, answer: str = "awake") -> str:
        """Answer late."""
        time.sleep(seconds)
        return answer

    def refuse(self) -> None:
        """Raise an error with facts of its own."""
        raise SchemaMismatchError(3, 5)

    def die_once(self, mark: str) -> str:
        """End the process at the first call."""
        if not Path(mark).exists():
            Path(mark).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return "alive"

    def die(self) -> None:
        """End the process at every call."""
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def processes() -> Iterator[AnsweringProcesses]:
    """Two processes that answer."""
    asked = AnsweringProcesses(Answerer, 2, timeout_s=20)
    yield asked
    asked.close()


def test_as_many_questions_as_processes_are_answered_at_once(processes: AnsweringProcesses) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: processes.ask("sleep", 0.0), range(4)))
        started = time.monotonic()
        answers = list(pool.map(lambda answer: processes.ask("sleep", 0.6, answer=answer), ("one", "two")))

    assert answers == ["one", "two"]
    assert time.monotonic() - started < 1.1


def test_an_error_arrives_as_it_was_raised_and_the_process_goes_on(processes: AnsweringProcesses) -> None:
    with pytest.raises(SchemaMismatchError) as raised:
        processes.ask("refuse")

    assert (raised.value.found, raised.value.expected) == (3, 5)
    assert str(raised.value) == str(SchemaMismatchError(3, 5))
    assert "in refuse" in raised.value.__notes__[0]
    assert processes.ask("sleep", 0.0) == "awake"


def test_a_killed_process_is_replaced_unnoticed(processes: AnsweringProcesses) -> None:
    for _ in range(3):
        pid, _asked = processes.ask("count")
        os.kill(pid, signal.SIGKILL)

    assert processes.ask("count")[1] >= 1


def test_a_question_whose_process_dies_is_asked_once_more(processes: AnsweringProcesses, tmp_path: Path) -> None:
    assert processes.ask("die_once", str(tmp_path / "died")) == "alive"


def test_a_question_that_kills_every_process_ends_as_an_error(processes: AnsweringProcesses) -> None:
    with pytest.raises(IndexUnavailableError):
        processes.ask("die")

    assert processes.ask("sleep", 0.0) == "awake"


def test_a_question_that_takes_too_long_is_given_up_and_its_answer_reaches_nobody_else() -> None:
    asked = AnsweringProcesses(Answerer, 1, timeout_s=2.0)
    try:
        asked.ask("count")
        with pytest.raises(IndexUnavailableError):
            asked.ask("sleep", 30.0, answer="late")
        assert asked.ask("sleep", 0.0, answer="in time") == "in time"
    finally:
        asked.close()


def test_closing_ends_every_process(processes: AnsweringProcesses) -> None:
    pids = {processes.ask("count")[0] for _ in range(4)}

    processes.close()

    assert pids
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_an_entry_put_here_is_found_there_at_once(tmp_path: Path) -> None:
    engine = open_search_engine(SearchSettings(index_dir=tmp_path / "index", processes=2))
    everybody = Scope(units=None, may_reveal=True)
    try:
        assert engine.search(SearchQuery("张三", everybody)).total == 0
        for number in range(1, 4):
            engine.put([make_entry(f"d{number}", title="张三", changed_at=datetime(2024, 1, number, tzinfo=UTC))])
            totals = [engine.search(SearchQuery("张三", everybody)).total for _ in range(2)]
            assert totals == [number, number]
    finally:
        engine.close()
