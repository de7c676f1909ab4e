"""Pairs in ruled tables: label cell and value cell side by side, a header row with values below, or both in one cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from ..vocabulary import Vocabulary, fold_label
from .captions import corner_captions
from .cells import Cell, CellFinder
from .free import pairs_in_line
from .labels import LIKELY, SURE, VALUE, ends_as_label, is_latin, is_remark, is_short, label_score
from .layout import BOXES, Piece
from .pair import Pair

__all__ = ["RuledPage", "Unit", "pairs_of_cell"]

_NUMBERED = re.compile(r"\*?\(?\d{1,2}[.)\u3001] ?[^\W\d]")
_NUMBER = re.compile(r"No\.")
_OPTION = re.compile("\\W*(?:其[他它]|[Oo]thers?|[□☑■])")
_QUESTION = re.compile(r"[?\uff1f]\s*$|是否|有无")
_SENTENCE = -2.0
_WORDS_OF_CAPTION = 5
_ANSWER_GAP = 0.5
_SAME_SIZE = 1.25
"""Lines of one text differ no more in height."""
_FEWEST_IN_TURN = 4
_SEVERAL_ROWS = 1.5
"""A cell higher than its neighbour by this factor reaches over several rows."""
_SAME_WIDTH = 0.3
"""How far the cells of one column differ in width, as a share."""


@dataclass(slots=True)
class Unit:
    """What one cell holds: pieces that are read as one text."""

    cell: Cell
    pieces: list[Piece]
    score: float = 0.0

    @property
    def text(self) -> str:
        """The pieces' characters in a row."""
        return "".join(piece.text for piece in self.pieces)


@dataclass
class RuledPage:
    """A page whose pieces are sorted into its cells.

    Attributes:
        pieces: All of its text.
        vocabulary: The labels that are known.
        finder: Finds its cells.
        units: What each cell holds.
        loose: What stands in none.
    """

    pieces: list[Piece]
    vocabulary: Vocabulary
    finder: CellFinder
    units: dict[Cell, Unit] = field(default_factory=dict)
    loose: list[Piece] = field(default_factory=list)


def pairs_of_cell(page: RuledPage, unit: Unit) -> list[Pair]:
    """The pairs whose label stands in this cell."""
    colons = [piece for piece in unit.pieces if _begins_pair(piece)]
    cornered = corner_captions(unit.cell, unit.pieces)
    if cornered:
        return [pair for caption, value in cornered for pair in _below_caption(caption, value, page.vocabulary)]
    right = page.finder.right_of(unit.cell)
    if not colons and right in page.units and _asks_choices(page, unit, page.units[right]):
        return [Pair(tuple(unit.pieces), _answer_in(page, page.units[right]))]
    captions = _captions(unit.pieces, page.vocabulary) if not colons else []
    if captions:
        return captions
    inside = pairs_in_line(unit.pieces, page.vocabulary, alone=True) if colons else []
    if inside:
        return inside
    if not colons and _labels_itself(page, unit):
        return [Pair((unit.pieces[0],), tuple(unit.pieces[1:]))]
    if _is_answer_in_turn(page, unit) or (unit.score < 0 and not _row_header(page, unit)):
        return []
    beside = page.units.get(right) if right else None
    if unit.score >= 0 and _heads_columns(page, unit):
        below = page.finder.below(unit.cell)
        figures = below in page.units and page.units[below].score <= VALUE
        column = _column(page, unit, over_figures=figures and is_latin(unit.text))
        if column or unit.score < SURE:
            return column
    if beside is not None and all(is_remark(piece.text) for piece in beside.pieces):
        return []
    if beside is not None and _is_label_of(page, unit, beside):
        own = _answer_in(page, beside)
        if not own and unit.score < LIKELY:
            return []
        return [Pair(tuple(unit.pieces), own or tuple(beside.pieces))]
    if unit.score >= LIKELY and (beside is None or beside.score >= LIKELY):
        return _column(page, unit)
    return []


def _asks_choices(page: RuledPage, unit: Unit, choices: Unit) -> bool:
    """Whether a cell is the question to the boxes to tick that are all its right neighbour holds, in however many words."""
    left = page.finder.left_of(unit.cell)
    before = page.units.get(left) if left else None
    if choices.pieces[0].text[0] not in BOXES or any(mark in unit.text for mark in BOXES):
        return False
    if choices.cell.height > _SEVERAL_ROWS * unit.cell.height or unit.cell.height > _SEVERAL_ROWS * choices.cell.height:
        return False
    asks = unit.score > VALUE or _QUESTION.search(unit.text) is not None
    return asks and (before is None or before.score < LIKELY)


def _answer_in(page: RuledPage, unit: Unit) -> tuple[Piece, ...]:
    """What a cell answers, up to the first label of its own, and the choices in the cells after it: one to a cell."""
    own = tuple(takewhile(lambda piece: not _begins_pair(piece) or _is_option(piece), unit.pieces))
    further: list[Piece] = []
    cell: Cell | None = unit.cell
    while len(own) == len(unit.pieces) and cell in page.units and page.units[cell].pieces[0].text[0] in BOXES:
        further += page.units[cell].pieces if cell != unit.cell else []
        cell = page.finder.right_of(cell)
    return (*own, *further)


def _begins_pair(piece: Piece) -> bool:
    """Whether a piece in a cell is a label by itself: with a colon, or the "No." of a number."""
    return ends_as_label(piece.text) or _NUMBER.fullmatch(piece.text) is not None


def _is_option(piece: Piece) -> bool:
    """Whether a piece with a colon is the last of several choices, which asks what else: "□其他："."""
    return _OPTION.match(piece.text) is not None


def _below_caption(caption: Piece, value: tuple[Piece, ...], vocabulary: Vocabulary) -> list[Pair]:
    """The pairs of what is written under a caption: its own, up to the first label with a colon, and those of such labels."""
    own = tuple(takewhile(lambda piece: not ends_as_label(piece.text), value))
    return [
        *([Pair((caption,), own)] if own else []),
        *pairs_in_line(value[len(own) :], vocabulary, alone=True),
    ]


def _captions(pieces: Sequence[Piece], vocabulary: Vocabulary) -> list[Pair]:
    """The pairs of a cell with numbered captions ("5. Place of birth"), each with what was written behind or below it."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        if _NUMBERED.match(piece.text):
            groups.append([piece])
        elif not groups:
            return []
        else:
            groups[-1].append(piece)
    pairs = []
    for caption, *after in groups:
        rest = [*_parted_translation(caption, after[0]), *after[1:]] if after else []
        translated = bool(rest) and _is_translation(rest[0], caption, alone=len(rest) == 1)
        value = rest[1:] if translated else rest
        if value and is_short(caption.text) and label_score(caption.text, vocabulary) > _SENTENCE:
            pairs.append(Pair((caption, rest[0]) if translated else (caption,), tuple(value)))
    return pairs


def _parted_translation(caption: Piece, below: Piece) -> list[Piece]:
    """A caption's translation and the answer behind it, where both stand in one line below an English caption: 职业 教师."""
    blank = below.text.find(" ")
    if blank < 0 or not is_latin(caption.text) or is_latin(below.text[:blank]):
        return [below]
    gap = below.glyphs[blank + 1].x0 - below.glyphs[blank - 1].x1
    halves = (below.part(0, blank), below.part(blank, len(below.glyphs)))
    return [half for half in halves if half is not None] if gap > _ANSWER_GAP * below.height else [below]


def _is_translation(piece: Piece, caption: Piece, *, alone: bool) -> bool:
    """Whether a caption goes on below in the other language.

    Args:
        alone: Nothing else follows: a few words then are more likely the answer.
    """
    below = 0 < piece.centre_y - caption.centre_y < 1.6 * caption.height
    if not below or abs(piece.x0 - caption.x0) > 2 * caption.height or is_latin(piece.text) == is_latin(caption.text):
        return False
    return not alone or len(piece.text.split()) >= _WORDS_OF_CAPTION


def _labels_itself(page: RuledPage, unit: Unit) -> bool:
    """Whether a small printed label stands above, or left of, what was written into the same cell."""
    first, rest = unit.pieces[0], unit.pieces[1:]
    if not rest or page.vocabulary.name_of(unit.text) is not None:
        return False
    known = page.vocabulary.name_of(first.text) is not None and not _is_wrapped(page, unit)
    return known and label_score("".join(p.text for p in rest), page.vocabulary) < LIKELY


def _is_wrapped(page: RuledPage, unit: Unit) -> bool:
    """Whether a cell holds one label on several lines, set alike, before a cell with its value."""
    first, second = unit.pieces[:2]
    aligned = abs(first.x0 - second.x0) < 0.5 * first.height and second.y0 > first.centre_y
    alike = aligned and max(first.height, second.height) < _SAME_SIZE * min(first.height, second.height)
    right = page.finder.right_of(unit.cell)
    if not alike or not is_short(unit.text) or right is None or right not in page.units:
        return False
    beside = page.units[right]
    return label_score(beside.text, page.vocabulary) < LIKELY and page.vocabulary.name_of(beside.pieces[0].text) is None


def _row_header(page: RuledPage, unit: Unit) -> bool:
    """A first cell of a row whose text alone says nothing: still a label when it is short and not a value."""
    return unit.score > -2 and page.finder.left_of(unit.cell) is None and is_short(unit.text)


def _is_label_of(page: RuledPage, unit: Unit, beside: Unit) -> bool:
    """Whether the right neighbour is the value of this cell."""
    after = page.finder.right_of(beside.cell)
    next_unit = page.units.get(after) if after else None
    if _names_paper(page, unit, beside) or _is_answer_in_turn(page, beside):
        return True
    if _labels_itself(page, beside):
        return False
    if beside.score >= SURE and not _stands_between(page, unit, beside, next_unit):
        return False
    if (
        unit.cell.height > _SEVERAL_ROWS * beside.cell.height
        and next_unit is not None
        and next_unit.cell.height < _SEVERAL_ROWS * beside.cell.height
        and (beside.score > max(-1.0, next_unit.score) or beside.score == next_unit.score)
    ):
        return False  # the heading of several rows, each with a label and a value of its own
    if not is_short(unit.text):
        return False
    if unit.score >= SURE:
        return beside.score < 3.0
    left = page.finder.left_of(unit.cell)
    before = page.units.get(left) if left else None
    taken = (
        before is not None
        and before.score > unit.score
        and before.score >= LIKELY
        and before.cell.height < 2 * unit.cell.height
    )
    if taken and unit.score < 2.0:
        return False
    if unit.score >= LIKELY:
        return beside.score < unit.score
    heads_rows = (
        before is not None and before.cell.height > _SEVERAL_ROWS * unit.cell.height and len(fold_label(unit.text)) > 1
    )
    return beside.score <= unit.score and (before is None or heads_rows or before.score < 0 or _is_taken(page, before))


def _names_paper(page: RuledPage, unit: Unit, beside: Unit) -> bool:
    """Whether a form asks which paper proves who somebody is, and the answer, an ID card, elsewhere labels its number."""
    asked, answered = (page.vocabulary.name_of(u.text) for u in (unit, beside))
    return asked == "id_type" and answered in ("id_number", "passport_number") and not ends_as_label(beside.text)


def _heads_columns(page: RuledPage, unit: Unit) -> bool:
    """Whether a cell stands in a header row: three or more cells, two thirds of them labels and none clearly a value."""
    row = [unit]
    for step in (page.finder.left_of, page.finder.right_of):
        cell = step(unit.cell)
        while cell is not None and abs(cell.height - unit.cell.height) <= 0.3 * unit.cell.height and len(row) < 30:
            if cell in page.units:
                row.append(page.units[cell])
            cell = step(cell)
    likely = sum(1 for other in row if other.score >= LIKELY)
    if len(row) < 3 or any(other.score < 0 for other in row):
        return False
    return 3 * likely >= 2 * len(row) or _values_below(page, row)


def _values_below(page: RuledPage, row: Sequence[Unit]) -> bool:
    """Whether what stands below most cells of a row can only be filled in."""
    below = [
        page.units[c]
        for unit in row
        if (c := page.finder.below(unit.cell)) in page.units
        and c is not None
        and abs(c.width - unit.cell.width) <= _SAME_WIDTH * unit.cell.width
    ]
    return 2 * len(below) > len(row) and 3 * sum(unit.score <= VALUE for unit in below) >= 2 * len(below)


def _is_answer_in_turn(page: RuledPage, unit: Unit) -> bool:
    """Whether a row holds labels and answers by turns, and this cell is an answer, whatever it looks like.

    So it is where every other cell looks like a label and, of those between, some can only be filled in and few look like labels:
    证件名称 | 身份证 | 证件号码 | 110101...
    """
    row = _row_around(page, unit.cell)
    asked, answered = row[::2], [page.units[cell] for cell in row[1::2] if cell in page.units]
    if len(row) < _FEWEST_IN_TURN or len(row) % 2 or not any(cell == unit.cell for cell in row[1::2]):
        return False
    labels = all(cell in page.units and page.units[cell].score >= LIKELY for cell in asked)
    likely = sum(each.score >= LIKELY for each in answered)
    values = any(each.score <= VALUE for each in answered)
    return labels and values and 2 * likely <= len(answered) and not any(ends_as_label(each.text) for each in answered)


def _row_around(page: RuledPage, cell: Cell) -> list[Cell]:
    """The cells of about the same height left and right of a cell, and itself, from the left."""
    row = [cell]
    for step, place in ((page.finder.left_of, 0), (page.finder.right_of, len(row))):
        beside = step(cell)
        while beside is not None and beside not in row and abs(beside.height - cell.height) <= 0.3 * cell.height:
            row.insert(place and len(row), beside)
            beside = step(beside)
    return row


def _is_taken(page: RuledPage, unit: Unit) -> bool:
    """Whether a cell is the value of the label left of it, so that what follows it is a label again."""
    left = page.finder.left_of(unit.cell)
    owner = page.units.get(left) if left else None
    if owner is None or owner.cell.height > _SEVERAL_ROWS * unit.cell.height:
        return False
    return owner.score >= 0 and _is_label_of(page, owner, unit)


def _stands_between(page: RuledPage, unit: Unit, beside: Unit, after: Unit | None) -> bool:
    """Whether a known label is filled in as a value (证件类型 | 身份证 | 证件号码 | ...): labels around it, a value beyond."""
    if unit.score < LIKELY or after is None or after.score < LIKELY or ends_as_label(beside.text):
        return False
    beyond = page.finder.right_of(after.cell)
    value = page.units.get(beyond) if beyond else None
    return value is not None and value.score < 0


def _in_columns(page: RuledPage, head: Cell, cell: Cell) -> bool:
    """Whether a cell below another has a neighbour of the same width: else its row is another's, and it may be a label there."""
    over, beside = page.finder.right_of(head), page.finder.right_of(cell)
    if over is None or beside is None:
        return over is beside or beside is None
    return abs(over.width - beside.width) <= _SAME_WIDTH * over.width


def _column(page: RuledPage, unit: Unit, *, over_figures: bool = False) -> list[Pair]:
    """A header cell with values in the cells below it, down to the next label or empty cell."""
    neighbours = [page.finder.left_of(unit.cell), page.finder.right_of(unit.cell)]
    beside_label = any(c in page.units and page.units[c].score >= LIKELY for c in neighbours if c is not None)
    if not (over_figures or beside_label):
        return []
    pairs: list[Pair] = []
    cell = page.finder.below(unit.cell)
    while cell is not None:
        below = page.units.get(cell)
        if below is None or below.score >= LIKELY or abs(cell.width - unit.cell.width) > _SAME_WIDTH * unit.cell.width:
            break
        if below.score > VALUE and not _in_columns(page, unit.cell, cell):
            break
        left = page.finder.left_of(cell)
        owner = page.units.get(left) if left else None
        if owner is not None and owner.score >= 2.0 and owner.score > unit.score and not pairs:
            break
        pairs.append(Pair(tuple(unit.pieces), tuple(below.pieces)))
        cell = page.finder.below(cell)
    return pairs
