"""Finds in original text what a query matched, by the same rules as the engines.

The engines tell which dossiers match; where in them is worked out here, over the text itself, so that highlights mean
the same whichever engine answered.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from search.clauses import Clause, Kind, parse
from search.dates import dates_in
from search.folding import HAN, fold, fold_with_offsets, original_span
from search.lookalikes import variants_of
from search.pinyin import pinyin_spans
from search.tokens import LETTER, LONGEST_WORD, NOT_KEPT, SEPARATORS, squeeze_around_masks

Span = tuple[int, int]

_WORD = re.compile(rf"{LETTER}+")
_LETTER = re.compile(LETTER)
_LATIN = re.compile("[a-z]")
_IN_CODE = rf"(?:{SEPARATORS}|[年月])"
_HAN_ONLY = re.compile(f"[{HAN}]+")


class _Text:
    """A folded text, and the same without anything between its letters and digits."""

    __slots__ = ("_gaps", "folded")

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self._gaps: tuple[list[int], list[int]] | None = None

    def spans_of(self, squeezed: str) -> list[Span]:
        """Find these letters and digits side by side, whatever stands between them."""
        if squeezed[0] not in self.folded or squeezed[-1] not in self.folded:
            return []
        if len(squeezed) == 1 or _squeezed(self.folded).count(squeezed) == self.folded.count(squeezed):
            # Nothing stands between them anywhere.
            return [(start, start + len(squeezed)) for start in _starts(self.folded, squeezed)]
        last = len(squeezed) - 1
        found = _starts(_squeezed(self.folded), squeezed)
        return [(self._place_of(at), self._place_of(at + last) + 1) for at in found]

    def _place_of(self, at: int) -> int:
        """Tell where a character of the squeezed text stands in the folded one."""
        if self._gaps is None:
            self._gaps = _gaps_in(self.folded)
        before, left_out = self._gaps
        return at + left_out[bisect_right(before, at)]

    def words(self, word: str, *, begun: bool) -> list[Span]:
        """Find a word, or the words that begin like it."""
        spans = []
        at = self.folded.find(word)
        while at >= 0:
            end = at + len(word)
            if not (at and _is_letter(self.folded[at - 1])):
                rest = _WORD.match(self.folded, end)
                if rest and begun:
                    end = rest.end()
                if begun or not rest:
                    spans.append((at, end))
            at = self.folded.find(word, end)
        return spans


def _gaps_in(folded: str) -> tuple[list[int], list[int]]:
    """Tell what squeezing leaves out: before which places of the squeezed text, and how much up to each, from none on."""
    before, left_out = [], [0]
    for gap in NOT_KEPT.finditer(folded):
        before.append(gap.start() - left_out[-1])
        left_out.append(left_out[-1] + gap.end() - gap.start())
    return before, left_out


_squeezed = lru_cache(maxsize=1024)(squeeze_around_masks)


@lru_cache(maxsize=1024)
def _words_in(folded: str) -> frozenset[str]:
    return frozenset(_WORD.findall(folded))


def _is_letter(character: str) -> bool:
    return character.isalpha() if character.isascii() else _LETTER.match(character) is not None


def _starts(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + len(part))


class Matcher:
    """Wanted clauses, ready to be looked for in many texts."""

    def __init__(self, clauses: Sequence[Clause], *, confusing: bool = False) -> None:
        """Take note of the clauses; ``confusing``: on pages also as a recogniser may have misread them."""
        self.clauses = clauses
        self.is_bound = any(clause.key is not None for clause in clauses)
        self.reads_pages = any(clause.key is None and clause.stretch is None for clause in clauses)
        """Whether any clause can match on a page: no date does, and no value of a key."""
        self._finders = [_Finder(clause) for clause in clauses]
        misread = variants_of(clauses) if confusing else [()] * len(clauses)
        self._variants = [list(map(_Finder, variants)) for variants in misread]

    def may_stand_in(self, folded: str, kind: str) -> bool:
        """Tell whether any clause may be found in a value's folded text, without looking for it."""
        return any(finder.may_stand_in(folded, kind) for finder in self._finders)

    def folded_spans(self, folded: str, keys: frozenset[str] = frozenset(), *, kind: str = "") -> list[list[Span]]:
        """Find each clause in a folded text.

        Args:
            folded: A folded text.
            keys: Concepts of the value the text is; a clause that is bound to a key needs it here.
            kind: The value's kind: names are matched by pinyin as well, dates by stretches of time.

        Returns: For each clause its spans.
        """
        text = _Text(folded)
        return [
            finder.spans(text, kind) if clause.key is None or clause.key in keys else []
            for clause, finder in zip(self.clauses, self._finders, strict=True)
        ]

    def page_spans(self, folded: str) -> list[list[Span]]:
        """Find each clause in the folded text of a page; misread where it does not stand as typed."""
        text = _Text(folded)
        found = []
        for clause, finder, variants in zip(self.clauses, self._finders, self._variants, strict=True):
            spans = finder.spans(text, "") if clause.key is None else []
            found.append(spans or [span for variant in variants for span in variant.spans(text, "")])
        return found


class _Finder:
    """One clause, ready to be looked for. What it remembers of words it met makes many texts of one archive cheap."""

    def __init__(self, clause: Clause) -> None:
        self._clause = clause
        self._typos = clause.typos
        self._close: set[str] = set()
        self._far: set[str] = set()
        self._compact = clause.text if clause.by_grams else "".join(clause.tokens)
        self._is_han = _HAN_ONLY.fullmatch(self._compact) is not None
        self._is_word = len(clause.tokens) == 1 and _WORD.fullmatch(self._compact) is not None
        self._first = self._compact[:1]
        """What every match begins with; nothing where the clause is a stretch of time."""
        self._by_other_letters = clause.kind is Kind.WORD
        self._any_letter = _LATIN if clause.text.isascii() else _LETTER
        self._is_date = clause.by_grams and _date_pattern(self._compact) != ""
        self._compiled: re.Pattern[str] | None = None

    def may_stand_in(self, folded: str, kind: str) -> bool:
        if self._first in folded:
            return self._first != "" or kind == "date"
        if not self._by_other_letters or folded.isdigit():
            return self._is_date
        if self._typos and self._any_letter.search(folded):
            return True
        return kind == "name" and not folded.isascii()

    def spans(self, text: _Text, kind: str) -> list[Span]:
        clause = self._clause
        if clause.stretch is not None:
            low, high = clause.stretch
            dates = dates_in(text.folded) if kind == "date" else []
            return [(start, end) for start, end, day in dates if low <= day <= high]
        if self._is_word and len(self._compact) < LONGEST_WORD:
            spans = text.words(self._compact, begun=clause.prefix)
        elif self._is_han:
            spans = text.spans_of(self._compact)
        elif clause.by_grams:
            spans = text.spans_of(self._compact) or self._dates(text.folded)
        else:
            spans = self._by_pattern(text.folded)
        if clause.kind is Kind.WORD:
            if not spans and self._typos:
                spans = self._misspelt(text)
            if kind == "name":
                spans = [*spans, *pinyin_spans(text.folded, clause.text, prefix=clause.prefix)]
        return spans

    def _dates(self, folded: str) -> list[Span]:
        """Find digits that may be a date as people write it, with 年 and 月 or without zeros."""
        return self._by_pattern(folded) if "月" in folded or self._is_date else []

    def _by_pattern(self, folded: str) -> list[Span]:
        if self._compiled is None:
            self._compiled = re.compile(_pattern(self._clause))
        return [match.span() for match in self._compiled.finditer(folded)]

    def _misspelt(self, text: _Text) -> list[Span]:
        words = _words_in(text.folded)
        if words <= self._far:
            return []
        for word in words - self._far - self._close:
            (self._close if _is_close(word, self._clause, self._typos) else self._far).add(word)
        return [span for word in words & self._close for span in text.words(word, begun=False)]


def _pattern(clause: Clause) -> str:
    if clause.by_grams:
        by_character = _IN_CODE.join(map(re.escape, clause.text))
        by_date = _date_pattern(clause.text)
        return f"{by_character}|{by_date}" if by_date else by_character
    parts = [_token_pattern(token) for token in clause.tokens]
    if clause.prefix and clause.tokens:
        parts[-1] = _token_pattern(clause.tokens[-1], prefix=True)
    return SEPARATORS.join(parts)


def _token_pattern(token: str, *, prefix: bool = False) -> str:
    if token[0].isdigit():
        return rf"(?<![0-9]){token}" + ("[0-9]*" if prefix else "(?![0-9])")
    if not _LETTER.match(token):
        return re.escape(token)
    longer = prefix or len(token) == LONGEST_WORD
    return rf"(?<!{LETTER}){re.escape(token)}" + (f"{LETTER}*" if longer else f"(?!{LETTER})")


def _date_pattern(code: str) -> str:
    """Give the pattern of a date as people write it, if the digits may be one, with a year or without."""
    if re.fullmatch(r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", code):
        month, day = int(code[:2]), int(code[2:])
        return rf"(?:(?<=(?:19|20)\d\d[-./年])0?{month}[-./月]|(?<![0-9])0?{month}月)0?{day}(?![0-9])"
    if not re.fullmatch(r"(?:19|20)\d{4}(?:\d\d)?", code):
        return ""
    parts = [code[:4], *(f"0?{int(code[i : i + 2])}" for i in range(4, len(code), 2))]
    return r"(?:[-./ ]{1,2}|[年月])".join(parts) + "(?![0-9])"


def _is_close(word: str, clause: Clause, typos: int) -> bool:
    size = len(clause.text)
    if not clause.prefix:
        return abs(len(word) - size) <= typos and OSA.distance(word, clause.text, score_cutoff=typos) <= typos
    lengths = {min(len(word), size + more) for more in range(-typos, typos + 1)}
    return any(OSA.distance(word[:length], clause.text, score_cutoff=typos) <= typos for length in lengths)


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Order spans and join those that overlap or touch."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def find_spans(text: str, query_text: str) -> tuple[Span, ...]:
    """Find what a query matches in a text, as the engines' highlights do.

    Width, case, accents and traditional forms are folded, line breaks passed over, typos forgiven in words. What does
    not stand there as typed is looked for as a recogniser may have misread it. Values
    that are named (``电话:138``) are looked for anywhere, exclusions nowhere.

    Args:
        text: Any original text, such as one recognised word or a whole page.
        query_text: As typed.

    Returns: Start and end of each match in characters of ``text``, in order, not overlapping.
    """
    matcher = Matcher(parse(query_text).wanted, confusing=True)
    folded = fold(text)
    spans = [span for found in matcher.page_spans(folded) for span in found]
    if not spans:
        return ()
    _, offsets = fold_with_offsets(text)
    return merged([original_span(offsets, start, end) for start, end in spans if end > start])
