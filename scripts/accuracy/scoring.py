"""Figures that say how well a page was read.

- **Character error rate**: characters wrong of the true ones, counted text by text: what was read inside a text's box is
  compared with it. Width forms are folded and white space is dropped; case counts.
- **Pair F1**: a pair is right where its key and its value are each alike to those of one true pair: four fifths of the
  characters or more, punctuation, marks and case aside. A true pair of several values is right with any of them or with
  all joined, or where what it means is known and was understood (the ticked one of several choices); naming more of them is
  neither right nor wrong.
- **Values right**: a value is right in itself where it is alike to that of a true pair that nothing else named (choices in any
  order), and the labels are alike, or one holds the other, or they differ in one character: half of a label on two lines, or two
  labels of one cell taken for one, does not make the value wrong.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from ocr import Extraction, Word

from .labelled import Box, LabelledPage, TruePair

ALIKE = 0.8
_ASIDE = re.compile(r"[\s:：_*.。,，、;；|□☐☑■❏√✓✔]+")
_BOXES = re.compile("[□☐■☑❏√✓✔]")
_LEAST_LABEL = 2
_BOX_MARGIN_PX = (4, 2)
_SAME_LINE = 0.6


@dataclass(frozen=True, slots=True)
class Character:
    """One character that was read, at the place that its share of the word's width gives it."""

    x: float
    y: float
    height: float
    text: str


@dataclass(frozen=True, slots=True)
class PairScore:
    """What became of the pairs of one page or many.

    Attributes:
        right: True pairs that were named.
        wrong: Named pairs that are not true.
        missed: True pairs that were not named.
    """

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: "PairScore") -> "PairScore":
        return PairScore(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)


@dataclass(frozen=True, slots=True)
class Judged:
    """One pair that was read, and whether it is right.

    Attributes:
        right: Whether label and value are those of a true pair.
        exact: Whether the value is the true one in every character that counts.
        value_right: Whether the value is right in itself.
    """

    extraction: Extraction
    right: bool
    exact: bool
    value_right: bool


def folded(text: str) -> str:
    """Return the text without white space and with one form of each character."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def comparable(text: str) -> str:
    """Return what is left of a key or a value for comparing."""
    return _ASIDE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def alike(one: str, other: str) -> bool:
    """Tell whether two comparable texts say the same but for a slip."""
    return bool(one and other) and Levenshtein.normalized_similarity(one, other) >= ALIKE


def character_errors(page: LabelledPage, words: Iterable[Word]) -> tuple[int, int]:
    """Return the characters that are wrong, and all true ones."""
    characters = [character for word in words for character in _characters(word)]
    wrong = total = 0
    for text in page.texts:
        truth = folded(text.text)
        read = _read_inside(text.box, characters)
        total += len(truth)
        wrong += min(len(truth), Levenshtein.distance(truth, read))
    return wrong, total


def _characters(word: Word) -> Iterator[Character]:
    text = folded(word.text)
    widths = [2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text]
    before = 0
    for character, width in zip(text, widths, strict=True):
        x = word.box.x0 + (before + width / 2) * word.box.width / sum(widths)
        yield Character(x, (word.box.y0 + word.box.y1) / 2, word.box.height, character)
        before += width


def _read_inside(box: Box, characters: Sequence[Character]) -> str:
    """Return the text of the characters in the box, line by line."""
    x0, y0, x1, y1 = box
    wide, high = _BOX_MARGIN_PX
    inside = [c for c in characters if x0 - wide <= c.x <= x1 + wide and y0 - high <= c.y <= y1 + high]
    lines: list[list[Character]] = []
    for character in sorted(inside, key=lambda c: c.y):
        if lines and character.y - lines[-1][-1].y < _SAME_LINE * character.height:
            lines[-1].append(character)
        else:
            lines.append([character])
    return "".join(c.text for line in lines for c in sorted(line, key=lambda c: c.x))


def judge(page: LabelledPage, extractions: Iterable[Extraction]) -> tuple[PairScore, list[Judged]]:
    """Compare the pairs that were read with the true ones.

    What names a true pair once more, or a printed line, is neither right nor wrong and is not among those judged.
    """
    printed = {comparable(line) for line in page.printed}
    left, served = list(page.pairs), list[TruePair]()
    judged: list[Judged] = []
    for extraction in extractions:
        if not folded(extraction.value):
            continue
        found = next((pair for pair in left if _fits(pair, extraction)), None)
        if found is not None:
            left.remove(found)
            served.append(found)
            judged.append(Judged(extraction, True, _is_exact(found, extraction), True))
        elif not (
            comparable(extraction.key + extraction.value) in printed or any(_fits(pair, extraction) for pair in served)
        ):
            judged.append(Judged(extraction, False, False, False))
    judged = [replace(each, value_right=each.right or _names_value(each.extraction, left)) for each in judged]
    wrong = sum(1 for each in judged if not each.right)
    return PairScore(len(served), wrong, len(left)), judged


def _names_value(extraction: Extraction, left: Iterable[TruePair]) -> bool:
    """Whether a pair that is not right has the value of one that nothing named, under nearly its label."""
    value, key = comparable(extraction.value), comparable(extraction.key)
    return any(
        _are_near(comparable(pair.key), key)
        and (
            any(alike(true, value) for true in _true_values(pair))
            or _choices("".join(pair.values)) == _choices(extraction.value) != [value]
        )
        for pair in left
    )


def _are_near(true: str, read: str) -> bool:
    """Whether one label holds the other, or they differ in a character; marks such as stars count nothing."""
    true, read = (re.sub(r"\W", "", label) for label in (true, read))
    if min(len(true), len(read)) < _LEAST_LABEL:
        return False
    return alike(true, read) or true in read or read in true or Levenshtein.distance(true, read) < _LEAST_LABEL


def _choices(text: str) -> list[str]:
    """The texts behind boxes to tick, in an order of their own."""
    return sorted(comparable(part) for part in _BOXES.split(text) if comparable(part))


def _true_values(pair: TruePair) -> set[str]:
    return {comparable(value) for value in (*pair.values, "".join(pair.values))}


def _means_the_same(pair: TruePair, extraction: Extraction) -> bool:
    return pair.normalised is not None and pair.normalised == extraction.normalised


def _is_exact(pair: TruePair, extraction: Extraction) -> bool:
    return _means_the_same(pair, extraction) or comparable(extraction.value) in _true_values(pair)


def _fits(pair: TruePair, extraction: Extraction) -> bool:
    if not alike(comparable(pair.key), comparable(extraction.key)):
        return False
    value = comparable(extraction.value)
    return _means_the_same(pair, extraction) or any(alike(true, value) for true in _true_values(pair))
