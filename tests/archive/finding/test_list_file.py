"""Lists from pasted text and from files, good and hostile."""

import io
import zipfile

import openpyxl
import pytest

from archive.errors import InvalidInputError
from archive.finding.list_file import MOST_BYTES, lines_of_file, lines_of_text


def _book(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _read(data: bytes, filename: str = "list.txt", **more: object) -> list[str]:
    return lines_of_file(io.BytesIO(data), filename, **more)  # type: ignore[arg-type]


def test_a_pasted_text_is_read_line_by_line() -> None:
    assert lines_of_text("张三\r\n\n李四, 王五") == ["张三", "", "李四, 王五"]


def test_of_cells_that_are_pasted_one_column_is_taken() -> None:
    pasted = "姓名\t电话\n张三\t138\n李四\t139\n王五"

    assert lines_of_text(pasted, column=2) == ["电话", "138", "139", ""]
    assert lines_of_text(pasted, column=1, heading=True) == ["张三", "李四", "王五"]


@pytest.mark.parametrize("pasted", ['张三\t1\n"李四\t2\n王五\t3', '张三\t1\n"李四\t2\n"王五\t3'])
def test_a_quotation_mark_left_open_swallows_no_lines(pasted: str) -> None:
    assert [line.strip('"') for line in lines_of_text(pasted)] == ["张三", "李四", "王五"]
    assert lines_of_text(pasted, column=2) == ["1", "2", "3"]
    assert _read(pasted.replace("\t", ",").encode(), "list.csv", column=2) == ["1", "2", "3"]


def test_cells_of_several_lines_stay_whole() -> None:
    assert lines_of_text('"Smith\nAnn"\t1\n"Li, ""Joe"""\t2') == ["Smith\nAnn", 'Li, "Joe"']


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_text_file_is_read_in_the_encodings_that_offices_use(encoding: str) -> None:
    assert _read("张三\n李四".encode(encoding)) == ["张三", "李四"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_of_a_csv_file_one_column_is_taken(delimiter: str) -> None:
    table = f'No.{delimiter}Name\n1{delimiter}"Smith{delimiter} Ann"\n2'

    assert _read(table.encode(), "LIST.CSV", column=2, heading=True) == [f"Smith{delimiter} Ann", ""]


def test_of_an_excel_file_one_column_of_the_first_sheet_is_taken() -> None:
    data = _book(("姓名", "电话"), ("张三", 13800138000), (None, 13900139000.0), ("李四", "010-1"))

    assert _read(data, "list.xlsx", column=2) == ["电话", "13800138000", "13900139000", "010-1"]
    assert _read(data, "renamed.txt", heading=True) == ["张三", "", "李四"]
    assert _read(data, column=9) == ["", "", "", ""]


def test_a_column_that_cannot_be_is_empty() -> None:
    for column in (0, -1, 10**9):
        assert not any(lines_of_text("a\tb", column=column))
        assert not any(_read(b"a,b", "a.csv", column=column))
        assert not any(_read(_book(("a",)), "a.xlsx", column=column))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"x" * (MOST_BYTES + 1), "list-too-large"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "list-unreadable"),
        (b"\xff\xfea", "list-unreadable"),
        (b"PK\x03\x04 no archive", "list-unreadable"),
        (_book(("a",))[:-200], "list-unreadable"),
    ],
)
def test_what_is_no_list_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        _read(data)

    assert caught.value.code == code


def test_an_archive_that_is_no_excel_file_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.txt", "a")

    with pytest.raises(InvalidInputError):
        _read(out.getvalue(), "a.xlsx")


def _forged(name: str, content: bytes) -> bytes:
    """Return an Excel file, one part of which is another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_book(("张三",)))) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad:
        for item in good.namelist():
            bad.writestr(item, content if item == name else good.read(item))
    return out.getvalue()


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(InvalidInputError) as caught:
        _read(_forged("xl/worksheets/sheet1.xml", b" " * (60 * 2**20)))

    assert caught.value.code == "list-too-large"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_multiply_are_refused(encoding: str) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    content = f'<?xml version="1.0"?><!DOCTYPE worksheet [<!ENTITY e0 "lol">{entities}]><worksheet>&e9;</worksheet>'

    with pytest.raises(InvalidInputError) as caught:
        _read(_forged("xl/worksheets/sheet1.xml", content.encode(encoding)))

    assert caught.value.code == "list-unreadable"


def test_a_sheet_that_claims_endless_rows_ends() -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content = f'<worksheet xmlns="{space}"><sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData></worksheet>'

    assert not any(_read(_forged("xl/worksheets/sheet1.xml", content.encode())))
