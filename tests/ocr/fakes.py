"""Engines that do what a test needs."""

from ocr.engine import Glyph, Pixels, Run
from ocr.errors import EngineFailedError
from ocr.image.rulings import Rulings


class SayingEngine:
    """Reads the same lines from every page."""

    name = "saying 1.0"

    def __init__(self, *lines: tuple[str, int, int], rotation_deg: int = 0) -> None:
        self.lines = lines
        self.rotation_deg = rotation_deg

    def look_at(self, pixels: Pixels) -> "SayingEngine":
        return self

    def rotation(self) -> int:
        return self.rotation_deg

    def read(self, rulings: Rulings) -> list[Run]:
        runs = []
        for text, x, y in self.lines:
            glyphs = tuple(Glyph(c, x + 40 * i, x + 40 * (i + 1), 0.9) for i, c in enumerate(text))
            runs.append(Run(glyphs, x, y, x + 40 * len(text), y + 40, 0.9))
        return runs


class FailingEngine:
    """Gives up on every page."""

    name = "failing 1.0"

    def look_at(self, pixels: Pixels) -> "FailingEngine":
        return self

    def rotation(self) -> int:
        return 0

    def read(self, rulings: Rulings) -> list[Run]:
        raise EngineFailedError(self.name)
