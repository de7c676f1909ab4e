"""``dossier worker``."""

import logging

import click

from archive.cli.opening import start_logging
from archive.settings import Settings


@click.command("worker")
def worker_command() -> None:
    """Read scans and keep the index, until SIGTERM or Ctrl-C.

    `dossier serve` starts one by itself. On servers (DOSSIER_MONGODB_URI and the others) any number may run, on any number
    of machines. Told to stop, it finishes the scan it reads.
    """
    settings = Settings()
    start_logging(settings)
    if settings.log_level != "DEBUG":
        # It tells of every call to the queue, several a minute on an idle system.
        logging.getLogger("huey").setLevel(logging.WARNING)
    from archive.running.embedded import database_uri
    from archive.running.worker import run_worker

    # Held here under its own name, so that other commands join a worker that runs alone.
    with database_uri(settings, role="worker"):
        run_worker(settings)
