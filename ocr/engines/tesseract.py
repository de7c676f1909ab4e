"""Tesseract through pytesseract: the second reader, where it is installed."""

import math
import re
import shutil
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytesseract
from PIL import Image

from ..engine import Glyph, GrayLevels, Pixels, Run
from ..errors import EngineFailedError, EngineTimeoutError, EngineUnavailableError, LanguageMissingError
from ..image.rulings import Rulings

__all__ = ["TesseractEngine", "read_line"]

_WANTED = ("chi_sim", "eng")
_REMEDY = "Install the program tesseract with its language files (Debian: tesseract-ocr tesseract-ocr-chi-sim)."
_TIMEOUT_S = 120.0
_LINE_TIMEOUT_S = 5.0
_MIN_WORD_CONFIDENCE = 30.0  # Tesseract's own scale, 0 to 100
_FIRST_UNSPACED = "\u2e80"  # from here on, characters of East Asia, which no blanks part
_LONG_SHARE = 1 / 16  # of the page's longer side: horizontal lines from which on they are painted over
_OSD_SURE = 2.0  # below this its orientation is a guess
_ERRORS = (pytesseract.TesseractError, OSError, ValueError, KeyError, UnicodeDecodeError)


@cache
def _languages() -> tuple[str, ...]:
    if shutil.which(pytesseract.pytesseract.tesseract_cmd) is None:
        raise EngineUnavailableError("tesseract", _REMEDY)
    try:
        return tuple(pytesseract.get_languages())
    except _ERRORS:
        raise EngineUnavailableError("tesseract", _REMEDY) from None


class TesseractEngine:
    """Slower and weaker on Chinese than RapidOCR, but it knows a hundred languages and an independent second opinion."""

    def __init__(self, *, threads: int | None = None, languages: Sequence[str] = (), alone: bool = True) -> None:
        """Find the program and its files.

        Args:
            threads: Not heeded.
            languages: Tesseract's names of languages to read besides Chinese and English.
            alone: Whether there is no other reader, so that Chinese is read as well.

        Raises:
            LanguageMissingError: It has no files for one of ``languages``.
            EngineUnavailableError: It is not here, or has no files for Chinese and English either.
        """
        installed = _languages()
        if missing := tuple(language for language in languages if language not in installed):
            raise LanguageMissingError(missing)
        usual = _WANTED if alone else _WANTED[1:]
        wanted = [*languages, *(language for language in usual if language in installed and language not in languages)]
        if not wanted:
            raise EngineUnavailableError("tesseract", _REMEDY)
        self._languages = "+".join(wanted)
        self._knows_orientation = "osd" in installed
        # Its own threads gain little on a page; OMP_THREAD_LIMIT is the environment's business.
        version = re.search(r"\d+(?:\.\d+)+", str(pytesseract.get_tesseract_version()))
        self.name = f"tesseract {version[0] if version else 'unknown'}"

    def look_at(self, pixels: Pixels) -> "_TesseractPage":
        """See ``OcrEngine.look_at``; Tesseract itself sees nothing before it is asked."""
        return _TesseractPage(self, pixels)

    def rotation_of(self, pixels: Pixels) -> int:
        """See ``EnginePage.rotation``; without the file ``osd`` every page counts as upright."""
        if not self._knows_orientation:
            return 0
        try:
            found = pytesseract.image_to_osd(
                Image.fromarray(pixels), config="--psm 0", output_type=pytesseract.Output.DICT, timeout=_TIMEOUT_S
            )
        except pytesseract.TesseractError:
            return 0  # it says so when a page has too few characters
        except RuntimeError:
            raise EngineTimeoutError(self.name, _TIMEOUT_S) from None
        if float(found["orientation_conf"]) < _OSD_SURE:
            return 0
        return int(found["rotate"]) % 360

    def runs_of(self, pixels: Pixels, rulings: Rulings) -> list[Run]:
        """See ``EnginePage.read``. The ruling lines are painted over first: Tesseract takes them for letters."""
        try:
            data = pytesseract.image_to_data(
                Image.fromarray(_without(pixels, rulings)),
                lang=self._languages,
                config="--psm 11",
                output_type=pytesseract.Output.DICT,
                timeout=_TIMEOUT_S,
            )
        except RuntimeError as error:
            if isinstance(error, pytesseract.TesseractError):
                raise EngineFailedError(self.name) from None
            raise EngineTimeoutError(self.name, _TIMEOUT_S) from None
        except _ERRORS:
            raise EngineFailedError(self.name) from None
        return _runs(data, rulings)


class _TesseractPage:
    """A page, as yet unread."""

    def __init__(self, engine: TesseractEngine, pixels: Pixels) -> None:
        self._engine = engine
        self._pixels = pixels

    def rotation(self) -> int:
        """See ``EnginePage.rotation``."""
        return self._engine.rotation_of(self._pixels)

    def read(self, rulings: Rulings) -> list[Run]:
        """See ``EnginePage.read``."""
        return self._engine.runs_of(self._pixels, rulings)


def read_line(line: GrayLevels, characters: str) -> str | None:
    """Read one line of print that consists of certain characters; None where Tesseract is not here, or gives up.

    Args:
        line: The line with some paper round it, upright.
        characters: All that it may see.
    """
    try:
        if "eng" not in _languages():
            return None
        text = pytesseract.image_to_string(
            Image.fromarray(line),
            lang="eng",
            config=f"--psm 7 -c tessedit_char_whitelist={characters}",
            timeout=_LINE_TIMEOUT_S,
        )
    except (EngineUnavailableError, RuntimeError, *_ERRORS):
        return None
    return str(text).strip() or None


def _without(pixels: Pixels, rulings: Rulings) -> Pixels:
    """The page with its ruling lines in the colour of its paper."""
    clean = pixels.copy()
    paper = np.percentile(pixels[::8, ::8].reshape(-1, 3), 80, axis=0).astype(np.uint8)
    thick = max(2, max(pixels.shape) // 900)
    for s in rulings.horizontal:
        if s.length < max(pixels.shape) * _LONG_SHARE:
            continue  # it may be a stroke of a large letter
        clean[max(0, int(s.at) - thick) : int(s.at) + thick + 1, int(s.start) : math.ceil(s.end)] = paper
    for s in rulings.vertical:
        clean[int(s.start) : math.ceil(s.end), max(0, int(s.at) - thick) : int(s.at) + thick + 1] = paper
    return clean


def _runs(data: dict[str, list[str | int | float]], rulings: Rulings) -> list[Run]:
    """Words of one line that stand close together become one run; ruling lines and wide gaps part them."""
    lines: dict[tuple[int, int, int], list[int]] = {}
    for i, text in enumerate(data["text"]):
        if str(text).strip() and float(data["conf"][i]) >= _MIN_WORD_CONFIDENCE:
            key = (int(data["block_num"][i]), int(data["par_num"][i]), int(data["line_num"][i]))
            lines.setdefault(key, []).append(i)

    runs = []
    for members in lines.values():
        group: list[Glyph] = []
        top, bottom = math.inf, -math.inf
        for i in sorted(members, key=lambda i: int(data["left"][i])):
            x0, y0 = int(data["left"][i]), int(data["top"][i])
            x1, y1 = x0 + int(data["width"][i]), y0 + int(data["height"][i])
            if group:
                gap = x0 - group[-1].x1
                tall = max(bottom, y1) - min(top, y0)
                parted = any(group[-1].x1 - 3 <= cut <= x0 + 3 for cut in rulings.cuts(group[0].x0 - tall, y0, x1, y1))
                if gap > tall or parted:
                    runs.append(_run(group, top, bottom))
                    group, top, bottom = [], math.inf, -math.inf
                elif gap > 0.15 * tall and max(group[-1].text, str(data["text"][i])[:1]) < _FIRST_UNSPACED:
                    group.append(Glyph(" ", group[-1].x1, x0, 1.0))
            text = str(data["text"][i]).strip()
            step = (x1 - x0) / len(text)
            confidence = min(1.0, max(0.0, float(data["conf"][i]) / 100))
            group += [Glyph(c, x0 + n * step, x0 + (n + 1) * step, confidence) for n, c in enumerate(text)]
            top, bottom = min(top, y0), max(bottom, y1)
        if group:
            runs.append(_run(group, top, bottom))
    return runs


def _run(glyphs: list[Glyph], top: float, bottom: float) -> Run:
    marks = [g.confidence for g in glyphs if g.text != " "]
    return Run(tuple(glyphs), glyphs[0].x0, top, glyphs[-1].x1, bottom, sum(marks) / len(marks))
