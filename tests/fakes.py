"""Small real classes that stand in for what is slow, and fail as the real ones do."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from archive.bootstrap import Archive
from ocr import Box, Extraction, Kind, OcrError, Reading, ReadingLimits, ReadPage, Vocabulary, Word, check_value
from search import IndexUnavailableError

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
    name: str | None, value: str, *, key: str = "", confidence: float = 0.99, line: int = 0, page: int = 1
) -> Extraction:
    """Return a field as the reader would report it, on the given line of the page."""
    checked = check_value(_KINDS.get(name or "", Kind.TEXT), value)
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
    )


@dataclass
class CannedReader:
    """Gives the readings it was told, in turn; the last one again and again.

    Attributes:
        fields: What stands on the page.
        text: Further lines of the page.
        failures: Errors to raise first, one a reading.
        read: How many files were read.
    """

    fields: tuple[Extraction, ...] = ()
    text: tuple[str, ...] = ()
    failures: list[Exception] = field(default_factory=list)
    read_count: int = 0

    def start(self) -> None:
        """Nothing to make ready."""

    def close(self) -> None:
        """Nothing to let go of."""

    def read(self, data: bytes, vocabulary: Vocabulary, limits: ReadingLimits) -> Reading:
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
            number=1, width_px=1000, height_px=1400, dpi=120, rotation_deg=0, skew_deg=0.0, words=tuple(words)
        )
        return Reading("canned 1", 0.01, None, (page,), tuple(self.fields))


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
