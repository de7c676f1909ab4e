"""Where the words of a query stand on a scanned page. Pure: no I/O."""

from archive.access import Actor
from archive.scans.redaction import may_see_all, words_to_hide
from archive.scans.scan import PageWord, Scan, ScanPage
from archive.values import BoxTuple
from search import find_spans


def boxes_on(actor: Actor, scan: Scan, page: ScanPage, text: str) -> tuple[BoxTuple, ...]:
    """Return the boxes of what matches on the page, each cut to the matching part of its word.

    The page's words are matched as one text, so that a match that runs over the end of a word is found whole. What the
    actor may not see has no boxes.
    """
    hidden = set() if may_see_all(actor, scan) else set(words_to_hide(scan, page))
    words = [word for word in page.words if word.box not in hidden]
    joined = "\n".join(word.text for word in words)
    boxes, start = [], 0
    spans = find_spans(joined, text)
    for word in words:
        end = start + len(word.text)
        for span_start, span_end in spans:
            low, high = max(span_start, start), min(span_end, end)
            if low < high:
                boxes.append(_part_of(word, low - start, high - start))
        start = end + 1
    return tuple(boxes)


def _part_of(word: PageWord, start: int, end: int) -> BoxTuple:
    """Cut a word's box to some of its characters; a Han character counts as wide as two Latin ones."""
    widths = [2 if ord(character) > 0x2E7F else 1 for character in word.text]
    whole = sum(widths) or 1
    x0, y0, x1, y1 = word.box
    if (y1 - y0) > 1.5 * (x1 - x0):
        return word.box
    left = x0 + (x1 - x0) * sum(widths[:start]) // whole
    right = x0 + (x1 - x0) * sum(widths[:end]) // whole
    return left, y0, max(right, left + 1), y1
