"""``dossier backup`` and ``dossier restore``."""

import sys
from pathlib import Path

import click

from archive.access import SYSTEM
from archive.cli.opening import opened_archive

_FOLDER = click.Path(file_okay=False, path_type=Path)


def _tell(words: str) -> None:
    click.echo(words, err=True)


@click.command("backup")
@click.argument("directory", type=_FOLDER)
@click.option("--keep", type=click.IntRange(1), help="How many backups stay in the folder; by default all.")
@click.option("--check", is_flag=True, help="Make none: read again those that are there, and tell what is damaged.")
def backup_command(directory: Path, keep: int | None, check: bool) -> None:
    """Copy the whole archive into DIRECTORY, while it is in use.

    Every backup is whole by itself; stored files that an earlier one in the folder has are not copied again. With --keep the
    oldest go once the new one is whole. The folder holds customers' data, not encrypted, readable by this user alone; it
    does not hold the secret key, the database's login, the queue or the index.

    Prints the backup's name. Ends with 1 where it is not whole: not made, a stored file lost, or found damaged by --check.
    """
    if check:
        if keep is not None:
            raise click.UsageError("--check removes nothing: leave --keep out.")
        sys.exit(_check(directory))
    with opened_archive() as archive:
        done = archive.backups.make(SYSTEM, directory, keep=keep, tell=_tell)
    click.echo(done.name)
    _tell(
        f"{done.manifest.collections['dossiers'].documents} dossiers and {done.manifest.files.documents} files; "
        f"{done.copied} files new, {done.removed} older backups removed."
    )
    if done.manifest.missing:
        _tell(f"The archive has lost {len(done.manifest.missing)} files; see the log.")
        sys.exit(1)


def _check(directory: Path) -> int:
    from archive.copies.backup import check_backups

    wrong = 0
    for found in check_backups(directory):
        click.echo(f"{found.name}: " + (f"{len(found.problems)} problems" if found.problems else "whole"))
        for problem in found.problems:
            wrong = 1
            _tell(f"  {problem}")
    return wrong


@click.command("restore")
@click.argument("directory", type=_FOLDER)
@click.option("--backup", "name", help="Which backup of the folder; by default the latest.")
def restore_command(directory: Path, name: str | None) -> None:
    """Put a backup from DIRECTORY back into an empty archive, and build the index anew.

    Nothing else may use the archive meanwhile. Passwords stay; log-ins and one-time links end. Cut short, the archive cannot
    be opened until the same command has run to its end.

    Prints the backup's name. Ends with 1 where nothing was restored, or files were lost.
    """
    with opened_archive(restoring=True) as archive:
        done = archive.restorer.restore(SYSTEM, directory, name, tell=_tell)
    click.echo(done.name)
    for sha256 in done.lost:
        _tell(f"lost: {sha256}")
    if done.lost:
        sys.exit(1)
