"""Searchable copies of scans, and who gets them."""

from datetime import timedelta

import pypdfium2 as pdfium
import pytest

from archive.access import SYSTEM, Actor, Role
from archive.bootstrap import Archive
from archive.errors import AccessDeniedError, NotFoundError, WrongStateError
from archive.values import utc_now
from tests.factories import ZHANG_SAN, hand_in
from tests.fakes import CannedReader, extraction


@pytest.fixture
def read_scan(archive: Archive, archivist: Actor, reader: CannedReader, work) -> str:
    """Id of a scan that was read, with a name and an ID number on it."""
    reader.fields = (extraction("name", "张三"), extraction("id_number", ZHANG_SAN["id_number"], line=1))
    receipt = hand_in(archive, archivist, filename="张三 登记表.png")
    work()
    return receipt.scan_id


def _file(archive: Archive, archivist: Actor, scan_id: str) -> None:
    scan = archive.intake.scan(archivist, scan_id)
    archive.review.file(archivist, scan_id, dossier_id=None, revision=scan.revision)


def test_a_copy_holds_the_words_that_were_read_and_is_as_long_as_it_says(
    archive: Archive, archivist: Actor, read_scan: str
) -> None:
    copy = archive.searchable.of_scan(archivist, read_scan)
    data = b"".join(copy.chunks)

    assert (copy.filename, copy.media_type) == ("张三 登记表.searchable.pdf", "application/pdf")
    assert len(data) == copy.size_bytes
    document = pdfium.PdfDocument(data)
    assert ZHANG_SAN["id_number"] in document[0].get_textpage().get_text_range()
    document.close()


def test_a_copy_leaves_a_trace_of_its_own(archive: Archive, archivist: Actor, read_scan: str) -> None:
    b"".join(archive.searchable.of_scan(archivist, read_scan).chunks)

    now = utc_now()
    events = archive.audit.events(
        SYSTEM, since=now - timedelta(minutes=5), until=now + timedelta(minutes=5), action="scan.searchable"
    ).items
    assert [(event.actor_id, event.object_id) for event in events] == [(archivist.user_id, read_scan)]


def test_who_may_not_reveal_gets_no_copy(archive: Archive, archivist: Actor, viewer: Actor, read_scan: str) -> None:
    _file(archive, archivist, read_scan)

    with pytest.raises(AccessDeniedError):
        archive.searchable.of_scan(viewer, read_scan)


def test_a_scan_of_another_unit_does_not_exist(archive: Archive, archivist: Actor, read_scan: str) -> None:
    _file(archive, archivist, read_scan)
    stranger = Actor("stranger", "Stranger", frozenset({Role.ARCHIVIST}), frozenset({"elsewhere"}))

    with pytest.raises(NotFoundError):
        archive.searchable.of_scan(stranger, read_scan)


def test_a_scan_that_was_not_read_yet_has_no_copy(archive: Archive, archivist: Actor) -> None:
    receipt = hand_in(archive, archivist)

    with pytest.raises(WrongStateError):
        archive.searchable.of_scan(archivist, receipt.scan_id)
