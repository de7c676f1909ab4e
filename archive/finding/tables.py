"""Tables to take along: CSV and Excel files that open as they are meant, and in which no value acts as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter


class TableFormat(StrEnum):
    """What a table is written as; also the end of the file's name."""

    XLSX = "xlsx"
    CSV = "csv"


MEDIA_TYPES = {
    TableFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    TableFormat.CSV: "text/csv",
}

_ACTS = re.compile(r"[=+\-@\t\r＝＋－＠]")
"""With what a spreadsheet begins a formula or a command, full width too, for some programs fold it."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What XML cannot hold."""

_CELL_LENGTH = 32_767
"""Most characters of one cell of Excel."""

_WIDEST = 40


def write_table(
    table_format: TableFormat, headings: Sequence[str], rows: Iterable[Sequence[str]], out: IO[bytes]
) -> int:
    """Write a table, row by row, and return how many rows it has; the memory it takes does not grow with them.

    Args:
        table_format: CSV is UTF-8 with a mark by which Excel knows it; XLSX keeps every value as text, so that long
            numbers keep all their digits.
        headings: The first row.
        rows: As many texts each as there are headings.
        out: An empty file.
    """
    if table_format is TableFormat.CSV:
        return _write_csv(headings, rows, out)
    return _write_xlsx(headings, rows, out)


def defused(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: one that begins like it gets an apostrophe before it."""
    return f"'{text}" if _ACTS.match(text) else text


def _write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]], out: IO[bytes]) -> int:
    count = 0
    text = io.TextIOWrapper(out, encoding="utf-8-sig", errors="replace", newline="")
    try:
        writer = csv.writer(text)
        writer.writerow([defused(heading) for heading in headings])
        for row in rows:
            writer.writerow([defused(_CONTROL.sub("", value)) for value in row])
            count += 1
    finally:
        text.detach()  # flushes, and leaves the file open
    return count


def _write_xlsx(headings: Sequence[str], rows: Iterable[Sequence[str]], out: IO[bytes]) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(headings, start=1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.width = min(_WIDEST, max(12, 2 * len(heading) + 4))

    def cell(value: str, *, bold: bool = False) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, _CONTROL.sub("", value)[:_CELL_LENGTH])
        made.data_type = "s"  # text, whatever it begins with
        if bold:
            made.font = Font(bold=True)
        return made

    count = 0
    try:
        sheet.append([cell(heading, bold=True) for heading in headings])
        for row in rows:
            sheet.append([cell(value) for value in row])
            count += 1
    finally:
        book.save(out)  # which also removes the file in which the rows were gathered
    return count
