"""Small print in a cell's corner, or below a line, names what was written there."""

from ocr.image.rulings import Rulings, Segment

from ..written import lines_at, pairs_said, text_at


def cell(x0: float, y0: float, x1: float, y1: float) -> Rulings:
    """One ruled cell."""
    return Rulings(
        (Segment(y0, x0, x1), Segment(y1, x0, x1)),
        (Segment(x0, y0, y1), Segment(x1, y0, y1)),
    )


def test_small_words_in_the_corner_name_what_is_written_larger_below() -> None:
    page = [text_at("BATCH MARKING", 110, 104, size=20), text_at("K117", 140, 130, size=34)]

    assert pairs_said([*page, text_at("x", 1500, 1500)], cell(100, 100, 700, 180)) == [("BATCH MARKING", "K117")]


def test_a_band_across_the_page_keeps_its_caption() -> None:
    page = [text_at("APPEARANCE", 110, 104, size=20), text_at("Pale grey flakes", 140, 130, size=34)]

    assert pairs_said([*page, text_at("end", 1400, 1500)], cell(100, 100, 1450, 180)) == [
        ("APPEARANCE", "Pale grey flakes")
    ]


def test_a_cell_with_two_captions_holds_two_pairs() -> None:
    page = [
        text_at("STORAGE", 110, 104, size=20),
        text_at("Keep dry and cool", 140, 130, size=34),
        text_at("WARNINGS", 110, 190, size=20),
        text_at("Do not inhale", 140, 215, size=34),
    ]

    found = pairs_said([*page, text_at("x", 1500, 1500)], cell(100, 100, 800, 270))

    assert found == [("STORAGE", "Keep dry and cool"), ("WARNINGS", "Do not inhale")]


def test_lines_of_one_size_are_no_caption_and_answer() -> None:
    page = [text_at("Upper Street", 110, 104, size=34), text_at("Lower Town", 110, 140, size=34)]

    assert pairs_said([*page, text_at("x", 1500, 1500)], cell(100, 100, 700, 190)) == []


def test_chinese_under_an_english_caption_is_its_translation() -> None:
    page = [text_at("Place of issue", 110, 104, size=20), text_at("签发地点", 110, 130, size=30)]

    assert pairs_said([*page, text_at("x", 1500, 1500)], cell(100, 100, 700, 190)) == []


def test_captions_below_an_empty_line_are_no_labels_and_values_of_each_other() -> None:
    page = [text_at(word, x, 205, size=30) for word, x in (("First", 350), ("Middle", 600), ("Last", 850))]

    assert pairs_said(page, lines_at((200, 300, 1100))) == []


def test_each_caption_below_a_line_has_what_stands_above_it() -> None:
    page = [
        text_at("Ottoline", 350, 155, size=40),
        text_at("Quarrell", 850, 155, size=40),
        text_at("Forename", 350, 205, size=30),
        text_at("Surname", 850, 205, size=30),
    ]

    found = pairs_said(page, lines_at((200, 300, 1100)))

    assert found == [("Forename", "Ottoline"), ("Surname", "Quarrell")]


def test_a_label_before_a_line_keeps_what_captions_below_would_part() -> None:
    page = [
        text_at("Tenant:", 100, 155),
        text_at("Ottoline Quarrell", 350, 155),
        text_at("First", 350, 205, size=30),
        text_at("Last", 600, 205, size=30),
    ]

    assert pairs_said(page, lines_at((200, 300, 1100))) == [("Tenant:", "Ottoline Quarrell")]


def test_what_stands_below_an_underlined_heading_is_no_caption() -> None:
    page = [text_at("Quantity", 350, 155), text_at("(see note)", 350, 205)]

    assert pairs_said(page, lines_at((200, 350, 510))) == []


def test_a_value_is_parted_from_the_translation_of_its_label_before_it() -> None:
    page = [text_at("Surname:", 100, 100), text_at("姓氏易楠壮", 320, 100)]

    assert pairs_said(page, Rulings()) == [("Surname:|姓氏", "易楠壮")]


def test_a_value_that_begins_like_another_label_is_left_whole() -> None:
    page = [text_at("Company:", 100, 100), text_at("姓氏文化有限公司", 320, 100)]

    assert pairs_said(page, Rulings()) == [("Company:", "姓氏文化有限公司")]
