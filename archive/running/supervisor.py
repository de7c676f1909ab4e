"""Runs everything on one machine: the embedded database, the background worker and the web server, as child processes.

They are started in this order, each when the one before it answers; one that ends or stops answering is started again; all
are stopped in the reverse order. A supervisor that is killed takes its children with it (``archive.running.child``), and the
next one ends what is left all the same.
"""

import errno
import http.client
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from pydantic import SecretStr

from archive.errors import ServiceStartError
from archive.running.child import start_child, stop_child
from archive.running.embedded import DataDirectory, EmbeddedDatabase, ProcessMark, RunningInstance
from archive.running.health import HEARTBEAT_FILE
from archive.settings import Settings

if TYPE_CHECKING:
    from archive.bootstrap import Archive

log = logging.getLogger(__name__)

HEARTBEAT_AGE_S = 30.0
"""A worker's heartbeat older than this is no sign of life."""

READY_TIMEOUT_S = 120.0
"""Longest time from the start of a service to its first answer."""

STEADY_S = 60.0
"""A service that has run this long is given its full number of quick restarts again."""

LONGEST_PAUSE_S = 30.0
"""Longest pause before another start of a service that keeps ending."""

WAIT_FOR_COMMAND_S = 15.0
"""How long a starting supervisor waits for a command that uses the data directory."""

_TICK_S = 0.25
_LOG_BYTES = 5 * 2**20
_LOG_FILES = 3


class Service(Protocol):
    """One program under supervision."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        """Its process, from the first start on."""

    def start(self) -> None:
        """Start it.

        Raises:
            ServiceStartError: It did not come up.
        """

    def answers(self) -> bool:
        """Tell whether it is fit for work just now; takes a few seconds at most."""

    def stop(self) -> None:
        """Stop it cleanly, or kill it when that takes too long."""


class DatabaseService:
    """The embedded database under supervision.

    Args:
        database: The database.
        give_up: True once nobody waits for its start any more.
    """

    name = "database"

    def __init__(self, database: EmbeddedDatabase, give_up: Callable[[], bool]) -> None:
        self._database = database
        self._give_up = give_up

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        """The server's process."""
        return self._database.process

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._database.start(give_up=self._give_up)

    def answers(self) -> bool:
        """Ask the server for a sign of life."""
        return self._database.answers()

    def stop(self) -> None:
        """Stop the server cleanly."""
        self._database.stop()


class ChildService:
    """A program of this project whose output goes to a log file of its own and, with its name before it, to stderr.

    Args:
        name: What messages and the log file call it.
        args: Absolute path of the program, and its arguments.
        env: Its whole environment.
        log_file: Where its output is kept; a few megabytes, then the oldest goes.
        is_fit: Tells whether it is fit for work.
        prepare: Called before each start.
        grace_s: How long a clean stop may take.
    """

    def __init__(
        self,
        name: str,
        args: Sequence[str],
        *,
        env: dict[str, str],
        log_file: Path,
        is_fit: Callable[[], bool],
        prepare: Callable[[], None] = lambda: None,
        grace_s: float = 20.0,
    ) -> None:
        self.name = name
        self._args = args
        self._env = env
        self._is_fit = is_fit
        self._prepare = prepare
        self._grace_s = grace_s
        self._output = _output_log(name, log_file)
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        """The child's process."""
        return self._process

    def start(self) -> None:
        """Start the child; whether it is fit is for ``answers`` to tell."""
        self._prepare()
        self._process = start_child(self._args, output=subprocess.PIPE, env=self._env)
        assert self._process.stdout is not None
        self._reader = threading.Thread(
            target=self._keep, args=(self._process.stdout,), name=f"{self.name}-output", daemon=True
        )
        self._reader.start()

    def answers(self) -> bool:
        """Tell whether the child runs and is fit for work."""
        return self._process is not None and self._process.poll() is None and self._is_fit()

    def stop(self) -> None:
        """Stop the child and read its last words."""
        if self._process is None:
            return
        stop_child(self._process, grace_s=self._grace_s)
        if self._reader is not None:
            # A grandchild that lives a moment longer holds the pipe open; it is not waited for.
            self._reader.join(2)
        for handler in self._output.handlers:
            handler.flush()

    def close(self) -> None:
        """Close the log file."""
        for handler in self._output.handlers:
            handler.close()

    def _keep(self, output: IO[bytes]) -> None:
        with output:
            for line in output:
                self._output.info("%s", line.decode("utf-8", errors="replace").rstrip())


@dataclass
class _Watch:
    """What the supervisor knows of one service; times are of the monotonic clock."""

    service: Service
    started_at: float = 0.0
    answered_at: float = 0.0
    asked_at: float = 0.0
    restarts: int = 0
    start_again_at: float | None = None


@dataclass
class Supervisor:
    """Keeps services running until it is told to stop.

    Attributes:
        stop: Set from a signal handler or another thread to end the run.
        on_start: Called after each start of a service, the first and every other.
        ask_every_s: Seconds between two questions to a service whether it is fit.
        patience_s: Seconds without an answer after which a service is killed and started again.
    """

    stop: threading.Event = field(default_factory=threading.Event)
    on_start: Callable[[], None] = lambda: None
    ask_every_s: float = 5.0
    patience_s: float = 120.0

    def __post_init__(self) -> None:
        self._watches: list[_Watch] = []

    def start(self, service: Service) -> None:
        """Start one service for the first time and wait until it answers.

        Raises:
            ServiceStartError: It ended, or did not answer in time.
        """
        self.launch(service)
        self.await_answer(service)

    def launch(self, service: Service) -> None:
        """Start one service for the first time and go on."""
        watch = _Watch(service)
        self._watches.append(watch)
        self._start(watch)

    def await_answer(self, service: Service) -> None:
        """Wait until a launched service answers, or the stop is wanted.

        Raises:
            ServiceStartError: It ended, or did not answer in time.
        """
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not service.answers():
            if self.stop.wait(_TICK_S / 2):
                return
            code = service.process.poll() if service.process else None
            if code is not None:
                raise ServiceStartError(
                    f"The {service.name} ended at its start ({_ending(code)}); its output says why."
                )
            if time.monotonic() > deadline:
                raise ServiceStartError(f"The {service.name} did not answer within {READY_TIMEOUT_S:.0f} seconds.")

    def watch(self) -> None:
        """Start again what ends or falls silent, until the stop is wanted."""
        while not self.stop.wait(_TICK_S):
            for watch in self._watches:
                self._look_after(watch)

    def stop_all(self) -> None:
        """Stop what was started, the last first."""
        for watch in reversed(self._watches):
            watch.service.stop()

    def _look_after(self, watch: _Watch) -> None:
        now = time.monotonic()
        process = watch.service.process
        if watch.start_again_at is not None:
            if now >= watch.start_again_at:
                self._start_again(watch)
        elif process is None or process.poll() is not None:
            self._plan_start(watch, _ending(process.returncode) if process else "not started")
        elif now - watch.asked_at >= self.ask_every_s:
            watch.asked_at = now
            if watch.service.answers():
                watch.answered_at = now
                if now - watch.started_at > STEADY_S:
                    watch.restarts = 0
            elif now - watch.answered_at > self.patience_s:
                process.kill()
                process.wait()
                self._plan_start(watch, f"no answer for {self.patience_s:.0f} seconds")

    def _plan_start(self, watch: _Watch, reason: str) -> None:
        pause_s = min(LONGEST_PAUSE_S, 2.0**watch.restarts - 1)
        watch.restarts += 1
        watch.start_again_at = time.monotonic() + pause_s
        log.warning("The %s ended (%s); starting it again in %.0f s.", watch.service.name, reason, pause_s)

    def _start_again(self, watch: _Watch) -> None:
        watch.service.stop()
        watch.start_again_at = None
        try:
            self._start(watch)
        except ServiceStartError as error:
            log.warning("%s", error)
            if not self.stop.is_set():
                self._plan_start(watch, "failed start")

    def _start(self, watch: _Watch) -> None:
        now = time.monotonic()
        watch.started_at = watch.answered_at = watch.asked_at = now
        watch.service.start()
        self.on_start()


def serve(
    settings: Settings,
    *,
    stop: threading.Event,
    on_ready: Callable[[str, str | None], None],
    prepare: Callable[["Archive"], None] = lambda archive: None,
) -> None:
    """Run the whole system until ``stop`` is set.

    Args:
        settings: Which parts are embedded, and where the web server listens.
        stop: Set to end the run; everything is stopped cleanly then.
        on_ready: Called once when everything answers, with the address of the web server and, while there is no user,
            the link by which the administrator is made.
        prepare: Called once with the archive, before ``on_ready``.

    Raises:
        AlreadyRunningError: Another instance holds the data directory.
        ServiceStartError: A part did not come up.
        MissingSettingError: A setting is missing without which a server may not be used.
    """
    settings = settings.with_secret_key()
    directory = DataDirectory(settings.data_dir)

    def other_instance_stays() -> bool:
        running = directory.running()
        return running is not None and running.role != "command"

    # Against an instance that stays, waiting is of no use; a command is done in a moment.
    wait_s = 0.0 if other_instance_stays() else WAIT_FOR_COMMAND_S
    with directory.held(wait_s=wait_s):
        settings = settings.model_copy(
            update={"data_dir": directory.path, "port": _port_to_listen_at(settings.host, settings.port)}
        )
        _Installation(settings, directory, stop).run(prepare, on_ready)


class _Installation:
    """The services of one installation, put together from its settings."""

    def __init__(self, settings: Settings, directory: DataDirectory, stop: threading.Event) -> None:
        self._settings = settings
        self._directory = directory
        self._database = EmbeddedDatabase(directory) if settings.embedded_database else None
        self._address = f"http://{_host_to_visit(settings.host)}:{settings.port}"
        self._worker = worker_service(settings)
        self._web = ChildService(
            "web",
            [sys.executable, "-m", "web"],
            env=child_environment(settings),
            log_file=directory.logs / "web.log",
            is_fit=lambda: _is_healthy(_host_to_ask(settings.host), settings.port),
        )
        self._supervisor = Supervisor(stop, on_start=self._tell)

    def run(self, prepare: Callable[["Archive"], None], on_ready: Callable[[str, str | None], None]) -> None:
        """Start, watch and stop the services."""
        stop = self._supervisor.stop
        try:
            if self._database is not None:
                self._supervisor.start(DatabaseService(self._database, stop.is_set))
            # The two know nothing of each other, and most of their start is the loading of their modules.
            self._supervisor.launch(self._worker)
            self._supervisor.launch(self._web)
            # Loaded only now, as it takes as long as the others' loading, and they need not wait for it.
            from archive.bootstrap import open_archive

            with open_archive(self._settings) as archive:
                prepare(archive)
                token = archive.accounts.setup_token()
            self._supervisor.await_answer(self._worker)
            self._supervisor.await_answer(self._web)
            if not stop.is_set():
                address = self._settings.public_url.rstrip("/") or self._address
                on_ready(address, f"{address}/setup/{token}" if token else None)
            self._supervisor.watch()
        finally:
            self._directory.fall_silent()
            self._supervisor.stop_all()
            self._worker.close()
            self._web.close()

    def _tell(self) -> None:
        processes = [
            self._database.process if self._database else None,
            self._worker.process,
            self._web.process,
        ]
        self._directory.tell(
            RunningInstance(
                process=ProcessMark.of(os.getpid()),
                role="serve",
                database_uri=self._database.uri if self._database else "",
                web_address=self._address,
                children=tuple(
                    ProcessMark.of(process.pid)
                    for process in processes
                    if process is not None and process.poll() is None
                ),
            )
        )


def worker_service(settings: Settings) -> ChildService:
    """Return the background worker as a service of this machine."""
    heartbeat = settings.data_dir.absolute() / HEARTBEAT_FILE
    return ChildService(
        "worker",
        [sys.executable, "-m", "archive.cli", "worker"],
        env=child_environment(settings),
        log_file=DataDirectory(settings.data_dir).logs / "worker.log",
        # A worker of a queue that many machines share keeps no heartbeat file: that it runs must do.
        is_fit=(lambda: True) if settings.queue_url else (lambda: _is_fresh(heartbeat)),
        prepare=lambda: heartbeat.unlink(missing_ok=True),
    )


def child_environment(settings: Settings) -> dict[str, str]:
    """Return this process's environment with the settings as the variables that a child reads them from."""
    env = {name: value for name, value in os.environ.items() if not name.upper().startswith("DOSSIER_")}
    env["PYTHONUNBUFFERED"] = "1"
    for name, value in settings:
        # An empty text is no way to say "none": an empty path means the current folder.
        if value is not None:
            text = value.get_secret_value() if isinstance(value, SecretStr) else value
            env[f"DOSSIER_{name.upper()}"] = str(text)
    return env


def _port_to_listen_at(host: str, port: int) -> int:
    """Return the port, a free one for 0, when nobody else listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = "another program listens there" if error.errno == errno.EADDRINUSE else error.strerror
            raise ServiceStartError(
                f"The web server cannot listen at {host} port {port}: {why}. Choose another with --port or DOSSIER_PORT."
            ) from error
        return int(probe.getsockname()[1])


def _host_to_ask(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not bound


def _host_to_visit(host: str) -> str:
    asked = _host_to_ask(host)
    if asked != host:
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def _is_fresh(heartbeat: Path) -> bool:
    try:
        return time.time() - heartbeat.stat().st_mtime < HEARTBEAT_AGE_S
    except FileNotFoundError:
        return False


def _is_healthy(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=3)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {-code}"


def _output_log(name: str, path: Path) -> logging.Logger:
    """Return a logger of its own, in no hierarchy, that writes to the file and to stderr."""
    path.parent.mkdir(parents=True, exist_ok=True)
    logger = logging.Logger(name, logging.INFO)
    in_file = RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES - 1, encoding="utf-8", delay=True)
    on_screen = logging.StreamHandler(sys.stderr)
    on_screen.setFormatter(logging.Formatter(f"{name:<8} | %(message)s"))
    logger.addHandler(in_file)
    logger.addHandler(on_screen)
    return logger
