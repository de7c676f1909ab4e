"""What the use cases ask of the background work: a wake-up call by id, nothing more.

The database is the truth. A call that is lost is made up for by a sweep, one made twice finds nothing left to do.
"""

from typing import Protocol


class JobQueue(Protocol):
    """Wakes the workers."""

    def read_scan(self, scan_id: str) -> None:
        """Ask for a received scan to be read."""

    def index_pending(self) -> None:
        """Ask for the search index to be brought up to date."""

    def is_ready(self) -> bool:
        """Tell whether calls reach the queue."""
