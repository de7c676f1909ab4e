"""``dossier demo``."""

from typing import TYPE_CHECKING

import click

from archive.cli.opening import opened_archive

if TYPE_CHECKING:
    from archive.bootstrap import Archive


@click.command("demo")
def demo_command() -> None:
    """Add made-up customers and scanned forms, to try the archive out.

    Nobody in them exists. Run again, nothing is doubled. The forms are read by the worker of `dossier serve`, and wait for
    review then.
    """
    with opened_archive() as archive:
        from archive.demo import load_demo

        load_demo(archive)
    click.echo("The demo data is in.", err=True)


def fill_if_empty(archive: "Archive") -> None:
    """Add the demo data where there is neither a dossier nor a scan."""
    from archive.access import SYSTEM
    from archive.demo import load_demo
    from archive.finding.found import LookupQuery

    found = archive.lookup.find(SYSTEM, LookupQuery(limit=1, sort="changed_at"))
    if found.total or any(archive.intake.counts(SYSTEM).values()):
        click.echo("There is data already: the demo data is left out.", err=True)
        return
    load_demo(archive)
    click.echo("The demo data is in.", err=True)
