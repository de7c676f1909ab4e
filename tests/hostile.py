"""Files that are not what they claim to be, made byte by byte. Each is small; what it asks for is not."""

import io
import struct
import zlib
from pathlib import Path

from PIL import Image

DATA = Path(__file__).parent / "data"


def good_jpeg() -> bytes:
    """An honest scanned form."""
    return (DATA / "company-zh.jpg").read_bytes()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _png(width_px: int, height_px: int, *chunks: bytes, bits: int = 8, image: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width_px, height_px, bits, 0, 0, 0, 0)
    return b"".join(
        (b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", header), *chunks, _chunk(b"IDAT", image), _chunk(b"IEND", b""))
    )


def _zeros(count_bytes: int) -> bytes:
    """So many zero bytes, compressed about a thousandfold."""
    packer = zlib.compressobj(9)
    piece = bytes(1 << 20)
    packed = [packer.compress(piece) for _ in range(count_bytes >> 20)]
    return b"".join((*packed, packer.compress(bytes(count_bytes & 0xFFFFF)), packer.flush()))


def png_of_claimed_size() -> bytes:
    """A header that claims 100,000 x 100,000 pixels, and nothing behind it."""
    return _png(100_000, 100_000, image=zlib.compress(b"\0"))


def png_bomb() -> bytes:
    """An honest header: 40,000 x 40,000 black and white pixels, 200 MB once unpacked, a hundredth of that in the file."""
    row = 1 + 40_000 // 8
    return _png(40_000, 40_000, bits=1, image=_zeros(row * 40_000))


def png_with_text_bomb() -> bytes:
    """A small picture with a compressed comment that unpacks to 500 MB."""
    comment = b"Comment\0\0" + _zeros(500 << 20)
    return _png(200, 200, _chunk(b"zTXt", comment), image=zlib.compress(bytes(201 * 200)))


def png_with_surplus_pixels() -> bytes:
    """A small picture whose data unpack to 500 MB more than it has pixels."""
    return _png(200, 200, image=_zeros(500 << 20))


def truncated_jpeg() -> bytes:
    """An upload that broke off half way."""
    whole = good_jpeg()
    return whole[: len(whole) // 2]


def _pdf(objects: dict[int, bytes]) -> bytes:
    """A PDF of these numbered objects with a right cross-reference table; object 1 is the catalogue."""
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = {}
    for number, content in objects.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    size = max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % size)
    for number in range(1, size):
        out.write(b"%010d 00000 n \n" % places[number])
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start))
    return out.getvalue()


def _pdf_pages(pages: list[bytes], *others: bytes) -> bytes:
    kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(len(pages)))
    tree = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids)
    catalogue = b"<< /Type /Catalog /Pages 2 0 R >>"
    return _pdf(dict(enumerate((catalogue, tree, *pages, *others), start=1)))


def pdf_of_empty_pages(count: int) -> bytes:
    """A PDF of so many A4 pages with nothing on them."""
    return _pdf_pages([b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"] * count)


def pdf_with_page_loop() -> bytes:
    """A PDF whose page tree contains itself."""
    catalogue = b"<< /Type /Catalog /Pages 2 0 R >>"
    return _pdf({1: catalogue, 2: b"<< /Type /Pages /Count 1000000 /Kids [2 0 R 2 0 R] >>"})


def pdf_of_huge_page() -> bytes:
    """A PDF with one page of 350 km by 350 km."""
    return _pdf_pages([b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1000000000 1000000000] >>"])


def pdf_bomb() -> bytes:
    """A PDF whose page has a content stream that unpacks to 300 MB of white space."""
    packer = zlib.compressobj(9)
    piece = b" " * (1 << 20)
    packed = b"".join([*(packer.compress(piece) for _ in range(300)), packer.flush()])
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
    content = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    return _pdf_pages([page], content)


def encrypted_pdf() -> bytes:
    """A PDF that only opens with a password."""
    return (DATA / "encrypted.pdf").read_bytes()


def tiff(*, next_directory: int = 0, first_directory: int = 8, width_px: int = 40, strip_at: int = 200) -> bytes:
    """A grey TIFF of 40 x 40 pixels, whole unless told otherwise.

    Args:
        next_directory: Where it says that its next page is described; 8 is this page itself, again and again.
        first_directory: Where it says that its first page is described.
        strip_at: Where it says that its pixels are.
    """
    tags = [
        (256, 4, 1, width_px),
        (257, 4, 1, 40),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, strip_at),
        (277, 3, 1, 1),
        (278, 4, 1, 40),
        (279, 4, 1, 1600),
    ]
    directory = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    whole = b"II*\0" + struct.pack("<I", first_directory) + directory + struct.pack("<I", next_directory)
    return whole.ljust(200, b"\0") + bytes(range(256)) * 6 + bytes(64)


def tiff_chain(count: int) -> bytes:
    """A TIFF of so many pages that all share one strip of pixels: large in pages, small in bytes."""
    size = 2 + 9 * 12 + 4
    first = 8 + 1600
    out = io.BytesIO()
    out.write(b"II*\0" + struct.pack("<I", first) + bytes(1600))
    for number in range(count):
        tags = (
            (256, 4, 40),
            (257, 4, 40),
            (258, 3, 8),
            (259, 3, 1),
            (262, 3, 1),
            (273, 4, 8),
            (277, 3, 1),
            (278, 4, 40),
        )
        following = first + size * (number + 1) if number + 1 < count else 0
        entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in (*tags, (279, 4, 1600)))
        out.write(struct.pack("<H", 9) + entries + struct.pack("<I", following))
    return out.getvalue()


def white_jpeg(number: int) -> bytes:
    """An empty page; another number makes other bytes."""
    out = io.BytesIO()
    image = Image.new("L", (400, 600), 255)
    image.putpixel((number % 400, number // 400), 0)
    image.save(out, "JPEG")
    return out.getvalue()
