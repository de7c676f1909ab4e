"""Turning, straightening, and the way back for boxes."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.engine import Pixels
from ocr.image.prepare import gray_levels, prepare, skew_of
from ocr.page import Box
from scripts.accuracy.damage import photographed


def striped_page(lean_deg: float = 0.0) -> Image.Image:
    """Lines as of text, leaning clockwise by an angle."""
    page = Image.new("RGB", (1800, 2400), "white")
    pen = ImageDraw.Draw(page)
    for top in range(300, 2100, 70):
        for left in range(250, 1500, 90):
            pen.rectangle((left, top, left + 60, top + 30), fill="black")
    return page.rotate(-lean_deg, fillcolor="white", resample=Image.Resampling.BICUBIC)


@pytest.mark.parametrize("lean_deg", [-14.0, -3.0, -0.5, 0.0, 0.5, 3.0, 14.0])
def test_the_lean_of_a_page_is_measured(lean_deg: float) -> None:
    gray = gray_levels(np.asarray(striped_page(lean_deg)))

    assert skew_of(gray) == pytest.approx(lean_deg, abs=0.2)


def test_an_empty_page_does_not_lean() -> None:
    assert skew_of(np.full((800, 600), 255, np.uint8)) == 0.0


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("lean_deg", [0.0, 4.0])
def test_a_box_finds_its_way_back_to_the_page_as_received(rotation_deg: int, lean_deg: float) -> None:
    page = Image.new("RGB", (1800, 2400), "white")
    page.paste(striped_page(0.0))
    ImageDraw.Draw(page).rectangle((400, 2200, 520, 2260), fill=(255, 0, 0))
    received = page.rotate(-lean_deg, fillcolor="white").rotate(rotation_deg, expand=True)
    pixels = np.asarray(received)

    prepared = prepare(pixels, rotation_deg)

    found = prepared.box_as_received(*_red(prepared.pixels))
    there = _red(pixels)
    assert all(abs(a - b) <= 20 for a, b in zip(found, there, strict=True))


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
def test_a_box_on_a_photographed_sheet_finds_its_way_back(rotation_deg: int) -> None:
    page = Image.new("RGB", (1800, 2400), "white")
    page.paste(striped_page())
    ImageDraw.Draw(page).rectangle((400, 2200, 520, 2260), fill=(255, 0, 0))
    photo = Image.fromarray(photographed(np.asarray(page))).rotate(rotation_deg, expand=True)
    pixels = np.asarray(photo)

    prepared = prepare(pixels, rotation_deg)

    assert prepared.pixels.shape[1] / prepared.pixels.shape[0] == pytest.approx(1800 / 2400, abs=0.05)
    found = prepared.box_as_received(*_red(prepared.pixels))
    assert all(abs(a - b) <= 12 for a, b in zip(found, _red(pixels), strict=True))
    back = prepared.box_as_prepared(found)
    assert all(abs(a - b) <= 25 for a, b in zip(back, _red(prepared.pixels), strict=True))


def _red(pixels: Pixels) -> Box:
    ys, xs = np.nonzero((pixels[:, :, 0] > 110) & (pixels[:, :, 1] < 70))
    return Box(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)


def test_a_small_scan_is_enlarged_and_its_boxes_are_not() -> None:
    prepared = prepare(np.full((1000, 700, 3), 255, np.uint8), 0)

    assert prepared.pixels.shape == (2000, 1400, 3)
    assert prepared.box_as_received(200, 400, 300, 500) == Box(100, 200, 150, 250)
