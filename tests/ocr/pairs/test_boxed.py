"""Characters that stand one to a box become one value."""

from collections.abc import Sequence

import pytest

from ocr import DEFAULT_VOCABULARY
from ocr.engine import Glyph
from ocr.image.rulings import Rulings, Segment
from ocr.pairs.boxed import joined_boxes
from ocr.pairs.extract import find_pairs
from ocr.pairs.layout import Piece

SIZE = 36.0


def written(text: str, x: float, y: float, confidence: float = 0.9) -> Piece:
    """Text at a place, every Chinese character a square, every other half as wide."""
    glyphs, at = [], x
    for character in text:
        width = SIZE if ord(character) > 0x2E7F else SIZE / 2
        glyphs.append(Glyph(character, at, at + width, confidence))
        at += width
    return Piece(tuple(glyphs), x, y, at, y + SIZE, confidence)


def in_boxes(text: str, x: float, y: float, pitch: float = 48.0) -> list[Piece]:
    """Each character in the middle of its box; a blank is an empty box."""
    return [written(c, x + i * pitch + (pitch - SIZE / 2) / 2, y) for i, c in enumerate(text) if not c.isspace()]


def texts(pieces: Sequence[Piece]) -> list[str]:
    return [piece.text for piece in joined_boxes(pieces, Rulings())[0]]


@pytest.mark.parametrize("text", ["11010519491231002X", "13812345678", "20240305", "100080", "6222020200112233"])
def test_characters_at_an_even_pitch_are_one_value(text: str) -> None:
    assert texts([written("证件号码", 0, 0), *in_boxes(text, 200, 0), written("备注", 1800, 0)]) == [
        "证件号码",
        text,
        "备注",
    ]


def test_the_value_takes_the_place_of_all_its_boxes() -> None:
    row = in_boxes("13812345678", 200, 10)

    (joined,) = joined_boxes(row, Rulings())[0]

    assert (joined.x0, joined.y0, joined.x1, joined.y1) == (row[0].x0, row[0].y0, row[-1].x1, row[0].y1)


def test_what_parts_the_groups_of_a_date_stays_in_it() -> None:
    assert texts(in_boxes("2024年03月05日", 0, 0)) == ["2024年03月05日"]


def test_an_empty_box_parts_words_and_casts_doubt_on_numbers() -> None:
    (name,) = joined_boxes(in_boxes("ANNA BROWN", 0, 0), Rulings())[0]
    (number,) = joined_boxes(in_boxes("13812 45678", 0, 0), Rulings())[0]

    assert name.text == "ANNA BROWN"
    assert min(glyph.confidence for glyph in name.glyphs) == 0.9
    assert number.text == "1381245678"
    assert min(glyph.confidence for glyph in number.glyphs) <= 0.5


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param(in_boxes("12345", 0, 0), id="numbers of columns"),
        pytest.param(in_boxes("ABCDE", 0, 0), id="choices"),
        pytest.param(in_boxes("4197", 0, 0), id="too few"),
        pytest.param(in_boxes("41970", 0, 0, pitch=160), id="as far apart as columns"),
        pytest.param([written(c, x, 0) for c, x in zip("41970", (0, 40, 160, 190, 420), strict=True)], id="uneven"),
        pytest.param([written(c, 60 * i, 60 * i) for i, c in enumerate("41970")], id="not on one line"),
    ],
)
def test_other_lone_characters_stay_apart(pieces: list[Piece]) -> None:
    assert len(joined_boxes(pieces, Rulings())[0]) == len(pieces)


def test_the_lines_between_boxes_go_and_those_of_the_cell_stay() -> None:
    row = in_boxes("110105194912310021", 200, 20)
    boxes = [Segment(200 + 48.0 * i, 10, 66) for i in range(19)]
    walls = [Segment(x, 0, 80) for x in (10, 186, 1200)]
    through = Segment(200 + 48.0 * 5, 66, 300)

    kept = joined_boxes(row, Rulings((), tuple(sorted([*boxes, *walls, through], key=lambda s: s.at))))[1]

    assert set(walls) <= set(kept.vertical)
    assert through in kept.vertical
    assert not set(boxes[:-1]) & set(kept.vertical)


def test_a_ruled_row_of_boxes_is_the_value_of_the_cell_beside_it() -> None:
    walls = tuple(Segment(x, 0, 80) for x in (10, 186, 1120))
    boxes = tuple(Segment(200 + 48.0 * i, 10, 66) for i in range(19))
    lines = Rulings((Segment(0, 10, 1120), Segment(80, 10, 1120)), tuple(sorted(walls + boxes, key=lambda s: s.at)))
    pieces, rulings = joined_boxes([written("证件号码", 20, 20), *in_boxes("11010519491231002X", 200, 20)], lines)

    (pair,) = find_pairs(pieces, rulings, DEFAULT_VOCABULARY)

    assert [piece.text for piece in (*pair.key, *pair.value)] == ["证件号码", "11010519491231002X"]
