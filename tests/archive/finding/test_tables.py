"""Tables as files."""

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from archive.finding.tables import TableFormat, defused, write_table

HEADINGS = ["档号", "Phone"]


def _csv(rows: list[list[str]]) -> list[list[str]]:
    out = io.BytesIO()
    write_table(TableFormat.CSV, HEADINGS, rows, out)
    return list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))


def _cells(rows: list[list[str]]) -> list[tuple[object, str]]:
    out = io.BytesIO()
    write_table(TableFormat.XLSX, HEADINGS, rows, out)
    sheet = openpyxl.load_workbook(io.BytesIO(out.getvalue())).active
    assert sheet is not None
    return [(cell.value, cell.data_type) for row in sheet.iter_rows() for cell in row]


def test_a_csv_file_begins_with_the_mark_by_which_excel_knows_utf_8() -> None:
    out = io.BytesIO()

    count = write_table(TableFormat.CSV, HEADINGS, [["Z001", "张三"]], out)

    assert count == 1
    assert out.getvalue() == "\ufeff档号,Phone\r\nZ001,张三\r\n".encode()


@pytest.mark.parametrize("value", ["=1+1", "+8613800138000", "-5", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＠x"])
def test_no_value_of_a_csv_file_acts_as_a_formula(value: str) -> None:
    assert defused(value) == f"'{value}"
    assert _csv([["x", value]])[1] == ["x", f"'{value}"]


@pytest.mark.parametrize("value", ["张三", "138", "a=b", "", " =1"])
def test_other_values_stay_as_they_are(value: str) -> None:
    assert _csv([["x", value]])[1] == ["x", value]


def test_every_value_of_an_excel_file_is_text() -> None:
    cells = _cells([["=1+1", "110105194912310021"], ["@x", "#REF!"]])

    assert cells[2:] == [("=1+1", "s"), ("110105194912310021", "s"), ("@x", "s"), ("#REF!", "s")]


def test_what_a_file_cannot_hold_is_left_out() -> None:
    assert _cells([["a\x00b\x1f", "行\n二"]])[2:] == [("ab", "s"), ("行\n二", "s")]
    assert _cells([["x" * 40_000, ""]])[2] == ("x" * 32_767, "s")
    assert _csv([["a\x00b", 'say "so", twice']])[1] == ["ab", 'say "so", twice']


def test_rows_are_written_as_they_come() -> None:
    taken: list[int] = []

    def rows() -> Iterator[list[str]]:
        for number in range(3):
            taken.append(number)
            yield [str(number), ""]

    out = io.BytesIO()
    assert write_table(TableFormat.XLSX, HEADINGS, rows(), out) == 3
    assert taken == [0, 1, 2]


@pytest.mark.parametrize("table_format", list(TableFormat))
def test_a_table_whose_rows_fail_leaves_no_file_behind(
    table_format: TableFormat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows() -> Iterator[list[str]]:
        yield ["1", "2"]
        raise RuntimeError("on the way")

    with pytest.raises(RuntimeError):
        write_table(table_format, HEADINGS, rows(), io.BytesIO())

    assert list(tmp_path.iterdir()) == []
