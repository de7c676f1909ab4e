"""Lines are read side by side, and each gets its own text."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import rapidocr

from ocr.engine import Pixels
from ocr.engines.recogniser import LineReader

MODEL = Path(rapidocr.__file__).parent / "models" / "PP-OCRv6_rec_small.onnx"


@pytest.fixture(scope="module")
def reader() -> LineReader:
    return LineReader(MODEL, threads=2)


def line(text: str) -> Pixels:
    """A line of plain print, as high as its letters need."""
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 1.5, 3)
    paper = np.full((height + 24, width + 24, 3), 255, np.uint8)
    cv2.putText(paper, text, (12, height + 10), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (20, 20, 20), 3, cv2.LINE_AA)
    return paper


def test_each_of_many_lines_gets_its_own_text(reader: LineReader) -> None:
    numbers = [str(7_000 + 37 * n) * (1 + n % 5) for n in range(40)]

    assert [each.text for each in reader.read([line(number) for number in numbers])] == numbers


def test_a_line_wider_than_a_batch_is_read_whole(reader: LineReader) -> None:
    words = "Name Address Telephone Company Birth Date Place Country Account Number Branch Signature Customer"

    (whole,) = reader.read([line(words)])

    assert whole.text.replace(" ", "") == words.replace(" ", "")


def test_every_character_has_a_place_and_a_confidence(reader: LineReader) -> None:
    (read,) = reader.read([line("2024-05-17")])

    assert len(read.columns) == len(read.confidences) == len(read.text) == 10
    assert list(read.columns) == sorted(set(read.columns))
    assert 0 <= read.columns[0] < read.columns[-1] < read.column_count
    assert min(read.confidences) > 0.5
    assert read.confidence == pytest.approx(sum(read.confidences) / 10)


def test_bare_paper_says_nothing(reader: LineReader) -> None:
    (read,) = reader.read([np.full((48, 200, 3), 255, np.uint8)])

    assert read.text == ""
    assert read.confidence == 0.0


def test_no_lines_give_no_texts(reader: LineReader) -> None:
    assert reader.read([]) == []


def test_the_reader_goes_on_after_a_line_that_is_none(reader: LineReader) -> None:
    good = [line(str(n) * 4) for n in range(1, 9)]

    with pytest.raises(cv2.error):
        reader.read([*good, np.zeros((0, 0, 3), np.uint8).reshape(1, 0, 3)])

    assert [each.text for each in reader.read(good)] == [str(n) * 4 for n in range(1, 9)]
