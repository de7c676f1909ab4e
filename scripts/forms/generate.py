"""Makes whole form pages with their truth, and writes them to files."""

import dataclasses
import datetime as dt
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from PIL import Image

from .answers import Answers, company_answers, person_answers
from .fonts import Style
from .invented import Company, Person, invent_company, invent_person
from .layouts import Form
from .look import Box, Look, Pixels, scan
from .plain import ALL_FORMS
from .sheet import Sheet

TODAY = dt.date(2026, 6, 30)
"""The latest day on a form; fixed, so that a seed makes the same page next year."""

BLANK_SHARE = 0.08
"""Share of the questions that are left unanswered where a form does not insist."""


@dataclass(frozen=True, slots=True)
class TrueText:
    """A line of text and its box, in pixels of the page as delivered."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class TrueField:
    """A filled-in field.

    Attributes:
        key: The label as printed.
        value: As written on the page.
        name: Canonical field name.
        normalised: The canonical form of the value.
        key_box: Where the label's ink is.
        value_box: Where the value's ink is; of a choice, the ticked option.
        record: The row of its table, from 1; None where it stands in none.
    """

    key: str
    value: str
    name: str
    normalised: str
    key_box: Box
    value_box: Box
    record: int | None = None


@dataclass(frozen=True, slots=True)
class TruePlace:
    """Where a form asks for something, whether it is filled in or not.

    Attributes:
        key: The label as printed.
        name: Canonical field name.
        box: The room for the answer.
        options: The printed options with the boxes to tick, where it is a choice.
        boxed: Whether each character has a box of its own.
    """

    key: str
    name: str
    box: Box
    options: tuple[tuple[str, Box], ...]
    boxed: bool


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page as the scanner delivers it, and everything that is true of it."""

    form: str
    language: str
    seed: str
    filling: str
    fonts: tuple[str, ...]
    dpi: int
    look: Look
    pixels: Pixels
    texts: tuple[TrueText, ...]
    fields: tuple[TrueField, ...]
    places: tuple[TruePlace, ...] = ()

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return int(self.pixels.shape[1]), int(self.pixels.shape[0])

    def truth(self, file: str, page: int) -> dict[str, Any]:
        """Return what ``truth.json`` says about it as page ``page`` (from 1) of ``file``."""
        width_px, height_px = self.size_px
        return {
            "file": file,
            "page": page,
            "form": self.form,
            "language": self.language,
            "seed": self.seed,
            "filling": self.filling,
            "fonts": list(self.fonts),
            "width_px": width_px,
            "height_px": height_px,
            "dpi": self.dpi,
            "rotation_deg": self.look.rotation_deg,
            "skew_deg": self.look.skew_deg,
            "fields": [dataclasses.asdict(field) for field in self.fields],
            "texts": [dataclasses.asdict(text) for text in self.texts],
        }


def make_page(
    form: Form,
    seed: str,
    *,
    dpi: int = 200,
    look: Look | None = None,
    customer: Person | Company | None = None,
    filling: Style | None = None,
    form_date: dt.date | None = None,
    blanks: bool = True,
    edition: str | None = None,
) -> FormPage:
    """Draw, fill in and scan one form.

    Args:
        seed: Decides what is left to chance: the same seed, arguments and installed fonts make the same page.
        dpi: Resolution of the scan.
        look: What the scanner does; drawn by lot when None.
        customer: Who fills it in; invented when None.
        filling: By hand or typed; drawn by lot when None.
        form_date: The day it is signed; drawn by lot when None.
        blanks: Whether some questions may be left unanswered.
        edition: Decides what is printed: pages of one edition are copies of the same form. None: each seed has its own.

    Raises:
        FontMissingError: No font for one of the form's styles is installed.
    """
    # Streams of their own: a change of one part's use of chance leaves the others as they were.
    whom, how, where, what = (Random(f"{form.name}/{seed}/{part}") for part in ("customer", "manner", "layout", "look"))
    if form_date is None:
        form_date = TODAY - dt.timedelta(days=how.randrange(5 * 365))
    if filling is None:
        filling = how.choice((Style.HAND, Style.TYPED))
    if customer is None:
        invent = invent_person if form.customer == "person" else invent_company
        customer = invent(whom, form.language, today=form_date)
    if isinstance(customer, Person):
        stated = person_answers(customer, how, form_date)
    else:
        stated = company_answers(customer, how, form_date)
    answers: Answers = {
        name: answer
        for name, answer in stated.items()
        if name in form.required or not (blanks and how.random() < BLANK_SHARE)
    }

    printing = where if edition is None else Random(f"{form.name}/{edition}/edition")
    sheet = Sheet(*form.size_mm, dpi=dpi, language=form.language, filling=filling, random=where, printing=printing)
    form.draw(sheet, answers, printing)
    if look is None:
        look = Look.drawn(what)
    scanned = scan(np.asarray(sheet.image), look, dpi=dpi, seed=what.getrandbits(32))
    return FormPage(
        form=form.name,
        language=form.language,
        seed=seed,
        filling=filling.value,
        fonts=tuple(dict.fromkeys(face.family for face in sheet.faces.values())),
        dpi=dpi,
        look=look,
        pixels=scanned.pixels,
        texts=tuple(TrueText(mark.text, scanned.place(mark.ink)) for mark in sheet.marks),
        fields=tuple(
            TrueField(
                key=pair.key,
                value=pair.answer.text,
                name=pair.answer.name,
                normalised=pair.answer.normalised,
                key_box=scanned.place(pair.key_ink),
                value_box=scanned.place(pair.value_ink),
                record=pair.record,
            )
            for pair in sheet.pairs
        ),
        places=tuple(
            TruePlace(
                key=place.key,
                name=place.asks,
                box=scanned.place(place.room),
                options=tuple((text, scanned.place(frame)) for text, frame in place.options),
                boxed=place.boxed,
            )
            for place in sheet.places
        ),
    )


FORMATS = ("jpg", "png", "tiff", "pdf")


def save_pages(pages: Sequence[FormPage], path: Path) -> None:
    """Write pages of one resolution to one file; its suffix names the format, and TIFF and PDF take several pages.

    The bytes depend on nothing but the pages: no time of writing goes into them.
    """
    images = [Image.fromarray(page.pixels) for page in pages]
    first, rest = images[0], images[1:]
    dpi, quality = pages[0].dpi, pages[0].look.jpeg_quality
    suffix = path.suffix.removeprefix(".")
    if rest and suffix not in ("tiff", "pdf"):
        raise ValueError(f"a {suffix} file holds one page")
    if suffix == "jpg":
        first.save(path, "JPEG", quality=quality, dpi=(dpi, dpi))
    elif suffix == "png":
        first.save(path, "PNG", dpi=(dpi, dpi))
    elif suffix == "tiff":
        first.save(path, "TIFF", save_all=True, append_images=rest, compression="jpeg", quality=quality, dpi=(dpi, dpi))
    elif suffix == "pdf":
        epoch = time.gmtime(0)
        first.save(
            path,
            "PDF",
            save_all=True,
            append_images=rest,
            resolution=dpi,
            quality=quality,
            creationDate=epoch,
            modDate=epoch,
        )
    else:
        raise ValueError(f"unknown format {suffix!r}")


@dataclass(frozen=True, slots=True)
class Order:
    """A set of files to make.

    Attributes:
        forms: Names of the forms, taken in turn.
        count: Number of files.
        pages: Pages of each file; more than one needs TIFF or PDF.
        skew_deg: Lean of every page; drawn by lot, up to 3 degrees, when None.
        rotations: Turns to take in turn, in degrees.
    """

    forms: tuple[str, ...]
    count: int
    seed: int
    dpi: int = 200
    pages: int = 1
    format: str = "jpg"
    skew_deg: float | None = None
    rotations: tuple[int, ...] = (0,)


def make_files(order: Order, out: Path) -> list[Path]:
    """Make the files of an order and ``truth.json`` beside them; return the files' paths."""
    out.mkdir(parents=True, exist_ok=True)
    truths: list[dict[str, Any]] = []
    paths: list[Path] = []
    for number in range(order.count):
        form = ALL_FORMS[order.forms[number % len(order.forms)]]
        pages = [_ordered_page(form, order, number, page) for page in range(order.pages)]
        path = out / f"{number + 1:04d}-{form.name}.{order.format}"
        save_pages(pages, path)
        paths.append(path)
        truths += [page.truth(path.name, at) for at, page in enumerate(pages, start=1)]
    (out / "truth.json").write_text(
        json.dumps({"pages": truths}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    return paths


def _ordered_page(form: Form, order: Order, number: int, page: int) -> FormPage:
    seed = f"{order.seed}/{number}/{page}"
    look = Look.drawn(Random(f"{seed}/look"))
    look = dataclasses.replace(
        look,
        skew_deg=look.skew_deg if order.skew_deg is None else order.skew_deg,
        rotation_deg=order.rotations[(number * order.pages + page) % len(order.rotations)],
    )
    return make_page(form, seed, dpi=order.dpi, look=look)
