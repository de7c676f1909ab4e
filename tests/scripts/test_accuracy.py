"""The benchmark's own measuring sticks: figures are worth nothing where these are bent."""

import dataclasses
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from ocr import Box, Extraction, Word, check_scan
from scripts.accuracy.damage import DAMAGES
from scripts.accuracy.labelled import LabelledPage, TruePair, TrueText, pages_of, sets_in, spread
from scripts.accuracy.reliability import bin_of, reliability
from scripts.accuracy.scoring import Judged, PairScore, character_errors, judge


def page(*pairs: TruePair, texts: tuple[TrueText, ...] = ()) -> LabelledPage:
    """A labelled page without a file."""
    return LabelledPage(Path("page.png"), texts, pairs)


def said(key: str, value: str, confidence: float = 0.9) -> Extraction:
    """A pair as the reader gives it."""
    return Extraction(key, value, None, None, True, (), confidence, 1, None, None)


# Characters


def test_a_wrong_and_a_missing_character_are_two_errors() -> None:
    truth = page(texts=(TrueText("客户姓名", (100, 100, 180, 120)),))

    assert character_errors(truth, [Word("客尸姓", 0.9, Box(100, 100, 160, 120))]) == (2, 4)


def test_blanks_and_width_forms_are_no_errors() -> None:
    truth = page(texts=(TrueText("ＡＢ 12", (0, 0, 80, 20)),))

    assert character_errors(truth, [Word("AB", 0.9, Box(0, 0, 40, 20)), Word("１２", 0.9, Box(40, 0, 80, 20))]) == (
        0,
        4,
    )


def test_a_text_in_two_lines_is_read_line_by_line() -> None:
    truth = page(texts=(TrueText("上面下面", (0, 0, 40, 60)),))
    words = [Word("下面", 0.9, Box(0, 35, 40, 55)), Word("上面", 0.9, Box(0, 5, 40, 25))]

    assert character_errors(truth, words) == (0, 4)


def test_what_stands_elsewhere_counts_for_nothing() -> None:
    truth = page(texts=(TrueText("姓名", (0, 0, 40, 20)),))

    assert character_errors(truth, [Word("姓名", 0.9, Box(400, 0, 440, 20))]) == (2, 2)


# Pairs


def test_a_pair_with_a_slip_is_right_and_not_exact() -> None:
    score, judged = judge(
        page(TruePair("联系地址", ("北京市海淀区和平路12号",))), [said("联系地址：", "北京市海淀区和乎路12号")]
    )

    assert (score.right, score.wrong, score.missed, score.f1) == (1, 0, 0, 1.0)
    assert [(each.right, each.exact) for each in judged] == [(True, False)]


def test_a_value_under_the_wrong_label_is_wrong_and_the_right_one_missed() -> None:
    score, _ = judge(page(TruePair("姓名", ("张三",))), [said("地址", "张三")])

    assert (score.right, score.wrong, score.missed, score.f1) == (0, 1, 1, 0.0)


def test_further_values_of_one_label_are_neither_right_nor_wrong() -> None:
    score, judged = judge(page(TruePair("爱好", ("读书", "游泳"))), [said("爱好", "读书"), said("爱好", "游泳")])

    assert (score.right, score.wrong, score.missed, len(judged)) == (1, 0, 0, 1)


def test_several_values_may_be_named_as_one() -> None:
    score, judged = judge(page(TruePair("地址", ("北京市", "海淀区"))), [said("地址", "北京市 海淀区")])

    assert (score.f1, judged[0].exact) == (1.0, True)


def test_a_printed_line_with_a_label_in_it_is_neither_right_nor_wrong() -> None:
    truth = LabelledPage(Path("page.png"), (), (), ("编号: 1256156",))

    assert judge(truth, [said("编号", "1256156")]) == (PairScore(), [])
    assert judge(truth, [said("编号", "1256157")])[0].wrong == 1


def test_a_choice_is_right_where_it_was_understood() -> None:
    truth = page(TruePair("性别", ("女",), "female"))
    understood, not_understood = (
        dataclasses.replace(said("性别", "□男 ☑女"), normalised=each) for each in ("female", None)
    )

    assert judge(truth, [understood])[1] == [Judged(understood, True, True, True)]
    assert judge(truth, [not_understood])[0].right == 0


def test_an_empty_value_says_nothing() -> None:
    assert judge(page(), [said("姓名", " ")])[0].wrong == 0


# Confidence


def test_each_value_is_in_one_stretch_of_confidence_and_certainty_in_the_last() -> None:
    confidences = (0.0, 0.49, 0.5, 0.9499, 0.95, 1.0)
    judged = [Judged(said("k", "v", confidence), True, False, True) for confidence in confidences]

    assert [each.count for each in reliability(judged)] == [2, 1, 0, 0, 1, 2]


def test_a_stretch_tells_what_was_promised_and_what_was_kept() -> None:
    judged = [Judged(said("k", "v", 0.96), True, True, True), Judged(said("k", "v", 0.98), True, False, True),
              Judged(said("k", "v", 1.0), False, False, True), Judged(said("k", "v", 0.98), True, True, True)]  # fmt: skip

    found = bin_of(judged, 0.95, 1.0)

    assert (found.predicted, found.right, found.exact) == (pytest.approx(0.98), 0.75, 0.5)


# Labelled pages


def test_both_forms_of_truth_are_understood(tmp_path: Path) -> None:
    for name, truth in {
        "map": {
            "b.png": {
                "entities": [{"text": "姓名", "box": [1, 2, 3, 4]}],
                "pairs": [{"key": "姓名", "values": ["张三"]}],
            }
        },
        "list": {
            "pages": [
                {
                    "file": "b.png",
                    "texts": [{"text": "姓名", "box": [1, 2, 3, 4]}],
                    "fields": [{"key": "姓名", "value": "张三"}],
                }
            ]
        },
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "truth.json").write_text(json.dumps(truth), encoding="utf-8")

    sets = sets_in(tmp_path)

    assert sets.keys() == {"map", "list"}
    for name, pages in sets.items():
        (found,) = pages
        assert found.path == tmp_path / name / "b.png"
        assert (found.texts, found.pairs) == ((TrueText("姓名", (1, 2, 3, 4)),), (TruePair("姓名", ("张三",)),))


def test_a_sample_is_spread_over_all_pages() -> None:
    pages = [LabelledPage(Path(str(number)), (), ()) for number in range(10)]

    assert [each.path.name for each in spread(pages, 3)] == ["0", "3", "6"]
    assert spread(pages, None) == spread(pages, 99) == pages


def test_the_projects_own_forms_have_their_truth() -> None:
    data = Path(__file__).parents[1] / "data" / "forms.json"
    truth = json.loads(data.read_text(encoding="utf-8"))

    assert all(each["texts"] or each["fields"] for each in truth["pages"])
    assert {each.path.name for each in pages_of(data)} == {each["file"] for each in truth["pages"]}


# Damage


@pytest.mark.parametrize("title", DAMAGES)
def test_a_damaged_page_can_still_be_opened_and_is_turned_as_it_says(title: str) -> None:
    original = io.BytesIO()
    image = Image.new("RGB", (2480, 3508), "white")
    image.paste("black", (0, 0, 300, 300))
    image.save(original, "PNG")

    _, data = DAMAGES[title](original.getvalue())
    facts = check_scan(data)

    expected = {"turned by 90": (3508, 2480), "turned by 270": (3508, 2480), "at 150 dpi": (1240, 1754)}
    if title.startswith(("skewed", "photographed")):
        assert facts.width_px > 2480
        return
    assert (facts.width_px, facts.height_px) == pytest.approx(expected.get(title, (2480, 3508)), abs=2)


def test_a_quarter_turn_is_clockwise() -> None:
    original = io.BytesIO()
    image = Image.new("RGB", (200, 100), "white")
    image.paste("black", (0, 0, 20, 20))
    image.save(original, "PNG")

    with Image.open(io.BytesIO(DAMAGES["turned by 90"](original.getvalue())[1])) as turned:
        assert (turned.getpixel((95, 5)), turned.getpixel((5, 5))) == ((0, 0, 0), (255, 255, 255))


# Values in themselves


def test_a_value_under_half_of_its_label_is_right_in_itself_alone() -> None:
    _, judged = judge(page(TruePair("出生", ("1990年1月2日",))), [said("出生年月", "1990年1月2日")])

    assert [(each.right, each.value_right) for each in judged] == [(False, True)]


def test_choices_in_another_order_are_right_in_themselves() -> None:
    truth = page(TruePair("类型", ("☑新设", "□变更", "□注销")))

    _, judged = judge(truth, [said("类型", "□注销☑新设□变更"), said("类型", "□注销☑新设")])

    assert [each.value_right for each in judged] == [True, False]


def test_a_value_under_a_label_of_another_kind_is_wrong_in_itself() -> None:
    _, judged = judge(page(TruePair("证件号码", ("12345678",))), [said("联系电话", "12345678")])

    assert [each.value_right for each in judged] == [False]


def test_a_value_that_another_pair_has_named_already_is_not_right_in_itself_once_more() -> None:
    truth = page(TruePair("姓名", ("张三",)))

    _, judged = judge(truth, [said("姓名", "张三"), said("代理人姓名", "张三")])

    assert [(each.right, each.value_right) for each in judged] == [(True, True), (False, False)]
