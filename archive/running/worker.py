"""The worker process: runs the queue's calls until it is told to stop."""

import logging
import signal
import threading
from pathlib import Path

from archive.bootstrap import open_archive
from archive.running.health import HEARTBEAT_FILE, HEARTBEAT_S
from archive.settings import Settings

log = logging.getLogger(__name__)


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, then finish what is under way.

    Begins with a sweep: what the last worker left behind is picked up at once.
    """
    heartbeat = None if settings.queue_url else settings.data_dir / HEARTBEAT_FILE
    with open_archive(settings) as archive:
        _beat(heartbeat)
        archive.reading.warm_up()
        archive.sweep()
        consumer = archive.jobs.huey.create_consumer(
            workers=settings.worker_threads,
            worker_type="thread",
            periodic=True,
            initial_delay=0.05,
            max_delay=0.2,
            backoff=1.5,
        )
        consumer.start()
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            # After the start, which sets handlers of the consumer's own; they would only tell its own waiting loop.
            signal.signal(number, lambda *_: stopped.set())
        log.info("the worker is ready")
        while not stopped.wait(HEARTBEAT_S):
            _beat(heartbeat)
        consumer.stop(graceful=True)


def _beat(path: Path | None) -> None:
    if path is not None:
        path.touch()
