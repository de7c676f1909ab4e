"""A font without ink for text that is to be found and copied, not seen.

A PDF's text layer needs a font that knows every character of the page, Chinese included, and an archive's PDF has to carry
it inside. This one has two glyphs, a wide and a narrow one, and tables that say which character each code means and which of
the two it takes: a few kilobytes where a Chinese font takes ten megabytes.

A glyph is one stroke without breadth from corner to corner. It would leave no ink even where it was painted, and it has the
extent of a character, by which viewers find text and mark it; PDFium does not see text that runs upwards in empty glyphs.
"""

import struct
import unicodedata
from collections.abc import Iterable

import pikepdf
from pikepdf import Array, Dictionary, Name

__all__ = ["GlyphlessFont"]

UNITS_PER_EM = 1000
ASCENT = 800
DESCENT = -200
"""Above and below the baseline, in thousandths of the font's size: together one line of text."""

_WIDE, _NARROW = 1000, 500
_NOTDEF = 0
_GLYPH_OF_ADVANCE = {_NARROW: 1, _WIDE: 2}
_MOST_CODES = 0xFFFE
_FONT_NAME = "DossierGlyphless"


class GlyphlessFont:
    """The font for one set of characters.

    Args:
        characters: All that will be written with it. What has no meaning on paper (control characters, halves of
            surrogates) is left out, of the font as of the text.
    """

    def __init__(self, characters: Iterable[str]) -> None:
        meant = sorted({c for c in characters if _has_meaning(c)}, key=lambda c: (_advance(c), c))[:_MOST_CODES]
        self._cids = {character: cid for cid, character in enumerate(meant, start=1)}
        self._narrow_count = sum(1 for c in meant if _advance(c) == _NARROW)

    def encoded(self, text: str) -> str:
        """The text as hexadecimal digits, as a content stream writes a string between ``<`` and ``>``."""
        return "".join(f"{self._cids[c]:04X}" for c in text if c in self._cids)

    def width_em(self, text: str) -> float:
        """How long the text is, in units of the font's size."""
        return sum(_advance(c) for c in text if c in self._cids) / UNITS_PER_EM

    def add_to(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """Put the font into a PDF and return what pages name in their resources."""
        program = _truetype()
        glyphs = [_NOTDEF, *(_GLYPH_OF_ADVANCE[_advance(character)] for character in self._cids)]
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(f"/{_FONT_NAME}"),
            Flags=4,
            FontBBox=Array([0, DESCENT, UNITS_PER_EM, ASCENT]),
            ItalicAngle=0,
            Ascent=ASCENT,
            Descent=DESCENT,
            CapHeight=ASCENT,
            StemV=80,
            FontFile2=pdf.make_stream(program, Length1=len(program)),
        )
        widths = Array([1, self._narrow_count, _NARROW]) if self._narrow_count else Array()
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name(f"/{_FONT_NAME}"),
            CIDSystemInfo=Dictionary(
                Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
            ),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=_WIDE,
            W=widths,
            CIDToGIDMap=pdf.make_stream(struct.pack(f">{len(glyphs)}H", *glyphs)),
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name(f"/{_FONT_NAME}"),
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(descendant)]),
                ToUnicode=pdf.make_stream(self._to_unicode()),
            )
        )

    def _to_unicode(self) -> bytes:
        """The table from glyph to character, in the blocks of at most a hundred that the format asks for."""
        rows = [f"<{cid:04X}> <{c.encode('utf-16-be').hex().upper()}>" for c, cid in self._cids.items()]
        blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
        lines = [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <FFFF>",
            "endcodespacerange",
            *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
        return "\n".join(lines).encode("ascii")


def _has_meaning(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _advance(character: str) -> int:
    return _WIDE if unicodedata.east_asian_width(character) in "WF" else _NARROW


def _truetype() -> bytes:
    """A TrueType font of three glyphs: the empty ``.notdef``, the narrow and the wide one.

    Source: the OpenType specification's chapters on the tables named; those that only a screen's rasteriser or a font
    menu needs are left out, as ISO 32000-1 (9.9) allows for embedded fonts.
    """
    advances = (0, *_GLYPH_OF_ADVANCE)
    glyphs = (b"", *(_stroke(advance) for advance in _GLYPH_OF_ADVANCE))
    ends = [sum(map(len, glyphs[:count])) for count in range(len(glyphs) + 1)]
    box = (0, DESCENT, UNITS_PER_EM, ASCENT)
    tables = {
        b"glyf": b"".join(glyphs),
        b"head": struct.pack(
            ">IIIIHHqqhhhhHHhhh", 0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0, UNITS_PER_EM, 0, 0, *box, 0, 8, 2, 0, 0
        ),
        b"hhea": struct.pack(
            ">IhhhHhhhhhhhhhhhH", 0x00010000, ASCENT, DESCENT, 0, max(advances), *(0,) * 11, len(glyphs)
        ),
        b"hmtx": b"".join(struct.pack(">Hh", advance, 0) for advance in advances),
        b"loca": struct.pack(f">{len(ends)}H", *(end // 2 for end in ends)),
        b"maxp": struct.pack(">I14H", 0x00010000, len(glyphs), 2, 1, 0, 0, 1, *(0,) * 8),
    }
    selector = len(tables).bit_length() - 1
    search_range = 16 << selector
    head = struct.pack(">IHHHH", 0x00010000, len(tables), search_range, selector, 16 * len(tables) - search_range)
    directory, body, offset = b"", b"", len(head) + 16 * len(tables)
    for tag, table in tables.items():
        padded = table + b"\0" * (-len(table) % 4)
        directory += tag + struct.pack(">III", _checksum(padded), offset + len(body), len(table))
        body += padded
    font = bytearray(head + directory + body)
    adjustment = (0xB1B0AFBA - _checksum(bytes(font))) & 0xFFFFFFFF
    head_at = offset + len(tables[b"glyf"])  # whose length is a multiple of four
    font[head_at + 8 : head_at + 12] = struct.pack(">I", adjustment)
    return bytes(font)


def _stroke(advance: int) -> bytes:
    """A glyph of one contour that goes from the lower left to the upper right corner of its cell and back."""
    on_curve = 1
    return struct.pack(
        ">5hHH2B4h", 1, 0, DESCENT, advance, ASCENT, 1, 0, on_curve, on_curve, 0, advance, DESCENT, ASCENT - DESCENT
    )


def _checksum(padded: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
