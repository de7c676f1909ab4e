"""Bounds within which a scan is read, so that no file can eat the machine."""

from dataclasses import dataclass

__all__ = ["ReadingLimits"]


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How much of a file is read before it is refused.

    One page is in memory at a time: its decoded image takes 3 bytes a pixel, its reading about nine more, and thirteen where
    the page leans (measured at 80 million pixels).
    """

    max_bytes: int = 200_000_000
    """Largest file, in bytes."""

    max_pages: int = 200
    """Most pages of one file."""

    max_pixels: int = 80_000_000
    """Most pixels of one page: A3 at 600 dpi has 70 million."""

    pdf_dpi: int = 300
    """Resolution at which PDF pages are drawn, in dots per inch; less where ``max_pixels`` would be passed."""

    def __post_init__(self) -> None:
        for name in ("max_bytes", "max_pages", "max_pixels", "pdf_dpi"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be positive")
