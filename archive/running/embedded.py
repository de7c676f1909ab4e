"""The embedded database: a server of our own, started for a while and stopped again, with its data in the data directory.

It is SecantusDB, which speaks MongoDB's wire protocol; it runs as a process of its own and is never imported. One process
at a time *holds* the data directory (a lock that the kernel drops with the process) and has the database as its child. What
it holds is told in a *run file*, by which the other programs of the same user find the database and join.

    data_dir/                 mode 700
        lock                  held by the instance that runs
        run.json              who that is, and where its database answers; mode 600
        database/
            login.json        user and password of the database, made up once; mode 600
            store/            the database's files
        logs/database.log

Decision 0001 (docs/decisions) tells why it is done this way.
"""

import json
import logging
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import psutil
from filelock import FileLock, Timeout
from pymongo import MongoClient
from pymongo.errors import AutoReconnect, PyMongoError

from archive.errors import AlreadyRunningError, ServiceStartError
from archive.running.child import start_child, stop_child
from archive.settings import Settings

log = logging.getLogger(__name__)

Role = Literal["serve", "worker", "command"]

START_TIMEOUT_S = 120.0
"""Longest start of the database: after a crash it replays its journal first."""

STOP_GRACE_S = 20.0
"""Longest clean stop of the database; a kill after it loses nothing, as every commit is on the disk."""

WAIT_FOR_OTHER_S = 600.0
"""How long one command waits for another that holds the data directory."""

_SERVER = "secantusd-py"
_USER = "dossier"
_CACHE_SIZE = "256M"
_LOG_LIMIT_BYTES = 5 * 2**20
_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class ProcessMark:
    """A process that is told from a later one with the same id.

    Attributes:
        pid: Process id.
        started: When it started, in seconds since 1970.
    """

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "ProcessMark":
        """Return the mark of a running process."""
        return cls(pid, psutil.Process(pid).create_time())

    def find(self) -> psutil.Process | None:
        """Return the process if it still runs."""
        try:
            process = psutil.Process(self.pid)
            # The clock may have been set since; no process id comes round again within a second.
            same = abs(process.create_time() - self.started) < 1
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


@dataclass(frozen=True, slots=True)
class RunningInstance:
    """What the run file says of the process that holds a data directory.

    Attributes:
        process: That process.
        role: What it is: only those that stay may be joined by strangers.
        database_uri: Connection string of the embedded database, with its password; empty where a server is used.
        web_address: Where the web server answers; empty where there is none.
        children: The processes it started.
    """

    process: ProcessMark
    role: Role
    database_uri: str = field(default="", repr=False)
    web_address: str = ""
    children: tuple[ProcessMark, ...] = ()

    @property
    def may_be_joined(self) -> bool:
        """Whether this program may use the instance's database: one that stays, or one that we are part of."""
        if self.process.find() is None or not self.database_uri:
            return False
        if self.role != "command" or self.process.pid == os.getpid():
            return True
        return self.process.pid in (parent.pid for parent in psutil.Process().parents())


class DataDirectory:
    """The folder of everything embedded: prepared, locked, and told about.

    Args:
        path: The folder; made where it is missing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._run_file = self.path / "run.json"

    @property
    def logs(self) -> Path:
        """Folder of the log files."""
        return self.path / "logs"

    def running(self) -> RunningInstance | None:
        """Return what the run file says; None where there is none, or its process is gone."""
        try:
            kept = json.loads(self._run_file.read_text(encoding="utf-8"))
            instance = RunningInstance(
                process=ProcessMark(**kept["process"]),
                role=kept["role"],
                database_uri=kept["database_uri"],
                web_address=kept["web_address"],
                children=tuple(ProcessMark(**child) for child in kept["children"]),
            )
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            log.warning("The run file %s cannot be read and is passed over.", self._run_file)
            return None
        return instance if instance.process.find() else None

    def tell(self, instance: RunningInstance) -> None:
        """Write the run file: whole or not at all, and readable by this user alone."""
        _write_private(self._run_file, asdict(instance))

    def fall_silent(self) -> None:
        """Remove the run file, so that nobody joins what is about to stop."""
        self._run_file.unlink(missing_ok=True)

    @contextmanager
    def held(self, *, wait_s: float, on_wait: Callable[[], bool] = lambda: False) -> Iterator[bool]:
        """Hold the folder for the time of the block, after ending what a killed holder left behind.

        Args:
            wait_s: How long to wait for another holder.
            on_wait: Called again and again while waiting; True ends the waiting without the lock.

        Yields:
            Whether the folder is held: False where ``on_wait`` ended the waiting.

        Raises:
            AlreadyRunningError: Somebody else still holds it.
            ServiceStartError: The folder cannot be made or made private.
        """
        self._prepare()
        lock = FileLock(self.path / "lock", mode=0o600)
        deadline = time.monotonic() + wait_s
        told = False
        while True:
            if on_wait():
                yield False
                return
            try:
                lock.acquire(timeout=_POLL_S)
                break
            except Timeout:
                if time.monotonic() >= deadline:
                    raise self._refusal() from None
                if not told:
                    told = True
                    log.warning("Waiting for another program that uses %s.", self.path)
        try:
            self._end_leftovers()
            yield True
        finally:
            self.fall_silent()
            lock.release()

    def _prepare(self) -> None:
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.path.stat().st_mode & 0o077:
                self.path.chmod(0o700)
            self.logs.mkdir(exist_ok=True)
        except OSError as error:
            raise ServiceStartError(
                f"The data directory {self.path} cannot be made, or not made private to this user ({error.strerror}); "
                "set DOSSIER_DATA_DIR to a folder that this user owns."
            ) from error

    def _refusal(self) -> AlreadyRunningError:
        holder = self.running()
        who = f"process {holder.process.pid} ({holder.role})" if holder else "another process"
        where = f" It answers at {holder.web_address}." if holder and holder.web_address else ""
        return AlreadyRunningError(
            f"The data directory {self.path} is in use by {who}.{where} Stop it first, or set DOSSIER_DATA_DIR to "
            "another folder."
        )

    def _end_leftovers(self) -> None:
        """Kill the children of a holder that was killed itself, where the kernel has not done so yet."""
        marks: list[ProcessMark] = []
        try:
            kept = json.loads(self._run_file.read_text(encoding="utf-8"))
            marks = [ProcessMark(**child) for child in kept["children"]]
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            # Without a run file there is still the database's command line to know it by.
            pass
        leftovers = [process for mark in marks if (process := mark.find())]
        leftovers += [process for process in _databases_under(self.path) if process not in leftovers]
        for process in leftovers:
            log.warning("Ending process %d, which a killed instance left behind.", process.pid)
            process.kill()
        psutil.wait_procs(leftovers, timeout=10)
        self.fall_silent()


class EmbeddedDatabase:
    """The database server as a child process; the caller holds the data directory.

    Args:
        directory: Where its files and its log are.
    """

    def __init__(self, directory: DataDirectory) -> None:
        self._directory = directory
        self._home = directory.path / "database"
        self._log = directory.logs / "database.log"
        self._port = 0
        self._password = ""
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        """Connection string with user and password; stays the same over restarts.

        The driver must not repeat a write whose answer was lost: this server takes it for another one.
        """
        return (
            f"mongodb://{_USER}:{quote(self._password, safe='')}@127.0.0.1:{self._port}/"
            "?authSource=admin&directConnection=true&retryWrites=false"
        )

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        """The server, from the first start on."""
        return self._process

    def start(self, *, give_up: Callable[[], bool] = lambda: False) -> None:
        """Start the server and wait until it answers; started again, it answers at the same port.

        Args:
            give_up: Asked again and again while the server starts; True stops the waiting.

        Raises:
            ServiceStartError: It ended or did not answer in time, or ``give_up`` said so.
        """
        if not self._home.exists():
            self._found()
        try:
            self._password = json.loads((self._home / "login.json").read_text(encoding="utf-8"))["password"]
        except (FileNotFoundError, ValueError, KeyError) as error:
            raise ServiceStartError(
                f"The database under {self._home} has lost its login.json; put the file back from a copy."
            ) from error
        self._port = self._port or _free_port()
        self._process = self._launch(self._home, self._port, "--auth")
        _wait_until_it_answers(self._process, self.uri, self._log, give_up)
        with MongoClient[dict[str, Any]](self.uri) as client:
            if [user["user"] for user in client.admin["system.users"].find()] != [_USER]:
                self.stop()
                raise _intrusion()

    def answers(self) -> bool:
        """Tell whether the server runs and answers."""
        if self._process is None or self._process.poll() is not None:
            return False
        try:
            with MongoClient[dict[str, Any]](self.uri, serverSelectionTimeoutMS=3000, socketTimeoutMS=3000) as client:
                client.admin.command("ping")
        except PyMongoError:
            return False
        return True

    def stop(self) -> None:
        """Stop the server cleanly."""
        if self._process is not None:
            stop_child(self._process, grace_s=STOP_GRACE_S)

    def _found(self) -> None:
        """Make a database that demands a login, whole or not at all.

        The server lets everybody in until it is started with ``--auth``, and a user must be made before that. So this
        happens once, on an empty database under another name, which is renamed when it is safe. Whoever else on this
        machine came in meanwhile and wrote is found out here, and a user made so at the start with ``--auth``.
        """
        fresh = self._home.with_name("database.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password = secrets.token_urlsafe(32)
        port = _free_port()
        process = self._launch(fresh, port)
        try:
            open_uri = f"mongodb://127.0.0.1:{port}/?directConnection=true"
            _wait_until_it_answers(process, open_uri, self._log, lambda: False)
            with MongoClient[dict[str, Any]](open_uri) as client:
                client.admin.command("createUser", _USER, pwd=password, roles=["root"])
                if set(client.list_database_names()) - {"admin", "local", "config"}:
                    raise _intrusion()
        except PyMongoError as error:
            raise ServiceStartError(f"The new database could not be given a login: {type(error).__name__}.") from error
        finally:
            stop_child(process, grace_s=STOP_GRACE_S)
        _write_private(fresh / "login.json", {"user": _USER, "password": password})
        fresh.rename(self._home)
        _sync_folder(self._home.parent)

    def _launch(self, home: Path, port: int, *flags: str) -> "subprocess.Popen[bytes]":
        if self._log.exists() and self._log.stat().st_size > _LOG_LIMIT_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        store, configuration = home / "store", home / "server.toml"
        configuration.touch()
        with self._log.open("ab") as output:
            return start_child(
                # Without --sync-on-commit a killed server loses the transactions it committed last; with it, none, at
                # a sixth of the rate (docs/decisions/0001). The empty file keeps it from reading the configuration of
                # some other installation of the same server.
                [
                    str(_server_program()),
                    *("--config", str(configuration), "--host", "127.0.0.1", "--port", str(port)),
                    *("--storage-path", str(store), "--cache-size", _CACHE_SIZE, "--log-level", "WARNING"),
                    *("--sync-on-commit", *flags),
                ],
                output=output,
                cwd=home,
            )


@contextmanager
def database_uri(settings: Settings, *, role: Role = "command", wait_s: float = WAIT_FOR_OTHER_S) -> Iterator[str]:
    """Give the connection string of the archive's database for the time of the block.

    It is the server of the settings; or the embedded database of the instance that runs, joined; or an embedded database
    started for the block. A command that is at work alone is not joined, as its database ends with it: others wait.

    Args:
        settings: Where the data is.
        role: What to tell others of this process, should it start the database.
        wait_s: How long to wait for a command that holds the data directory.

    Raises:
        AlreadyRunningError: A command still holds the data directory after ``wait_s`` seconds.
        ServiceStartError: The database did not come up.
    """
    if not settings.embedded_database:
        yield settings.mongodb_uri
        return
    directory = DataDirectory(settings.data_dir)
    found: list[RunningInstance] = []

    def joined() -> bool:
        instance = directory.running()
        if instance is not None and instance.may_be_joined:
            found.append(instance)
        return bool(found)

    with directory.held(wait_s=wait_s, on_wait=joined) as is_held:
        if not is_held:
            yield found[0].database_uri
            return
        database = EmbeddedDatabase(directory)
        own = RunningInstance(ProcessMark.of(os.getpid()), role)
        try:
            database.start()
            assert database.process is not None
            directory.tell(replace(own, database_uri=database.uri, children=(ProcessMark.of(database.process.pid),)))
            yield database.uri
        finally:
            directory.fall_silent()
            database.stop()


def _intrusion() -> ServiceStartError:
    return ServiceStartError(
        "Another program of this machine wrote to the new database before it was closed to others; find out which, "
        "remove the folder database/ of the data directory, and start again."
    )


def _server_program() -> Path:
    """Return the server's console script, which stands beside the interpreter of this environment."""
    program = Path(sys.executable).with_name(_SERVER)
    if not program.exists():
        raise ServiceStartError(
            f"The embedded database ({_SERVER}) is not installed beside {sys.executable}; install the requirements, or "
            "set DOSSIER_MONGODB_URI to a MongoDB server."
        )
    return program


def _wait_until_it_answers(
    process: "subprocess.Popen[bytes]", uri: str, log_file: Path, give_up: Callable[[], bool]
) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=500, connectTimeoutMS=500) as client:
        while True:
            if process.poll() is not None:
                raise ServiceStartError(
                    f"The embedded database ended at its start (exit code {process.returncode}). Its last words in "
                    f"{log_file}: {_last_line(log_file)}"
                )
            try:
                client.admin.command("listDatabases", nameOnly=True)
            except AutoReconnect:
                time.sleep(_POLL_S / 2)
            except PyMongoError as error:
                stop_child(process, grace_s=STOP_GRACE_S)
                raise ServiceStartError(
                    f"The embedded database refuses its own login ({type(error).__name__}); database/login.json does "
                    "not belong to these files."
                ) from error
            else:
                return
            if give_up() or time.monotonic() > deadline:
                stop_child(process, grace_s=STOP_GRACE_S)
                raise ServiceStartError(f"The embedded database was stopped before it answered; see {log_file}.")


def _databases_under(path: Path) -> list[psutil.Process]:
    """Return this user's database processes whose files lie in that data directory."""
    stores = {str(path / home / "store") for home in ("database", "database.new")}
    found = []
    for process in psutil.process_iter(["cmdline", "uids"]):
        args: Sequence[str] = process.info["cmdline"] or ()
        uids = process.info["uids"]
        if "--storage-path" in args and stores & set(args) and uids is not None and uids.real == os.getuid():
            found.append(process)
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _last_line(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _write_private(path: Path, content: dict[str, Any]) -> None:
    """Write JSON that this user alone may read, on the disk before its name is."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
