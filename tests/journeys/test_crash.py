"""The whole embedded system, killed with -9 in the middle of the work."""

import json
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest
from PIL import Image, ImageDraw, ImageFont

from archive.access import SYSTEM
from archive.bootstrap import open_archive
from archive.scans.scan import ScanState
from archive.settings import Settings
from tests.journeys.running import DOSSIER, running_system

pytestmark = [pytest.mark.journey, pytest.mark.slow]

FILES = 20


def _forms(folder: Path) -> None:
    """Draw small forms, each with bytes of its own."""
    folder.mkdir()
    font = ImageFont.load_default(size=36)
    for number in range(FILES):
        image = Image.new("L", (900, 420), 255)
        pen = ImageDraw.Draw(image)
        for line, text in enumerate((f"Name: Ann Example {number}", "Mobile: 13800138000", "Date: 2024-03-05")):
            pen.text((60, 60 + 100 * line), text, fill=0, font=font)
        image.save(folder / f"form-{number:02}.png")


def test_nothing_is_lost_doubled_or_half_made_by_kills_in_the_middle(tmp_path: Path) -> None:
    forms = tmp_path / "forms"
    _forms(forms)
    (tmp_path / "system").mkdir()
    acknowledged: dict[str, str] = {}
    with running_system(tmp_path / "system", {}) as system:
        ingest = subprocess.Popen(
            [DOSSIER, "ingest", str(forms), "--json"],
            env=system.environment,
            stdout=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
        assert ingest.stdout is not None
        for line in ingest.stdout:
            told = json.loads(line)
            assert "error" not in told or not told["error"], told
            if "receipt" in told:
                acknowledged[told["file"]] = told["receipt"]
            if len(acknowledged) == 4:
                system.child("archive.cli worker").send_signal(signal.SIGKILL)
            if len(acknowledged) == 8:
                system.child("secantusd").send_signal(signal.SIGKILL)
            if len(acknowledged) == 14:
                break
        orphans = system.kill()
        ingest.kill()
        ingest.communicate()
        _, alive = psutil.wait_procs(orphans, timeout=15)
        assert alive == []
        assert len(acknowledged) == 14

        system.start()
        again = system.command("ingest", str(forms), "--wait", "--json")
        outcomes = {told["file"]: told for told in map(json.loads, again.stdout.splitlines())}
        assert again.returncode == 0, again.stderr
        assert Counter(told["state"] for told in outcomes.values()) == {"needs_review": FILES}
        assert {name: outcomes[name]["receipt"] for name in acknowledged} == acknowledged

        place = {name.removeprefix("DOSSIER_").lower(): value for name, value in system.settings.items()}
        with open_archive(Settings(_env_file=None, data_dir=system.data_dir, **place)) as archive:
            scans = archive.intake.scans(SYSTEM, limit=1000).items
            assert len(scans) == FILES
            assert len({scan.sha256 for scan in scans}) == FILES
            for scan in scans:
                assert scan.state is ScanState.NEEDS_REVIEW
                assert [page.number for page in archive.images.pages(SYSTEM, scan.id)] == [1]
                assert {"name", "mobile"} <= {finding.name for finding in scan.findings}
                original = b"".join(archive.images.original(SYSTEM, scan.id).chunks)
                assert original == (forms / scan.filename).read_bytes()
            assert archive.audit.verify(SYSTEM).ok
        assert system.stop() == 0


def test_a_dead_child_is_restarted_and_a_second_instance_is_refused(tmp_path: Path) -> None:
    with running_system(tmp_path, {}) as system:
        assert system.process is not None
        first = system.child("-m web").pid

        second = system.command("serve")
        assert second.returncode == 1
        assert f"in use by process {system.process.pid}" in second.stderr

        psutil.Process(first).send_signal(signal.SIGKILL)
        for _ in range(100):
            try:
                if system.child("-m web").pid != first:
                    break
            except AssertionError:
                pass
            time.sleep(0.2)
        else:
            pytest.fail("the web server was not restarted")

        children = system.children()
        assert system.stop() == 0
        _, alive = psutil.wait_procs(children, timeout=10)
        assert alive == []
