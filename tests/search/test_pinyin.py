"""Names by their sound."""

from search.pinyin import first_letter_tokens, pinyin_spans, pinyin_tokens, sort_key


def test_a_name_has_its_syllables_their_joints_and_initials() -> None:
    assert {"zhang", "san", "feng", "zhangsan", "sanfeng", "zhangsanfeng", "zs", "sf", "zsf"} <= set(
        pinyin_tokens("张三丰")
    )


def test_every_reading_of_a_character_counts() -> None:
    assert {"zeng", "ceng", "zengguofan", "cengguofan"} <= set(pinyin_tokens("曾国藩"))


def test_only_han_characters_sound() -> None:
    assert pinyin_tokens("smith 138") == []


def test_a_long_name_does_not_explode() -> None:
    assert len(pinyin_tokens("重庆长行都督乐单曾" * 40)) < 3000


def test_spans_show_the_characters_that_were_typed_by_sound() -> None:
    assert pinyin_spans("客户张三丰", "zhangsan", prefix=False) == ((2, 4),)
    assert pinyin_spans("客户张三丰", "zhangsanf", prefix=True) == ((2, 5),)
    assert pinyin_spans("客户张三丰", "zhangsanf", prefix=False) == ()
    assert pinyin_spans("客户张三丰", "zsf", prefix=False) == ((2, 5),)


def test_names_sort_by_sound() -> None:
    assert sorted(["张三", "李四", "王五", "艾青"], key=sort_key) == ["艾青", "李四", "王五", "张三"]


def test_first_letters_of_all_readings_are_kept_once() -> None:
    assert sorted(first_letter_tokens("曾张 smith")) == ["c0", "z0"]
