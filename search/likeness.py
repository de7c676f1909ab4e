"""Tells what of a dossier is worth looking for in others: whole values, parts of names, words that few have.

Nothing sensitive is looked for, so that what is alike never tells of it.
"""

import math
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from search.clauses import EVERYTHING, Clause, Kind
from search.concealment import Concealment
from search.entry import IndexEntry
from search.folding import HAN, MASK, fold
from search.hits import visible_parts
from search.reader import Feature, IndexReader
from search.tokens import LETTER, squeeze, tokens_of

_MOST_FEATURES = 40
_MOST_WEIGHTED = 16
_MOST_OF_PAGES = 16
_SHORTEST_WHOLE = 2
_LONGEST_WHOLE = 60
_COMMON = 0.1
"""Share of all dossiers from which on a feature tells nothing: a nationality, a country, a mail provider."""

_RARE = 3
"""Dossiers that may share a feature, however few there are in all."""

_FEW = 10
"""Dossiers below which everything may be common."""

_RUN = re.compile(rf"[{HAN}]{{2,12}}|{LETTER}{{4,40}}")
_WHOLE_WEIGHT = 2.0


def weighted_features(reader: IndexReader, entry: IndexEntry) -> list[tuple[Feature, float]]:
    """Give what others in the reader's scope share with an entry, weighed by how few do, the heaviest first."""
    found = {(feature.exact, feature.clause.tokens): feature for feature in _features(entry)}
    features = list(found.values())[:_MOST_FEATURES]
    dossiers = reader.total(EVERYTHING)
    most = dossiers if dossiers < _FEW else max(_RARE, int(_COMMON * dossiers))
    weighted = [
        (feature, _rarity(total, dossiers) * (_WHOLE_WEIGHT if feature.exact else 1.0))
        for feature, total in zip(features, reader.totals_of(features), strict=True)
        # What the dossier alone has is shared with none.
        if 2 <= total <= most
    ]
    weighted.sort(key=lambda each: -each[1])
    return weighted[:_MOST_WEIGHTED]


def _rarity(total: int, dossiers: int) -> float:
    """Weigh a feature from 0 (all have it): squared, so that one phone outweighs several words that many share."""
    return math.log((1 + dossiers) / total) ** 2 / math.log(1 + dossiers)


def _features(entry: IndexEntry) -> Iterator[Feature]:
    parts = [part for part in visible_parts(entry, Concealment(entry)) if MASK not in part.text]
    for part in parts:
        whole = squeeze(fold(part.text))
        if part.key not in ("code", "note") and _SHORTEST_WHOLE <= len(whole) <= _LONGEST_WHOLE:
            yield Feature(Clause(Kind.PHRASE, tuple(tokens_of(fold(part.text)))), exact=whole)
    for part in parts:
        if part.key != "code" and part.kind in ("name", "text"):
            yield from map(_feature, _runs(fold(part.text)))
    yield from map(_feature, islice(_runs_of_pages(entry), _MOST_OF_PAGES))


def _runs_of_pages(entry: IndexEntry) -> Iterator[str]:
    concealment = Concealment(entry)
    for page in entry.pages:
        yield from _runs(fold(concealment.concealed(page.text)))


def _runs(folded: str) -> Iterable[str]:
    return dict.fromkeys(_RUN.findall(folded))


def _feature(run: str) -> Feature:
    return Feature(Clause(Kind.PHRASE, (run,) if re.match(LETTER, run) else tuple(run)))
