"""Recognises a page as a copy of a registered form, and lays the form's reference onto it.

The printed texts of a form stand at the same places on every copy. Where enough of a template's anchors are found on a page,
the places of anchor and text give the transformation from reference to page: first by random samples (RANSAC: Fischler and
Bolles, 1981), as a word may be printed twice, or written by hand; then by least squares over all that fit. What then stands at
each anchor's place, compared with the anchor's text, tells how well the page is that form: so a misread character costs little,
and a form that shares words with another, in other places, is not taken for it.
"""

import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..page import Box, TemplateMatch
from ..pairs.layout import Piece
from .template import Anchor, FormTemplate

__all__ = ["Registration", "fold_print", "register_page"]

Matrix = npt.NDArray[np.float64]
Points = npt.NDArray[np.complex128]

_LEAST_FOUND_SHARE = 0.3
_LEAST_ANCHORS = 4
_MOST_PLACES = 4
"""A text that stands more often than this on a page says little about where anything is."""
_HYPOTHESES = 400
_TOLERANCE_SHARE = 0.012
_SCALES = (0.25, 4.0)
_MOST_TURN = 0.12
"""In radians: a page is upright and straight by the time it is compared."""
_VERIFIED = 4
_SAME_TEXT = 0.6
_ACCEPTED = 0.6

Spot = tuple[int, int]
"""Number of a piece, and of a character of it."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A page laid under a template.

    Attributes:
        matrix: 2 x 3; takes a point of the reference to the upright page.
        score: Share of the anchors' text that stands where it should, 0.0 to 1.0.
        printed: The characters of the page that belong to the form itself.
    """

    template: FormTemplate
    matrix: Matrix
    score: float
    printed: frozenset[Spot]

    def place(self, box: Box) -> tuple[float, float, float, float]:
        """Where a box of the reference lies on the upright page."""
        corners = np.array([[x, y, 1.0] for x in (box.x0, box.x1) for y in (box.y0, box.y1)]) @ self.matrix.T
        # Between the middles of opposite edges: what is left of a lean does not widen the box.
        xs, ys = np.sort(corners[:, 0]), np.sort(corners[:, 1])
        return float(xs[:2].mean()), float(ys[:2].mean()), float(xs[2:].mean()), float(ys[2:].mean())

    def match(self, page: int) -> TemplateMatch:
        """What the reading says of it; ``page`` counts from 1."""
        form = self.template
        return TemplateMatch(form.id, form.name, form.version, form.type, page, self.score)


def fold_print(text: str) -> str:
    """A text reduced to what is compared: width, case, blanks and punctuation do not count."""
    return "".join(_folded(character) for character in text)


def _folded(character: str) -> str:
    normal = unicodedata.normalize("NFKC", character).casefold()
    return "".join(c for c in normal if c.isalnum())


@dataclass(frozen=True, slots=True)
class _PageText:
    """The text of a page as one string, with the place of each of its characters; pieces are parted by line feeds."""

    text: str
    spots: tuple[Spot, ...]
    pieces: Sequence[Piece]
    centres: npt.NDArray[np.float64]

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> "_PageText":
        text: list[str] = []
        spots: list[Spot] = []
        centres: list[tuple[float, float]] = []
        for number, piece in enumerate(pieces):
            for at, glyph in enumerate(piece.glyphs):
                for character in _folded(glyph.text):
                    text.append(character)
                    spots.append((number, at))
                    centres.append(((glyph.x0 + glyph.x1) / 2, piece.centre_y))
            text.append("\n")
            spots.append((number, -1))
            centres.append((-1e9, -1e9))
        return cls("".join(text), tuple(spots), pieces, np.array(centres, np.float64).reshape(-1, 2))

    def places_of(self, text: str) -> list[complex]:
        """The middles of the places where a folded text stands; none where it stands too often to tell."""
        found: list[complex] = []
        start = self.text.find(text)
        while start >= 0:
            if len(found) == _MOST_PLACES:
                return []
            first, last = self.spots[start], self.spots[start + len(text) - 1]
            piece = self.pieces[first[0]]
            x0, x1 = piece.glyphs[first[1]].x0, piece.glyphs[last[1]].x1
            found.append(complex((x0 + x1) / 2, piece.centre_y))
            start = self.text.find(text, start + 1)
        return found


def register_page(pieces: Sequence[Piece], templates: Sequence[FormTemplate]) -> Registration | None:
    """The template that a page is a copy of, laid onto it; None where it is a copy of none.

    Of several that fit, the one counts whose printed texts, found less missed, are most: the right one of two editions.

    Args:
        pieces: The text of the upright page.
        templates: All that come into question.
    """
    if not templates or not pieces:
        return None
    page = _PageText.of(pieces)
    candidates = []
    for template in templates:
        fit = _fitted(page, template)
        if fit is not None:
            candidates.append((fit[0], template, fit[1]))
    candidates.sort(key=lambda candidate: -candidate[0])
    best: tuple[float, int, Registration] | None = None
    for _, template, matrix in candidates[:_VERIFIED]:
        score, weight, printed = _verified(page, template, matrix)
        if score < _ACCEPTED:
            continue
        rank = (weight * (2 * score - 1), template.version)
        if best is None or rank > best[:2]:
            best = (*rank, Registration(template, matrix, round(score, 4), printed))
    return best[2] if best else None


def _weight(folded: str) -> float:
    return float(np.sqrt(min(len(folded), 16)))


def _fitted(page: _PageText, template: FormTemplate) -> tuple[float, Matrix] | None:
    """The transformation under which most anchors lie on their text, with how many those are."""
    sources: list[complex] = []
    targets: list[complex] = []
    owners: list[int] = []
    for number, anchor in enumerate(template.anchors):
        folded = fold_print(anchor.text)
        for place in page.places_of(folded) if len(folded) > 1 else ():
            sources.append(_middle(anchor))
            targets.append(place)
            owners.append(number)
    found = len(set(owners))
    if found < max(_LEAST_ANCHORS, _LEAST_FOUND_SHARE * len(template.anchors)):
        return None
    points, places, owner = np.array(sources), np.array(targets), np.array(owners)
    fit = _sampled(points, places, owner, _span(places) * _TOLERANCE_SHARE)
    if fit is None:
        return None
    inside, tolerance = fit
    matrix = _least_squares(points[inside], places[inside])
    for _ in range(3):
        tolerance *= 0.8
        off = np.abs(_applied(matrix, points) - places)
        inside = off <= max(tolerance, 2.5 * float(np.median(off[inside])))
        if len(set(owner[inside])) < _LEAST_ANCHORS:
            return None
        matrix = _least_squares(points[inside], places[inside])
    return float(len(set(owner[inside]))), matrix


def _middle(anchor: Anchor) -> complex:
    return complex((anchor.box.x0 + anchor.box.x1) / 2, (anchor.box.y0 + anchor.box.y1) / 2)


def _span(points: Points) -> float:
    return float(max(np.ptp(points.real), np.ptp(points.imag), 1.0))


def _sampled(
    points: Points, places: Points, owner: npt.NDArray[np.int64], tolerance: float
) -> tuple[npt.NDArray[np.bool_], float] | None:
    """Which correspondences agree on one similarity, found by random pairs."""
    chance = np.random.default_rng(0)
    first, second = chance.integers(0, len(points), (2, _HYPOTHESES))
    across, over = points[second] - points[first], places[second] - places[first]
    # Neighbours say nothing precise about scale and turn.
    usable = np.abs(across) > 0.15 * _span(points)
    if not usable.any():
        return None
    first, across, over = first[usable], across[usable], over[usable]
    turn = over / across
    usable = (np.abs(np.angle(turn)) < _MOST_TURN) & (np.abs(turn) > _SCALES[0]) & (np.abs(turn) < _SCALES[1])
    if not usable.any():
        return None
    first, turn = first[usable], turn[usable]
    shift = places[first] - turn * points[first]
    near = np.abs(turn[:, None] * points + shift[:, None] - places) <= tolerance
    # An anchor counts once, however many of its places fit.
    belongs = owner[:, None] == np.unique(owner)
    counts = near.astype(np.int64) @ belongs.astype(np.int64) > 0
    best = int(counts.sum(axis=1).argmax())
    if counts[best].sum() < _LEAST_ANCHORS:
        return None
    return near[best], tolerance


def _least_squares(points: Points, places: Points) -> Matrix:
    """The affine transformation with the least squares; a similarity where the points do not settle more."""
    known = np.column_stack([points.real, points.imag, np.ones(len(points))])
    wanted = np.column_stack([places.real, places.imag])
    spread = np.linalg.svd(known[:, :2] - known[:, :2].mean(axis=0), compute_uv=False)
    if len(points) >= 6 and spread[1] > 0.1 * spread[0]:
        return np.asarray(np.linalg.lstsq(known, wanted, rcond=None)[0].T, np.float64)
    centred, target = points - points.mean(), places - places.mean()
    turn = complex((target * centred.conj()).sum() / max(float((np.abs(centred) ** 2).sum()), 1e-9))
    shift = complex(places.mean() - turn * points.mean())
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def _applied(matrix: Matrix, points: Points) -> Points:
    moved = np.column_stack([points.real, points.imag, np.ones(len(points))]) @ matrix.T
    return np.asarray(moved[:, 0] + 1j * moved[:, 1])


def _verified(page: _PageText, template: FormTemplate, matrix: Matrix) -> tuple[float, float, frozenset[Spot]]:
    """Score, weight of all anchors, and the printed characters."""
    empty = Registration(template, matrix, 0.0, frozenset())
    total = hit = 0.0
    printed: set[Spot] = set()
    for anchor in template.anchors:
        folded = fold_print(anchor.text)
        if not folded:
            continue
        x0, y0, x1, y1 = empty.place(anchor.box)
        slack = 0.5 * (y1 - y0)
        inside = np.flatnonzero(
            (page.centres[:, 0] >= x0 - slack)
            & (page.centres[:, 0] <= x1 + slack)
            & (page.centres[:, 1] >= y0 - 0.3 * slack)
            & (page.centres[:, 1] <= y1 + 0.3 * slack)
        )
        here = "".join(page.text[i] for i in inside)
        same, start = _likeness(folded, here)
        weight = _weight(folded)
        total += weight
        if same >= _SAME_TEXT:
            hit += weight * same
            # Where it was misread, what stands beside its place may be filled in.
            misread = inside[(page.centres[inside, 0] >= x0) & (page.centres[inside, 0] <= x1)]
            span = inside[start : start + len(folded)] if start >= 0 else misread
            printed |= {page.spots[i] for i in span}
    return (hit / total if total else 0.0), total, frozenset(printed)


def _likeness(text: str, here: str) -> tuple[float, int]:
    """How like a text is to what stands at its place, 0.0 to 1.0, and where in that it begins, -1 where it is not whole."""
    start = here.find(text)
    if start >= 0:
        return 1.0, start
    return difflib.SequenceMatcher(None, text, here, autojunk=False).ratio(), -1
