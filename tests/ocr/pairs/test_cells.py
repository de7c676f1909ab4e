"""Cells of tables, also of those without a line at the left or at the right."""

from ocr.image.rulings import Rulings, Segment
from ocr.pairs.cells import Cell, CellFinder

from ..written import pairs_said, text_at

ROWS = (Segment(100, 50, 1400), Segment(200, 50, 1400), Segment(300, 50, 1400))


def test_a_table_open_at_both_sides_has_cells_there() -> None:
    finder = CellFinder(Rulings(ROWS, (Segment(500, 100, 300), Segment(900, 100, 300))), 2000)

    assert finder.at(100, 150) == Cell(100, 50, 200, 500)
    assert finder.at(700, 150) == Cell(100, 500, 200, 900)
    assert finder.at(1200, 250) == Cell(200, 900, 300, 1400)


def test_its_labels_and_values_are_paired() -> None:
    page = [
        text_at("沟通能力", 80, 130),
        text_at("流畅", 520, 130),
        text_at("形象", 80, 230),
        text_at("良好", 520, 230),
        text_at("x", 1950, 1950),
    ]

    assert pairs_said(page, Rulings(ROWS, (Segment(500, 100, 300),))) == [("沟通能力", "流畅"), ("形象", "良好")]


def test_lines_across_the_page_make_no_cells_without_a_line_down() -> None:
    assert CellFinder(Rulings(ROWS), 2000).at(700, 150) is None


def test_a_line_down_that_ends_within_the_row_or_beside_it_closes_nothing() -> None:
    assert CellFinder(Rulings(ROWS, (Segment(500, 140, 180),)), 2000).at(100, 150) is None
    assert CellFinder(Rulings(ROWS, (Segment(20, 100, 300),)), 2000).at(100, 150) is None


def test_a_tall_frame_with_a_broken_side_is_no_cell() -> None:
    frame = Rulings((Segment(100, 50, 1400), Segment(700, 50, 1400)), (Segment(50, 100, 700),))

    assert CellFinder(frame, 2000).at(700, 400) is None


def test_a_line_that_writing_has_broken_still_parts_the_rows() -> None:
    walls = (Segment(50, 100, 300), Segment(1400, 100, 300))
    broken = (ROWS[0], Segment(200, 50, 520), Segment(200, 600, 1400), ROWS[2])

    assert CellFinder(Rulings(broken, walls), 2000).at(560, 150) == Cell(100, 50, 200, 1400)


def test_a_line_that_stops_at_lines_down_leaves_a_cell_over_both_rows() -> None:
    walls = (*(Segment(x, 100, 300) for x in (50, 520, 600, 1400)),)
    parted = (ROWS[0], Segment(200, 50, 520), Segment(200, 600, 1400), ROWS[2])

    assert CellFinder(Rulings(parted, walls), 2000).at(560, 150) == Cell(100, 520, 300, 600)
