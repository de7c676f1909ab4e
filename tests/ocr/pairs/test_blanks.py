"""What stands on a line to write on belongs to the words before the line."""

from collections.abc import Sequence

import pytest

from ocr import DEFAULT_VOCABULARY
from ocr.engine import Glyph
from ocr.image.rulings import Rulings, Segment
from ocr.pairs.blanks import blanks_of, split_at_blanks
from ocr.pairs.extract import find_pairs
from ocr.pairs.layout import Piece


def written(text: str, x: float, y: float) -> Piece:
    """Text at a place, every character 20 wide and 40 high."""
    glyphs = tuple(Glyph(c, x + 20 * i, x + 20 * (i + 1), 0.9) for i, c in enumerate(text))
    return Piece(glyphs, x, y, x + 20 * len(text), y + 40, 0.9)


def texts(pieces: Sequence[Piece]) -> list[str]:
    return [piece.text for piece in pieces]


def test_a_run_is_parted_where_the_line_under_it_begins_and_ends() -> None:
    run = written("the month of January in the year", 100, 100)

    parts = split_at_blanks(run, [Segment(145, 345, 505)])

    assert texts(parts) == ["the month of", "January", "in the year"]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(Segment(145, 100, 500), id="underlined from its beginning"),
        pytest.param(Segment(120, 345, 505), id="struck through"),
        pytest.param(Segment(200, 345, 505), id="of the next row"),
        pytest.param(Segment(145, 345, 400), id="a stroke of the print"),
        pytest.param(Segment(145, 440, 640), id="beginning within a word"),
    ],
)
def test_other_lines_part_nothing(line: Segment) -> None:
    run = written("The Newspaper announcements", 100, 100)

    assert texts(split_at_blanks(run, [line])) == [run.text]


def test_the_label_of_a_line_stands_before_it() -> None:
    pieces = [written("County of", 100, 100), written("Floyd", 320, 98), written("Agency", 700, 100)]
    lines = Rulings((Segment(142, 300, 660), Segment(142, 840, 1200)))

    pairs = find_pairs(pieces, lines, DEFAULT_VOCABULARY)

    assert [(texts(pair.key), texts(pair.value)) for pair in pairs] == [(["County of"], ["Floyd"])]


def test_the_lines_of_a_table_are_none_to_write_on() -> None:
    free, cell = Segment(500, 100, 600), Segment(300, 100, 600)
    rulings = Rulings((cell, free, Segment(700, 0, 1900)), (Segment(100, 200, 300), Segment(600, 200, 300)))

    assert blanks_of(rulings, side_px=2000) == [free]
