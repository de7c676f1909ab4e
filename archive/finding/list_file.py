"""Reading the lines of a list from what was pasted or uploaded: text, CSV or an Excel file. Hostile files are refused."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import IO
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from archive.errors import InvalidInputError

MOST_BYTES = 5 * 2**20
_MOST_UNPACKED_BYTES = 40 * 2**20
_HEAD_BYTES = 4096
_DOCTYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E")
"""The beginning of a document type, which no Excel file has: it would define entities, which can grow without end."""

_MOST_ROWS = 100_000
_MOST_COLUMNS = 100

_BROKEN_BOOK = (
    InvalidFileException,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    ParseError,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.zlib.error,  # type: ignore[attr-defined]  # what the module raises on a stream that is cut
)
"""What the reader of Excel files raises on one that is damaged or forged."""


def lines_of_text(text: str, *, column: int = 1, heading: bool = False) -> list[str]:
    """Return the lines of a pasted text; where it is a table, copied from a spreadsheet, those of one column.

    Args:
        text: As pasted.
        column: Which column of a table, from 1.
        heading: Whether the first line is a heading and left out.
    """
    lines = text.splitlines() if "\t" not in text else [_cell(row, column) for row in _rows(text, "\t")]
    return lines[1:] if heading else lines


def lines_of_file(stream: IO[bytes], filename: str, *, column: int = 1, heading: bool = False) -> list[str]:
    """Return the lines of an uploaded file; what it is, is told by its content, but for CSV.

    Args:
        stream: The file from its start.
        filename: Its name; ``.csv`` makes a text a table.
        column: Which column of a table, from 1.
        heading: Whether the first line is a heading and left out.

    Raises:
        InvalidInputError: It is too large, damaged, or no such file.
    """
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InvalidInputError("file", f"A list has at most {MOST_BYTES} bytes.", code="list-too-large")
    if data.startswith(b"PK"):
        lines = _lines_of_book(data, column)
    else:
        text = _decoded(data)
        if filename.casefold().endswith(".csv"):
            lines = [_cell(row, column) for row in _rows(text, _delimiter(text))]
        else:
            return lines_of_text(text, column=column, heading=heading)
    return lines[1:] if heading else lines


def _decoded(data: bytes) -> str:
    """Read bytes as text: by their mark, else UTF-8, else the encoding that Chinese Windows writes."""
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InvalidInputError("file", "The file is neither a text nor an Excel file.", code="list-unreadable")


def _delimiter(text: str) -> str:
    first = text.lstrip().partition("\n")[0]
    return max(",;\t", key=first.count)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Read a table. Where its quotation marks are not closed, each line is a row: none is swallowed."""
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error:
        return _rows_as_they_stand(text, delimiter)
    return iter(rows)


def _rows_as_they_stand(text: str, delimiter: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        try:
            yield next(csv.reader([line], delimiter=delimiter, strict=True), [])
        except csv.Error:
            yield line.split(delimiter)


def _cell(row: list[str], column: int) -> str:
    return row[column - 1] if 0 < column <= len(row) else ""


def _lines_of_book(data: bytes, column: int) -> list[str]:
    """Read one column of an Excel file's first sheet."""
    if not 0 < column <= _MOST_COLUMNS:
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(item.file_size for item in packed.infolist()) > _MOST_UNPACKED_BYTES:
                raise InvalidInputError("file", "Unpacked, the file is too large.", code="list-too-large")
            for item in packed.infolist():
                with packed.open(item) as part:
                    if _DOCTYPE.search(part.read(_HEAD_BYTES)):
                        raise InvalidInputError("file", "The file defines entities.", code="list-unreadable")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            rows = sheet.iter_rows(min_col=column, max_col=column, values_only=True)
            return [_written(row[0] if row else None) for row in islice(rows, _MOST_ROWS)]
        finally:
            book.close()
    except _BROKEN_BOOK as error:
        raise InvalidInputError("file", "The Excel file cannot be read.", code="list-unreadable") from error


def _written(value: object) -> str:
    """Return a cell as it reads: a number without the fraction that a spreadsheet gives it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return re.sub(r" 00:00:00$", "", str(value))
