"""Form templates: a form that comes often is registered from one page, marked, tried, and then read by its zones."""

import hashlib
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from typing import IO, Any

from archive.access import Actor, Right
from archive.accounts import Accounts
from archive.audit import AuditTrail
from archive.dossiers import VALUE_LENGTH
from archive.errors import (
    IntakeError,
    InvalidInputError,
    NotFoundError,
    StaleRevisionError,
    WrongStateError,
)
from archive.forms.registered_form import LEAST_ANCHORS, FormState, FormZone, RegisteredForm, Trial, ZoneFigures
from archive.jobs import JobQueue
from archive.mongo.blobs import BlobStore
from archive.mongo.form_templates import FormStore
from archive.mongo.scans import ScanStore
from archive.scans.intake import require_scan
from archive.type_catalogue import TypeCatalogue
from archive.values import utc_now
from ocr import (
    Box,
    FormTemplate,
    OcrError,
    ReadingLimits,
    Word,
    ZoneKind,
    check_scan,
    gray_of,
    template_to_json,
    with_marks,
)

_MOST_ZONES = 300
_NAME_LENGTH = 80
_CACHE_S = 60.0
"""Longest that forms are kept: a crash may come between a change and its stamp."""
_PIECE = 1 << 20


class FormTemplates:
    """The use cases of those who manage types. A form is seen where it was registered, and read everywhere."""

    def __init__(
        self,
        store: FormStore,
        scans: ScanStore,
        blobs: BlobStore,
        types: TypeCatalogue,
        accounts: Accounts,
        audit: AuditTrail,
        queue: JobQueue,
        limits: ReadingLimits,
    ) -> None:
        self._store = store
        self._scans = scans
        self._blobs = blobs
        self._types = types
        self._accounts = accounts
        self._audit = audit
        self._queue = queue
        self._limits = limits
        self._lock = threading.Lock()
        self._cached: tuple[int, float, tuple[FormTemplate, ...]] | None = None

    # Seeing

    def all(self, actor: Actor) -> tuple[RegisteredForm, ...]:
        """Return the forms of the actor's units, by name, the latest edition first."""
        actor.require(Right.MANAGE_TYPES)
        forms = [form for form in self._store.all() if actor.may(Right.MANAGE_TYPES, form.unit)]
        return tuple(sorted(forms, key=lambda form: (form.name, -form.version, form.created_at)))

    def get(self, actor: Actor, form_id: str) -> RegisteredForm:
        """Return a form."""
        actor.require(Right.MANAGE_TYPES)
        form = self._store.by_id(form_id)
        if form is None:
            raise NotFoundError("form", form_id)
        actor.require_sight(form.unit, "form", form_id, Right.MANAGE_TYPES)
        return form

    def open(self, actor: Actor, form_id: str) -> RegisteredForm:
        """Return a form to be looked at; the sight of its page, on which a customer may have written, is audited."""
        form = self.get(actor, form_id)
        if form.picture_sha256 is not None:
            self._audit.record(actor, "form.view", "form", form.id, unit=form.unit)
        return form

    def picture(self, actor: Actor, form_id: str) -> bytes:
        """Return the form's page, upright and straight, as JPEG."""
        form = self.get(actor, form_id)
        if form.picture_sha256 is None:
            raise NotFoundError("form", form_id)
        return self._blobs.get(form.picture_sha256)

    def figures(self, actor: Actor, form_id: str) -> Mapping[str, ZoneFigures]:
        """Return how well each zone was read, by zone id."""
        return self._store.figures(self.get(actor, form_id).id)

    def exported(self, actor: Actor, form_id: str) -> dict[str, Any]:
        """Return a form as ``dossier read --templates`` takes it."""
        form = self.get(actor, form_id)
        self._audit.record(actor, "form.export", "form", form.id, unit=form.unit)
        return template_to_json(form.for_reading())

    # Registering

    def register_scan(
        self, actor: Actor, scan_id: str, page: int, *, name: str, type: str | None = None, former_id: str | None = None
    ) -> RegisteredForm:
        """Begin a form from a page of a received scan; ``former_id`` makes it the next edition of that form."""
        actor.require(Right.MANAGE_TYPES)
        scan = require_scan(self._scans, actor, scan_id)
        if not 1 <= page <= scan.page_count:
            raise InvalidInputError("page", "The scan has no such page.", code="page-not-found")
        return self._begin(actor, scan.unit, scan.sha256, page, name, type or scan.type, former_id, scan.id)

    def register_file(
        self,
        actor: Actor,
        stream: IO[bytes],
        *,
        unit: str,
        page: int,
        name: str,
        type: str | None = None,
        former_id: str | None = None,
    ) -> RegisteredForm:
        """Begin a form from a page of a file, blank or filled in, that is sent for this alone.

        Raises:
            IntakeError: The file is empty, too large, or nothing that can be read; the code says which.
        """
        actor.require(Right.MANAGE_TYPES, unit)
        self._accounts.require_unit(unit)
        self._name_of(actor, name, former_id)
        with tempfile.SpooledTemporaryFile(max_size=8 * _PIECE) as copy:
            digest, size = hashlib.sha256(), 0
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > self._limits.max_bytes:
                    raise IntakeError("The file is too large; scan at a lower resolution.", code="scan-too-large")
                digest.update(piece)
                copy.write(piece)
            copy.seek(0)
            try:
                facts = check_scan(copy.read(), self._limits)
            except OcrError as error:
                raise IntakeError(str(error), code=error.code) from error
            if not 1 <= page <= facts.page_count:
                raise InvalidInputError("page", "The file has no such page.", code="page-not-found")
            copy.seek(0)
            self._blobs.put(copy, digest.hexdigest())
        return self._begin(actor, unit, digest.hexdigest(), page, name, type, former_id, None)

    def _begin(
        self,
        actor: Actor,
        unit: str,
        sha256: str,
        page: int,
        name: str,
        type_name: str | None,
        former_id: str | None,
        scan_id: str | None,
    ) -> RegisteredForm:
        name, version, former = self._name_of(actor, name, former_id)
        type_name = type_name or (former.type if former else self._types.all()[0].name)
        now = utc_now()
        form = RegisteredForm(
            name=name,
            version=version,
            type=self._types.get(type_name).name,
            unit=unit,
            sha256=sha256,
            page=page,
            scan_id=scan_id,
            former_id=former.id if former else None,
            created_at=now,
            created_by=actor.name,
            changed_at=now,
            changed_by=actor.name,
        )
        self._store.insert(form)
        self._audit.record(actor, "form.register", "form", form.id, unit=unit, version=str(version))
        self._queue.prepare_form(form.id)
        return form

    def _name_of(self, actor: Actor, name: str, former_id: str | None) -> tuple[str, int, RegisteredForm | None]:
        """The name and number of a new edition, and the one before it."""
        former = self.get(actor, former_id) if former_id else None
        name = former.name if former else " ".join(name.split())
        if not name:
            raise InvalidInputError("name", "A form needs a name.", code="required")
        if len(name) > _NAME_LENGTH:
            raise InvalidInputError("name", f"A name has at most {_NAME_LENGTH} characters.", code="too-long")
        same = [form.version for form in self._store.all() if form.name == name]
        return name, max(same, default=0) + 1, former

    # Changing

    def save(
        self, actor: Actor, form_id: str, *, revision: int, name: str, type: str, zones: Sequence[FormZone]
    ) -> RegisteredForm:
        """Keep the marked zones. What stands in them, boxes to tick and boxes for characters, is looked for in the picture.

        The wording of a choice's options is the given one where it has as many as boxes are found.
        """
        form = self._editable(actor, form_id, revision)
        name, _, _ = self._name_of(actor, name, None)
        checked = self._marked(form, zones)
        changes = {"name": name, "type": self._types.get(type).name, "zones": [zone.model_dump() for zone in checked]}
        if form.state is FormState.ACTIVE:
            _require_usable(form.model_copy(update={"zones": checked}))
        return self._changed(actor, form, changes, "form.save")

    def _marked(self, form: RegisteredForm, zones: Sequence[FormZone]) -> tuple[FormZone, ...]:
        if len(zones) > _MOST_ZONES:
            raise InvalidInputError("zones", f"A form has at most {_MOST_ZONES} zones.", code="too-many")
        names = [zone.name for zone in zones if zone.name]
        if len(set(names)) < len(names):
            raise InvalidInputError("zones", "Two zones hold the same field.", code="field-twice")
        gray = gray_of(self._blobs.get(form.picture_sha256 or ""))
        words = [Word(word.text, word.confidence, Box(*word.box)) for word in form.words]
        marked = []
        for zone in zones:
            x0, y0, x1, y1 = zone.box
            if not (0 <= x0 < x1 <= form.width_px and 0 <= y0 < y1 <= form.height_px):
                raise InvalidInputError("zones", "A zone lies outside the page, or is empty.", code="bad-box")
            if not zone.label.strip():
                raise InvalidInputError("zones", "A zone needs a label.", code="required")
            options = [option.text for option in zone.options]
            found = FormZone.of(with_marks(zone.for_reading(), gray, words, options=options))
            if zone.kind in (ZoneKind.CHOICE, ZoneKind.TICK) and not found.options:
                raise InvalidInputError("zones", "No box to tick was found in a zone.", code="no-boxes")
            if zone.kind is ZoneKind.DIGITS and not found.cells:
                raise InvalidInputError("zones", "No row of boxes for characters was found in a zone.", code="no-boxes")
            marked.append(found.model_copy(update={"label": zone.label.strip()[:VALUE_LENGTH]}))
        return tuple(marked)

    def activate(self, actor: Actor, form_id: str, *, revision: int) -> RegisteredForm:
        """Let scans be read by the form from now on."""
        form = self._editable(actor, form_id, revision)
        _require_usable(form)
        return self._changed(actor, form, {"state": FormState.ACTIVE.value}, "form.activate")

    def retire(self, actor: Actor, form_id: str, *, revision: int) -> RegisteredForm:
        """Let no more scans be read by the form; it stays, and can be activated again."""
        form = self._editable(actor, form_id, revision)
        return self._changed(actor, form, {"state": FormState.RETIRED.value}, "form.retire")

    def delete(self, actor: Actor, form_id: str, *, revision: int) -> None:
        """Delete a form that no scan is read by. Scans that were keep its name."""
        form = self.get(actor, form_id)
        if form.revision != revision:
            raise StaleRevisionError("form", form.name)
        if form.state is FormState.ACTIVE:
            raise WrongStateError("form", form.name, form.state.value)
        if not self._store.delete(form):
            raise StaleRevisionError("form", form.name)
        self._store.touch()
        self._audit.record(actor, "form.delete", "form", form.id, unit=form.unit, version=str(form.version))

    def prepare_again(self, actor: Actor, form_id: str) -> RegisteredForm:
        """Have the page prepared once more that could not be."""
        form = self.get(actor, form_id)
        if form.state is not FormState.FAILED:
            raise WrongStateError("form", form.name, form.state.value)
        changed = self._changed(
            actor, form, {"state": FormState.PREPARING.value, "attempts": 0, "failure": None}, "form.retry"
        )
        self._queue.prepare_form(form.id)
        return changed

    def _editable(self, actor: Actor, form_id: str, revision: int) -> RegisteredForm:
        form = self.get(actor, form_id)
        if form.picture_sha256 is None:
            raise WrongStateError("form", form.name, form.state.value)
        if form.revision != revision:
            raise StaleRevisionError("form", form.name)
        return form

    def _changed(self, actor: Actor, form: RegisteredForm, changes: Mapping[str, Any], action: str) -> RegisteredForm:
        if not self._store.change(form, {**changes, "changed_at": utc_now(), "changed_by": actor.name}):
            raise StaleRevisionError("form", form.name)
        self._store.touch()
        self._audit.record(actor, action, "form", form.id, unit=form.unit, version=str(form.version))
        return self.get(actor, form.id)

    # Trying

    def try_on(self, actor: Actor, form_id: str, scan_id: str) -> Trial:
        """Have a scan read with the form, without any consequence for the scan."""
        form = self.get(actor, form_id)
        if form.picture_sha256 is None:
            raise WrongStateError("form", form.name, form.state.value)
        scan = require_scan(self._scans, actor, scan_id)
        trial = Trial(id=form.id, scan_id=scan.id, begun_at=utc_now(), begun_by=actor.name)
        self._store.put_trial(trial)
        self._audit.record(actor, "form.try", "form", form.id, unit=form.unit, receipt=scan.receipt)
        self._queue.try_form(form.id)
        return trial

    def trial(self, actor: Actor, form_id: str) -> Trial | None:
        """Return the form's last trial, where the actor may see its scan; its results are forgotten after some hours."""
        trial = self._store.trial(self.get(actor, form_id).id)
        if trial is None:
            return None
        try:
            require_scan(self._scans, actor, trial.scan_id)
        except NotFoundError:
            return None
        return trial

    # Reading

    def for_reading(self) -> tuple[FormTemplate, ...]:
        """Return the active forms as the reader takes them. They are kept until a form is changed, by whichever process."""
        stamp = self._store.stamp()
        with self._lock:
            now = time.monotonic()
            if self._cached is None or self._cached[0] != stamp or now - self._cached[1] > _CACHE_S:
                known = {dossier_type.name for dossier_type in self._types.all()}
                forms = [form for form in self._store.in_state(FormState.ACTIVE) if form.type in known]
                self._cached = (stamp, now, tuple(form.for_reading() for form in forms))
            return self._cached[2]


def _require_usable(form: RegisteredForm) -> None:
    if not form.zones:
        raise InvalidInputError("zones", "Mark at least one zone.", code="no-zones")
    if len(form.anchors) < LEAST_ANCHORS:
        raise InvalidInputError(
            "zones",
            f"Fewer than {LEAST_ANCHORS} printed texts are left outside the zones; copies could not be recognised.",
            code="form-too-bare",
        )
