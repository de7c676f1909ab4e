"""The result of a search to take along: what it would hold, and the file."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from tempfile import TemporaryFile

from flask import Blueprint, Response, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _

from archive.dossier import Dossier
from archive.dossier_type import DossierType, FieldSpec
from archive.errors import InvalidInputError
from archive.finding.export import ExportedDossier, ExportPlan
from archive.finding.tables import MEDIA_TYPES, TableFormat, write_table
from web.auth import current_actor, current_archive
from web.errors import advice_for
from web.fields import value_words
from web.languages import locale_name
from web.present import label
from web.question import Asked, asked_question
from web.wording import DOSSIER_STATES, words_for

bp = Blueprint("exports", __name__)


@bp.get("/search/export")
def show() -> ResponseReturnValue:
    """Tell what an export of the question in the address would hold, and ask how it is wanted."""
    asked = asked_question()
    return _page(asked, current_archive().exporter.plan(current_actor(), asked.query()))


@bp.post("/search/export")
def send() -> ResponseReturnValue:
    """Send the result as a file. It is whole before its first byte leaves: a failure on the way is told as one."""
    archive, actor, asked = current_archive(), current_actor(), asked_question()
    plan = archive.exporter.plan(actor, asked.query())
    table_format = asked_format()
    try:
        rows = archive.exporter.export(
            actor,
            asked.query(),
            table_format,
            reason=request.form.get("reason", ""),
            reveal=request.form.get("reveal") == "yes",
        )
    except InvalidInputError as error:
        return _page(asked, plan, {error.field: advice_for(error)}), 422
    columns = _columns(plan.fields)
    return send_table(
        _("dossiers"),
        table_format,
        [heading for heading, _cell in columns],
        ([cell(row) for _heading, cell in columns] for row in rows),
    )


def asked_format() -> TableFormat:
    """Return the format that the request names; Excel's where it names none."""
    asked = request.values.get("format", "")
    return TableFormat(asked) if asked in set(TableFormat) else TableFormat.XLSX


def send_table(name: str, table_format: TableFormat, headings: list[str], rows: Iterator[list[str]]) -> Response:
    """Write a table into a file that has no name and is gone when it is sent, and send it.

    Args:
        name: What the file is called; the time and the format's ending are added.
        table_format: What it is written as.
        headings: The first row.
        rows: The others.
    """
    with ExitStack() as opened:
        file = opened.enter_context(TemporaryFile())
        write_table(table_format, headings, rows, file)
        file.seek(0)
        moment = format_datetime(datetime.now(UTC), "yyyyMMdd-HHmm")
        answer = send_file(
            file,
            mimetype=MEDIA_TYPES[table_format],
            as_attachment=True,
            download_name=f"{name}-{moment}.{table_format.value}",
        )
        # From here on the answer owns the file.
        opened.pop_all()
    return answer


def _page(asked: Asked, plan: ExportPlan, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "exports/show.html",
        asked=asked,
        plan=plan,
        columns=[heading for heading, _cell in _columns(plan.fields)],
        errors=errors or {},
        sent=request.form,
        formats=[(TableFormat.XLSX.value, _("Excel (.xlsx)")), (TableFormat.CSV.value, _("CSV (.csv)"))],
        zone=current_app.config["SETTINGS"].timezone,
    )


Column = tuple[str, Callable[[ExportedDossier], str]]


def _columns(fields: tuple[FieldSpec, ...]) -> list[Column]:
    """Return headings and what stands below them: what every dossier has, the fields of its types, all the others."""
    units = {unit.id: label(unit) for unit in current_archive().accounts.all_units()}
    names = frozenset(spec.name for spec in fields)

    def of_field(spec: FieldSpec) -> Column:
        return label(spec), lambda row: _value(row.dossier, row.type, spec.name)

    return [
        (_("Code"), lambda row: row.dossier.code),
        (_("Title"), lambda row: row.dossier.title),
        (_("Type"), lambda row: str(label(row.type))),
        (_("Unit"), lambda row: units.get(row.dossier.unit, row.dossier.unit)),
        (_("State"), lambda row: words_for(DOSSIER_STATES, row.dossier.state.value)),
        (_("Tags"), lambda row: _(", ").join(row.dossier.tags)),
        (_("Year"), lambda row: str(row.dossier.created_at.year)),
        *(of_field(spec) for spec in fields),
        (_("Other fields"), lambda row: _others(row.dossier, row.type, names)),
        (_("Created"), lambda row: _time(row.dossier.created_at)),
        (_("Last changed"), lambda row: _time(row.dossier.changed_at)),
    ]


def _value(dossier: Dossier, dossier_type: DossierType, name: str) -> str:
    value, spec = dossier.fields.get(name), dossier_type.field(name)
    return value_words(value.text, spec.kind if spec else "text") if value else ""


def _others(dossier: Dossier, dossier_type: DossierType, names: frozenset[str]) -> str:
    parts = []
    for name in dossier.fields:
        if name not in names:
            spec = dossier_type.field(name)
            heading = spec.label(locale_name()) if spec else name
            parts.append(f"{heading}: {_value(dossier, dossier_type, name)}")
    return "; ".join(parts)


def _time(moment: datetime) -> str:
    return str(format_datetime(moment, "yyyy-MM-dd HH:mm"))
