"""Columns under headings, where no lines are ruled."""

from ocr import DEFAULT_VOCABULARY
from ocr.image.rulings import Rulings
from ocr.page import TableRow
from ocr.pairs.extract import find_pairs

from ..written import lines_at, pairs_said, text_at

NO_LINES = Rulings()
HEADINGS = [text_at("Part", 100, 100), text_at("Pieces", 500, 100), text_at("Unit price", 900, 100)]


def test_figures_below_headings_belong_to_them_row_by_row() -> None:
    rows = [text_at(text, x, 160) for text, x in (("31204", 100), ("12", 520), ("4.50", 920))]
    rows += [text_at(text, x, 220) for text, x in (("31377", 100), ("3", 520), ("18.00", 920))]

    pairs = find_pairs([*HEADINGS, *rows], NO_LINES, DEFAULT_VOCABULARY)

    assert [(p.key[0].text, p.value[0].text, p.row) for p in pairs] == [
        ("Part", "31204", TableRow("", 1)),
        ("Pieces", "12", TableRow("", 1)),
        ("Unit price", "4.50", TableRow("", 1)),
        ("Part", "31377", TableRow("", 2)),
        ("Pieces", "3", TableRow("", 2)),
        ("Unit price", "18.00", TableRow("", 2)),
    ]


def test_a_single_row_is_plain() -> None:
    row = [text_at(text, x, 160) for text, x in (("31204", 100), ("12", 520), ("4.50", 920))]

    pairs = find_pairs([*HEADINGS, *row], NO_LINES, DEFAULT_VOCABULARY)

    assert [pair.row for pair in pairs] == [None, None, None]


def test_words_before_the_figures_label_them_and_the_headings_do_not() -> None:
    heads = [text_at("Estimate", 600, 100), text_at("Outcome", 900, 100)]
    rows = [text_at(text, x, 160) for text, x in (("Postage spent", 100), ("120", 620), ("131", 920))]

    assert pairs_said([*heads, *rows], NO_LINES) == [("Postage spent", "120"), ("Postage spent", "131")]


def test_words_below_underlined_headings_belong_to_them() -> None:
    heads = [text_at("Part", 100, 100), text_at("Maker", 500, 100), text_at("Shelf", 900, 100)]
    row = [text_at(text, x, 165) for text, x in (("Hinge", 100), ("Tallow", 500), ("Upper left", 900))]
    under = lines_at(*((142, head.x0, head.x1) for head in heads))

    assert pairs_said([*heads, *row], under) == [("Part", "Hinge"), ("Maker", "Tallow"), ("Shelf", "Upper left")]


def test_words_below_words_are_a_list() -> None:
    heads = [text_at("Hinge", 100, 100), text_at("Clasp", 500, 100), text_at("Rivet", 900, 100)]
    row = [text_at(text, x, 165) for text, x in (("Nail", 100), ("Screw", 500), ("Bolt", 900))]

    assert ("Hinge", "Nail") not in pairs_said([*heads, *row], NO_LINES)


def test_known_labels_with_words_below_head_columns() -> None:
    heads = [text_at("Name", 100, 100), text_at("Relationship", 500, 100), text_at("Date of birth", 900, 100)]
    rows = [text_at(text, x, 165) for text, x in (("Ottoline Quarrell", 100), ("Aunt", 500), ("7 May 1950", 900))]
    rows += [text_at(text, x, 225) for text, x in (("Silas Quarrell", 100), ("Uncle", 500), ("9 May 1948", 900))]

    pairs = find_pairs([*heads, *rows], NO_LINES, DEFAULT_VOCABULARY)

    assert [(p.key[0].text, p.value[0].text) for p in pairs if p.row == TableRow("", 2)] == [
        ("Name", "Silas Quarrell"),
        ("Relationship", "Uncle"),
        ("Date of birth", "9 May 1948"),
    ]
