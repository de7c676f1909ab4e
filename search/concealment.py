"""Takes what is sensitive out of the texts that everybody may search.

A phone number that is masked as a value stands in the clear on the scanned page it was read from. So every occurrence
of a sensitive value in notes, pages and other values is concealed, in any spelling and grouping, before the text is
indexed for readers who may not reveal, and again before a snippet is cut for them.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, pairwise

from search.entry import IndexEntry
from search.folding import MASK, fold, fold_with_offsets, original_span
from search.tokens import padded_date, squeeze

_WIDEST_GAP = 3
"""Characters that may stand between two of a sensitive value's own, as in ``138 - 0013``."""

_COUNTRY_CODE = re.compile(r"^(?:00)?86(?=1[3-9]\d{9}$)")
_SHORT = 4


class Concealment:
    """What is sensitive in one entry. False when nothing is."""

    def __init__(self, entry: IndexEntry) -> None:
        sensitive = [fold(value.text) for value in entry.values if value.sensitive]
        self._secrets: tuple[str, ...] = ()
        if sensitive:
            shown = [value.text for value in entry.values if not value.sensitive]
            open_texts = {squeeze(fold(text)) for text in (entry.title, entry.code, *entry.aliases, *shown)}
            spellings = (
                spelling for text in sensitive if squeeze(text) not in open_texts for spelling in _spellings(text)
            )
            self._secrets = tuple(dict.fromkeys(spellings))
        self._found: dict[str, list[tuple[int, int]]] = {}

    def __bool__(self) -> bool:
        return bool(self._secrets)

    def concealed(self, text: str) -> str:
        """Put ``MASK`` in place of every character of a sensitive value; the length stays the same."""
        spans = self._spans(fold(text))
        if not spans:
            return text
        _, offsets = fold_with_offsets(text)
        characters = list(text)
        for span in spans:
            start, end = original_span(offsets, *span)
            characters[start:end] = MASK * (end - start)
        return "".join(characters)

    def folded(self, text: str) -> str:
        """Fold a text, with ``MASK`` in place of every character of a sensitive value."""
        folded = fold(text)
        for start, end in self._spans(folded):
            folded = folded[:start] + MASK * (end - start) + folded[end:]
        return folded

    def stripped(self, entry: IndexEntry) -> IndexEntry:
        """Give the entry without anything sensitive: no such values, and their occurrences concealed."""
        return replace(
            entry,
            values=tuple(
                replace(value, text=self.concealed(value.text)) for value in entry.values if not value.sensitive
            ),
            pages=tuple(replace(page, text=self.concealed(page.text)) for page in entry.pages),
            notes=tuple(self.concealed(note) for note in entry.notes),
        )

    def folded_lines(self, text: str) -> str:
        """Fold the lines of a text in which something is concealed, in the clear: what only revealers find there."""
        folded = fold(text)
        lines: dict[int, int] = {}
        for start, end in self._spans(folded):
            first = folded.rfind("\n", 0, start) + 1
            after = folded.find("\n", end)
            lines[first] = max(lines.get(first, 0), after if after >= 0 else len(folded))
        return "\n".join(folded[first:after] for first, after in lines.items())

    def _spans(self, folded: str) -> list[tuple[int, int]]:
        """Find the sensitive values in a folded text, whatever stands between their characters."""
        if not self._secrets:
            return []
        if folded not in self._found:  # each text is asked for twice: what remains open, and what does not
            self._found[folded] = self._look_for(folded)
        return self._found[folded]

    def _look_for(self, folded: str) -> list[tuple[int, int]]:
        squeezed = squeeze(folded)
        present = [secret for secret in self._secrets if secret in squeezed]
        if not present:
            return []
        if all(squeezed.count(secret) == folded.count(secret) for secret in present):
            # Nothing stands within any of them.
            whole = ([(0, len(folded))], [0])
            return [span for secret in present for span in _occurrences(folded, folded, whole, secret)]
        runs = [match.span() for match in _RUN.finditer(folded)]
        begins = [0, *accumulate(end - start for start, end in runs)]
        return [span for secret in present for span in _occurrences(folded, squeezed, (runs, begins), secret)]


_RUN = re.compile(r"[^\W_]+")
_Places = tuple[list[tuple[int, int]], list[int]]


def _places(places: _Places, at: int, size: int) -> list[int]:
    """Tell where letters and digits of the squeezed text stand in the folded one."""
    runs, begins = places
    found: list[int] = []
    number = bisect_right(begins, at) - 1
    while len(found) < size:
        start, end = runs[number]
        first = start + at + len(found) - begins[number]
        found.extend(range(first, min(end, first + size - len(found))))
        number += 1
    return found


def _occurrences(folded: str, squeezed: str, places: _Places, secret: str) -> Iterator[tuple[int, int]]:
    at = squeezed.find(secret)
    while at >= 0:
        inside = _places(places, at, len(secret))
        start, end = inside[0], inside[-1] + 1
        near = all(after - before <= _WIDEST_GAP + 1 for before, after in pairwise(inside))
        if near and not _is_part_of_more(folded[:start][-1:], folded[end : end + 1], secret):
            yield start, end
        at = squeezed.find(secret, at + 1)


def _is_part_of_more(before: str, after: str, secret: str) -> bool:
    """Tell whether a word or a short number only happens to stand within a longer one."""
    if secret.isascii() and secret.isalpha():
        return any(beside.isascii() and beside.isalpha() for beside in (before, after))
    if len(secret) < _SHORT and secret.isdigit():
        return before.isdigit() or after.isdigit()
    return False


def _spellings(folded: str) -> list[str]:
    """Give the squeezed forms in which a sensitive value is recognised; none for a single character."""
    code = _COUNTRY_CODE.sub("", squeeze(folded))
    if len(code) < 2:
        return []
    date = padded_date(folded)
    if date is None:
        return [code]
    year, *rest = [date[:4], *(date[i : i + 2] for i in range(4, len(date), 2))]
    short = [part.lstrip("0") for part in rest]
    # 1985-03-01, 1985-3-1, and both with 年 and 月 between, 日 being beyond the last digit.
    return [
        code,
        *(
            year + sign + "月".join(form) if sign else year + "".join(form)
            for form in (rest, short)
            for sign in ("", "年")
        ),
    ]
