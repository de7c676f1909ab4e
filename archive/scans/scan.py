"""A received file on its way into a dossier. Pure: no I/O."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from archive.table_rows import RowLabel, row_field_name
from archive.values import BoxTuple, Value, as_written, new_id


class ScanState(StrEnum):
    """``received -> reading -> needs_review -> filed``; ``failed`` can be retried, ``rejected`` can be restored.

    What is ``filed`` can be taken out of its dossier and is back in ``needs_review``.
    """

    RECEIVED = "received"
    READING = "reading"
    NEEDS_REVIEW = "needs_review"
    FILED = "filed"
    FAILED = "failed"
    REJECTED = "rejected"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done with the scan."""
        return self not in {ScanState.FILED, ScanState.REJECTED}


class Failure(Value):
    """Why a scan could not be read."""

    code: str
    message: str
    transient: bool
    at: datetime


Decision = Literal["open", "confirmed", "corrected", "rejected"]


class Finding(Value):
    """One field as read from the scan, and what the reviewer made of it.

    Attributes:
        key: The label as printed.
        name: The canonical field, or None where the label is not known.
        raw: The text as read.
        normalised: The text in its normal form, or None where it has none.
        read_as: What the raw text means, where the reader saw that in the image and the text alone does not say it: of
            printed choices, the ticked one.
        valid: Whether the validator accepts it.
        problems: Codes of what the validator found.
        suggestion: What the text probably should be, where a check digit tells.
        confidence: 0.0 to 1.0; 1.0 for what a reviewer typed.
        page: Page number, from 1; 0 for what stands on no page.
        key_box: Where the label stands, in pixels of the page as received.
        value_box: Where the value stands.
        sensitive: Whether others will see it masked.
        decision: What the reviewer decided.
        value: What the reviewer says it is, where that differs from what was read.
        decided_by: The reviewer's name.
        decided_by_id: The reviewer's user id.
        decided_at: When that was.
        weak: Whether somebody has to look: confidence below the threshold, or not valid.
        zone: The zone of the page's form template that it was read from; None for one found by the page's layout.
        table: What the table is about that it stands in; empty where the form does not say, or it stands in none.
        row: The row of that table, from 1; None where it stands in none.
    """

    id: str = Field(default_factory=new_id)
    key: str
    name: str | None = None
    raw: str
    normalised: str | None = None
    read_as: str | None = None
    valid: bool = True
    problems: tuple[str, ...] = ()
    suggestion: str | None = None
    confidence: float
    page: int
    key_box: BoxTuple | None = None
    value_box: BoxTuple | None = None
    sensitive: bool = False
    decision: Decision = "open"
    value: str | None = None
    decided_by: str | None = None
    decided_by_id: str | None = None
    decided_at: datetime | None = None
    weak: bool = False
    zone: str | None = None
    table: str = ""
    row: int | None = None

    @property
    def own_name(self) -> str | None:
        """Under which a dossier keeps it where it belongs to no field: its printed label, with its table and row.

        MongoDB takes neither dots nor dollar signs in a key.
        """
        label = self.key.strip(" :\uff1a*")
        if label and self.row is not None:
            label = row_field_name(RowLabel(self.table, self.row, label))
        return label.translate({ord("."): "\uff0e", ord("$"): "\uff04"})[:100] or None

    @property
    def meant(self) -> str:
        """What is checked and filed: the reviewer's word, else what the reader saw."""
        return self.value or self.read_as or self.raw

    @property
    def text(self) -> str:
        """The value that will be filed."""
        return as_written(self.normalised or self.value or self.raw)

    @property
    def counts(self) -> bool:
        """Whether it will be filed into a field of the dossier."""
        return self.name is not None and self.decision != "rejected"

    @property
    def needs_look(self) -> bool:
        """Whether it keeps the scan from being filed without a look."""
        return self.counts and self.decision == "open" and self.weak


class Candidate(Value):
    """A dossier that the scan may belong to.

    Attributes:
        reasons: Codes: same-id-number, same-uscc, same-passport, same-phone, same-name-and-birth-date, same-name,
            same-company.
        certain: Whether a reason that names one person or company alone holds and nothing speaks against it.
    """

    dossier_id: str
    code: str
    title: str
    reasons: tuple[str, ...]
    certain: bool


class PageMark(Value):
    """What else than text a page bears.

    Attributes:
        kind: Code: stamp, signature, or no-signature for a place to sign at which nobody has.
        box: Where it is; of an empty place its label.
        label: The label that asks for the signature, as printed; empty for stamps.
    """

    kind: str
    box: BoxTuple
    label: str = ""


class PageInfo(Value):
    """Size and attitude of one page, and what it bears besides text.

    Attributes:
        rotation_deg: Clockwise turn that makes the page upright: 0, 90, 180 or 270.
        skew_deg: What is left to turn after that.
    """

    number: int
    width_px: int
    height_px: int
    dpi: int | None = None
    rotation_deg: int = 0
    skew_deg: float = 0.0
    marks: tuple[PageMark, ...] = ()


class PageWord(Value):
    """A recognised run of text on a page."""

    text: str
    confidence: float
    box: BoxTuple


class ScanPage(PageInfo):
    """A page with its words. Its text is the words joined by line feeds, in reading order."""

    scan_id: str
    words: tuple[PageWord, ...] = ()

    @property
    def text(self) -> str:
        """The page's words, one a line."""
        return "\n".join(word.text for word in self.words)


class FormUse(Value):
    """A page that was recognised as a copy of a registered form, and read by its template.

    Attributes:
        form_id: The template's id; ``name`` and ``version`` are what it was called then.
        page: The page, from 1.
        score: Share of the form's print that was found, 0.0 to 1.0.
    """

    form_id: str
    name: str
    version: int
    page: int
    score: float


class Scan(Value):
    """One received file: its bytes' digest, where it stands, and what was read from it.

    Attributes:
        filed_at: When it was filed; ``filed_by`` and the dossier go with it.
        taken_out: How often it was taken out of a dossier again.
    """

    id: str = Field(default_factory=new_id)
    receipt: str
    filename: str
    sha256: str
    media_type: str
    size_bytes: int
    page_count: int
    unit: str
    type: str | None = None
    batch_id: str
    channel: Literal["web", "cli", "folder", "demo"] = "web"
    uploaded_by: str
    uploaded_by_name: str
    received_at: datetime
    state: ScanState = ScanState.RECEIVED
    attempts: int = 0
    failure: Failure | None = None
    engine: str | None = None
    read_seconds: float | None = None
    forms: tuple[FormUse, ...] = ()
    findings: tuple[Finding, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    risk: float = 0.0
    dossier_id: str | None = None
    dossier_code: str | None = None
    filed_at: datetime | None = None
    filed_by: str | None = None
    taken_out: int = 0
    rejected_reason: str | None = None
    revision: int = 1

    @property
    def is_begun(self) -> bool:
        """Whether a reviewer has decided on any of its findings."""
        return any(finding.decision != "open" for finding in self.findings)


class WaitingScan(Value):
    """What the review queue needs to know of a scan to put it in its place."""

    id: str
    unit: str
    batch_id: str
    uploaded_by: str
    received_at: datetime
    risk: float
    lease_until: datetime | None = None


class Receipt(Value):
    """The answer to a file that was taken in: its bytes are on disk.

    Attributes:
        duplicate: Whether the same bytes were here already; the receipt is then the old one.
    """

    receipt: str
    scan_id: str
    filename: str
    state: ScanState
    duplicate: bool


class RefusedFile(Value):
    """A file of a batch that was not taken in: nothing of it is kept but that it came, so that nobody believes it is here.

    Attributes:
        code: Why; one of the codes of ``IntakeError``.
    """

    id: str = Field(default_factory=new_id)
    batch_id: str
    filename: str
    code: str
    unit: str
    refused_by: str
    at: datetime


def risk_of(findings: tuple[Finding, ...], candidates: tuple[Candidate, ...]) -> float:
    """Rate how much a scan needs a careful look, 0.0 (none) upwards: the review queue shows the highest first.

    A failed check weighs most, then doubt of the reader, then an unclear dossier; a form on which nothing known was
    found ranks above all of them, for there a person has everything to do.
    """
    known = [finding for finding in findings if finding.counts]
    if not known:
        return 10.0
    invalid = sum(1 for finding in known if not finding.valid)
    doubt = sum(1.0 - finding.confidence for finding in known if finding.weak)
    unclear = 0.5 if candidates and not any(candidate.certain for candidate in candidates) else 0.0
    return round(min(9.9, invalid + doubt + unclear), 4)
