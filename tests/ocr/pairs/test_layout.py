"""Lines as an engine finds them become pieces; what two lines both hold is told once."""

from ocr.engine import Glyph, Run
from ocr.pairs.layout import without_repeats


def run(text: str, x: float, y: float = 100.0, *, last: float = 20.0) -> Run:
    """Characters of 20 pixels each; the last as wide as is said."""
    widths = [20.0] * (len(text) - 1) + [last]
    edges = [x + sum(widths[:i]) for i in range(len(text) + 1)]
    glyphs = tuple(Glyph(c, edges[i], edges[i + 1], 0.9) for i, c in enumerate(text))
    return Run(glyphs, x, y, edges[-1], y + 40, 0.9)


def texts(*runs: Run) -> list[str]:
    return [each.text for each in without_repeats(runs)]


def test_a_label_loses_the_beginning_of_the_value_that_its_line_reached_into() -> None:
    label, value = run("登记日期:2", 100, last=10.0), run("2023-02-07", 202)

    shortened, whole = without_repeats([label, value])

    assert (shortened.text, whole.text) == ("登记日期:", "2023-02-07")
    assert shortened.x1 == 200.0


def test_a_value_loses_what_is_rather_the_label_s() -> None:
    assert texts(run("编号:", 100), run(":88", 155)) == ["编号:", "88"]


def test_the_same_character_beside_or_below_is_another_one() -> None:
    assert texts(run("12", 100), run("23", 140)) == ["12", "23"]
    assert texts(run("12", 100), run("23", 130, y=200)) == ["12", "23"]
    assert texts(run("12", 100), run("33", 130)) == ["12", "33"]


def test_no_line_is_left_without_characters() -> None:
    assert texts(run("2", 100, last=10.0), run("23", 105)) == ["2", "23"]
    assert without_repeats([]) == []
