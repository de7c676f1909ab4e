"""How far a label and a value are trusted to belong together, apart from how well each of them was read.

A reader that is sure of every character may still pair a label with a remark of the form's maker. What the two are tells: a
label that is known, with a value of its kind, is hardly ever a mistake; a label that is not known often is a heading, an option
or half a sentence. ``scripts/bench_ocr`` prints how many values are right at which confidence; the bounds below keep those that
are accepted without a look, 0.95 and more, to the first sort.
"""

import re

from .values import Kind
from .vocabulary import fold_label

__all__ = ["most_confidence"]

_KNOWN = 1.0
_DOUBTED = 0.9
_UNKNOWN_LABEL = 0.85
_BY_PLACE_ALONE = 0.7
_LONGEST_KNOWN_LABEL = 18
_REMARKS = frozenset({"remark", "photo", "reason"})
"""Fields after whose labels forms print instructions as often as people write something."""
_NO_NAME = re.compile(r"其[他它]|无|本人|同上|简介|签[字名章]|盖章|日期|.*[0-9]{2}.*|[\u3400-\u9fff]{7,}|.{31,}")
_ORGANISATION = re.compile(
    r"公司|集团|银行|大学|中心|协会|企业|(?:厂|店|所|院|社|学会|商会|基金会|局|校|部|行|处|馆|站|队|会|场|园|矿|委|政府|室|坊|吧|铺)\W*$|"
    r"\b(?:inc|ltd|llc|llp|plc|corp|corporation|company|co|bank|gmbh|group|university|college|school|institute|trust|association|"
    r"partners|services?|holdings?|industries|limited|hospital|clinic|society|foundation|agency|office|trading|logistics)\b",
    re.IGNORECASE,
)


def most_confidence(key: str, name: str | None, kind: Kind, value: str, *, by_place_alone: bool) -> float:
    """The most confidence that a value can have, however well it was read.

    Args:
        key: Its label as printed.
        name: The canonical field that the label means, None when it is not known.
        kind: The field's kind.
        value: As read.
        by_place_alone: Whether nothing but their places says that label and value belong together.
    """
    if name is None:
        return _BY_PLACE_ALONE if by_place_alone else _UNKNOWN_LABEL
    if name in _REMARKS or len(fold_label(key)) < 2 or (len(key) > _LONGEST_KNOWN_LABEL and not key.isascii()):
        return _DOUBTED
    if kind is Kind.NAME and _NO_NAME.fullmatch(value.strip()):
        return _DOUBTED
    if kind is Kind.COMPANY and not _ORGANISATION.search(value):
        return _DOUBTED
    return _KNOWN
