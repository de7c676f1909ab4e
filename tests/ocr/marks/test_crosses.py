"""A mark beside one of several options without boxes tells which one is meant where its place does."""

import re

import pytest

from ocr.engine import Glyph
from ocr.marks.crosses import crossed


def told(line: str, *, wide: str = "") -> str | None:
    """The option that is told; every character is 10 pixels wide, those of ``wide`` 40."""
    glyphs, x = [], 0.0
    for character in line:
        width = 40.0 if character in wide else 10.0
        glyphs.append(Glyph(character, x, x + width, 0.99))
        x += width
    options = [match.span() for match in re.finditer("Male|Female|Yes|No|男|女", line)]
    number = crossed(glyphs, options)
    return None if number is None else line[slice(*options[number])]


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("X Male Female", "Male"),
        ("Male Female X", "Female"),
        ("_X_ Yes ___ No", "Yes"),
        ("___ Yes _x_ No", "No"),
        ("Yes _X_ No ___", "Yes"),
        ("Yes ___ No _X_", "No"),
        ("√男 女", "男"),
        ("Male X   Female", "Male"),
        ("Male   X Female", "Female"),
    ],
)
def test_the_option_with_the_mark_is_told(line: str, option: str) -> None:
    assert told(line) == option


@pytest.mark.parametrize(
    "line",
    ["Male X Female", "Male Female", "X Male X Female", "Male J Female", "Yes X No, explain"],
)
def test_no_mark_several_marks_other_words_and_a_mark_midway_tell_nothing(line: str) -> None:
    assert told(line) is None


def test_a_mark_far_from_one_word_belongs_to_the_other() -> None:
    assert told("男X\u3000女", wide="\u3000") == "男"
