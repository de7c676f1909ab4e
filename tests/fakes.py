"""Small real classes that stand in for what is slow, and fail as the real ones do."""

import dataclasses
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from archive.bootstrap import Archive
from ocr import (
    Box,
    Extraction,
    FormTemplate,
    Kind,
    Mark,
    OcrError,
    Reading,
    ReadingLimits,
    ReadPage,
    Reference,
    TableRow,
    TemplateMatch,
    Vocabulary,
    Word,
    Zone,
    ZoneKind,
    check_value,
)
from search import IndexUnavailableError
from tests.factories import ZHANG_SAN

_KINDS = {
    "name": Kind.NAME,
    "sex": Kind.SEX,
    "birth_date": Kind.BIRTH_DATE,
    "id_number": Kind.ID_NUMBER,
    "mobile": Kind.MOBILE,
    "uscc": Kind.USCC,
    "company": Kind.COMPANY,
}


def extraction(
    name: str | None,
    value: str,
    *,
    key: str = "",
    confidence: float = 0.99,
    line: int = 0,
    page: int = 1,
    row: TableRow | None = None,
    ticked: str = "",
) -> Extraction:
    """Return a field as the reader would report it, on the given line of the page; ``ticked`` of the choices it offers."""
    checked = check_value(_KINDS.get(name or "", Kind.TEXT), ticked or value)
    top = 100 + 60 * line
    return Extraction(
        key=key or name or "label",
        value=value,
        name=name,
        normalised=checked.normalised,
        valid=checked.valid,
        problems=checked.problems,
        confidence=confidence,
        page=page,
        key_box=Box(100, top, 200, top + 40),
        value_box=Box(220, top, 600, top + 40),
        row=row,
    )


@dataclass
class CannedReader:
    """Gives the readings it was told, in turn; the last one again and again.

    Attributes:
        fields: What stands on the page.
        text: Further lines of the page.
        marks: Stamps and places to sign of the page.
        failures: Errors to raise first, one a reading.
        copy_of: The form that every page is a copy of, where its template is given.
        read_count: How many files were read.
    """

    fields: tuple[Extraction, ...] = ()
    text: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    failures: list[Exception] = field(default_factory=list)
    copy_of: str = ""
    read_count: int = 0

    def start(self) -> None:
        """Nothing to make ready."""

    def close(self) -> None:
        """Nothing to let go of."""

    def read_reference(
        self, data: bytes, number: int, vocabulary: Vocabulary, limits: ReadingLimits, former: FormTemplate | None
    ) -> Reference:
        """Return a blank page with some print, and a zone for each field."""
        if self.failures:
            raise self.failures.pop(0)
        out = io.BytesIO()
        Image.new("RGB", (1000, 1400), "white").save(out, "JPEG")
        words = [
            Word(f"印刷文字{character}", 0.99, Box(60, 800 + 50 * n, 300, 840 + 50 * n))
            for n, character in enumerate("甲乙丙丁戊己庚")
        ]
        zones = tuple(
            Zone(f"zone{n}", each.key, each.name, ZoneKind.TEXT, each.value_box or Box(0, 0, 9, 9))
            for n, each in enumerate(self.fields)
        )
        return Reference(out.getvalue(), 1000, 1400, tuple(words), former.zones if former else zones)

    def read(
        self, data: bytes, vocabulary: Vocabulary, limits: ReadingLimits, templates: Sequence[FormTemplate] = ()
    ) -> Reading:
        """Return a reading of one page with the fields' labels and values and the further lines as its words."""
        self.read_count += 1
        if self.failures:
            raise self.failures.pop(0)
        words = []
        for each in self.fields:
            assert each.key_box is not None
            assert each.value_box is not None
            words += [Word(each.key, 0.99, each.key_box), Word(each.value, each.confidence, each.value_box)]
        top = 100 + 60 * len(self.fields)
        words += [Word(line, 0.97, Box(100, top + 60 * n, 900, top + 60 * n + 40)) for n, line in enumerate(self.text)]
        page = ReadPage(
            number=1,
            width_px=1000,
            height_px=1400,
            dpi=120,
            rotation_deg=0,
            skew_deg=0.0,
            words=tuple(words),
            marks=self.marks,
        )
        form = next((template for template in templates if template.name == self.copy_of), None)
        if form is None:
            return Reading("canned 1", 0.01, None, (page,), tuple(self.fields))
        zones = {zone.name: zone.id for zone in form.zones}
        found = tuple(dataclasses.replace(each, zone=zones.get(each.name)) for each in self.fields)
        match = TemplateMatch(form.id, form.name, form.version, form.type, 1, 0.97)
        return Reading("canned 1", 0.01, form.name, (page,), found, (match,))


class BrokenPageError(OcrError):
    """A file that no reader can read."""

    code = "broken-page"
    transient = False


class BusyEngineError(OcrError):
    """An engine that will answer later."""

    code = "busy-engine"
    transient = True


class SilentIndex:
    """An index whose server does not answer."""

    def __getattr__(self, name: str) -> Any:
        """Fail as every method of an engine does then."""
        raise IndexUnavailableError("The index does not answer.")


@contextmanager
def without_index(archive: Archive) -> Iterator[None]:
    """Have the archive ask an index that does not answer, to the end of the block."""
    askers: list[Any] = [archive.lookup, archive.suggestions]
    engines = [asker._engine for asker in askers]
    for asker in askers:
        asker._engine = SilentIndex()
    try:
        yield
    finally:
        for asker, engine in zip(askers, engines, strict=True):
            asker._engine = engine


def name_and_number(confidence: float = 0.99) -> tuple[Extraction, ...]:
    """What is read of a form of 张三 with his name and his ID number."""
    return (
        extraction("name", ZHANG_SAN["name"], key="姓名"),
        extraction("id_number", ZHANG_SAN["id_number"], key="身份证号", confidence=confidence, line=1),
    )
