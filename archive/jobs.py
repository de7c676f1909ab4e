"""What the use cases ask of the background work: a wake-up call by id, nothing more.

The database is the truth. A call that is lost is made up for by a sweep, one made twice finds nothing left to do.
"""

from typing import Protocol


class JobQueue(Protocol):
    """Wakes the workers."""

    def read_scan(self, scan_id: str) -> None:
        """Ask for a received scan to be read."""

    def prepare_form(self, form_id: str) -> None:
        """Ask for the page of a new form template to be prepared."""

    def try_form(self, form_id: str) -> None:
        """Ask for a form template's trial."""

    def index_pending(self) -> None:
        """Ask for the search index to be brought up to date."""

    def is_ready(self) -> bool:
        """Tell whether calls reach the queue."""
