"""The worker's part in form templates: pages are prepared, and templates tried on scans."""

import hashlib
import io
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from archive.errors import ArchiveError
from archive.forms.registered_form import FormState, FormZone, Trial, TriedZone
from archive.jobs import JobQueue
from archive.mongo.blobs import BlobStore
from archive.mongo.form_templates import FormStore
from archive.mongo.scans import ScanStore
from archive.scans.scan import PageWord
from archive.type_catalogue import TypeCatalogue
from archive.values import utc_now
from ocr import DEFAULT_VOCABULARY, OcrError, Reading, ReadingLimits, Reference, Vocabulary

if TYPE_CHECKING:
    from archive.scans.reading import FileReader

log = logging.getLogger(__name__)

_TRIALS_KEPT = timedelta(hours=12)


class FormRoom:
    """Does what needs the reader; doing it twice gives the same."""

    def __init__(
        self,
        store: FormStore,
        scans: ScanStore,
        blobs: BlobStore,
        types: TypeCatalogue,
        reader: "FileReader",
        limits: ReadingLimits,
        attempts: int,
        queue: JobQueue,
    ) -> None:
        self._store = store
        self._scans = scans
        self._blobs = blobs
        self._types = types
        self._reader = reader
        self._limits = limits
        self._attempts = attempts
        self._queue = queue

    def prepare(self, form_id: str) -> None:
        """Straighten and read the page of a new form, and propose its zones."""
        form = self._store.by_id(form_id)
        if form is None or form.state is not FormState.PREPARING:
            return
        if not self._store.change(form, {"attempts": form.attempts + 1}):
            return
        form = form.model_copy(update={"attempts": form.attempts + 1, "revision": form.revision + 1})
        former = self._store.by_id(form.former_id) if form.former_id else None
        try:
            reference = self._reader.read_reference(
                self._blobs.get(form.sha256),
                form.page,
                self._vocabulary(form.type),
                self._limits,
                former.for_reading() if former else None,
            )
        except (OcrError, ArchiveError) as error:
            if not error.transient or form.attempts >= self._attempts:
                self._store.change(form, {"state": FormState.FAILED.value, "failure": error.code})
            log.warning("the page of form %s could not be prepared: %s", form.id, error.code)
            return
        sha256 = hashlib.sha256(reference.picture).hexdigest()
        self._blobs.put(io.BytesIO(reference.picture), sha256)
        self._store.change(form, {**_prepared(reference), "picture_sha256": sha256})

    def try_out(self, form_id: str) -> None:
        """Read a scan with one form, whatever its state."""
        trial, form = self._store.trial(form_id), self._store.by_id(form_id)
        if trial is None or trial.done or form is None:
            return
        self._store.change_trial(trial, {"attempts": trial.attempts + 1})
        scan = self._scans.by_id(trial.scan_id)
        if scan is None:
            self._store.change_trial(trial, {"done": True, "failure": "not-found"})
            return
        try:
            reading = self._reader.read(
                self._blobs.get(scan.sha256), self._vocabulary(form.type), self._limits, (form.for_reading(),)
            )
        except (OcrError, ArchiveError) as error:
            if not error.transient or trial.attempts + 1 >= self._attempts:
                self._store.change_trial(trial, {"done": True, "failure": error.code})
            return
        self._store.change_trial(trial, _tried(trial, reading))

    def recover(self) -> None:
        """Wake a reader for what waits, give up on what made the reader die too often, and forget old trials."""
        for form in self._store.in_state(FormState.PREPARING):
            if form.attempts >= self._attempts:
                self._store.change(form, {"state": FormState.FAILED.value, "failure": "reader-died"})
            else:
                self._queue.prepare_form(form.id)
        for trial in self._store.open_trials():
            if trial.attempts >= self._attempts:
                self._store.change_trial(trial, {"done": True, "failure": "reader-died"})
            else:
                self._queue.try_form(trial.id)
        self._store.forget_trials(utc_now() - _TRIALS_KEPT)

    def _vocabulary(self, type_name: str) -> Vocabulary:
        return self._types.get(type_name).add_to(DEFAULT_VOCABULARY)


def _prepared(reference: Reference) -> dict[str, object]:
    words = [
        PageWord(text=word.text, confidence=word.confidence, box=tuple(word.box)).model_dump()
        for word in reference.words
    ]
    return {
        "state": FormState.DRAFT.value,
        "failure": None,
        "width_px": reference.width_px,
        "height_px": reference.height_px,
        "words": words,
        "zones": [FormZone.of(zone).model_dump() for zone in reference.zones],
    }


def _tried(trial: Trial, reading: Reading) -> dict[str, object]:
    match = next(iter(reading.matches), None)
    zones = [
        TriedZone(
            zone_id=each.zone,
            raw=each.value,
            normalised=each.normalised,
            valid=each.valid,
            problems=each.problems,
            confidence=each.confidence,
            page=each.page,
            box=tuple(each.value_box),
        )
        for each in reading.extractions
        if match and each.zone and each.value_box and each.page == match.page
    ]
    return {
        "done": True,
        "failure": None,
        "score": match.score if match else None,
        "page": match.page if match else None,
        "zones": [zone.model_dump() for zone in zones],
    }
