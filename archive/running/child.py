"""Child processes that never outlive the program that started them.

A child is started through this very file, run as a script: it asks the kernel for a SIGKILL at its parent's death and then
becomes the wanted program, under the same process id. So a parent that is killed with -9, and can clean up nothing, still
leaves no orphan. Where the kernel knows no such wish (it is Linux's) the child starts without it, and the next start of the
archive ends what was left (``archive.running.embedded``).

The script half uses the standard library alone, as it runs before the environment is set up.
"""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1


def start_child(
    args: Sequence[str],
    *,
    output: int | IO[bytes],
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a program that dies with this process.

    It gets a session of its own, so that Ctrl-C in the terminal reaches the parent alone, which then stops its children in
    order.

    Args:
        args: Absolute path of the program and its arguments.
        output: Where its standard output and error go: an open file, or ``subprocess.PIPE``.
        env: Its whole environment; None: this process's.
        cwd: Its working directory; None: this process's.
    """
    launcher = [sys.executable, "-I", "-S", __file__, str(os.getpid()), *args]
    start = _starter(os.getpid()).submit(
        subprocess.Popen,
        launcher,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=None if env is None else dict(env),
        cwd=cwd,
        start_new_session=True,
    )
    return start.result()


def stop_child(process: "subprocess.Popen[bytes]", *, grace_s: float) -> None:
    """Ask the child to end, wait at most ``grace_s`` seconds, then kill it; nothing happens where it has ended."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(grace_s)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def die_with_parent(parent_pid: int) -> None:
    """Have the kernel kill this process when its parent dies; end it where the parent is dead already.

    Args:
        parent_pid: Who the parent was when the process was started.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent_pid:
        os._exit(1)


@lru_cache(maxsize=1)
def _starter(_pid: int) -> ThreadPoolExecutor:
    """Return this process's starter thread.

    Linux sends the signal when the *thread* that started the child ends, so one thread, which lives as long as the process,
    starts them all. The key makes a forked process get its own.
    """
    return ThreadPoolExecutor(1, thread_name_prefix="child-starter")


def _become() -> None:
    """Be the launcher: ``child.py PARENT_PID PROGRAM [ARGUMENT]...``."""
    die_with_parent(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606  an argument list, no shell


if __name__ == "__main__":
    _become()
