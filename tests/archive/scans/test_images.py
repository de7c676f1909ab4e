"""Pictures of pages, blackened for those who may not see a value."""

import io

import pytest
from PIL import Image

from archive.access import Actor, Role
from archive.bootstrap import Archive
from archive.errors import AccessDeniedError, InvalidInputError, NotFoundError
from tests.factories import ZHANG_SAN, hand_in
from tests.fakes import CannedReader, extraction


@pytest.fixture
def filed_scan(archive: Archive, archivist: Actor, reader: CannedReader, work) -> str:
    """Id of a filed white scan with a name and an ID number on it."""
    reader.fields = (extraction("name", "张三"), extraction("id_number", ZHANG_SAN["id_number"], line=1))
    receipt = hand_in(archive, archivist)
    work()
    scan = archive.intake.scan(archivist, receipt.scan_id)
    archive.review.file(archivist, scan.id, dossier_id=None, revision=scan.revision)
    return scan.id


def _opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg)).convert("L")


def test_a_page_is_shown_at_the_width_that_is_asked_for(archive: Archive, archivist: Actor, filed_scan: str) -> None:
    image = _opened(archive.images.page_image(archivist, filed_scan, 1, width_px=500))

    assert image.size == (500, 700)


def test_a_page_as_large_as_is_taken_in_can_be_shown(archive: Archive, archivist: Actor) -> None:
    out = io.BytesIO()
    Image.new("1", (9200, 9200), 1).save(out, "PNG")
    receipt = hand_in(archive, archivist, out.getvalue())

    assert _opened(archive.images.page_image(archivist, receipt.scan_id, 1, width_px=200)).size == (200, 200)


def test_a_sensitive_value_is_blackened_for_a_viewer(
    archive: Archive, archivist: Actor, viewer: Actor, filed_scan: str
) -> None:
    middle_of_number, middle_of_name = (400, 180), (400, 120)

    for_archivist = _opened(archive.images.page_image(archivist, filed_scan, 1))
    for_viewer = _opened(archive.images.page_image(viewer, filed_scan, 1))

    assert for_archivist.getpixel(middle_of_number) > 200
    assert for_viewer.getpixel(middle_of_number) < 50
    assert for_viewer.getpixel(middle_of_name) > 200


def test_a_cut_out_is_blackened_too(archive: Archive, viewer: Actor, filed_scan: str) -> None:
    image = _opened(archive.images.cut_out(viewer, filed_scan, 1, (230, 165, 590, 195)))

    assert max(image.getextrema()) < 60


def test_the_picture_of_a_viewer_has_an_etag_of_its_own(
    archive: Archive, archivist: Actor, viewer: Actor, filed_scan: str
) -> None:
    assert archive.images.etag(viewer, filed_scan, 1) != archive.images.etag(archivist, filed_scan, 1)


def test_the_original_takes_the_right_to_reveal(archive: Archive, viewer: Actor, filed_scan: str) -> None:
    with pytest.raises(AccessDeniedError):
        archive.images.original(viewer, filed_scan)


def test_another_unit_sees_no_picture(archive: Archive, filed_scan: str) -> None:
    stranger = Actor("x", "X", frozenset({Role.ARCHIVIST}), frozenset({"branch"}))

    with pytest.raises(NotFoundError):
        archive.images.page_image(stranger, filed_scan, 1)


def test_an_empty_box_is_refused(archive: Archive, archivist: Actor, filed_scan: str) -> None:
    with pytest.raises(InvalidInputError):
        archive.images.cut_out(archivist, filed_scan, 1, (10, 10, 10, 20))
