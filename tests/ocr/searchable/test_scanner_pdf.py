"""PDFs as scanners make them become PDF/A; those that hold more stay what they are."""

import datetime as dt
import io
from collections.abc import Callable

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageCms

from ocr import Box, ReadPage, Word, write_searchable_pdf

WORD = Word("夏艳辰", 0.98, Box(300, 200, 420, 240))
MADE = dt.datetime(2026, 3, 5, tzinfo=dt.UTC)


def scanner_pdf(mode: str = "RGB", pages: int = 1) -> bytes:
    """What a scanner sends: JPEG in colour or grey, fax compression in black and white."""
    noise = np.random.default_rng(3).integers(0, 255, (877, 620, 3), np.uint8)
    image = Image.fromarray(noise).convert(mode)
    out = io.BytesIO()
    image.save(out, "PDF", resolution=75, save_all=True, append_images=[image] * (pages - 1))
    return out.getvalue()


def changed(change: Callable[[pikepdf.Pdf], None], source: bytes | None = None) -> bytes:
    """The scanner's PDF with something done to it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(source or scanner_pdf())) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


def searchable(data: bytes) -> bytes:
    """The searchable PDF, with one word on its first page."""
    out = io.BytesIO()
    page = ReadPage(1, 2480, 3508, 300, 0, 0.0, (WORD,))
    write_searchable_pdf(data, [page], out, title="scan.pdf", made_at=MADE)
    return out.getvalue()


def claims_pdf_a(data: bytes) -> bool:
    """Whether a PDF says of itself that it is PDF/A."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return pdf.open_metadata().pdfa_status == "2U" and len(pdf.Root.get("/OutputIntents", ())) == 1


def picture_in(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """The first picture of the first page."""
    return next(iter(pdf.pages[0].resources.XObject.values()))


def written_out(data: bytes) -> bytes:
    """The same PDF with nothing packed, so that one can look for words in it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    return out.getvalue()


def look_of(data: bytes) -> np.ndarray:
    """All pages as a viewer draws them, one below the other."""
    document = pdfium.PdfDocument(data)
    looks = [np.asarray(page.render(scale=0.5).to_pil().convert("RGB")) for page in document]
    document.close()
    return np.vstack(looks)


@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
def test_a_scanners_pdf_becomes_pdf_a_with_its_pictures_as_they_were(mode: str) -> None:
    source = scanner_pdf(mode, pages=2)

    made = searchable(source)

    assert claims_pdf_a(made)
    assert np.array_equal(look_of(made), look_of(source))
    with pikepdf.open(io.BytesIO(source)) as before, pikepdf.open(io.BytesIO(made)) as after:
        assert picture_in(after).read_raw_bytes() == picture_in(before).read_raw_bytes()
        assert after.pdf_version == "1.7"


def test_a_layer_that_another_program_left_is_gone_with_its_font() -> None:
    def add_layer(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        page.add_resource(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica), Name.Font, Name.F)
        page.contents_add(b"BT /F 20 Tf 3 Tr 50 50 Td (Hidden words of another reader) Tj ET")

    made = searchable(changed(add_layer))

    document = pdfium.PdfDocument(made)
    assert document[0].get_textpage().get_text_range() == "夏艳辰"
    document.close()
    assert claims_pdf_a(made)
    assert b"Helvetica" not in written_out(made)


def test_a_picture_drawn_through_several_matrices_lies_where_it_lay() -> None:
    def nest(pdf: pikepdf.Pdf) -> None:
        (name,) = pdf.pages[0].resources.XObject.keys()
        content = f"q 2 0 0 2 10 20 cm q 0 .5 -.5 0 200 0 cm 1 0 0 1 5 5 cm 300 0 0 200 0 0 cm {name} Do Q Q"
        pdf.pages[0].obj.Contents = pdf.make_stream(content.encode())

    source = changed(nest)

    assert claims_pdf_a(searchable(source))
    assert np.abs(look_of(searchable(source)).astype(int) - look_of(source)).mean() < 0.5


def test_what_pdf_a_forbids_and_nobody_sees_is_taken_away() -> None:
    def decorate(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Launch))
        picture_in(pdf).Interpolate = True

    made = searchable(changed(decorate))

    assert claims_pdf_a(made)
    assert not any(word in written_out(made) for word in (b"JavaScript", b"Launch", b"Interpolate"))


def _say(pdf: pikepdf.Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].add_resource(font, Name.Font, Name.F)
    pdf.pages[0].contents_add(b"BT /F 20 Tf 50 50 Td (Stamped) Tj ET")


def _draw(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"10 10 100 100 re f")


def _note(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]))])


def _ask(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array())


def _see_through(pdf: pikepdf.Pdf) -> None:
    mask = pdf.make_stream(b"\x80", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8)
    mask.ColorSpace = Name.DeviceGray
    picture_in(pdf).SMask = mask


def _unsound_profile(pdf: pikepdf.Pdf) -> None:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[8] = 5
    picture_in(pdf).ColorSpace = Array([Name.ICCBased, pdf.make_stream(bytes(profile), N=3)])


def _print_colours(pdf: pikepdf.Pdf) -> None:
    out = io.BytesIO()
    Image.new("CMYK", (60, 80)).save(out, "JPEG")
    picture = picture_in(pdf)
    picture.write(out.getvalue(), filter=Name.DCTDecode)
    picture.ColorSpace, picture.Width, picture.Height = Name.DeviceCMYK, 60, 80


@pytest.mark.parametrize("change", [_say, _draw, _note, _ask, _see_through, _unsound_profile, _print_colours])
def test_a_pdf_with_more_than_pictures_stays_what_it_is_and_becomes_searchable(
    change: Callable[[pikepdf.Pdf], None],
) -> None:
    source = changed(change)

    made = searchable(source)

    assert not claims_pdf_a(made)
    assert np.array_equal(look_of(made), look_of(source))
    document = pdfium.PdfDocument(made)
    assert "夏艳辰" in document[0].get_textpage().get_text_range()
    document.close()
