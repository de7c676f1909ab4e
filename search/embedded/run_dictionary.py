"""The common runs that one commit of the embedded index holds, to be looked through for a part of them."""

from collections.abc import Sequence

import tantivy

from search.common_runs import CommonRuns

_MOST_RUNS = 200
"""Runs that one phrase is looked up by; where it is part of more, as a piece of long printed sentences is that are read
a little differently each time, the places of its pairs are compared after all."""

_MOST_CHARACTERS = 4_000_000
_BETWEEN = "\n"


class RunDictionary:
    """Reads a key's common runs when one of them is first asked for, and remembers them."""

    def __init__(self, searcher: tantivy.Searcher, common: CommonRuns) -> None:
        """Take note of the commit, and of what is common in its index."""
        self._searcher = searcher
        self._common = common
        self._runs: dict[str, str] = {}

    def around(self, key: str, tokens: Sequence[str]) -> list[str] | None:
        """Give all common runs under a key that a phrase is part of.

        Args:
            key: The key whose runs are asked for, of either realm.
            tokens: The phrase.

        Returns: None where the phrase may also stand elsewhere, or in too many of them.
        """
        if not self._common.covers(tokens):
            return None
        if key not in self._runs:
            found = self._searcher.terms_with_prefix(f"{key}_shortcut", "")
            self._runs[key] = _BETWEEN + "".join(run + _BETWEEN for run, _ in found)
        runs, phrase = self._runs[key], "".join(tokens)
        if len(runs) > _MOST_CHARACTERS:
            return None
        around: list[str] = []
        at = runs.find(phrase)
        while at >= 0:
            if len(around) == _MOST_RUNS:
                return None
            end = runs.index(_BETWEEN, at)
            around.append(runs[runs.rindex(_BETWEEN, 0, at) + 1 : end])
            at = runs.find(phrase, end)
        return around
