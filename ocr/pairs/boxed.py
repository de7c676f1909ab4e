"""Values written a character to a box: identity numbers, dates, telephone and account numbers, names in English capitals.

An engine reads each box as a word of its own, and the lines between the boxes look like the cells of a table. Both are undone
here: characters that stand one by one at an even pitch, wider than any print, become one piece, and the lines between them go.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from ..engine import Glyph
from ..image.rulings import Rulings, Segment
from .layout import Piece, same_line

__all__ = ["joined_boxes"]

_FEWEST = 5
"""Characters in a row of boxes; fewer stand evenly by chance."""
_NARROWEST, _WIDEST = 0.85, 2.6
"""Pitch of boxes in heights of their characters; print is closer, the columns of a table are wider."""
_NARROWEST_RULED = 0.4
"""The same between lines: the engine takes their height for that of the characters."""
_FRAME = 0.8
_EVEN = 0.28
_EVEN_SHARE = 0.6
_LONGEST_STEP = 2.7
"""Steps in pitches: a box may be empty, a dash or 年 may stand between two groups."""
_HOLE = 1.6
_DOUBTED = 0.5
_SEPARATORS = "年月日-/.()"
_SLACK = 0.35
_LEFT_EDGES = 1.2


def joined_boxes(pieces: Sequence[Piece], rulings: Rulings) -> tuple[list[Piece], Rulings]:
    """Put together what stands a character to a box.

    Where a box between digits seems empty, a character was not seen: the next one's confidence then is 0.5 at most.

    Args:
        pieces: In reading order.
        rulings: The page's ruling lines, in the same pixels.

    Returns: The pieces, in the same order, and the lines without those between the boxes.
    """
    found: list[Piece] = []
    vertical = rulings.vertical
    chain: list[Piece] = []
    for piece in [*pieces, None]:
        if piece is not None and _continues(chain, piece, rulings):
            chain.append(piece)
            continue
        for stretch in _even_stretches(chain, rulings):
            found += stretch
            if len(stretch) == 1 and stretch[0] not in chain:
                vertical = _without(vertical, stretch[0])
        chain = [piece] if piece is not None and _is_boxed(piece, rulings) else []
        if piece is not None and not chain:
            found.append(piece)
    return found, replace(rulings, vertical=vertical)


def _is_boxed(piece: Piece, rulings: Rulings) -> bool:
    """Whether a piece may stand in a box: one character, or several that an engine took together across the lines.

    What is written between two lines may look like anything to an engine; where there are none it must be a letter or digit.
    """
    marks = [g.text for g in piece.glyphs if not g.text.isspace()]
    if len(marks) > 2:
        return len(rulings.cuts(piece.x0, piece.y0, piece.x1, piece.y1)) >= max(2, len(marks) - 2)
    return all(_is_mark(mark) for mark in marks) or (len(marks) == 1 and _is_framed(piece, rulings))


def _is_framed(piece: Piece, rulings: Rulings) -> bool:
    """Whether a line stands close on each side."""
    lines = _lines_at(piece, rulings)
    reach = _FRAME * piece.height
    return any(-reach < at - piece.x0 < 0.3 * reach for at in lines) and any(
        -0.3 * reach < at - piece.x1 < reach for at in lines
    )


def _is_mark(text: str) -> bool:
    return (text.isascii() and text.isalnum()) or text in _SEPARATORS


def _continues(chain: Sequence[Piece], piece: Piece, rulings: Rulings) -> bool:
    if not chain or not _is_boxed(piece, rulings) or not same_line(chain[-1], piece):
        return False
    height = max(chain[-1].height, piece.height)
    return -0.2 * height < piece.x0 - chain[-1].x1 < _LONGEST_STEP * _WIDEST * height


def _even_stretches(chain: list[Piece], rulings: Rulings) -> list[list[Piece]]:
    """The chain's pieces, parted at steps that are longer than its boxes allow; an even part becomes one piece."""
    if len(chain) < _FEWEST - 1:
        return [[piece] for piece in chain]
    pitch = median(b - a for a, b in pairwise(_middles(chain)))
    parts: list[list[Piece]] = [[chain[0]]]
    for before, after in pairwise(chain):
        if after.centre_x - before.centre_x > _LONGEST_STEP * pitch:
            parts.append([])
        parts[-1].append(after)
    return [[_joined(part, pitch)] if _is_even(part, pitch, rulings) else part for part in parts]


def _glyphs(chain: Sequence[Piece]) -> list[Glyph]:
    return [glyph for piece in chain for glyph in piece.glyphs if not glyph.text.isspace()]


def _middles(chain: Sequence[Piece]) -> list[float]:
    return [(glyph.x0 + glyph.x1) / 2 for glyph in _glyphs(chain)]


def _is_even(part: Sequence[Piece], pitch: float, rulings: Rulings) -> bool:
    text = "".join(glyph.text for glyph in _glyphs(part))
    written = [mark for mark in text if mark.isascii() and mark.isalnum()]
    height = median(piece.height for piece in part)
    middles = _middles(part)
    ruled = sum(any(a < at < b for at in _lines_at(part[0], rulings)) for a, b in pairwise(middles))
    narrowest = _NARROWEST_RULED if ruled >= _EVEN_SHARE * (len(middles) - 1) else _NARROWEST
    if len(written) < max(_FEWEST - (narrowest != _NARROWEST), _EVEN_SHARE * len(text)) or _counts_up(written):
        return False
    if not narrowest * height <= pitch <= _WIDEST * height:
        return False
    steps = [b - a for a, b in pairwise(middles)]
    even = sum(abs(step - pitch) <= _EVEN * pitch for step in steps)
    return even >= _EVEN_SHARE * len(steps)


def _lines_at(piece: Piece, rulings: Rulings) -> list[float]:
    return [line.at for line in rulings.vertical if line.start <= piece.centre_y <= line.end]


def _counts_up(marks: Sequence[str]) -> bool:
    """Whether they name columns or choices: 1 2 3 4 5, A B C D E."""
    return all(ord(b) == ord(a) + 1 for a, b in pairwise(marks))


def _joined(part: Sequence[Piece], pitch: float) -> Piece:
    glyphs: list[Glyph] = []
    for glyph in _glyphs(part):
        if glyphs and (glyph.x0 + glyph.x1 - glyphs[-1].x0 - glyphs[-1].x1) / 2 > _HOLE * pitch:
            before = glyphs[-1]
            if before.text.isalpha() and glyph.text.isalpha():
                glyphs.append(Glyph(" ", before.x1, glyph.x0, glyph.confidence))
            elif before.text not in _SEPARATORS and glyph.text not in _SEPARATORS:
                glyph = replace(glyph, confidence=min(glyph.confidence, _DOUBTED))
        glyphs.append(glyph)
    marks = [glyph.confidence for glyph in glyphs]
    return Piece(
        tuple(glyphs),
        part[0].x0,
        min(piece.y0 for piece in part),
        part[-1].x1,
        max(piece.y1 for piece in part),
        sum(marks) / len(marks),
    )


def _without(vertical: Sequence[Segment], row: Piece) -> tuple[Segment, ...]:
    """The lines without the stretches that part the characters of a row of boxes; what stands above and below stays."""
    kept = []
    slack = _SLACK * row.height
    top, bottom = row.y0 - slack, row.y1 + slack
    beside = [line for line in vertical if line.start < row.centre_y < line.end and line.at <= row.x0]
    left = sorted(line.at for line in beside if row.x0 - line.at < _LEFT_EDGES * row.height)
    # Where two lines stand left of the first character, the second is its own box's, the first the cell's.
    begin = left[-1] if len(left) > 1 else row.x0
    for line in vertical:
        if not begin <= line.at < row.x1 or line.end <= row.y0 or line.start >= row.y1:
            kept.append(line)
            continue
        ends = ((line.start, min(line.end, top)), (max(line.start, bottom), line.end))
        kept += [Segment(line.at, start, end) for start, end in ends if end - start > slack]
    return tuple(kept)
