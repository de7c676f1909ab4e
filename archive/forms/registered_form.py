"""Form templates as the archive keeps them: forms registered from one page each, and what is tried and learned with them.

Pure: no I/O.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from archive.scans.scan import PageWord
from archive.values import BoxTuple, Value, new_id
from ocr import Anchor, Box, FormTemplate, Option, Word, Zone, ZoneKind, anchors_of

LEAST_ANCHORS = 6
"""With fewer printed texts outside its zones a form could not be told from others."""


class FormState(StrEnum):
    """``preparing -> draft -> active -> retired``; a page that cannot be read is ``failed``."""

    PREPARING = "preparing"
    FAILED = "failed"
    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class OptionMark(Value):
    """A printed option and its box to tick."""

    text: str
    box: BoxTuple


class FormZone(Value):
    """A place on a form that is filled in; all boxes are in pixels of the form's picture.

    Attributes:
        id: Stays the same through all corrections.
        label: How the form prints it.
        name: The field of the dossier, or None for one that is kept under its label.
        kind: Text, choice, tick or digits: a value of ``ocr.ZoneKind``.
        options: The options of a choice, or the one of a tick.
        cells: The boxes for single characters.
    """

    id: str = Field(default_factory=lambda: new_id()[:8])
    label: str
    name: str | None = None
    kind: ZoneKind = ZoneKind.TEXT
    box: BoxTuple
    options: tuple[OptionMark, ...] = ()
    cells: tuple[BoxTuple, ...] = ()

    @classmethod
    def of(cls, zone: Zone) -> "FormZone":
        """Return what the reader calls a zone, as it is kept."""
        return cls(
            id=zone.id,
            label=zone.label,
            name=zone.name,
            kind=zone.kind,
            box=tuple(zone.box),
            options=tuple(OptionMark(text=option.text, box=tuple(option.box)) for option in zone.options),
            cells=tuple(tuple(cell) for cell in zone.cells),
        )

    def for_reading(self) -> Zone:
        """Return it as the reader takes it."""
        return Zone(
            id=self.id,
            label=self.label,
            name=self.name,
            kind=self.kind,
            box=Box(*self.box),
            options=tuple(Option(option.text, Box(*option.box)) for option in self.options),
            cells=tuple(Box(*cell) for cell in self.cells),
        )


class RegisteredForm(Value):
    """One edition of a form, one page of it.

    Attributes:
        name: What people call the form; its editions share it.
        version: Number of the edition, from 1.
        type: The dossier type that its scans are filed as.
        unit: Where it was registered: only those who curate there see its picture. It is read in every unit.
        sha256: The bytes it was registered from.
        page: The page of them, from 1.
        scan_id: The scan that they are, or None where they were sent for this alone.
        former_id: The edition whose zones it took over.
        picture_sha256: The page, upright and straight; None until it is prepared.
        words: What stands on it.
        failure: Code of why the page could not be read.
        attempts: How often preparing it was begun.
    """

    id: str = Field(default_factory=new_id)
    name: str
    version: int = 1
    type: str
    unit: str
    state: FormState = FormState.PREPARING
    sha256: str
    page: int = 1
    scan_id: str | None = None
    former_id: str | None = None
    picture_sha256: str | None = None
    width_px: int = 0
    height_px: int = 0
    words: tuple[PageWord, ...] = ()
    zones: tuple[FormZone, ...] = ()
    failure: str | None = None
    attempts: int = 0
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str
    revision: int = 1

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """The printed texts by which copies are recognised."""
        words = [Word(word.text, word.confidence, Box(*word.box)) for word in self.words]
        return anchors_of(words, [zone.for_reading() for zone in self.zones])

    def for_reading(self) -> FormTemplate:
        """Return it as the reader takes it."""
        return FormTemplate(
            id=self.id,
            name=self.name,
            version=self.version,
            type=self.type,
            width_px=self.width_px,
            height_px=self.height_px,
            anchors=self.anchors,
            zones=tuple(zone.for_reading() for zone in self.zones),
        )


class TriedZone(Value):
    """What a zone gave on a trial scan; empty where nothing stands in it."""

    zone_id: str
    raw: str
    normalised: str | None = None
    valid: bool = True
    problems: tuple[str, ...] = ()
    confidence: float
    page: int
    box: BoxTuple


class Trial(Value):
    """A form tried on a scan. One form has one at a time; its id is the form's.

    Attributes:
        ticket: Tells this trial from the one before it.
        score: How much of the form's print was found; None where the scan is no copy of it.
        failure: Code of why the scan could not be read.
    """

    id: str
    ticket: str = Field(default_factory=new_id)
    scan_id: str
    done: bool = False
    score: float | None = None
    page: int | None = None
    zones: tuple[TriedZone, ...] = ()
    failure: str | None = None
    attempts: int = 0
    begun_at: datetime
    begun_by: str


class ZoneFigures(Value):
    """How well one zone was read, by what reviewers made of it.

    Attributes:
        looked: How many values reviewers looked at.
        right: How many of them they confirmed as read.
        corrected: How many they changed.
        rejected: How many they threw out.
        missed: How many they had to add.
        unseen: How many were filed without a look.
    """

    id: str
    form_id: str
    zone_id: str
    looked: int = 0
    right: int = 0
    corrected: int = 0
    rejected: int = 0
    missed: int = 0
    unseen: int = 0


class LabelHint(Value):
    """A printed label that reviewers took for a field of which it is no printed label yet.

    Attributes:
        type: The dossier type.
        label: As printed.
        name: The field.
        count: How often.
        state: open, accepted or dismissed.
    """

    id: str
    type: str
    label: str
    name: str
    count: int = 0
    state: str = "open"
