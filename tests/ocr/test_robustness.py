"""Pages as offices have them: on coloured paper, in bad light, leaning, stamped over, and very large ones."""

import dataclasses
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from ocr import OcrEngine, Reading, open_engine, read_scan
from scripts.accuracy.damage import photographed
from scripts.accuracy.scoring import folded
from scripts.forms.fonts import FontMissingError
from scripts.forms.generate import FormPage, make_page
from scripts.forms.layouts import FORMS
from scripts.forms.look import PAPERS, Look

pytestmark = pytest.mark.slow

FORM = "company-registration"
DATA = Path(__file__).parents[1] / "data"
MEMORY_OF_A_LARGE_PAGE = 1500 * 2**20
"""Bytes that the reading of 80 million pixels may add to what the reader takes for a small page: about nineteen a pixel."""


@pytest.fixture(scope="module")
def engine() -> OcrEngine:
    """The default reader."""
    return open_engine("rapidocr")


@pytest.fixture(scope="module")
def clean(engine: OcrEngine) -> Iterator[set[str]]:
    """What is found of the form where nothing is in the way."""
    try:
        page = drawn(Look())
    except FontMissingError as error:
        pytest.skip(str(error))
    found = found_of(page, read(page, engine))
    assert len(found) > 0.85 * len(page.fields), "the clean page is not read well: the others prove nothing"
    yield found


def drawn(look: Look) -> FormPage:
    """The same filled form under another look."""
    return make_page(FORMS[FORM], "robustness", look=look)


def read(page: FormPage, engine: OcrEngine) -> Reading:
    """Read a page as the scanner's file."""
    out = io.BytesIO()
    Image.fromarray(page.pixels).save(out, "JPEG", quality=page.look.jpeg_quality, dpi=(page.dpi, page.dpi))
    return read_scan(out.getvalue(), engine=engine)


def found_of(page: FormPage, reading: Reading) -> set[str]:
    """The fields whose values were read letter by letter, wherever they were put."""
    text = folded("".join(word.text for word in reading.pages[0].words))
    return {field.name for field in page.fields if folded(field.value) in text}


@pytest.mark.parametrize("paper", PAPERS[2:])
def test_coloured_paper_takes_at_most_one_value_away(
    paper: tuple[int, int, int], clean: set[str], engine: OcrEngine
) -> None:
    page = drawn(Look(paper=paper, texture=3))

    # One character of one value may go either way: processors compute the recogniser's network with unlike precision.
    assert len(clean - found_of(page, read(page, engine))) <= 1


@pytest.mark.parametrize(
    "look",
    [Look(shading=0.5, shading_deg=40), Look(noise=12), Look(blur_px=1.0, noise=5), Look(grey=True, jpeg_quality=40)],
    ids=["shadow", "noise", "blur", "compression"],
)
def test_bad_light_and_noise_take_at_most_one_value_away(look: Look, clean: set[str], engine: OcrEngine) -> None:
    page = drawn(look)

    assert len(clean - found_of(page, read(page, engine))) <= 1


@pytest.mark.parametrize("skew_deg", [-15.0, -7.0, 4.0, 11.0, 15.0])
@pytest.mark.parametrize("bed", [255, 60])
def test_a_page_that_leans_by_up_to_fifteen_degrees_is_straightened_and_read(
    skew_deg: float, bed: int, clean: set[str], engine: OcrEngine
) -> None:
    page = drawn(Look(skew_deg=skew_deg, bed=bed))

    reading = read(page, engine)

    assert reading.pages[0].skew_deg == pytest.approx(skew_deg, abs=0.3)
    # At such an angle a corner of the sheet, with what stands there, lies outside of the picture.
    assert len(clean - found_of(page, reading)) <= 1


@pytest.mark.parametrize("rotation_deg", [90, 180, 270])
def test_a_page_fed_the_wrong_way_round_is_turned_and_straightened(
    rotation_deg: int, clean: set[str], engine: OcrEngine
) -> None:
    page = drawn(Look(rotation_deg=rotation_deg, skew_deg=6.0, paper=PAPERS[3], noise=4))

    reading = read(page, engine)

    assert reading.pages[0].rotation_deg == rotation_deg
    assert len(clean - found_of(page, reading)) <= 1


def test_a_page_photographed_aslant_on_a_desk_is_seen_from_above(clean: set[str], engine: OcrEngine) -> None:
    page = drawn(Look())
    page = dataclasses.replace(page, pixels=photographed(page.pixels))

    reading = read(page, engine)

    assert len(clean - found_of(page, reading)) <= 1
    values = {each.name: each for each in reading.extractions}
    for field in page.fields:
        if field.name in ("legal_person", "company") and field.name in values:
            assert folded(values[field.name].value) == folded(field.value)


def test_a_stamp_over_it_leaves_a_company_its_name(engine: OcrEngine) -> None:
    # This form's stamp is set over the company's signature; its name also stands in the table, and is asked for there.
    page = drawn(Look())
    stamped = next(field for field in page.fields if field.name == "company")

    reading = read(page, engine)

    assert any(each.name == "company" and each.value == stamped.value for each in reading.extractions)


def test_the_memory_for_a_page_of_eighty_million_pixels_is_bounded(tmp_path: Path) -> None:
    small, large = DATA / "person-zh.jpg", tmp_path / "large.jpg"
    with Image.open(small) as form:
        width = round((79_000_000 * form.width / form.height) ** 0.5)
        enlarged = form.convert("L").resize((width, width * form.height // form.width))
        enlarged.rotate(-4, Image.Resampling.BILINEAR, fillcolor=255).save(large, "JPEG", quality=60)

    for_small, for_large = (_peak_bytes(path) for path in (small, large))

    assert for_large - for_small < MEMORY_OF_A_LARGE_PAGE


def _peak_bytes(path: Path) -> int:
    """Peak memory of a process that reads the file and finds something on it."""
    script = (
        "import json, resource, sys; from pathlib import Path; from ocr import open_engine, read_scan;"
        "reading = read_scan(Path(sys.argv[1]).read_bytes(), engine=open_engine('rapidocr', threads=2));"
        "print(json.dumps([len(reading.extractions), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]))"
    )
    answer = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    found, peak = json.loads(answer.stdout)
    assert found > 5
    return int(peak)
