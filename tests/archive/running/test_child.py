"""Children live no longer than their parents."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

from archive.running.child import start_child, stop_child

_SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def _gone(pid: int, within_s: float = 10.0) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


def test_a_child_is_the_program_it_was_asked_for(tmp_path: Path) -> None:
    output = tmp_path / "output"

    with output.open("wb") as file:
        child = start_child(
            [sys.executable, "-c", "import os, sys; print(os.getpid(), sys.argv[1:], os.environ['WORD'])", "a b"],
            output=file,
            env={"WORD": "档案"},
        )
    child.wait()

    assert output.read_text("utf-8") == f"{child.pid} ['a b'] 档案\n"


def test_a_killed_parent_takes_its_children_along() -> None:
    program = (
        "import subprocess, sys, time; from archive.running.child import start_child\n"
        f"print(start_child({_SLEEP!r}, output=subprocess.DEVNULL).pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child_pid = int(parent.stdout.readline())
        assert psutil.pid_exists(child_pid)

        parent.kill()

    assert _gone(child_pid)


def test_a_child_outlives_the_thread_that_asked_for_it() -> None:
    children: list[subprocess.Popen[bytes]] = []
    thread = threading.Thread(target=lambda: children.append(start_child(_SLEEP, output=subprocess.DEVNULL)))

    thread.start()
    thread.join()
    time.sleep(0.5)

    assert children[0].poll() is None
    stop_child(children[0], grace_s=5)


def test_a_child_whose_parent_is_gone_before_it_starts_ends_at_once() -> None:
    launcher = Path(sys.modules["archive.running.child"].__file__ or "")

    ended = subprocess.run(
        [sys.executable, "-I", "-S", launcher, "1", sys.executable, "-c", "print(1)"], capture_output=True, check=False
    )

    assert ended.returncode == 1
    assert ended.stdout == b""


def test_a_child_that_ignores_the_request_to_stop_is_killed(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    program = (
        "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
    )
    child = start_child([sys.executable, "-c", program], output=subprocess.DEVNULL)
    while not ready.exists():
        time.sleep(0.02)

    stop_child(child, grace_s=0.2)

    assert child.returncode == -9
