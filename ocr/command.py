"""``dossier read``: recognition and extraction alone, without any database."""

import datetime as dt
import json
import sys
from pathlib import Path

import click
from tqdm import tqdm

from .batch import read_files
from .engine import ENGINE_NAMES
from .errors import OcrError
from .forms.template import FormTemplate, template_from_json
from .page import Reading
from .report import error_to_json, reading_to_json
from .searchable.writer import write_searchable_pdf

__all__ = ["read_command"]


@click.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--engine", type=click.Choice(ENGINE_NAMES), default="auto", show_default=True, help="Which reader to use."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line and file, words and boxes included."
)
@click.option(
    "--languages",
    metavar="LANG[+LANG]",
    callback=lambda _context, _option, value: tuple(filter(None, (value or "").split("+"))),
    help="Languages that Tesseract reads where RapidOCR does not know their script, by Tesseract's names: rus, tha, kor ...",
)
@click.option("--workers", type=click.IntRange(1, 64), help="Files read at once; by default as the cores allow.")
@click.option(
    "--pdf",
    "pdf",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Also write the one file named as a searchable PDF: the pages as they are, and what was read as hidden text.",
)
@click.option(
    "--templates",
    "template_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="JSON file of registered forms, as a form template's page hands it out; copies of them are read zone by zone.",
)
def read_command(
    files: tuple[Path, ...],
    engine: str,
    as_json: bool,
    languages: tuple[str, ...],
    workers: int | None,
    pdf: Path | None,
    template_file: Path | None,
) -> None:
    """Read scanned forms and print the fields that were found on them.

    FILES are PDF, TIFF, JPEG, PNG, WebP or HEIC files. Answers come in the order given. Ends with 0 when every file was read,
    1 when some were not (the others are done all the same), 2 on wrong use.
    """
    if pdf is not None and (len(files) > 1 or pdf.resolve() == files[0].resolve()):
        raise click.UsageError("--pdf takes one file to read, and another name to write.")
    failed = False
    templates = _templates_in(template_file) if template_file else ()
    try:
        with tqdm(total=len(files), unit="file", file=sys.stderr, disable=None, leave=False) as progress:
            for path, answer in read_files(files, engine, languages=languages, workers=workers, templates=templates):
                failed |= isinstance(answer, OcrError)
                with progress.external_write_mode(file=sys.stdout):
                    _print(path, answer, as_json=as_json)
                if pdf is not None and isinstance(answer, Reading):
                    _write_pdf(path, answer, pdf)
                progress.update()
    except OcrError as error:  # the engine could not be opened
        click.echo(f"dossier read: {error}", err=True)
        raise SystemExit(1) from None
    if failed:
        raise SystemExit(1)


def _write_pdf(path: Path, reading: Reading, pdf: Path) -> None:
    """Write beside the name first: a PDF that is there under its name is whole."""
    unfinished = pdf.with_name(f"{pdf.name}.part")
    try:
        with unfinished.open("wb") as out:
            write_searchable_pdf(
                path.read_bytes(), reading.pages, out, title=path.name, made_at=dt.datetime.now(dt.UTC)
            )
        unfinished.replace(pdf)
    except OSError as error:
        raise click.FileError(str(pdf), error.strerror) from None
    finally:
        unfinished.unlink(missing_ok=True)


def _templates_in(path: Path) -> tuple[FormTemplate, ...]:
    """The forms of a JSON file: one, or a list of them."""
    try:
        data = json.loads(path.read_text("utf-8"))
        return tuple(template_from_json(each) for each in (data if isinstance(data, list) else [data]))
    except OSError as error:
        raise click.BadParameter(f"{path} cannot be opened: {error.strerror}.", param_hint="--templates") from None
    except (ValueError, KeyError, TypeError):
        raise click.BadParameter(f"{path} holds no form templates.", param_hint="--templates") from None


def _print(path: Path, answer: Reading | OcrError, *, as_json: bool) -> None:
    name = str(path)
    if as_json:
        shown = error_to_json(name, answer) if isinstance(answer, OcrError) else reading_to_json(name, answer)
        sys.stdout.buffer.write(json.dumps(shown, ensure_ascii=False).encode("utf-8", "surrogateescape") + b"\n")
        sys.stdout.buffer.flush()
        return
    if isinstance(answer, OcrError):
        click.echo(f"{name}: {answer}", err=True)
        return
    words = sum(len(page.words) for page in answer.pages)
    form = f", form {answer.template}" if answer.template else ""
    click.echo(f"{name}: {len(answer.pages)} page(s), {words} words, {answer.engine}, {answer.seconds:.1f} s{form}")
    for field in answer.extractions:
        mark = " " if field.valid else "!"
        named = f" [{field.name}]" if field.name else ""
        click.echo(f"{mark} {field.confidence:4.2f}  {field.key}{named}: {field.normalised or field.value}")
