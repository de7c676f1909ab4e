"""Files and folders into intake, and the wait for them."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from archive.bootstrap import Archive
from tests.archive.cli.conftest import Dossier
from tests.fakes import BrokenPageError, CannedReader, extraction

pytestmark = pytest.mark.integration


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    """A folder with two scans, a text that calls itself a scan, and what file managers leave behind."""
    folder = tmp_path / "stack"
    (folder / "inner").mkdir(parents=True)
    Image.new("L", (300, 200), 255).save(folder / "b.png")
    Image.new("L", (310, 200), 255).save(folder / "inner" / "a.jpg")
    (folder / "c.jpg").write_text("no picture at all")
    (folder / ".hidden.png").write_bytes(b"x")
    return folder


def _told(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def test_a_file_that_is_refused_stops_no_other(dossier: Dossier, stack: Path) -> None:
    result = dossier("ingest", str(stack), str(stack / "missing.png"), "--json")

    assert result.exit_code == 1
    told = {Path(str(line["file"])).name: line for line in _told(result.stdout)}
    assert list(told) == ["b.png", "c.jpg", "a.jpg", "missing.png"]
    assert {name: line["state"] for name, line in told.items()} == {
        "b.png": "received",
        "c.jpg": "refused",
        "a.jpg": "received",
        "missing.png": "refused",
    }
    assert told["c.jpg"]["problems"] == ["media-unsupported"]
    assert told["missing.png"]["problems"] == ["file-not-readable"]
    assert set(told["b.png"]) == {"file", "receipt", "state", "scan", "dossier", "problems"}


def test_the_same_bytes_again_have_the_same_receipt(dossier: Dossier, stack: Path) -> None:
    first = _told(dossier("ingest", str(stack / "b.png"), "--json").stdout)
    again = dossier("ingest", str(stack / "b.png"), "--json")

    assert again.exit_code == 0
    assert _told(again.stdout) == first


def test_an_unknown_type_or_unit_is_an_error(dossier: Dossier, stack: Path) -> None:
    result = dossier("ingest", str(stack / "b.png"), "--type", "spaceship")

    assert result.exit_code == 1
    assert "spaceship" in result.stderr


def test_the_wait_ends_with_what_became_of_each(
    dossier: Dossier, stack: Path, archive: Archive, reader: CannedReader, work: Callable[[], int]
) -> None:
    reader.fields = (extraction("name", "夏艳辰"), extraction("id_number", "11010119900307002X", line=1))
    reader.failures = [BrokenPageError("The page is broken.")]
    archive.settings.data_dir.mkdir(exist_ok=True)  # not there where every part is a server
    (archive.settings.data_dir / "worker.heartbeat").touch()
    done = threading.Event()

    def worker() -> None:
        while not done.wait(0.05):
            work()

    thread = threading.Thread(target=worker)
    thread.start()
    try:
        result = dossier("ingest", str(stack / "b.png"), str(stack / "inner"), "--wait", "--json")
    finally:
        done.set()
        thread.join()

    assert result.exit_code == 1
    told = _told(result.stdout)
    assert sorted(str(line["state"]) for line in told) == ["failed", "needs_review"]
    failed = next(line for line in told if line["state"] == "failed")
    assert failed["problems"] == [BrokenPageError.code]


@pytest.mark.slow
def test_without_a_worker_the_wait_runs_one(dossier: Dossier) -> None:
    form = Path(__file__).parents[2] / "data" / "person-zh.jpg"

    result = dossier("ingest", str(form), "--wait", "--json")

    assert result.exit_code == 0, result.output
    assert [line["state"] for line in _told(result.stdout)] == ["needs_review"]
