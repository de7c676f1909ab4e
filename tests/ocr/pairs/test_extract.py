"""Labels and values find each other, by colon, by cell, by what is known."""

from collections.abc import Sequence

from ocr import DEFAULT_VOCABULARY
from ocr.engine import Glyph
from ocr.image.rulings import Rulings, Segment
from ocr.pairs.extract import find_pairs
from ocr.pairs.layout import Piece

NO_LINES = Rulings()


def piece(text: str, x: float, y: float, *, size: float = 40.0) -> Piece:
    """Text at a place, every Chinese character a square, every other half as wide."""
    glyphs, at = [], x
    for character in text:
        width = size if ord(character) > 0x2E7F else size / 2
        glyphs.append(Glyph(character, at, at + width, 0.9))
        at += width
    return Piece(tuple(glyphs), x, y, at, y + size, 0.9)


def table(xs: Sequence[float], ys: Sequence[float]) -> Rulings:
    """A grid of lines."""
    return Rulings(
        horizontal=tuple(Segment(y, xs[0], xs[-1]) for y in ys),
        vertical=tuple(Segment(x, ys[0], ys[-1]) for x in xs),
    )


def said(pieces: Sequence[Piece], rulings: Rulings = NO_LINES) -> list[tuple[str, str]]:
    """Keys and values as text."""
    pairs = find_pairs(pieces, rulings, DEFAULT_VOCABULARY)
    return [("".join(p.text for p in pair.key), "".join(p.text for p in pair.value)) for pair in pairs]


def test_a_colon_parts_label_and_value() -> None:
    assert said([piece("姓名：张三", 100, 100)]) == [("姓名：", "张三")]


def test_several_pairs_stand_in_one_line() -> None:
    found = said([piece("姓名：张三 性别：男 年龄：35", 100, 100)])

    assert found == [("姓名：", "张三"), ("性别：", "男"), ("年龄：", "35")]


def test_a_time_of_day_is_no_label() -> None:
    assert said([piece("10:30", 100, 100)]) == []


def test_the_value_stands_right_of_the_colon() -> None:
    assert said([piece("备用邮编：", 100, 100), piece("100080", 420, 100)]) == [("备用邮编：", "100080")]


def test_the_value_stands_under_a_label_with_nothing_beside_it() -> None:
    assert said([piece("家庭住址：", 100, 100), piece("幸福路8号", 110, 160)]) == [("家庭住址：", "幸福路8号")]


def test_a_known_label_needs_no_colon() -> None:
    assert said([piece("联系电话", 100, 100), piece("010-62345678", 400, 100)]) == [("联系电话", "010-62345678")]


def test_cells_pair_left_with_right() -> None:
    rulings = table([80, 300, 600, 800, 1200], [80, 160, 240])
    pieces = [
        piece("姓 名", 100, 100),
        piece("李四", 320, 100),
        piece("楼栋", 620, 100),
        piece("东二", 820, 100),
        piece("性别", 100, 180),
        piece("女", 320, 180),
        piece("民族", 620, 180),
    ]

    assert said(pieces, rulings) == [("姓 名", "李四"), ("楼栋", "东二"), ("性别", "女")]


def test_an_empty_cell_gets_no_value_from_beyond_it() -> None:
    rulings = table([80, 300, 600, 800, 1200], [80, 160])

    assert said([piece("姓名", 100, 100), piece("性别", 620, 100)], rulings) == []


def test_a_header_row_labels_the_cells_below() -> None:
    rulings = table([80, 400, 800, 1200], [80, 160, 240, 320])
    pieces = [piece("起止时间", 100, 100), piece("工作单位", 420, 100), piece("职务", 820, 100)]
    pieces += [piece("2019年", 100, 180), piece("某某有限公司", 420, 180), piece("会计", 820, 180)]

    found = said(pieces, rulings)

    assert ("工作单位", "某某有限公司") in found
    assert ("职务", "会计") in found


def test_options_to_tick_are_one_value() -> None:
    rulings = table([80, 400, 1200], [80, 160])
    pieces = [piece("婚姻状况", 100, 100), piece("☑已婚", 420, 100), piece("□其他：", 620, 100)]

    assert said(pieces, rulings) == [("婚姻状况", "☑已婚□其他：")]


def test_a_bilingual_label_is_a_label() -> None:
    rulings = table([80, 500, 1200], [80, 200])
    pieces = [piece("停留事由", 100, 90), piece("Object of stay", 100, 140, size=30), piece("公事", 520, 110)]

    assert said(pieces, rulings) == [("停留事由Object of stay", "公事")]


def test_words_before_a_gap_label_what_stands_behind_it() -> None:
    assert said([piece("Purpose of visit", 100, 100), piece("Stocktaking", 700, 100)]) == [
        ("Purpose of visit", "Stocktaking")
    ]


def test_each_column_of_figures_belongs_to_the_label_before_them() -> None:
    pieces = [piece("Overall length", 100, 100), piece("99", 600, 100), piece("mm", 650, 100), piece("97", 850, 100)]

    assert said(pieces) == [("Overall length", "99mm"), ("Overall length", "97")]


def test_capitals_after_capitals_are_a_list() -> None:
    assert said([piece("NEWTON", 100, 100), piece("HARROW", 500, 100)]) == []


def test_the_rest_of_a_sentence_is_no_value() -> None:
    assert said([piece("Keep in amber glass at no more", 100, 100), piece("than eight degrees", 800, 100)]) == []


def test_what_is_typed_above_the_line_is_level_with_its_label() -> None:
    assert said([piece("Supplied by:", 100, 100), piece("H. Tong", 500, 82)]) == [("Supplied by:", "H. Tong")]


def test_a_label_in_capitals_ends_where_words_begin() -> None:
    assert said([piece("PROGRAM LEADERWilliams", 100, 100)]) == [("PROGRAM LEADER", "Williams")]
    assert said([piece("GENERAL DESCRIPTION Longer filter", 100, 100)]) == [("GENERAL DESCRIPTION", "Longer filter")]


def test_a_known_label_is_parted_from_its_date() -> None:
    assert said([piece("Date 12/5/2019", 100, 100)]) == [("Date", "12/5/2019")]


def test_a_number_behind_no_is_the_value_of_that_label() -> None:
    heading = piece("Harbour Savings", 100, 100)

    assert ("Form No.", "6100766") in said([heading, piece("Form No. 6100766", 800, 100)])


def test_an_id_card_is_the_answer_to_the_kind_of_paper() -> None:
    rulings = table([80, 400, 800], [80, 160])

    assert said([piece("证件类别", 100, 100), piece("居民身份证", 420, 100)], rulings) == [("证件类别", "居民身份证")]


def test_a_number_at_the_edge_is_no_value() -> None:
    upright = piece("Reference code", 100, 100)
    on_its_side = Piece(piece("87672097", 700, 0).glyphs, 700, 20, 740, 220, 0.9)

    assert said([upright, on_its_side]) == []


def test_a_band_across_the_page_holds_several_pairs() -> None:
    rulings = table([80, 2000], [80, 160, 240])
    pieces = [
        piece("Lot no.:", 100, 100),
        piece("B75", 400, 100),
        piece("Tested:", 900, 100),
        piece("3/12/81", 1200, 100),
    ]

    assert said(pieces, rulings) == [("Lot no.:", "B75"), ("Tested:", "3/12/81")]


def test_lines_to_write_on_within_a_frame_make_no_cells() -> None:
    frame = table([40, 1960], [40, 2800])
    lines = (Segment(150, 300, 1000), Segment(150, 1300, 1900), Segment(250, 300, 1900), Segment(350, 500, 900))
    rulings = Rulings((*frame.horizontal, *lines), frame.vertical)
    pieces = [piece("姓名:", 100, 105), piece("魏怡秀", 320, 105), piece("职业:", 1150, 105), piece("退休", 1320, 105)]
    pieces += [piece("工作单位:", 100, 205), piece("北京博雅商贸有限公司", 320, 205)]
    pieces += [piece("登记日期:", 100, 305), piece("2023-02-07", 520, 305)]

    assert said(pieces, rulings) == [
        ("姓名:", "魏怡秀"),
        ("职业:", "退休"),
        ("工作单位:", "北京博雅商贸有限公司"),
        ("登记日期:", "2023-02-07"),
    ]


def test_a_wide_cell_beside_a_label_is_its_value() -> None:
    rulings = table([80, 400, 2000], [80, 160, 240])
    pieces = [piece("Address", 100, 100), piece("1704 Heron Wharf Road", 420, 100)]
    pieces += [piece("Employer", 100, 180), piece("Silverbirch Ltd.", 420, 180)]

    assert said(pieces, rulings) == [("Address", "1704 Heron Wharf Road"), ("Employer", "Silverbirch Ltd.")]


def test_choices_are_no_label_though_their_boxes_were_not_read() -> None:
    rulings = table([80, 400, 800, 1200, 1600], [80, 160])
    pieces = [piece("Sex", 100, 100), piece("MaleFemale", 420, 100)]
    pieces += [piece("Occupation", 820, 100), piece("Sales manager", 1220, 100)]

    assert said(pieces, rulings) == [("Sex", "MaleFemale"), ("Occupation", "Sales manager")]


def test_a_row_above_figures_heads_their_columns() -> None:
    rulings = table([80, 400, 800, 1200], [80, 160, 240, 320])
    pieces = [piece("Group", 100, 100), piece("Dosage", 420, 100), piece("Deaths", 820, 100)]
    pieces += [piece("1", 100, 180), piece("5000", 420, 180), piece("0/6", 820, 180)]

    assert ("Dosage", "5000") in said(pieces, rulings)
    assert ("Deaths", "0/6") in said(pieces, rulings)


def test_an_empty_page_has_no_pairs() -> None:
    assert said([]) == []


def test_a_label_over_a_wide_value_of_the_next_row_heads_no_column() -> None:
    rulings = Rulings(
        horizontal=tuple(Segment(y, 80, 1200) for y in (80, 160, 240)),
        vertical=(
            *(Segment(x, 80, 240) for x in (80, 1200)),
            *(Segment(x, 80, 160) for x in (200, 600, 720, 900, 1020)),
            Segment(290, 160, 240),
        ),
    )
    pieces = [
        piece("姓名", 100, 100),
        piece("余轩", 240, 100),
        piece("性别", 620, 100),
        piece("男 口女", 730, 100),
        piece("国籍", 920, 100),
        piece("中国", 1060, 100),
        piece("证件号码", 100, 180),
        piece("430104194507158317", 320, 180),
    ]

    assert said(pieces, rulings) == [
        ("姓名", "余轩"),
        ("性别", "男 口女"),
        ("国籍", "中国"),
        ("证件号码", "430104194507158317"),
    ]


def test_a_blank_cell_gets_no_cell_that_has_a_label_of_its_own() -> None:
    rulings = table([80, 400, 1200], [80, 200])
    pieces = [piece("ZIP code", 100, 90), piece("E-mail", 420, 90, size=24), piece("anna@example.com", 430, 140)]

    assert said(pieces, rulings) == [("E-mail", "anna@example.com")]


def test_a_known_label_without_a_colon_answers_the_one_with_a_colon_before_it() -> None:
    pieces = [piece("证件类型：", 100, 100), piece("营业执照", 340, 100), piece("□军官证", 560, 100)]

    assert said(pieces) == [("证件类型：", "营业执照□军官证")]


def test_a_remark_in_brackets_belongs_to_the_label_and_is_no_value() -> None:
    with_value = [piece("Fee:", 100, 100), piece("(before May 10)", 200, 100), piece("$ 170.00", 900, 100)]

    assert said(with_value) == [("Fee:(before May 10)", "$ 170.00")]
    assert said([piece("基金账号：", 100, 100), piece("（新开户免填）", 400, 100)]) == []


def test_a_paragraph_under_its_label_goes_on_while_its_lines_are_full() -> None:
    pieces = [
        piece("Reasons:", 100, 100),
        piece("The first estimate left out the cost of the first", 100, 160),
        piece("month of the study.", 100, 220),
        piece("Page 1", 100, 280),
    ]

    assert said(pieces) == [
        ("Reasons:", "The first estimate left out the cost of the firstmonth of the study."),
    ]


def test_the_date_behind_a_signature_is_no_part_of_the_name() -> None:
    assert said([piece("填表人签字：", 100, 100), piece("沈安2019年_8月25日", 400, 100)]) == [("填表人签字：", "沈安")]
    assert said([piece("填表日期：", 100, 100), piece("2019年8月25日", 400, 100)]) == [("填表日期：", "2019年8月25日")]


def test_a_number_with_its_no_is_apart_from_the_date_before_it() -> None:
    assert said([piece("Date:", 100, 100), piece("2/26/98 No. 1998-18", 240, 100)]) == [
        ("Date:", "2/26/98"),
        ("No.", "1998-18"),
    ]


def test_numbered_captions_of_one_cell_each_have_what_is_written_below() -> None:
    rulings = table([80, 800, 1400], [80, 340])
    pieces = [
        piece("5. Place of birth", 100, 100),
        piece("广东省", 180, 160),
        piece("6. Country of birth", 100, 220),
        piece("中国", 180, 280),
        piece("7. Current nationality", 820, 100),
        piece("现国籍", 840, 150),
        piece("Chinese", 900, 220),
    ]

    assert said(pieces, rulings) == [
        ("5. Place of birth", "广东省"),
        ("7. Current nationality现国籍", "Chinese"),
        ("6. Country of birth", "中国"),
    ]


def test_a_numbered_caption_is_not_answered_by_its_translation_or_by_a_list() -> None:
    rulings = table([80, 1400], [80, 200, 400])
    pieces = [
        piece("1、身体是否有不适症状？", 100, 90),
        piece("Do you have any health problems?", 110, 140),
        piece("1. 本人保证所填资料真实、有效、完整，并承担责任。", 100, 220),
        piece("2. 本人已阅读并同意各项规定。", 100, 280),
    ]

    assert said(pieces, rulings) == []


def test_a_known_label_behind_a_value_in_one_run_is_parted_from_it() -> None:
    page = [piece("Firm:", 100, 100), piece("Tallow & Sons Ltd. Date:", 300, 100), piece("2024-11-06", 900, 100)]

    assert said(page) == [("Firm:", "Tallow & Sons Ltd."), ("Date:", "2024-11-06")]


def test_a_label_of_several_words_stays_whole() -> None:
    assert said([piece("DIV. NAME:", 100, 100), piece("Upper Quay", 400, 100)]) == [("DIV. NAME:", "Upper Quay")]


def test_a_label_in_capitals_behind_other_words_begins_a_pair_of_its_own() -> None:
    page = [piece("EMPLOYER", 100, 100), piece("Tallow Foods DATE", 500, 100), piece("Jan 4, 2023", 1000, 100)]

    assert said(page) == [("EMPLOYER", "Tallow Foods"), ("DATE", "Jan 4, 2023")]


def test_a_known_label_ends_where_its_number_begins() -> None:
    assert said([piece("MAILING ADDRESS99 Tallow Row", 100, 100)]) == [("MAILING ADDRESS", "99 Tallow Row")]


def test_dots_lead_from_a_label_to_its_value() -> None:
    assert said([piece("Crates in store........ 47", 100, 100)]) == [("Crates in store", "47")]


def test_a_mark_in_brackets_is_the_value() -> None:
    assert said([piece("(a) Broken", 100, 100), piece("... ( x )", 500, 100)]) == [("(a) Broken", "x")]


def test_a_word_between_two_dates_is_the_label_of_the_second() -> None:
    page = [piece("Tested:", 100, 100), piece("3/12/81 REPORTED 3/30/81", 300, 100)]

    assert said(page) == [("Tested:", "3/12/81"), ("REPORTED", "3/30/81")]


def test_a_number_with_its_no_in_the_cell_of_a_value_is_a_pair_of_its_own() -> None:
    page = [piece("Date:", 110, 110), piece("2/26/98", 320, 110), piece("No.", 700, 110), piece("1998-D", 800, 110)]

    found = said([*page, piece("x", 1800, 1800)], table((100, 300, 1000), (100, 160)))

    assert found == [("Date:", "2/26/98"), ("No.", "1998-D")]


def test_the_choice_of_something_else_is_part_of_the_value() -> None:
    page = [piece("销售地区", 110, 110), piece("□省内 □国外", 320, 110), piece("□其它：", 700, 110)]

    assert said([*page, piece("x", 1800, 1800)], table((100, 300, 1000), (100, 160)))[0] == (
        "销售地区",
        "□省内 □国外□其它：",
    )


def test_a_long_label_behind_a_value_is_no_part_of_it() -> None:
    page = [
        piece("姓名：", 100, 100),
        piece("尹某", 300, 100),
        piece("与客户的关系（如持有人、管理机构的董事长等等情形）：", 480, 100),
    ]

    assert said(page) == [("姓名：", "尹某")]


def test_a_known_label_ends_at_a_blank_however_narrow_unless_a_label_goes_on_behind_it() -> None:
    def narrow(text: str) -> Piece:
        """Two words with a blank of no width."""
        head, rest = text.split(" ")
        first, second = piece(head, 100, 100), piece(rest, 100 + 40 * len(head), 100)
        blank = Glyph(" ", first.x1, first.x1, 0.9)
        return Piece((*first.glyphs, blank, *second.glyphs), 100, 100, second.x1, 140, 0.9)

    assert said([narrow("姓名 周越")]) == [("姓名", "周越")]
    assert said([narrow("单位 意见")]) == []


def test_a_known_label_of_a_number_is_parted_from_the_name_before_it() -> None:
    found = said([piece("联系人：张莉萍电话13800138000", 100, 100)])

    assert found == [("联系人：", "张莉萍"), ("电话", "13800138000")]


def test_a_date_alone_is_no_signature() -> None:
    assert said([piece("审核人签名：", 100, 100), piece("2018年9月15日", 400, 100)]) == []


def test_the_word_for_a_province_behind_its_name_is_no_label() -> None:
    found = said(
        [piece("联系地址：", 100, 100), piece("江苏", 320, 100), piece("(省)", 420, 100), piece("高邮", 560, 100)]
    )

    assert found == [("联系地址：", "江苏(省)高邮")]
