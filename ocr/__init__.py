"""Reads scans of paper forms: bytes in, words, lines and checked fields out. Knows no database and no web.

``pipeline`` conducts; what it calls lies in the order in which a page passes through it:

=============== =======================================================================================================
``scans``       bytes to page images
``image``       turning, straightening, ruling lines
``engines``     the readers of text
``marks``       ticks, rings, stamps, signatures
``pairs``       which value belongs to which label
``forms``       registered forms, read zone by zone
``values``      what a value says, and whether it can be true
``searchable``  the scan as a PDF with text
=============== =======================================================================================================

``vocabulary`` knows the labels, ``fields`` makes an extraction of a pair, ``evidence`` and ``trust`` tell how sure it is.

The words of the trade:

scan
    One file as received: PDF, TIFF, JPEG, PNG, WebP or HEIC, of one page or many.
page
    One side of a scan. *As received* means as a viewer shows it; the *upright* page is turned and straightened. Everything
    that leaves this package is in pixels of the page as received.
engine
    The program that recognises text: RapidOCR or Tesseract, behind ``OcrEngine``.
run, glyph
    A line as an engine recognises it, and one character of it with its place.
piece
    A stretch of text without a wide gap. The pieces of a page are its *words*.
ruling
    A printed straight line; rulings make *cells*.
label
    Printed text that says what stands beside or below it; its *value* is what stands there.
field, canonical name
    What a label means, whatever its wording: 姓名, 客户姓名 and "Full Name" are the field ``name``. The *vocabulary* knows them.
extraction
    One label with its value, raw and in canonical form, its problems and its confidence.
form template
    A registered form: *anchors*, the printed texts by which a page is recognised as a copy of it, and *zones*, the places that
    are filled in, both in pixels of its *reference*, the upright page it was registered from.
reading
    Everything that was read from one scan.
problem
    A rule that a value breaks (error), or something odd about it (warning), by a stable code.
"""

from .batch import FileNotReadableError, read_files
from .engine import ENGINE_NAMES, OcrEngine, open_engine
from .errors import (
    DamagedScanError,
    EmptyScanError,
    EncryptedPdfError,
    EngineFailedError,
    EngineTimeoutError,
    EngineUnavailableError,
    LanguageMissingError,
    OcrError,
    PageNotFoundError,
    PageTooLargeError,
    ScanRefusedError,
    ScanTooLargeError,
    TooManyPagesError,
    TruncatedScanError,
    UnknownEngineError,
    UnsupportedMediaError,
)
from .forms.reference import Reference, anchors_of, gray_of, read_reference, with_marks
from .forms.template import (
    Anchor,
    FormTemplate,
    Option,
    Zone,
    ZoneKind,
    template_from_json,
    template_to_json,
)
from .limits import ReadingLimits
from .page import Box, Extraction, Mark, MarkKind, Reading, ReadPage, TableRow, TemplateMatch, TextBlock, Word
from .pipeline import read_scan
from .report import error_to_json, reading_to_json
from .scans.decode import ScanFacts, check_scan, render_page
from .scans.media import MediaKind, identify_media
from .searchable.writer import write_searchable_pdf
from .values import (
    PROBLEMS,
    AddressParts,
    CheckedValue,
    Kind,
    Problem,
    Severity,
    address_parts,
    check_value,
    id_number_birth_date,
    id_number_sex,
)
from .vocabulary import DEFAULT_VOCABULARY, FieldDefinition, Vocabulary, fold_label

__all__ = [
    "DEFAULT_VOCABULARY",
    "ENGINE_NAMES",
    "PROBLEMS",
    "AddressParts",
    "Anchor",
    "Box",
    "CheckedValue",
    "DamagedScanError",
    "EmptyScanError",
    "EncryptedPdfError",
    "EngineFailedError",
    "EngineTimeoutError",
    "EngineUnavailableError",
    "Extraction",
    "FieldDefinition",
    "FileNotReadableError",
    "FormTemplate",
    "Kind",
    "LanguageMissingError",
    "Mark",
    "MarkKind",
    "MediaKind",
    "OcrEngine",
    "OcrError",
    "Option",
    "PageNotFoundError",
    "PageTooLargeError",
    "Problem",
    "ReadPage",
    "Reading",
    "ReadingLimits",
    "Reference",
    "ScanFacts",
    "ScanRefusedError",
    "ScanTooLargeError",
    "Severity",
    "TableRow",
    "TemplateMatch",
    "TextBlock",
    "TooManyPagesError",
    "TruncatedScanError",
    "UnknownEngineError",
    "UnsupportedMediaError",
    "Vocabulary",
    "Word",
    "Zone",
    "ZoneKind",
    "address_parts",
    "anchors_of",
    "check_scan",
    "check_value",
    "error_to_json",
    "fold_label",
    "gray_of",
    "id_number_birth_date",
    "id_number_sex",
    "identify_media",
    "open_engine",
    "read_files",
    "read_reference",
    "read_scan",
    "reading_to_json",
    "render_page",
    "template_from_json",
    "template_to_json",
    "with_marks",
    "write_searchable_pdf",
]
