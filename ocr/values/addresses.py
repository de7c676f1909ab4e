"""Chinese addresses: tidied, and taken apart into province, city, county and the rest.

The provinces are a closed list (GB/T 2260); cities and counties are told by their suffixes, since there are thousands and they
change: 市, 自治州, 地区 and 盟 for the second level, 区, 县, 旗 and 市 for the third. Nothing is looked up in a gazetteer, so a
made-up city passes; and where a level is left out, it stays empty rather than guessed. Only for the four municipalities and the
two special administrative regions is the city known by the province.
"""

import re
from typing import NamedTuple

from .checked import CheckedValue, accepted, fold

__all__ = ["AddressParts", "address_parts", "check_address"]

_HAN_NEIGHBOURS = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_COUNTRY = re.compile(r"(?:中华人民共和国|中国)[,，、]?")
_MUNICIPALITIES = ("北京", "天津", "上海", "重庆")
_PROVINCES = (
    *("河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南"),
    *("广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾"),
)
_REGIONS = {
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
    "香港": "香港特别行政区",
    "澳门": "澳门特别行政区",
}
_FULL_NAMES = {name: f"{name}市" for name in _MUNICIPALITIES} | {name: f"{name}省" for name in _PROVINCES} | _REGIONS
_PROVINCE = re.compile(
    rf"(?P<name>{'|'.join(_FULL_NAMES)})"
    r"(?P<suffix>(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)*)"
)
_STOP = "路街道巷弄号栋座室0-9A-Za-z"
"""Characters that a name of a city or county may begin with (路桥区, 道里区) but not hold, for they end smaller places."""
_NAME = rf"[^市区县旗0-9A-Za-z][^{_STOP}市区县旗]{{0,9}}?"
_CITY = re.compile(rf"{_NAME}(?:市|自治州|地区|盟)")
_COUNTY = re.compile(rf"市[南北中]区|{_NAME}(?<![小园校厂矿])(?:开发区|新区|自治县|自治旗|区|县|旗|市)")
_DOUBLED = re.compile(r"(省|区|县)\1+|(市)市+(?![南北中]区)")
"""青岛市市南区 is none: its districts are named so."""


class AddressParts(NamedTuple):
    """An address by its levels; an empty text for one that it does not name.

    Attributes:
        province: By its full name: 江苏 gives 江苏省.
        city: As written; of a municipality and of Hong Kong and Macao the province itself.
        county: As written.
        rest: What follows: town, street, number, room.
    """

    province: str
    city: str
    county: str
    rest: str


def check_address(raw: str) -> CheckedValue:
    """Tidy an address.

    White space next to Chinese characters is the reader's, not the writer's, and goes; so does a 省 or 市 that the form prints
    behind the line on which somebody has written it too (江苏省省).
    """
    return accepted(raw, _DOUBLED.sub(r"\1\2", _HAN_NEIGHBOURS.sub("", fold(raw))))


def address_parts(address: str) -> AddressParts | None:
    """Take a Chinese address apart.

    Args:
        address: As ``check_address`` leaves it, or as written.

    Returns: Its levels; None where neither province, city nor county is found.
    """
    text = check_address(address.replace("市辖区", "", 1)).normalised or ""
    country = _COUNTRY.match(text)
    text = text[country.end() :] if country else text
    province, text = _province(text)
    is_city = province[:2] in _MUNICIPALITIES or province.endswith("特别行政区")
    city, text = (province, text) if is_city else _taken(_CITY, text)
    county, text = _taken(_COUNTY, text)
    return AddressParts(province, city, county, text.lstrip(",，、 ")) if province or city or county else None


def _province(text: str) -> tuple[str, str]:
    match = _PROVINCE.match(text)
    if match is None:
        return "", text
    name, suffix = match["name"], match["suffix"]
    if suffix.startswith("市") and name not in _MUNICIPALITIES:
        return _FULL_NAMES[name], text  # 吉林市, a city named as its province
    rest = text[match.end() :]
    if name in _MUNICIPALITIES:
        rest = rest.removeprefix(f"{name}市")  # province and city are one, and forms ask for both
    return _FULL_NAMES[name], rest


def _taken(level: re.Pattern[str], text: str) -> tuple[str, str]:
    """A level at the beginning of a text, and what is left; empty where there is none."""
    match = level.match(text)
    return (match[0], text[match.end() :]) if match else ("", text)
