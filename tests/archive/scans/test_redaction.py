"""What of a page takes the right to reveal."""

from archive.access import Actor, Role, mask
from archive.scans.redaction import may_see_all, split_page_text, words_to_hide
from archive.scans.scan import Finding, PageWord, Scan, ScanPage
from archive.values import utc_now

NUMBER = "11010519491231002X"


def _scan(*findings: Finding) -> Scan:
    return Scan(
        receipt="R1",
        filename="a.png",
        sha256="0" * 64,
        media_type="image/png",
        size_bytes=1,
        page_count=1,
        unit="main",
        batch_id="b",
        uploaded_by="lin",
        uploaded_by_name="Lin",
        received_at=utc_now(),
        findings=findings,
    )


def _page(*texts: str) -> ScanPage:
    words = tuple(PageWord(text=text, confidence=1, box=(0, 50 * n, 400, 50 * n + 40)) for n, text in enumerate(texts))
    return ScanPage(scan_id="s", number=1, width_px=1000, height_px=1000, words=words)


def _secret(value: str, box: tuple[int, int, int, int]) -> Finding:
    return Finding(key="电话", name="phone", raw=value, confidence=1, page=1, value_box=box, sensitive=True)


def test_a_sensitive_value_goes_to_the_hidden_part_and_the_rest_stays() -> None:
    scan = _scan(_secret("6655-1234", (0, 0, 400, 40)))

    shown, hidden = split_page_text(scan, _page("电话：6655-1234 转 8", "姓名：张三"))

    assert "6655" not in shown
    assert "电话" in shown
    assert "张三" in shown
    assert hidden == "电话：6655-1234 转 8"


def test_a_value_that_runs_over_several_words_is_hidden_in_each_of_them() -> None:
    scan = _scan(_secret("138 0013 8000", (0, 0, 400, 90)))
    page = _page("1380013", "8000", "姓名：张三")

    assert split_page_text(scan, page) == ("姓名：张三", "1380013\n8000")
    assert {(0, 0, 400, 40), (0, 50, 400, 90)} <= set(words_to_hide(scan, page))


def test_a_value_read_otherwise_than_its_word_is_hidden_too() -> None:
    shown, hidden = split_page_text(_scan(_secret("66551234", (0, 0, 400, 40))), _page("6655 1234"))

    assert (shown, hidden) == ("", "6655 1234")


def test_long_numbers_are_hidden_wherever_they_stand() -> None:
    for text in (f"复核{NUMBER}", "卡号 6222 0200 1122 3344 556", "手机13800138000备用", "138-0013-8000"):
        shown, hidden = split_page_text(_scan(), _page(text))

        assert not any(character.isdigit() for character in shown), text
        assert hidden == text


def test_dates_amounts_and_postcodes_stay() -> None:
    text = "2024年3月5日 100044 ￥12,345.00 第3页"

    assert split_page_text(_scan(), _page(text)) == (text, "")


def test_the_boxes_of_hidden_words_are_blackened() -> None:
    scan = _scan(_secret("6655-1234", (120, 0, 400, 40)))

    boxes = words_to_hide(scan, _page("电话：6655-1234", "姓名：张三", NUMBER))

    assert set(boxes) == {(120, 0, 400, 40), (0, 0, 400, 40), (0, 100, 400, 140)}


def test_who_handed_a_scan_in_sees_all_of_it() -> None:
    scan = _scan()

    assert may_see_all(Actor("lin", "Lin", frozenset({Role.CLERK}), frozenset({"main"})), scan)
    assert not may_see_all(Actor("wu", "Wu", frozenset({Role.VIEWER}), frozenset({"main"})), scan)


def test_masks_keep_what_tells_two_customers_apart() -> None:
    assert mask("mobile", "13800138000") == "138****8000"
    assert mask("id_number", NUMBER) == "110***********002X"
    assert mask("bank_card", "6222020011223344556") == "***************4556"
    assert mask("email", "zhang@example.org") == "z***@example.org"
    assert mask("name", "张三丰") == "张**"
    assert mask("phone", "12") == "1**"
    assert mask("phone", "66551234") == "****1234"
    assert mask("phone", "6655123") == "6******"
    assert mask("bank_account", "12345") == "1****"
    assert mask("phone", "3") == "***"
