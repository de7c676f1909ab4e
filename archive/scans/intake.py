"""Taking files in: bytes first, then the record, then the call to the reader."""

import base64
import hashlib
import re
import secrets
import tempfile
import unicodedata
from datetime import timedelta
from typing import IO, BinaryIO, Literal, cast

from archive.access import Actor, Right
from archive.accounts import Accounts
from archive.audit import AuditTrail
from archive.errors import IntakeError, InvalidInputError, NotFoundError, StaleRevisionError, WrongStateError
from archive.jobs import JobQueue
from archive.mongo.blobs import BlobStore
from archive.mongo.scans import ScanStore
from archive.scans.scan import Receipt, RefusedFile, Scan, ScanState
from archive.values import Page, new_id, utc_now
from ocr import OcrError, ReadingLimits, ScanFacts, check_scan

_PIECE = 1 << 20
_SPOOL = 8 << 20
_NAME_LENGTH = 200
_REFUSED_KEPT = timedelta(days=90)


class Intake:
    """Receives files and follows them on their way."""

    def __init__(
        self,
        scans: ScanStore,
        blobs: BlobStore,
        accounts: Accounts,
        audit: AuditTrail,
        queue: JobQueue,
        limits: ReadingLimits,
    ) -> None:
        self._accounts = accounts
        self._scans = scans
        self._blobs = blobs
        self._audit = audit
        self._queue = queue
        self._limits = limits

    def new_batch_id(self) -> str:
        """Return an id for what one person hands in together."""
        return new_id()

    def receive(
        self,
        actor: Actor,
        filename: str,
        stream: IO[bytes],
        *,
        unit: str,
        batch_id: str,
        type: str | None = None,
        channel: Literal["web", "cli", "folder", "demo"] = "web",
    ) -> Receipt:
        """Take one file in; when this returns, its bytes and its record are on disk.

        The same bytes in the same unit give the receipt they were given the first time.

        Raises:
            IntakeError: The file is empty, too large, or nothing that can be read; the code says which.
            InvalidInputError: There is no such unit.
        """
        actor.require(Right.UPLOAD, unit)
        self._accounts.require_unit(unit)
        filename = clean_filename(filename)
        try:
            facts, sha256, size = self._stored(stream)
        except IntakeError as error:
            self.note_refused(actor, filename, error.code, unit=unit, batch_id=batch_id)
            raise
        scan = Scan(
            receipt=_new_receipt(),
            filename=filename,
            sha256=sha256,
            media_type=facts.media.media_type,
            size_bytes=size,
            page_count=facts.page_count,
            unit=unit,
            type=type,
            batch_id=batch_id,
            channel=channel,
            uploaded_by=actor.user_id,
            uploaded_by_name=actor.name,
            received_at=utc_now(),
        )
        old = self._scans.with_bytes(unit, sha256)
        if old is None:
            # Audited before it is stored: a crash between the two leaves an event without a scan, never the reverse.
            self._audit.record(actor, "scan.receive", "scan", scan.id, unit=unit, receipt=scan.receipt, channel=channel)
            old = self._scans.insert(scan)
        kept = old or scan
        if kept.state is ScanState.RECEIVED:
            self._queue.read_scan(kept.id)
        return Receipt(
            receipt=kept.receipt, scan_id=kept.id, filename=filename, state=kept.state, duplicate=old is not None
        )

    def _stored(self, stream: IO[bytes]) -> tuple[ScanFacts, str, int]:
        """Check a file and keep its bytes; return what it is, its SHA-256 and its size."""
        with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as copy:
            digest, size = hashlib.sha256(), 0
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > self._limits.max_bytes:
                    raise IntakeError(
                        f"The file is larger than {self._limits.max_bytes // 10**6} MB; scan at a lower resolution "
                        "or split it.",
                        code="scan-too-large",
                    )
                digest.update(piece)
                copy.write(piece)
            facts = self._checked(cast(BinaryIO, copy))
            sha256 = digest.hexdigest()
            copy.seek(0)
            self._blobs.put(copy, sha256)
        return facts, sha256, size

    def note_refused(self, actor: Actor, filename: str, code: str, *, unit: str, batch_id: str) -> None:
        """Keep for some months that a file was not taken in, so that its batch shows it after the page is left.

        Args:
            code: Why it was refused, as ``IntakeError`` says it.
        """
        actor.require(Right.UPLOAD, unit)
        self._scans.note_refused(
            RefusedFile(
                batch_id=batch_id,
                filename=clean_filename(filename),
                code=code,
                unit=unit,
                refused_by=actor.user_id,
                at=utc_now(),
            )
        )

    def refused(self, actor: Actor, batch_id: str) -> tuple[RefusedFile, ...]:
        """Return the files of a batch that were not taken in, each once, without those of whose name one came later."""
        self._require_sight(actor)
        latest = {file.filename: file for file in self._scans.refused_in(batch_id) if _may_see_refused(actor, file)}
        came = {scan.filename: scan.received_at for scan in self._scans.in_batch(batch_id)}
        return tuple(file for name, file in latest.items() if name not in came or came[name] < file.at)

    def forget_refused(self) -> None:
        """Forget files that were refused months ago."""
        self._scans.forget_refused(utc_now() - _REFUSED_KEPT)

    def _checked(self, file: BinaryIO) -> ScanFacts:
        try:
            return check_scan(file, self._limits)
        except OcrError as error:
            raise IntakeError(str(error), code=error.code) from error

    def scan(self, actor: Actor, scan_id: str) -> Scan:
        """Return the scan."""
        return require_scan(self._scans, actor, scan_id)

    def by_receipt(self, actor: Actor, receipt: str) -> Scan:
        """Return the scan of that receipt."""
        scan = self._scans.by_receipt(receipt.strip().upper())
        if scan is None or not _may_see(actor, scan):
            raise NotFoundError("scan", receipt)
        return scan

    def scans(
        self,
        actor: Actor,
        *,
        state: ScanState | None = None,
        batch_id: str | None = None,
        mine: bool = False,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[Scan]:
        """Return scans, latest first; a batch is returned whole, in the order it came."""
        self._require_sight(actor)
        if batch_id is not None:
            found = (scan for scan in self._scans.in_batch(batch_id) if _may_see(actor, scan))
            return Page(tuple(scan for scan in found if state in {None, scan.state}))
        own_only = mine or not actor.may(Right.REVIEW_ALL)
        return self._scans.recent(
            units=actor.units,
            state=state,
            uploaded_by=actor.user_id if own_only else None,
            after=after,
            limit=limit,
        )

    def scans_by_id(self, actor: Actor, scan_ids: tuple[str, ...]) -> tuple[Scan, ...]:
        """Return those of the scans that exist and may be seen, in the order asked for."""
        self._require_sight(actor)
        return tuple(scan for scan in self._scans.by_ids(scan_ids) if _may_see(actor, scan))

    def counts(self, actor: Actor) -> dict[ScanState, int]:
        """Count the scans of the actor's units in each state in which something is still to be done."""
        self._require_sight(actor)
        return self._scans.counts(actor.units)

    def _require_sight(self, actor: Actor) -> None:
        if not actor.may(Right.REVIEW_ALL):
            actor.require(Right.UPLOAD)

    def retry(self, actor: Actor, scan_id: str) -> Scan:
        """Have a failed scan read again, or one that waits for review read anew before anybody decided on it."""
        scan = require_scan(self._scans, actor, scan_id)
        if scan.is_begun:
            raise WrongStateError("scan", scan.receipt, scan.state.value)
        return self._read_anew(actor, scan)

    def retry_all(self, actor: Actor) -> int:
        """Have every scan read anew that waits for review, was read by no form template, and that nobody has begun.

        For when a form was registered after its scans had come.

        Returns: How many scans will be read.
        """
        actor.require(Right.REVIEW_ALL)
        count = 0
        for scan in self._scans.in_state(ScanState.NEEDS_REVIEW, actor.units):
            if scan.forms or scan.is_begun or not actor.may(Right.REVIEW_ALL, scan.unit):
                continue
            try:
                self._read_anew(actor, scan)
            except StaleRevisionError:
                continue  # somebody has just taken it up
            count += 1
        return count

    def _read_anew(self, actor: Actor, scan: Scan) -> Scan:
        scan = self._scans.change(
            scan,
            {"state": ScanState.RECEIVED.value, "attempts": 0, "failure": None},
            from_states=(ScanState.FAILED, ScanState.NEEDS_REVIEW, ScanState.RECEIVED),
        )
        self._audit.record(actor, "scan.retry", "scan", scan.id, unit=scan.unit)
        self._queue.read_scan(scan.id)
        return scan

    def discard(self, actor: Actor, scan_id: str, reason: str) -> Scan:
        """Put a scan aside that is not to be filed; it is kept and can be restored."""
        scan = require_scan(self._scans, actor, scan_id)
        if not reason.strip():
            raise InvalidInputError("reason", "Say why the scan is not to be filed.", code="required")
        scan = self._scans.change(
            scan,
            {"state": ScanState.REJECTED.value, "rejected_reason": reason.strip()[:500]},
            from_states=(ScanState.NEEDS_REVIEW, ScanState.FAILED, ScanState.RECEIVED),
        )
        self._audit.record(actor, "scan.discard", "scan", scan.id, unit=scan.unit)
        return scan

    def restore(self, actor: Actor, scan_id: str) -> Scan:
        """Take a discarded scan back: into the review where it has been read, else to the reader."""
        scan = require_scan(self._scans, actor, scan_id)
        state = ScanState.NEEDS_REVIEW if scan.engine else ScanState.RECEIVED
        scan = self._scans.change(
            scan,
            {"state": state.value, "rejected_reason": None, "attempts": 0, "failure": None},
            from_states=(ScanState.REJECTED,),
        )
        self._audit.record(actor, "scan.restore", "scan", scan.id, unit=scan.unit)
        if state is ScanState.RECEIVED:
            self._queue.read_scan(scan.id)
        return scan


def _may_see(actor: Actor, scan: Scan) -> bool:
    own = scan.uploaded_by == actor.user_id and actor.may(Right.UPLOAD, scan.unit)
    return own or actor.may(Right.REVIEW_ALL, scan.unit)


def _may_see_refused(actor: Actor, file: RefusedFile) -> bool:
    own = file.refused_by == actor.user_id and actor.may(Right.UPLOAD, file.unit)
    return own or actor.may(Right.REVIEW_ALL, file.unit)


def may_see_pages(actor: Actor, scan: Scan) -> bool:
    """Tell whether the actor may see the scan's pages: its reviewers, and once filed, the readers of its dossier."""
    return _may_see(actor, scan) or (scan.state is ScanState.FILED and actor.may(Right.SEE, scan.unit))


def require_scan(scans: ScanStore, actor: Actor, scan_id: str) -> Scan:
    """Return a scan on its way: one's own, or any of the unit for those who review everything.

    Raises:
        NotFoundError: There is none, or the actor may not know of it.
    """
    scan = scans.by_id(scan_id)
    if scan is None or not _may_see(actor, scan):
        raise NotFoundError("scan", scan_id)
    return scan


def clean_filename(filename: str) -> str:
    """Return the name alone, without folders and characters that only confuse; it is shown, never opened.

    Control and direction-changing characters go (they could make ``gpj.exe`` look like ``exe.jpg``), and a long name
    keeps its ending.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"}).strip()
    if len(name) > _NAME_LENGTH:
        stem, dot, suffix = name.rpartition(".")
        suffix = suffix[:10] if dot else ""
        name = f"{(stem or name)[: _NAME_LENGTH - 11]}{dot}{suffix}"
    return name or "unnamed"


def _new_receipt() -> str:
    """Return a receipt number: the day, and eight letters and digits that cannot be confused or guessed."""
    code = base64.b32encode(secrets.token_bytes(5)).decode().replace("O", "9").replace("I", "8")
    return f"R{utc_now():%y%m%d}-{code[:4]}-{code[4:]}"
