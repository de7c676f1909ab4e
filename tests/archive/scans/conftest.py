"""Scans that wait for review."""

import pytest

from archive.access import Actor
from archive.bootstrap import Archive
from archive.scans.scan import Scan
from tests.factories import hand_in, picture
from tests.fakes import CannedReader


@pytest.fixture
def waiting(archive: Archive, clerk: Actor, reader: CannedReader, work):
    """Return a function that hands in a form with the given fields and has it read."""

    def hand_in_and_read(*fields, by: Actor = clerk, name: str = "form", batch_id: str = "b" * 32) -> Scan:
        reader.fields = fields
        receipt = hand_in(archive, by, picture(name), batch_id=batch_id)
        work()
        return archive.intake.scan(by, receipt.scan_id)

    return hand_in_and_read
