"""The sheet on a photograph: found where it lies on something darker, and nowhere else."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from ocr.engine import Pixels
from ocr.image.sheet import find_sheet, flattening

CORNERS = np.array([[210, 150], [1010, 90], [1120, 1480], [90, 1400]], np.float64)


def photograph(corners: npt.NDArray[np.float64], *, paper: int = 220, desk: int = 90, noise: float = 6.0) -> Pixels:
    """A sheet with a table, lines of text and a margin, on a desk."""
    flat = np.full((1400, 1000, 3), paper, np.uint8)
    cv2.rectangle(flat, (80, 200), (920, 1200), (40, 40, 40), 4)
    for y in range(300, 1200, 60):
        cv2.line(flat, (120, y), (880, y), (60, 60, 60), 6)
    from_flat = np.array([(0, 0), (1000, 0), (1000, 1400), (0, 1400)], np.float32)
    matrix = cv2.getPerspectiveTransform(from_flat, corners.astype(np.float32))
    picture = np.full((1600, 1200, 3), desk, np.uint8)
    cv2.warpPerspective(flat, matrix, (1200, 1600), picture, borderMode=cv2.BORDER_TRANSPARENT)
    grain = np.random.default_rng(3).normal(0, noise, picture.shape)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    "look", [{}, {"paper": 130, "desk": 30}, {"paper": 250, "desk": 180}, {"noise": 20.0}], ids=str
)
def test_the_corners_of_a_sheet_on_a_desk_are_found(look: dict[str, float]) -> None:
    found = find_sheet(photograph(CORNERS, **look))  # type: ignore[arg-type]

    assert found is not None
    assert np.abs(found - CORNERS).max() <= 6


def test_a_shadow_over_half_of_the_sheet_hides_it_not() -> None:
    picture = photograph(CORNERS, desk=60)
    light = np.linspace(1.0, 0.5, picture.shape[1])[None, :, None]

    found = find_sheet((picture * light).astype(np.uint8))

    assert found is not None
    assert np.abs(found - CORNERS).max() <= 12


def test_a_scan_has_no_sheet_to_cut_out_though_a_frame_is_printed_on_it() -> None:
    scan = photograph(np.array([[-40, -40], [1240, -40], [1240, 1640], [-40, 1640]], np.float64))

    assert find_sheet(scan) is None


def test_a_frame_on_paper_is_no_sheet_though_the_border_of_the_picture_is_dark() -> None:
    picture = np.full((1600, 1200, 3), 90, np.uint8)
    # The paper's outline is no quadrangle: somebody holds it, and only the printed frame within has four corners.
    cv2.ellipse(picture, (600, 800), (590, 790), 0, 0, 360, (220, 220, 220), -1)
    cv2.rectangle(picture, (300, 400), (900, 1200), (40, 40, 40), 5)

    assert find_sheet(picture) is None


def test_a_small_bright_thing_on_a_desk_is_no_sheet() -> None:
    assert find_sheet(photograph(CORNERS * 0.25 + 300)) is None


def test_a_page_that_is_dark_all_over_has_none() -> None:
    assert find_sheet(np.full((1600, 1200, 3), 30, np.uint8)) is None
    assert find_sheet(np.zeros((3, 2, 3), np.uint8)) is None


def test_a_flattened_sheet_keeps_its_size_and_a_little_of_what_is_around_it() -> None:
    matrix, width, height = flattening(CORNERS)

    corners = cv2.perspectiveTransform(CORNERS.astype(np.float32)[None], matrix)[0]

    longest = np.linalg.norm(np.roll(CORNERS, -1, axis=0) - CORNERS, axis=1)
    assert width == pytest.approx(max(longest[0], longest[2]), rel=0.02)
    assert height == pytest.approx(max(longest[1], longest[3]), rel=0.02)
    assert (corners >= 0).all() and (corners <= (width, height)).all()
    assert np.abs(corners - [(0, 0), (width, 0), (width, height), (0, height)]).max() <= 0.01 * height
