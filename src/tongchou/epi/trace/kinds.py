"""Kinds of place, as the small numbers that visits and kernels carry.

The numbers are written into sealed days: a kind keeps its number for ever, a new one gets the next.
There are at most 16, so that the minutes of a pair by kind fit into one cache line.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DAY = 1440


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of place.

    Parameters
    ----------
    max_minutes
        The longest stay that is believed; a longer one is refused or split on its way in.
    shared_room
        Whether the people there breathe the air of one room or vehicle, unless the place itself
        says otherwise. A market or a hospital is many rooms.
    words
        Other names for it, in lists from elsewhere; in lower case.
    """

    number: int
    name: str
    zh: str
    max_minutes: int
    shared_room: bool
    words: tuple[str, ...] = ()

    @property
    def mask(self) -> int:
        return 1 << self.number


HOME = Kind(0, "home", "住处", 14 * DAY, True, ("house", "household", "residence", "住宅", "家"))
WORK = Kind(
    1, "work", "单位", 840, True, ("office", "workplace", "factory", "company", "工作", "公司")
)
SCHOOL = Kind(
    2, "school", "学校", 840, True, ("class", "classroom", "kindergarten", "班级", "幼儿园")
)
VEHICLE = Kind(
    3,
    "vehicle",
    "市内交通",
    360,
    True,
    (
        *("transport", "transit", "bus", "metro", "subway", "tram", "taxi", "ferry"),
        *("交通工具", "公交", "公交车", "地铁", "出租车", "网约车", "车"),
    ),
)
SHOP = Kind(
    4, "shop", "商店", 720, False, ("venue", "market", "store", "mall", "supermarket", "超市")
)
RESTAURANT = Kind(
    5, "restaurant", "餐馆", 720, True, ("dining", "canteen", "cafe", "bar", "饭店", "食堂")
)
MEDICAL = Kind(
    6, "medical", "医疗机构", 14 * DAY, False, ("hospital", "clinic", "ward", "医院", "诊所")
)
LODGING = Kind(7, "lodging", "旅馆", 14 * DAY, False, ("hotel", "hostel", "dormitory", "宾馆"))
LEISURE = Kind(
    8, "leisure", "休闲场所", 720, True, ("gym", "cinema", "mahjong", "ktv", "棋牌室", "健身房")
)
OUTDOOR = Kind(9, "outdoor", "室外", 720, False, ("park", "street", "公园", "广场"))
CARE = Kind(10, "care", "养老院", 14 * DAY, True, ("nursing home", "care home", "福利院"))
GATHERING = Kind(
    11, "gathering", "聚会", 720, True, ("banquet", "wedding", "funeral", "宴席", "婚宴")
)
OTHER = Kind(12, "other", "其他", 2 * DAY, False, ("unknown", "", "未知"))
TRAIN = Kind(
    13,
    "train",
    "长途交通",
    2 * DAY,
    True,
    (
        *("long distance", "coach", "flight", "plane", "ship"),
        *("列车", "火车", "高铁", "动车", "航班", "飞机", "长途汽车", "长途客车", "轮船"),
    ),
)

KINDS = (
    HOME,
    WORK,
    SCHOOL,
    VEHICLE,
    SHOP,
    RESTAURANT,
    MEDICAL,
    LODGING,
    LEISURE,
    OUTDOOR,
    CARE,
    GATHERING,
    OTHER,
    TRAIN,
)
N_KINDS = len(KINDS)
#: Every kind's number set in one mask.
ALL = (1 << N_KINDS) - 1

_BY_WORD = {
    word: kind for kind in KINDS for word in (kind.name, kind.zh, str(kind.number), *kind.words)
}


def called(word: str) -> Kind | None:
    """The kind a list from elsewhere means by `word`; None where nothing fits."""
    return _BY_WORD.get(word.strip().casefold())


def mask_of(kinds: Iterable[Kind | str]) -> int:
    """One bit per kind; names are taken as `called` takes them.

    Raises
    ------
    ValueError
        For a name that no kind has.
    """
    mask = 0
    for kind in kinds:
        found = called(kind) if isinstance(kind, str) else kind
        if found is None:
            names = ", ".join(k.name for k in KINDS)
            raise ValueError(f"there is no kind of place {kind!r}; there are: {names}")
        mask |= found.mask
    return mask


def in_mask(mask: int) -> tuple[Kind, ...]:
    """The kinds whose bits are set."""
    return tuple(kind for kind in KINDS if mask & kind.mask)


def max_minutes() -> NDArray[np.int32]:
    """The longest believable stay by kind number, shape (N_KINDS,), in minutes."""
    return np.array([kind.max_minutes for kind in KINDS], dtype=np.int32)


def shared_room() -> NDArray[np.bool_]:
    """Whether people share one room there, by kind number, shape (N_KINDS,)."""
    return np.array([kind.shared_room for kind in KINDS], dtype=np.bool_)
