"""Labels and values over several lines."""

from ocr.image.rulings import Rulings

from ..written import lines_at, pairs_said, text_at

NO_LINES = Rulings()


def test_an_answer_without_a_colon_goes_on_below_itself() -> None:
    page = [
        text_at("PURPOSE OF VISIT", 100, 100),
        text_at("To see the new kiln and", 600, 100),
        text_at("to meet those who run it", 600, 150),
    ]

    assert pairs_said(page, NO_LINES) == [("PURPOSE OF VISIT", "To see the new kiln and|to meet those who run it")]


def test_figures_below_a_figure_are_another_row() -> None:
    page = [text_at("Weight in all", 100, 100), text_at("47.5", 600, 100), text_at("12.0", 600, 150)]

    assert pairs_said(page, NO_LINES) == [("Weight in all", "47.5")]


def test_a_number_before_a_label_belongs_to_it() -> None:
    page = [text_at("(8)", 100, 100), text_at("LOT SOLD:", 180, 100), text_at("Spring", 500, 100)]

    assert pairs_said(page, NO_LINES) == [("(8)|LOT SOLD:", "Spring")]


def test_an_english_remark_below_a_label_belongs_to_it() -> None:
    page = [text_at("Balance:", 100, 100), text_at("12,400", 600, 100), text_at("(at year's end)", 100, 145)]

    assert pairs_said(page, NO_LINES) == [("Balance:|(at year's end)", "12,400")]


def test_a_remark_is_no_value_of_words_without_a_colon() -> None:
    assert pairs_said([text_at("Wave", 100, 100), text_at("(current year)", 400, 100)], NO_LINES) == []


def test_a_line_left_empty_says_that_its_label_has_no_value() -> None:
    page = [text_at("Monday", 100, 100), text_at("Tuesday", 500, 100)]

    assert pairs_said(page, lines_at((142, 240, 480), (142, 660, 900))) == []


def test_a_line_broken_by_what_is_written_on_it_is_not_empty() -> None:
    page = [text_at("Crates of:", 100, 100), text_at("20's", 420, 100)]

    assert pairs_said(page, lines_at((142, 320, 390), (142, 520, 700))) == [("Crates of:", "20's")]


def test_a_colon_within_an_english_answer_is_its_own() -> None:
    assert pairs_said([text_at("Topic: Lower Quay: the market", 100, 100)], NO_LINES) == [
        ("Topic:", "Lower Quay: the market")
    ]


def test_a_label_of_two_lines_is_whole() -> None:
    page = [text_at("OTHER PERSONS", 100, 100), text_at("PRESENT", 130, 140), text_at("E. Quarrell", 600, 140)]

    assert pairs_said(page, NO_LINES) == [("OTHER PERSONS|PRESENT", "E. Quarrell")]


def test_labels_below_each_other_at_even_steps_are_several() -> None:
    page = [text_at(text, 100, 100 + 45 * n) for n, text in enumerate(("Upper shelf", "Middle shelf", "Lower shelf"))]

    assert pairs_said([*page, text_at("47.5", 600, 190)], NO_LINES) == [("Lower shelf", "47.5")]


def test_an_answer_on_lines_goes_on_on_the_next_line() -> None:
    page = [
        text_at("Purpose of the visit", 100, 100),
        text_at("To see the new kiln", 560, 100),
        text_at("and meet its keepers", 560, 160),
    ]

    found = pairs_said(page, lines_at((142, 540, 1100), (202, 540, 1100)))

    assert found == [("Purpose of the visit", "To see the new kiln|and meet its keepers")]
