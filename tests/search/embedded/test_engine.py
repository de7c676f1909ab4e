"""The embedded index among several processes, and after any of them was killed."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import warnings
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from filelock import FileLock

from search import SCHEMA_VERSION, IndexUnavailableError, SchemaMismatchError, SearchSettings, open_search_engine
from search.embedded import engine as engine_module
from search.embedded.engine import TantivyEngine
from tests.search.entries import ask, make_entry

WRITE_WITHOUT_END = """
import sys
from pathlib import Path
from search import SearchSettings, open_search_engine
from tests.search.entries import make_entry

engine = open_search_engine(SearchSettings(index_dir=Path(sys.argv[1])))
number = 0
while True:
    if sys.argv[2] == "rebuild":
        engine.rebuild(make_entry(f"e{i}", "茶叶") for i in range(40))
    else:
        engine.put([make_entry(f"e{number}", "茶叶")])
    print(number, flush=True)
    number += 1
"""


GONE = json.dumps({"schema": SCHEMA_VERSION, "generation": "gone"})


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    return tmp_path / "index"


def engine_on(index_dir: Path, timeout_s: float = 30) -> TantivyEngine:
    engine = open_search_engine(SearchSettings(index_dir=index_dir, timeout_s=timeout_s))
    assert isinstance(engine, TantivyEngine)
    return engine


@pytest.mark.parametrize("kill_after_s", [0.05, 0.11, 0.17, 0.3])
def test_a_writer_that_is_killed_loses_nothing_it_acknowledged(index_dir: Path, kill_after_s: float) -> None:
    acknowledged = _killed(index_dir, "put", kill_after_s)

    engine = engine_on(index_dir)
    ids = {id_ for id_, _ in engine.all_digests()}
    assert {f"e{number}" for number in range(acknowledged + 1)} <= ids
    engine.put([make_entry("after", "茶叶")])
    assert engine.search(ask("茶叶")).total == len(ids) + 1


@pytest.mark.parametrize("kill_after_s", [0.02, 0.07, 0.12, 0.2])
def test_a_rebuild_that_is_killed_leaves_a_whole_index(index_dir: Path, kill_after_s: float) -> None:
    engine = engine_on(index_dir)
    engine.put([make_entry("before", "茶叶")])

    finished = _killed(index_dir, "rebuild", kill_after_s)

    total = engine.search(ask("茶叶")).total
    assert total in ((40,) if finished >= 0 else (1, 40))
    assert engine.rebuild([make_entry("after", "茶叶")]) == 1
    assert engine.search(ask("茶叶")).total == 1
    assert len([path for path in index_dir.iterdir() if path.is_dir()]) == 1


def _killed(index_dir: Path, task: str, kill_after_s: float) -> int:
    """Run a writer, kill it a while after its first round, and give the number of its last acknowledged round."""
    command = [sys.executable, "-c", WRITE_WITHOUT_END, str(index_dir), task]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as writer:
        assert writer.stdout is not None
        acknowledged = int(writer.stdout.readline())
        time.sleep(kill_after_s)
        writer.send_signal(signal.SIGKILL)
        lines = writer.stdout.read().split()
    return int(lines[-1]) if lines else acknowledged


def _put_when_told(index_dir: Path, told: Event) -> None:
    engine = engine_on(index_dir)
    told.wait(30)
    engine.put([make_entry("late", "茶叶")])


def test_another_process_finds_a_put_within_a_third_of_a_second(index_dir: Path) -> None:
    reader = engine_on(index_dir)
    reader.put([make_entry("early", "茶叶")])
    context = multiprocessing.get_context("spawn")
    told = context.Event()
    writer = context.Process(target=_put_when_told, args=(index_dir, told))
    writer.start()
    assert reader.search(ask("茶叶")).total == 1

    told.set()
    while reader.search(ask("茶叶")).total == 1:
        assert writer.is_alive() or writer.exitcode == 0
        time.sleep(0.005)
    seen = time.time()
    writer.join()

    (generation,) = [path for path in index_dir.iterdir() if path.is_dir()]
    assert seen - (generation / "meta.json").stat().st_mtime < 0.3


def test_a_reader_needs_no_lock(index_dir: Path) -> None:
    engine = engine_on(index_dir)
    engine.put([make_entry("a", "茶叶")])

    with FileLock(index_dir / "write.lock"), FileLock(index_dir / "rebuild.lock"):
        assert engine_on(index_dir).search(ask("茶叶")).total == 1


def test_a_writer_waits_for_another_and_then_gives_up(index_dir: Path) -> None:
    engine = engine_on(index_dir, timeout_s=0.2)
    engine.put([make_entry("a", "茶叶")])

    with FileLock(index_dir / "write.lock"), pytest.raises(IndexUnavailableError) as failure:
        engine.put([make_entry("b", "茶叶")])

    assert failure.value.transient
    assert failure.value.code == "index-unavailable"


def test_an_index_of_another_schema_version_is_refused_until_it_is_rebuilt(index_dir: Path) -> None:
    engine_on(index_dir).put([make_entry("a", "茶叶")])
    pointer = index_dir / "current.json"
    pointer.write_text(json.dumps({**json.loads(pointer.read_text()), "schema": 0}))
    engine = engine_on(index_dir)

    assert not engine.is_ready()
    with pytest.raises(SchemaMismatchError) as failure:
        engine.search(ask("茶叶"))
    assert (failure.value.found, failure.value.code) == (0, "index-schema-mismatch")
    with pytest.raises(SchemaMismatchError):
        engine.put([make_entry("b", "茶叶")])

    engine.rebuild([make_entry("b", "茶叶")])

    assert engine.is_ready()
    assert engine.search(ask("茶叶")).total == 1


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", '{"schema": 1}', GONE])
def test_a_damaged_index_is_not_ready_and_can_be_rebuilt(index_dir: Path, damage: str) -> None:
    engine_on(index_dir).put([make_entry("a", "茶叶")])
    (index_dir / "current.json").write_text(damage)
    engine = engine_on(index_dir)

    assert not engine.is_ready()
    with pytest.raises(IndexUnavailableError):
        engine.search(ask("茶叶"))

    engine.rebuild([make_entry("b", "茶叶")])
    assert engine.search(ask("茶叶")).total == 1


@pytest.mark.parametrize(
    "damage",
    ["", "[]", '{"common": ["出生日"]}', '{"common": [1], "dossiers": 1}', '{"common": "出生日", "dossiers": 1}'],
)
def test_an_index_that_lost_what_was_learnt_is_not_ready_and_can_be_rebuilt(index_dir: Path, damage: str) -> None:
    engine_on(index_dir).rebuild([make_entry("a", "茶叶")])
    next(index_dir.rglob("learnt.json")).write_text(damage)
    engine = engine_on(index_dir)

    assert not engine.is_ready()
    engine.rebuild([make_entry("b", "茶叶")])
    assert engine.search(ask("茶叶")).total == 1


def test_an_index_is_outgrown_when_it_holds_several_times_what_it_was_built_of(
    index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_on(index_dir)
    assert not engine.is_outgrown()
    engine.put(make_entry(f"e{number}") for number in range(20))
    assert not engine.is_outgrown()  # a small one is quick as it is

    monkeypatch.setattr(engine_module, "_SMALL", 10)
    assert engine.is_outgrown()

    engine.rebuild(make_entry(f"e{number}") for number in range(20))
    assert not engine.is_outgrown()
    engine.put(make_entry(f"e{number}") for number in range(79))
    assert not engine.is_outgrown()
    engine.put([make_entry("e79")])
    assert engine.is_outgrown()


def test_many_small_writes_do_not_pile_up_segments(index_dir: Path) -> None:
    engine = engine_on(index_dir)
    for number in range(60):
        engine.put([make_entry(f"e{number % 20}", "茶叶", revision=number)])

    (generation,) = [path for path in index_dir.iterdir() if path.is_dir()]
    segments = json.loads((generation / "meta.json").read_text())["segments"]
    assert engine.search(ask("茶叶")).total == 20
    assert len(segments) <= 12


def test_a_forked_child_searches_with_the_parents_engine(index_dir: Path) -> None:
    engine = engine_on(index_dir)
    engine.put([make_entry("a", "茶叶")])
    assert engine.search(ask("茶叶")).total == 1

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that this process has threads; pre-forking servers have
        child = os.fork()
    if child == 0:
        try:
            os._exit(10 + engine.search(ask("茶叶")).total)
        finally:
            os._exit(1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 11
