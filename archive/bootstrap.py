"""The one assembly point: web, worker and command line open the same archive from the same settings."""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from typing import Self
from zoneinfo import ZoneInfo

from filelock import FileLock

from archive.accounts import Accounts
from archive.audit import AuditTrail
from archive.copies.backup import Backups
from archive.copies.restore import Restorer
from archive.dossiers import Dossiers
from archive.errors import ArchiveError, BackupError
from archive.finding.export import Exporter
from archive.finding.indexing import Indexer
from archive.finding.list_search import ListSearches
from archive.finding.lookup import Lookup
from archive.finding.saved_searches import RecentSearches, SavedSearches
from archive.finding.suggestions import Suggestions
from archive.forms.form_room import FormRoom
from archive.forms.form_templates import FormTemplates
from archive.forms.lessons import Lessons
from archive.mongo.accounts import AccountStore, TypeStore
from archive.mongo.audit import AuditStore
from archive.mongo.blobs import BlobStore
from archive.mongo.database import Database
from archive.mongo.dossiers import DossierStore
from archive.mongo.dump import DumpStore
from archive.mongo.form_templates import FormStore
from archive.mongo.leases import LeaseStore
from archive.mongo.scans import ScanStore
from archive.mongo.searches import NameListStore, SearchStore
from archive.running.embedded import database_uri
from archive.running.health import HEARTBEAT_FILE, HealthCheck
from archive.running.tasks import HueyJobs
from archive.running.watch import WatchedFolder
from archive.scans.images import PageImages
from archive.scans.intake import Intake
from archive.scans.reading import FileReader, ReaderProcesses, ReadingRoom
from archive.scans.review import ReviewDesk
from archive.scans.searchable import SearchableCopies
from archive.scans.taking_out import TakingOutDesk
from archive.settings import Settings
from archive.type_catalogue import TypeCatalogue
from ocr import ReadingLimits
from search import SearchSettings, open_search_engine

log = logging.getLogger(__name__)


class Archive:
    """The use cases, wired to storage, index and queue.

    Attributes:
        accounts: Log-in, users, units.
        types: Dossier types.
        dossiers: One dossier: see, create, change.
        intake: Files on their way in.
        review: What was read, to be confirmed and filed.
        taking_out: What was filed into the wrong dossier, out again.
        lookup: Search.
        suggestions: Completes what is typed into the search.
        saved_searches: Searches that people keep.
        recent_searches: What each user asked lately.
        list_searches: Lists of names or numbers.
        exporter: Results as tables.
        images: Pictures of pages.
        searchable: Scans as searchable PDFs.
        audit: The trail of acts.
        health: Whether the parts answer.
        forms: Form templates.
        lessons: What reviewers' decisions teach.
        reading: The worker's part: reads scans.
        form_room: The worker's part: prepares and tries form templates.
        indexer: The worker's part: keeps the index in step.
        watch: The worker's part: the watched folder.
        blobs: Stored bytes.
        backups: Copies of everything, made while it is in use.
        restorer: Fills an empty archive from such a copy.
        leases: Which worker's turn the recurring work is.
        jobs: The queue.
    """

    def __init__(
        self,
        settings: Settings,
        resources: ExitStack,
        reader: FileReader | None = None,
        *,
        search_processes: int | None = 0,
        restoring: bool = False,
    ) -> None:
        self._resources = resources
        self.settings = settings
        uri = resources.enter_context(database_uri(settings))
        build_lock = None
        if settings.embedded_database:
            build_lock = FileLock(settings.data_dir / "indexes.lock", timeout=600)
        self._database = Database(uri, settings.mongodb_database, build_lock)
        resources.callback(self._database.close)
        self._database.open()
        dump = DumpStore(self._database)
        if not restoring and dump.is_being_restored():
            raise BackupError(
                "The archive is being restored, or its restore was cut short; run `dossier restore` to its end.",
                code="restore-unfinished",
            )
        limits = ReadingLimits(
            max_bytes=settings.max_upload_bytes, max_pages=settings.max_pages, max_pixels=settings.max_page_pixels
        )
        engine = open_search_engine(
            SearchSettings(
                index_dir=None if settings.meilisearch_url else settings.data_dir / "index",
                meilisearch_url=settings.meilisearch_url,
                meilisearch_key=settings.meilisearch_key.get_secret_value(),
                index_name=settings.meilisearch_index,
                processes=search_processes,
            )
        )
        resources.callback(engine.close)
        zone = ZoneInfo(settings.timezone)
        dossier_store = DossierStore(self._database)
        scan_store = ScanStore(self._database)
        self.blobs = BlobStore(self._database)
        self.leases = LeaseStore(self._database)
        self.jobs = HueyJobs(settings, lambda: self)
        self.audit = AuditTrail(AuditStore(self._database))
        self.accounts = Accounts(AccountStore(self._database), self.audit)
        self.types = TypeCatalogue(TypeStore(self._database), dossier_store, self.audit, self.jobs)
        self.intake = Intake(scan_store, self.blobs, self.accounts, self.audit, self.jobs, limits)
        self.dossiers = Dossiers(dossier_store, self.blobs, self.types, self.accounts, self.audit, self.jobs, settings)
        form_store = FormStore(self._database)
        self.lessons = Lessons(form_store, self.types, self.audit)
        self.forms = FormTemplates(
            form_store, scan_store, self.blobs, self.types, self.accounts, self.audit, self.jobs, limits
        )
        self.review = ReviewDesk(
            scan_store,
            dossier_store,
            self.dossiers,
            self.types,
            self.audit,
            settings.accept_confidence,
            self.lessons,
        )
        self.taking_out = TakingOutDesk(scan_store, dossier_store, self.dossiers, self.types, self.audit)
        self.lookup = Lookup(engine, dossier_store, scan_store, self.types, self.accounts, self.audit, zone)
        self.images = PageImages(scan_store, self.blobs, self.audit, limits)
        self.searchable = SearchableCopies(scan_store, self.blobs, self.audit, limits)
        self.suggestions = Suggestions(engine, dossier_store)
        search_store = SearchStore(self._database)
        self.saved_searches = SavedSearches(search_store, dossier_store, self.lookup, self.audit)
        self.recent_searches = RecentSearches(search_store)
        self.list_searches = ListSearches(
            NameListStore(self._database), dossier_store, self.lookup, self.types, self.audit, settings
        )
        self.exporter = Exporter(self.lookup, dossier_store, self.types, self.audit, settings)
        self.indexer = Indexer(engine, dossier_store, scan_store, self.types, self.accounts, zone)
        self.backups = Backups(dump, self.blobs, self.audit, settings)
        self.restorer = Restorer(dump, self.blobs, self.indexer, self.audit)
        reader = reader or ReaderProcesses(settings)
        self.reading = ReadingRoom(
            scan_store,
            dossier_store,
            self.blobs,
            self.types,
            self.audit,
            self.jobs,
            settings,
            limits,
            reader,
            self.forms,
        )
        self.form_room = FormRoom(
            form_store, scan_store, self.blobs, self.types, reader, limits, settings.reading_attempts, self.jobs
        )
        resources.callback(self.reading.close)
        self.watch = WatchedFolder(self.intake, self.accounts, settings)
        self.health = HealthCheck(
            self._database.is_ready,
            engine.is_ready,
            self.jobs.is_ready,
            None if settings.queue_url else settings.data_dir / HEARTBEAT_FILE,
        )

    def sweep(self, *, call_readers: bool = True) -> None:
        """Pick up what a crash left behind: lost claims, filings cut short, entries the index does not have.

        Args:
            call_readers: Also wake a reader for every scan that waits.
        """
        steps: list[Callable[[], object]] = [
            self.review.complete_filings,
            self.taking_out.complete,
            self.types.complete_saves,
            self.indexer.index_pending,
        ]
        if call_readers:
            steps[:0] = [self.reading.recover, self.form_room.recover]
        for step in steps:
            try:
                step()
            except ArchiveError as error:
                if not error.transient:
                    raise
                log.warning("a sweep is put off: %s", error.code)

    def close(self) -> None:
        """Let go of connections, processes and, where this archive started it, the embedded database."""
        self._resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_archive(
    settings: Settings,
    reader: FileReader | None = None,
    *,
    search_processes: int | None = 0,
    restoring: bool = False,
) -> Archive:
    """Open the archive that the settings name.

    Args:
        reader: Reads scans instead of the engine that the settings name.
        search_processes: How many processes answer searches of the embedded index, for a program whose many threads
            would wait for one another; 0: this process answers; None: as many as suit the machine.
        restoring: Open it to be filled from a backup, be it half filled already.

    Raises:
        ArchiveError: A service could not be reached or started.
    """
    with ExitStack() as resources:
        archive = Archive(settings, resources, reader, search_processes=search_processes, restoring=restoring)
        # From here on the archive owns what was opened.
        archive._resources = resources.pop_all()
        return archive
