"""The command line: one module a command, each loaded when it is asked for.

Results go to stdout, progress and messages to stderr. Exit codes: 0 done, 1 failed, 2 wrong use.
"""

import importlib
import sys
from typing import Any

import click
from pydantic import ValidationError

from archive.errors import ArchiveError

_COMMANDS = {
    "serve": "archive.cli.serve:serve_command",
    "worker": "archive.cli.worker:worker_command",
    "read": "ocr.command:read_command",
    "ingest": "archive.cli.ingest:ingest_command",
    "search": "archive.cli.search:search_command",
    "user": "archive.cli.user:user_commands",
    "reindex": "archive.cli.index:reindex_command",
    "verify": "archive.cli.index:verify_command",
    "backup": "archive.cli.backup:backup_command",
    "restore": "archive.cli.backup:restore_command",
    "doctor": "archive.cli.doctor:doctor_command",
    "demo": "archive.cli.demo:demo_command",
}


class _Program(click.Group):
    """The group of all commands, and the edge where errors become messages and exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ArchiveError as error:
            click.echo(f"dossier: {error}", err=True)
            sys.exit(1)
        except ValidationError as error:
            for problem in error.errors():
                name = "_".join(str(part) for part in problem["loc"]).upper()
                click.echo(f"dossier: the setting DOSSIER_{name} is wrong: {problem['msg']}", err=True)
            sys.exit(2)


@click.group(cls=_Program)
@click.version_option(package_name="dossier-archive", prog_name="dossier")
def main() -> None:
    """Keep, read and find customer dossiers (客户档案).

    Settings are read from DOSSIER_* variables and a file .env; docs/operations.md lists them. With none at all, everything
    runs embedded and its data is in ./dossier-data. Every command works both while `dossier serve` runs, which it joins, and
    while it does not.

    Exit codes: 0 done, 1 failed, 2 wrong use.
    """
