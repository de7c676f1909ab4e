"""A reading as plain data for other programs."""

from collections.abc import Iterable
from typing import Any

from .errors import OcrError
from .page import Box, Extraction, Reading, ReadPage, TextBlock

__all__ = ["error_to_json", "reading_to_json"]


def reading_to_json(file: str, reading: Reading) -> dict[str, Any]:
    """The object that ``dossier read --json`` prints for a file that was read."""
    return {
        "file": file,
        "engine": reading.engine,
        "seconds": round(reading.seconds, 3),
        "template": reading.template,
        "pages": [_page(page) for page in reading.pages],
        "fields": [_field(extraction) for extraction in reading.extractions],
    }


def error_to_json(file: str, error: OcrError) -> dict[str, Any]:
    """The object that ``dossier read --json`` prints for a file that cannot be read."""
    return {"file": file, "error": {"code": error.code, "message": str(error)}}


def _page(page: ReadPage) -> dict[str, Any]:
    return {
        "number": page.number,
        "width_px": page.width_px,
        "height_px": page.height_px,
        "dpi": page.dpi,
        "rotation_deg": page.rotation_deg,
        "skew_deg": page.skew_deg,
        "marks": [{"kind": mark.kind.value, "label": mark.label, "box": list(mark.box)} for mark in page.marks],
        "lines": _blocks(page.lines),
        "paragraphs": _blocks(page.paragraphs),
        "cells": _blocks(page.cells),
        "words": [{"text": w.text, "confidence": w.confidence, "box": list(w.box)} for w in page.words],
    }


def _blocks(blocks: Iterable[TextBlock]) -> list[dict[str, Any]]:
    return [{"text": block.text, "box": list(block.box)} for block in blocks]


def _field(extraction: Extraction) -> dict[str, Any]:
    row = extraction.row
    return {
        "key": extraction.key,
        "value": extraction.value,
        "name": extraction.name,
        "normalised": extraction.normalised,
        "valid": extraction.valid,
        "problems": list(extraction.problems),
        "suggestion": extraction.suggestion,
        "confidence": extraction.confidence,
        "page": extraction.page,
        "key_box": _box(extraction.key_box),
        "value_box": _box(extraction.value_box),
        "parts": None if extraction.parts is None else extraction.parts._asdict(),
        "row": None if row is None else {"heading": row.heading, "number": row.number},
    }


def _box(box: Box | None) -> list[int] | None:
    return None if box is None else list(box)
