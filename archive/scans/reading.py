"""The worker's use case: claim a scan, have it read in a process of its own, keep what was found."""

import logging
import multiprocessing
import multiprocessing.connection
import os
import secrets
import socket
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Protocol

import psutil
from pebble import ProcessExpired, ProcessPool

from archive.access import SYSTEM
from archive.audit import AuditTrail
from archive.dossier_type import DossierType
from archive.dossiers import VALUE_LENGTH
from archive.errors import ArchiveError, ReadingFailedError
from archive.forms.form_templates import FormTemplates
from archive.jobs import JobQueue
from archive.mongo.blobs import BlobStore
from archive.mongo.dossiers import DossierStore
from archive.mongo.scans import ScanStore
from archive.scans.identify import candidates_for
from archive.scans.review import field_values, suggested_type
from archive.scans.scan import Failure, Finding, FormUse, PageMark, PageWord, Scan, ScanPage, ScanState, risk_of
from archive.settings import Settings
from archive.type_catalogue import TypeCatalogue
from archive.values import utc_now
from ocr import (
    DEFAULT_VOCABULARY,
    Extraction,
    FormTemplate,
    Kind,
    LanguageMissingError,
    OcrEngine,
    OcrError,
    Reading,
    ReadingLimits,
    Reference,
    TemplateMatch,
    Vocabulary,
    check_value,
    open_engine,
    read_reference,
    read_scan,
)

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
_RENEWAL_S = 15.0
_INTERRUPTED = "reading-interrupted"


class FileReader(Protocol):
    """Reads the bytes of one file."""

    def start(self) -> object:
        """Make ready, so that the first file does not wait."""

    def read(
        self, data: bytes, vocabulary: Vocabulary, limits: ReadingLimits, templates: Sequence[FormTemplate] = ()
    ) -> Reading:
        """Return the file's pages and fields; raise OcrError or ReadingFailedError."""

    def read_reference(
        self, data: bytes, number: int, vocabulary: Vocabulary, limits: ReadingLimits, former: FormTemplate | None
    ) -> Reference:
        """Return a page as the reference of a form; raise OcrError or ReadingFailedError."""

    def close(self) -> None:
        """Let go of what is held."""


class ReadingRoom:
    """Reads received scans. One per worker process; any number of processes may share the work."""

    def __init__(
        self,
        scans: ScanStore,
        store: DossierStore,
        blobs: BlobStore,
        types: TypeCatalogue,
        audit: AuditTrail,
        queue: JobQueue,
        settings: Settings,
        limits: ReadingLimits,
        reader: FileReader,
        forms: FormTemplates,
    ) -> None:
        self._scans = scans
        self._store = store
        self._blobs = blobs
        self._types = types
        self._audit = audit
        self._queue = queue
        self._settings = settings
        self._limits = limits
        self._name = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"
        self._reader = reader
        self._forms = forms

    def close(self) -> None:
        """End the reading processes."""
        self._reader.close()

    def warm_up(self) -> None:
        """Start the reading processes, so that the first scan does not wait for the models."""
        self._reader.start()

    def read(self, scan_id: str) -> None:
        """Read one scan, unless it is not waiting (any more).

        The claim writes the failure ``reading-interrupted`` first: whatever ends this process, the scan says so, and
        the sweep gives it to another.
        """
        interrupted = Failure(
            code=_INTERRUPTED,
            message="The reading was interrupted.",
            transient=True,
            at=utc_now(),
        )
        scan = self._scans.claim(scan_id, worker=self._name, lease=LEASE, failure=interrupted)
        if scan is None:
            return
        try:
            with self._renewing(scan.id):
                data, templates = self._blobs.get(scan.sha256), self._forms.for_reading()
                reading = self._reader.read(data, self._vocabulary(scan), self._limits, templates)
                changes = self._keep(scan, reading)
        except (OcrError, ArchiveError) as error:
            self._fail(scan, error.code, str(error), error.transient)
            return
        except Exception as error:  # noqa: BLE001 - the worker's edge: the scan must not look as if still being read
            # Where, but not the error's own words: they may quote the scan.
            log.error("scan %s made the reader fail:\n%s", scan.id, "".join(traceback.format_tb(error.__traceback__)))  # noqa: TRY400
            self._fail(scan, ReadingFailedError.code, f"The reader failed: {type(error).__name__}.", transient=True)
            return
        if self._scans.finish_reading(scan.id, worker=self._name, changes=changes):
            self._audit.record(
                SYSTEM,
                "scan.read",
                "scan",
                scan.id,
                unit=scan.unit,
                engine=reading.engine,
                pages=str(len(reading.pages)),
            )

    @contextmanager
    def _renewing(self, scan_id: str) -> Iterator[None]:
        """Prolong the claim while the block runs."""
        done = threading.Event()

        def renew() -> None:
            while not done.wait(_RENEWAL_S):
                try:
                    self._scans.renew(scan_id, worker=self._name, lease=LEASE)
                except ArchiveError as error:
                    log.warning("the claim on scan %s could not be renewed: %s", scan_id, error.code)

        thread = threading.Thread(target=renew, name=f"claim {scan_id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _vocabulary(self, scan: Scan) -> Vocabulary:
        types = [self._types.get(scan.type)] if scan.type else self._types.all()
        vocabulary = DEFAULT_VOCABULARY
        for dossier_type in types:
            vocabulary = dossier_type.add_to(vocabulary)
        return vocabulary

    def _keep(self, scan: Scan, reading: Reading) -> dict[str, Any]:
        """Store the pages and return what changes in the scan's record."""
        self._scans.put_pages([_scan_page(scan.id, page) for page in reading.pages])
        findings = tuple(self._finding(extraction) for extraction in reading.extractions)
        type_name = scan.type or next((match.type for match in reading.matches), None)
        dossier_type = self._types.get(type_name or suggested_type(findings))
        findings = tuple(_with_type(finding, dossier_type) for finding in findings)
        read = scan.model_copy(update={"engine": reading.engine})
        candidates = candidates_for(
            field_values(read, findings, dossier_type), dossier_type.name, self._store, frozenset({scan.unit})
        )
        return {
            "state": ScanState.NEEDS_REVIEW.value,
            "failure": None,
            "type": type_name,
            "forms": [_form_use(match).model_dump() for match in reading.matches],
            "engine": reading.engine,
            "read_seconds": round(reading.seconds, 3),
            "page_count": len(reading.pages),
            "findings": [finding.model_dump() for finding in findings],
            "candidates": [candidate.model_dump() for candidate in candidates],
            "risk": risk_of(findings, candidates),
        }

    def _finding(self, extraction: Extraction) -> Finding:
        # A value that no dossier can hold is cut and wants a look; the page's words have all of it.
        is_cut = len(extraction.value) > VALUE_LENGTH
        return Finding(
            key=extraction.key,
            name=extraction.name,
            raw=extraction.value[:VALUE_LENGTH],
            normalised=extraction.normalised,
            valid=extraction.valid,
            problems=extraction.problems,
            suggestion=extraction.suggestion,
            confidence=extraction.confidence,
            page=extraction.page,
            key_box=_box(extraction.key_box),
            value_box=_box(extraction.value_box),
            zone=extraction.zone,
            table=extraction.row.heading if extraction.row else "",
            row=extraction.row.number if extraction.row else None,
            weak=extraction.name is not None
            and (is_cut or not extraction.valid or extraction.confidence < self._settings.accept_confidence),
        )

    def _fail(self, scan: Scan, code: str, message: str, transient: bool) -> None:
        again = transient and scan.attempts < self._settings.reading_attempts
        failure = Failure(code=code, message=message, transient=transient, at=utc_now())
        state = ScanState.RECEIVED if again else ScanState.FAILED
        log.warning("scan %s could not be read (%s), attempt %d", scan.id, code, scan.attempts)
        changes = {"state": state.value, "failure": failure.model_dump()}
        if self._scans.finish_reading(scan.id, worker=self._name, changes=changes) and not again:
            self._audit.record(SYSTEM, "scan.failed", "scan", scan.id, unit=scan.unit, code=code)

    def recover(self) -> None:
        """Give back what vanished workers had claimed, and wake a reader for all that waits."""
        for scan in self._scans.release(is_dead=self._is_dead, most_attempts=self._settings.reading_attempts):
            log.info("scan %s was left behind by a worker that is gone", scan.id)
        for scan in self._scans.in_state(ScanState.RECEIVED, None):
            self._queue.read_scan(scan.id)

    def _is_dead(self, worker: str) -> bool:
        """Tell whether a worker of this machine is gone; of another machine's only the lease tells."""
        host, _, rest = worker.partition("/")
        pid, _, _ = rest.partition("/")
        if worker == self._name or host != socket.gethostname() or not pid.isdigit():
            return False
        return int(pid) == os.getpid() or not psutil.pid_exists(int(pid))


class ReaderProcesses:
    """Processes that read, each with the models loaded once; one that hangs or dies is replaced.

    A thread cannot be interrupted, a process can: a file that makes the reader hang costs its time limit, no more.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None

    def start(self) -> ProcessPool:
        """Return the pool, started at the first call."""
        with self._lock:
            if self._pool is None:
                processes = self._settings.reading_processes
                self._pool = ProcessPool(
                    max_workers=processes,
                    initializer=_open_reader,
                    initargs=[
                        self._settings.ocr_engine,
                        self._settings.ocr_language_names,
                        max(1, (os.cpu_count() or 1) // processes),
                    ],
                    # A forked child would inherit locks that other threads hold.
                    context=multiprocessing.get_context("spawn"),
                )
                for _ in range(processes):
                    self._pool.schedule(_is_open)
            return self._pool

    def read(
        self, data: bytes, vocabulary: Vocabulary, limits: ReadingLimits, templates: Sequence[FormTemplate] = ()
    ) -> Reading:
        """Read the bytes of one file.

        Raises:
            OcrError: The file cannot be read.
            ReadingFailedError: The reader ran into its time limit, or its process died.
        """
        reading: Reading = self._result_of(_read, data, vocabulary, limits, templates)
        return reading

    def read_reference(
        self, data: bytes, number: int, vocabulary: Vocabulary, limits: ReadingLimits, former: FormTemplate | None
    ) -> Reference:
        """Read one page as the reference of a form; raises like ``read``."""
        reference: Reference = self._result_of(_read_reference, data, number, vocabulary, limits, former)
        return reference

    def _result_of(self, work: Callable[..., object], *args: object) -> Any:
        job = self.start().schedule(work, args=args, timeout=self._settings.reading_timeout_s)
        try:
            return job.result()
        except FutureTimeoutError as error:
            raise ReadingFailedError(
                f"The reading took longer than {self._settings.reading_timeout_s} s; split the file into smaller ones.",
                code="reading-timeout",
            ) from error
        except ProcessExpired as error:
            raise ReadingFailedError(
                "The reading process ended unexpectedly; it is tried again.", code="reader-died", transient=True
            ) from error

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            if self._pool is not None:
                self._pool.stop()  # type: ignore[no-untyped-call]
                self._pool.join()
                self._pool = None


_ENGINE: dict[str, OcrEngine] = {}
"""The engine of a reading process, under the key ``open``; filled once by the process's initializer."""


def _open_reader(name: str, languages: Sequence[str], threads: int) -> None:
    threading.Thread(target=_end_with_parent, name="parent watch", daemon=True).start()
    try:
        _ENGINE["open"] = open_engine(name, threads=threads, languages=languages)
    except LanguageMissingError as error:
        # Scans in all other languages are read none the worse; ``dossier doctor`` tells of it too.
        log.warning("%s: %s", error.code, error)
        left = tuple(language for language in languages if language not in error.languages)
        _ENGINE["open"] = open_engine(name, threads=threads, languages=left)


def _end_with_parent() -> None:
    """End this process when the worker is gone: one killed with -9 tells its readers nothing."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _is_open() -> bool:
    return "open" in _ENGINE


def _read(data: bytes, vocabulary: Vocabulary, limits: ReadingLimits, templates: Sequence[FormTemplate]) -> Reading:
    return read_scan(data, engine=_ENGINE["open"], vocabulary=vocabulary, limits=limits, templates=templates)


def _read_reference(
    data: bytes, number: int, vocabulary: Vocabulary, limits: ReadingLimits, former: FormTemplate | None
) -> Reference:
    engine = _ENGINE["open"]
    return read_reference(data, number, engine=engine, vocabulary=vocabulary, limits=limits, former=former)


def _form_use(match: TemplateMatch) -> FormUse:
    return FormUse(
        form_id=match.template_id, name=match.name, version=match.version, page=match.page, score=match.score
    )


def _with_type(finding: Finding, dossier_type: DossierType) -> Finding:
    name = finding.name or (finding.own_name if finding.row is not None else None)
    spec = dossier_type.field(name) if name else None
    kind = Kind(spec.kind) if spec and finding.name else Kind.TEXT
    of_text = check_value(kind, finding.raw).normalised
    seen = finding.normalised if finding.normalised != of_text else None
    return finding.model_copy(
        update={
            "sensitive": bool(spec and spec.sensitive),
            "read_as": seen if seen and len(seen) <= VALUE_LENGTH else None,
        }
    )


def _box(box: Sequence[int] | None) -> tuple[int, int, int, int] | None:
    return None if box is None else (int(box[0]), int(box[1]), int(box[2]), int(box[3]))


def _scan_page(scan_id: str, page: Any) -> ScanPage:
    return ScanPage(
        scan_id=scan_id,
        number=page.number,
        width_px=page.width_px,
        height_px=page.height_px,
        dpi=page.dpi,
        rotation_deg=page.rotation_deg,
        skew_deg=page.skew_deg,
        words=tuple(
            PageWord(text=word.text, confidence=round(word.confidence, 4), box=_box(word.box) or (0, 0, 0, 0))
            for word in page.words
        ),
        marks=tuple(
            PageMark(kind=mark.kind.value, box=_box(mark.box) or (0, 0, 0, 0), label=mark.label[:VALUE_LENGTH])
            for mark in page.marks
        ),
    )
