"""Hostile files and names: a clear error or a safe reading, in bounded time and memory, and nothing else disturbed."""

import io
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.access import Actor
from archive.bootstrap import Archive
from archive.errors import IntakeError
from archive.scans.reading import ReaderProcesses
from archive.scans.scan import ScanState
from archive.settings import Settings
from tests import hostile
from tests.factories import hand_in, picture

pytestmark = pytest.mark.integration

MEMORY_MB = 300
"""How far a refused file of a few hundred kilobytes may drive the memory up: far less than what it asks for."""

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty file": (bytes, "scan-empty"),
    "text renamed to .jpg": (lambda: b"Dear Sir or Madam,\n" * 40, "media-unsupported"),
    "web page renamed to .jpg": (lambda: b"<!doctype html><title>x</title>" * 20, "media-unsupported"),
    "program renamed to .jpg": (lambda: b"MZ\x90\0" + bytes(4000), "media-unsupported"),
    "archive renamed to .jpg": (lambda: b"PK\3\4" + bytes(4000), "media-unsupported"),
    "JPEG mark with rubbish behind it": (lambda: b"\xff\xd8\xff" + b"rubbish" * 100, "scan-damaged"),
    "truncated JPEG": (hostile.truncated_jpeg, "scan-truncated"),
    "PNG that claims 100,000 x 100,000": (hostile.png_of_claimed_size, "page-too-large"),
    "PNG that unpacks to 1,600 million pixels": (hostile.png_bomb, "page-too-large"),
    "PNG with a comment of 500 MB": (hostile.png_with_text_bomb, "scan-damaged"),
    "encrypted PDF": (hostile.encrypted_pdf, "pdf-encrypted"),
    "PDF of 2,000 empty pages": (lambda: hostile.pdf_of_empty_pages(2000), "too-many-pages"),
    "PDF whose page tree holds itself": (hostile.pdf_with_page_loop, "too-many-pages"),
    "PDF mark with rubbish behind it": (lambda: b"%PDF-1.7\n" + b"rubbish" * 100, "scan-damaged"),
    "TIFF whose first page is described beyond its end": (
        lambda: hostile.tiff(first_directory=99_999),
        "scan-damaged",
    ),
    "TIFF whose next page is described beyond its end": (lambda: hostile.tiff(next_directory=10**9), "scan-damaged"),
    "TIFF whose pixels lie beyond its end": (lambda: hostile.tiff(strip_at=10**9), "scan-truncated"),
    "TIFF of 4 million pixels' width": (lambda: hostile.tiff(width_px=4_000_000), "page-too-large"),
    "TIFF of 5,000 pages that share their pixels": (lambda: hostile.tiff_chain(5000), "too-many-pages"),
}

TAKEN_IN: dict[str, Callable[[], bytes]] = {
    "empty page": lambda: hostile.white_jpeg(1),
    "PNG with surplus data of 500 MB": hostile.png_with_surplus_pixels,
    "TIFF whose next page is itself": lambda: hostile.tiff(next_directory=8),
    "PDF of one page of 350 km": hostile.pdf_of_huge_page,
    "PDF of one page that unpacks to 300 MB": hostile.pdf_bomb,
    "PDF of 20 empty pages": lambda: hostile.pdf_of_empty_pages(20),
}
"""Odd, but nothing that must be refused: read without harm, or refused with a reason."""

NAMES = {
    "../../etc/passwd": "passwd",
    "/absolute/path/form.jpg": "form.jpg",
    "C:\\scans\\form.jpg": "form.jpg",
    "a\"b'c`d<e>&f;g|h.jpg": "a\"b'c`d<e>&f;g|h.jpg",
    "two\nlines\r\nand\ta tab\0.jpg": "twolinesanda tab.jpg",
    "invoice\u202egpj.exe": "invoicegpj.exe",
    "..": "..",
    "": "unnamed",
    "   ": "unnamed",
    "张三 的\u3000登记表.jpg": "张三 的\u3000登记表.jpg",
    "e\u0301.jpg": "é.jpg",
    "%s%n{0}$(reboot).jpg": "%s%n{0}$(reboot).jpg",
    "\ud800broken.jpg": "broken.jpg",
}
"""Names as they are sent, and as they are kept."""


@pytest.fixture
def reader(settings: Settings) -> ReaderProcesses:
    """The real reader, in processes of its own: what arrives here is what it has to stand."""
    return ReaderProcesses(settings)


def _status_kb(key: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return int(next(line for line in lines if line.startswith(key)).split()[1])


@contextmanager
def bounded(*, seconds: float, memory_mb: int) -> Iterator[None]:
    """Check that the block stays within a time, and this process within an amount of memory more than before."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forgets the highest use of memory so far
    before_kb, begun = _status_kb("VmRSS"), time.monotonic()
    yield
    assert time.monotonic() - begun < seconds
    assert _status_kb("VmHWM") - before_kb < memory_mb * 1024


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_its_reason_and_without_a_trace(
    name: str, archive: Archive, clerk: Actor, work: Callable[[], int]
) -> None:
    make, code = REFUSED[name]
    data = make()
    with bounded(seconds=10, memory_mb=MEMORY_MB), pytest.raises(IntakeError) as refused:
        hand_in(archive, clerk, data, filename="form.jpg")
    assert refused.value.code == code
    assert not refused.value.transient
    assert len(str(refused.value)) > 40
    assert archive.intake.scans(clerk).items == ()
    assert work() == 0


@pytest.mark.slow
def test_hostile_files_between_honest_ones_disturb_nothing(
    archive: Archive, clerk: Actor, work: Callable[[], int]
) -> None:
    batch_id = archive.intake.new_batch_id()
    honest, odd = [], {}

    def hand_in_honest(filename: str) -> None:
        data = (hostile.DATA / filename).read_bytes()
        honest.append(hand_in(archive, clerk, data, filename=filename, batch_id=batch_id).scan_id)

    hand_in_honest("company-zh.jpg")
    for make, _ in REFUSED.values():
        with pytest.raises(IntakeError):
            hand_in(archive, clerk, make(), batch_id=batch_id)
    hand_in_honest("person-zh.jpg")
    for name, make_odd in TAKEN_IN.items():
        try:
            odd[name] = hand_in(archive, clerk, make_odd(), batch_id=batch_id).scan_id
        except IntakeError as error:
            assert error.code not in ("not-taken-in", ""), name
    hand_in_honest("customer-en.jpg")
    work()

    for scan_id in honest:
        scan = archive.intake.scan(clerk, scan_id)
        assert scan.state is ScanState.NEEDS_REVIEW
        assert scan.attempts == 1
        assert scan.findings
    for name, scan_id in odd.items():
        scan = archive.intake.scan(clerk, scan_id)
        assert scan.state in (ScanState.NEEDS_REVIEW, ScanState.FAILED), name
        if scan.state is ScanState.FAILED:
            assert scan.failure is not None
            assert not scan.failure.transient, name
    kept = archive.intake.scans(clerk, batch_id=batch_id).items
    assert [scan.id for scan in kept if scan.id in honest] == honest
    assert len(kept) == len(honest) + len(odd)


@pytest.mark.parametrize("name", TAKEN_IN)
def test_taking_in_something_odd_is_cheap(name: str, archive: Archive, clerk: Actor) -> None:
    data = TAKEN_IN[name]()
    with bounded(seconds=10, memory_mb=2 * MEMORY_MB):
        try:
            hand_in(archive, clerk, data)
        except IntakeError as error:
            assert error.code != "not-taken-in"


def test_a_file_larger_than_allowed_is_refused_before_it_is_read_to_its_end(archive: Archive, clerk: Actor) -> None:
    class Endless(io.RawIOBase):
        """A sender who never stops."""

        sent_bytes = 0

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            assert size > 0, "asked for everything at once"
            self.sent_bytes += size
            return bytes(size)

    stream = Endless()
    limit_bytes = archive.settings.max_upload_bytes
    with bounded(seconds=30, memory_mb=MEMORY_MB), pytest.raises(IntakeError) as refused:
        archive.intake.receive(clerk, "endless.jpg", stream, unit="main", batch_id="b" * 32)  # type: ignore[arg-type]
    assert refused.value.code == "scan-too-large"
    assert stream.sent_bytes <= limit_bytes + (2 << 20)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_kept_without_what_could_mislead(name: str, archive: Archive, clerk: Actor) -> None:
    receipt = hand_in(archive, clerk, picture(f"name {name!a}"), filename=name)
    assert receipt.filename == NAMES[name]
    assert archive.intake.scan(clerk, receipt.scan_id).filename == NAMES[name]


def test_an_endless_name_is_cut_and_keeps_its_ending(archive: Archive, clerk: Actor) -> None:
    receipt = hand_in(archive, clerk, filename="客户" * 500 + ".jpg")
    assert receipt.filename.startswith("客户客户")
    assert receipt.filename.endswith(".jpg")
    assert len(receipt.filename) <= 200


def test_no_kept_name_has_a_character_that_cannot_be_seen(archive: Archive, clerk: Actor) -> None:
    nasty = "".join(
        chr(code) for code in (*range(0x20), 0x7F, 0x85, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0xFEFF)
    )
    receipt = hand_in(archive, clerk, filename=f"a{nasty}b.jpg")
    assert {unicodedata.category(character) for character in receipt.filename}.isdisjoint({"Cc", "Cf"})
