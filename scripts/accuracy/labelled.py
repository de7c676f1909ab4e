"""Pages of which it is known what stands on them, read from a folder with a ``truth.json``.

Two forms of truth are understood. A map from the page's file to its ``entities`` (``text``, ``box``) and ``pairs`` (``key``,
``values``), as collections of labelled forms have it; and a list of ``pages`` with ``texts`` and ``fields``, as
``scripts/make_forms`` writes it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class TrueText:
    """A run of text and its box, in pixels of the page as received."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class TruePair:
    """A label and what was filled in.

    Attributes:
        values: Its parts: a value in several lines or several ticks has more than one.
        normalised: What it means, where the truth tells: of a choice the ticked one.
        key_box: Where the label stands, in pixels of the page as received; None where the truth does not tell.
        value_box: Where the value stands, alike.
    """

    key: str
    values: tuple[str, ...]
    normalised: str | None = None
    key_box: Box | None = None
    value_box: Box | None = None


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """One file of one page, and what is true of it.

    Attributes:
        pairs: What was filled in.
        printed: Lines that the printer has set as a whole, such as a form's number with its label: whether they make a pair
            is a matter of taste, so naming one is neither right nor wrong. Empty where ``pairs`` has all of them.
    """

    path: Path
    texts: tuple[TrueText, ...]
    pairs: tuple[TruePair, ...]
    printed: tuple[str, ...] = ()


def sets_in(folder: Path) -> dict[str, list[LabelledPage]]:
    """Return the labelled pages of the folder and of the folders in it, by folder."""
    truths = sorted(folder.rglob("truth.json"))
    return {truth.parent.name: pages_of(truth) for truth in truths}


def pages_of(truth: Path) -> list[LabelledPage]:
    """Return the labelled pages that a ``truth.json`` describes, in the order of their names."""
    told = json.loads(truth.read_text(encoding="utf-8"))
    if isinstance(told.get("pages"), list):
        pages = [_drawn(truth.parent, page) for page in told["pages"]]
    else:
        pages = [_labelled(truth.parent / name, page) for name, page in told.items()]
    return sorted(pages, key=lambda page: page.path)


def _labelled(path: Path, page: dict[str, Any]) -> LabelledPage:
    texts = tuple(TrueText(entity["text"], tuple(entity["box"])) for entity in page["entities"])
    return LabelledPage(path, texts, tuple(TruePair(pair["key"], tuple(pair["values"])) for pair in page["pairs"]))


def _drawn(folder: Path, page: dict[str, Any]) -> LabelledPage:
    texts = tuple(TrueText(text["text"], tuple(text["box"])) for text in page["texts"])
    pairs = tuple(
        TruePair(
            field["key"],
            (field["value"],),
            field.get("normalised"),
            tuple(field["key_box"]) if "key_box" in field else None,
            tuple(field["value_box"]) if "value_box" in field else None,
        )
        for field in page["fields"]
    )
    return LabelledPage(folder / page["file"], texts, pairs, tuple(text.text for text in texts))


def spread(pages: Sequence[LabelledPage], count: int | None) -> list[LabelledPage]:
    """Return so many of the pages, evenly over all of them."""
    if count is None or count >= len(pages):
        return list(pages)
    return [pages[index * len(pages) // count] for index in range(count)]
