"""``dossier reindex`` and ``dossier verify``."""

import sys

import click

from archive.access import SYSTEM
from archive.cli.opening import opened_archive


@click.command("reindex")
def reindex_command() -> None:
    """Build the search index anew from the database.

    Needed when the index was lost or a new version of the program indexes more. The present index serves until the new one
    is whole.
    """
    with opened_archive() as archive:
        entries = archive.indexer.rebuild(SYSTEM)
    click.echo(f"{entries} dossiers indexed.", err=True)


@click.command("verify")
@click.option("--repair/--no-repair", default=True, show_default=True, help="Mend what differs in the index.")
def verify_command(repair: bool) -> None:
    """Compare the index with the database, and walk the audit trail's chain of hashes.

    Ends with 1 where something is wrong and was not mended.
    """
    with opened_archive() as archive:
        index = archive.indexer.verify(SYSTEM, repair=repair)
        trail = archive.audit.verify(SYSTEM)
    differing = index.missing + index.stale + index.surplus
    click.echo(
        f"index: {index.checked} dossiers; {index.missing} missing, {index.stale} stale, {index.surplus} surplus; "
        f"{index.mended} mended"
    )
    click.echo(
        f"audit trail: {trail.checked} events; " + ("whole" if trail.ok else f"broken at event {trail.broken_at}")
    )
    if not trail.ok or index.mended < differing:
        sys.exit(1)
