"""The divisions of China by name: what a name may stand for, and what lies in what.

Texts say 湖北武汉, 武汉市 or just 武汉; all of them must be known. A short form that is an
everyday word as well (光明, 通道, 和平) counts only with its 县, 市 or 区.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tongchou.epi.trace.itinerary import words

#: Short forms that are words of everyday language, or that many towns have a quarter of.
_EVERYDAY = frozenset(words.listed("everyday"))
#: Places everybody names that are no division of their own, with what they lie in.
_WELL_KNOWN = {
    "汉口": ("湖北省", "武汉市"),
    "武昌": ("湖北省", "武汉市"),
    "汉阳": ("湖北省", "武汉市"),
    "浦东": ("上海市",),
    "浦西": ("上海市",),
    "西双版纳": ("云南省",),
    "哈市": ("黑龙江省", "哈尔滨市"),
    "雄安新区": ("河北省",),
    "两江新区": ("重庆市",),
    "天府新区": ("四川省", "成都市"),
    "西咸新区": ("陕西省",),
}
_PEOPLES = words.listed("peoples")
_PEOPLE = "|".join(sorted((p for p in _PEOPLES), key=len, reverse=True))
_AUTONOMOUS = re.compile(
    rf"^(.{{2,}}?)(?:(?:{_PEOPLE})族?)*(?:各族)?(?:自治区|自治州|自治县|自治旗|联合旗)$"
)
_PLAIN = re.compile(r"^(.{2,}?)(?:特别行政区|省|市|地区|盟|林区|特区|县|区|旗)$")

ABROAD = words.listed("abroad")

#: One-character names of cities and provinces, as in 返温, 来深: only where a place is awaited.
SHORT = frozenset(
    "京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀贵黔云滇陕秦甘陇青宁新藏蒙港澳台"
    "汉穗深莞珠惠佛汕湛肇韶揭梅汤蓉绵泸昆邕柳杭温甬绍嘉湖台衢丽金婺舟宁常锡通扬镇泰盐淮徐连宿合肥芜蚌滁"
    "福厦漳泉莆榕济青烟潍淄威临郑洛汴邯石保唐沈大抚鞍哈齐牡佳长吉南昌九赣萍株潭衡岳益郴永怀邵娄"
    "襄荆宜孝黄随恩万涪黔遵筑安兰银西乌太同晋铁辽鹤漯许信商周驻平安濮焦开鸡"
)


@dataclass(frozen=True, slots=True)
class Division:
    """A division: its whole name, what it lies in (largest first), and its level."""

    name: str
    above: tuple[str, ...]
    level: str  # province, prefecture, county


def short(name: str) -> str | None:
    """The everyday form of a division's name; None where nothing is left of it.

    Examples
    --------
    >>> short("延边朝鲜族自治州"), short("宜昌市"), short("赵县")
    ('延边', '宜昌', None)
    """
    found = _AUTONOMOUS.match(name) or _PLAIN.match(name)
    return found[1] if found and found[1] != name else None


@cache
def known() -> dict[str, tuple[Division, ...]]:
    """Every name that a division goes by, whole or short, and what it may stand for."""
    names: dict[str, list[Division]] = {}

    def add(division: Division) -> None:
        if division.name not in _EVERYDAY:
            names.setdefault(division.name, []).append(division)
        brief = short(division.name) if division.name != "东至县" else None
        if brief and brief not in _EVERYDAY:
            names.setdefault(brief, []).append(division)

    province = ""
    lines = files(__package__).joinpath("divisions.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("["):
            province = line.strip("[]")
            add(Division(province, (), "province"))
        elif line and not line.startswith("#"):
            city, _, counties = line.partition(": ")
            above: tuple[str, ...] = (province,) if city == "-" else (province, city)
            if city != "-":
                add(Division(city, (province,), "prefecture"))
            for county in counties.split():
                add(Division(county, above, "county"))
    for name, lies_in in _WELL_KNOWN.items():
        names.setdefault(name, []).append(Division(name, lies_in, "county"))
    for name in ABROAD:
        names.setdefault(name, []).append(Division(name, (), "country"))
    for name in ("内蒙古", "广西", "西藏", "宁夏", "新疆"):
        names.setdefault(name, []).append(names[_WHOLE[name]][0])
    order = {"province": 0, "prefecture": 1, "county": 2, "country": 3}
    return {n: tuple(sorted(d, key=lambda d: order[d.level])) for n, d in names.items()}


_WHOLE = {
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
}
