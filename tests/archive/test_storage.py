"""What the storage does when the database, the queue or an upload fails."""

import io
from datetime import timedelta
from pathlib import Path

import gridfs.errors
import pymongo.errors
import pytest

from archive.access import Actor
from archive.bootstrap import Archive
from archive.errors import IntegrityError, StorageUnavailableError
from archive.mongo.blobs import ORPHAN_AGE
from archive.mongo.database import Database
from archive.mongo.records import ScanRecord
from archive.running.tasks import HueyJobs
from archive.settings import Settings
from tests.factories import hand_in, picture


async def _failing(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(
    ("error", "transient"),
    [
        (pymongo.errors.AutoReconnect("x"), True),
        (pymongo.errors.NetworkTimeout("x"), True),
        (pymongo.errors.ServerSelectionTimeoutError("x"), True),
        (pymongo.errors.WaitQueueTimeoutError("x"), True),
        (pymongo.errors.CursorNotFound("x", 43), True),
        (pymongo.errors.ExecutionTimeout("x", 50), True),
        (pymongo.errors.WriteConcernError("x", 64), True),
        (pymongo.errors.InvalidOperation("x"), True),
        (pymongo.errors.OperationFailure("x", 13), False),
        (pymongo.errors.DocumentTooLarge("x"), False),
        (pymongo.errors.DuplicateKeyError("13800138000"), False),
    ],
)
def test_no_error_of_the_driver_gets_out(archive: Archive, error: Exception, transient: bool) -> None:
    with pytest.raises(StorageUnavailableError) as raised:
        archive._database.run(_failing(error))

    assert raised.value.transient is transient
    assert "138" not in str(raised.value)


def test_a_missing_piece_of_a_file_is_told_as_such(archive: Archive) -> None:
    with pytest.raises(IntegrityError):
        archive._database.run(_failing(gridfs.errors.CorruptGridFile("x")))


def test_an_address_that_is_none_is_told_as_an_error_of_the_archive() -> None:
    with pytest.raises(StorageUnavailableError) as raised:
        Database("mongodb://", "dossier").open()

    assert not raised.value.transient


def test_missing_bytes_are_told_before_the_first_is_sent(archive: Archive, archivist: Actor) -> None:
    receipt = hand_in(archive, archivist)
    archive._database.run(archive._database.raw["fs.files"].delete_many({}))

    with pytest.raises(IntegrityError):
        archive.images.original(archivist, receipt.scan_id)


class _CutShort(io.BytesIO):
    """Breaks off after the first piece."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise ConnectionResetError
        return super().read(size)


def test_an_upload_cut_short_is_not_found_and_is_swept_later(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConnectionResetError):
        archive.blobs.put(_CutShort(b"x" * 3_000_000), "0" * 64)

    with pytest.raises(IntegrityError):
        archive.blobs.get("0" * 64)
    assert archive.blobs.sweep() == 0
    monkeypatch.setattr("archive.mongo.blobs.ORPHAN_AGE", ORPHAN_AGE - timedelta(days=1))
    assert archive.blobs.sweep() == 1
    assert archive._database.run(archive._database.raw["fs.chunks"].count_documents({})) == 0


def test_a_broken_queue_stops_no_use_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = HueyJobs(Settings(_env_file=None, data_dir=tmp_path), lambda: pytest.fail("nothing is to be run"))
    jobs.huey.storage.sql("drop table task", commit=True)

    jobs.read_scan("a" * 32)

    assert not jobs.is_ready()
    jobs.huey.storage.close()


def test_a_list_reads_whole_only_what_it_shows(
    archive: Archive, archivist: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipts = [hand_in(archive, archivist, picture(str(number))).receipt for number in range(6)]
    made = []
    init = ScanRecord.__init__
    monkeypatch.setattr(ScanRecord, "__init__", lambda record, **given: (made.append(1), init(record, **given))[1])

    page = archive.intake.scans(archivist, limit=2)

    assert [scan.receipt for scan in page.items] == receipts[:-3:-1]
    assert page.next
    assert len(made) == 2
