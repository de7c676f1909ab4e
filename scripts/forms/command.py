"""The command line of ``scripts/make_forms``."""

from pathlib import Path

import click

from .fonts import FontMissingError
from .generate import FORMATS, Order, make_files
from .plain import ALL_FORMS


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for files and truth.json."
)
@click.option(
    "--form",
    "forms",
    multiple=True,
    type=click.Choice(tuple(ALL_FORMS)),
    help="Form to make; may be given again. Default: all.",
)
@click.option(
    "--language", type=click.Choice(("zh", "en", "both")), default="both", show_default=True, help="Only forms in it."
)
@click.option("--count", type=click.IntRange(1), default=10, show_default=True, help="Number of files.")
@click.option(
    "--pages", type=click.IntRange(1, 500), default=1, show_default=True, help="Pages of each file (tiff, pdf)."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same options, same fonts: same bytes.")
@click.option("--dpi", type=click.IntRange(100, 600), default=200, show_default=True, help="Resolution of the scan.")
@click.option("--skew", type=click.FloatRange(-15, 15), help="Lean in degrees, clockwise; default: by lot, up to 3.")
@click.option("--rotate", is_flag=True, help="Feed the pages in turn upright, on their side and upside down.")
@click.option("--format", "file_format", type=click.Choice(FORMATS), default="jpg", show_default=True)
def make_forms(
    out: Path,
    forms: tuple[str, ...],
    language: str,
    count: int,
    pages: int,
    seed: int,
    dpi: int,
    skew: float | None,
    rotate: bool,
    file_format: str,
) -> None:
    """Make filled customer forms with a scanned look, and truth.json: what stands on them and where.

    All persons and companies are invented. Prints the files' paths.
    """
    chosen = tuple(name for name in forms or tuple(ALL_FORMS) if language in ("both", ALL_FORMS[name].language))
    if not chosen:
        raise click.UsageError(f"None of the forms named is in the language {language!r}.")
    if pages > 1 and file_format not in ("tiff", "pdf"):
        raise click.UsageError(f"A {file_format} file holds one page; choose --format tiff or pdf.")
    order = Order(
        forms=chosen,
        count=count,
        seed=seed,
        dpi=dpi,
        pages=pages,
        format=file_format,
        skew_deg=skew,
        rotations=(0, 90, 180, 270) if rotate else (0,),
    )
    try:
        paths = make_files(order, out)
    except FontMissingError as error:
        raise click.ClickException(str(error)) from error
    for path in paths:
        click.echo(path)
