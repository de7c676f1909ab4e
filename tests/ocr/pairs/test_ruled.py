"""In ruled tables cells tell what is asked and what answered, whatever the texts look like."""

from ocr.image.rulings import Rulings, Segment
from ocr.pairs.layout import Piece
from tests.ocr.written import pairs_said, text_at

FOOT = text_at("1 / 1", 1100, 2000)
"""What makes a page as long as paper is."""


def grid(xs: list[float], ys: list[float]) -> Rulings:
    """A table of lines."""
    return Rulings(
        horizontal=tuple(Segment(y, xs[0], xs[-1]) for y in ys),
        vertical=tuple(Segment(x, ys[0], ys[-1]) for x in xs),
    )


def test_in_a_row_of_labels_and_answers_by_turns_an_answer_is_no_label_though_it_reads_like_one() -> None:
    rulings = grid([80, 300, 600, 800, 1300], [80, 160, 240, 320])
    pieces = [
        text_at("证件名称", 100, 100),
        text_at("护照", 320, 100),
        text_at("证件号码", 620, 100),
        text_at("E12345678", 820, 100),
        text_at("爱好", 100, 180),
        text_at("围棋", 320, 180),
    ]

    assert pairs_said(pieces, rulings) == [("证件名称", "护照"), ("证件号码", "E12345678"), ("爱好", "围棋")]


def test_a_cell_over_several_rows_heads_them_and_each_row_has_its_own_label() -> None:
    rulings = Rulings(
        horizontal=(
            Segment(80, 80, 1300),
            Segment(160, 300, 1300),
            Segment(240, 300, 1300),
            Segment(320, 80, 1300),
        ),
        vertical=tuple(Segment(x, 80, 320) for x in (80, 300, 600, 1300)),
    )
    pieces = [
        text_at("科技水平", 100, 180),
        text_at("省级奖励", 320, 100),
        text_at("☑无□三次以下", 620, 100),
        text_at("国家奖励", 320, 180),
        text_at("□无☑三次以下", 620, 180),
        text_at("广告投放", 320, 260),
        text_at("☑有□无", 620, 260),
    ]

    found = pairs_said(pieces, rulings)

    assert found == [("省级奖励", "☑无□三次以下"), ("国家奖励", "□无☑三次以下"), ("广告投放", "☑有□无")]


def test_a_question_of_two_languages_is_asked_of_the_choices_beside_it() -> None:
    rulings = grid([80, 1000, 1300], [80, 320])
    pieces = [
        text_at("1、近期是否出境？", 100, 100),
        text_at("Have you been abroad lately?", 100, 240),
        text_at("□是", 1020, 100),
        text_at("☑否", 1020, 240),
    ]

    assert pairs_said(pieces, rulings) == [("1、近期是否出境？|Have you been abroad lately?", "□是|☑否")]


def test_choices_may_stand_one_to_a_cell() -> None:
    rulings = grid([80, 300, 600, 900, 1200], [80, 160])
    pieces = [
        text_at("业务类型", 100, 100),
        text_at("☑开户", 320, 100),
        text_at("□变更", 620, 100),
        text_at("□销户", 920, 100),
    ]

    assert pairs_said(pieces, rulings) == [("业务类型", "☑开户|□变更|□销户")]


def test_choices_end_where_a_colon_asks_something_else() -> None:
    rulings = grid([80, 300, 1300], [80, 160])
    pieces = [
        text_at("代理种类", 100, 100),
        text_at("☑经办人", 320, 100),
        text_at("电话：", 620, 100),
        text_at("13800138000", 760, 100),
    ]

    assert pairs_said(pieces, rulings) == [("代理种类", "☑经办人"), ("电话：", "13800138000")]


def test_choices_with_brackets_to_tick_in_are_no_labels() -> None:
    rulings = grid([80, 300, 600, 900], [80, 160])
    pieces = [text_at("独资（）", 100, 100), text_at("合资（√）", 320, 100), text_at("出资方", 620, 100)]

    assert pairs_said(pieces, rulings) == []


def test_a_label_in_a_column_of_labels_takes_none_of_them_for_its_value() -> None:
    rulings = Rulings(
        horizontal=tuple(Segment(y, 80, 1300) for y in (80, 160, 240)),
        vertical=(
            *(Segment(x, 80, 240) for x in (80, 300, 1300)),
            *(Segment(x, 80, 160) for x in (500, 700)),
        ),
    )
    pieces = [
        text_at("联系人", 100, 100),
        text_at("电话", 320, 100),
        text_at("手机", 520, 100),
        text_at("提交单证", 100, 180),
        text_at("☑提单", 320, 180),
    ]

    assert pairs_said(pieces, rulings) == [("提交单证", "☑提单")]


def test_a_chinese_label_written_downwards_in_its_cell_is_one() -> None:
    letters = text_at("单位类型", 120, 90)
    downwards = Piece(letters.glyphs, 120, 90, 160, 250, 0.9)

    pieces = [downwards, text_at("☑企业", 320, 150), FOOT]

    assert pairs_said(pieces, grid([80, 300, 1300], [80, 260])) == [("单位类型", "☑企业")]


def test_the_answer_to_a_colon_is_found_across_a_line_that_ends_in_the_middle_of_a_row() -> None:
    rulings = Rulings(
        horizontal=(Segment(80, 80, 1300), Segment(160, 400, 1300), Segment(320, 80, 1300)),
        vertical=(Segment(80, 80, 320), Segment(1300, 80, 320)),
    )
    pieces = [
        text_at("大写：", 100, 200),
        text_at("壹佰元", 420, 200),
        text_at("风险：", 620, 200),
        text_at("低", 760, 200),
    ]

    assert pairs_said(pieces, rulings) == [("大写：", "壹佰元"), ("风险：", "低")]


def test_a_line_between_a_colon_and_another_cell_keeps_them_apart() -> None:
    rulings = grid([80, 300, 600], [80, 160])

    assert pairs_said([text_at("编号：", 100, 100), text_at("无", 320, 100)], rulings) == [("编号：", "无")]
    assert pairs_said([text_at("联系地址：", 90, 100), text_at("幸福路", 320, 260)], rulings) == []


def test_in_a_row_of_unknown_labels_what_follows_an_answer_is_a_label_again() -> None:
    pieces = [
        text_at("形象", 100, 100),
        text_at("良好", 320, 100),
        text_at("沟通", 620, 100),
        text_at("流畅", 820, 100),
    ]

    assert pairs_said(pieces, grid([80, 300, 600, 800, 1300], [80, 160])) == [("形象", "良好"), ("沟通", "流畅")]


def test_a_numbered_label_is_one_of_several_alike() -> None:
    pieces = [text_at("工作单位1", 100, 100), text_at("晨光书店", 420, 100)]

    assert pairs_said(pieces, grid([80, 400, 1300], [80, 160])) == [("工作单位1", "晨光书店")]


def test_a_large_cell_beside_its_label_is_a_value() -> None:
    rulings = grid([80, 300, 1300], [80, 700])
    pieces = [text_at("工作经历", 100, 380), text_at("做过编辑", 320, 100), text_at("做过校对", 320, 160), FOOT]

    assert pairs_said(pieces, rulings) == [("工作经历", "做过编辑|做过校对")]


def test_the_one_colon_of_a_cell_is_answered_by_what_stands_anywhere_below_it() -> None:
    pieces = [text_at("办理情况：", 100, 100), text_at("准许办理", 500, 160)]

    assert pairs_said(pieces, grid([80, 1300], [80, 240])) == [("办理情况：", "准许办理")]


def test_figures_below_make_headings_of_a_row_though_its_last_column_is_empty() -> None:
    rulings = grid([80, 400, 700, 1000, 1300, 1600], [80, 160, 240])
    pieces = [
        *(
            text_at(text, x + 20, 100)
            for text, x in (("Supplier", 80), ("Cost ($)", 400), ("Travel", 700), ("All", 1000), ("Each", 1300))
        ),
        *(
            text_at(text, x + 20, 180)
            for text, x in (("Harbour", 80), ("$ 55,500", 400), ("3,000", 700), ("58,500", 1000))
        ),
    ]

    assert {("Cost ($)", "$ 55,500"), ("Travel", "3,000"), ("All", "58,500")} <= set(pairs_said(pieces, rulings))
