"""A scan as a searchable PDF: the pages as received, with the words that were read from them as invisible text.

Image files, and PDFs that hold scanned pages only, become PDF/A-2u (ISO 19005-2, level U: all text has its Unicode): pictures,
colours, font and metadata are all inside the file. Any other PDF stays the PDF that it is: pages with text of their own are
left alone, scanned ones get the text layer. One that another program left there is taken away first, because a search would find
everything twice.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import ImageCms

from ..errors import DamagedScanError, EncryptedPdfError
from ..limits import ReadingLimits
from ..page import ReadPage
from ..scans.decode import ScanFile, open_scan
from ..scans.media import MediaKind, identify_media
from ..scans.pdf import PdfFile, open_pdf
from .embedded_image import embedded_image
from .glyphless import GlyphlessFont
from .scanner_pdf import keep_pictures_only, pictures_of
from .text_layer import FONT_RESOURCE, ToUserSpace, text_layer

__all__ = ["write_searchable_pdf"]

_PRODUCER = "dossier-archive"
_POINTS_PER_INCH = 72.0
_LONGER_SIDE_OF_A4_PT = 842.0
_PAGE_SIDES_PT = (3.0, 14_400.0)
"""What PDF/A-2 (6.1.13) allows; a huge page of low resolution is drawn smaller, in proportion."""
_IMAGE_RESOURCE = "/Scan"
_ICC_DATE_BYTES = slice(24, 36)
_INVISIBLE = 3
_SHOWS_TEXT = frozenset({"Tj", "TJ"})
_SHOWS_NEXT_LINE = frozenset({"'", '"'})


def write_searchable_pdf(
    data: bytes,
    pages: Sequence[ReadPage],
    out: BinaryIO,
    *,
    title: str,
    made_at: datetime,
    limits: ReadingLimits = ReadingLimits(),  # noqa: B008 - frozen
) -> None:
    """Write a scan and what was read from it as one PDF. The same arguments give the same bytes.

    One decoded page is in memory at a time, and besides it the pictures as they will be written.

    Args:
        data: The scan: a PDF, TIFF, JPEG, PNG, WebP or HEIC file.
        pages: Its pages as ``read_scan`` gave them; a page that is not among them stays without text.
        out: Where to write; must be seekable.
        title: For the document's metadata, such as the file's name.
        made_at: For the metadata: when the scan was received.
        limits: As for reading.

    Raises:
        ScanRefusedError: The scan cannot be read.
    """
    read = {page.number: page for page in pages}
    font = GlyphlessFont(c for page in pages for word in page.words for c in word.text)
    media = identify_media(data)
    if media is MediaKind.PDF:
        with open_pdf(data, limits) as drawn, _opened(data) as pdf:
            pictures = pictures_of(pdf)
            if pictures is None:
                _add_layers(pdf, drawn, read, font)
                pdf.save(out, deterministic_id=True)
                return
            keep_pictures_only(pdf, pictures)
            _add_layers(pdf, drawn, read, font)
            _save_as_pdf_a(pdf, out, title, made_at)
        return
    with open_scan(data, limits) as scan, pikepdf.new() as pdf:
        shared_font = font.add_to(pdf)
        for number in range(1, scan.page_count + 1):
            _add_page(pdf, data, media, scan, number, read.get(number), font, shared_font)
        _save_as_pdf_a(pdf, out, title, made_at)


# Image files


def _add_page(
    pdf: pikepdf.Pdf,
    data: bytes,
    media: MediaKind,
    scan: ScanFile,
    number: int,
    read: ReadPage | None,
    font: GlyphlessFont,
    shared_font: pikepdf.Object,
) -> None:
    """Add a page of the size of the paper, with its picture and its words, so turned that a viewer shows it upright."""
    width_px, height_px, dpi = scan.size(number)
    scale = _points_per_px(width_px, height_px, dpi)
    width_pt, height_pt = width_px * scale, height_px * scale
    picture = embedded_image(data, media, scan, number)
    placed = " ".join(f"{each:.4f}" for each in picture.placed(width_pt, height_pt))
    content = f"q {placed} cm {_IMAGE_RESOURCE} Do Q\n".encode("ascii")
    if read is not None and read.words:
        content += text_layer(read, font, ToUserSpace(scale, 0, 0, -scale, 0, height_pt))
    page = pdf.add_blank_page(page_size=(width_pt, height_pt))
    page.obj.Resources = Dictionary(
        XObject=Dictionary({_IMAGE_RESOURCE: picture.add_to(pdf)}), Font=Dictionary({FONT_RESOURCE: shared_font})
    )
    page.obj.Contents = pdf.make_stream(content)
    if read is not None and read.rotation_deg:
        page.rotate(read.rotation_deg, relative=False)


def _points_per_px(width_px: int, height_px: int, dpi: int | None) -> float:
    """How large a pixel is on paper; a scan that does not say its resolution is taken for one of A4."""
    longer, shorter = max(width_px, height_px), min(width_px, height_px)
    scale = _POINTS_PER_INCH / dpi if dpi else _LONGER_SIDE_OF_A4_PT / longer
    least, most = _PAGE_SIDES_PT
    return min(max(scale, least / shorter), most / longer)


def _save_as_pdf_a(pdf: pikepdf.Pdf, out: BinaryIO, title: str, made_at: datetime) -> None:
    """Say what the colours mean and what the file is, as ISO 19005-2 (6.2.3, 6.6) wants it, and write it."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_ICC_DATE_BYTES] = bytes.fromhex("07d000010001000000000000")  # not the moment of its making: 1 January 2000
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=pikepdf.String("sRGB"),
                Info=pikepdf.String("sRGB IEC61966-2.1"),
                DestOutputProfile=pdf.make_stream(bytes(profile), N=3),
            )
        ]
    )
    moment = made_at.isoformat(timespec="seconds")
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = title
        metadata["xmp:CreatorTool"] = _PRODUCER
        metadata["pdf:Producer"] = _PRODUCER
        metadata["xmp:CreateDate"] = moment
        metadata["xmp:ModifyDate"] = moment
        metadata["pdfaid:part"] = "2"
        metadata["pdfaid:conformance"] = "U"
    pdf.save(out, force_version="1.7", deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


# PDF files


def _opened(data: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        raise EncryptedPdfError from None
    except pikepdf.PdfError:
        raise DamagedScanError(MediaKind.PDF.media_type) from None


def _add_layers(pdf: pikepdf.Pdf, drawn: PdfFile, read: dict[int, ReadPage], font: GlyphlessFont) -> None:
    shared_font = font.add_to(pdf)
    for number, page in enumerate(pdf.pages, start=1):
        known = read.get(number)
        if known is None or not known.words or number > drawn.page_count or drawn.text(number) is not None:
            continue
        to_user_space = ToUserSpace(*drawn.to_user_space(number, known.width_px, known.height_px))
        _remove_invisible_text(pdf, page)
        # Whatever the page's own content leaves set must not move or clip the text.
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(b"\nQ\n" + text_layer(known, font, to_user_space))
        page.add_resource(shared_font, Name.Font, Name(FONT_RESOURCE))
        if known.rotation_deg:
            page.rotate(known.rotation_deg, relative=True)


def _remove_invisible_text(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Take away the text layer of another reader, where it stands in the page itself or in a form that the page draws."""
    kept = _without_invisible_text(page.obj)
    if kept is not None:
        page.obj.Contents = pdf.make_stream(kept)
    drawn = page.resources.get("/XObject", Dictionary())
    for _, form in drawn.items():
        if form.get("/Subtype") == Name.Form:
            kept = _without_invisible_text(form)
            if kept is not None:
                form.write(kept)


def _without_invisible_text(content: pikepdf.Object) -> bytes | None:
    """The content stream without what is shown in mode 3; None where there is nothing of that, or it cannot be parsed."""
    try:
        instructions = list(pikepdf.parse_content_stream(content))
    except pikepdf.PdfError:
        return None
    kept = list(_visible(instructions))
    return None if len(kept) == len(instructions) else pikepdf.unparse_content_stream(kept)


_Instruction = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage


def _visible(instructions: Iterable[_Instruction]) -> Iterable[_Instruction]:
    mode, saved = 0, list[int]()
    for instruction in instructions:
        operator = str(instruction.operator)
        if operator == "q":
            saved.append(mode)
        elif operator == "Q" and saved:
            mode = saved.pop()
        elif operator == "Tr":
            mode = int(instruction.operands[0])
        elif mode == _INVISIBLE and operator in _SHOWS_TEXT | _SHOWS_NEXT_LINE:
            continue
        yield instruction
