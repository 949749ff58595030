"""Division codes (区划代码): text whose digits say the level, and the traps in them.

Codes are kept at their significant length: `420500` a city, `420502` a district, `420502001` a
street, `420502001001` a community, and letters with digits after that for a grid cell (`…A01`) and
a building (`…A01B03`). The digits are those of the statistical code (统计用区划代码); development
zones (xx71-xx99) have codes there that GB/T 2260 does not know, and are peers of districts.
"""

import re

PROVINCE, CITY, DISTRICT, STREET, COMMUNITY, GRID, BUILDING = range(1, 8)

#: Beijing, Tianjin, Shanghai, Chongqing: districts hang under the municipality itself.
MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
#: Names of rows that stand for no place: the urban part of a city (市辖区), the rural part of a
#: municipality (县), and the counties that a province runs itself (省直辖…).
_STAND_INS = re.compile(
    r"(市辖区|^县|^市|直辖县级行政区划|直辖县级行政单位|直辖行政单位|直辖行政区划)$"
)
_TOWNS = (
    ("street", 1, 99), ("town", 100, 199), ("township", 200, 399), ("like_town", 400, 599)
)  # fmt: skip
_VILLAGES = (
    ("residents", 1, 199), ("village", 200, 399),
    ("like_residents", 400, 499), ("like_village", 500, 599),
)  # fmt: skip
_SHAPE = re.compile(r"^(\d{6}|\d{9}|\d{12})$|^(\d{12})([A-Z]{1,2}\d{1,3})([A-Z]{1,2}\d{1,3})?$")


class WrongCode(ValueError):
    """A code that no list can mean; the message says what is wrong with it and how to mend it."""


def normalise(text: str) -> str:
    """The code at its significant length.

    Takes what lists and spreadsheets make of it: short (`42`, `4205`), padded to twelve digits
    (`420502000000`), or turned into a number (`420502.0`).

    Examples
    --------
    >>> [normalise(t) for t in ("42", "4205", "420502", "420502001000", "420502001001a01")]
    ['420000', '420500', '420502', '420502001', '420502001001A01']
    """
    code = re.sub(r"\.0+$", "", text.strip().strip("'\"").replace(" ", "")).upper()
    if not code:
        raise WrongCode("the code is empty; every area needs one")
    if "E+" in code:
        raise WrongCode(
            f"{text!r} was rounded by a spreadsheet; format the column as text and fill it in again"
        )
    if code.isdigit():
        if len(code) in (2, 4):
            code = code.ljust(6, "0")
        while len(code) > 6 and code.endswith("000"):
            code = code[:-3]
    if not _SHAPE.match(code):
        raise WrongCode(
            f"{text!r} is no division code: 2, 4, 6, 9 or 12 digits, "
            "then letters and digits for grid cell and building"
        )
    return code


def level_of(code: str) -> int:
    """The level (1 province to 7 building) that the digits of a normalised code say.

    A county-level unit directly under its province (`xx90yy`, such as 天门 429006) is a city in
    its own right.
    """
    if len(code) > 12:
        return BUILDING if len(re.findall(r"[A-Z]+\d+", code[12:])) > 1 else GRID
    if len(code) == 12:
        return COMMUNITY
    if len(code) == 9:
        return STREET
    if code.endswith("0000"):
        return PROVINCE
    if code.endswith("00") or code[2:4] == "90":
        return CITY
    return DISTRICT


def class_of(code: str) -> str:
    """What the class digits of a street or community code say (统计用区划代码编制规则).

    `street`, `town`, `township` or `like_town` for nine digits; `residents`, `village`,
    `like_residents` or `like_village` for twelve; empty above, below, and for unused digits.

    Examples
    --------
    >>> [class_of(c) for c in ("420502001", "429006100", "429006200", "429006400")]
    ['street', 'town', 'township', 'like_town']
    """
    if len(code) not in (9, 12):
        return ""
    ranges = _TOWNS if len(code) == 9 else _VILLAGES
    number = int(code[-3:])
    return next((name for name, low, high in ranges if low <= number <= high), "")


def is_pseudo(code: str, name: str = "") -> bool:
    """Whether this is a statistical stand-in: `xx9000`, or any 市辖区 (`1101`, `420501`).

    It has no government, no population of its own and is never shown.
    """
    return bool(len(code) == 6 and _STAND_INS.search(name)) or (
        len(code) == 6
        and code.endswith("00")
        and not code.endswith("0000")
        and (code[2:4] == "90" or code[:2] in MUNICIPALITIES)
    )


def parent_of(code: str) -> str:
    """The code of the area above; empty for a province.

    Examples
    --------
    >>> [parent_of(c) for c in ("429006", "420502", "110101", "429006001", "420502001001A01")]
    ['420000', '420500', '110000', '429006', '420502001001']
    """
    if len(code) > 12:
        parts = re.findall(r"[A-Z]+\d+", code[12:])
        return code[:12] + "".join(parts[:-1])
    if len(code) > 6:
        return code[:-3]
    if code.endswith("0000"):
        return ""
    if level_of(code) == CITY or code[:2] in MUNICIPALITIES:
        return code[:2] + "0000"
    return code[:4] + "00"


def path_of(code: str) -> str:
    """The codes from the province down to this one, as `Area.path` keeps them."""
    codes = [code]
    while above := parent_of(codes[-1]):
        codes.append(above)
    return "/".join(reversed(codes)) + "/"
