"""The background work on Huey: wake-up calls by id, on SQLite under the data directory or on Redis."""

import logging
import socket
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from huey import Huey, PriorityRedisHuey, SqliteHuey, crontab
from huey.exceptions import HueyException
from redis import ConnectionPool
from redis.exceptions import RedisError

from archive.errors import ArchiveError
from archive.settings import Settings

if TYPE_CHECKING:
    from archive.bootstrap import Archive

log = logging.getLogger(__name__)

_QUEUE_ERRORS = (HueyException, RedisError, sqlite3.Error, OSError)

_TURN = timedelta(seconds=90)
"""How long recurring work stays with the worker that did it last: longer than a minute, after which it comes again."""

_MOST_WAITING_FOR_SWEEP = 10
"""With more calls waiting than this the sweep adds none: the scans it would call for have been called for."""


class HueyJobs:
    """The job queue, and the tasks that its calls run.

    A call carries an id at most. Losing one delays the work until the next sweep, and nothing else.

    Args:
        archive: Gives the archive that the tasks work on; called in the worker only.
    """

    def __init__(self, settings: Settings, archive: Callable[[], "Archive"]) -> None:
        self.huey = _open(settings)

        @self.huey.task(name="read_scan")
        def read_scan(scan_id: str) -> None:
            archive().reading.read(scan_id)

        # Somebody sits before the page and waits for these two.
        @self.huey.task(name="prepare_form", priority=20)
        def prepare_form(form_id: str) -> None:
            archive().form_room.prepare(form_id)

        @self.huey.task(name="try_form", priority=20)
        def try_form(form_id: str) -> None:
            archive().form_room.try_out(form_id)

        @self.huey.task(name="index_pending", priority=10)
        def index_pending() -> None:
            _unless_put_off("indexing", archive().indexer.index_pending)

        @self.huey.periodic_task(crontab(minute="*"), name="sweep", priority=5)
        def sweep() -> None:
            if archive().leases.take("sweep", _TURN):
                archive().sweep(call_readers=self.huey.pending_count() <= _MOST_WAITING_FOR_SWEEP)

        @self.huey.periodic_task(crontab(minute="*"), name="watch_folder", priority=5)
        def watch_folder() -> None:
            # The folder is this machine's: other machines have their own.
            if archive().leases.take(f"watch_folder {socket.gethostname()}", _TURN):
                archive().watch.collect()

        @self.huey.periodic_task(crontab(minute="23", hour="*"), name="sweep_blobs")
        def sweep_blobs() -> None:
            if archive().leases.take("sweep_blobs", _TURN):
                archive().blobs.sweep()

        @self.huey.periodic_task(crontab(minute="37", hour="*"), name="renew_index")
        def renew_index() -> None:
            if archive().leases.take("renew_index", _TURN):
                _unless_put_off("renewing the index", archive().indexer.renew)

        @self.huey.periodic_task(crontab(minute="47", hour="*"), name="forget_old")
        def forget_old() -> None:
            archive().list_searches.forget_old()
            archive().intake.forget_refused()

        self._read_scan = read_scan
        self._prepare_form = prepare_form
        self._try_form = try_form
        self._index_pending = index_pending

    def read_scan(self, scan_id: str) -> None:
        """Ask for a received scan to be read."""
        self._call(self._read_scan, scan_id)

    def prepare_form(self, form_id: str) -> None:
        """Ask for the page of a new form template to be prepared."""
        self._call(self._prepare_form, form_id)

    def try_form(self, form_id: str) -> None:
        """Ask for a form template's trial."""
        self._call(self._try_form, form_id)

    def index_pending(self) -> None:
        """Ask for the search index to be brought up to date."""
        self._call(self._index_pending)

    def _call(self, task: Callable[..., object], *args: str) -> None:
        try:
            task(*args)
        except _QUEUE_ERRORS as error:
            # What is to be done stands in the database: the sweep finds it once the queue is back.
            log.warning(
                "the queue did not take a call for %s: %s", getattr(task, "name", "a task"), type(error).__name__
            )

    def is_ready(self) -> bool:
        """Tell whether calls reach the queue."""
        try:
            self.huey.pending_count()
        except _QUEUE_ERRORS:
            return False
        return True


def _unless_put_off(work: str, do: Callable[[], object]) -> None:
    """Do what the next turn does as well, where a service does not answer now."""
    try:
        do()
    except ArchiveError as error:
        if not error.transient:
            raise
        log.warning("%s is put off: %s", work, error.code)


def _open(settings: Settings) -> Huey:
    if settings.queue_url:
        # Without timeouts a Redis that no longer answers would hold a request, or the worker, for ever.
        pool = ConnectionPool.from_url(settings.queue_url, socket_connect_timeout=5, socket_timeout=30)
        return PriorityRedisHuey(settings.queue_name, connection_pool=pool, results=False)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(
        settings.queue_name, filename=str(settings.data_dir / "queue.sqlite3"), fsync=True, results=False, timeout=30
    )
