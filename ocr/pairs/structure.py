"""What a page is made of besides words and pairs: its lines, its paragraphs of running text, and its ruled cells."""

from collections.abc import Sequence
from typing import NamedTuple

from ..fields import box_of
from ..image.prepare import PreparedPage
from ..image.rulings import Rulings
from ..page import Box, TextBlock
from ..vocabulary import Vocabulary
from .cells import Cell, CellFinder
from .layout import Piece
from .paragraphs import TextLine, paragraphs_on, text_lines

__all__ = ["Structure", "structure_of"]

_LARGEST_SHARE = 0.5
"""A frame around half of the page or more is no cell."""


class Structure(NamedTuple):
    """The parts of a page, boxes in pixels of the page as received; ``ReadPage`` says what each is."""

    lines: tuple[TextBlock, ...] = ()
    paragraphs: tuple[TextBlock, ...] = ()
    cells: tuple[TextBlock, ...] = ()


def structure_of(
    pieces: Sequence[Piece], rulings: Rulings, prepared: PreparedPage, vocabulary: Vocabulary
) -> Structure:
    """Find the parts of an upright page.

    Args:
        pieces: Its text in reading order; ``rulings`` its ruling lines in the same pixels.
        prepared: How the upright page was made of the page as received.
        vocabulary: The labels that are known.
    """
    if not pieces:
        return Structure()
    side = max(max(piece.x1 for piece in pieces), max(piece.y1 for piece in pieces))
    finder = CellFinder(rulings, side)
    held: dict[Cell, list[Piece]] = {}
    for piece in pieces:
        cell = finder.at(piece.centre_x, piece.centre_y)
        if cell is not None and cell.height < _LARGEST_SHARE * side:
            held.setdefault(cell, []).append(piece)
    return Structure(
        lines=tuple(_block((line,), prepared) for line in text_lines(pieces)),
        paragraphs=tuple(_block(lines, prepared) for lines in paragraphs_on(pieces, finder, vocabulary)),
        cells=tuple(
            TextBlock(_text(text_lines(held[cell])), prepared.box_as_received(cell.x0, cell.y0, cell.x1, cell.y1))
            for cell in sorted(held)
        ),
    )


def _block(lines: Sequence[TextLine], prepared: PreparedPage) -> TextBlock:
    boxes = [box_of(prepared, line.pieces) for line in lines]
    return TextBlock(_text(lines), Box.around(boxes))


def _text(lines: Sequence[TextLine]) -> str:
    """Lines in a row; a word that a hyphen parts at a line's end is whole again."""
    text = ""
    for line in lines:
        if text.endswith("-") and text[-2:-1].isalpha() and line.text[0].islower():
            text = text[:-1] + line.text
        elif text and text[-1].isascii() and line.text[0].isascii():
            text += " " + line.text
        else:
            text += line.text
    return text
