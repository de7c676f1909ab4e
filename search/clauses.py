"""Reads the typed text as clauses. Everything that can be typed has a meaning; nothing is an error.

zhang san       two words, both wanted; the last may be unfinished
张三             Han characters in this order, side by side
138-0013        digits of a number or code, whatever the grouping
"exact phrase"  these tokens side by side
-word -"a b"    none of these
电话:138         within the value of this key or label only; a label may be of several words, date of birth:1983
agr* smith       the starred word is the unfinished one
2024-01..2024-06 a date within this stretch of time; also ..2023, 去年, last month
生日:1983..1985  this date within it; created:2024-01 is all of that month
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum, auto

from search.dates import STRETCH, Stretch, stretch_of
from search.folding import HAN, fold
from search.names import BUILT_IN_KEYS, MOMENTS, concept_of
from search.tokens import CODE_RUN, GRAM_LENGTH, LETTER, grams_of_code, padded_date, padded_day, squeeze, tokens_of

MOST_CLAUSES = 10
"""Demands beyond these are not looked at: Meilisearch reads ten, and no dossier is found better by more."""

LONGEST_QUERY = 1000
"""Characters of a query that are read."""

LONGEST_PHRASE = 48
"""Tokens of a phrase that are read."""


class Kind(Enum):
    """How a clause is looked up."""

    WORD = auto()
    """One word of letters: with typos, unfinished when last; in names by sound too."""
    PHRASE = auto()
    """Tokens side by side."""
    CODE = auto()
    """A part of a number or code, by its grams."""
    STRETCH = auto()
    """A date within a stretch of time."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One demand of the typed text.

    Attributes:
        kind: How it is looked up.
        tokens: The word, the phrase's tokens, or the code's grams. One whole number where the code is shorter. None of
            a stretch.
        text: The word, or the squeezed code; empty for a phrase.
        key: The concept it is bound to (see ``names``); None for anywhere.
        negated: Whether dossiers that meet it are left out.
        prefix: Whether the last token may be unfinished.
        stretch: The stretch of time, see ``dates``.
        forgiving: Whether more typos than usual are forgiven, in sounds too: for the search for a better spelling.
    """

    kind: Kind
    tokens: tuple[str, ...]
    text: str = ""
    key: str | None = None
    negated: bool = False
    prefix: bool = False
    stretch: Stretch | None = None
    forgiving: bool = False

    @property
    def by_grams(self) -> bool:
        """Whether the tokens are grams."""
        return self.kind is Kind.CODE and len(self.text) >= GRAM_LENGTH

    @property
    def typos(self) -> int:
        """How many typos are forgiven: one from five letters, two from nine, none within a key or an exclusion."""
        if self.kind is not Kind.WORD or self.key is not None or self.negated or not self.text.isalpha():
            return 0
        if self.forgiving:
            return 2 if len(self.text) >= 4 else 1
        return 2 if len(self.text) >= 9 else 1 if len(self.text) >= 5 else 0


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A typed text, read.

    Attributes:
        clauses: Its demands, in the order typed.
        whole: All of it squeezed: what equals a whole number or name ranks first; empty with keys or exclusions.
    """

    clauses: tuple[Clause, ...]
    whole: str

    @property
    def wanted(self) -> tuple[Clause, ...]:
        """The clauses that must be met."""
        return tuple(clause for clause in self.clauses if not clause.negated)

    @property
    def unwanted(self) -> tuple[Clause, ...]:
        """The clauses that must not be met."""
        return tuple(clause for clause in self.clauses if clause.negated)


EVERYTHING = ParsedText((), "")
"""What an empty text demands."""

_PART = re.compile(
    rf"""(?P<minus>(?<!\S)-(?=\S))?          # an exclusion starts a word
        (?:(?P<key>[^\s":*-][^\s":]{{0,39}}):\s*(?=[^\s:/]))?   # key: and something after it; not http://
        (?:(?P<stretch>{STRETCH.replace(" ", "[ ]")})(?![^\s])|"(?P<quoted>[^"]*)(?:"|$)|(?P<plain>[^\s"]+))""",
    re.VERBOSE,
)
_SPELLED_OUT = re.compile(r"(?<!\S)-?(?:[a-z][a-z.-]* +){1,3}[a-z][a-z.-]*(?=:\s*[^\s:/])")
_PIECE = re.compile(rf"(?P<run>{CODE_RUN.pattern})|(?P<han>[{HAN}]+)|(?P<word>{LETTER}+)")
_DAY_SIGN = re.compile(r"(?<=[0-9]月)([0-9]{1,2})[日号]")
_YEAR_SIGN = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年(?!\S)")
_DIALLED_ABROAD = re.compile(r"(?<!\S)[+][0-9]{1,3}\s+(?=[0-9(])")
_TRUNK_ZERO = re.compile(r"^0(?=[1-9][0-9]{8,10}$)")
_COUNTRY_CODE = re.compile(r"^(?:00)?86(?=1[3-9]\d{9}$)")


def parse(
    text: str, is_key: Callable[[str], bool] = lambda _concept: False, *, today: date | None = None
) -> ParsedText:
    """Read a typed text.

    Args:
        text: As typed.
        is_key: Tells whether the index has values of a concept; ``name:value`` is plain text where it has none.
        today: The day from which 去年 and the like are counted; None for this machine's.
    """

    def is_known(concept: str) -> bool:
        return concept in BUILT_IN_KEYS.values() or is_key(concept)

    folded = _DIALLED_ABROAD.sub("", _DAY_SIGN.sub(r"\1", _YEAR_SIGN.sub(r"\1", fold(text[:LONGEST_QUERY]))))
    folded = _with_labels_joined(folded, is_known)
    clauses: list[Clause] = []
    for part in _PART.finditer(folded):
        concept = concept_of(part["key"]) if part["key"] is not None else None
        read = _read(part, concept, today or datetime.now().astimezone().date())
        if concept is not None and not is_known(concept):
            concept, read = None, _read_plain(part["key"]) + read
        if part["minus"] is not None and len(read) > 1:
            # What was typed as one is left out as one: -3号楼 is not every dossier with a 3.
            read = _read_quoted(part.group()) if concept is None else _read_quoted(part["quoted"] or part["plain"])
        clauses.extend(replace(clause, key=concept, negated=part["minus"] is not None) for clause in read)
    wanted = [clause for clause in clauses if not clause.negated]
    unwanted = [clause for clause in clauses if clause.negated]
    if wanted:
        wanted = _with_one_unfinished(wanted, ends=wanted[-1] is clauses[-1] and not folded.endswith((" ", '"')))
    plain = not unwanted and all(clause.key is None and clause.stretch is None for clause in wanted)
    return ParsedText((*wanted[:MOST_CLAUSES], *unwanted[:MOST_CLAUSES]), _whole(folded) if plain else "")


def _with_labels_joined(folded: str, is_known: Callable[[str], bool]) -> str:
    """Write a label of several words before a colon as one, so that it is read as a key: date of birth:1983."""

    def joined(found: re.Match[str]) -> str:
        words = found.group().split()
        if folded.count('"', 0, found.start()) % 2:
            return found.group()
        for first in range(len(words) - 1):
            label = "".join(words[first:])
            if is_known(concept_of(label)):
                return " ".join([*words[:first], label])
        return found.group()

    return _SPELLED_OUT.sub(joined, folded)


def _with_one_unfinished(wanted: list[Clause], *, ends: bool) -> list[Clause]:
    """Let the last starred word be unfinished, or the last word of all where the text ends with it."""
    starred = [number for number, clause in enumerate(wanted) if clause.prefix]
    last = len(wanted) - 1
    unfinished = starred[-1] if starred else last if ends and _may_be_unfinished(wanted[last]) else None
    return [replace(clause, prefix=number == unfinished) for number, clause in enumerate(wanted)]


def _may_be_unfinished(clause: Clause) -> bool:
    return clause.kind is Kind.WORD or (clause.kind is Kind.CODE and not clause.by_grams)


def _read(part: re.Match[str], concept: str | None, today: date) -> list[Clause]:
    if concept in MOMENTS and part["plain"] is not None:
        # The whole of the day, month or year that is typed.
        stretch = stretch_of(f"{part['plain']}..{part['plain']}", today)
        if stretch is not None:
            return [Clause(Kind.STRETCH, (), stretch=stretch)]
    if part["stretch"] is not None:
        stretch = stretch_of(part["stretch"], today)
        return _read_plain(part["stretch"]) if stretch is None else [Clause(Kind.STRETCH, (), stretch=stretch)]
    return _read_quoted(part["quoted"]) if part["quoted"] is not None else _read_plain(part["plain"])


def _whole(folded: str) -> str:
    return padded_date(folded.strip()) or _COUNTRY_CODE.sub("", squeeze(folded))


def _read_quoted(body: str) -> list[Clause]:
    tokens = tuple(tokens_of(body))[:LONGEST_PHRASE]
    if len(tokens) == 1 and tokens[0].isdigit():
        return [_code(body)]
    return [Clause(Kind.PHRASE, tokens)] if tokens else []


def _read_plain(body: str) -> list[Clause]:
    clauses: list[Clause] = []
    for piece in _PIECE.finditer(body):
        found = piece.group()
        before = len(clauses)
        if piece.lastgroup == "run" and any(character.isdigit() for character in found):
            clauses.append(_code(found))
        elif piece.lastgroup == "han":
            clauses.append(Clause(Kind.PHRASE, tuple(found)[:LONGEST_PHRASE]))
        else:
            clauses.extend(Clause(Kind.WORD, (word,), text=word) for word in tokens_of(found))
        if body[piece.end() : piece.end() + 1] == "*" and len(clauses) > before and _may_be_unfinished(clauses[-1]):
            clauses[-1] = replace(clauses[-1], prefix=True)
    return clauses


def _code(found: str) -> Clause:
    code = (
        padded_date(found)
        or padded_day(found)
        or _COUNTRY_CODE.sub("", squeeze(found.translate({ord(c): None for c in "年月日"})))
    )
    # A number may be kept as it is dialled from abroad: without the zero before the area.
    code = _TRUNK_ZERO.sub("", code)[:LONGEST_PHRASE]
    if len(code) >= GRAM_LENGTH:
        return Clause(Kind.CODE, tuple(grams_of_code(code)), text=code)
    return Clause(Kind.CODE, tuple(tokens_of(found)), text=code)
