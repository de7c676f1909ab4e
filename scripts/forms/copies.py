"""Registers forms from one page each and reads filled copies of them: how right the values are, and how sure the recognition.

Stands in for the archivist who marks the zones: they are the places that the generator leaves for the answers.
"""

import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from ocr import (
    DEFAULT_VOCABULARY,
    Box,
    FormTemplate,
    OcrEngine,
    Reading,
    Zone,
    ZoneKind,
    anchors_of,
    gray_of,
    read_reference,
    read_scan,
    with_marks,
)

from .generate import FormPage, TruePlace, make_page, save_pages
from .layouts import FORMS
from .look import Look

__all__ = ["CopyFigures", "Edition", "measure_copies", "register", "scan_of", "totals"]

REFERENCE_LOOK = Look(texture=1.5, shading=0.04, blur_px=0.4, noise=2.0)
"""The page to register from lies straight, so that the places on the sheet are those on the page."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One printed form: pages of one edition are copies of it."""

    form: str
    edition: str
    dpi: int = 200

    def copy(self, seed: str, look: Look | None = None) -> FormPage:
        """A filled copy."""
        return make_page(FORMS[self.form], seed, dpi=self.dpi, look=look, edition=self.edition)


@dataclass
class CopyFigures:
    """What came out for the copies of one form.

    Attributes:
        expected: The template that should be recognised; empty for none.
        pages: How many copies were read.
        recognised: On how many of them the expected template, or rightly none, was.
        values: How many fields were filled in.
        right: How many of them were read exactly.
        wrong: Form, copy, field, what stands there, what was read.
        scores: Match score of each page that was recognised.
        seconds: Time of reading.
    """

    expected: str
    pages: int = 0
    recognised: int = 0
    values: int = 0
    right: int = 0
    wrong: list[tuple[str, str, str, str]] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    seconds: float = 0.0


def scan_of(page: FormPage) -> bytes:
    """The page as a JPEG file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "page.jpg"
        save_pages([page], path)
        return path.read_bytes()


def register(edition: Edition, engine: OcrEngine, *, version: int = 1, seed: str = "reference") -> FormTemplate:
    """Register a form from one filled page of it."""
    page = edition.copy(seed, REFERENCE_LOOK)
    reference = read_reference(scan_of(page), 1, engine=engine, vocabulary=DEFAULT_VOCABULARY)
    scale = reference.width_px / page.size_px[0]
    gray = gray_of(reference.picture)
    zones = tuple(
        with_marks(
            Zone(
                f"{edition.form}-{number}", place.key.strip(":： "), place.name, _kind(place), _scaled(place.box, scale)
            ),
            gray,
            reference.words,
            options=[text for text, _ in place.options],
        )
        for number, place in enumerate(page.places)
    )
    return FormTemplate(
        id=f"{edition.form}-{edition.edition}",
        name=f"{edition.form} {edition.edition}",
        version=version,
        type="",
        width_px=reference.width_px,
        height_px=reference.height_px,
        anchors=anchors_of(reference.words, zones),
        zones=zones,
    )


def _kind(place: TruePlace) -> ZoneKind:
    if place.options:
        return ZoneKind.CHOICE
    return ZoneKind.DIGITS if place.boxed else ZoneKind.TEXT


def _scaled(box: Sequence[int], scale: float) -> Box:
    return Box(*(round(edge * scale) for edge in box))


def measure_copies(
    edition: Edition,
    expected: str,
    templates: Sequence[FormTemplate],
    engine: OcrEngine,
    *,
    copies: int = 10,
    max_skew_deg: float = 3.0,
) -> CopyFigures:
    """Read filled copies of a form, and compare.

    Args:
        expected: Name of the template that should be recognised; empty for none.
        templates: All that are registered.
        max_skew_deg: How far the copies lean at most.
    """
    figures = CopyFigures(expected)
    for number in range(copies):
        seed = f"copy {number}"
        page = edition.copy(seed, Look.drawn(Random(f"{edition.form}/{seed}"), max_skew_deg=max_skew_deg))
        data = scan_of(page)
        begun = time.perf_counter()
        reading = read_scan(data, engine=engine, templates=templates)
        figures.seconds += time.perf_counter() - begun
        figures.pages += 1
        figures.recognised += (reading.template or "") == expected
        figures.scores += [match.score for match in reading.matches]
        if expected:
            _compare(figures, f"{edition.form} {number}", page, reading)
    return figures


def _compare(figures: CopyFigures, copy: str, page: FormPage, reading: Reading) -> None:
    read = {each.name: each for each in reading.extractions if each.zone}
    stated = {each.name: each for each in page.fields}
    for place in page.places:
        truth, found = stated.get(place.name), read.get(place.name)
        if truth is None and found is None:
            continue
        figures.values += 1
        is_right = (
            truth is not None
            and found is not None
            and (found.normalised == truth.normalised or _bare(found.value) == _bare(truth.value))
        )
        if is_right:
            figures.right += 1
        else:
            figures.wrong.append((copy, place.name, truth.value if truth else "", found.value if found else ""))


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def totals(figures: Iterable[CopyFigures]) -> CopyFigures:
    """All figures in one."""
    whole = CopyFigures("")
    for each in figures:
        whole.pages += each.pages
        whole.recognised += each.recognised
        whole.values += each.values
        whole.right += each.right
        whole.seconds += each.seconds
        whole.wrong += each.wrong
        whole.scores += each.scores
    return whole
