"""The sheet of paper that a form is printed on and filled in: drawing in millimetres, recording what stands where."""

import math
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw

from .answers import Answer
from .fonts import Face, Style, choose_face, load_font

Colour = tuple[int, int, int]
BLACK: Colour = (25, 25, 28)
STAMP_RED: Colour = (198, 30, 38)
INKS: tuple[Colour, ...] = ((22, 30, 110), (20, 20, 24), (30, 52, 140))
"""What pens write in: blue, black, light blue."""

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72


class Ink(NamedTuple):
    """A rectangle that holds ink and nothing beyond it, in pixels of the sheet; ``x1`` and ``y1`` lie just outside."""

    x0: int
    y0: int
    x1: int
    y1: int

    @classmethod
    def around(cls, boxes: "list[Ink]") -> "Ink":
        """Return the smallest rectangle around all of them."""
        return cls(
            min(b.x0 for b in boxes), min(b.y0 for b in boxes), max(b.x1 for b in boxes), max(b.y1 for b in boxes)
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """A text on the sheet, one line of it."""

    text: str
    ink: Ink


@dataclass(frozen=True, slots=True)
class Pair:
    """A printed label and what was filled in for it; ``record`` is the row of its table, from 1, where it stands in one."""

    key: str
    answer: Answer
    key_ink: Ink
    value_ink: Ink
    record: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The room that a form leaves for one answer.

    Attributes:
        key: The label as printed.
        asks: Name of the answer.
        room: Where it is.
        options: The printed options with their boxes to tick; empty where the answer is written.
        boxed: Whether each character of the answer has a box of its own.
    """

    key: str
    asks: str
    room: Ink
    options: tuple[tuple[str, Ink], ...] = ()
    boxed: bool = False


class Area(NamedTuple):
    """A rectangle of the sheet, in millimetres from its top left corner."""

    x: float
    y: float
    width: float
    height: float

    def inset(self, margin_mm: float) -> "Area":
        """Return the area without a margin on all sides."""
        return Area(self.x + margin_mm, self.y + margin_mm, self.width - 2 * margin_mm, self.height - 2 * margin_mm)


class Sheet:
    """White paper, printed and written on.

    Attributes:
        marks: Every text on it, in the order drawn.
        pairs: Every filled-in field, in the order drawn.
        places: The room for every answer, filled in or not.
        faces: The font of each style used.
    """

    def __init__(
        self,
        width_mm: float,
        height_mm: float,
        *,
        dpi: int,
        language: str,
        filling: Style,
        random: Random,
        printing: Random | None = None,
    ) -> None:
        """Cut a sheet.

        Args:
            filling: How it is filled in: ``Style.HAND`` or ``Style.TYPED``.
            random: Draws ink, the hand's face and its unsteadiness.
            printing: Draws the faces of what is printed; ``random`` does where it is None.
        """
        self.width_mm = width_mm
        self.height_mm = height_mm
        self.dpi = dpi
        self.language = language
        self.filling = filling
        self.random = random
        self.ink = random.choice(INKS) if filling is Style.HAND else BLACK
        printed = {Style.PRINTED, Style.HEADING}
        self.faces = {
            style: choose_face(language, style, printing if printing and style in printed else random)
            for style in Style
        }
        self.marks: list[Mark] = []
        self.pairs: list[Pair] = []
        self.places: list[Place] = []
        self.image = Image.new("RGB", (self.px(width_mm), self.px(height_mm)), (255, 255, 255))
        self._draw = ImageDraw.Draw(self.image)

    def px(self, mm: float) -> int:
        """Return a length in pixels."""
        return round(mm / MM_PER_INCH * self.dpi)

    def line(
        self, x0: float, y0: float, x1: float, y1: float, *, width_mm: float = 0.25, colour: Colour = BLACK
    ) -> None:
        """Draw a straight line between two points in millimetres."""
        ends = (self.px(x0), self.px(y0), self.px(x1), self.px(y1))
        self._draw.line(ends, fill=colour, width=max(1, self.px(width_mm)))

    def frame(self, area: Area, *, width_mm: float = 0.25, fill: Colour | None = None) -> None:
        """Draw the edge of an area, and its ground where a colour is given."""
        corners = (self.px(area.x), self.px(area.y), self.px(area.x + area.width), self.px(area.y + area.height))
        self._draw.rectangle(corners, outline=BLACK, fill=fill, width=max(1, self.px(width_mm)))

    def ask(
        self,
        area: Area,
        key: str,
        asks: str,
        options: tuple[tuple[str, Ink], ...] = (),
        *,
        boxed: bool = False,
    ) -> None:
        """Record the room for an answer."""
        room = Ink(self.px(area.x), self.px(area.y), self.px(area.x + area.width), self.px(area.y + area.height))
        self.places.append(Place(key, asks, room, options, boxed))

    def text_width_mm(self, text: str, style: Style, size_pt: float) -> float:
        """Return how wide a line of text would be."""
        font = load_font(self.faces[style], self._size_px(self.faces[style], size_pt))
        assert font is not None
        return font.getlength(text) / self.dpi * MM_PER_INCH

    def _size_px(self, face: Face, size_pt: float) -> int:
        return max(6, round(size_pt * face.scale / POINTS_PER_INCH * self.dpi))

    def text(self, x: float, y: float, text: str, style: Style, size_pt: float, *, colour: Colour = BLACK) -> Ink:
        """Write one line.

        Args:
            x: Left edge, in millimetres.
            y: Middle of the line, in millimetres.

        Returns: Where its ink is.
        """
        by_hand = style is Style.HAND
        face = self.faces[style]
        font = load_font(face, self._size_px(face, size_pt))
        assert font is not None
        ascent, descent = font.getmetrics()
        margin = ascent
        mask = Image.new(
            "L",
            (math.ceil(font.getlength(text) * (1.15 if by_hand else 1)) + 2 * margin, ascent + descent + 2 * margin),
        )
        if by_hand:
            self._write_unsteadily(mask, text, face, size_pt, margin)
        else:
            ImageDraw.Draw(mask).text((margin, margin), text, font=font, fill=255)
        left, top = self.px(x) - margin, self.px(y) - (ascent + descent) // 2 - margin
        self.image.paste(Image.new("RGB", mask.size, colour), (left, top), mask)
        # Where less than a quarter of a pixel is covered, nobody would see ink.
        bounds = mask.point(lambda level: 255 if level > 64 else 0).getbbox()
        assert bounds is not None, "a text without ink"
        ink = Ink(bounds[0] + left, bounds[1] + top, bounds[2] + left, bounds[3] + top)
        self.marks.append(Mark(text, ink))
        return ink

    def _write_unsteadily(self, mask: Image.Image, text: str, face: Face, size_pt: float, margin: int) -> None:
        """Write character by character, none quite like the last in size, height and slant."""
        nominal = self._size_px(face, size_pt)
        x = float(margin)
        slope = self.random.uniform(-0.012, 0.012)
        for character in text:
            size = max(6, round(nominal * self.random.uniform(0.95, 1.06)))
            font = load_font(face, size)
            assert font is not None
            advance = font.getlength(character)
            if character != " ":
                tile = Image.new("L", (math.ceil(advance) + 2 * size, 3 * size))
                ImageDraw.Draw(tile).text((size, size // 2), character, font=font, fill=255)
                tile = tile.rotate(self.random.uniform(-2.5, 2.5), Image.Resampling.BICUBIC)
                at = (
                    round(x) - size,
                    margin - size // 2 + round(self.random.gauss(0, 0.018) * size + slope * (x - margin)),
                )
                beneath = mask.crop((*at, at[0] + tile.width, at[1] + tile.height))
                mask.paste(ImageChops.lighter(beneath, tile), at)
            x += advance * self.random.uniform(0.99, 1.05)

    def text_in(
        self,
        area: Area,
        text: str,
        style: Style,
        size_pt: float,
        *,
        align: str = "left",
        colour: Colour = BLACK,
        least_pt: float = 6.5,
    ) -> Ink:
        """Write a text into an area: smaller where it is long, on two lines where that is not enough.

        Args:
            align: "left", "centre" or "right".
            least_pt: Size below which the text is wrapped instead; below a third less it would not be legible.
        """
        lines = [text]
        room = area.width - (0.06 * area.width if style is Style.HAND else 0)
        if self.text_width_mm(text, style, size_pt) > room:
            shrunk = size_pt * room / self.text_width_mm(text, style, size_pt)
            if shrunk >= max(least_pt, 0.8 * size_pt):
                size_pt = shrunk
            else:
                lines = self._wrapped(text, style, size_pt)
                widest = max(self.text_width_mm(line, style, size_pt) for line in lines)
                pitch_pt = area.height / len(lines) / MM_PER_INCH * POINTS_PER_INCH
                size_pt = min(size_pt, size_pt * room / widest, pitch_pt / 1.25)
        pitch = area.height / len(lines)
        boxes = []
        for number, line in enumerate(lines):
            spare = area.width - self.text_width_mm(line, style, size_pt)
            shift = {"left": 0.0, "centre": spare / 2, "right": spare}[align]
            boxes.append(
                self.text(
                    area.x + max(0.0, shift), area.y + (number + 0.5) * pitch, line, style, size_pt, colour=colour
                )
            )
        return Ink.around(boxes)

    def _wrapped(self, text: str, style: Style, size_pt: float) -> list[str]:
        """Break a text into two lines of about the same width; between words where it has any."""
        places = [at for at, character in enumerate(text) if character == " "] or list(range(1, len(text)))
        if not places:
            return [text]
        whole = self.text_width_mm(text, style, size_pt)
        best = min(places, key=lambda at: abs(self.text_width_mm(text[:at], style, size_pt) - 0.56 * whole))
        return [text[:best].rstrip(), text[best:].lstrip()]

    def fill(
        self,
        area: Area,
        key: str,
        key_ink: Ink,
        answer: Answer,
        size_pt: float,
        *,
        align: str = "left",
        record: int | None = None,
    ) -> None:
        """Write an answer into an area and note the pair, with its row where it stands in a table."""
        lift = self.random.uniform(-0.25, 0.25) if self.filling is Style.HAND else 0.0
        place = Area(
            area.x + (self.random.uniform(0, 1.2) if align == "left" else 0), area.y + lift, area.width, area.height
        )
        value_ink = self.text_in(place, answer.text, self.filling, size_pt, align=align, colour=self.ink)
        self.pairs.append(Pair(key, answer, key_ink, value_ink, record))

    def fill_digit_boxes(self, area: Area, key: str, key_ink: Ink, answer: Answer, size_pt: float) -> None:
        """Write an answer character by character into a row of boxes that fill the area."""
        pitch = area.width / len(answer.text)
        boxes = []
        for place, character in enumerate(answer.text):
            box = Area(area.x + place * pitch, area.y, pitch, area.height)
            self.frame(box, width_mm=0.15)
            if character == " ":
                continue
            boxes.append(self.text_in(box, character, self.filling, size_pt, align="centre", colour=self.ink))
        del self.marks[-len(boxes) :]
        ink = Ink.around(boxes)
        self.marks.append(Mark(answer.text, ink))
        self.pairs.append(Pair(key, answer, key_ink, ink))

    def choices(
        self,
        x: float,
        y: float,
        key: str,
        key_ink: Ink,
        options: tuple[str, ...],
        answer: Answer | None,
        size_pt: float,
        *,
        round_boxes: bool = False,
    ) -> tuple[tuple[str, Ink], ...]:
        """Print tick boxes side by side and tick the answer's; record the ticked option as the value.

        Returns: Each option with its box.
        """
        side = size_pt / POINTS_PER_INCH * MM_PER_INCH * 0.85
        frames = []
        for option in options:
            corners = (self.px(x), self.px(y - side / 2), self.px(x + side), self.px(y + side / 2))
            if round_boxes:
                self._draw.ellipse(corners, outline=BLACK, width=max(1, self.px(0.2)))
            else:
                self.frame(Area(x, y - side / 2, side, side), width_mm=0.2)
            frames.append((option, Ink(*corners)))
            ink = self.text(x + side + 0.8, y, option, Style.PRINTED, size_pt)
            if answer is not None and option == answer.text:
                self._tick(x, y, side)
                self.pairs.append(Pair(key, answer, key_ink, ink))
            x += side + self.text_width_mm(option, Style.PRINTED, size_pt) + 3.6
        return tuple(frames)

    def _tick(self, x: float, y: float, side: float) -> None:
        shake = self.random.uniform(-0.1, 0.1) * side
        points = ((x + 0.1 * side, y), (x + 0.42 * side, y + 0.42 * side + shake), (x + 1.1 * side, y - 0.75 * side))
        path = [(self.px(px), self.px(py)) for px, py in points]
        self._draw.line(path, fill=self.ink, width=max(2, self.px(0.4)), joint="curve")

    def sign(self, area: Area, name: str) -> None:
        """Sign: the name in a hurried hand, slanted, with a flourish. No text of the truth: nobody need read it."""
        face = self.faces[Style.HAND]
        font = load_font(face, self._size_px(face, 17))
        assert font is not None
        size = math.ceil(font.getlength(name)) + self.px(8), self.px(12)
        mask = Image.new("L", size)
        draw = ImageDraw.Draw(mask)
        draw.text((self.px(4), self.px(2)), name, font=font, fill=235)
        end = size[0] - self.px(3), size[1] - self.px(3) - self.px(self.random.uniform(0, 2))
        draw.line(((self.px(5), size[1] - self.px(2)), end), fill=220, width=max(1, self.px(0.35)))
        slant = self.random.uniform(0.12, 0.3)
        mask = mask.transform(
            size, Image.Transform.AFFINE, (1, slant, -slant * size[1] / 2, 0, 1, 0), Image.Resampling.BICUBIC
        )
        self.image.paste(
            Image.new("RGB", size, self.ink), (self.px(area.x), self.px(area.y + area.height / 2) - size[1] // 2), mask
        )

    def stamp(self, x: float, y: float, legend: str, *, radius_mm: float = 19.0) -> None:
        """Press a round red company seal (公章) onto the sheet: legend along the rim, star in the middle, ink uneven.

        Its text is no text of the truth: a reader may leave it out.
        """
        scale = 2
        radius = self.px(radius_mm) * scale
        size = 2 * radius + 4 * scale
        centre = size / 2
        mask = Image.new("L", (size, size))
        draw = ImageDraw.Draw(mask)
        edge = 2 * scale
        draw.ellipse((edge, edge, size - edge, size - edge), outline=255, width=max(2, radius // 14))
        star = [
            (
                centre + math.sin(math.pi * k / 5) * radius * (0.3 if k % 2 == 0 else 0.115),
                centre - math.cos(math.pi * k / 5) * radius * (0.3 if k % 2 == 0 else 0.115),
            )
            for k in range(10)
        ]
        draw.polygon(star, fill=255)
        face = self.faces[Style.HEADING]
        font = load_font(face, max(8, round(radius * min(0.3, 4.2 / max(1, len(legend))))))
        assert font is not None
        span = min(270.0, 22.0 * len(legend))
        for place, character in enumerate(legend):
            angle = -span / 2 + span * (place + 0.5) / len(legend)
            letter = Image.new("L", (size, size))
            ImageDraw.Draw(letter).text((centre, centre - 0.72 * radius), character, font=font, fill=255, anchor="mm")
            mask = ImageChops.lighter(mask, letter.rotate(-angle, Image.Resampling.BICUBIC))
        mask = mask.rotate(self.random.uniform(-25, 25), Image.Resampling.BICUBIC)
        small = mask.resize((size // scale, size // scale), Image.Resampling.LANCZOS)
        patches = Image.frombytes("L", (7, 7), self.random.randbytes(49)).resize(small.size, Image.Resampling.BICUBIC)
        small = ImageChops.multiply(small, patches.point(lambda level: 105 + level // 3))
        left, top = self.px(x) - small.width // 2, self.px(y) - small.height // 2
        ink = Image.composite(
            Image.new("RGB", small.size, STAMP_RED), Image.new("RGB", small.size, (255, 255, 255)), small
        )
        beneath = self.image.crop((left, top, left + small.width, top + small.height))
        self.image.paste(ImageChops.multiply(beneath, ink), (left, top))
