"""Names under which a dossier keeps the rows of a form's tables: "家庭成员 2 出生日期" is the second row's. Pure: no I/O."""

import re
from typing import NamedTuple

_NAME = re.compile(r"(?:(?P<heading>\S.*) )?(?P<number>[1-9][0-9]{0,2}) (?P<label>\S.*)")


class RowLabel(NamedTuple):
    """What such a name says.

    Attributes:
        heading: What the table is about; empty where the form does not say.
        number: Of the row, from 1.
        label: The column's label as printed.
    """

    heading: str
    number: int
    label: str


def row_field_name(row: RowLabel) -> str:
    """Return the name of a row's field."""
    return f"{row.heading} {row.number} {row.label}".strip()


def row_label_of(name: str) -> RowLabel | None:
    """Return what a field's name says of a table's row; None where it is no such name."""
    match = _NAME.fullmatch(name)
    return RowLabel(match["heading"] or "", int(match["number"]), match["label"]) if match else None
