"""RapidOCR: the PP-OCR detector and recogniser on OpenVINO, with the models that lie inside RapidOCR's wheel.

Its parts are driven one by one instead of as a whole, because between finding the lines and reading them we cut the lines at
the ruling lines of the form, and because its own pipeline shrinks pages before it reads them.
"""

import importlib.metadata
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import numpy.typing as npt

from ..engine import Glyph, OcrEngine, Pixels, Run
from ..errors import EngineFailedError, EngineUnavailableError
from ..image.rulings import Rulings
from .languages import in_doubt, with_foreign_lines
from .recogniser import LineReader, LineText

__all__ = ["RapidEngine"]

Quads = npt.NDArray[np.float32]

_DETECTION_SIDE_PX = 1760
"""Measured on real forms of 100 to 200 dpi: at 1600 more characters are lost, at 2000 as few, and it takes a fifth longer."""
_DETECTION_GRID_PX = 32
"""Sides of the image that the detector's network takes are multiples of this."""
_BOX_THRESHOLD = 0.5
_UNCLIP_RATIO = 1.6
_MIN_RUN_CONFIDENCE = 0.5
_RECOGNISER = "PP-OCRv6_rec_small.onnx"
_VOTERS = 12
_FEW, _VERY_FEW = 6, 3
"""So many lines are read both ways to tell which way is up, and fewer without a vote before; with fewer still, one way has to
make sense."""
_MAKES_SENSE, _LEAST_SENSE = 0.8, 4
"""Mean confidence, and number of characters, from which on lines count as read."""
_TALL = 1.5
_ONE_EMPTY_BOX = ("\u2610", "\u25a1")
"""The recogniser has two characters for an empty box to tick; the second stands for both."""
_ENGINE_ERRORS = (RuntimeError, ValueError, LookupError, TypeError, cv2.error)


class RapidEngine:
    """The default reader, for Chinese and for every language in Latin letters."""

    def __init__(self, *, threads: int | None = None, second: OcrEngine | None = None) -> None:
        """Load the models.

        Args:
            threads: How many it may use; None: as many as the machine has.
            second: Reads the pages that seem to be in scripts which this one does not know.

        Raises:
            EngineUnavailableError: A package or a model is missing.
        """
        try:
            import rapidocr
            from rapidocr.inference_engine.openvino.main import OpenVINOError
            from rapidocr.main import RapidOCRError
            from rapidocr.utils.typings import EngineType
        except (ImportError, OSError):
            raise EngineUnavailableError("rapidocr", "Install the packages rapidocr and openvino.") from None
        models = Path(rapidocr.__file__).parent / "models"
        parts = {"Det": "PP-OCRv6_det_small.onnx", "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx"}
        params: dict[str, Any] = {
            "Global.log_level": "error",
            "EngineConfig.openvino.inference_num_threads": min(threads or -1, os.cpu_count() or 1),
            "Det.box_thresh": _BOX_THRESHOLD,
            "Det.unclip_ratio": _UNCLIP_RATIO,
        }
        if not all((models / file).is_file() for file in (*parts.values(), _RECOGNISER)):
            raise EngineUnavailableError("rapidocr", "Its models are missing; install the package rapidocr again.")
        for part, file in parts.items():
            # An explicit path keeps RapidOCR from looking for, or fetching, anything else.
            params[f"{part}.engine_type"] = EngineType.OPENVINO
            params[f"{part}.model_path"] = str(models / file)
        logging.getLogger("RapidOCR").setLevel(
            logging.ERROR
        )  # loading reports at level "info" before the parameter counts
        try:
            rapid = cast(Any, rapidocr.RapidOCR(params=params))
            self._detector = rapid._load_det_model()
            self._classifier = rapid._load_cls_model()
            self._lines = LineReader(models / _RECOGNISER, threads=threads)
        except (OpenVINOError, RapidOCRError, *_ENGINE_ERRORS, OSError, ImportError):
            raise EngineUnavailableError(
                "rapidocr", "Its models cannot be loaded; install rapidocr and openvino again."
            ) from None
        self._second = second
        self._errors = (OpenVINOError, RapidOCRError, *_ENGINE_ERRORS)
        self.name = f"rapidocr {importlib.metadata.version('rapidocr')}"

    def look_at(self, pixels: Pixels) -> "_RapidPage":
        """See ``OcrEngine.look_at``."""
        with self.failing_plainly():
            image = _bgr(pixels)
            return _RapidPage(self, image, self._detect(image))

    @contextmanager
    def failing_plainly(self) -> Iterator[None]:
        """Make whatever the libraries raise within the block an ``EngineFailedError``, which quotes nothing of a page."""
        try:
            yield
        except self._errors:
            raise EngineFailedError(self.name) from None

    def rotation_of(self, image: Pixels, quads: Quads) -> int:
        """The clockwise turn that makes a page with these lines upright.

        Standing lines mean a page on its side. Then the classifier for lines that are upside down votes over the longest
        ones, and reading some both ways settles it. Columns of Chinese characters that stand upright are no lines on their side.
        """
        widths, heights = _sizes(quads)
        long = np.maximum(widths, heights) > 2.5 * np.minimum(widths, heights)
        if not long.any():
            return 0
        on_its_side = bool((heights > widths)[long].mean() > 0.6)
        along, across = (heights, widths) if on_its_side else (widths, heights)
        longest = [i for i in np.argsort(-along)[:_VOTERS] if along[i] > 2 * across[i]]
        # A standing line is cut out with its top to the left of the page.
        crops = [_crop(image, quads[i]) for i in longest]
        upside_down = self._upside_down(crops)
        if upside_down is None or (on_its_side and not upside_down and self._runs_downwards(crops[:_FEW])):
            return 0
        return (90 if upside_down else 270) if on_its_side else (180 if upside_down else 0)

    def _upside_down(self, crops: list[Pixels]) -> bool | None:
        """Whether lines are upside down; None where too few are there to tell."""
        if len(crops) >= _FEW:
            votes = self._classifier(list(crops)).cls_res
            if sum(1 for label, _ in votes if label == "180") <= 0.25 * len(votes):
                return False
        # The classifier is fast and rather often wrong; reading a few lines both ways settles it.
        ahead = self._lines.read(crops[:_FEW])
        turned_round = self._lines.read([np.ascontiguousarray(np.rot90(crop, k=2)) for crop in crops[:_FEW]])
        if len(crops) < _VERY_FEW and max(map(_sense, (ahead, turned_round))) < _MAKES_SENSE:
            return None
        return _sureness(turned_round) > 1.15 * _sureness(ahead)

    def _runs_downwards(self, crops: Sequence[Pixels]) -> bool:
        """Whether standing lines are columns of upright characters: put in a row one by one, these can be read as well.

        The recogniser reads a column that is cut out like a line on its side, so its own answer does not tell.
        """
        rows = [_in_a_row(crop, line) for crop, line in zip(crops, self._lines.read(crops), strict=True)]
        return _sense(self._lines.read([row for row in rows if row is not None])) >= _MAKES_SENSE

    def runs_of(self, image: Pixels, quads: Quads, rulings: Rulings) -> list[Run]:
        """What stands in these lines of an upright page; what is hardly more than a guess is left out."""
        lines = self._lines.read([_crop(image, quad) for quad in quads])
        runs = [
            _run(line, quad)
            for quad, line in zip(quads, lines, strict=True)
            if line.text.strip() and line.confidence >= _MIN_RUN_CONFIDENCE
        ]
        if self._second is not None and in_doubt([line.confidence for line in lines if line.text.strip()]):
            rgb = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8)
            return with_foreign_lines(runs, self._second.look_at(rgb).read(rulings))
        return runs

    def _detect(self, image: Pixels) -> Quads:
        """Corner points of the lines, shape (n, 4, 2), from the top left one clockwise.

        The image is scaled to the network's range by OpenCV; the library's own arithmetic in double precision takes a
        third of the detector's time.
        """
        height, width = image.shape[:2]
        factor = min(1.0, _DETECTION_SIDE_PX / max(height, width))
        size = tuple(max(1, round(side * factor / _DETECTION_GRID_PX)) * _DETECTION_GRID_PX for side in (width, height))
        blob = cv2.dnn.blobFromImage(cv2.resize(image, size), 2 / 255, mean=(127.5, 127.5, 127.5))
        found, _ = self._detector.postprocess_op(self._detector.session(blob), (height, width))
        return np.asarray(found, dtype=np.float32).reshape(-1, 4, 2)


class _RapidPage:
    """A page with the corner points of its lines."""

    def __init__(self, engine: RapidEngine, image: Pixels, quads: Quads) -> None:
        self._engine = engine
        self._image = image
        self._quads = quads

    def rotation(self) -> int:
        """See ``EnginePage.rotation``."""
        with self._engine.failing_plainly():
            return self._engine.rotation_of(self._image, self._quads)

    def read(self, rulings: Rulings) -> list[Run]:
        """See ``EnginePage.read``."""
        with self._engine.failing_plainly():
            return self._engine.runs_of(self._image, _cut(self._quads, rulings), rulings)


def _sureness(lines: Sequence[LineText]) -> float:
    """Of all characters together: what is read the wrong way round has fewer of them, and less sure ones."""
    return sum(sum(line.confidences) for line in lines)


def _sense(lines: Sequence[LineText]) -> float:
    """The mean confidence of the characters of all lines, 0.0 where there are hardly any."""
    count = sum(len(line.confidences) for line in lines)
    return _sureness(lines) / count if count >= _LEAST_SENSE else 0.0


def _in_a_row(crop: Pixels, line: LineText) -> Pixels | None:
    """The Chinese characters of a line each turned by a quarter, side by side; None where it has none."""
    height, width = crop.shape[:2]
    turned = []
    for character, column in zip(line.text, line.columns, strict=True):
        left = round((column + 0.5) / line.column_count * width - height / 2)
        if "\u3400" <= character <= "\u9fff" and 0 <= left <= width - height:
            turned.append(np.rot90(crop[:, left : left + height], k=-1))
    return np.ascontiguousarray(np.hstack(turned)) if turned else None


def _bgr(pixels: Pixels) -> Pixels:
    """PP-OCR was trained on images in OpenCV's order of channels."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), dtype=np.uint8)


def _sizes(quads: Quads) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    return (
        np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1),
        np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1),
    )


def _crop(image: Pixels, quad: Quads) -> Pixels:
    """The line in ``quad``, straightened."""
    width = max(1, round(float(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[3] - quad[2])))))
    height = max(1, round(float(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2])))))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
    crop = cv2.warpPerspective(image, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC)
    if height >= _TALL * width:
        crop = np.ascontiguousarray(np.rot90(crop))
    return np.asarray(crop, dtype=np.uint8)


def _cut(quads: Quads, rulings: Rulings) -> Quads:
    """Lines that run across a vertical ruling line are cut there."""
    pieces: list[Quads] = []
    for quad in quads:
        x0, y0 = quad.min(axis=0)
        x1, y1 = quad.max(axis=0)
        places = rulings.cuts(float(x0), float(y0), float(x1), float(y1)) if x1 - x0 > y1 - y0 else []
        edges = [0.0, *((place - x0) / max(x1 - x0, 1.0) for place in places), 1.0]
        for left, right in pairwise(edges):
            top = [quad[0] + (quad[1] - quad[0]) * share for share in (left, right)]
            bottom = [quad[3] + (quad[2] - quad[3]) * share for share in (left, right)]
            pieces.append(np.array([top[0], top[1], bottom[1], bottom[0]], dtype=np.float32))
    return np.array(pieces, dtype=np.float32).reshape(-1, 4, 2)


def _run(line: LineText, quad: Quads) -> Run:
    """Characters to their places: the recogniser says in which of its columns it saw each one.

    A blank takes what lies between its neighbours.
    """
    x0, y0 = (float(v) for v in quad.min(axis=0))
    x1, y1 = (float(v) for v in quad.max(axis=0))
    text = line.text.replace(*_ONE_EMPTY_BOX)
    marks = [(c, column) for c, column in zip(text, line.columns, strict=True) if not c.isspace()]
    centres = [x0 + (column + 0.5) / line.column_count * (x1 - x0) for _, column in marks]
    edges = _edges(centres, [c for c, _ in marks], x0, x1, y1 - y0)
    glyphs: list[Glyph] = []
    at = 0
    for character, confidence in zip(text, line.confidences, strict=True):
        if character.isspace():
            left = edges[at - 1][1] if at else x0
            right = edges[at][0] if at < len(edges) else x1
            glyphs.append(Glyph(" ", left, max(left, right), 1.0))
        else:
            glyphs.append(Glyph(character, *edges[at], confidence))
            at += 1
    overall = sum(g.confidence for g in glyphs if g.text != " ") / len(marks)
    return Run(tuple(glyphs), x0, y0, x1, y1, overall)


def _edges(centres: list[float], marks: list[str], x0: float, x1: float, height: float) -> list[tuple[float, float]]:
    """From centres of characters to the stretches they take: half-way to the neighbour, never wider than a character is."""
    edges = []
    for i, (centre, mark) in enumerate(zip(centres, marks, strict=True)):
        half = height * (0.42 if ord(mark) > 0x2E7F else 0.26)
        left = max(x0, centre - half, (centres[i - 1] + centre) / 2 if i else x0)
        right = min(x1, centre + half, (centres[i + 1] + centre) / 2 if i + 1 < len(centres) else x1)
        edges.append((min(left, centre), max(right, centre)))
    return edges
