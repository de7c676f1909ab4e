"""Whether people find what they mean: typed texts and the dossier that was looked for, over a fixed archive."""

from collections import defaultdict
from pathlib import Path

import pytest

from search import SearchEngine
from tests.search.entries import ask
from tests.search.relevance_corpus import corpus

LEAST_RECALL_AT_10 = 0.97
LEAST_FIRST = 0.90
LEAST_CASES = 120


def cases() -> list[tuple[str, str, str]]:
    """Give kind, typed text and wanted id of each case."""
    lines = Path(__file__).with_name("relevance.tsv").read_text("utf-8").splitlines()
    found = []
    for line in lines:
        if line and not line.startswith("#"):
            kind, text, wanted = line.split("\t")
            found.append((kind, text, wanted))
    return found


@pytest.fixture(scope="module")
def archive(shared_engine: SearchEngine) -> SearchEngine:
    """An engine with the archive."""
    shared_engine.rebuild(corpus())
    return shared_engine


def test_people_find_what_they_mean(archive: SearchEngine) -> None:
    ranks: dict[tuple[str, str, str], int] = {}
    for kind, text, wanted in cases():
        ids = [hit.id for hit in archive.search(ask(text, limit=10, facets=())).hits]
        ranks[kind, text, wanted] = ids.index(wanted) + 1 if wanted in ids else 0

    recall = sum(map(bool, ranks.values())) / len(ranks)
    first = sum(rank == 1 for rank in ranks.values()) / len(ranks)
    others: dict[str, list[str]] = defaultdict(list)
    for (kind, text, wanted), rank in ranks.items():
        if rank != 1:
            others[kind].append(f"{text} -> {wanted}: {rank or 'not among ten'}")
    told = f"{len(ranks)} cases, recall@10 {recall:.3f}, first {first:.3f}, else {dict(others)}"
    print(told)
    assert len(ranks) >= LEAST_CASES
    assert recall >= LEAST_RECALL_AT_10, told
    assert first >= LEAST_FIRST, told
