"""Finds the nearest spelling that finds something, where what was typed finds nothing.

Candidates are read from dossiers that the reader may see, in their visible texts, and each is tried before it is
offered. So nothing is offered that the reader could not have found.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from rapidfuzz.distance import OSA

from search.clauses import Clause, Kind, ParsedText
from search.concealment import Concealment
from search.entry import IndexEntry
from search.folding import fold, fold_each, fold_with_offsets, original_span
from search.hits import visible_parts
from search.matching import Matcher
from search.pinyin import pinyin_spans, pinyin_tokens, readings_of
from search.query import Scope
from search.reader import IndexReader
from search.tokens import GRAM_LENGTH, LETTER, grams_of_code, squeeze

_LOOKED_AT = 30
"""Dossiers that are read for one way of looking."""

_TRIED = 4
"""Candidates that are tried for each clause, the nearest first."""

_WORD = re.compile(rf"{LETTER}{{2,}}")
_MOST_SOUNDS = 4
_LONGEST_CORRECTED = 24
_LONGEST_CODE = 100  # characters of a text that may be nothing but a number, with all that stands between its digits


@dataclass(frozen=True, slots=True)
class _Text:
    folded: str
    is_name: bool
    weight: int  # how much a spelling that stands here tells


def nearest_spelling(reader: IndexReader, text: str, parsed: ParsedText, scope: Scope) -> str | None:
    """Give the text with the clauses that find nothing put right, if it then finds something.

    Args:
        reader: The index within the reader's scope and filters.
        text: As typed.
        parsed: The same, read; it finds nothing.
        scope: The reader's rights.
    """
    if '"' in fold(text):
        return None  # what stands in quotation marks is meant as it stands
    several = len(parsed.wanted) > 1
    wrong = [clause for clause in parsed.wanted if not (several and reader.total(ParsedText((clause,), "")))]
    corrected: str | None = None
    # From the back, so that the places of the others in the text stay.
    for clause in reversed(wrong):
        before = text if corrected is None else corrected
        place = _place_of(clause, before)
        if place is None:
            return None
        spellings = ((each, before[: place[0]] + each + before[place[1] :]) for each in _nearest(reader, clause, scope))
        # The first ones only have to find something; with the last one all of it must.
        corrected = next(
            (whole for each, whole in spellings if reader.total(reader.parse(whole if clause is wrong[0] else each))),
            None,
        )
        if corrected is None:
            return None
    return corrected


def _place_of(clause: Clause, text: str) -> tuple[int, int] | None:
    folded, offsets = fold_with_offsets(text)
    (spans,) = Matcher([replace(clause, key=None)]).folded_spans(folded)
    return original_span(offsets, *spans[-1]) if spans else None


def _nearest(reader: IndexReader, clause: Clause, scope: Scope) -> list[str]:
    """Give a few spellings that are near to a clause, the nearest first."""
    size = len(clause.text) if clause.text else len(clause.tokens)
    if not 2 <= size <= _LONGEST_CORRECTED:
        return []
    candidates: Counter[str] = Counter()
    distances: dict[str, int] = {}
    for wider, called in _wider(clause):
        texts = [
            seen
            for entry in reader.entries(wider, _LOOKED_AT, called=called)
            for seen in _texts(entry, scope, longest=_LONGEST_CODE if clause.by_grams else None)
        ]
        for candidate, distance, weight in _candidates(clause, texts):
            candidates[candidate] += weight
            distances[candidate] = min(distance, distances.get(candidate, distance))
        if candidates:
            break
    return sorted(candidates, key=lambda candidate: (distances[candidate], -candidates[candidate], candidate))[:_TRIED]


def _wider(clause: Clause) -> Iterator[tuple[list[Clause], bool]]:
    """Give wider demands that dossiers with a better spelling meet, the narrowest first, and whether to look for them
    only in what dossiers are called by.
    """
    loose = replace(clause, prefix=False, forgiving=True)
    if clause.kind is Kind.WORD:
        yield [loose], False
        if len(clause.text) >= 4:
            for word in _swapped(clause.text):
                yield [replace(loose, text=word, tokens=(word,))], False
            begun = clause.text[: len(clause.text) // 2]
            yield [replace(clause, text=begun, tokens=(begun,), prefix=True)], False
    elif clause.by_grams:
        half = len(clause.text) // 2
        for part in (clause.text[:half], clause.text[half:]):
            if len(part) >= GRAM_LENGTH:
                yield [replace(loose, text=part, tokens=tuple(grams_of_code(part)))], False
    elif all(readings_of(token) for token in clause.tokens):
        for sound in _sounds(clause.tokens):
            yield [replace(loose, kind=Kind.WORD, text=sound, tokens=(sound,), forgiving=False)], True
        if len(clause.tokens) >= 3:
            for wrong in range(len(clause.tokens)):
                around = (clause.tokens[:wrong], clause.tokens[wrong + 1 :])
                yield [replace(loose, tokens=tokens) for tokens in around if tokens], False


def _swapped(word: str) -> list[str]:
    """Give the word with each two neighbouring letters exchanged, which engines count as one typo or as two."""
    return [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1) if word[i] != word[i + 1]]


def _sounds(tokens: Iterable[str]) -> list[str]:
    return list(map("".join, islice(product(*map(readings_of, tokens)), _MOST_SOUNDS)))


def _texts(entry: IndexEntry, scope: Scope, *, longest: int | None) -> Iterator[_Text]:
    """Give what a reader sees of an entry; ``longest``: leave out texts of more characters."""
    concealment = None if scope.may_reveal else Concealment(entry)
    parts = [part for part in visible_parts(entry, concealment) if longest is None or len(part.text) <= longest]
    for part, folded in zip(parts, fold_each([part.text for part in parts]), strict=True):
        yield _Text(folded, part.kind == "name", 3 if part.kind in ("name", "code") else 2)
    for page in entry.pages:
        if longest is None or len(page.text) <= longest:
            yield _Text(fold(page.text if concealment is None else concealment.concealed(page.text)), False, 1)


def _candidates(clause: Clause, texts: Sequence[_Text]) -> Iterator[tuple[str, int, int]]:
    """Give spellings in some texts that are near to the clause, with their distance and how much each tells."""
    size = len(clause.text)
    weights: Counter[str] = Counter()
    if clause.kind is Kind.WORD:
        bound = 2 if size >= 4 else 1
        for seen in texts:
            words = {word for word in _WORD.findall(seen.folded) if abs(len(word) - size) <= bound}
            for word in words.union(pinyin_tokens(seen.folded)) if seen.is_name else words:
                weights[word] += seen.weight
        yield from _near(weights, clause.text, bound)
    elif clause.by_grams:
        for seen in texts:
            code = squeeze(seen.folded[:_LONGEST_CODE])
            if len(seen.folded) <= _LONGEST_CODE and size <= len(code) + 1 <= 2 * _LONGEST_CORRECTED + 1:
                parts = {code} if len(code) <= size + 1 else {code[i : i + size] for i in range(len(code) - size + 1)}
                for part in parts:
                    weights[part] += seen.weight
        yield from _near(weights, clause.text, 1)
    else:
        for seen in texts:
            for candidate, distance in _near_han(clause.tokens, seen):
                yield candidate, distance, seen.weight


def _near(weights: Mapping[str, int], typed: str, bound: int) -> Iterator[tuple[str, int, int]]:
    for word, weight in weights.items():
        distance = OSA.distance(word, typed, score_cutoff=bound)
        if 0 < distance <= bound:
            yield word, distance, weight


def _near_han(tokens: tuple[str, ...], seen: _Text) -> Iterator[tuple[str, int]]:
    """Give runs that sound the same, and those that differ in one character."""
    typed = "".join(tokens)
    if seen.is_name:
        for sound in _sounds(tokens):
            for start, end in pinyin_spans(seen.folded, sound, prefix=False):
                if seen.folded[start:end] != typed and end - start == len(tokens):
                    yield seen.folded[start:end], 1
    if len(tokens) >= 3:
        for candidate in _with_one_other(typed, seen.folded):
            yield candidate, 2


def _with_one_other(typed: str, folded: str) -> Iterator[str]:
    """Give each stretch of a text that differs from a run in one character: one half of it stands there as typed."""
    half = len(typed) // 2
    for offset, part in ((0, typed[:half]), (half, typed[half:])):
        at = folded.find(part)
        while at >= 0:
            start = at - offset
            candidate = folded[start : start + len(typed)] if start >= 0 else ""
            differing = [c for c, wanted in zip(candidate, typed, strict=False) if c != wanted]
            if len(candidate) == len(typed) and len(differing) == 1 and differing[0].isalpha():
                yield candidate
            at = folded.find(part, at + 1)
