"""Pinyin of names: what people type when they know how a name sounds.

A name is findable by its syllables (``zhang san``), by the syllables together (``zhangsan``), by its initials
(``zs``), and by any part of these that starts at a syllable. Every reading of a character counts, the common ones
first: 曾 is *zeng* in a name though *ceng* elsewhere.
"""

import re
from functools import cache, lru_cache
from itertools import islice, product

import pypinyin

_LONGEST_JOINED = 4  # syllables; longer joined forms are kept from the start of the name only
_LONGEST_WHOLE = 12
_LONGEST_INITIALS = 6
_MOST_READINGS = 3
_MOST_COMBINATIONS = 16
_LONGEST_RUN = 40
_HAN_RUN = re.compile("[\u4e00-\u9fff]+")


@cache
def readings_of(character: str) -> tuple[str, ...]:
    """Give a Han character's readings without tones, the common first; empty for any other character."""
    if not _HAN_RUN.fullmatch(character):
        return ()
    found = pypinyin.pinyin(character, style=pypinyin.Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(found[0]))[:_MOST_READINGS] if found else ()


def pinyin_tokens(folded: str) -> list[str]:
    """Give everything by which the Han runs of a folded name can be typed in letters, each once."""
    return list(dict.fromkeys(token for run in _HAN_RUN.findall(folded) for token in _tokens_of(run)))


def first_letter_tokens(folded: str) -> list[str]:
    """Give one token for each letter with which a character of a folded name may sound; see ``beginning_token``."""
    letters = dict.fromkeys(letter for run in _HAN_RUN.findall(folded) for c in run for letter in _first_letters(c))
    return list(map(beginning_token, letters))


def beginning_token(beginning: str) -> str:
    """Give the token under which all that begins alike is found together; no sound and no word is written so."""
    return beginning + "0"


@lru_cache(maxsize=8192)
def _tokens_of(run: str) -> tuple[str, ...]:
    tokens: dict[str, None] = {}
    syllables = [readings_of(character) or (character,) for character in run[:_LONGEST_RUN]]
    for start in range(len(syllables)):
        longest = _LONGEST_WHOLE if start == 0 else max(_LONGEST_JOINED, _LONGEST_INITIALS)
        for end in range(start + 1, min(start + longest, len(syllables)) + 1):
            window = syllables[start:end]
            if end - start <= _LONGEST_JOINED or start == 0:
                tokens.update(dict.fromkeys(map("".join, islice(product(*window), _MOST_COMBINATIONS))))
            if 2 <= end - start <= _LONGEST_INITIALS or (start == 0 and end > 1):
                initials = [dict.fromkeys(reading[0] for reading in readings) for readings in window]
                tokens.update(dict.fromkeys(map("".join, islice(product(*initials), _MOST_COMBINATIONS))))
    return tuple(tokens)


@cache
def _first_letters(character: str) -> str:
    return "".join({reading[0] for reading in readings_of(character)})


@lru_cache(maxsize=8192)
def pinyin_spans(folded: str, typed: str, *, prefix: bool) -> tuple[tuple[int, int], ...]:
    """Find the Han characters that the typed letters stand for.

    Args:
        folded: A folded name.
        typed: Folded letters, at least one.
        prefix: Whether the last syllable may be unfinished.

    Returns: Spans of the folded name.
    """
    if folded.isascii():
        return ()
    spans = []
    for start, character in enumerate(folded):
        if typed[0] in _first_letters(character):
            end = _read(folded, start, typed, prefix) or _read_initials(folded, start, typed)
            if end is not None:
                spans.append((start, end))
    return tuple(spans)


def _read(folded: str, start: int, typed: str, prefix: bool) -> int | None:
    if not typed:
        return start
    if start == len(folded):
        return None
    for reading in readings_of(folded[start]):
        if typed.startswith(reading):
            end = _read(folded, start + 1, typed[len(reading) :], prefix)
            if end is not None:
                return end
        elif prefix and reading.startswith(typed):
            return start + 1
    return None


def _read_initials(folded: str, start: int, typed: str) -> int | None:
    end = start + len(typed)
    if len(typed) < 2 or end > len(folded):
        return None
    for letter, character in zip(typed, folded[start:end], strict=True):
        if not any(reading[0] == letter for reading in readings_of(character)):
            return None
    return end


def sort_key(folded: str) -> str:
    """Give the key by which names sort as in a Chinese telephone book: by sound, then by character."""
    return folded.strip()[:80] if folded.isascii() else "".join(map(_sorted_as, folded.strip()))[:80]


@cache
def _sorted_as(character: str) -> str:
    readings = readings_of(character)
    return f"{readings[0]} {character}" if readings else character
