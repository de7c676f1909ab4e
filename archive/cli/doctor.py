"""``dossier doctor``: whether this machine and these settings are fit for use."""

import importlib.metadata
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import click

from archive.cli.opening import start_logging
from archive.errors import ArchiveError
from archive.settings import Settings

if TYPE_CHECKING:
    from archive.copies.backup import LastBackup

EMBEDDED_LIMIT = 10_000
"""Dossiers up to which the embedded database is meant to be used (docs/operations.md)."""

_LEAST_FREE_BYTES = 2 * 2**30
_SECRET_LENGTH = 32
_LANGUAGES = ("chi_sim", "eng", "osd")


class Verdict(StrEnum):
    """How one check ended."""

    FINE = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, and what to do about it."""

    subject: str
    verdict: Verdict
    text: str


@click.command("doctor")
def doctor_command() -> None:
    """Check the readers, the database, the index, the disk and the settings.

    Prints a line for each check. Ends with 1 where something is wrong; a warning is none.
    """
    settings = Settings()
    start_logging(settings, least="ERROR")
    wrong = False
    for check in (_python, _tesseract, _reader, _settings, _disk, _parts):
        for finding in check(settings):
            wrong |= finding.verdict is Verdict.WRONG
            click.echo(f"{finding.verdict.value:<8} {finding.subject}: {finding.text}")
    if wrong:
        sys.exit(1)


def _python(_settings: Settings) -> Iterator[Finding]:
    version = importlib.metadata.version("dossier-archive")
    yield Finding("program", Verdict.FINE, f"dossier-archive {version}, Python {sys.version.split()[0]}")


def _tesseract(_settings: Settings) -> Iterator[Finding]:
    program = shutil.which("tesseract")
    if program is None:
        yield Finding(
            "tesseract",
            Verdict.WARNING,
            "not installed; the main reader does without, but doubtful numbers are not read a second time. "
            "Install the packages tesseract-ocr and tesseract-ocr-chi-sim.",
        )
        return
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=30, check=False)
    missing = [language for language in _LANGUAGES if language not in listed.stdout.split()]
    if missing:
        yield Finding("tesseract", Verdict.WARNING, f"lacks {', '.join(missing)}; install tesseract-ocr-chi-sim.")
    else:
        yield Finding("tesseract", Verdict.FINE, f"{program} with {', '.join(_LANGUAGES)}")


def _reader(settings: Settings) -> Iterator[Finding]:
    from ocr import OcrError, open_engine

    try:
        engine = open_engine(settings.ocr_engine, languages=settings.ocr_language_names)
    except OcrError as error:
        yield Finding("reader", Verdict.WRONG, str(error))
        return
    yield Finding("reader", Verdict.FINE, engine.name)


def _settings(settings: Settings) -> Iterator[Finding]:
    try:
        settings.with_secret_key()
    except ArchiveError as error:
        yield Finding("settings", Verdict.WRONG, str(error))
    if 0 < len(settings.secret_key.get_secret_value()) < _SECRET_LENGTH:
        yield Finding(
            "settings",
            Verdict.WARNING,
            "DOSSIER_SECRET_KEY is short: whoever guesses it can log in as anybody; make one with openssl rand -hex 32.",
        )
    if settings.host not in {"127.0.0.1", "::1", "localhost"} and not settings.behind_proxy:
        yield Finding(
            "settings",
            Verdict.WARNING,
            "the web server listens beyond this machine without TLS; put a reverse proxy before it and set "
            "DOSSIER_BEHIND_PROXY.",
        )
    servers = (settings.mongodb_uri, settings.meilisearch_url, settings.queue_url)
    if any(servers) and not all(servers):
        yield Finding(
            "settings",
            Verdict.WARNING,
            "some parts are servers and some embedded: everything must then run on this one machine.",
        )
    if settings.watch_dir is not None and not settings.watch_dir.is_dir():
        yield Finding("settings", Verdict.WRONG, f"the watched folder {settings.watch_dir} does not exist.")


def _disk(settings: Settings) -> Iterator[Finding]:
    path = settings.data_dir.absolute()
    folder = next(each for each in (path, *path.parents) if each.exists())
    free = shutil.disk_usage(folder).free
    verdict = Verdict.FINE if free >= _LEAST_FREE_BYTES else Verdict.WARNING
    yield Finding("disk", verdict, f"{free / 2**30:.1f} GB free at {folder}")


def _parts(settings: Settings) -> Iterator[Finding]:
    """Open the archive as it is, without making one where there is none."""
    if settings.runs_embedded and settings.embedded_database and not (settings.data_dir / "database").exists():
        yield Finding("database", Verdict.FINE, "embedded, not made yet; `dossier serve` makes it")
        return
    from archive.access import SYSTEM
    from archive.bootstrap import open_archive
    from archive.finding.found import LookupQuery

    try:
        with open_archive(settings) as archive:
            health = archive.health.check()
            found = archive.lookup.find(SYSTEM, LookupQuery(limit=1, sort="changed_at")) if health.index else None
            backup = archive.backups.last(SYSTEM)
    except ArchiveError as error:
        yield Finding("database", Verdict.WRONG, str(error))
        return
    kind = "embedded" if settings.embedded_database else "MongoDB server"
    yield _answer("database", health.database, kind)
    if health.index or settings.meilisearch_url:
        yield _answer("index", health.index, "Meilisearch server" if settings.meilisearch_url else "embedded")
    else:
        yield Finding("index", Verdict.WARNING, "embedded, not built yet; a worker or `dossier reindex` builds it")
    yield _answer("queue", health.queue, "Redis server" if settings.queue_url else "embedded")
    if health.worker is not None:
        text = "at work" if health.worker else "none at work; `dossier serve` runs one"
        yield Finding("worker", Verdict.FINE, text)
    yield _backup(backup)
    if found is not None:
        too_many = settings.embedded_database and found.total > EMBEDDED_LIMIT
        yield Finding(
            "dossiers",
            Verdict.WARNING if too_many else Verdict.FINE,
            f"{found.total}"
            + (f"; the embedded database is meant for {EMBEDDED_LIMIT:,}: move to MongoDB." if too_many else ""),
        )


def _backup(last: "LastBackup | None") -> Finding:
    if last is None:
        return Finding(
            "backup", Verdict.WARNING, "never made; `dossier backup DIRECTORY`, every day (docs/operations.md)."
        )
    text = f"last made {last.ended:%Y-%m-%d %H:%M} UTC"
    if last.missing_files:
        return Finding("backup", Verdict.WRONG, f"{text}; the archive had lost {last.missing_files} files by then.")
    if last.is_overdue:
        return Finding("backup", Verdict.WARNING, f"{text}, more than a week ago.")
    return Finding("backup", Verdict.FINE, text)


def _answer(subject: str, answers: bool, kind: str) -> Finding:
    return Finding(subject, Verdict.FINE if answers else Verdict.WRONG, kind if answers else f"{kind}, does not answer")
