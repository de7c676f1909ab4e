"""The searchable PDF: what stands where, what is kept, and what PDF/A asks for."""

import ctypes
import datetime as dt
import io
from collections.abc import Iterable

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageOps

from ocr import Box, DamagedScanError, ReadPage, Word, write_searchable_pdf
from ocr.image.prepare import prepare

MADE = dt.datetime(2026, 3, 5, 8, 30, tzinfo=dt.UTC)
SIZE = (1240, 1754)
DPI = 150


def picture(
    kind: str = "JPEG", *, mode: str = "RGB", size: tuple[int, int] = SIZE, dpi: int = DPI, orientation: int = 1
) -> bytes:
    """An image file, dark in its top left corner only, so that one can see which way it lies."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 3, size[1] // 5), fill=(40, 0, 0) if mode == "RGB" else "black")
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.convert(mode).save(out, kind, dpi=(dpi, dpi), **({"exif": exif} if orientation != 1 else {}))
    return out.getvalue()


def page_of(
    words: Iterable[Word], *, number: int = 1, size: tuple[int, int] = SIZE, rotation_deg: int = 0, skew_deg: float = 0
) -> ReadPage:
    """A page as a reader gives it."""
    return ReadPage(number, *size, DPI, rotation_deg, skew_deg, tuple(words))


def searchable(data: bytes, *pages: ReadPage, title: str = "表 1") -> bytes:
    """The searchable PDF."""
    out = io.BytesIO()
    write_searchable_pdf(data, pages, out, title=title, made_at=MADE)
    return out.getvalue()


def text_of(pdf: bytes, number: int = 1) -> str:
    """All text of a page as a viewer copies it."""
    document = pdfium.PdfDocument(pdf)
    try:
        text: str = document[number - 1].get_textpage().get_text_range()
        return text
    finally:
        document.close()


def place_of(pdf: bytes, text: str, size: tuple[int, int] = SIZE) -> tuple[int, int, int, int]:
    """Where a viewer marks the only place that it finds for a text, in pixels of its page drawn in that size."""
    document = pdfium.PdfDocument(pdf)
    page = document[0]
    text_page = page.get_textpage()
    try:
        found = text_page.search(text)
        place = found.get_next()
        assert place is not None, f"{text} is not found"
        assert found.get_next() is None, f"{text} is found twice"
        xs, ys = [], []
        for index in range(place[0], place[0] + place[1]):
            left, bottom, right, top = text_page.get_charbox(index, loose=True)
            for x, y in ((left, bottom), (right, top)):
                device_x, device_y = ctypes.c_int(), ctypes.c_int()
                pdfium_c.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, device_x, device_y)
                xs.append(device_x.value)
                ys.append(device_y.value)
        found.close()
        return min(xs), min(ys), max(xs), max(ys)
    finally:
        text_page.close()
        document.close()


def picture_in(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """The only picture of the first page, as it is stored."""
    return pdf.pages[0].resources.XObject["/Scan"]


def drawn(pdf: bytes, size: tuple[int, int]) -> np.ndarray:
    """The first page as a viewer draws it, in grey."""
    document = pdfium.PdfDocument(pdf)
    image = document[0].render(scale=DPI / 72).to_pil().convert("L").resize(size)
    document.close()
    return np.asarray(image, dtype=np.int16)


def own_text_pdf(*texts: str, mode: int = 0, image: bool = False, **page_keys: object) -> bytes:
    """A PDF whose pages carry a text of their own, shown in that text mode, over a picture of the whole page or not."""
    with pikepdf.new() as pdf:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        for text in texts:
            page = pdf.add_blank_page(page_size=(595, 842))
            content = f"BT /F 20 Tf {mode} Tr 1 0 0 1 72 700 Tm ({text}) Tj ET"
            page.obj.Resources = Dictionary(Font=Dictionary(F=font))
            if image:
                scan = pdf.make_stream(
                    b"\xff", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8,
                    ColorSpace=Name.DeviceGray,
                )  # fmt: skip
                page.obj.Resources.XObject = Dictionary(Scan=scan)
                content = f"q 595 0 0 842 0 0 cm /Scan Do Q {content}"
            page.obj.Contents = pdf.make_stream(content.encode())
            for key, value in page_keys.items():
                page.obj[f"/{key}"] = value
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


NAME = Word("夏艳辰", 0.98, Box(300, 200, 420, 240))
MAIL = Word("xia@example.com 电话", 0.98, Box(300, 400, 700, 440))


# Text


def test_chinese_and_latin_words_are_found_in_their_places() -> None:
    pdf = searchable(picture(), page_of([NAME, MAIL]))

    assert place_of(pdf, "夏艳辰") == pytest.approx(NAME.box, abs=2)
    assert place_of(pdf, "xia@example.com 电话") == pytest.approx(MAIL.box, abs=2)


def test_a_part_of_a_word_is_found_where_it_stands() -> None:
    pdf = searchable(picture(), page_of([NAME]))

    assert place_of(pdf, "辰") == pytest.approx((380, 200, 420, 240), abs=2)


def test_a_character_outside_the_basic_plane_is_copied_as_it_is() -> None:
    pdf = searchable(picture(), page_of([Word("王𠮷", 0.9, Box(100, 100, 180, 140))]))

    assert text_of(pdf) == "王𠮷"


def test_what_has_no_meaning_on_paper_is_left_out() -> None:
    pdf = searchable(picture(), page_of([Word("\x00\ud800张\x1b三", 0.9, Box(100, 100, 180, 140))]))

    assert text_of(pdf) == "张三"


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("skew_deg", [0.0, 1.5, 3.0, 12.0])
def test_words_of_a_turned_and_leaning_page_lie_where_they_were_read(rotation_deg: int, skew_deg: float) -> None:
    received = np.full((SIZE[1], SIZE[0], 3), 255, np.uint8)
    upright = Image.fromarray(received).rotate(-rotation_deg, expand=True)
    leaning = ImageDraw.Draw(upright)
    for y in range(200, upright.height - 200, 60):
        rise = np.tan(np.radians(skew_deg)) * (upright.width - 400)
        leaning.line((200, y, upright.width - 200, y + rise), fill="black", width=6)
    page = prepare(np.asarray(upright.rotate(rotation_deg, expand=True)), rotation_deg)
    assert page.skew_deg == pytest.approx(skew_deg, abs=0.2)
    box = page.box_as_received(700, 800, 880, 840)

    words = [Word("夏艳辰", 0.9, box)]
    pdf = searchable(picture(), page_of(words, rotation_deg=rotation_deg, skew_deg=page.skew_deg))

    shown = SIZE if rotation_deg in (0, 180) else (SIZE[1], SIZE[0])
    found = place_of(pdf, "夏艳辰", shown)
    as_seen = {
        0: box,
        90: (SIZE[1] - box.y1, box.x0, SIZE[1] - box.y0, box.x1),
        180: (SIZE[0] - box.x1, SIZE[1] - box.y1, SIZE[0] - box.x0, SIZE[1] - box.y0),
        270: (box.y0, SIZE[0] - box.x1, box.y1, SIZE[0] - box.x0),
    }[rotation_deg]
    assert found == pytest.approx(as_seen, abs=8)


def test_a_column_of_characters_runs_downwards() -> None:
    pdf = searchable(picture(), page_of([Word("夏艳辰", 0.9, Box(100, 200, 140, 320))]))

    assert place_of(pdf, "艳") == pytest.approx((100, 240, 140, 280), abs=3)


# Pictures


def test_the_bytes_of_a_jpeg_are_kept() -> None:
    data = picture()

    with pikepdf.open(io.BytesIO(searchable(data, page_of([NAME])))) as pdf:
        assert picture_in(pdf).read_raw_bytes() == data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_lies_as_its_camera_said(orientation: int) -> None:
    data = picture(orientation=orientation)
    with Image.open(io.BytesIO(data)) as opened:
        expected = ImageOps.exif_transpose(opened).convert("L")

    shown = drawn(searchable(data), expected.size)

    assert np.abs(shown - np.asarray(expected, dtype=np.int16)).mean() < 2


@pytest.mark.parametrize(
    ("mode", "bits", "space"), [("RGB", 8, "/DeviceRGB"), ("L", 8, "/DeviceGray"), ("1", 1, "/DeviceGray")]
)
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_every_pixel_of_a_lossless_scan_is_kept_with_as_few_bits_as_it_needs(
    kind: str, mode: str, bits: int, space: str
) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (60, 41, 3), np.uint8)
    image = Image.fromarray(noise).convert(mode)
    data = io.BytesIO()
    image.save(data, kind)

    with pikepdf.open(io.BytesIO(searchable(data.getvalue()))) as pdf:
        stored = picture_in(pdf)

        assert (int(stored.BitsPerComponent), str(stored.ColorSpace)) == (bits, space)
        assert pikepdf.PdfImage(stored).as_pil_image().convert("RGB").tobytes() == image.convert("RGB").tobytes()


def test_a_page_is_as_large_as_its_paper() -> None:
    with pikepdf.open(io.BytesIO(searchable(picture(dpi=150)))) as pdf:
        assert [float(side) for side in pdf.pages[0].mediabox[2:]] == pytest.approx([595.2, 841.92])


@pytest.mark.parametrize("size", [(20, 9000), (9000, 20), (1, 1)])
def test_no_page_is_larger_or_smaller_than_pdf_a_allows(size: tuple[int, int]) -> None:
    with pikepdf.open(io.BytesIO(searchable(picture("PNG", size=size, dpi=50)))) as pdf:
        sides = [float(side) for side in pdf.pages[0].mediabox[2:]]
        assert max(sides) <= 14_400
        assert min(sides) > 0


def test_every_page_of_a_tiff_has_its_own_text() -> None:
    out = io.BytesIO()
    sheets = [Image.new("L", SIZE, 255)] * 3
    sheets[0].save(out, "TIFF", save_all=True, append_images=sheets[1:])

    pdf = searchable(out.getvalue(), page_of([NAME]), page_of([MAIL], number=3))

    assert [text_of(pdf, number) for number in (1, 2, 3)] == ["夏艳辰", "", "xia@example.com 电话"]


# PDF files


def test_a_page_with_text_of_its_own_is_left_as_it_is() -> None:
    source = own_text_pdf("Registration of customers 2026", "Second page of the registration")

    pdf = searchable(source, page_of([NAME]), page_of([MAIL], number=2))

    assert text_of(pdf, 1) == "Registration of customers 2026"
    assert text_of(pdf, 2) == "Second page of the registration"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_scanned_page_gets_its_words_in_place_however_its_space_is_turned_and_cropped(turn: int) -> None:
    source = own_text_pdf("", image=True, Rotate=turn, CropBox=Array([40, 60, 540, 800]))
    size = (1042, 1542) if turn in (0, 180) else (1542, 1042)

    pdf = searchable(source, page_of([NAME], size=size))

    assert place_of(pdf, "夏艳辰", size) == pytest.approx(NAME.box, abs=3)


def test_the_text_layer_of_another_program_is_replaced() -> None:
    source = own_text_pdf("Hidden words of another reader", mode=3, image=True)

    assert text_of(searchable(source, page_of([NAME]))) == "夏艳辰"


def test_a_layer_inside_a_form_is_replaced_and_made_twice_it_is_there_once() -> None:
    source = own_text_pdf("Hidden words of another reader", mode=3, image=True)
    with pikepdf.open(io.BytesIO(source)) as pdf:
        page = pdf.pages[0]
        form = page.as_form_xobject()
        page.obj.Resources = Dictionary(XObject=Dictionary(Whole=form))
        page.obj.Contents = pdf.make_stream(b"/Whole Do")
        nested = io.BytesIO()
        pdf.save(nested)

    once = searchable(nested.getvalue(), page_of([NAME]))
    twice = searchable(once, page_of([NAME]))

    assert (text_of(once), text_of(twice)) == ("夏艳辰", "夏艳辰")


def test_a_pdf_that_cannot_be_opened_is_refused_by_its_code() -> None:
    with pytest.raises(DamagedScanError):
        searchable(b"%PDF-1.7\n" + b"x" * 200)


# PDF/A


def test_an_image_becomes_pdf_a() -> None:
    data = searchable(picture(), page_of([NAME, MAIL]), title="张三 <登记表>.jpg")

    assert data.startswith(b"%PDF-1.7")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        metadata = pdf.open_metadata()
        assert metadata.pdfa_status == "2U"
        assert metadata["dc:title"] == "张三 <登记表>.jpg" == str(pdf.docinfo["/Title"])
        (intent,) = pdf.Root.OutputIntents
        assert (str(intent.S), int(intent.DestOutputProfile.N)) == ("/GTS_PDFA1", 3)
        assert "/ID" in pdf.trailer
        assert not pdf.is_encrypted
        font = pdf.pages[0].resources.Font["/DossierText"]
        assert (
            font.ToUnicode.read_bytes().count(b"> <") == len(set(NAME.text + MAIL.text)) + 1
        )  # and the space of codes
        assert font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()[:4] == b"\0\1\0\0"


def test_the_same_scan_gives_the_same_bytes() -> None:
    assert searchable(picture(), page_of([NAME])) == searchable(picture(), page_of([NAME]))


def test_an_icc_profile_is_kept_and_a_broken_one_left_out() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    spaces = []
    for icc in (profile, b"no profile" * 20):
        out = io.BytesIO()
        Image.new("RGB", (80, 80), "red").save(out, "JPEG", icc_profile=icc)
        with pikepdf.open(io.BytesIO(searchable(out.getvalue()))) as pdf:
            space = picture_in(pdf).ColorSpace
            spaces.append(str(space) if isinstance(space, pikepdf.Name) else str(space[0]))

    assert spaces == ["/ICCBased", "/DeviceRGB"]


def test_print_colours_become_screen_colours() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (80, 80), (0, 255, 255, 0)).save(out, "JPEG")

    with pikepdf.open(io.BytesIO(searchable(out.getvalue()))) as pdf:
        assert str(picture_in(pdf).ColorSpace) == "/DeviceRGB"
