"""Backups of a real archive, put back into another one."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from bson.raw_bson import RawBSONDocument

from archive.access import SYSTEM, Actor, Role
from archive.bootstrap import Archive, open_archive
from archive.copies.backup import OVERDUE, LastBackup, check_backups
from archive.copies.manifest import Manifest
from archive.copies.place import BackupPlace
from archive.copies.walk import Walk
from archive.dossier import DossierState
from archive.errors import AccessDeniedError, BackupError
from archive.finding.found import LookupQuery
from archive.mongo.dump import COLLECTIONS, LEFT_OUT, DumpStore
from archive.mongo.records import RECORDS
from archive.scans.scan import ScanState
from archive.settings import Settings
from archive.values import utc_now
from tests.factories import hand_in, make_dossier, picture
from tests.servers import own_place

pytestmark = pytest.mark.integration


@pytest.fixture
def place(tmp_path: Path) -> BackupPlace:
    """A folder for backups."""
    return BackupPlace(tmp_path / "backups")


@pytest.fixture
def empty(settings: Settings, database_server: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a second archive, to restore into."""
    with own_place({"mongodb_uri": database_server}) as names:
        yield settings.model_copy(update={**names, "data_dir": tmp_path / "second"})


def _restored(settings: Settings, place: BackupPlace, name: str | None = None) -> tuple[str, ...]:
    with open_archive(settings, restoring=True) as archive:
        return archive.restorer.restore(SYSTEM, place.path, name).lost


def _filed(archive: Archive, work: Callable[[], int], actor: Actor, text: str) -> tuple[str, str]:
    """Take a scan in and file it; return the ids of scan and dossier."""
    receipt = hand_in(archive, actor, picture(text), filename=f"{text}.png")
    work()
    scan = archive.intake.scan(actor, receipt.scan_id)
    assert scan.state is ScanState.NEEDS_REVIEW
    filed = archive.review.file(
        actor,
        scan.id,
        dossier_id=None,
        revision=scan.revision,
        title=text,
        accept_open=True,
        state=DossierState.DRAFT,
    )
    return scan.id, filed.dossier.id


def test_an_archive_comes_back_whole(
    archive: Archive, archivist: Actor, work: Callable[[], int], place: BackupPlace, empty: Settings
) -> None:
    scan_id, dossier_id = _filed(archive, work, archivist, "夏艳辰")
    dossier = archive.dossiers.get(archivist, dossier_id).dossier
    archive.dossiers.update(archivist, dossier_id, fields={"mobile": "13800138000"}, revision=dossier.revision)
    _, token = archive.accounts.create_user(SYSTEM, "mei", "梅", frozenset({Role.VIEWER}), frozenset({"main"}), None)

    made = archive.backups.make(SYSTEM, place.path)
    before = _state(archive, archivist, scan_id, dossier_id)
    code = archive.dossiers.get(archivist, dossier_id).dossier.code
    assert archive.accounts.token_owner(token) is not None
    lost = _restored(empty, place)

    assert lost == ()
    assert (made.manifest.collections["dossiers"].documents, made.manifest.files.documents) == (1, 1)
    assert [check.problems for check in check_backups(place.path)] == [()]
    with open_archive(empty) as second:
        index, trail = second.indexer.verify(SYSTEM, repair=False), second.audit.verify(SYSTEM)
        assert (index.checked, index.missing, index.stale, index.surplus) == (1, 0, 0, 0)
        assert trail.ok
        assert _state(second, archivist, scan_id, dossier_id) == before
        found = second.lookup.find(archivist, LookupQuery(text="艳辰")).hits
        assert [hit.summary.dossier.id for hit in found] == [dossier_id]
        assert second.accounts.token_owner(token) is None
        assert make_dossier(second, archivist).code != code


def _state(archive: Archive, actor: Actor, scan_id: str, dossier_id: str) -> list[object]:
    """Return everything about a scan and its dossier, to the bytes of the file."""
    scan = archive.intake.scan(actor, scan_id)
    return [
        scan,
        archive.blobs.get(scan.sha256),
        archive.dossiers.get(actor, dossier_id),
        archive.dossiers.edit_values(actor, dossier_id),
        archive.dossiers.history(actor, dossier_id),
    ]


def test_only_who_operates_the_system_backs_it_up(archive: Archive, archivist: Actor, place: BackupPlace) -> None:
    with pytest.raises(AccessDeniedError):
        archive.backups.make(archivist, place.path)
    with pytest.raises(AccessDeniedError):
        archive.restorer.restore(archivist, place.path)
    with pytest.raises(AccessDeniedError):
        archive.backups.last(archivist)


def test_what_is_written_meanwhile_leaves_the_backup_consistent(
    archive: Archive, archivist: Actor, work: Callable[[], int], place: BackupPlace, empty: Settings
) -> None:
    first = make_dossier(archive, archivist)
    ended, failures = threading.Event(), list[BaseException]()

    def write() -> None:
        try:
            number = 0
            while not ended.is_set():
                number += 1
                _filed(archive, work, archivist, f"scan {number}")
                dossier = archive.dossiers.get(archivist, first.id).dossier
                archive.dossiers.update(archivist, first.id, fields={"remark": str(number)}, revision=dossier.revision)
        except BaseException as error:  # noqa: BLE001  # told by the test
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            archive.backups.make(SYSTEM, place.path)
    finally:
        ended.set()
        writer.join()
    lost = _restored(empty, place, place.names()[1])

    assert failures == []
    assert lost == ()
    with open_archive(empty) as second:
        second.sweep(call_readers=False)
        assert second.audit.verify(SYSTEM).ok
        check = second.indexer.verify(SYSTEM, repair=False)
        assert (check.missing, check.stale, check.surplus) == (0, 0, 0)
        history = second.dossiers.history(archivist, first.id)
        revisions = [version.revision for version in history]
        assert revisions == list(range(second.dossiers.get(archivist, first.id).dossier.revision, 0, -1))
        for scan in second.intake.scans(archivist, limit=1000).items:
            assert second.blobs.get(scan.sha256)
            if scan.state is ScanState.FILED:
                home = second.dossiers.get(archivist, str(scan.dossier_id)).dossier
                assert [each.scan_id for each in home.attachments] == [scan.id]


def test_a_scan_filed_while_the_dossiers_were_read_waits_for_review_again(
    archive: Archive, archivist: Actor, work: Callable[[], int], place: BackupPlace, empty: Settings
) -> None:
    filed = list[tuple[str, str]]()

    def file_one(words: str) -> None:
        if words.startswith("dossier_versions"):
            filed.append(_filed(archive, work, archivist, "late"))

    archive.backups.make(SYSTEM, place.path, tell=file_one)
    _restored(empty, place)

    ((scan_id, dossier_id),) = filed
    with open_archive(empty) as second:
        scan = second.intake.scan(archivist, scan_id)
        assert (scan.state, scan.dossier_id) == (ScanState.NEEDS_REVIEW, None)
        again = second.review.file(
            archivist,
            scan_id,
            dossier_id=None,
            revision=scan.revision,
            title="late",
            accept_open=True,
            state=DossierState.DRAFT,
        )
        assert again.dossier.id == dossier_id


def test_a_scan_taken_out_while_the_backup_was_made_is_where_its_dossier_says(
    archive: Archive, archivist: Actor, work: Callable[[], int], place: BackupPlace, empty: Settings
) -> None:
    scan_id, dossier_id = _filed(archive, work, archivist, "early")

    def take_out(words: str) -> None:
        if words.startswith("dossier_versions"):
            archive.taking_out.take_out(
                archivist,
                scan_id,
                reason="wrong",
                revision=archive.intake.scan(archivist, scan_id).revision,
                dossier_revision=archive.dossiers.get(archivist, dossier_id).dossier.revision,
            )

    archive.backups.make(SYSTEM, place.path, tell=take_out)
    assert archive.intake.scan(archivist, scan_id).state is ScanState.NEEDS_REVIEW
    _restored(empty, place)

    with open_archive(empty) as second:
        scan = second.intake.scan(archivist, scan_id)
        assert (scan.state, scan.dossier_id) == (ScanState.FILED, dossier_id)
        assert [each.scan_id for each in second.dossiers.get(archivist, dossier_id).dossier.attachments] == [scan_id]


def test_files_are_copied_once_and_old_backups_go(
    archive: Archive, archivist: Actor, place: BackupPlace, empty: Settings
) -> None:
    hand_in(archive, archivist, picture("one"))
    first = archive.backups.make(SYSTEM, place.path)
    hand_in(archive, archivist, picture("two"))
    second = archive.backups.make(SYSTEM, place.path)
    third = archive.backups.make(SYSTEM, place.path, keep=2)

    assert [first.copied, second.copied, third.copied] == [1, 1, 0]
    assert third.removed == 1
    assert place.names() == [second.name, third.name]
    assert all(not check.problems for check in check_backups(place.path))
    assert {path.stat().st_mode & 0o077 for path in [place.path, *place.path.rglob("*")]} == {0}


def test_a_file_that_no_kept_backup_has_is_removed_with_the_last_that_had_it(
    archive: Archive, archivist: Actor, place: BackupPlace
) -> None:
    hand_in(archive, archivist, picture("one"))
    archive.backups.make(SYSTEM, place.path)
    stray = place.pooled("ab" * 32)
    stray.parent.mkdir(mode=0o700, exist_ok=True)
    stray.write_bytes(b"of a backup that is gone")

    archive.backups.make(SYSTEM, place.path, keep=1)

    assert not stray.exists()
    assert all(not check.problems for check in check_backups(place.path))


def test_a_backup_cut_short_is_none_and_is_cleared_away(archive: Archive, archivist: Actor, place: BackupPlace) -> None:
    hand_in(archive, archivist)

    def fail(words: str) -> None:
        if words.startswith("scans"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        archive.backups.make(SYSTEM, place.path, tell=fail)

    assert place.names() == []
    assert archive.backups.last(SYSTEM) is None
    with pytest.raises(BackupError) as none:
        next(check_backups(place.path))
    assert none.value.code == "backup-not-found"
    half = place.path / "files" / "ab" / ".0123abcd.part"
    half.parent.mkdir()
    half.write_bytes(b"of a file that was being copied")
    done = archive.backups.make(SYSTEM, place.path)
    assert {path.name for path in place.path.iterdir()} == {"lock", "files", done.name}
    assert not half.exists()


def test_two_backups_into_one_folder_at_once_are_refused(archive: Archive, place: BackupPlace) -> None:
    with place.held(), pytest.raises(BackupError) as refused:
        archive.backups.make(SYSTEM, place.path)

    assert refused.value.code == "backup-running"


def test_a_backup_into_the_data_directory_is_refused(archive: Archive, settings: Settings) -> None:
    with pytest.raises(BackupError) as refused:
        archive.backups.make(SYSTEM, settings.data_dir / "backups")

    assert refused.value.code == "backup-place"


def test_a_folder_that_cannot_be_written_is_told(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(BackupError) as refused:
        archive.backups.make(SYSTEM, tmp_path / "file")

    assert refused.value.code == "backup-place"


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("part", ["manifest.json", "files.txt", "dossiers.bson.gz", "audit_events.bson.gz"])
def test_a_flipped_byte_in_the_documents_is_found_and_nothing_is_restored(
    part: str, archive: Archive, archivist: Actor, place: BackupPlace, empty: Settings
) -> None:
    hand_in(archive, archivist)
    make_dossier(archive, archivist)
    done = archive.backups.make(SYSTEM, place.path)
    _flip(place.path / done.name / part)

    (check,) = check_backups(place.path)
    assert check.problems
    with pytest.raises(BackupError) as refused:
        _restored(empty, place)
    assert refused.value.code in {"backup-damaged", "backup-incompatible"}
    with open_archive(empty) as second:
        assert second.lookup.find(archivist, LookupQuery()).total == 0


def test_a_flipped_byte_in_a_file_is_found_and_the_rest_comes_back(
    archive: Archive, archivist: Actor, place: BackupPlace, empty: Settings
) -> None:
    broken = archive.intake.scan(archivist, hand_in(archive, archivist, picture("one")).scan_id).sha256
    whole = archive.intake.scan(archivist, hand_in(archive, archivist, picture("two")).scan_id).sha256
    archive.backups.make(SYSTEM, place.path)
    _flip(place.pooled(broken))

    (check,) = check_backups(place.path)
    lost = _restored(empty, place)

    assert len(check.problems) == 1
    assert broken in check.problems[0]
    assert lost == (broken,)
    with open_archive(empty) as second:
        assert second.blobs.get(whole) == picture("two")


def test_a_file_that_the_archive_has_lost_is_told_and_keeps_no_other_out(
    archive: Archive, archivist: Actor, place: BackupPlace, settings: Settings, database_server: str
) -> None:
    from pymongo import MongoClient

    lost = archive.intake.scan(archivist, hand_in(archive, archivist, picture("one")).scan_id).sha256
    hand_in(archive, archivist, picture("two"))
    with MongoClient(database_server) as client:
        client[settings.mongodb_database]["fs.files"].delete_one({"filename": lost})

    done = archive.backups.make(SYSTEM, place.path)

    assert done.manifest.missing == (lost,)
    assert done.copied == 1
    last = archive.backups.last(SYSTEM)
    assert last is not None
    assert (last.name, last.missing_files) == (done.name, 1)


def test_only_an_empty_archive_is_restored_into(
    archive: Archive, archivist: Actor, place: BackupPlace, empty: Settings
) -> None:
    make_dossier(archive, archivist)
    archive.backups.make(SYSTEM, place.path)
    with open_archive(empty) as second:
        second.accounts.ensure_unit()

    with pytest.raises(BackupError) as refused:
        _restored(empty, place)

    assert refused.value.code == "archive-not-empty"


def test_a_restore_cut_short_leaves_nothing_that_can_be_used_and_is_done_again(
    archive: Archive, archivist: Actor, place: BackupPlace, empty: Settings
) -> None:
    dossier = make_dossier(archive, archivist)
    values = archive.dossiers.edit_values(archivist, dossier.id)
    archive.backups.make(SYSTEM, place.path)

    def fail(words: str) -> None:
        if words.startswith("users"):
            raise KeyboardInterrupt

    with open_archive(empty, restoring=True) as second, pytest.raises(KeyboardInterrupt):
        second.restorer.restore(SYSTEM, place.path, tell=fail)

    with pytest.raises(BackupError) as refused:
        open_archive(empty)
    assert refused.value.code == "restore-unfinished"
    assert _restored(empty, place) == ()
    with open_archive(empty) as second:
        assert second.dossiers.edit_values(archivist, dossier.id) == values
        assert second.audit.verify(SYSTEM).ok


def test_hostile_names_are_refused(archive: Archive, place: BackupPlace, empty: Settings) -> None:
    done = archive.backups.make(SYSTEM, place.path)
    documents = done.manifest.collections["dossiers"]
    hostile = done.manifest.model_copy(update={"collections": {"../../secret": documents}})

    with pytest.raises(BackupError):
        Manifest.from_json(hostile.to_json())
    with pytest.raises(BackupError):
        _restored(empty, place, f"../{place.path.name}/{done.name}")
    (place.path / done.name / "files.txt").write_text("../../../etc/passwd\n")
    with pytest.raises(BackupError):
        place.file_list(done.name)


def test_a_backup_of_a_newer_format_is_refused(archive: Archive, place: BackupPlace) -> None:
    done = archive.backups.make(SYSTEM, place.path)
    path = place.path / done.name / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 2}))

    with pytest.raises(BackupError) as refused:
        place.manifest(done.name)

    assert refused.value.code == "backup-incompatible"


def test_the_last_backup_is_known_and_overdue_after_a_week(archive: Archive, place: BackupPlace) -> None:
    done = archive.backups.make(SYSTEM, place.path)

    last = archive.backups.last(SYSTEM)

    assert last == LastBackup(done.name, done.manifest.ended, 0)
    assert not last.is_overdue
    assert replace(last, ended=utc_now() - OVERDUE - timedelta(seconds=1)).is_overdue


def test_every_collection_is_in_a_backup_or_left_out_on_purpose() -> None:
    assert set(COLLECTIONS) | LEFT_OUT == {record.get_settings().name for record in RECORDS}
    assert not LEFT_OUT & set(COLLECTIONS)


def test_a_backup_in_a_folder_moved_elsewhere_is_restored(
    archive: Archive, archivist: Actor, place: BackupPlace, empty: Settings, tmp_path: Path
) -> None:
    dossier = make_dossier(archive, archivist)
    values = archive.dossiers.edit_values(archivist, dossier.id)
    archive.backups.make(SYSTEM, place.path)
    elsewhere = shutil.move(place.path, tmp_path / "moved")

    _restored(empty, BackupPlace(elsewhere))

    with open_archive(empty) as second:
        assert second.dossiers.edit_values(archivist, dossier.id) == values


def test_a_scan_met_in_two_dossiers_has_them_read_again(
    archive: Archive, archivist: Actor, work: Callable[[], int]
) -> None:
    scan_id, first = _filed(archive, work, archivist, "moved")
    second = make_dossier(archive, archivist)
    walk = Walk(MovingDump(archive, archivist, scan_id, first, second.id))

    assert len(list(walk.documents("dossiers"))) == 2
    assert walk.scan_moved
    again = {document["_id"]: document for document in walk.documents("dossiers")}

    assert not walk.scan_moved
    assert [len(again[each]["attachments"]) for each in (first, second.id)] == [0, 1]


class MovingDump(DumpStore):
    """Reads two dossiers one after the other, between which a scan is moved from the first to the second."""

    def __init__(self, archive: Archive, actor: Actor, scan_id: str, first: str, second: str) -> None:
        super().__init__(archive._database)
        self._archive, self._actor, self._scan_id = archive, actor, scan_id
        self._in_order = (first, second)
        self._moved = False

    def documents(self, collection: str, key: str, values: Sequence[str]) -> Iterator[RawBSONDocument]:
        """Walk over the two dossiers in their order."""
        for dossier_id in self._in_order:
            yield from super().documents(collection, key, [dossier_id])
            if not self._moved:
                self._moved = True
                self._move()

    def _move(self) -> None:
        archive, actor, (first, second) = self._archive, self._actor, self._in_order
        archive.taking_out.take_out(
            actor,
            self._scan_id,
            reason="wrong",
            revision=archive.intake.scan(actor, self._scan_id).revision,
            dossier_revision=archive.dossiers.get(actor, first).dossier.revision,
        )
        revision = archive.intake.scan(actor, self._scan_id).revision
        archive.review.file(actor, self._scan_id, dossier_id=second, revision=revision, accept_open=True)
