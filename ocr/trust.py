"""How far a label and a value are trusted to belong together, apart from how well each of them was read.

A reader that is sure of every character may still pair a label with what is none of its business. Two things keep such pairs
from being accepted without a look, which values of 0.95 and more are: ``probability``, fitted by ``scripts/fit_trust`` to
generated forms whose truth is known, and ``most_confidence``, rules for what generated forms cannot teach. A label that is known,
with a value of its kind, is hardly ever a mistake; a label that is not known often is a heading, an option or half a sentence.
``scripts/bench_ocr`` prints how many values are right at which confidence.
"""

import math
import re
from collections.abc import Mapping
from types import MappingProxyType

from .evidence import Evidence
from .values import Kind, check_value
from .vocabulary import fold_label

__all__ = ["most_confidence", "probability"]

_KNOWN = 1.0
_DOUBTED = 0.9
_UNKNOWN_LABEL = 0.85
_BY_PLACE_ALONE = 0.7
_LONGEST_KNOWN_LABEL = 18
_REMARKS = frozenset({"remark", "photo", "reason"})
"""Fields after whose labels forms print instructions as often as people write something."""
_INSTRUCTION = re.compile(
    r"填写|不填|免填|勿填|如实|\b(?:office|official|internal) use|\bfilled? (?:in|out)\b|\bplease\b|\bsee (?:note|overleaf)",
    re.IGNORECASE,
)
"""What forms tell those who fill them in, or that it is not for them to fill in."""
_MANY_DIGITS = re.compile(r"[0-9]{14,20}[0-9Xx]?")
"""So many are nearly always an identity number, whatever the label calls it; one that breaks its rules has perhaps lost a digit:
readers take two like ones side by side for one."""
_NO_NAME = re.compile(r"其[他它]|无|本人|同上|简介|签[字名章]|盖章|日期|.*[0-9]{2}.*|[\u3400-\u9fff]{7,}|.{31,}")
_ORGANISATION = re.compile(
    r"公司|集团|银行|大学|中心|协会|企业|(?:厂|店|所|院|社|学会|商会|基金会|局|校|部|行|处|馆|站|队|会|场|园|矿|委|政府|室|坊|吧|铺)\W*$|"
    r"\b(?:inc|ltd|llc|llp|plc|corp|corporation|company|co|bank|gmbh|group|university|college|school|institute|trust|association|"
    r"partners|services?|holdings?|industries|limited|hospital|clinic|society|foundation|agency|office|trading|logistics)\b",
    re.IGNORECASE,
)


_BIAS = 4.02
_WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "value_sure": 0.88,
        "key_sure": 0.00,
        "colon": 0.98,
        "checked": 1.81,
        "gap": -1.48,
        "below": -2.01,
        "parts": -3.29,
        "spread": -0.50,
        "label_like": -2.90,
        "rivals": -0.46,
    }
)
"""As ``scripts/fit_trust`` found them; it prints these lines."""


def probability(evidence: Evidence) -> float:
    """How probable it is that a pair with this evidence is right, 0.0 to 1.0: a logistic function of its features."""
    score = _BIAS + sum(_WEIGHTS[name] * value for name, value in zip(Evidence._fields, evidence, strict=True))
    return 1 / (1 + math.exp(-score))


def most_confidence(
    key: str, name: str | None, kind: Kind, value: str, *, by_place_alone: bool, contested: bool = False
) -> float:
    """The most confidence that a value can have, however well it was read.

    Args:
        key: Its label as printed.
        name: The canonical field that the label means, None when it is not known.
        kind: The field's kind.
        value: As read.
        by_place_alone: Whether nothing but their places says that label and value belong together.
        contested: Whether another label may claim the value as well.
    """
    if name is None:
        return _BY_PLACE_ALONE if by_place_alone else _UNKNOWN_LABEL
    if (
        contested
        or name in _REMARKS
        or len(fold_label(key)) < 2
        or (len(key) > _LONGEST_KNOWN_LABEL and not key.isascii())
    ):
        return _DOUBTED
    if _INSTRUCTION.search(value):
        return _DOUBTED
    if (
        name == "document_number"
        and _MANY_DIGITS.fullmatch(value.strip())
        and not check_value(Kind.ID_NUMBER, value).valid
    ):
        return _DOUBTED
    if kind is Kind.NAME and _NO_NAME.fullmatch(value.strip()):
        return _DOUBTED
    if kind is Kind.COMPANY and not _ORGANISATION.search(value):
        return _DOUBTED
    return _KNOWN
