"""What paper, scanner and file format do to a sheet, and where each of its points ends up."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .sheet import MM_PER_INCH, Ink

Pixels = NDArray[np.uint8]
Levels = NDArray[Any]
Box = tuple[int, int, int, int]

PAPERS: tuple[tuple[int, int, int], ...] = (
    (252, 252, 250),
    (250, 248, 241),
    (244, 238, 220),
    (250, 228, 232),
    (226, 240, 228),
    (224, 235, 247),
)
"""White, off-white, yellowed, and the pink, green and blue of carbonless copies."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a sheet comes out of the scanner.

    Attributes:
        skew_deg: How far the upright page leans, clockwise positive.
        rotation_deg: Clockwise turn that makes the page upright: 0, 90, 180 or 270.
        shift_mm: How far the sheet lies from where it should, right and down.
        paper: Colour of the sheet.
        grey: Whether colours are lost.
        texture: Unevenness of the paper, in grey levels.
        shading: Loss of light towards one side, as a fraction.
        shading_deg: Direction of that side.
        blur_px: Standard deviation of the blur at 200 dpi; it grows with the resolution.
        noise: Standard deviation of the sensor's noise, in grey levels.
        bed: Brightness of the scanner's lid where the sheet does not cover it.
        jpeg_quality: 1 to 95, for the formats that compress with loss.
    """

    skew_deg: float = 0.0
    rotation_deg: int = 0
    shift_mm: tuple[float, float] = (0.0, 0.0)
    paper: tuple[int, int, int] = PAPERS[0]
    grey: bool = False
    texture: float = 0.0
    shading: float = 0.0
    shading_deg: float = 0.0
    blur_px: float = 0.0
    noise: float = 0.0
    bed: int = 255
    jpeg_quality: int = 85

    @classmethod
    def drawn(cls, random: Random, *, max_skew_deg: float = 3.0) -> "Look":
        """Draw an ordinary office scan by lot; pages fed the wrong way round are not ordinary."""
        return cls(
            skew_deg=round(min(max_skew_deg, max(-max_skew_deg, random.gauss(0, max_skew_deg / 2.5))), 2),
            shift_mm=(random.uniform(-2, 2), random.uniform(-2, 2)),
            paper=random.choice((PAPERS[0], PAPERS[0], PAPERS[1], PAPERS[1], *PAPERS[2:])),
            grey=random.random() < 0.35,
            texture=random.uniform(0.5, 3.0),
            shading=random.uniform(0.0, 0.12),
            shading_deg=random.uniform(0, 360),
            blur_px=random.uniform(0.3, 0.85),
            noise=random.uniform(1.0, 5.0),
            bed=random.choice((255, 250, 235, 60)),
            jpeg_quality=random.randrange(55, 86),
        )


@dataclass(frozen=True, slots=True)
class Scanned:
    """A page as the scanner delivers it.

    Attributes:
        pixels: Height x width x 3 (RGB), or height x width where colours are lost.
        place: Maps a rectangle of the sheet to the upright rectangle around it on the page.
    """

    pixels: Pixels
    place: Callable[[Ink], Box]


def _paper(height: int, width: int, look: Look, dpi: int, chance: np.random.Generator) -> Levels:
    """Reflectance of the empty sheet, 0 to 1, per channel."""
    sheet = np.ones((height, width), np.float32)
    if look.texture:
        fibre = chance.standard_normal((height // 2 + 1, width // 2 + 1), np.float32)
        cloud = chance.standard_normal((height * 2 // dpi + 2, width * 2 // dpi + 2), np.float32)
        sheet += look.texture / 255 * cv2.resize(fibre, (width, height), interpolation=cv2.INTER_LINEAR)
        sheet += 0.5 * look.texture / 255 * cv2.resize(cloud, (width, height), interpolation=cv2.INTER_CUBIC)
    return sheet[:, :, None] * (np.array(look.paper, np.float32) / 255)


def _light(height: int, width: int, look: Look) -> Levels:
    """How bright the scanner's lamp is at each point: it falls off towards one side."""
    angle = math.radians(look.shading_deg)
    down, right = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    reach = (right * math.cos(angle) + down * math.sin(angle) + 1.42) / 2.84
    light: NDArray[np.float32] = (1 - look.shading * reach**2)[:, :, None].astype(np.float32)
    return light


def scan(sheet: Pixels, look: Look, *, dpi: int, seed: int) -> Scanned:
    """Lay a sheet on the scanner.

    Args:
        sheet: White sheet with its ink, RGB.
        dpi: Resolution at which the sheet was drawn, which is the page's too.
        seed: Decides every grain of noise.
    """
    chance = np.random.default_rng(seed)
    height, width = sheet.shape[:2]
    page: Levels = sheet.astype(np.float32) / 255 * _paper(height, width, look, dpi, chance)

    matrix: Levels = cv2.getRotationMatrix2D((width / 2, height / 2), -look.skew_deg, 1.0)
    matrix[:, 2] += [mm / MM_PER_INCH * dpi for mm in look.shift_mm]
    page = cv2.warpAffine(
        page,
        matrix,
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(look.bed / 255,) * 3,
    )
    if look.blur_px:
        page = cv2.GaussianBlur(page, (0, 0), look.blur_px * dpi / 200)
    page *= _light(height, width, look)
    page *= 255
    if look.noise:
        grain: Levels = chance.standard_normal((height, width, 1), np.float32)
        page = page + look.noise * grain
    pixels: Levels = np.clip(page, 0, 255).round().astype(np.uint8)
    if look.grey:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    # To be made upright by a clockwise turn, the page has to lie turned the other way.
    pixels = np.ascontiguousarray(np.rot90(pixels, look.rotation_deg // 90))
    page_height, page_width = pixels.shape[:2]
    turn = {
        0: ((1, 0, 0), (0, 1, 0)),
        90: ((0, 1, 0), (-1, 0, page_height)),
        180: ((-1, 0, page_width), (0, -1, page_height)),
        270: ((0, -1, page_width), (1, 0, 0)),
    }[look.rotation_deg]
    whole = np.array(turn, np.float64) @ np.vstack([matrix, (0, 0, 1)])

    def place(ink: Ink) -> Box:
        corners = np.array([(x, y, 1) for x in (ink.x0, ink.x1) for y in (ink.y0, ink.y1)], np.float64) @ whole.T
        x0, y0 = np.floor(corners.min(axis=0)).astype(int)
        x1, y1 = np.ceil(corners.max(axis=0)).astype(int)
        return int(max(0, x0)), int(max(0, y0)), int(min(page_width, x1)), int(min(page_height, y1))

    return Scanned(pixels, place)
