"""A registered form: how a page of it is recognised, and the zones on it that are read.

All boxes of a template are in pixels of its *reference*: the page it was registered from, upright and straight.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ..page import Box

__all__ = ["Anchor", "FormTemplate", "Option", "Zone", "ZoneKind", "template_from_json", "template_to_json"]


class ZoneKind(StrEnum):
    """How a zone is filled in. The member's value is its stable name in stored data."""

    TEXT = "text"
    CHOICE = "choice"
    TICK = "tick"
    DIGITS = "digits"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A printed text that stands at the same place on every copy of the form."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Option:
    """A printed option and its box to tick."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Zone:
    """A place on the form that is filled in.

    Attributes:
        id: What ties it to the values read from it, through all corrections of the template.
        label: How the form prints it, or what else it is to be called.
        name: The canonical field that it holds, or None for one that is known by its label only.
        kind: Written text, one of several options, one box to tick, or a box for each character.
        box: Where it is.
        options: The printed options of a choice; the one box of a tick.
        cells: The boxes for single characters, from the left.
    """

    id: str
    label: str
    name: str | None
    kind: ZoneKind
    box: Box
    options: tuple[Option, ...] = ()
    cells: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class FormTemplate:
    """One edition of a form, one page of it.

    Attributes:
        id: Opaque; ties readings to it.
        name: What people call the form.
        version: Number of the edition, from 1.
        type: What kind of record the form is about; opaque to the reader, which hands it on.
        width_px: Of the reference.
        height_px: Of the reference.
        anchors: What recognises it.
        zones: What is read from it.
    """

    id: str
    name: str
    version: int
    type: str
    width_px: int
    height_px: int
    anchors: tuple[Anchor, ...]
    zones: tuple[Zone, ...]


def template_to_json(template: FormTemplate) -> dict[str, Any]:
    """A template as plain data."""
    return {
        "id": template.id,
        "name": template.name,
        "version": template.version,
        "type": template.type,
        "width_px": template.width_px,
        "height_px": template.height_px,
        "anchors": [{"text": anchor.text, "box": list(anchor.box)} for anchor in template.anchors],
        "zones": [
            {
                "id": zone.id,
                "label": zone.label,
                "name": zone.name,
                "kind": zone.kind.value,
                "box": list(zone.box),
                "options": [{"text": option.text, "box": list(option.box)} for option in zone.options],
                "cells": [list(cell) for cell in zone.cells],
            }
            for zone in template.zones
        ],
    }


def template_from_json(data: Mapping[str, Any]) -> FormTemplate:
    """The template that ``template_to_json`` wrote.

    Raises:
        ValueError: It is none; also KeyError or TypeError, where a part is missing or of another type.
    """
    return FormTemplate(
        id=str(data["id"]),
        name=str(data["name"]),
        version=int(data["version"]),
        type=str(data["type"]),
        width_px=int(data["width_px"]),
        height_px=int(data["height_px"]),
        anchors=tuple(Anchor(str(each["text"]), _box(each["box"])) for each in data["anchors"]),
        zones=tuple(
            Zone(
                id=str(each["id"]),
                label=str(each["label"]),
                name=None if each["name"] is None else str(each["name"]),
                kind=ZoneKind(each["kind"]),
                box=_box(each["box"]),
                options=tuple(Option(str(option["text"]), _box(option["box"])) for option in each["options"]),
                cells=tuple(_box(cell) for cell in each["cells"]),
            )
            for each in data["zones"]
        ),
    )


def _box(numbers: Sequence[Any]) -> Box:
    x0, y0, x1, y1 = (int(number) for number in numbers)
    if x0 >= x1 or y0 >= y1:
        raise ValueError("a box is empty")
    return Box(x0, y0, x1, y1)
