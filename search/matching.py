"""Finds in original text what a query matched, by the same rules as the engines.

The engines tell which dossiers match; where in them is worked out here, over the text itself, so that highlights mean
the same whichever engine answered.
"""

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from search.clauses import Clause, Kind, parse
from search.dates import dates_in
from search.folding import fold, fold_with_offsets, original_span
from search.lookalikes import variants_of
from search.pinyin import pinyin_spans
from search.tokens import LETTER, LONGEST_WORD, SEPARATORS

Span = tuple[int, int]

_WORD = re.compile(rf"{LETTER}+")
_LETTER = re.compile(LETTER)
_IN_CODE = rf"(?:{SEPARATORS}|[年月])"


class Matcher:
    """Wanted clauses, ready to be looked for in many texts."""

    def __init__(self, clauses: Sequence[Clause], *, confusing: bool = False) -> None:
        """Take note of the clauses; ``confusing``: on pages also as a recogniser may have misread them."""
        self.clauses = clauses
        self._patterns = [None if clause.stretch else re.compile(_pattern(clause)) for clause in clauses]
        self._variants = [_variant_pattern(clause) if confusing else None for clause in clauses]

    def folded_spans(self, folded: str, keys: frozenset[str] = frozenset(), *, kind: str = "") -> list[list[Span]]:
        """Find each clause in a folded text.

        Args:
            folded: A folded text.
            keys: Concepts of the value the text is; a clause that is bound to a key needs it here.
            kind: The value's kind: names are matched by pinyin as well, dates by stretches of time.

        Returns: For each clause its spans.
        """
        return [
            self._clause_spans(clause, pattern, folded, kind) if clause.key is None or clause.key in keys else []
            for clause, pattern in zip(self.clauses, self._patterns, strict=True)
        ]

    def page_spans(self, folded: str) -> list[list[Span]]:
        """Find each clause in the folded text of a page; misread where it does not stand as typed."""
        found = self.folded_spans(folded)
        for number, variant in enumerate(self._variants):
            if variant is not None and not found[number]:
                found[number] = [match.span() for match in variant.finditer(folded)]
        return found

    def _clause_spans(self, clause: Clause, pattern: re.Pattern[str] | None, folded: str, kind: str) -> list[Span]:
        if clause.stretch is not None:
            low, high = clause.stretch
            return (
                [(start, end) for start, end, day in dates_in(folded) if low <= day <= high] if kind == "date" else []
            )
        if pattern is None:
            return []
        spans = [match.span() for match in pattern.finditer(folded)]
        if clause.kind is Kind.WORD:
            if not spans and clause.typos:
                spans = _misspelt(folded, clause)
            if kind == "name":
                spans += pinyin_spans(folded, clause.text, prefix=clause.prefix)
        return spans


def _variant_pattern(clause: Clause) -> re.Pattern[str] | None:
    variants = variants_of(clause)
    return re.compile("|".join(map(_pattern, variants))) if variants else None


def _pattern(clause: Clause) -> str:
    if clause.by_grams:
        by_character = _IN_CODE.join(map(re.escape, clause.text))
        return f"{by_character}|{_date_pattern(clause.text)}" if _date_pattern(clause.text) else by_character
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
    """Give the pattern of a date as people write it, if the digits may be one."""
    if not re.fullmatch(r"(?:19|20)\d{4}(?:\d\d)?", code):
        return ""
    parts = [code[:4], *(f"0?{int(code[i : i + 2])}" for i in range(4, len(code), 2))]
    return r"(?:[-./ ]{1,2}|[年月])".join(parts) + "(?![0-9])"


def _misspelt(folded: str, clause: Clause) -> list[Span]:
    shortest = len(clause.text) - clause.typos
    longest = LONGEST_WORD if clause.prefix else len(clause.text) + clause.typos
    words = {word for word in _WORD.findall(folded) if shortest <= len(word) <= longest}
    found = {word for word in words if _is_close(word, clause)}
    return [match.span() for match in _WORD.finditer(folded) if match.group() in found] if found else []


def _is_close(word: str, clause: Clause) -> bool:
    lengths = {len(word)}
    if clause.prefix:
        lengths |= set(range(len(clause.text) - clause.typos, len(clause.text) + clause.typos + 1))
    return any(
        OSA.distance(word[:length], clause.text, score_cutoff=clause.typos) <= clause.typos
        for length in lengths
        if 0 < length <= len(word)
    )


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
