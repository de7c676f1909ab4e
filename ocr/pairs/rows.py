"""Rows of words in Latin letters without a colon: "Method of payment   cheque", "Length   99 mm   97 mm".

English forms often set a label apart from its value by nothing but a gap. What is the label is told by the places: it is short,
it begins its row or follows a value, and something not too far stands right of it.
"""

import re
from collections.abc import Iterable, Sequence

from ..image.rulings import Segment
from ..vocabulary import Vocabulary
from .blanks import crosses_empty_line
from .labels import ends_as_label, is_latin, is_remark, is_value_like, label_score
from .layout import Piece, level
from .lines import continued

__all__ = ["row_pairs", "rows_of", "split_where_case_turns"]

_MOST_WORDS = 8
_FARTHEST_HEIGHTS = 25.0
_ONE_VALUE_HEIGHTS = 1.6
"""What stands nearer than this many line heights belongs to one value: a number and its unit."""
_NEXT_COLUMN_HEIGHTS = 8.0
_LABEL_LIKE = 2.0
_ITEM = re.compile(r"^(?:[-\u2013\u2022\u00b7*]|[(]?\w{1,2}[.)])\s*\w")
"""The mark or number of an item: it labels what follows."""
_LOWER = re.compile("[a-z]{2}")
_WORDS_OF_LABEL = 3
_LEAST_LETTERS = 3
_SENTENCE = re.compile(r"[a-z]{3}[.;!]$|[.;!] \w|, \w+ \w+ \w+")
_GLUED = (
    re.compile(r"(?<=[A-Z]{3})(?=[A-Z][a-z]{2})"),
    re.compile(r"(?<=[a-z.]\))(?=[A-Z0-9])"),
)
_NUMBER_WORD = re.compile(r"^(?:[A-Za-z]+ ){0,3}(?:No|Nos|Number)\b\.?(?= *\d[\w/-]*$)", re.IGNORECASE)
_NUMBER_AFTER = re.compile(r"(?<=\d) +(?=No\.? ?\d[\w/-]*$)", re.IGNORECASE)
"""Where a number's "No." follows a date or another number in one run."""
_ASKS_NUMBER = re.compile(r"\b(?:No|Nos|Number)\.?$", re.IGNORECASE)
_WORD_BETWEEN_DATES = re.compile(r"(?<=\d) +(?=[A-Z][A-Za-z]{3,} +\d+/\d+)")
_WORD_BEFORE_DATE = re.compile(r"^[A-Z][A-Za-z]{3,}(?= +\d{1,2}/\d{1,2}/\d{2,4}$)")
_LEADERS = re.compile(r"\s*(?:[.\u00b7] ?){4,}\s*|\s*\u2026+\s*")
"""Dots that lead from a label to its value."""
_MARK = re.compile(r"[.\s\u2026\u00b7]*[(\[]\s*(?=[xX\u00d7\u2713\u221a]\s*[)\]]$)")
"""What stands before a mark in brackets."""
_CAPITALS_THEN_WORDS = re.compile(r"^[A-Z][A-Z&/()'# -]{6,}[A-Z)#](?= +[A-Z0-9]?[a-z]{2,})")
_LEAST_HEAD = 8
_TURNS = (_NUMBER_WORD.match, _NUMBER_AFTER.search, _WORD_BETWEEN_DATES.search, _WORD_BEFORE_DATE.match)

Row = list[Piece]


def split_where_case_turns(piece: Piece) -> list[Piece]:
    """A run in Latin letters parted where a label in capitals runs into a value that is not, a bracket into
    a value, or "No." into a number.
    """
    text = piece.text
    if not is_latin(text) or ends_as_label(text):
        return [piece]
    if mark := _MARK.match(text):
        return [part for part in (piece.part(mark.end(), mark.end() + 1),) if part is not None]
    if (leaders := _LEADERS.search(text)) and leaders.start():
        halves = (piece.part(0, leaders.start()), piece.part(leaders.end(), len(text)))
        return [part for half in halves if half is not None for part in split_where_case_turns(half)]
    places = [m.start() for pattern in _GLUED if (m := pattern.search(text))]
    places += [m.end() for m in [_CAPITALS_THEN_WORDS.match(text)] if m]
    places = [place for place in places if sum(c.isalpha() for c in text[:place]) >= _LEAST_HEAD]
    places += [m.end() for pattern in _TURNS if (m := pattern(text))]
    place = min(places, default=None)
    if place is None or len(text[:place].split()) > _MOST_WORDS:
        return [piece]
    halves = (piece.part(0, place), piece.part(place, len(text)))
    return [part for half in halves if half is not None for part in split_where_case_turns(half)]


def row_pairs(
    pieces: Sequence[Piece], vocabulary: Vocabulary, used: Iterable[int], blanks: Sequence[Segment]
) -> list[tuple[Piece, tuple[Piece, ...]]]:
    """Labels and values that stand in rows without a colon.

    Args:
        pieces: What stands free on the page.
        vocabulary: The labels that are known.
        used: Identities of the pieces that belong to a pair already; a row ends, and begins anew, at each.
        blanks: The page's lines to write on: an empty one says that the label before it has no value.

    Returns: Labels with their values; a label before several columns of values comes once with each.
    """
    taken = set(used)
    pairs: list[tuple[Piece, tuple[Piece, ...]]] = []
    for row in rows_of(pieces):
        stretch: Row = []
        for piece in [*row, None]:
            if piece is not None and id(piece) not in taken:
                stretch.append(piece)
                continue
            found = _pairs_of_row(stretch, vocabulary)
            found = [(a, b) for a, b in found if not crosses_empty_line(a, b[0], blanks, pieces)]
            taken |= {id(p) for label, value in found for p in (label, *value)}
            for label, value in found:
                more = _further_lines(label, value, found, pieces, taken)
                taken |= {id(p) for p in more}
                pairs.append((label, (*value, *more)))
            stretch = []
    return pairs


def _further_lines(
    label: Piece,
    value: Sequence[Piece],
    row: Sequence[tuple[Piece, Sequence[Piece]]],
    pieces: Sequence[Piece],
    taken: set[int],
) -> list[Piece]:
    """The lines on which words, and not figures, go on below; none where the label has several columns of values."""
    if sum(other is label for other, _ in row) > 1 or any(is_value_like(piece.text) for piece in value):
        return []
    colons = [piece for piece in pieces if ends_as_label(piece.text)]
    return continued(list(value), label, pieces, colons, taken)


def rows_of(pieces: Sequence[Piece]) -> list[Row]:
    """Pieces row by row from the top, each row from the left."""
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda p: p.centre_y):
        home = next((row for row in reversed(rows[-3:]) if all(level(piece, other) for other in row)), None)
        if home is None:
            rows.append([piece])
        else:
            home.append(piece)
    return [sorted(row, key=lambda p: p.x0) for row in rows]


def _pairs_of_row(row: Row, vocabulary: Vocabulary) -> list[tuple[Piece, tuple[Piece, ...]]]:
    pairs: list[tuple[Piece, tuple[Piece, ...]]] = []
    label: Piece | None = None
    at = 0
    while at < len(row):
        piece = row[at]
        if label is None:
            label = piece if _can_be_label(piece, vocabulary) else None
            at += 1
            continue
        value = _value_from(row, at)
        at += len(value)
        first = pairs[-1][1] if pairs and pairs[-1][0] is label else None
        if _is_next_label(value, vocabulary) or not _belongs(label, first, value, vocabulary):
            if _ASKS_NUMBER.search(value[0].text):
                label, at = value[0], at - len(value) + 1
            else:
                label = value[-1] if _can_be_label(value[-1], vocabulary) else None
            continue
        pairs.append((label, tuple(value)))
    return pairs


def _belongs(label: Piece, first: Sequence[Piece] | None, value: Sequence[Piece], vocabulary: Vocabulary) -> bool:
    """Whether a value is the label's: its first, or, in a further column, one of the same sort.

    Words in capitals after words in capitals are as likely a list or a heading as a label and its value.
    """
    text = "".join(piece.text for piece in value)
    if not any(c.isalnum() for c in text) or is_remark(text):
        return False
    if first is not None:
        alike = is_value_like(value[0].text) == is_value_like(first[0].text)
        return alike and value[0].x0 - first[-1].x1 <= _NEXT_COLUMN_HEIGHTS * label.height
    if value[0].x0 - label.x1 > _FARTHEST_HEIGHTS * label.height:
        return False
    if _LOWER.match(label.text) and len(label.text.split()) > _WORDS_OF_LABEL and not is_value_like(text):
        return False
    if _LOWER.match(text) and len(label.text.split()) >= _WORDS_OF_LABEL:
        return False  # the rest of a sentence
    if is_value_like(text) or label_score(label.text, vocabulary) >= _LABEL_LIKE - 0.5 or _ITEM.match(label.text):
        return True
    return not (label.text.isupper() and text.isupper())


def _value_from(row: Row, start: int) -> list[Piece]:
    value = [row[start]]
    for piece in row[start + 1 :]:
        if piece.x0 - value[-1].x1 > _ONE_VALUE_HEIGHTS * value[-1].height:
            break
        value.append(piece)
    return value


def _can_be_label(piece: Piece, vocabulary: Vocabulary) -> bool:
    text = piece.text
    return (
        is_latin(text)
        and not is_value_like(text)
        and sum(c.isalpha() for c in text) >= _LEAST_LETTERS
        and len(text.split()) <= _MOST_WORDS
        and not _SENTENCE.search(text)
        and label_score(text, vocabulary) >= 0
    )


def _is_next_label(value: Sequence[Piece], vocabulary: Vocabulary) -> bool:
    """Whether what stands in the place of a value is itself a label."""
    asks_number = len(value) > 1 and _ASKS_NUMBER.search(value[0].text) is not None
    return asks_number or label_score("".join(piece.text for piece in value), vocabulary) >= _LABEL_LIKE
