"""Finds the fonts, all from Debian packages, that print and fill the forms."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from random import Random

from PIL import ImageFont

FONT_DIRS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
"""Where Debian, a local administrator and a user put fonts."""


class FontMissingError(Exception):
    """None of the fonts that could draw a style is installed."""

    def __init__(self, style: str, packages: tuple[str, ...]) -> None:
        self.style = style
        self.packages = packages
        super().__init__(
            f"No font for {style!r} text is installed. Install one of these Debian packages: {', '.join(packages)}."
        )


class Style(StrEnum):
    """What a text is on the form."""

    PRINTED = "printed"
    HEADING = "heading"
    TYPED = "typed"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Face:
    """One font of one file.

    Attributes:
        family: Family name, which picks the font out of a collection (.ttc).
        file: Name of the file, wherever it lies under the font folders.
        package: Debian package that brings it.
        scale: Factor on the point size: hand-like fonts differ much in how much of their body they fill.
    """

    family: str
    file: str
    package: str
    scale: float = 1.0


FACES: dict[tuple[str, Style], tuple[Face, ...]] = {
    ("zh", Style.PRINTED): (
        Face("AR PL UMing CN", "uming.ttc", "fonts-arphic-uming"),
        Face("Noto Serif CJK SC", "NotoSerifCJK-Regular.ttc", "fonts-noto-cjk"),
        Face("Noto Sans CJK SC", "NotoSansCJK-Regular.ttc", "fonts-noto-cjk"),
        Face("WenQuanYi Zen Hei", "wqy-zenhei.ttc", "fonts-wqy-zenhei"),
    ),
    ("zh", Style.HEADING): (
        Face("Noto Sans CJK SC", "NotoSansCJK-Bold.ttc", "fonts-noto-cjk"),
        Face("Noto Serif CJK SC", "NotoSerifCJK-Bold.ttc", "fonts-noto-cjk"),
        Face("WenQuanYi Zen Hei", "wqy-zenhei.ttc", "fonts-wqy-zenhei"),
    ),
    ("zh", Style.TYPED): (
        Face("Noto Sans CJK SC", "NotoSansCJK-Regular.ttc", "fonts-noto-cjk"),
        Face("WenQuanYi Zen Hei", "wqy-zenhei.ttc", "fonts-wqy-zenhei"),
        Face("AR PL UMing CN", "uming.ttc", "fonts-arphic-uming"),
    ),
    ("zh", Style.HAND): (Face("AR PL UKai CN", "ukai.ttc", "fonts-arphic-ukai", 1.08),),
    ("en", Style.PRINTED): (
        Face("Liberation Sans", "LiberationSans-Regular.ttf", "fonts-liberation"),
        Face("Liberation Serif", "LiberationSerif-Regular.ttf", "fonts-liberation"),
        Face("DejaVu Sans", "DejaVuSans.ttf", "fonts-dejavu-core", 0.92),
    ),
    ("en", Style.HEADING): (
        Face("Liberation Sans", "LiberationSans-Bold.ttf", "fonts-liberation"),
        Face("Liberation Serif", "LiberationSerif-Bold.ttf", "fonts-liberation"),
        Face("DejaVu Sans", "DejaVuSans-Bold.ttf", "fonts-dejavu-core", 0.92),
    ),
    ("en", Style.TYPED): (
        Face("Liberation Mono", "LiberationMono-Regular.ttf", "fonts-liberation"),
        Face("DejaVu Sans Mono", "DejaVuSansMono.ttf", "fonts-dejavu-core", 0.92),
        Face("Liberation Sans", "LiberationSans-Regular.ttf", "fonts-liberation"),
    ),
    ("en", Style.HAND): (
        Face("dkg", "dkg.ttf", "fonts-dkg-handwriting", 1.25),
        Face("Breip", "Breip.ttf", "fonts-breip", 1.2),
        Face("Liberation Serif", "LiberationSerif-Italic.ttf", "fonts-liberation", 1.05),
    ),
}
"""Candidates for each language and style; one of the installed ones is drawn by lot for each form."""


@cache
def _files() -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in FONT_DIRS:
        for path in sorted(folder.rglob("*.[to]t[fc]")):
            found.setdefault(path.name, path)
    return found


@cache
def load_font(face: Face, size_px: int) -> ImageFont.FreeTypeFont | None:
    """Return the face at that size, or None when it is not installed."""
    path = _files().get(face.file)
    if path is None:
        return None
    if path.suffix != ".ttc":
        return ImageFont.truetype(path, size_px)
    for index in range(32):
        try:
            font = ImageFont.truetype(path, size_px, index=index)
        except OSError:
            return None
        if font.getname()[0] == face.family:
            return font
    return None


def installed_faces(language: str, style: Style) -> tuple[Face, ...]:
    """Return the installed candidates for a style, in the order of ``FACES``."""
    return tuple(face for face in FACES[language, style] if load_font(face, 12) is not None)


def choose_face(language: str, style: Style, random: Random) -> Face:
    """Draw one of the installed faces by lot.

    Raises:
        FontMissingError: None is installed.
    """
    faces = installed_faces(language, style)
    if not faces:
        packages = tuple(dict.fromkeys(face.package for face in FACES[language, style]))
        raise FontMissingError(f"{language} {style}", packages)
    return random.choice(faces)
