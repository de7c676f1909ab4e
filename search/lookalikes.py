"""Characters that a recogniser takes for one another, and the clauses that find a page where it did.

Han characters come from ``lookalikes.txt``, which tells how it was made. Letters and digits are those that every reader
of print confuses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import islice

from search.clauses import Clause, Kind
from search.tokens import GRAM_LENGTH, grams_of_code

MOST_VARIANTS = 24
"""Readings of one text that are tried, for each clause its share, those with the likeliest confusion first."""

_LATIN = {
    "0": "o", "o": "0", "1": "li", "l": "1i", "i": "1l", "5": "s", "s": "5", "8": "b", "b": "8", "6": "b", "2": "z",
    "z": "2", "9": "g", "g": "9q", "q": "9", "7": "1",
}  # fmt: skip
_TOGETHER = tuple(map(str.maketrans, ("01", "01", "oli"), ("ol", "oi", "011")))
"""The commonest confusions, several at once."""

_JOINED = (("rn", "m"), ("m", "rn"), ("vv", "w"), ("w", "vv"), ("cl", "d"), ("d", "cl"), ("nn", "m"), ("ii", "u"))
_SHORTEST_HAN = 2
_SHORTEST_WORD = 4


@cache
def _han() -> dict[str, str]:
    lines = (files("search") / "lookalikes.txt").read_text("utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if not line.startswith("#"))


def variants_of(clauses: Sequence[Clause]) -> list[tuple[Clause, ...]]:
    """Give for each clause those that a recogniser's confusion may have made of it, on pages.

    One character is confused, or one and the same wherever it stands, or the commonest ones together. Clauses that are
    bound to a key, too short to be told from others, or not Han, word or number have none.
    """
    share = max(1, MOST_VARIANTS // max(1, len(clauses)))
    return [tuple(islice(_variants(clause), share)) for clause in clauses]


def _variants(clause: Clause) -> Iterator[Clause]:
    if clause.key is not None or clause.negated:
        return
    if clause.kind is Kind.PHRASE:
        yield from _phrases(clause)
    elif clause.by_grams or (clause.kind is Kind.WORD and len(clause.text) >= _SHORTEST_WORD):
        yield from _codes(clause)


def _phrases(clause: Clause) -> Iterator[Clause]:
    if len(clause.tokens) < _SHORTEST_HAN:
        return
    choices = [_han().get(token, "") for token in clause.tokens]
    for rank in range(max(map(len, choices))):
        for place, others in enumerate(choices):
            if rank < len(others):
                tokens = (*clause.tokens[:place], others[rank], *clause.tokens[place + 1 :])
                yield replace(clause, tokens=tokens, prefix=False)


def _codes(clause: Clause) -> Iterator[Clause]:
    """Give the readings of a number, a code or a word: a letter among digits makes a code of a word."""
    written = clause.text
    readings = dict.fromkeys(written.translate(table) for table in _TOGETHER)
    for character in dict.fromkeys(written):
        for other in _LATIN.get(character, ""):
            readings[written.replace(character, other)] = None
    for pair, one in _JOINED:
        if pair in written:
            readings[written.replace(pair, one, 1)] = None
    for place, character in enumerate(written):
        for other in _LATIN.get(character, ""):
            readings[written[:place] + other + written[place + 1 :]] = None
    readings.pop(written, None)
    for reading in readings:
        if any(character.isdigit() for character in reading):
            if len(reading) >= GRAM_LENGTH:
                yield Clause(Kind.CODE, tuple(grams_of_code(reading)), text=reading)
        else:
            yield Clause(Kind.PHRASE, (reading,))
