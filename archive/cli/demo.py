"""``dossier demo``."""

import click

from archive.cli.opening import opened_archive


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="Do nothing where there are dossiers already.")
def demo_command(if_empty: bool) -> None:
    """Fill the archive with made-up customers and scanned forms, to try it out.

    Nobody in them exists. Run again, nothing is doubled.
    """
    with opened_archive() as archive:
        from archive.access import SYSTEM
        from archive.demo import load_demo
        from archive.lookup import LookupQuery

        if if_empty and archive.lookup.find(SYSTEM, LookupQuery(limit=1, sort="changed_at")).total:
            click.echo("There are dossiers already; the demo data is left out.", err=True)
            return
        load_demo(archive)
    click.echo("The demo data is in.", err=True)
