"""Runs of Han characters that many dossiers share, kept whole: labels and sentences that are printed on every form.

A phrase is found by its pairs of characters and their places. Where the phrase is printed on half of all pages, the
places of every pair on every one of them would have to be compared. So what is common is learnt when an index is built:
the *triples*, three characters side by side, that stand in many dossiers. Each longest stretch of a text that consists of
common triples is kept as one token, a *common run*.

A phrase whose triples are all common can stand within such runs only, as each of its occurrences is part of a longest
stretch. So the dossiers that hold it are those that hold one of the runs it is part of: a few look-ups, and no places.
Any set of triples gives right answers; the better it is chosen, the more phrases are found quickly. The
idea is that of Lucene's common grams, for runs of any length.
"""

from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from search.clauses import LONGEST_PHRASE
from search.folding import LONG, code_points
from search.tokens import is_han, squeeze_around_masks

_LENGTH = 3
_COMMON = 0.05
"""The share of dossiers in which a triple stands that is common: others have few places to compare."""

_LONGEST = 256
"""Characters of one token; an index takes none of any length."""

_MOST_TRIPLES = 20_000
_FEWEST_SLOT_BITS, _MOST_SLOT_BITS = 12, 17
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
"""Spreads numbers over slots: 2 ** 64 divided by the golden ratio. Source: Knuth, The Art of Computer Programming, 6.4."""


class CommonRuns:
    """The triples that are common in one index."""

    def __init__(self, triples: Iterable[str] = ()) -> None:
        """Take note of them.

        Args:
            triples: Three Han characters each, the commonest first. A few may be left out; see ``triples``.

        Raises:
            ValueError: One of them is no triple.
        """
        # One look tells for each place of a text whether a common triple begins there: each has a slot of its own. There
        # are as few slots as part them, and where none do, one whose slot is taken is not common.
        given = list(dict.fromkeys(triples))
        if any(len(triple) != _LENGTH for triple in given):
            raise ValueError("a triple has three characters")
        numbers = _numbers(code_points("".join(given)))[::_LENGTH]
        for bits in range(_FEWEST_SLOT_BITS, _MOST_SLOT_BITS + 1):
            slots, firsts = np.unique(_slots_of(numbers, bits), return_index=True)
            if len(slots) == len(numbers):
                break
        self._bits = bits
        self._slots = np.zeros(2**bits, dtype=np.uint64)
        self._slots[slots] = numbers[firsts]
        kept = [given[at] for at in sorted(firsts.tolist())]
        self._triples = frozenset(kept)
        self.triples = tuple(kept)
        """Those that are taken for common."""

    @staticmethod
    def learnt_from(dossiers: Iterable[Iterable[str]]) -> "CommonRuns":
        """Find the triples that stand in many dossiers; each is given by its folded texts."""
        seen = []
        for texts in dossiers:
            squeezed = [code_points(squeeze_around_masks(text)) for text in texts]
            seen.append(np.unique(np.concatenate([np.empty(0, np.uint64), *map(_numbers, squeezed)])))
        if not seen:
            return CommonRuns()
        numbers, counts = np.unique(np.concatenate(seen), return_counts=True)
        often = (counts >= max(2, _COMMON * len(seen))).nonzero()[0]
        often = often[np.argsort(-counts[often], kind="stable")]
        triples = (triple for triple in map(_triple_of, numbers[often].tolist()) if all(map(is_han, triple)))
        return CommonRuns(islice(triples, _MOST_TRIPLES))

    def covers(self, run: Sequence[str]) -> bool:
        """Tell whether all triples of a run of characters are common, so that it can stand within common runs only."""
        ends = range(_LENGTH, len(run) + 1)
        return len(run) >= _LENGTH and all("".join(run[end - _LENGTH : end]) in self._triples for end in ends)

    def runs_in(self, squeezed: str) -> list[str]:
        """Give the common runs of a text that was squeezed around masks, in order."""
        if not self._triples or len(squeezed) < _LENGTH or squeezed.isascii():
            return []
        stretches = self._in_short(squeezed) if len(squeezed) < LONG else self._in_long(squeezed)
        runs = [squeezed[start : end + _LENGTH - 1] for start, end in stretches]
        if max(map(len, runs), default=0) <= _LONGEST:
            return runs
        return [piece for run in runs for piece in _pieces(run)]

    def _in_long(self, squeezed: str) -> list[list[int]]:
        """Tell where common triples begin side by side: first places, and the places behind the last."""
        numbers = _numbers(code_points(squeezed))
        bounded = np.zeros(len(numbers) + 2, dtype=bool)
        np.equal(self._slots[_slots_of(numbers, self._bits)], numbers, out=bounded[1:-1])
        stretches: list[list[int]] = (bounded[1:] != bounded[:-1]).nonzero()[0].reshape(-1, 2).tolist()
        return stretches

    def _in_short(self, squeezed: str) -> list[list[int]]:
        stretches: list[list[int]] = []
        for at in range(len(squeezed) - _LENGTH + 1):
            if squeezed[at : at + _LENGTH] in self._triples:
                if stretches and stretches[-1][1] == at:
                    stretches[-1][1] = at + 1
                else:
                    stretches.append([at, at + 1])
        return stretches


def _numbers(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Give the number of the triple at each place: its three code points, 21 bits each."""
    wide = codes.astype(np.uint64)
    return (wide[:-2] << np.uint64(42)) | (wide[1:-1] << np.uint64(21)) | wide[2:]


def _slots_of(numbers: NDArray[np.uint64], bits: int) -> NDArray[np.uint64]:
    return (numbers * _MULTIPLIER) >> np.uint64(64 - bits)


def _triple_of(number: int) -> str:
    return chr(number >> 42) + chr(number >> 21 & 0x1FFFFF) + chr(number & 0x1FFFFF)


def _pieces(stretch: str) -> list[str]:
    """Cut a long stretch into pieces that overlap by as much as the longest phrase that is looked up."""
    last = max(1, len(stretch) - LONGEST_PHRASE)
    return [stretch[at : at + _LONGEST] for at in range(0, last, _LONGEST - LONGEST_PHRASE)]


NOTHING_COMMON = CommonRuns()
"""For an index of which nothing is known."""
