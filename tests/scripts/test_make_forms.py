"""The generator of filled forms: its truth must be true, or every measurement made with it is worth nothing."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from stdnum.cn import ric, uscc
from stdnum.luhn import is_valid as luhn_is_valid

from ocr import DEFAULT_VOCABULARY, Kind, check_value
from scripts.forms import fonts, numbers
from scripts.forms.command import make_forms
from scripts.forms.fonts import FontMissingError, Style, choose_face
from scripts.forms.generate import TODAY, FormPage, Order, make_files, make_page
from scripts.forms.invented import PLACES, invent_company, invent_person
from scripts.forms.look import PAPERS, Look
from scripts.forms.plain import ALL_FORMS

CLEAN = Look()


@pytest.fixture(autouse=True, scope="module")
def _fonts() -> None:
    try:
        for language in ("zh", "en"):
            for style in Style:
                choose_face(language, style, Random(0))
    except FontMissingError as error:
        pytest.skip(str(error))


def darkest(page: FormPage, box: tuple[int, int, int, int]) -> int:
    """How dark the darkest pixel of a box is."""
    x0, y0, x1, y1 = box
    return int(page.pixels[y0:y1, x0:x1].min())


def every_form(**options: object) -> Iterator[FormPage]:
    for form in ALL_FORMS.values():
        yield make_page(form, "every", dpi=100, **options)  # type: ignore[arg-type]


def test_the_same_seed_makes_the_same_bytes(tmp_path: Path) -> None:
    order = Order(forms=("clinic-registration", "new-customer"), count=2, seed=7, dpi=100)
    first = [path.read_bytes() for path in make_files(order, tmp_path / "a")]
    again = [path.read_bytes() for path in make_files(order, tmp_path / "b")]
    other = [path.read_bytes() for path in make_files(dataclasses.replace(order, seed=8), tmp_path / "c")]

    assert first == again
    assert (tmp_path / "a/truth.json").read_bytes() == (tmp_path / "b/truth.json").read_bytes()
    assert not set(first) & set(other)


@pytest.mark.parametrize("file_format", ["tiff", "pdf"])
def test_pages_of_one_file_are_one_truth_each_and_the_same_bytes_again(tmp_path: Path, file_format: str) -> None:
    order = Order(forms=("patient-registration",), count=1, seed=1, dpi=100, pages=2, format=file_format)
    [path] = make_files(order, tmp_path / "a")
    [again] = make_files(order, tmp_path / "b")

    truth = json.loads((tmp_path / "a/truth.json").read_text(encoding="utf-8"))["pages"]
    assert [(page["file"], page["page"]) for page in truth] == [(path.name, 1), (path.name, 2)]
    assert path.read_bytes() == again.read_bytes()


def test_the_truth_names_the_size_and_resolution_of_the_file(tmp_path: Path) -> None:
    order = Order(forms=tuple(ALL_FORMS), count=len(ALL_FORMS), seed=3, dpi=100, rotations=(90, 0))
    paths = make_files(order, tmp_path)
    for path, page in zip(
        paths, json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["pages"], strict=True
    ):
        with Image.open(path) as image:
            assert image.size == (page["width_px"], page["height_px"])
            assert image.info["dpi"] == (page["dpi"], page["dpi"])


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_boxes_lie_tightly_on_ink_however_the_page_lies(rotation_deg: int) -> None:
    for page in every_form(look=dataclasses.replace(CLEAN, rotation_deg=rotation_deg)):
        assert len(page.fields) >= 6
        for field in page.fields:
            for x0, y0, x1, y1 in (field.key_box, field.value_box):
                assert darkest(page, (x0, y0, x1, y1)) < 150, field
                # Ink touches all four sides: the box is no larger than the text.
                for side in ((x0, y0, x0 + 2, y1), (x1 - 2, y0, x1, y1), (x0, y0, x1, y0 + 2), (x0, y1 - 2, x1, y1)):
                    assert darkest(page, side) < 235, field


def test_boxes_follow_skew_and_shift() -> None:
    """Without its box every text would vanish: what stays dark outside all boxes is rulings, stamp and signature."""
    for skew_deg in (-3.0, 3.0):
        look = dataclasses.replace(CLEAN, skew_deg=skew_deg, shift_mm=(2.0, -1.5))
        for page in every_form(look=look):
            for text in page.texts:
                assert darkest(page, text.box) < 170, text


def test_two_values_never_overlap() -> None:
    for page in every_form(look=CLEAN, blanks=False):
        boxes = [field.value_box for field in page.fields]
        for at, (ax0, ay0, ax1, ay1) in enumerate(boxes):
            for bx0, by0, bx1, by1 in boxes[at + 1 :]:
                assert ax1 <= bx0 or bx1 <= ax0 or ay1 <= by0 or by1 <= ay0, page.form


def test_values_stay_on_the_sheet() -> None:
    for seed in range(4):
        for form in ALL_FORMS.values():
            page = make_page(form, str(seed), dpi=100, look=CLEAN, blanks=False)
            width_px, height_px = page.size_px
            for field in page.fields:
                x0, y0, x1, y1 = field.value_box
                assert width_px * 0.05 < x0 < x1 < width_px * 0.96, field
                assert 0 < y0 < y1 < height_px, field


def test_the_reader_knows_every_label_and_agrees_on_every_value() -> None:
    for seed in range(3):
        for form in ALL_FORMS.values():
            for field in make_page(form, str(seed), dpi=100).fields:
                assert DEFAULT_VOCABULARY.name_of(field.key) == field.name
                kind = DEFAULT_VOCABULARY.kind_of(field.name)
                # American mobiles have the form of landlines.
                checked = check_value(
                    Kind.PHONE if kind is Kind.MOBILE and form.language == "en" else kind, field.value
                )
                assert (checked.valid, checked.normalised) == (True, field.normalised), field


def test_required_answers_are_never_blank() -> None:
    for seed in range(20):
        for form in ALL_FORMS.values():
            names = {field.name for field in make_page(form, str(seed), dpi=100, look=CLEAN).fields}
            assert form.required - names <= {"date", "application_date"}
            assert names & {"date", "application_date"}


def test_an_untouched_look_changes_no_ink() -> None:
    page = make_page(ALL_FORMS["company-record"], "clean", dpi=100, look=CLEAN)
    assert set(np.unique(page.pixels)) >= {25, PAPERS[0][0]}


def test_invented_id_numbers_have_right_check_digits_and_tell_sex_and_birth() -> None:
    random = Random(1)
    for _ in range(200):
        person = invent_person(random, "zh", today=TODAY)
        assert ric.calc_check_digit(person.id_number) == person.id_number[-1]
        assert person.id_number[6:14] == f"{person.birth_date:%Y%m%d}"
        assert int(person.id_number[16]) % 2 == (person.sex == "male")
        assert person.id_number[:6] in {place.region for place in PLACES}


def test_invented_credit_codes_pass_both_checks() -> None:
    random = Random(2)
    for _ in range(200):
        code = invent_company(random, "zh", today=TODAY).uscc
        assert uscc.is_valid(code)
        assert check_value(Kind.USCC, code).valid


def test_invented_bank_cards_pass_luhn() -> None:
    random = Random(3)
    assert all(luhn_is_valid(numbers.bank_card(random)) for _ in range(100))


def test_nobody_can_be_written_to_or_called_in_english() -> None:
    random = Random(4)
    for _ in range(100):
        person = invent_person(random, "en", today=TODAY)
        assert person.email.rsplit("@", 1)[1] in ("example.com", "example.net", "example.org")
        assert person.phone[5:10] == person.mobile[5:10] == "55501"


def test_a_missing_font_names_the_packages_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = tuple(dataclasses.replace(face, file="nowhere.ttf") for face in fonts.FACES["zh", Style.HAND])
    monkeypatch.setitem(fonts.FACES, ("zh", Style.HAND), nowhere)
    with pytest.raises(FontMissingError, match="fonts-arphic-ukai"):
        choose_face("zh", Style.HAND, Random(0))


def test_the_command_refuses_several_pages_in_a_format_of_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(make_forms, ["--out", str(tmp_path), "--pages", "2"])
    assert result.exit_code == 2
    assert "--format tiff or pdf" in result.output


def test_the_command_prints_the_files_it_made(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        make_forms, ["--out", str(tmp_path), "--count", "1", "--dpi", "100", "--language", "en", "--format", "png"]
    )
    assert result.exit_code == 0
    assert result.output.splitlines() == [str(tmp_path / "0001-new-customer.png")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0001-new-customer.png", "truth.json"]
