"""What a reader of pages must be able to do, whichever program does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from .errors import EngineUnavailableError, UnknownEngineError
from .image.rulings import Rulings

__all__ = ["ENGINE_NAMES", "EnginePage", "Glyph", "GrayLevels", "OcrEngine", "Pixels", "Run", "open_engine"]

Pixels = npt.NDArray[np.uint8]
"""An RGB image, shape (height, width, 3)."""

GrayLevels = npt.NDArray[np.uint8]
"""A grey image, shape (height, width), dark on light."""

ENGINE_NAMES = ("auto", "rapidocr", "tesseract")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a run, with the stretch of the line it takes."""

    text: str
    x0: float
    x1: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Run:
    """A line, or part of a line, as an engine recognises it on the upright page.

    Attributes:
        glyphs: Its characters from left to right, blanks included; at least one that is not blank.
        x0: Left edge in pixels of the image that was given; ``y0``, ``x1``, ``y1`` alike.
        confidence: 0.0 to 1.0, of the whole run.
    """

    glyphs: tuple[Glyph, ...]
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float

    @property
    def text(self) -> str:
        """The characters in a row."""
        return "".join(glyph.text for glyph in self.glyphs)


class EnginePage(Protocol):
    """A page that an engine has looked at: it knows where the lines are, not yet what they say."""

    def rotation(self) -> int:
        """The clockwise turn in degrees (0, 90, 180, 270) that makes the page upright; 0 when in doubt.

        Raises:
            EngineFailedError: The engine gave up.
            EngineTimeoutError: It took too long.
        """

    def read(self, rulings: Rulings) -> list[Run]:
        """The text of the page, which must be upright.

        Args:
            rulings: Its ruling lines, in its pixels; no run crosses a vertical one.

        Raises:
            EngineFailedError: The engine gave up.
            EngineTimeoutError: It took too long.
        """


class OcrEngine(Protocol):
    """Recognises the text of page images. Not safe for two threads at once: open one engine for each."""

    @property
    def name(self) -> str:
        """Name and version, such as ``rapidocr 3.10.0``."""

    def look_at(self, pixels: Pixels) -> EnginePage:
        """Look at a page, upright or not.

        Looking and reading are apart because most pages are upright: the lines found while looking then serve for both
        the orientation and the text.

        Raises:
            EngineFailedError: The engine gave up.
        """


def open_engine(name: str = "auto", *, threads: int | None = None, languages: Sequence[str] = ()) -> OcrEngine:
    """Load an engine with its models, which takes a second; keep it for all pages of the process.

    Args:
        name: ``rapidocr``, ``tesseract``, or ``auto``: RapidOCR where it can be loaded, otherwise Tesseract.
        threads: How many threads it may use; None: as many as the machine has for the process.
        languages: Tesseract's names of languages in scripts that RapidOCR does not know, such as ``rus`` or ``tha``; pages
            in them are read by Tesseract too.

    Raises:
        LanguageMissingError: Tesseract has no files for one of ``languages``.
        UnknownEngineError: There is no engine of that name.
        EngineUnavailableError: It is not installed, or cannot be loaded.
    """
    from .engines.rapid import RapidEngine
    from .engines.tesseract import TesseractEngine

    if name not in ENGINE_NAMES:
        raise UnknownEngineError(name, ENGINE_NAMES)
    if name == "tesseract":
        return TesseractEngine(threads=threads, languages=languages)
    second = TesseractEngine(languages=languages, alone=False) if languages else None
    try:
        return RapidEngine(threads=threads, second=second)
    except EngineUnavailableError:
        if name == "rapidocr":
            raise
        return TesseractEngine(threads=threads, languages=languages)
