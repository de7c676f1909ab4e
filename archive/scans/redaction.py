"""What of a scanned page may not be seen, or searched, without the right to reveal. Pure: no I/O."""

import re
from collections.abc import Iterable

from archive.access import Actor, Right
from archive.scans.scan import Scan, ScanPage
from archive.values import BoxTuple

_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:\d[ -]?){10,18}[\dXx](?![0-9A-Za-z])")
"""Eleven to nineteen digits, grouped or not: mobile, ID and card numbers, wherever they stand on the page."""


def may_see_all(actor: Actor, scan: Scan) -> bool:
    """Tell whether the actor may see every value on the scan: with the right to reveal, or who handed it in."""
    return actor.may(Right.REVEAL, scan.unit) or (
        scan.uploaded_by == actor.user_id and actor.may(Right.UPLOAD, scan.unit)
    )


def words_to_hide(scan: Scan, page: ScanPage) -> list[BoxTuple]:
    """Return the boxes on the page that show a sensitive value, in pixels of the page as received."""
    texts, values = _sensitive_texts(scan), _sensitive_boxes(scan, page)
    words = [word.box for word in page.words if _shows(word.text, texts) or _stands_in(word.box, values)]
    return [*values, *words]


def split_page_text(scan: Scan, page: ScanPage) -> tuple[str, str]:
    """Split the page's text into what everybody may search and what takes the right to reveal.

    Words are kept whole and in order; a word that shows a sensitive value goes to the second part with its whole text,
    and leaves the rest of itself in the first. A word that is only a part of such a value leaves nothing.
    """
    texts, values = _sensitive_texts(scan), _sensitive_boxes(scan, page)
    open_words, hidden_words = [], []
    for word in page.words:
        if _shows(word.text, texts):
            hidden_words.append(word.text)
            open_words.append(_without(word.text, texts))
        elif _stands_in(word.box, values):
            hidden_words.append(word.text)
        else:
            open_words.append(word.text)
    return "\n".join(word for word in open_words if word.strip()), "\n".join(hidden_words)


def _sensitive_boxes(scan: Scan, page: ScanPage) -> tuple[BoxTuple, ...]:
    return tuple(
        finding.value_box
        for finding in scan.findings
        if finding.sensitive and finding.page == page.number and finding.value_box is not None
    )


def _sensitive_texts(scan: Scan) -> tuple[str, ...]:
    texts = {
        text.strip()
        for finding in scan.findings
        if finding.sensitive
        for text in (finding.raw, finding.value or "", finding.normalised or "")
    }
    return tuple(sorted((text for text in texts if len(text) >= 3), key=len, reverse=True))


def _shows(text: str, sensitive: Iterable[str]) -> bool:
    return bool(_NUMBER.search(text)) or any(each in text for each in sensitive)


def _stands_in(box: BoxTuple, values: Iterable[BoxTuple]) -> bool:
    """Tell whether most of the box lies in one of these: a value may run over several words, none of which shows it."""
    x0, y0, x1, y1 = box
    return any(
        2 * max(0, min(x1, right) - max(x0, left)) * max(0, min(y1, bottom) - max(y0, top)) > (x1 - x0) * (y1 - y0)
        for left, top, right, bottom in values
    )


def _without(text: str, sensitive: Iterable[str]) -> str:
    for each in sensitive:
        text = text.replace(each, " ")
    return _NUMBER.sub(" ", text)
