"""What says who somebody is: names, sex, passports and permits. Companies' names too."""

import re

from .checked import CheckedValue, accepted, fold, refused, squeeze

__all__ = ["check_company", "check_name", "check_passport", "check_sex", "check_travel_permit"]

_HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
_SEXES = {
    "male": ("男", "男性", "先生", "male", "m", "mr", "man"),
    "female": ("女", "女性", "女士", "小姐", "female", "f", "mrs", "ms", "miss", "woman"),
}
_TICK = r"[√✓✔☑■●◉☒▣⊠]"
_SEX = "男|女|female|male"
_EMPTY = r"[□口☐○◯\[\]()]"


def check_name(raw: str) -> CheckedValue:
    """Tidy a person's name: no blanks between Chinese characters, one between others, ``·`` for every middle dot."""
    text = re.sub(
        rf"(?<=[{_HAN}·]) | (?=[{_HAN}·])", "", re.sub(rf"[•・‧∙●]|(?<=[{_HAN}])\.(?=[{_HAN}])", "·", fold(raw))
    )
    odd = re.search(r"[0-9@#$%^&*_=+<>{}\[\]|\\]", text)
    return accepted(raw, text, *(["name-characters"] if odd else []))


def check_company(raw: str) -> CheckedValue:
    """Tidy a company's name as ``check_name`` does, digits allowed."""
    return accepted(raw, re.sub(rf"(?<=[{_HAN}]) | (?=[{_HAN}])", "", fold(raw)))


def check_sex(raw: str) -> CheckedValue:
    """Check a sex, written or ticked between printed choices (男☑ 女□); canonical is ``male`` or ``female``."""
    text = squeeze(raw).casefold().strip(".:")
    for sex, words in _SEXES.items():
        if text in words:
            return accepted(raw, sex)
    # A box in front of the first word stands in front of each: the tick of □男☑女 is not the one behind 男.
    leads = re.match(rf"{_TICK}|{_EMPTY}", text)
    ticked = rf"{_TICK}{_EMPTY}?({_SEX})" if leads else rf"({_SEX}){_EMPTY}?{_TICK}"
    marked = {"male" if word in ("男", "male") else "female" for word in re.findall(ticked, text)}
    if len(marked) == 1:
        return accepted(raw, marked.pop())
    named = set(re.findall(_SEX, text))
    if len(named) == 2:
        return refused(raw, "sex-unmarked")
    if len(named) == 1 and not re.search(_EMPTY, text) and len(text) <= 8:
        return accepted(raw, "male" if named & {"男", "male"} else "female")
    return refused(raw, "sex-unknown")


def check_passport(raw: str) -> CheckedValue:
    """Check a passport number by its form; what is not the form of a Chinese one passes with a warning."""
    text = squeeze(raw).upper().replace("-", "")
    if re.fullmatch(r"(?:[EGDSPK]\d{8}|E[A-Z]\d{7}|(?:SE|DE|PE|MA)\d{7}|1[45]\d{7})", text):
        return accepted(raw, text)
    if re.fullmatch(r"(?=.*\d)[A-Z0-9]{6,9}", text):
        return accepted(raw, text, "passport-foreign")
    return refused(raw, "passport-format")


def check_travel_permit(raw: str) -> CheckedValue:
    """Check a permit for travel between the mainland and Hong Kong, Macao or Taiwan, by its form."""
    text = re.sub(r"[()-]", "", squeeze(raw).upper())
    if re.fullmatch(r"[HM]\d{8}(?:\d{2})?|\d{8}|C[A-Z0-9]\d{7}", text):
        return accepted(raw, text)
    return refused(raw, "travel-permit-format")
