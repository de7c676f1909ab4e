"""Many files, read side by side and answered in the order given."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from queue import SimpleQueue

from .engine import OcrEngine, open_engine
from .errors import EmptyScanError, OcrError, ScanRefusedError, ScanTooLargeError
from .forms.template import FormTemplate
from .limits import ReadingLimits
from .page import Reading
from .pipeline import read_scan
from .vocabulary import DEFAULT_VOCABULARY, Vocabulary

__all__ = ["FileNotReadableError", "read_files"]


class FileNotReadableError(ScanRefusedError):
    """The file cannot be opened: it does not exist, is a folder, or may not be read."""

    code = "file-not-readable"

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"The file cannot be opened: {reason}. Check its name and its permissions.")


def read_files(
    paths: Iterable[Path],
    engine: str = "auto",
    *,
    languages: Sequence[str] = (),
    workers: int | None = None,
    vocabulary: Vocabulary = DEFAULT_VOCABULARY,
    limits: ReadingLimits = ReadingLimits(),  # noqa: B008 - frozen
    templates: Sequence[FormTemplate] = (),
) -> Iterator[tuple[Path, Reading | OcrError]]:
    """Read files; each answer is given as soon as it and all before it are there.

    An engine is not safe for two threads, and one thread alone leaves cores idle while it decodes and extracts. So there are
    ``workers`` threads, each with an engine of its own that uses its share of the cores.

    Args:
        paths: The files.
        engine: Name as for ``open_engine``.
        languages: As for ``open_engine``.
        workers: Files read at once; None: one for every two cores, at most four (an engine takes about 400 MB).
        vocabulary: As for ``read_scan``.
        limits: As for ``read_scan``.
        templates: As for ``read_scan``.

    Raises:
        UnknownEngineError: There is no engine of that name.
        EngineUnavailableError: It cannot be used on this machine.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    count = workers or max(1, min(4, cores // 2))
    engines: SimpleQueue[OcrEngine] = SimpleQueue()
    for _ in range(count):
        engines.put(open_engine(engine, threads=max(1, cores // count), languages=languages))

    def read(path: Path) -> Reading | OcrError:
        mine = engines.get()
        try:
            data = _bytes_of(path, limits)
            return read_scan(data, engine=mine, vocabulary=vocabulary, limits=limits, templates=templates)
        except OcrError as error:
            return error
        finally:
            engines.put(mine)

    with ThreadPoolExecutor(count, thread_name_prefix="read") as pool:
        yield from _in_order(pool, read, paths, ahead=2 * count)


def _in_order(
    pool: ThreadPoolExecutor, read: Callable[[Path], Reading | OcrError], paths: Iterable[Path], ahead: int
) -> Iterator[tuple[Path, Reading | OcrError]]:
    """Keep a few files in work, so that a long list neither waits nor piles up answers."""
    left = iter(paths)
    waiting: list[tuple[Path, Future[Reading | OcrError]]] = []
    try:
        while True:
            for path in islice(left, ahead - len(waiting)):
                waiting.append((path, pool.submit(read, path)))
            if not waiting:
                return
            path, future = waiting.pop(0)
            yield path, future.result()
    finally:
        for _, future in waiting:
            future.cancel()


def _bytes_of(path: Path, limits: ReadingLimits) -> bytes:
    try:
        size = path.stat().st_size
        if size == 0 and path.is_file():
            raise EmptyScanError
        if size > limits.max_bytes:
            raise ScanTooLargeError(size, limits.max_bytes)
        return path.read_bytes()
    except OSError as error:
        raise FileNotReadableError(path, error.strerror or type(error).__name__) from None
