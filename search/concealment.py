"""Takes what is sensitive out of the texts that everybody may search.

A phone number that is masked as a value stands in the clear on the scanned page it was read from. So every occurrence
of a sensitive value in notes, pages and other values is concealed, in any spelling and grouping, before the text is
indexed for readers who may not reveal, and again before a snippet is cut for them.
"""

import re
from dataclasses import replace

from search.entry import IndexEntry
from search.folding import MASK, fold, fold_with_offsets, original_span
from search.tokens import padded_date, squeeze

_BETWEEN = rf"[^\w{MASK}]{{0,3}}"
_COUNTRY_CODE = re.compile(r"^(?:00)?86(?=1[3-9]\d{9}$)")


class Concealment:
    """What is sensitive in one entry. False when nothing is."""

    def __init__(self, entry: IndexEntry) -> None:
        open_texts = {squeeze(fold(value.text)) for value in entry.values if not value.sensitive}
        open_texts |= {squeeze(fold(text)) for text in (entry.title, entry.code, *entry.aliases)}
        patterns = dict.fromkeys(
            pattern
            for value in entry.values
            if value.sensitive and squeeze(fold(value.text)) not in open_texts
            for pattern in _patterns(fold(value.text))
        )
        # The longest first, so that a value that holds another is concealed whole.
        joined = "|".join(sorted(patterns, key=len, reverse=True))
        self._pattern = re.compile(joined) if joined else None

    def __bool__(self) -> bool:
        return self._pattern is not None

    def concealed(self, text: str) -> str:
        """Put ``MASK`` in place of every character of a sensitive value; the length stays the same."""
        if self._pattern is None or not self._pattern.search(fold(text)):
            return text
        folded, offsets = fold_with_offsets(text)
        characters = list(text)
        for match in self._pattern.finditer(folded):
            start, end = original_span(offsets, *match.span())
            characters[start:end] = MASK * (end - start)
        return "".join(characters)

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

    def lines_concealed(self, text: str) -> str:
        """Give the lines of a text in which something is concealed, in the clear: what only revealers find there."""
        if self._pattern is None or not self._pattern.search(fold(text)):
            return ""
        if "\n" not in text:
            return text
        return "\n".join(line for line in text.splitlines() if self._pattern.search(fold(line))) or text


def _patterns(folded: str) -> list[str]:
    """Give the regular expressions by which a sensitive value is recognised; none for a single character."""
    code = _COUNTRY_CODE.sub("", squeeze(folded))
    if len(code) < 2:
        return []
    spelled = _BETWEEN.join(map(re.escape, code))
    if code.isascii() and code.isalpha():
        spelled = rf"(?<![a-z]){spelled}(?![a-z])"
    elif len(code) < 4 and code.isdigit():
        spelled = rf"(?<![0-9]){spelled}(?![0-9])"
    patterns = [spelled]
    date = padded_date(folded)
    if date is not None:
        parts = [date[:4], *(f"0?{int(date[i : i + 2])}" for i in range(4, len(date), 2))]
        patterns += [r"[^\w]{0,3}[年月]?[^\w]{0,3}".join(parts) + "(?![0-9])", date]
    return patterns
