"""The embedded database: private, shared where it may be, and unhurt by kills."""

import json
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from archive.errors import AlreadyRunningError, ServiceStartError
from archive.running.embedded import DataDirectory, EmbeddedDatabase, ProcessMark, RunningInstance, database_uri
from archive.settings import Settings

pytestmark = pytest.mark.integration

_HOLD = """
import sys, time
from pathlib import Path
from archive.running.embedded import database_uri
from archive.settings import Settings
with database_uri(Settings(_env_file=None, data_dir=Path(sys.argv[1])), role=sys.argv[2]) as uri:
    print(uri, flush=True)
    exec(sys.argv[3])
"""


def _settings(data_dir: Path, **more: Any) -> Settings:
    return Settings(_env_file=None, data_dir=data_dir, **more)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose database was made and stopped."""
    path = tmp_path_factory.mktemp("founded") / "data"
    with database_uri(_settings(path)) as uri, MongoClient[dict[str, Any]](uri) as client:
        client.office.notes.insert_one({"_id": "first"})
    return path


@pytest.fixture
def data_dir(founded: Path, tmp_path: Path) -> Path:
    """A data directory with a database of its own that holds one note."""
    return Path(shutil.copytree(founded, tmp_path / "data"))


@contextmanager
def _holder(data_dir: Path, role: str, then: str = "time.sleep(60)") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a program that holds the data directory; give its process and the connection string."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(data_dir), role, then], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def _notes(uri: str) -> list[Any]:
    with MongoClient[dict[str, Any]](uri) as client:
        return [note["_id"] for note in client.office.notes.find()]


def test_what_was_written_is_there_at_the_next_start(data_dir: Path) -> None:
    with database_uri(_settings(data_dir)) as uri:
        assert _notes(uri) == ["first"]


def test_the_driver_does_not_repeat_a_write_whose_answer_was_lost(data_dir: Path) -> None:
    with database_uri(_settings(data_dir)) as uri, MongoClient[dict[str, Any]](uri) as client:
        assert client.options.retry_writes is False


def test_a_server_of_the_settings_is_used_as_it_is(tmp_path: Path) -> None:
    with database_uri(_settings(tmp_path / "data", mongodb_uri="mongodb://elsewhere")) as uri:
        assert uri == "mongodb://elsewhere"

    assert not (tmp_path / "data").exists()


def test_who_has_no_login_can_neither_read_nor_write(data_dir: Path) -> None:
    with database_uri(_settings(data_dir)) as uri:
        port = uri.rsplit(":", 1)[1].split("/")[0]
        with MongoClient[dict[str, Any]](f"mongodb://127.0.0.1:{port}/?directConnection=true") as stranger:
            for attempt in (
                lambda: stranger.office.notes.find_one(),
                lambda: stranger.office.notes.insert_one({}),
                lambda: stranger.admin.command("createUser", "me", pwd="me", roles=["root"]),
                lambda: stranger.list_database_names(),
            ):
                with pytest.raises(OperationFailure):
                    attempt()


def test_nobody_else_on_the_machine_can_read_the_files(data_dir: Path) -> None:
    data_dir.chmod(0o755)

    with database_uri(_settings(data_dir)):
        modes = {
            name: stat.S_IMODE((data_dir / name).stat().st_mode) for name in (".", "run.json", "database/login.json")
        }

    assert modes == {".": 0o700, "run.json": 0o600, "database/login.json": 0o600}


def test_a_holder_uses_its_own_database_again(data_dir: Path) -> None:
    settings = _settings(data_dir)

    with database_uri(settings) as uri, database_uri(settings) as again:
        assert again == uri


def test_a_child_of_a_command_uses_its_database(data_dir: Path) -> None:
    settings = _settings(data_dir)

    with database_uri(settings) as uri, _holder(data_dir, "command") as (_, joined):
        assert joined == uri


def test_a_running_system_is_joined(data_dir: Path) -> None:
    with _holder(data_dir, "serve") as (_, uri), database_uri(_settings(data_dir)) as joined:
        assert joined == uri
        assert _notes(joined) == ["first"]


def test_a_command_is_waited_for(data_dir: Path) -> None:
    with _holder(data_dir, "command", "time.sleep(1)") as (_, uri), database_uri(_settings(data_dir)) as own:
        assert own != uri
        assert _notes(own) == ["first"]


def test_a_command_that_takes_too_long_is_named(data_dir: Path) -> None:
    with (
        _holder(data_dir, "command") as (holder, _),
        pytest.raises(AlreadyRunningError, match=rf"process {holder.pid} \(command\)"),
        database_uri(_settings(data_dir), wait_s=0.3),
    ):
        pass


def test_a_killed_holder_leaves_no_database_and_loses_nothing(data_dir: Path) -> None:
    write = (
        "from pymongo import MongoClient\n"
        "with MongoClient(uri) as client:\n"
        "    for number in range(100000):\n"
        "        client.office.notes.insert_one({'_id': number})\n"
        "        print(number, flush=True)\n"
    )
    with _holder(data_dir, "command", write) as (holder, _):
        running = DataDirectory(data_dir).running()
        assert running is not None
        time.sleep(1)
        holder.kill()
        assert holder.stdout is not None
        acknowledged = [int(line) for line in holder.stdout.read().split("\n")[:-1]]
    children = [child for mark in running.children if (child := mark.find())]
    _, alive = psutil.wait_procs(children, timeout=10)

    assert alive == []
    assert DataDirectory(data_dir).running() is None
    with database_uri(_settings(data_dir)) as uri:
        assert set(acknowledged) <= set(_notes(uri))


def test_a_killed_database_keeps_committed_transactions_and_its_port(data_dir: Path) -> None:
    directory = DataDirectory(data_dir)
    committed = 0
    with directory.held(wait_s=0):
        database = EmbeddedDatabase(directory)
        database.start()
        uri = database.uri
        assert database.process is not None
        with MongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=500) as client:
            for number in range(300):
                with client.start_session() as session, session.start_transaction():
                    client.office.notes.insert_one({"_id": number}, session=session)
                committed += 1
            database.process.send_signal(signal.SIGKILL)
            with pytest.raises(PyMongoError):
                client.office.notes.find_one()
        database.process.wait()
        assert not database.answers()

        database.start()

        assert database.uri == uri
        assert set(range(committed)) <= set(_notes(uri))
        database.stop()


def test_a_database_that_a_killed_holder_left_running_is_ended(data_dir: Path) -> None:
    store = data_dir / "database" / "store"
    server = Path(sys.executable).with_name("secantusd-py")
    with subprocess.Popen(
        [server, "--config", data_dir / "database" / "server.toml", "--port", "0", "--storage-path", store, "--auth"],
        stderr=subprocess.PIPE,
        text=True,
    ) as leftover:
        assert leftover.stderr is not None
        while "listening" not in leftover.stderr.readline():
            assert leftover.poll() is None

        with database_uri(_settings(data_dir)) as uri:
            leftover.wait(5)
            assert _notes(uri) == ["first"]


def test_a_half_made_database_is_made_again(tmp_path: Path) -> None:
    half = tmp_path / "data" / "database.new" / "store"
    half.mkdir(parents=True)
    (half / "WiredTiger.turtle").write_text("half")

    with database_uri(_settings(tmp_path / "data")) as uri:
        assert _notes(uri) == []

    assert not half.parent.exists()


def test_a_damaged_run_file_is_passed_over(data_dir: Path) -> None:
    (data_dir / "run.json").write_text('{"process": {"pid"')

    with database_uri(_settings(data_dir)) as uri:
        assert _notes(uri) == ["first"]


def test_a_run_file_of_a_process_that_is_gone_counts_for_nothing(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path)
    own = ProcessMark.of(psutil.Process().pid)

    directory.tell(RunningInstance(ProcessMark(own.pid, own.started - 100), "serve", "mongodb://stale"))
    assert directory.running() is None

    directory.tell(RunningInstance(own, "serve", "mongodb://fresh"))
    running = directory.running()
    assert running is not None
    assert running.may_be_joined
    assert "mongodb://" not in repr(running)


def test_a_lost_login_is_an_error_that_says_so(data_dir: Path) -> None:
    (data_dir / "database" / "login.json").unlink()

    with pytest.raises(ServiceStartError, match="lost its login"), database_uri(_settings(data_dir)):
        pass


def test_a_login_of_another_database_is_an_error_that_says_so(data_dir: Path) -> None:
    (data_dir / "database" / "login.json").write_text(json.dumps({"user": "dossier", "password": "another"}))

    with pytest.raises(ServiceStartError, match="refuses its own login"), database_uri(_settings(data_dir)):
        pass


def test_a_user_smuggled_in_is_found_out(data_dir: Path) -> None:
    with database_uri(_settings(data_dir)) as uri, MongoClient[dict[str, Any]](uri) as client:
        client.office.command("createUser", "stranger", pwd="secret", roles=["root"])

    with pytest.raises(ServiceStartError, match="Another program"), database_uri(_settings(data_dir)):
        pass
