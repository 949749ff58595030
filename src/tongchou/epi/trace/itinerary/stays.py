"""Stays: who was where from when to when, put together from what stands close in the text.

Only what the text says happened becomes a stay: not a denied journey, not somebody else's.
"""

import re
from bisect import bisect_right
from dataclasses import replace
from datetime import datetime, timedelta

from tongchou.epi.trace.itinerary import words
from tongchou.epi.trace.itinerary.facts import (
    Doubt,
    Found,
    Moment,
    Person,
    Place,
    Span,
    Stay,
    Vehicle,
)
from tongchou.epi.trace.itinerary.lexer import Token
from tongchou.epi.trace.itinerary.writing import number

_NO_STAY = frozenset({"residence", "history", "reporting"})
_RELATIVE_WENT = re.compile(
    r"(?:其|的)(?:父亲?|母亲?|丈夫|妻子|儿子|女儿|哥哥|弟弟|姐姐|妹妹)(?:从|由|在|乘|自驾|到)"
)
#: They test and announce; nobody stays there.
_REPORTS = re.compile(r"疾控|疾病预防控制|卫健|卫生健康|指挥部|实验室|检测中心")
_EVERY_DAY = ("每天", "每日", "每晚", "天天", "均于", "均在")
#: A habit is written out for two weeks at most.
_MANY = 14
#: 在姐姐家(滨湖区芙蓉里小区): where that home is.
_AT_HOMES = frozenset(("家(", "处(", "中(", "店(", "里("))
_HOME = re.compile(
    r"均?(?:居家|在家)中?(?:未外出|休息|未出|隔离|自行隔离|办公)?"
    r"|(?<![来离])(?:回家|到家|返家|回到家)(?!中|里|属|庭|乡)"
)
_LASTED = re.compile(
    r"(?:停留|逗留|待了|呆了|约|历时|持续|前后)[^,。;\d半一二两三四五六七八九十]{0,3}"
    r"(?P<n>\d{1,3}|半|[一二两三四五六七八九十]{1,3})个?(?P<half>半)?(?P<unit>小时|钟头|分钟)"
)


def make(
    text: str,
    plain: str,
    tokens: list[Token],
    people: tuple[Person, ...],
    places: list[Place],
    moments: list[Moment],
    vehicles: list[Vehicle],
) -> tuple[list[Stay], list[Doubt]]:
    """The stays of a text in order, and what a person should look at."""
    stays: list[Stay] = []
    doubts: list[Doubt] = []
    spoken = _times(moments)
    starts = [start for start, _ in spoken]
    heads = [p.start for p in people]
    cuts = [t.start for t in tokens]
    for place in places:
        if place.role in _NO_STAY or _REPORTS.search(place.text):
            continue
        if _aside(plain, place.start) and plain[place.start - 2 : place.start] not in _AT_HOMES:
            continue
        who = bisect_right(heads, place.start) - 1
        person = who if who >= 0 else None
        moment = _moment(plain, spoken, starts, place, heads[who] if who >= 0 else 0)
        verb = _verb(text, tokens, cuts, place)
        if moment is None:
            if verb is not None and place.role not in ("other", "care"):
                doubts.append(
                    Doubt(place.start, place.end, place.text, 0.5, "stay", "a place without a time")
                )
            continue
        if _someone_else(plain, place, moment):
            continue
        if place.role == "worked" and re.search(r"[。;]", plain[moment.end : place.start]):
            continue  # where somebody works is no stay until a time is told for it
        ride = _ride(plain, vehicles, place, moment)
        near = abs(place.start - moment.end) < 40
        begin, until = _span_of(plain, place, moment, verb)
        stays.append(
            Stay(
                min(place.start, moment.start),
                place.end,
                text[min(place.start, moment.start) : place.end],
                round(min(place.confidence, moment.confidence) * (0.95 if near else 0.75), 2),
                person,
                begin,
                until,
                moment.precision,
                place,
                ride,
                verb,
                moment,
            )
        )
    stays.extend(_rides(text, plain, people, places, vehicles, stays, spoken, starts, heads))
    stays.extend(_at_home(text, plain, people, spoken, starts, heads))
    stays.sort(key=lambda s: (s.start, s.end))
    closed = _closed(stays, [m for _, m in spoken], heads)
    return [day for stay in closed for day in _daily(plain, stay, spoken)], doubts


def _daily(plain: str, stay: Stay, spoken: list[tuple[int, Moment]]) -> list[Stay]:
    """2日至4日，每天8:00-9:00到菜场 is three stays."""
    moment = stay.moment
    if moment is None or stay.begin is None or moment.precision not in ("hour", "minute"):
        return [stay]
    if not plain[max(0, moment.start - 3) : moment.start].endswith(_EVERY_DAY):
        return [stay]
    told = [m for start, m in spoken if start < moment.start and m.precision == "days"]
    if not told or told[-1].begin is None or told[-1].until is None:
        return [stay]
    back = stay.begin.date() - told[-1].begin.date()
    days = min((told[-1].until - told[-1].begin).days, _MANY)
    steps = (timedelta(days=k) - back for k in range(days))
    return [
        replace(stay, begin=stay.begin + step, until=stay.until and stay.until + step)
        for step in steps
    ]


def _times(moments: list[Moment]) -> list[tuple[int, Moment]]:
    """Times to tell by: a from and a to (1月3日至5日) make one."""
    merged: list[tuple[int, Moment]] = []
    for moment in moments:
        if moment.role == "now":
            continue
        if moment.closes is not None and merged and merged[-1][1].start == moment.closes:
            first = merged[-1][1]
            precision = "days" if moment.precision == "day" else moment.precision
            until = moment.until
            if moment.precision in ("minute", "hour"):
                until = moment.begin
            whole = replace(first, end=moment.end, until=until, precision=precision, closes=None)
            merged[-1] = (first.start, whole)
        else:
            merged.append((moment.start, moment))
    return merged


def _moment(
    plain: str,
    spoken: list[tuple[int, Moment]],
    starts: list[int],
    place: Span,
    head: int,
) -> Moment | None:
    """The time a place is told at: the last one before it, or one in brackets right behind."""
    k = bisect_right(starts, place.start) - 1
    if k + 1 < len(spoken):
        after = spoken[k + 1][1]
        if re.fullmatch(r"[^,。;()]{0,4}\(于?", plain[place.end : after.start]):
            return after
    while k >= 0 and _aside(plain, spoken[k][0]):
        k -= 1
    if k < 0 or spoken[k][0] < head:
        return None
    moment = spoken[k][1]
    gap = plain[moment.end : place.start]
    if gap.count("。") + gap.count(";") > 2 or "\n" in gap.strip():
        return None
    if moment.role == "confirmed" and re.search(r"[。;]", gap):
        return None
    return moment


def _span_of(
    plain: str, place: Span, moment: Moment, verb: Found | None
) -> tuple[datetime | None, datetime | None]:
    """From when to when: a departure at an hour ends a stay, an arrival begins one."""
    begin, until = moment.begin, moment.until
    if begin is None or until is None or moment.precision not in ("hour", "minute"):
        return begin, until
    ranged = until - begin > timedelta(minutes=1 if moment.precision == "minute" else 60)
    if verb is not None and verb.value == words.FROM and not ranged:
        return None, begin
    lasted = None if ranged else _LASTED.search(plain, place.end, place.end + 40)
    if lasted and not re.search(r"[。;]", plain[place.end : lasted.start()]):
        n = 0.5 if lasted["n"] == "半" else float(number(lasted["n"]) or 0)
        n += 0.5 if lasted["half"] else 0
        return begin, begin + timedelta(minutes=n * (1 if lasted["unit"] == "分钟" else 60))
    return begin, until if ranged else None


def _verb(text: str, tokens: list[Token], cuts: list[int], place: Place) -> Found | None:
    k = bisect_right(cuts, place.start) - 2
    if k < 0 or tokens[k].end != place.start:
        return None
    token = tokens[k]
    if token.token not in (words.TO, words.AT, words.FROM):
        return None
    return Found(token.start, token.end, text[token.start : token.end], 0.9, token.token)


def _ride(plain: str, vehicles: list[Vehicle], place: Place, moment: Moment) -> Vehicle | None:
    """The vehicle named just before the place, or in brackets right behind it."""
    best: Vehicle | None = None
    for vehicle in vehicles:
        if vehicle.start < moment.start:
            continue
        if vehicle.end <= place.start:
            between = plain[vehicle.end : place.start]
            if len(between) < 30 and not re.search(r"[。;\n]|,.*,", between):
                best = vehicle
        elif best is None and plain[place.end : place.end + 1] == "(":
            between = plain[place.end : vehicle.start]
            if len(between) < 8 and ")" not in between:
                return vehicle
        else:
            break
    return best


def _rides(
    text: str,
    plain: str,
    people: tuple[Person, ...],
    places: list[Place],
    vehicles: list[Vehicle],
    stays: list[Stay],
    spoken: list[tuple[int, Moment]],
    starts: list[int],
    heads: list[int],
) -> list[Stay]:
    """A ride in a vehicle with a number is a stay of its own: its passengers can be found."""
    used = {s.vehicle.start for s in stays if s.vehicle}
    rides = []
    for vehicle in vehicles:
        if not vehicle.number and vehicle.kind not in ("train", "flight", "coach", "ship"):
            continue
        if vehicle.start in used and not vehicle.number:
            continue
        who = bisect_right(heads, vehicle.start) - 1
        moment = _moment(plain, spoken, starts, vehicle, heads[who] if who >= 0 else 0)
        if moment is None:
            continue
        rides.append(
            Stay(
                min(vehicle.start, moment.start),
                vehicle.end,
                text[min(vehicle.start, moment.start) : vehicle.end],
                round(0.9 * moment.confidence, 2),
                who if who >= 0 else None,
                moment.begin,
                None,
                moment.precision,
                None,
                vehicle,
                None,
                moment,
            )
        )
    return rides


def _at_home(
    text: str,
    plain: str,
    people: tuple[Person, ...],
    spoken: list[tuple[int, Moment]],
    starts: list[int],
    heads: list[int],
) -> list[Stay]:
    """居家未外出: a stay at the residence, where the text gives a time for it."""
    found = []
    for m in _HOME.finditer(plain):
        who = bisect_right(heads, m.start()) - 1
        span = Span(m.start(), m.end(), text[m.start() : m.end()])
        moment = _moment(plain, spoken, starts, span, heads[who] if who >= 0 else 0)
        home = people[who].residence if who >= 0 else None
        if moment is None or not 0 <= m.start() - moment.end <= 12:
            continue
        verb = Found(m.start(), m.end(), span.text, 0.9, "at")
        begin, until = _span_of(plain, span, moment, verb)
        found.append(
            Stay(
                moment.start, m.end(), text[moment.start : m.end()], 0.7,
                who if who >= 0 else None, begin, until, moment.precision, home, None, verb, moment,
            )
        )  # fmt: skip
    return found


def _someone_else(plain: str, place: Place, moment: Moment) -> bool:
    """Whether the clause tells of a relative or of contacts in general."""
    return bool(_RELATIVE_WENT.search(plain, moment.end, place.start))


def _aside(plain: str, position: int) -> bool:
    start = plain.rfind("(", max(0, position - 60), position)
    return start >= 0 and plain.find(")", start, position) < 0


def _closed(stays: list[Stay], spoken: list[Moment], heads: list[int]) -> list[Stay]:
    """A stay with only a beginning ends at the next hour told of the same person that day."""
    made = list(stays)
    starts = [m.start for m in spoken]
    for i, stay in enumerate(made):
        if stay.until is not None or stay.begin is None or stay.precision not in ("hour", "minute"):
            continue
        limit = next((h for h in heads if h > stay.start), None)
        for later in spoken[bisect_right(starts, stay.end - 1) :]:
            if later.begin is None or (limit is not None and later.start >= limit):
                break
            if later.begin.date() != stay.begin.date():
                break
            if later.begin > stay.begin and later.precision in ("hour", "minute"):
                sure = round(stay.confidence * 0.8, 2)
                made[i] = replace(stay, until=later.begin, confidence=sure)
                break
    return made
