"""Key-value pairs from what a page shows.

Forms say what belongs together in few ways, and each has its rule here:

- a colon: "姓名:张三", several in one line, the value beside the colon or on the next line;
- a ruled table: label cell and value cell side by side, a header row with values below, or both in one cell;
- neither: a known label and what stands right beside it, or below it.

What is a label is told by the vocabulary first, then by the colon, then by how the text looks (``labels.label_score``) against
its neighbours: in a ruled row, the likelier label of two is the label.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .cells import Cell, CellFinder
from .labels import COLON, ends_as_label, is_value_like, label_score
from .layout import Piece, reading_order, same_line
from .rows import is_latin, level, row_pairs, split_where_case_turns
from .rulings import Rulings
from .values import Kind
from .vocabulary import Vocabulary

__all__ = ["Pair", "find_pairs", "parted"]

_LONGEST_LABEL = 42
_LONGEST_HAN_LABEL = 22
_WIDE_SHARE = 0.7
_SURE = 4.0
_LIKELY = 1.0
_VALUE = -3.0
_CLOCK = re.compile("[0-9][:\uff1a][0-9]|//|https?[:\uff1a]$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and the value that belongs to it.

    Attributes:
        key: The label's pieces, from the first line to the last.
        value: The value's pieces.
        by_place_alone: Whether nothing but their places says that the two belong together: no colon, no ruling line, and no
            label that is known.
    """

    key: tuple[Piece, ...]
    value: tuple[Piece, ...]
    by_place_alone: bool = False


@dataclass(slots=True)
class _Unit:
    """What one cell holds: pieces that are read as one text."""

    cell: Cell
    pieces: list[Piece]
    score: float = 0.0

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass
class _Page:
    pieces: list[Piece]
    vocabulary: Vocabulary
    finder: CellFinder
    units: dict[Cell, _Unit] = field(default_factory=dict)
    loose: list[Piece] = field(default_factory=list)


def find_pairs(pieces: Sequence[Piece], rulings: Rulings, vocabulary: Vocabulary) -> list[Pair]:
    """Find every pair of a label and a value on an upright page.

    Args:
        pieces: The page's text.
        rulings: Its ruling lines, in the same pixels.
        vocabulary: The labels that are known.

    Returns: The pairs, from the top of the page to the bottom.
    """
    if not pieces:
        return []
    atoms = [atom for piece in pieces for atom in parted(piece, vocabulary)]
    side = max(max(p.x1 for p in pieces), max(p.y1 for p in pieces))
    page = _Page(atoms, vocabulary, CellFinder(rulings, side))
    for atom in atoms:
        cell = page.finder.at(atom.centre_x, atom.centre_y)
        # A frame around half the page is no cell: what stands in it is free text.
        if _is_on_its_side(atom):
            continue
        if cell is None or (cell.height > side / 4 and cell.width > side / 3):
            page.loose.append(atom)
        else:
            page.units.setdefault(cell, _Unit(cell, [])).pieces.append(atom)
    if sum(is_latin(p.text) for p in atoms) > len(atoms) / 2:
        _open_bands(page, max(p.x1 for p in atoms))
    pairs: list[Pair] = []
    for unit in page.units.values():
        unit.pieces = reading_order(unit.pieces)
        unit.score = label_score(unit.text, vocabulary)
    for cell in sorted(page.units):
        pairs += _pairs_of_cell(page, page.units[cell])
    pairs += _pairs_in_line(page.loose, vocabulary, alone=False)
    return sorted(_without_doubles(pairs), key=lambda pair: (pair.key[0].y0, pair.key[0].x0))


def _open_bands(page: _Page, right_edge_px: float) -> None:
    """Take no band across the whole page for a cell: several labels and values stand in it side by side, as without lines.

    A wide cell with another beside it in its row, such as an address's beside its label, is a cell.
    """
    wide = [c for c in page.units if c.width > _WIDE_SHARE * right_edge_px]
    for cell in [c for c in wide if page.finder.left_of(c) is None and page.finder.right_of(c) is None]:
        page.loose += page.units.pop(cell).pieces


def _is_on_its_side(piece: Piece) -> bool:
    """Whether a piece runs up or down the page, as archive numbers at its edge do."""
    return len(piece.glyphs) > 2 and piece.height > 2 * (piece.x1 - piece.x0)


def _without_doubles(pairs: list[Pair]) -> list[Pair]:
    seen = set()
    kept = []
    for pair in pairs:
        mark = (pair.key[0].x0, pair.key[0].y0, pair.value[0].x0, pair.value[0].y0)
        if mark not in seen:
            seen.add(mark)
            kept.append(pair)
    return kept


# --- splitting runs -----------------------------------------------------------------------------------------------------


def parted(piece: Piece, vocabulary: Vocabulary) -> list[Piece]:
    """A piece parted after each label that it holds, and before each that follows a value."""
    text = piece.text
    cuts = {0, len(text)}
    for match in COLON.finditer(text):
        if _CLOCK.search(text[max(0, match.start() - 1) : match.end() + 2]):
            continue
        begin = _label_start(text, max(c for c in cuts if c <= match.start()), match.start(), vocabulary)
        label = text[begin : match.start()].strip()
        if label and _is_short(label) and not is_value_like(label):
            cuts |= {begin, match.end()}
    ordered = sorted(cuts)
    parts = [part for a, b in pairwise(ordered) if (part := piece.part(a, b)) is not None]
    split = [atom for part in parts for atom in _split_known(part, vocabulary)]
    return [half for atom in split for half in split_where_case_turns(atom)]


def _is_short(label: str) -> bool:
    """Whether a text is short enough for a label; its Chinese and its other characters count apart."""
    han = sum(1 for c in label if "\u3400" <= c <= "\u9fff")
    return han <= _LONGEST_HAN_LABEL and len(label) - han <= _LONGEST_LABEL


def _label_start(text: str, begin: int, end: int, vocabulary: Vocabulary) -> int:
    """Where the label begins that ends at ``end``: what stands before it, since ``begin``, is the value of the last label."""
    if begin == 0:
        return begin
    body = text[begin:end]
    for start in range(len(body)):
        if vocabulary.name_of(body[start:]) is not None:
            return begin + start
    blank = body.rstrip().rfind(" ")
    return begin + blank + 1 if blank > 0 and body[:blank].strip() else begin


def _split_known(piece: Piece, vocabulary: Vocabulary) -> list[Piece]:
    """A known label without a colon at the head of a piece, where a gap parts it from the rest."""
    text = piece.text
    if ends_as_label(text) or vocabulary.name_of(text) is not None:
        return [piece]
    if (end := text.find(" ")) > 2 and _labels_figures(text[:end], vocabulary) and is_value_like(text[end:]):
        return [part for part in (piece.part(0, end), piece.part(end, len(text))) if part is not None]
    for end in range(min(len(text) - 1, 12), 1, -1):
        head = text[:end].rstrip()
        if head[-1] < "\u3400" or vocabulary.name_of(head) is None:
            continue
        before, after = piece.glyphs[len(head) - 1], next((g for g in piece.glyphs[end:] if not g.text.isspace()), None)
        if after is None or after.x0 - before.x1 < 0.35 * piece.height:
            continue
        key, value = piece.part(0, end), piece.part(end, len(text))
        if key is not None and value is not None:
            return [key, value]
    return [piece]


def _labels_figures(word: str, vocabulary: Vocabulary) -> bool:
    """Whether what stands after a known label is a date or a number of some kind."""
    name = vocabulary.name_of(word)
    return name is not None and vocabulary.kind_of(name) not in (Kind.TEXT, Kind.NAME, Kind.COMPANY)


# --- ruled tables -------------------------------------------------------------------------------------------------------


def _pairs_of_cell(page: _Page, unit: _Unit) -> list[Pair]:
    """The pairs whose label stands in this cell."""
    colons = [piece for piece in unit.pieces if ends_as_label(piece.text)]
    inside = _pairs_in_line(unit.pieces, page.vocabulary, alone=True) if colons else []
    if inside:
        return inside
    if len(unit.pieces) > 1 and not colons:
        # A small printed label above, or left of, what was written into the same cell.
        first, rest = unit.pieces[0], unit.pieces[1:]
        whole_known = page.vocabulary.name_of(unit.text) is not None
        known = not whole_known and page.vocabulary.name_of(first.text) is not None
        if known and label_score("".join(p.text for p in rest), page.vocabulary) < _LIKELY:
            return [Pair((first,), tuple(rest))]
    if unit.score < 0 and not _row_header(page, unit):
        return []
    right = page.finder.right_of(unit.cell)
    beside = page.units.get(right) if right else None
    if unit.score >= 0 and _heads_columns(page, unit):
        below = page.finder.below(unit.cell)
        figures = below in page.units and page.units[below].score <= _VALUE
        return _column(page, unit, over_figures=figures and is_latin(unit.text))
    if beside is not None and _is_label_of(page, unit, beside):
        return [Pair(tuple(unit.pieces), tuple(beside.pieces))]
    if unit.score >= _LIKELY and (beside is None or beside.score >= _LIKELY):
        return _column(page, unit)
    return []


def _row_header(page: _Page, unit: _Unit) -> bool:
    """A first cell of a row whose text alone says nothing: still a label when it is short and not a value."""
    return unit.score > -2 and page.finder.left_of(unit.cell) is None and _is_short(unit.text)


def _is_label_of(page: _Page, unit: _Unit, beside: _Unit) -> bool:
    """Whether the right neighbour is the value of this cell."""
    after = page.finder.right_of(beside.cell)
    next_unit = page.units.get(after) if after else None
    if _names_paper(page, unit, beside):
        return True
    if beside.score >= _SURE and not _stands_between(page, unit, beside, next_unit):
        return False
    if (
        unit.cell.height > 1.5 * beside.cell.height
        and next_unit is not None
        and beside.score > max(-1.0, next_unit.score)
    ):
        return False  # the heading of several rows, each with a label and a value of its own
    if not _is_short(unit.text):
        return False
    if unit.score >= _SURE:
        return beside.score < 3.0
    left = page.finder.left_of(unit.cell)
    before = page.units.get(left) if left else None
    taken = (
        before is not None
        and before.score > unit.score
        and before.score >= _LIKELY
        and before.cell.height < 2 * unit.cell.height
    )
    if taken and unit.score < 2.0:
        return False
    if unit.score >= _LIKELY:
        return beside.score < unit.score
    return beside.score <= unit.score and (before is None or before.score < 0 or _is_taken(page, before))


def _names_paper(page: _Page, unit: _Unit, beside: _Unit) -> bool:
    """Whether a form asks which paper proves who somebody is, and the answer, an ID card, elsewhere labels its number."""
    asked, answered = (page.vocabulary.name_of(u.text) for u in (unit, beside))
    return asked == "id_type" and answered in ("id_number", "passport_number") and not ends_as_label(beside.text)


def _heads_columns(page: _Page, unit: _Unit) -> bool:
    """Whether a cell stands in a header row: three or more cells, two thirds of them labels and none clearly a value."""
    row = [unit]
    for step in (page.finder.left_of, page.finder.right_of):
        cell = step(unit.cell)
        while cell is not None and abs(cell.height - unit.cell.height) <= 0.3 * unit.cell.height and len(row) < 30:
            if cell in page.units:
                row.append(page.units[cell])
            cell = step(cell)
    likely = sum(1 for other in row if other.score >= _LIKELY)
    if len(row) < 3 or any(other.score < 0 for other in row):
        return False
    return 3 * likely >= 2 * len(row) or _values_below(page, row)


def _values_below(page: _Page, row: Sequence[_Unit]) -> bool:
    """Whether what stands below most cells of a row can only be filled in."""
    below = [page.units[c] for unit in row if (c := page.finder.below(unit.cell)) in page.units and c is not None]
    return 3 * sum(unit.score <= _VALUE for unit in below) >= 2 * len(row)


def _is_taken(page: _Page, unit: _Unit) -> bool:
    """Whether a cell is the value of the label left of it, so that what follows it is a label again."""
    left = page.finder.left_of(unit.cell)
    owner = page.units.get(left) if left else None
    return owner is not None and owner.score >= _LIKELY and owner.score > unit.score


def _stands_between(page: _Page, unit: _Unit, beside: _Unit, after: _Unit | None) -> bool:
    """Whether a known label is filled in as a value (证件类型 | 身份证 | 证件号码 | ...): labels around it, a value beyond."""
    if unit.score < _LIKELY or after is None or after.score < _LIKELY or ends_as_label(beside.text):
        return False
    beyond = page.finder.right_of(after.cell)
    value = page.units.get(beyond) if beyond else None
    return value is not None and value.score < 0


def _column(page: _Page, unit: _Unit, *, over_figures: bool = False) -> list[Pair]:
    """A header cell with values in the cells below it, down to the next label or empty cell."""
    neighbours = [page.finder.left_of(unit.cell), page.finder.right_of(unit.cell)]
    beside_label = any(c in page.units and page.units[c].score >= _LIKELY for c in neighbours if c is not None)
    if not (over_figures or beside_label):
        return []
    pairs: list[Pair] = []
    cell = page.finder.below(unit.cell)
    while cell is not None:
        below = page.units.get(cell)
        if below is None or below.score >= _LIKELY or abs(cell.width - unit.cell.width) > 0.3 * unit.cell.width:
            break
        left = page.finder.left_of(cell)
        owner = page.units.get(left) if left else None
        if owner is not None and owner.score >= 2.0 and owner.score > unit.score and not pairs:
            break
        pairs.append(Pair(tuple(unit.pieces), tuple(below.pieces)))
        cell = page.finder.below(cell)
    return pairs


# --- free text ----------------------------------------------------------------------------------------------------------


def _pairs_in_line(pieces: Sequence[Piece], vocabulary: Vocabulary, *, alone: bool) -> list[Pair]:
    """Pairs of text without ruling lines between.

    Args:
        alone: The pieces are what one cell holds, so whatever stands there belongs to one of its labels.
    """
    scores = {id(p): _free_score(p, vocabulary) for p in pieces}
    labels = [p for p in pieces if scores[id(p)] >= _SURE]
    used: set[int] = {id(p) for p in labels}
    pairs: list[Pair] = []
    waiting: list[Piece] = []
    for label in reading_order(labels):
        value = _beside(label, pieces, labels, used, alone=alone)
        if value:
            used |= {id(p) for p in value}
            pairs.append(Pair((label,), tuple(value)))
        else:
            waiting.append(label)
    if not alone:
        pairs += _plain_rows(pieces, vocabulary, used)
    for label in waiting:
        value = _under(label, pieces, labels, used, alone=alone)
        if value:
            used |= {id(p) for p in value}
            pairs.append(Pair((label,), tuple(value)))
    return pairs


def _plain_rows(pieces: Sequence[Piece], vocabulary: Vocabulary, used: set[int]) -> list[Pair]:
    """Pairs without a colon: the words before a value in Latin rows, and whatever stands before what can only be filled in."""
    latin = [p for p in pieces if is_latin(p.text) or not any(c.isalpha() for c in p.text)]
    pairs = [_placed(label, value, vocabulary) for label, value in row_pairs(latin, vocabulary, used)]
    used |= {id(p) for pair in pairs for p in (*pair.key, *pair.value)}
    for label in pieces:
        if id(label) in used or not _is_short(label.text) or label_score(label.text, vocabulary) < 0:
            continue
        if sum(c.isalpha() for c in label.text) < 3:
            continue
        row = [p for p in pieces if same_line(p, label) and p.x0 > label.x1 - 0.5 * label.height]
        nearest = min(row, key=lambda p: p.x0, default=None)
        if nearest is None or id(nearest) in used or nearest.x0 - label.x1 > 25 * label.height:
            continue
        if is_value_like(nearest.text) and any(c.isalnum() for c in nearest.text):
            used |= {id(label), id(nearest)}
            pairs.append(_placed(label, (nearest,), vocabulary))
    return pairs


def _placed(label: Piece, value: tuple[Piece, ...], vocabulary: Vocabulary) -> Pair:
    return Pair((label,), value, by_place_alone=vocabulary.name_of(label.text) is None)


def _free_score(piece: Piece, vocabulary: Vocabulary) -> float:
    text = piece.text
    if ends_as_label(text):
        return 5.0 if _is_short(text) and not is_value_like(text) else 0.0
    return _SURE if vocabulary.name_of(text) is not None else 0.0


def _beside(
    label: Piece, pieces: Sequence[Piece], labels: Sequence[Piece], used: set[int], *, alone: bool
) -> list[Piece]:
    """What stands right of a label on its line, up to the next label."""
    stop = min((o.x0 for o in labels if o is not label and level(o, label) and o.x0 > label.x0), default=float("inf"))
    row = sorted(
        (p for p in pieces if id(p) not in used and level(p, label) and label.x1 - 0.5 * label.height <= p.x0 < stop),
        key=lambda p: p.x0,
    )
    value: list[Piece] = []
    reach = label.x1
    for piece in row:
        gap = piece.x0 - reach
        limit = (4.0 if value else 22.0) * label.height
        if gap > limit and not alone:
            break
        value.append(piece)
        reach = piece.x1
    if not value:
        return []
    return value + _continued(value, label, pieces, labels, used)


def _continued(
    value: list[Piece], label: Piece, pieces: Sequence[Piece], labels: Sequence[Piece], used: set[int]
) -> list[Piece]:
    """Further lines of a value: close below, beginning where its first line begins, not left of the label's end."""
    more: list[Piece] = []
    last = value[0]
    taken = used | {id(p) for p in value}
    while len(more) < 12:
        following = [
            p
            for p in pieces
            if id(p) not in taken
            and 0 < p.centre_y - last.centre_y < 1.9 * last.height
            and abs(p.x0 - value[0].x0) < 1.2 * last.height
            and p.x0 > label.x1 - label.height
            and not any(same_line(o, p) and o.x0 < p.x0 for o in labels)
            and not any(level(o, p) and o.x0 < p.x0 and abs(o.x0 - label.x0) < 4 * label.height for o in pieces)
        ]
        if not following:
            break
        last = min(following, key=lambda p: p.centre_y)
        more.append(last)
        taken.add(id(last))
    return more


def _under(
    label: Piece, pieces: Sequence[Piece], labels: Sequence[Piece], used: set[int], *, alone: bool
) -> list[Piece]:
    """The line right below a label that has nothing beside it."""
    reach = 3.0 if alone else 2.2
    below = [
        p
        for p in pieces
        if id(p) not in used
        and 0 < p.centre_y - label.centre_y < reach * label.height
        and not same_line(p, label)
        and p.x0 < label.x1
        and p.x1 > label.x0
        and (alone or abs(p.x0 - label.x0) < 4 * label.height)
        and not any(same_line(o, p) and o.x0 < p.x0 and p.x0 - o.x1 < 8 * p.height for o in labels)
    ]
    if not below:
        return []
    first = min(below, key=lambda p: p.centre_y)
    rest = [p for p in below if p is not first and (alone or same_line(p, first))]
    return [first, *rest] if alone else [first]
