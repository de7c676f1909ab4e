"""The parts that printed forms are made of: headings, ruled rows of cells, lines to write on, small print."""

from dataclasses import dataclass
from random import Random

from .answers import Answers
from .fonts import Style
from .sheet import Area, Colour, Ink, Sheet

BAR_GREY: Colour = (222, 222, 222)


@dataclass(frozen=True, slots=True)
class Cell:
    """One question of a form.

    Attributes:
        labels: Ways of printing it, one of which a form has.
        asks: Name of the answer.
        share: Width, relative to the other cells of its row.
        label_mm: Width of the label's part; 0 for a label in small print above its value.
        options: Tick boxes to choose from; empty where the answer is written.
        round_boxes: Whether the boxes to tick are circles.
        boxed: Whether each character of the answer has a box of its own.
    """

    labels: tuple[str, ...]
    asks: str
    share: float = 1.0
    label_mm: float = 26.0
    options: tuple[str, ...] = ()
    round_boxes: bool = False
    boxed: bool = False


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Type sizes of one form, in points."""

    label_pt: float = 10.5
    value_pt: float = 12.0
    small_pt: float = 7.5


def heading(sheet: Sheet, y: float, text: str, size_pt: float) -> None:
    """Print a line in the middle of the sheet."""
    width = sheet.text_width_mm(text, Style.HEADING, size_pt)
    sheet.text((sheet.width_mm - width) / 2, y, text, Style.HEADING, size_pt)


def bar(sheet: Sheet, area: Area, text: str, size_pt: float) -> None:
    """Print a section's heading on a grey bar."""
    sheet.frame(area, fill=BAR_GREY)
    sheet.text(area.x + 2, area.y + area.height / 2, text, Style.HEADING, size_pt)


def small_print(sheet: Sheet, x: float, y: float, lines: tuple[str, ...], size_pt: float) -> None:
    """Print explanations below each other."""
    pitch = size_pt * 0.3528 * 1.6
    for number, line in enumerate(lines):
        sheet.text(x, y + number * pitch, line, Style.PRINTED, size_pt)


def ruled_rows(sheet: Sheet, area: Area, rows: tuple[Row, ...], answers: Answers, random: Random, sizes: Sizes) -> None:
    """Print rows of ruled cells of equal height over the whole area and fill them in."""
    height = area.height / len(rows)
    for number, row in enumerate(rows):
        x = area.x
        unit = area.width / sum(cell.share for cell in row)
        for cell in row:
            place = Area(x, area.y + number * height, cell.share * unit, height)
            _ruled_cell(sheet, place, cell, answers, random, sizes)
            x += place.width
    sheet.frame(area, width_mm=0.5)


def _ruled_cell(sheet: Sheet, area: Area, cell: Cell, answers: Answers, random: Random, sizes: Sizes) -> None:
    label = random.choice(cell.labels)
    sheet.frame(area)
    if cell.label_mm:
        key_ink = sheet.text_in(
            Area(area.x + 1, area.y + 0.6, cell.label_mm - 2, area.height - 1.2),
            label,
            Style.PRINTED,
            sizes.label_pt,
            align="centre",
        )
        sheet.line(area.x + cell.label_mm, area.y, area.x + cell.label_mm, area.y + area.height)
        value = Area(area.x + cell.label_mm + 1.5, area.y + 0.8, area.width - cell.label_mm - 3, area.height - 1.6)
    else:
        key_ink = sheet.text(area.x + 1.2, area.y + 2.4, label, Style.PRINTED, sizes.small_pt)
        value = Area(area.x + 2, area.y + 4.2, area.width - 4, area.height - 4.8)
    _answer(sheet, value, label, key_ink, cell, answers, sizes)


def _answer(sheet: Sheet, area: Area, key: str, key_ink: Ink, cell: Cell, answers: Answers, sizes: Sizes) -> None:
    answer = answers.get(cell.asks)
    if cell.boxed and answer is not None:
        row = Area(area.x, area.y, min(area.width, 6.2 * len(answer.text)), area.height)
        sheet.ask(row, key, cell.asks, boxed=True)
        sheet.fill_digit_boxes(row, key, key_ink, answer, sizes.value_pt)
    elif cell.options:
        middle = area.y + area.height / 2
        options = sheet.choices(
            area.x, middle, key, key_ink, cell.options, answer, sizes.label_pt, round_boxes=cell.round_boxes
        )
        sheet.ask(area, key, cell.asks, options)
    else:
        sheet.ask(area, key, cell.asks)
        if answer is not None:
            sheet.fill(area, key, key_ink, answer, sizes.value_pt)


def underlined_rows(
    sheet: Sheet, area: Area, rows: tuple[Row, ...], answers: Answers, random: Random, sizes: Sizes
) -> None:
    """Print rows of "label: ______" over the whole area and write on the lines."""
    colon = "：" if sheet.language == "zh" else ":"
    height = area.height / len(rows)
    for number, row in enumerate(rows):
        x = area.x
        unit = area.width / sum(cell.share for cell in row)
        middle = area.y + (number + 0.5) * height
        for cell in row:
            label = random.choice(cell.labels)
            key_ink = sheet.text(x, middle, label + colon, Style.PRINTED, sizes.label_pt)
            start = x + sheet.text_width_mm(label + colon, Style.PRINTED, sizes.label_pt) + 1.2
            end = x + cell.share * unit - 3
            if not cell.options:
                sheet.line(start, middle + 0.34 * height, end, middle + 0.34 * height, width_mm=0.2)
            value = Area(start + 1, middle - 0.32 * height, end - start - 2, 0.68 * height)
            _answer(sheet, value, label + colon, key_ink, cell, answers, sizes)
            x += cell.share * unit
