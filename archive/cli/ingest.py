"""``dossier ingest``: files and folders into intake, and the wait for what becomes of them."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from tqdm import tqdm

from archive.access import SYSTEM
from archive.cli.opening import opened_archive
from archive.errors import ArchiveError, IntakeError, ServiceStartError

if TYPE_CHECKING:
    from archive.bootstrap import Archive
    from archive.running.supervisor import Supervisor
    from archive.scans.scan import Scan

_POLL_S = 0.5
_IDLE_S = 10.0
"""After this the workers of a shared queue are taken to be too few, or none."""

_PATIENCE_S = 60.0
"""How long a database or queue that does not answer is tried again: a supervisor restarts it meanwhile."""


@click.command("ingest")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option(
    "--type", "type_name", metavar="NAME", help="Dossier type of all of them; by default found out by the reading."
)
@click.option("--unit", metavar="ID", help="Unit that the scans belong to; by default the first.")
@click.option("--wait", is_flag=True, help="Wait until each was read, and show how it ended.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line and file.")
def ingest_command(paths: tuple[Path, ...], type_name: str | None, unit: str | None, wait: bool, as_json: bool) -> None:
    """Take files and whole folders into the archive.

    PDF, TIFF, JPEG, PNG, WebP and HEIC. When a file is reported it is safely kept; the same bytes again give the receipt
    they had. A file that is refused stops no other. Without --wait the scans are read by the worker of `dossier serve`, now
    or when it runs next; with --wait, and no worker at work, this command runs one for the time.

    Ends with 1 where a file was refused or its reading failed.
    """
    bad = False
    with opened_archive() as archive:
        if type_name is not None:
            archive.types.get(type_name)
        intake = _Intake(archive, unit or archive.accounts.ensure_unit(), type_name)
        waiting: dict[str, list[str]] = {}
        files = list(_files_under(paths))
        with tqdm(total=len(files), unit="file", file=sys.stderr, disable=None, leave=False) as progress:
            for path in files:
                try:
                    scan = intake.receive(path)
                except (ArchiveError, OSError) as error:
                    bad = True
                    _tell(progress, _refusal(path, error), as_json=as_json)
                    progress.update()
                    continue
                if wait:
                    waiting.setdefault(scan.id, []).append(str(path))
                else:
                    _tell(progress, _outcome(str(path), scan), as_json=as_json)
                    progress.update()
            for scan in _ended(archive, list(waiting)):
                bad |= scan.state == "failed"
                for name in waiting[scan.id]:
                    _tell(progress, _outcome(name, scan), as_json=as_json)
                    progress.update()
    if bad:
        sys.exit(1)


class _Intake:
    """Receives the files of one run of the command: one batch."""

    def __init__(self, archive: "Archive", unit: str, type_name: str | None) -> None:
        self._archive = archive
        self._unit = unit
        self._type = type_name
        self._batch_id = archive.intake.new_batch_id()

    def receive(self, path: Path) -> "Scan":
        """Take one file in, again and again while the database is being restarted."""
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                with path.open("rb") as stream:
                    receipt = self._archive.intake.receive(
                        SYSTEM,
                        path.name,
                        stream,
                        unit=self._unit,
                        batch_id=self._batch_id,
                        type=self._type,
                        channel="cli",
                    )
                return self._archive.intake.scan(SYSTEM, receipt.scan_id)
            except ArchiveError as error:
                if not error.transient or time.monotonic() > deadline:
                    raise
                time.sleep(_POLL_S)


def _files_under(paths: tuple[Path, ...]) -> Iterator[Path]:
    """Yield the files in a stable order; hidden ones in folders, such as those of a file manager, are left out."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for each in sorted(path.rglob("*")):
            if each.is_file() and not any(part.startswith(".") for part in each.relative_to(path).parts):
                yield each


def _ended(archive: "Archive", scan_ids: list[str]) -> Iterator["Scan"]:
    """Yield each scan when nothing more happens to it without a person."""
    from archive.scans.scan import ScanState

    under_way = {ScanState.RECEIVED, ScanState.READING}
    open_ids = scan_ids
    deadline = time.monotonic() + _PATIENCE_S
    with ExitStack() as own_worker:
        helped, last_seen_at_work = False, time.monotonic()
        while open_ids:
            try:
                scans = archive.intake.scans_by_id(SYSTEM, tuple(open_ids))
            except ArchiveError as error:
                if not error.transient or time.monotonic() > deadline:
                    raise
                time.sleep(_POLL_S)
                continue
            deadline = time.monotonic() + _PATIENCE_S
            yield from (scan for scan in scans if scan.state not in under_way)
            if any(scan.state is not ScanState.RECEIVED for scan in scans):
                last_seen_at_work = time.monotonic()
            open_ids = [scan.id for scan in scans if scan.state in under_way]
            if open_ids and not helped and _nobody_works(archive, time.monotonic() - last_seen_at_work):
                own_worker.enter_context(_OwnWorker(archive))
                helped = True
            if open_ids:
                time.sleep(_POLL_S)


def _nobody_works(archive: "Archive", idle_s: float) -> bool:
    """Tell whether no worker will read the scans unless this command runs one.

    Args:
        idle_s: For how many seconds none of the scans has moved.
    """
    import os

    from archive.running.embedded import DataDirectory

    settings = archive.settings
    if settings.queue_url:
        # Workers of a shared queue run anywhere, and may be busy with others' scans: one more does no harm.
        return idle_s > _IDLE_S
    running = DataDirectory(settings.data_dir).running()
    if running is not None and running.role == "serve":
        return False
    if running is not None and running.process.pid == os.getpid():
        return True
    return not archive.health.check().worker


class _OwnWorker:
    """A worker for the time of the block, started again should it end."""

    def __init__(self, archive: "Archive") -> None:
        from archive.running.supervisor import worker_service

        self._service = worker_service(archive.settings)
        self._supervisor: Supervisor
        self._thread: threading.Thread

    def __enter__(self) -> None:
        from archive.running.supervisor import Supervisor

        self._supervisor = Supervisor()
        try:
            self._supervisor.start(self._service)
        except ServiceStartError:
            self._close()
            raise
        self._thread = threading.Thread(target=self._supervisor.watch, name="worker-watch", daemon=True)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._supervisor.stop.set()
        self._thread.join()
        self._close()

    def _close(self) -> None:
        self._supervisor.stop_all()
        self._service.close()


def _outcome(name: str, scan: "Scan") -> dict[str, Any]:
    problems = sorted({problem for finding in scan.findings for problem in finding.problems})
    if scan.failure is not None and scan.state == "failed":
        problems = [scan.failure.code]
    return {
        "file": name,
        "receipt": scan.receipt,
        "state": scan.state.value,
        "scan": scan.id,
        "dossier": scan.dossier_id,
        "problems": problems,
    }


def _refusal(path: Path, error: ArchiveError | OSError) -> dict[str, Any]:
    if isinstance(error, ArchiveError):
        code, message = error.code, str(error)
    else:
        code, message = "file-not-readable", f"The file cannot be opened: {error.strerror}."
    state = "refused" if isinstance(error, IntakeError | OSError) else "not-received"
    return {
        "file": str(path),
        "receipt": None,
        "state": state,
        "scan": None,
        "dossier": None,
        "problems": [code],
        "error": {"code": code, "message": message},
    }


def _tell(progress: "tqdm[Any]", outcome: dict[str, Any], *, as_json: bool) -> None:
    with progress.external_write_mode(file=sys.stdout):
        if as_json:
            line = json.dumps(outcome, ensure_ascii=False).encode("utf-8", "surrogateescape")
            sys.stdout.buffer.write(line + b"\n")
            sys.stdout.buffer.flush()
        elif "error" in outcome:
            click.echo(f"{outcome['file']}: {outcome['error']['message']}", err=True)
        else:
            problems = f" ({', '.join(outcome['problems'])})" if outcome["problems"] else ""
            click.echo(f"{outcome['file']}: {outcome['receipt']} {outcome['state']}{problems}")
