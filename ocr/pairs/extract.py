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
from dataclasses import replace
from itertools import pairwise, takewhile

from ..image.rulings import Rulings
from ..values import Kind
from ..vocabulary import Vocabulary
from .blanks import blanks_of, free_lines, split_at_blanks
from .captions import below_lines, corner_captions
from .cells import Cell, CellFinder
from .crossing import joined_across
from .free import pairs_in_line
from .labels import COLON, ends_as_label, is_latin, is_short, is_value_like, label_score
from .layout import Piece, reading_order, same_line
from .pair import Pair
from .paragraphs import running_pieces
from .records import take_records
from .rows import split_where_case_turns
from .ruled import RuledPage, Unit, pairs_of_cell

__all__ = ["find_pairs", "parted"]

_WIDE_SHARE = 0.7
_LEAST_VALUE = 4
_GLUED_NUMBER = re.compile("[A-Za-z][A-Za-z ./-]{3,}[A-Za-z](?=[0-9])")
_ANSWER_WITHIN = 12.0
"""An answer that seems to stand in another cell begins within so many line heights of its colon."""
_GAP_HEIGHTS = 0.7
"""Words that stand nearer, in line heights, are of one phrase."""
_HAN_THEN_NUMBER = re.compile(r"[\u3400-\u9fff]{2,}(?= ?[(\uff08]?\d[\d() \uff08\uff09-]{4,})")
_SIGNED = re.compile("(?:签名|签字|签章|盖章|[Ss]ignature|[Ss]igned by)\\W*$")
_DATED = re.compile(r"[_\W]*(?:19|20)\d{2}[\s_]*(?:年|[./-][\s_]*\d)")
_CLOCK = re.compile("[0-9][:\uff1a][0-9]|//|https?[:\uff1a]$", re.IGNORECASE)


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
    side = max(max(p.x1 for p in pieces), max(p.y1 for p in pieces))
    blanks = blanks_of(rulings, side)
    finder = CellFinder(rulings, side)
    pieces = joined_across(pieces, finder)
    running = running_pieces(pieces, finder, vocabulary)
    parts = [part for p in pieces for part in ([p] if id(p) in running else parted(p, vocabulary))]
    atoms = [atom for part in parts for atom in split_at_blanks(part, blanks)]
    page = RuledPage(atoms, vocabulary, finder)
    for atom in atoms:
        cell = page.finder.at(atom.centre_x, atom.centre_y)
        if _is_on_its_side(atom, in_cell=cell is not None):
            continue
        if cell is None or _is_frame(page.finder, cell):
            page.loose.append(atom)
        else:
            page.units.setdefault(cell, Unit(cell, [])).pieces.append(atom)
    if sum(is_latin(p.text) for p in atoms) > len(atoms) / 2:
        _open_bands(page, max(p.x1 for p in atoms))
    _gather_answers(page)
    pairs: list[Pair] = []
    for unit in page.units.values():
        unit.pieces = reading_order(unit.pieces)
        unit.score = label_score(unit.text, vocabulary)
    pairs += take_records(page)
    for cell in sorted(page.units):
        pairs += pairs_of_cell(page, page.units[cell])
    captions = below_lines(page.loose, free_lines(rulings, side), vocabulary)
    named = {id(caption) for caption, _ in captions}
    free = [piece for piece in page.loose if id(piece) not in named]
    pairs += pairs_in_line(free, vocabulary, alone=False, blanks=blanks, captions=captions)
    dated = (_without_date(pair, vocabulary) for pair in pairs)
    pairs = [_without_translation(pair, vocabulary) for pair in dated if pair is not None]
    return _from_the_top(_without_doubles(pairs))


def _gather_answers(page: RuledPage) -> None:
    """Put the answer to a colon where its label is, when no line parts the two though they seem to stand in different cells.

    A ruling line that is broken, or ends in the middle of a row, makes the one cell of a row look like two.
    """
    homes = [page.loose, *(unit.pieces for unit in page.units.values())]
    places = {id(piece): home for home in homes for piece in home}
    for home in homes:
        for label in [piece for piece in home if ends_as_label(piece.text)]:
            after = [piece for piece in page.pieces if id(piece) in places and _follows(piece, label)]
            first = min(after, key=lambda piece: piece.x0, default=None)
            if first is None or places[id(first)] is home or ends_as_label(first.text):
                continue
            if first.x0 - label.x1 > _ANSWER_WITHIN * label.height or page.finder.is_walled(
                label.x1, first.x0, label.centre_y
            ):
                continue
            other = places[id(first)]
            line = sorted((piece for piece in other if _follows(piece, label)), key=lambda piece: piece.x0)
            for piece in takewhile(lambda each: not ends_as_label(each.text), line):
                other.remove(piece)
                home.append(piece)
                places[id(piece)] = home
    for cell in [cell for cell, unit in page.units.items() if not unit.pieces]:
        del page.units[cell]


def _follows(piece: Piece, label: Piece) -> bool:
    return piece is not label and same_line(piece, label) and piece.x0 > label.x1 - label.height / 2


def _from_the_top(pairs: list[Pair]) -> list[Pair]:
    """The pairs in the order of their labels; those of a table row by row where its header stands."""
    tops: dict[str, float] = {}
    for pair in pairs:
        if pair.row is not None:
            tops[pair.row.heading] = min(pair.key[0].y0, tops.get(pair.row.heading, pair.key[0].y0))

    def place(pair: Pair) -> tuple[float, int, float]:
        at = pair.key[0]
        return (at.y0, 0, at.x0) if pair.row is None else (tops[pair.row.heading], pair.row.number, at.x0)

    return sorted(pairs, key=place)


def _without_translation(pair: Pair, vocabulary: Vocabulary) -> Pair:
    """A value without the label's other language, where that stands close before it: "Surname" over 姓氏张三."""
    name = vocabulary.name_of("".join(piece.text for piece in pair.key))
    first = pair.value[0]
    if name is None or not is_latin(pair.key[-1].text) or is_latin(first.text):
        return pair
    for end in range(len(first.text) - 1, 1, -1):
        translation, value = first.part(0, end), first.part(end, len(first.text))
        if translation is not None and value is not None and vocabulary.name_of(translation.text) == name:
            return replace(pair, key=(*pair.key, translation), value=(value, *pair.value[1:]))
    return pair


def _without_date(pair: Pair, vocabulary: Vocabulary) -> Pair | None:
    """A name or a signature without the date that was written behind it: 签字 张三 2024年3月5日; None where nobody signed."""
    label = "".join(piece.text for piece in pair.key)
    name = vocabulary.name_of(label)
    if not _SIGNED.search(label) and (name is None or vocabulary.kind_of(name) is not Kind.NAME):
        return pair
    kept: list[Piece] = []
    for piece in pair.value:
        date = _DATED.search(piece.text)
        if date is None:
            kept.append(piece)
            continue
        before = piece.part(0, date.start())
        kept += [before] if before is not None and any(c.isalpha() for c in before.text) else []
        break
    if not kept:
        return None if _SIGNED.search(label) else pair
    return replace(pair, value=tuple(kept))


def _open_bands(page: RuledPage, right_edge_px: float) -> None:
    """Take no band across the whole page for a cell: several labels and values stand in it side by side, as without lines.

    A wide cell with another beside it in its row, such as an address's beside its label, is a cell.
    """
    wide = [c for c in page.units if c.width > _WIDE_SHARE * right_edge_px]
    bands = [c for c in wide if page.finder.left_of(c) is None and page.finder.right_of(c) is None]
    for cell in [c for c in bands if not corner_captions(c, reading_order(page.units[c].pieces))]:
        page.loose += page.units.pop(cell).pieces


def _is_frame(finder: CellFinder, cell: Cell) -> bool:
    """Whether a cell frames free text: half the page is in it, and no cell as high stands before it that may ask for it."""
    if cell.height <= finder.side_px / 4 or cell.width <= finder.side_px / 3:
        return False
    left = finder.left_of(cell)
    return left is None or left.height != cell.height or left.width > cell.width / 2


def _is_on_its_side(piece: Piece, *, in_cell: bool) -> bool:
    """Whether a piece runs up or down the page, as archive numbers at its edge do; Chinese labels in cells do so upright."""
    upright = in_cell and not is_latin(piece.text) and any(c.isalpha() for c in piece.text)
    return len(piece.glyphs) > 2 and piece.height > 2 * (piece.x1 - piece.x0) and not upright


def _without_doubles(pairs: list[Pair]) -> list[Pair]:
    seen = set()
    kept = []
    for pair in pairs:
        mark = (pair.key[0].x0, pair.key[0].y0, pair.value[0].x0, pair.value[0].y0, pair.row)
        if mark not in seen:
            seen.add(mark)
            kept.append(pair)
    return kept


def parted(piece: Piece, vocabulary: Vocabulary) -> list[Piece]:
    """A piece parted after each label that it holds, and before each that follows a value."""
    text = piece.text
    cuts = {0, len(text)}
    for match in COLON.finditer(text):
        if _CLOCK.search(text[max(0, match.start() - 1) : match.end() + 2]):
            continue
        begin = _label_start(piece, max(c for c in cuts if c <= match.start()), match.start(), vocabulary)
        if begin is None:
            continue
        label = text[begin : match.start()].strip()
        if label and is_short(label) and not is_value_like(label):
            cuts |= {begin, match.end()}
    ordered = sorted(cuts)
    parts = [part for a, b in pairwise(ordered) if (part := piece.part(a, b)) is not None]
    split = [atom for part in parts for atom in _split_known(part, vocabulary)]
    return [half for atom in split for half in split_where_case_turns(atom)]


def _label_start(piece: Piece, begin: int, end: int, vocabulary: Vocabulary) -> int | None:
    """Where the label begins that ends at ``end``: what stands before it, since ``begin``, is the value of the last label.

    None where the colon is the value's own, as in "Place:  Upper Town: the square": words in Latin letters that are no known
    label, and that no gap parts from other words before them.
    """
    text = piece.text
    if begin == 0:
        return _after_value(piece, end, vocabulary)
    body = text[begin:end]
    for start in range(len(body)):
        if vocabulary.name_of(body[start:]) is not None:
            return begin + start
    blank = body.rstrip().rfind(" ")
    if blank <= 0 or not body[:blank].strip():
        return begin
    before, after = piece.glyphs[begin + len(body[:blank].rstrip()) - 1], piece.glyphs[begin + blank + 1]
    in_phrase = after.x0 - before.x1 < _GAP_HEIGHTS * piece.height and body[:blank].rstrip()[-1].isalpha()
    return None if in_phrase and is_latin(body) else begin + blank + 1


def _after_value(piece: Piece, end: int, vocabulary: Vocabulary) -> int:
    """Where a known label begins that ends at ``end`` behind a value: "Tallow & Sons Ltd.  Date:"; 0 where all is the label."""
    text = piece.text
    if not is_latin(text[:end]) or vocabulary.name_of(text[:end]) is not None:
        return 0
    for blank in (m.start() for m in re.finditer(" ", text[:end])):
        head = text[:blank].rstrip()
        if len(head) < _LEAST_VALUE or not text[blank + 1].isalnum() or vocabulary.name_of(text[blank:end]) is None:
            continue
        gap = piece.glyphs[blank + 1].x0 - piece.glyphs[len(head) - 1].x1
        ends = head[-1] in ".)" and " " in head
        if gap > _GAP_HEIGHTS * piece.height or ends or is_value_like(head):
            return blank + 1
    return 0


def _split_known(piece: Piece, vocabulary: Vocabulary) -> list[Piece]:
    """A known label without a colon at the head of a piece, where a gap parts it from the rest."""
    text = piece.text
    if ends_as_label(text) or vocabulary.name_of(text) is not None:
        return [piece]
    if (label := _label_before_digits(text, vocabulary)) is not None:
        ends = (0, label[0], label[1], len(text))
        return [part for a, b in pairwise(ends) if (part := piece.part(a, b)) is not None]
    if (place := _turn_of_label(text, vocabulary)) is not None:
        return [part for part in (piece.part(0, place), piece.part(place, len(text))) if part is not None]
    if (end := text.find(" ")) > 2 and _labels_figures(text[:end], vocabulary) and is_value_like(text[end:]):
        return [part for part in (piece.part(0, end), piece.part(end, len(text))) if part is not None]
    for end in range(min(len(text) - 1, 12), 1, -1):
        head = text[:end].rstrip()
        if head[-1] < "\u3400" or vocabulary.name_of(head) is None:
            continue
        before, after = piece.glyphs[len(head) - 1], next((g for g in piece.glyphs[end:] if not g.text.isspace()), None)
        blank = text[len(head)] == " " and label_score(text[end:], vocabulary) <= 0
        if after is None or not (blank or after.x0 - before.x1 > 0.35 * piece.height):
            continue
        key, value = piece.part(0, end), piece.part(end, len(text))
        if key is not None and value is not None:
            return [key, value]
    return [piece]


def _label_before_digits(text: str, vocabulary: Vocabulary) -> tuple[int, int] | None:
    """Where a known label of a number stands that its digits follow at once: 姓名张三电话13800138000."""
    for match in _HAN_THEN_NUMBER.finditer(text):
        for begin in range(match.start(), match.end() - 1):
            if _labels_figures(text[begin : match.end()], vocabulary):
                return begin, match.end()
    return None


def _turn_of_label(text: str, vocabulary: Vocabulary) -> int | None:
    """Where a known English label that runs into its number ends, or one in capitals begins behind words that are not."""
    glued = _GLUED_NUMBER.match(text)
    if glued and vocabulary.name_of(glued[0]) is not None:
        return glued.end()
    begin = text.rfind(" ") + 1
    label, head = text[begin:], text[:begin].strip()
    capitals = label.isascii() and label.isupper() and not head.isupper() and len(head) >= _LEAST_VALUE
    return begin if capitals and len(label) >= _LEAST_VALUE and vocabulary.name_of(label) is not None else None


def _labels_figures(word: str, vocabulary: Vocabulary) -> bool:
    """Whether what stands after a known label is a date or a number of some kind."""
    name = vocabulary.name_of(word)
    return name is not None and vocabulary.kind_of(name) not in (Kind.TEXT, Kind.NAME, Kind.COMPANY)
