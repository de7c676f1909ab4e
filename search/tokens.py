"""Cuts folded text into the tokens that both engines keep and look up.

* Han characters stand one by one, so that a run of them is looked up as a phrase and any part of a name is found.
* Letters stand as words, digits as whole numbers.
* *Grams* make any part of a number or code findable, in any grouping: ``138-0013-8000`` is squeezed to
  ``13800138000`` and kept as ``138 380 800 001 ...``; ``0013`` is looked up as the phrase ``001 013``. Three digits are
  the shortest that tell anything, and a thousand different grams keep both the dictionary and the lists short.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from search.folding import CODE_POINTS, HAN, LONG, MASK, code_points

GRAM_LENGTH = 3
LONGEST_WORD = 40
"""Longer words are cut: they are encoded data, not words."""

LETTER = rf"[^\W\d_{HAN}]"
"""A letter of a script that writes words, as a regular expression on folded text."""

SEPARATORS = rf"[^\w{MASK}]*"
"""What may stand between two neighbouring tokens."""

TOKEN = re.compile(rf"[{HAN}]|[0-9]+|{LETTER}+|{MASK}+")
CODE_RUN = re.compile(r"[0-9a-z]+(?:(?:[-./·#]|(?<=[0-9])[ ()+-]{1,3}(?=[0-9])|(?<=[0-9])[年月](?=[0-9]))[0-9a-z]+)*")
_LOOSE_DATE = re.compile(
    # That no digit stands before is looked at behind the first two, so that a search goes from one to the next at once.
    r"((?:19|20)(?<![0-9]..)[0-9]{2})[-./年 ]{1,2}([0-9]{1,2})(?:[-./月 ]{1,2}([0-9]{1,2}))?(?![0-9])",
    re.DOTALL,
)
_MONTH_AND_DAY = re.compile(r"(0?[1-9]|1[0-2])月(0?[1-9]|[12][0-9]|3[01])")
_MASKS = re.compile(rf"{MASK}+")
_DIGIT = re.compile("[0-9]")
_HAN_CHARACTER = re.compile(f"[{HAN}]")
BETWEEN_WORDS = "_"
"""Stands between the words of a pair, and in no word."""

NOT_KEPT = re.compile(rf"(?:[^\w{HAN}{MASK}]|_)+")
"""What stands between tokens."""

_NOT_ALNUM = re.compile(rf"(?:[^\w{HAN}]|_)+")
_LETTER_ONLY = re.compile(LETTER)


class CharacterKind:
    """What a character of a folded text is: plain numbers, for arrays."""

    LEFT_OUT = 1
    MASKED = 2
    DIGIT = 3
    LETTER = 4
    HAN = 5


_KINDS = np.zeros(CODE_POINTS, dtype=np.uint8)
"""For each code point that was met what it is; 0 for all others."""


def tokens_of(folded: str) -> list[str]:
    """Cut folded text into tokens, in order; a run of concealed characters is the token ``MASK``."""
    if MASK in folded:
        folded = _MASKS.sub(MASK, folded)
    tokens: list[str] = TOKEN.findall(folded)
    is_cut = len(max(tokens, key=len, default="")) > LONGEST_WORD
    return [token[:LONGEST_WORD] for token in tokens] if is_cut else tokens


def squeeze(folded: str) -> str:
    """Keep only letters and digits: the form in which two groupings of a number are equal."""
    return _NOT_ALNUM.sub("", folded) if len(folded) < LONG else _selected(folded, CharacterKind.DIGIT)


def squeeze_around_masks(folded: str) -> str:
    """Keep only letters and digits, and what stands for concealed characters."""
    return NOT_KEPT.sub("", folded) if len(folded) < LONG else _selected(folded, CharacterKind.MASKED)


def _selected(folded: str, least: int) -> str:
    """Keep the characters of this kind and those behind it: as an array, which takes a quarter of a pattern's time."""
    codes, kinds = kinds_of(folded)
    selected: str = codes[kinds >= least].tobytes().decode("utf-32-le")
    return selected


def kinds_of(folded: str) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Give a folded text's characters and the kind of each, as arrays."""
    codes = code_points(folded)
    kinds = _KINDS[codes]
    if not kinds.all():
        for character in set(folded):
            _KINDS[ord(character)] = _kind_of(character)
        kinds = _KINDS[codes]
    return codes, kinds


def _kind_of(character: str) -> int:
    if is_han(character):
        return CharacterKind.HAN
    if character == MASK:
        return CharacterKind.MASKED
    if NOT_KEPT.match(character):
        return CharacterKind.LEFT_OUT
    return CharacterKind.LETTER if _LETTER_ONLY.match(character) else CharacterKind.DIGIT


def padded_date(folded: str) -> str | None:
    """Give a date's digits at full length (``1985年3月1日`` -> ``19850301``, ``1985-3`` -> ``198503``), else None."""
    match = _LOOSE_DATE.match(folded)
    if match is None or squeeze(folded[match.end() :]) not in ("", "日", "月", "号"):
        return None
    return _pad(match)


def padded_day(run: str) -> str | None:
    """Give month and day at full length (``3月5`` -> ``0305``), as they stand in a whole date; None for anything else."""
    match = _MONTH_AND_DAY.fullmatch(run)
    return match and match[1].zfill(2) + match[2].zfill(2)


def _pad(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    return year + month.zfill(2) + (day.zfill(2) if day else "")


def grams_of_code(code: str) -> list[str]:
    """Give the grams of a squeezed code; none where it is shorter than a gram."""
    return [code[i : i + GRAM_LENGTH] for i in range(len(code) - GRAM_LENGTH + 1)]


def grams_of(folded: str) -> list[str]:
    """Give the grams of every number and code in a folded text, ``MASK`` between them."""
    grams: list[str] = []
    for line in _lines_with_digits(folded):
        for code in _codes_in(line):
            if len(code) >= GRAM_LENGTH:
                grams.extend(grams_of_code(code))
                grams.append(MASK)
    return grams


def pairs_of(run: Sequence[str]) -> list[str]:
    """Give each of two or more Han characters, or words, side by side with the one behind it, as they are kept."""
    between = "" if is_han(run[0]) else BETWEEN_WORDS
    return [one + between + other for one, other in pairwise(run)]


def places_of_pairs(run: Sequence[str]) -> list[int]:
    """Tell which pairs of a run cover all of it: every other one, and the last."""
    return sorted({*range(0, len(run) - 1, 2), len(run) - 2})


def is_run(tokens: Sequence[str]) -> bool:
    """Tell whether tokens side by side are kept as pairs: two or more Han characters, or as many words."""
    return len(tokens) > 1 and (all(map(is_han, tokens)) or all(map(_is_word, tokens)))


def _is_word(token: str) -> bool:
    return not is_han(token) and not token[0].isdigit() and token[0] != MASK


def is_han(token: str) -> bool:
    """Tell whether a token is a Han character."""
    return _HAN_CHARACTER.fullmatch(token) is not None


def _lines_with_digits(folded: str) -> Iterator[str]:
    """Give the lines that may hold numbers and codes, none of which reaches over the end of a line."""
    end = 0
    while digit := _DIGIT.search(folded, end):
        start = folded.rfind("\n", end, digit.start()) + 1 or end
        end = folded.find("\n", digit.end())
        if end < 0:
            end = len(folded)
        yield folded[start:end]


def _codes_in(folded: str) -> Iterator[str]:
    for run in CODE_RUN.findall(folded):
        if not run.isalpha() and _DIGIT.search(run):
            yield padded_day(run) or (
                run if run.isalnum() and run.isascii() else squeeze(run.replace("年", "").replace("月", ""))
            )
    for match in _LOOSE_DATE.finditer(folded):
        yield _pad(match)
