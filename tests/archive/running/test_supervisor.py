"""The supervisor starts in order, starts again what fails, and stops in the reverse order."""

import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.errors import AlreadyRunningError, ServiceStartError
from archive.running.embedded import DataDirectory, ProcessMark, RunningInstance
from archive.running.supervisor import ChildService, Supervisor, child_environment, serve
from archive.settings import Settings

_WORK = "import time\nprint('at work', flush=True)\ntime.sleep(60)"


def _service(
    folder: Path, program: str = _WORK, *, name: str = "part", is_fit: Callable[[], bool] = lambda: True
) -> ChildService:
    return ChildService(
        name,
        [sys.executable, "-c", program],
        env=dict(os.environ),
        log_file=folder / "logs" / f"{name}.log",
        is_fit=is_fit,
        grace_s=2,
    )


def _soon(condition: Callable[[], bool], within_s: float = 15.0) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


@contextmanager
def _watched(supervisor: Supervisor, *services: ChildService) -> Iterator[None]:
    """Start the services and watch them for the time of the block."""
    watch = threading.Thread(target=supervisor.watch)
    try:
        for service in services:
            supervisor.start(service)
        watch.start()
        yield
    finally:
        supervisor.stop.set()
        if watch.ident is not None:
            watch.join()
        supervisor.stop_all()
        for service in services:
            service.close()


def _pid(service: ChildService) -> int:
    assert service.process is not None
    return service.process.pid


def test_a_child_that_dies_is_started_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    service = _service(tmp_path)
    starts: list[int] = []

    with _watched(Supervisor(on_start=lambda: starts.append(_pid(service))), service):
        first = service.process
        assert first is not None
        first.kill()
        assert _soon(lambda: len(starts) == 2)
        assert service.answers()

    assert "The part ended (signal 9); starting it again" in caplog.text
    assert service.process is not None
    assert service.process.returncode is not None


def test_a_child_that_keeps_dying_is_given_longer_and_longer_pauses(tmp_path: Path) -> None:
    service = _service(tmp_path)
    starts: list[float] = []

    with _watched(Supervisor(on_start=lambda: starts.append(time.monotonic())), service):
        for number in range(1, 4):
            assert _soon(lambda number=number: len(starts) == number)  # type: ignore[misc]
            assert service.process is not None
            service.process.kill()
        assert _soon(lambda: len(starts) == 4)

    assert starts[2] - starts[1] > 1
    assert starts[3] - starts[2] > 3


def test_a_child_that_falls_silent_is_killed_and_started_again(tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    alive.touch()
    service = _service(tmp_path, is_fit=alive.exists)

    with _watched(Supervisor(ask_every_s=0.1, patience_s=0.5), service):
        first = service.process
        alive.unlink()
        assert _soon(lambda: service.process is not first)
        alive.touch()
        assert _soon(service.answers)


def test_services_are_stopped_in_the_reverse_order(tmp_path: Path) -> None:
    said = tmp_path / "said"
    program = (
        "import pathlib, signal, sys, time\n"
        "def stop(*_):\n"
        f"    open({str(said)!r}, 'a').write(NAME)\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, stop)\n"
        f"pathlib.Path({str(tmp_path)!r}, NAME).touch()\n"
        "time.sleep(60)"
    )
    services = [
        _service(tmp_path, program.replace("NAME", repr(name)), name=name, is_fit=(tmp_path / name).exists)
        for name in ("a", "b", "c")
    ]

    with _watched(Supervisor(), *services):
        assert not said.exists()

    assert said.read_text() == "cba"


def test_a_child_that_ends_at_its_start_is_an_error(tmp_path: Path) -> None:
    service = _service(tmp_path, "raise SystemExit('no')", is_fit=lambda: False)

    with (
        pytest.raises(ServiceStartError, match=r"The part ended at its start \(exit code 1\)"),
        _watched(Supervisor(), service),
    ):
        pass


def test_the_wait_for_an_answer_ends_with_the_wish_to_stop(tmp_path: Path) -> None:
    supervisor = Supervisor()
    service = _service(tmp_path, is_fit=lambda: False)
    supervisor.launch(service)
    supervisor.stop.set()

    supervisor.await_answer(service)

    supervisor.stop_all()
    service.close()
    assert not service.answers()


def test_what_a_child_says_is_kept_and_shown_under_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    service = _service(tmp_path, "print('客户 ' + '-' * 3)")

    service.start()
    assert service.process is not None
    service.process.wait()
    service.stop()
    service.close()

    assert (tmp_path / "logs" / "part.log").read_text("utf-8") == "客户 ---\n"
    assert capsys.readouterr().err == "part     | 客户 ---\n"


def test_a_child_reads_the_settings_of_its_supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = Settings(
        _env_file=None, data_dir=tmp_path, port=1234, secret_key="s" * 20, behind_proxy=True, accept_confidence=0.5
    )
    monkeypatch.setenv("DOSSIER_FONDS", "Z999")

    env = child_environment(given)

    # What is not given stays out: an empty path would be the current folder.
    assert "DOSSIER_WATCH_DIR" not in env
    for name in list(os.environ):
        if name.startswith("DOSSIER_"):
            monkeypatch.delenv(name)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert Settings(_env_file=None) == given


def test_a_second_instance_is_refused_with_the_address_of_the_first(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path)

    with directory.held(wait_s=0):
        directory.tell(
            RunningInstance(ProcessMark.of(os.getpid()), "serve", "mongodb://x", web_address="http://127.0.0.1:8080")
        )
        with pytest.raises(AlreadyRunningError, match=rf"process {os.getpid()} \(serve\)\. It answers at http://127"):
            serve(Settings(_env_file=None, data_dir=tmp_path), stop=threading.Event(), on_ready=lambda *_: None)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        settings = Settings(_env_file=None, data_dir=tmp_path, port=port)

        with pytest.raises(ServiceStartError, match=f"port {port}: another program listens there"):
            serve(settings, stop=threading.Event(), on_ready=lambda *_: None)

    assert DataDirectory(tmp_path).running() is None


@pytest.mark.integration
def test_everything_answers_and_then_everything_is_stopped(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    stop, told = threading.Event(), []

    def on_ready(address: str, setup_link: str | None) -> None:
        running = DataDirectory(tmp_path / "data").running()
        assert running is not None
        told.append((address, setup_link, running))
        stop.set()

    serve(Settings(_env_file=None, data_dir=tmp_path / "data", port=0), stop=stop, on_ready=on_ready)

    address, setup_link, running = told[0]
    assert running.web_address == address
    assert setup_link is not None
    assert setup_link.startswith(f"{address}/setup/")
    assert len(running.children) == 3
    assert [mark.find() for mark in running.children] == [None, None, None]
    assert not (tmp_path / "data" / "run.json").exists()
    assert [record.message for record in caplog.records] == []
