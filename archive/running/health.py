"""Whether the parts of the system answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HEARTBEAT_FILE = "worker.heartbeat"
HEARTBEAT_S = 5.0
_SILENT_S = 30.0


@dataclass(frozen=True, slots=True)
class Health:
    """What answered.

    Attributes:
        worker: Whether the embedded worker gave a sign of life lately; None where workers run elsewhere.
    """

    database: bool
    index: bool
    queue: bool
    worker: bool | None

    @property
    def ready(self) -> bool:
        """Whether requests can be served. Without index or worker they can, less well."""
        return self.database and self.queue


class HealthCheck:
    """Asks each part."""

    def __init__(
        self,
        database: Callable[[], bool],
        index: Callable[[], bool],
        queue: Callable[[], bool],
        heartbeat: Path | None,
    ) -> None:
        self._database = database
        self._index = index
        self._queue = queue
        self._heartbeat = heartbeat

    def check(self) -> Health:
        """Ask every part once."""
        return Health(self._database(), self._index(), self._queue(), self._worker())

    def _worker(self) -> bool | None:
        if self._heartbeat is None:
            return None
        try:
            return time.time() - self._heartbeat.stat().st_mtime < _SILENT_S
        except FileNotFoundError:
            return False
