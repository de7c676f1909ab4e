"""Phrases that stand on many pages are found by whole runs, with the same answers as by their pairs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search import IndexEntry, SearchEngine, SearchSettings, open_search_engine
from search.embedded import filling, run_dictionary
from search.embedded.filling import read_learnt
from tests.search.entries import OPEN_ONLY, ask, make_entry, page, phone

MANY = 120
PHRASES = ("出生日期", "生日期", "性别男出生", "联系电话", "电话", "登记表性别", "有限责任公司")


def entry_with_labels(number: int) -> IndexEntry:
    """Make a dossier with a form like all others, each a little different."""
    sex = "男女"[number % 2]
    text = f"登记表\n性别 {sex} 出生日期 1990\n联系电话 {13800130000 + number}" + "\n限" * (number % 3)
    values = (phone(str(13800130000 + number), sensitive=True),)
    return make_entry(f"d{number}", f"客户{number}有限责任公司", pages=(page(text),), values=values)


@pytest.fixture
def engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[SearchEngine, SearchEngine]]:
    """Two engines with the same dossiers; the second knows what is common among them."""
    plain = open_search_engine(SearchSettings(index_dir=tmp_path / "plain"))
    plain.rebuild(map(entry_with_labels, range(MANY)))
    monkeypatch.setattr(filling, "_FEW", MANY // 2)
    learnt = open_search_engine(SearchSettings(index_dir=tmp_path / "learnt"))
    learnt.rebuild(map(entry_with_labels, range(MANY)))
    yield plain, learnt
    plain.close()
    learnt.close()


def found_by(engine: SearchEngine, text: str) -> tuple[set[str], set[str]]:
    """Give the ids that a revealer and another reader find."""
    answers = [engine.search(ask(text, limit=500)), engine.search(ask(text, OPEN_ONLY, limit=500))]
    return {hit.id for hit in answers[0].hits}, {hit.id for hit in answers[1].hits}


def test_phrases_are_found_alike_with_and_without_common_runs(
    engines: tuple[SearchEngine, SearchEngine], tmp_path: Path
) -> None:
    plain, learnt = engines

    assert read_learnt(next((tmp_path / "learnt").glob("*/"))).common.triples
    for phrase in PHRASES:
        assert found_by(learnt, phrase) == found_by(plain, phrase)
        assert found_by(learnt, phrase)[0]


def test_what_is_put_later_is_found_in_the_same_way(engines: tuple[SearchEngine, SearchEngine]) -> None:
    _, learnt = engines
    assert len(found_by(learnt, "出生日期")[0]) == MANY

    learnt.put([make_entry("later", "以后的", pages=(page("请填写出生日期"),)), make_entry("d0", "没有表")])

    ids, _ = found_by(learnt, "出生日期")
    assert "later" in ids
    assert "d0" not in ids
    assert len(ids) == MANY


def test_a_phrase_within_too_many_runs_is_found_by_its_pairs(
    engines: tuple[SearchEngine, SearchEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, learnt = engines
    monkeypatch.setattr(run_dictionary, "_MOST_RUNS", 1)

    assert found_by(learnt, "出生日期") == found_by(plain, "出生日期")


def test_hits_show_the_phrase_that_was_found(engines: tuple[SearchEngine, SearchEngine]) -> None:
    _, learnt = engines
    (snippet,) = learnt.search(ask("出生日期", limit=1)).hits[0].snippets

    assert [snippet.text[start:end] for start, end in snippet.spans] == ["出生日期"]
