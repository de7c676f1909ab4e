"""How far a label and a value are trusted to belong together."""

import pytest

from ocr.evidence import Evidence
from ocr.trust import most_confidence, probability
from ocr.values import Kind

ACCEPTED_UNSEEN = 0.95
SPEAK_FOR = {"value_sure", "key_sure", "colon", "checked"}


def trust(key: str, name: str | None, kind: Kind, value: str, *, by_place_alone: bool = False) -> float:
    return most_confidence(key, name, kind, value, by_place_alone=by_place_alone)


@pytest.mark.parametrize(
    ("key", "name", "kind", "value"),
    [
        ("姓名", "name", Kind.NAME, "张三"),
        ("Name", "name", Kind.NAME, "Alice Brown"),
        ("工作单位", "company", Kind.COMPANY, "蓝天运输有限公司"),
        ("Employer", "company", Kind.COMPANY, "Harbour Lights Ltd"),
        ("民族", "ethnicity", Kind.TEXT, "汉族"),
    ],
)
def test_a_known_label_with_a_value_of_its_kind_is_trusted(key: str, name: str, kind: Kind, value: str) -> None:
    assert trust(key, name, kind, value) == 1.0


@pytest.mark.parametrize(
    ("key", "name", "kind", "value"),
    [
        ("联系人", "contact_person", Kind.NAME, "其它"),
        ("单位名称", "company", Kind.COMPANY, "城乡居民"),
        ("备注", "remark", Kind.TEXT, "请用黑色笔填写"),
        ("(省)", "province", Kind.TEXT, "江苏"),
        ("凡在本市登记的单位须按期报送其名称（公司）", "company", Kind.COMPANY, "某某公司"),
    ],
)
def test_a_value_that_its_label_hardly_means_is_looked_at(key: str, name: str, kind: Kind, value: str) -> None:
    assert trust(key, name, kind, value) < ACCEPTED_UNSEEN


def test_an_unknown_label_is_looked_at_and_its_place_alone_says_least() -> None:
    by_colon = trust("楼栋", None, Kind.TEXT, "东二")

    assert trust("楼栋", None, Kind.TEXT, "东二", by_place_alone=True) < by_colon < ACCEPTED_UNSEEN


def test_an_instruction_is_no_sure_value() -> None:
    assert trust("备注号码", "document_number", Kind.TEXT, "由工作人员填写") < ACCEPTED_UNSEEN
    assert trust("Account number", "document_number", Kind.TEXT, "Office use only") < ACCEPTED_UNSEEN


@pytest.mark.parametrize(
    ("value", "trusted"),
    [("37020219970327802", False), ("370202199703278025", False), ("370202199703278024", True), ("E12345678", True)],
)
def test_a_number_that_is_nearly_an_identity_number_is_looked_at(value: str, trusted: bool) -> None:
    assert (trust("证件号码", "document_number", Kind.TEXT, value) >= ACCEPTED_UNSEEN) == trusted


CLEAR = Evidence(
    value_sure=2.5,
    key_sure=2.5,
    colon=0,
    checked=0,
    gap=0.3,
    below=0,
    parts=0,
    spread=0,
    label_like=0,
    rivals=0,
)


def test_one_clear_value_beside_its_label_is_accepted() -> None:
    assert probability(CLEAR) >= ACCEPTED_UNSEEN


@pytest.mark.parametrize(
    "doubt",
    [
        pytest.param({"label_like": 1.0}, id="the value may be a label"),
        pytest.param({"gap": 3.0}, id="far away"),
        pytest.param({"parts": 1.4, "spread": 1.5}, id="in several parts, far from each other"),
        pytest.param({"below": 1.0, "parts": 0.7}, id="several parts below"),
    ],
)
def test_what_speaks_against_a_pair_keeps_it_for_a_look(doubt: dict[str, float]) -> None:
    assert probability(CLEAR._replace(**doubt)) < ACCEPTED_UNSEEN


@pytest.mark.parametrize("name", Evidence._fields)
def test_each_piece_of_evidence_speaks_the_way_it_means(name: str) -> None:
    more = probability(CLEAR._replace(**{name: getattr(CLEAR, name) + 0.5}))

    assert more >= probability(CLEAR) if name in SPEAK_FOR else more <= probability(CLEAR)


def test_a_value_that_another_label_claims_as_well_is_looked_at() -> None:
    assert most_confidence("姓名", "name", Kind.NAME, "张三", by_place_alone=False, contested=True) < ACCEPTED_UNSEEN
