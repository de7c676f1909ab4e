"""A whole system as its users start it, for the journeys."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.servers import own_place

DOSSIER = str(Path(sys.executable).with_name("dossier"))
_START_S = 90.0


@dataclass
class RunningSystem:
    """``dossier serve`` on a data directory of its own.

    Attributes:
        address: Where the pages are, such as ``http://127.0.0.1:40123``.
        setup_link: The one-time link of the first start; empty later.
    """

    data_dir: Path
    settings: dict[str, str] = field(default_factory=dict)
    address: str = ""
    setup_link: str = ""
    process: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to work on this system."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("DOSSIER_")}
        return {**own, "DOSSIER_DATA_DIR": str(self.data_dir), "DOSSIER_PORT": "0", **self.settings}

    def start(self) -> None:
        """Start it and wait for the line that tells the address."""
        log = self.data_dir.parent / "serve.log"
        with log.open("a", encoding="utf-8") as output:
            start = output.tell()
            self.process = subprocess.Popen(
                [DOSSIER, "serve"],
                env=self.environment,
                stdout=output,
                stderr=output,
                text=True,
                cwd=self.data_dir.parent,
            )
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            said = log.read_text(encoding="utf-8")[start:]
            if found := re.search(r"http://[\d.]+:\d+(?=\s)", said):
                self.address = found.group()
                link = re.search(r"http://\S+/setup/\S+", said)
                self.setup_link = link.group() if link else ""
                if "Ctrl-C" in said:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(f"the system did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")

    def children(self) -> list[psutil.Process]:
        """Return the processes that the supervisor has started."""
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, mark: str) -> psutil.Process:
        """Return the child whose command line holds the mark."""
        found = [child for child in self.children() if mark in " ".join(_command_line(child))]
        assert found, f"no child with {mark!r}"
        return found[0]

    def command(self, *arguments: str, timeout_s: float = 240.0) -> subprocess.CompletedProcess[str]:
        """Run a ``dossier`` command on this system."""
        return subprocess.run(
            [DOSSIER, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
            cwd=self.data_dir.parent,
        )

    def kill(self) -> list[psutil.Process]:
        """Kill the supervisor with -9, and return what were its children."""
        assert self.process is not None
        children = self.children()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        return children

    def stop(self) -> int:
        """Stop it as Ctrl-C does, and return the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:  # it has ended meanwhile
        return []


@contextmanager
def running_system(folder: Path, servers: dict[str, str], **settings: str) -> Iterator[RunningSystem]:
    """Start a system in the folder and stop it at the end of the block.

    Args:
        folder: An empty folder.
        servers: Settings that name the servers to run on; without any, everything is embedded.
        settings: Further settings.
    """
    with own_place(servers) as place:
        given = {"secret_key": "for tests only", **place, **settings}
        system = RunningSystem(folder / "data", {f"DOSSIER_{name.upper()}": value for name, value in given.items()})
        system.start()
        try:
            yield system
        finally:
            if system.process is not None and system.process.poll() is None:
                system.stop()
