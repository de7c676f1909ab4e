"""``dossier serve``."""

import signal
import threading

import click

from archive.cli.demo import fill_if_empty
from archive.cli.opening import start_logging
from archive.settings import Settings


@click.command("serve")
@click.option("--host", help="Address to listen on; DOSSIER_HOST, by default 127.0.0.1: this machine alone.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on; DOSSIER_PORT, by default 8080; 0: a free one."
)
@click.option("--demo", is_flag=True, help="Fill the archive with made-up customers and forms, if it is empty.")
def serve_command(host: str | None, port: int | None, demo: bool) -> None:
    """Run the whole system until Ctrl-C or SIGTERM.

    Starts the embedded database, the background worker and the web server, in this order; restarts what ends; stops all of
    them cleanly. A part for which the settings name a server is not started here. Prints the address and, while there is no
    user yet, a link that works once, by which the administrator is made.

    What the parts say is shown, and kept in the folder logs of the data directory.
    """
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = Settings().model_copy(update=given)
    start_logging(settings)
    from archive.running.supervisor import serve

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    serve(settings, stop=stop, on_ready=_tell, prepare=fill_if_empty if demo else lambda _: None)
    click.echo("Stopped.", err=True)


def _tell(address: str, setup_link: str | None) -> None:
    click.echo(f"The archive answers at {address}")
    if setup_link:
        click.echo(f"There is no user yet. This link makes the administrator, and works once:\n  {setup_link}")
    click.echo("Stop it with Ctrl-C.", err=True)
