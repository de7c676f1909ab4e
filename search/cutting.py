"""Cuts a folded text up for an index: its tokens, and what makes them quicker to find.

A long text is cut as an array of characters, in half the time; both ways give the same.
"""

import re
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.folding import HAN, LONG, MASK, code_points
from search.tokens import BETWEEN_WORDS, LETTER, LONGEST_WORD, NOT_KEPT, CharacterKind, kinds_of

_RUNS = re.compile(rf"([{HAN}]+)|([0-9]+)|({LETTER}+)|{MASK}+")
_GAPS = f"{MASK} {MASK} "
"""Two stand behind each run: pairs are looked up at every other place, which must not reach over its end."""

_GAPS_CODES = code_points(_GAPS)


class Cut(NamedTuple):
    """A folded text, cut up.

    Attributes:
        tokens: What ``tokens_of`` gives, separated by spaces.
        pairs: Each Han character with the one behind it, whatever stands between them, and each word with the next one;
            gaps behind each run. A run is looked up as every other pair of it: they have far fewer places than its
            single characters or words.
        beginnings: By which words and numbers are looked up while they are typed: a word's first letter, a number's first
            digit and its first two.
        squeezed: All of it but what stands between tokens.
    """

    tokens: str
    pairs: str
    beginnings: set[str]
    squeezed: str


def cut(folded: str) -> Cut:
    """Cut a folded text up."""
    return (_cut_as_array(folded) if len(folded) >= LONG else None) or _cut_by_tokens(folded)


def _cut_by_tokens(folded: str) -> Cut:
    if folded.isdecimal() and len(folded) <= LONGEST_WORD:
        return Cut(folded, "", {folded[:1], folded[:2]}, folded)
    tokens: list[str] = []
    runs: list[str] = []
    sequences: list[list[str]] = []
    beginnings: set[str] = set()
    last = ""
    for han, number, word in _RUNS.findall(folded):
        if han:
            tokens.extend(han)
            if last == "han":
                runs[-1] += han
            else:
                runs.append(han)
        elif word:
            tokens.append(word[:LONGEST_WORD])
            beginnings.add(word[0])
            if last != "word":
                sequences.append([])
            sequences[-1].append(tokens[-1])
        elif number:
            tokens.append(number[:LONGEST_WORD])
            beginnings.update((number[:1], number[:2]))
        else:
            tokens.append(MASK)
        last = "han" if han else "word" if word else ""
    pairs = [
        *(" ".join(map("".join, pairwise(run))) + " " + _GAPS for run in runs),
        *map(_pairs_of_words, sequences),
    ]
    return Cut(" ".join(tokens), "".join(pairs), beginnings, NOT_KEPT.sub("", folded))


def _pairs_of_words(words: list[str]) -> str:
    return " ".join(map(BETWEEN_WORDS.join, pairwise(words))) + " " + _GAPS if len(words) > 1 else ""


def _cut_as_array(folded: str) -> Cut | None:
    """Cut a long text up; None where one of its tokens has to be shortened, or there is none."""
    codes, kinds = kinds_of(folded)
    changes = np.ones(len(codes), dtype=bool)
    np.not_equal(kinds[1:], kinds[:-1], out=changes[1:])
    is_masked = kinds == CharacterKind.MASKED
    kept = ((kinds > CharacterKind.LEFT_OUT) & (changes | ~is_masked)).nonzero()[0]
    if not len(kept):
        return None
    is_han = kinds[kept] == CharacterKind.HAN
    begins = changes[kept] | is_han
    firsts = begins.nonzero()[0]
    bounds = np.empty(len(firsts) + 1, dtype=np.int64)
    bounds[:-1], bounds[-1] = firsts, len(kept)
    if (bounds[1:] - bounds[:-1]).max() > LONGEST_WORD:
        return None
    codes = codes[kept]
    squeezed = _text(codes)
    # A space behind each character that ends a token, and behind the others what is taken out again.
    spread = np.empty((len(kept), 2), dtype=np.uint32)
    spread[:, 0] = codes
    spread[:-1, 1] = begins[1:]
    spread[-1, 1] = 0
    spread[:, 1] *= ord(" ")
    kinds_of_tokens = kinds[kept][firsts]
    words, pairs_of_words = _words(squeezed, bounds, kinds_of_tokens)
    pairs = _pairs_of_han(codes, is_han) + pairs_of_words
    numbers = _between(squeezed, bounds, (kinds_of_tokens == CharacterKind.DIGIT).nonzero()[0])
    beginnings = {word[0] for word in words}.union(*((number[:1], number[:2]) for number in numbers))
    return Cut(_text(spread).replace("\0", ""), pairs, beginnings, squeezed)


def _pairs_of_han(codes: NDArray[np.uint32], is_han: NDArray[np.bool_]) -> str:
    places = is_han.nonzero()[0]
    behind = (places + 1) % len(codes)
    ends = ~is_han[behind] | (behind == 0)
    # Four characters for each: a pair and two spaces, or at the end of a run the gaps.
    written = np.empty((len(places), 4), dtype=np.uint32)
    written.fill(ord(" "))
    written[:, 0] = codes[places]
    written[:, 1] = codes[behind]
    written[ends] = _GAPS_CODES
    return _text(written)


def _words(squeezed: str, bounds: NDArray[np.int64], kinds: NDArray[np.uint8]) -> tuple[list[str], str]:
    """Give the words, and the pairs of those side by side."""
    numbers = (kinds == CharacterKind.LETTER).nonzero()[0]
    words = _between(squeezed, bounds, numbers)
    ends = ((numbers[1:] != numbers[:-1] + 1).nonzero()[0] + 1).tolist()
    sequences = (words[start:end] for start, end in pairwise([0, *ends, len(words)]))
    return words, "".join(map(_pairs_of_words, sequences))


def _between(squeezed: str, bounds: NDArray[np.int64], numbers: NDArray[np.int64]) -> list[str]:
    """Give the tokens of these numbers."""
    firsts, behind = bounds[numbers].tolist(), bounds[numbers + 1].tolist()
    return [squeezed[first:end] for first, end in zip(firsts, behind, strict=True)]


def _text(codes: NDArray[np.uint32]) -> str:
    return codes.tobytes().decode("utf-32-le")
