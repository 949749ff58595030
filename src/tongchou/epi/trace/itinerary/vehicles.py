"""Vehicles in a text, with the number that finds their passengers: train, flight, bus, plate."""

import re
from dataclasses import replace

from tongchou.epi.trace.itinerary.facts import Vehicle

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = rf"[{_PROVINCES}][A-Z][·.]?(?:[A-Z0-9*xX]{{5,6}})"
_SEAT = r"(?:\d{1,2}号?车厢?[\s,、]?(?:\d{1,3}[A-F]?号?(?:座位?|铺)?|[A-F])?|第?\d{1,2}号?车厢)"
_RAIL = r"(?:高铁|动车组?|火车|列车|城际|快车)"
_CODE = r"(?:[A-Z][A-Z0-9]\s?-?\d{3,4}|[A-Z]{3}\d{3,4})"

KINDS: tuple[tuple[str, str], ...] = (
    (
        "train",
        rf"{_RAIL}?(?P<train>[GDCKZTYSL]-?\d{{1,4}}|(?<!\d)\d{{4}}(?=次))(?:/\d+)?"
        rf"(?:[次号]{_RAIL}?|{_RAIL}|(?![\d年月日时路栋幢号室座单]))"
        rf"|(?P<train2>(?<!\d)\d{{1,4}})次{_RAIL}",
    ),
    (
        "flight",
        rf"(?:(?:[^\W\d乘坐搭改]{{2}}航空)|[东南海川厦深山国上春]航)?(?:航班号?:?|飞机)?(?P<flight>{_CODE})(?:次)?(?:航班|飞机|号航班)?"
        r"|(?P<flight2>\d{3,4})(?:次)?航班",
    ),
    (
        "metro",
        r"(?:地铁|轻轨|轨道交通|轨道)(?P<metro>[\d一二三四五六七八九十]{1,3}号?线)?"
        r"|(?P<metro2>\d{1,2}号线)(?:地铁)?",
    ),
    (
        "bus",
        r"(?:公交车?|公共汽车)?(?P<bus>[A-Z快夜游专]?\d{1,4})路(?:公交车?|公共汽车|车|巴士)?(?!口|段|[东西南北])"
        r"|公交车(?!站)|公共汽车(?!站)|公交(?!站|枢纽|首末)|巴士(?!站)",
    ),
    ("coach", r"(?:长途|旅游|商务)?(?:大巴车?|客车|中巴车?|大客车?|班车|客运车)|旅游车"),
    (
        "taxi",
        r"出租车|的士|网约车|滴滴(?:打车|出行|快车|专车)?|顺风车|打车|摩的|三轮摩托",
    ),
    (
        "ambulance",
        r"[“\"]?(?<![\d路号街道])120(?![\d号米元人平例])[”\"]?(?:负压)?(?:救护车|急救车|急救|专车)?|(?:专用|负压)?救护车|急救车|转运车",
    ),
    (
        "car",
        r"(?:自驾|私家|家庭|家用|自家|小)(?:小)?(?:汽车|轿车|车)|私车|自驾|驾车|开车|小轿车|轿车|小汽车|面包车|商务车|"
        r"单位车辆|公司车辆|公务车|专车|拼车|包车|货车|卡车|皮卡车?",
    ),
    ("cycle", r"电动车|电瓶车|摩托车|自行车|共享单车|三轮车|电动三轮车"),
    ("ship", r"轮渡|渡轮|客船|邮轮|游轮|轮船|快艇"),
    ("flight", r"飞机|航班|客机"),
    ("train", r"高铁(?![东西南北]?站)|动车(?!站)|火车(?![东西南北]?站)|列车|城际列车"),
)  # fmt: skip
#: The characters a vehicle can begin with; a flight may have its line's name before it.
_FIRST = (
    r"(?=[A-Z0-9高动火列城快(飞航地轻轨公巴长旅商大客中班出的网滴顺打摩三“\"专负救急转自私家小驾开轿面单拼包货卡皮"
    r"电共轮渡邮游第快京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]|[\u4e00-\u9fff]{2}航)"
)
_PATTERN = re.compile(
    _FIRST
    + "(?:"
    + "|".join(f"(?P<k{i}>{pattern})" for i, (_, pattern) in enumerate(KINDS))
    + rf"|(?P<plate>{_PLATE})|(?P<seat>{_SEAT}))"
)


def find(text: str, plain: str) -> list[Vehicle]:
    """Every vehicle named, in order; a plate or seat right behind joins the vehicle before it."""
    vehicles: list[Vehicle] = []
    for found in _PATTERN.finditer(plain):
        start, end = found.span()
        words = text[start:end]
        if found["plate"] or found["seat"]:
            _join(vehicles, plain, found, words)
            continue
        which = next(i for i in range(len(KINDS)) if found[f"k{i}"] is not None)
        number = next(
            (
                v
                for k, v in found.groupdict().items()
                if v and not re.fullmatch(r"k\d+|plate|seat", k)
            ),
            None,
        )
        last = vehicles[-1] if vehicles else None
        kind = KINDS[which][0]
        if last and kind == "metro" and words[0].isdigit() and last.end == start:
            vehicles[-1] = replace(last, end=end, text=text[last.start : end], number=number)
            continue  # 机场大巴3号线
        bare = last is not None and last.kind == kind and not last.number
        if last and bare and number and plain[last.end : start] in ("(", " ", ":"):
            end += plain[end : end + 1] == ")" and plain[last.end] == "("  # 动车(D2259次)
            vehicles[-1] = replace(last, end=end, text=text[last.start : end], number=number)
            continue
        vehicles.append(Vehicle(start, end, words, 0.95, kind, number))
    return vehicles


def _join(vehicles: list[Vehicle], plain: str, found: re.Match[str], words: str) -> None:
    start, end = found.span()
    last = vehicles[-1] if vehicles else None
    near = last is not None and not re.search(r"[。;\n]", plain[last.end : start])
    if last is not None and near and start - last.end <= 14:
        if found["plate"] and not last.number:
            vehicles[-1] = replace(last, number=found["plate"])
        elif found["seat"] and not last.seat:
            vehicles[-1] = replace(last, seat=found["seat"])
        return
    if found["plate"]:
        vehicles.append(Vehicle(start, end, words, 0.8, "car", found["plate"]))
    elif "厢" in words:
        vehicles.append(Vehicle(start, end, words, 0.6, "train", None, found["seat"]))
