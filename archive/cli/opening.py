"""What every command that works on the archive begins with."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archive.settings import Settings

if TYPE_CHECKING:
    from archive.bootstrap import Archive


def start_logging(settings: Settings, *, least: str | None = None) -> None:
    """Log to stderr; ``least`` is the least severity shown, by default the settings'."""
    logging.basicConfig(level=least or settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # At its import it tells, as news, that it can tell things.
    logging.getLogger("pikepdf").setLevel(logging.WARNING)


@contextmanager
def opened_archive(settings: Settings | None = None, *, restoring: bool = False) -> Iterator["Archive"]:
    """Open the archive for one command: joined where it runs, else with the embedded database for the time of the block.

    Args:
        restoring: Open it to be filled from a backup.

    Raises:
        ArchiveError: It cannot be opened.
    """
    settings = settings or Settings()
    start_logging(settings, least="WARNING")
    # Loading the archive takes a second or two, which --help must not.
    from archive.bootstrap import open_archive

    with open_archive(settings, restoring=restoring) as archive:
        yield archive


def public_address(settings: Settings) -> str:
    """Return the address that users of this installation type, without a slash at its end."""
    from archive.running.embedded import DataDirectory

    if settings.public_url:
        return settings.public_url.rstrip("/")
    running = DataDirectory(settings.data_dir).running()
    if running is not None and running.web_address:
        return running.web_address
    return f"http://{settings.host}:{settings.port}"
