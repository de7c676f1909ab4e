"""What can go wrong between the bytes of a scan and its words.

    OcrError
    ├── ScanRefusedError            these bytes will never be read as they are
    │   ├── EmptyScanError              scan-empty
    │   ├── ScanTooLargeError           scan-too-large
    │   ├── UnsupportedMediaError       media-unsupported
    │   ├── DamagedScanError            scan-damaged
    │   │   └── TruncatedScanError      scan-truncated
    │   ├── EncryptedPdfError           pdf-encrypted
    │   ├── TooManyPagesError           too-many-pages
    │   └── PageTooLargeError           page-too-large
    ├── PageNotFoundError           page-not-found
    ├── UnknownEngineError          engine-unknown
    ├── EngineUnavailableError      engine-unavailable
    │   └── LanguageMissingError        language-missing
    ├── EngineFailedError           engine-failed        (transient)
    └── EngineTimeoutError          engine-timeout       (transient)

Every class has a ``code`` that never changes (screens translate by it), says by ``transient`` whether the same bytes may be
read on a second try, and carries its facts as attributes. Messages say what happened and what to do; they never hold
text of the scan, so that they can be logged.
"""

from typing import ClassVar


class OcrError(Exception):
    """Base of everything that this package raises on purpose."""

    code: ClassVar[str] = "ocr-error"
    transient: ClassVar[bool] = False


class ScanRefusedError(OcrError):
    """The bytes cannot be read as they are, however often one tries."""

    code = "scan-refused"


class EmptyScanError(ScanRefusedError):
    """The file has no bytes at all."""

    code = "scan-empty"

    def __init__(self) -> None:
        super().__init__("The file is empty. Check that the scanner or the upload finished, then send it again.")


class ScanTooLargeError(ScanRefusedError):
    """The file has more bytes than ``ReadingLimits.max_bytes``."""

    code = "scan-too-large"

    def __init__(self, size_bytes: int, max_bytes: int) -> None:
        self.size_bytes = size_bytes
        self.max_bytes = max_bytes
        super().__init__(
            f"The file has {size_bytes / 1e6:.1f} MB; at most {max_bytes / 1e6:.0f} MB are read. "
            "Split it, or scan at 300 dpi with compression."
        )


class UnsupportedMediaError(ScanRefusedError):
    """The content is none of the media types that can be read, whatever the file is called."""

    code = "media-unsupported"

    def __init__(self) -> None:
        super().__init__(
            "The content is not a PDF, TIFF, JPEG, PNG, WebP or HEIC file, whatever its name says. "
            "Export or scan it again in one of these formats."
        )


class DamagedScanError(ScanRefusedError):
    """The file claims a known format but cannot be decoded."""

    code = "scan-damaged"

    def __init__(self, media_type: str, page: int | None = None) -> None:
        self.media_type = media_type
        self.page = page
        where = "The file" if page is None else f"Page {page}"
        super().__init__(f"{where} is damaged and cannot be decoded as {media_type}. Scan or export it again.")


class TruncatedScanError(DamagedScanError):
    """The file ends before its image does."""

    code = "scan-truncated"

    def __init__(self, media_type: str, page: int | None = None) -> None:
        super().__init__(media_type, page)
        self.args = (
            f"The file ends in the middle of its {media_type} data; the transfer was probably cut off. Send it again.",
        )


class EncryptedPdfError(ScanRefusedError):
    """The PDF needs a password to be opened."""

    code = "pdf-encrypted"

    def __init__(self) -> None:
        super().__init__("The PDF is protected by a password. Save it without protection and send it again.")


class TooManyPagesError(ScanRefusedError):
    """The file has more pages than ``ReadingLimits.max_pages``."""

    code = "too-many-pages"

    def __init__(self, page_count: int, max_pages: int, *, at_least: bool = False) -> None:
        self.page_count = page_count
        self.max_pages = max_pages
        more = "more than " if at_least else ""
        super().__init__(f"The file has {more}{page_count} pages; at most {max_pages} are read in one file. Split it.")


class PageTooLargeError(ScanRefusedError):
    """A page claims more pixels than ``ReadingLimits.max_pixels``; it is refused before it is decoded."""

    code = "page-too-large"

    def __init__(self, width_px: int | None, height_px: int | None, max_pixels: int, page: int = 1) -> None:
        self.width_px = width_px
        self.height_px = height_px
        self.max_pixels = max_pixels
        self.page = page
        size = "far too many pixels" if width_px is None else f"{width_px} x {height_px} pixels"
        super().__init__(
            f"Page {page} claims {size}; at most {max_pixels / 1e6:.0f} million are read. Scan it at 300 dpi."
        )


class PageNotFoundError(OcrError):
    """A page number outside the file was asked for."""

    code = "page-not-found"

    def __init__(self, number: int, page_count: int) -> None:
        self.number = number
        self.page_count = page_count
        super().__init__(f"The file has {page_count} pages; there is no page {number}.")


class UnknownEngineError(OcrError):
    """A name was given that is not one of the engines."""

    code = "engine-unknown"

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        super().__init__(f"There is no OCR engine named {name!r}; choose one of {', '.join(known)}.")


class EngineUnavailableError(OcrError):
    """The engine is known but not usable on this machine."""

    code = "engine-unavailable"

    def __init__(self, engine: str, remedy: str) -> None:
        self.engine = engine
        self.remedy = remedy
        super().__init__(f"The OCR engine {engine} cannot be used on this machine. {remedy}")


class LanguageMissingError(EngineUnavailableError):
    """Languages were asked for that Tesseract has no files for on this machine."""

    code = "language-missing"

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        packages = " ".join(f"tesseract-ocr-{language.replace('_', '-')}" for language in languages)
        super().__init__("tesseract", f"It lacks the languages {', '.join(languages)} (Debian: {packages}).")


class EngineFailedError(OcrError):
    """The engine gave up on a page that was decoded without complaint."""

    code = "engine-failed"
    transient = True

    def __init__(self, engine: str, page: int | None = None) -> None:
        self.engine = engine
        self.page = page
        where = "a page" if page is None else f"page {page}"
        super().__init__(
            f"The OCR engine {engine} failed on {where}. Try again; if it stays so, choose another engine."
        )


class EngineTimeoutError(OcrError):
    """The engine, a program of its own, took longer over a page than it may."""

    code = "engine-timeout"
    transient = True

    def __init__(self, engine: str, timeout_s: float) -> None:
        self.engine = engine
        self.timeout_s = timeout_s
        super().__init__(
            f"The OCR engine {engine} did not finish a page in {timeout_s:.0f} s. Try again when the machine is less busy."
        )
