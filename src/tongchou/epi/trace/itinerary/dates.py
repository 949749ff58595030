"""Times in a text, resolved to the days they mean on the day the text is read.

Years are mostly left out and days inherit their month; what is filled in is never in the future
of the report, and a filled-in year or month lowers the confidence.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from tongchou.epi.trace.itinerary import holidays
from tongchou.epi.trace.itinerary.clock import (
    CLOCK,
    DAYS,
    MOMENT,
    PART,
    PARTS,
)
from tongchou.epi.trace.itinerary.facts import Doubt, Moment
from tongchou.epi.trace.itinerary.writing import number

_THIRDS = {
    "上旬": (1, 11),
    "初": (1, 11),
    "中旬": (11, 21),
    "中": (11, 21),
    "下旬": (21, 32),
    "底": (25, 32),
    "末": (25, 32),
}
_LIST = re.compile(
    r"(?:、|和|及|,)((3[01]|[12]\d|0?[1-9])(?:[日号](?!\d)|(?=(?:(?:、|和|及|,)\d{1,2})+[日号])))"
)
_JOINT = re.compile(r"\s*起?(?:至|到|-)\s*")
_DAY = timedelta(days=1)
_HALF_A_DAY = timedelta(hours=12)


@dataclass(slots=True)
class _Thread:
    """What the reader remembers from one time to the next."""

    on: date
    last: date | None = None
    year_said: bool = False
    hour: datetime | None = None  # the last hour told
    lunar: bool = False  # whether a day of the lunar calendar was told

    def year_for(self, month: int, day: int) -> date | None:
        """The latest day so numbered that is not after the report, near what was said before."""
        reference = self.last if self.last and self.year_said else self.on
        years = (reference.year + 1, reference.year, reference.year - 1)
        days = [d for y in years if (d := _date(y, month, day)) and d <= self.on]
        return min(days, key=lambda d: abs((d - reference).days)) if days else None

    def month_for(self, day: int) -> date | None:
        """The day of the month last spoken of; of the report's month if none was."""
        reference = self.last or self.on
        same = _date(reference.year, reference.month, day)
        after = (reference.replace(day=1) + timedelta(days=32)).replace(day=1)
        following = _date(after.year, after.month, day)
        if same and same <= self.on:
            if self.last and following and following <= self.on and (self.last - same).days > 20:
                return following  # 1月30日 … 2日: the story went on
            return same
        before = reference.replace(day=1) - _DAY
        return _date(before.year, before.month, day)


def find(text: str, plain: str, on: date) -> tuple[list[Moment], list[Doubt]]:
    """Every time that a text names, in order, with the days they mean.

    Parameters
    ----------
    text, plain
        The text, and the same as `writing.plain` writes it.
    on
        The day the text was written or told; nothing found lies after it.

    Examples
    --------
    >>> found, _ = find("1月21日到，22日晚走", "1月21日到,22日晚走", date(2020, 2, 1))
    >>> [(m.text, m.begin.isoformat(), m.precision) for m in found]
    [('1月21日', '2020-01-21T00:00:00', 'day'), ('22日晚', '2020-01-22T18:00:00', 'part')]
    """
    moments: list[Moment] = []
    doubts: list[Doubt] = []
    thread = _Thread(on)
    place, depth_of = 0, _depths(plain)
    glued = [m for m in DAYS.finditer(plain) if _is_glued(m)]
    while found := _next(plain, place, glued):
        start, end = found.span()
        before = thread.last
        place = end
        if found.re is MOMENT and found["bare"] and not thread.lunar:
            continue  # 初三 is a school form, unless the story is of the first month
        made = _read(found, text, thread)
        if made is None:
            words = text[start:end]
            doubts.append(Doubt(start, end, words, 0.5, "time", "there is no such day"))
            continue
        if depth_of[start] and before:  # an aside does not move the story
            thread.last = before
        if moments and _JOINT.fullmatch(plain[moments[-1].end : start]):
            made = replace(made, closes=moments[-1].start)
        moments.append(made)
        if made.precision in ("day", "part", "hour", "minute") and "月" in plain[start:end]:
            while more := _LIST.match(plain, place):
                day = thread.month_for(int(more[2]))
                if day is None:
                    break
                begin = datetime.combine(day, time())
                moments.append(
                    Moment(
                        *more.span(1), text[slice(*more.span(1))], 0.9, begin, begin + _DAY, "day"
                    )
                )
                place = more.end()
    for moment in moments:
        if moment.confidence < 0.7:
            doubts.append(
                Doubt(moment.start, moment.end, moment.text, moment.confidence, "time",
                      "the day is inferred from what was said before")
            )  # fmt: skip
    return moments, doubts


def _depths(plain: str) -> list[bool]:
    depth, inside = 0, []
    for c in plain:
        if c == "(":
            depth += 1
        inside.append(depth > 0)
        if c == ")":
            depth = max(depth - 1, 0)
        elif c == "\n":
            depth = 0
    return inside


def _is_glued(days: re.Match[str]) -> bool:
    return int(days["a"]) < int(days["b"]) and days.end() - days.start("a") > 3


def _next(plain: str, place: int, glued: list[re.Match[str]]) -> re.Match[str] | None:
    """The next time from `place` on; days that lost their dash come first where both begin."""
    found = MOMENT.search(plain, place)
    while glued and glued[0].start() < place:
        glued.pop(0)
    if glued and (not found or glued[0].start() <= found.start()):
        return glued[0]
    return found


def _read(found: re.Match[str], text: str, thread: _Thread) -> Moment | None:
    start, end = found.span()
    words = text[start:end]
    if found.re is DAYS:
        return _days(found, words, thread)
    if found["now"]:
        begin = datetime.combine(thread.on, time())
        return Moment(start, end, words, 0.9, begin, begin + _DAY, "day", "now")
    if found["alone"]:
        if thread.last is None:
            return Moment(start, end, words, 0.5, precision="unknown")
        begin, until, precision = _clock(thread.last, found["alone"])
        if found["alone_until"]:
            until = _clock(thread.last, found["alone_until"])[0]
        sure = 0.8
        if precision in ("hour", "minute") and not PART.match(found["alone"]):
            later = _in_the_afternoon(begin, thread.hour)
            begin, until, sure = begin + later, until + later, 0.7 if later else 0.8
        if precision in ("hour", "minute"):
            thread.hour = begin
        return Moment(start, end, words, sure, begin, until, precision)
    known = _day(found, thread)
    if known is None:
        return None
    first, after, precision, confidence = known
    thread.last = after - _DAY if precision == "days" else first
    begin, until = datetime.combine(first, time()), datetime.combine(after, time())
    if found["when"]:
        begin, until, precision = _clock(first, found["when"])
        thread.hour = begin if precision in ("hour", "minute") else None
        if found["until"]:
            until = _clock(first, found["until"])[0]
    elif found["same"] in ("当晚", "今晚") or found["last"] == "昨晚":
        begin, until, precision = _clock(first, "晚上")
    elif found["until_date"]:
        last = int(found["d7"])
        other = thread.year_for(int(found["m7"]), last) if found["m7"] else thread.month_for(last)
        if other:
            until, precision = datetime.combine(other + _DAY, time()), "days"
            thread.last = other
    return Moment(start, end, words, confidence, begin, until, precision)


def _in_the_afternoon(begin: datetime, told: datetime | None) -> timedelta:
    """下午2点到，4点走: an hour that would go back in time is of the afternoon too."""
    if told is None or begin.date() != told.date():
        return timedelta()
    return _HALF_A_DAY if begin < told < begin + _HALF_A_DAY else timedelta()


def _day(found: re.Match[str], thread: _Thread) -> tuple[date, date, str, float] | None:
    """First day, the day after the last, precision, confidence."""
    if found["ymd"]:
        return _whole(_date(int(found["y1"]), int(found["m1"]), int(found["d1"])), thread, True)
    for y, m, d in (("y2", "m2", "d2"), ("y4", "m4", "d4")):
        if found[m]:
            month, day, year = number(found[m]), number(found[d]), _year(found[y], thread)
            if found[m] == "正":
                month = 1
            if month is None or day is None:
                return None
            if year:
                return _whole(_date(year, month, day), thread, True)
            return _whole(thread.year_for(month, day), thread, False)
    if found["dotted"]:
        day_of = thread.year_for(int(found["m8"]), int(found["d8"]))
        return (day_of, day_of + _DAY, "day", 0.6) if day_of else None
    if found["tenth"] or found["ym"]:
        return _stretch(found, thread)
    if found["day"]:
        day_of = thread.month_for(int(found["d6"]))
        return (day_of, day_of + _DAY, "day", 0.9 if thread.last else 0.6) if day_of else None
    if found["feast_"]:
        thread.lunar = True
        days = [holidays.day(found, thread.on.year + k) for k in (1, 0, -1)]
        past = [d for d in days if d and d <= thread.on]
        return (past[0], past[0] + _DAY, "day", 0.9) if past else None
    word = found["same"] or found["next"] or found["last"]
    base = thread.on if word[0] in "今昨" else thread.last
    if base is None:
        base = thread.on
    step = 1 if found["next"] else -1 if found["last"] else 0
    day_of = base + step * _DAY
    if day_of > thread.on:
        day_of = thread.on
    return day_of, day_of + _DAY, "day", 0.9 if thread.last or word[0] in "今昨" else 0.5


def _whole(day: date | None, thread: _Thread, said: bool) -> tuple[date, date, str, float] | None:
    if day is None:
        return None
    thread.year_said = thread.year_said or said
    return day, day + _DAY, "day", 1.0 if said else 0.95


def _stretch(found: re.Match[str], thread: _Thread) -> tuple[date, date, str, float] | None:
    month = number((found["m3"] or found["m5"]).replace("正", "一"))
    if month is None or not 1 <= month <= 12:
        return None
    year = _year(found["y3"] or found["y5"], thread)
    first = _date(year, month, 1) if year else thread.year_for(month, 1)
    if first is None:
        return None
    after = (first + timedelta(days=32)).replace(day=1)
    if found["ym"]:
        return first, after, "month", 0.9
    a, b = _THIRDS[found["third"]]
    return first.replace(day=a), first.replace(day=b) if b < 32 else after, "days", 0.8


def _year(words: str | None, thread: _Thread) -> int | None:
    if not words:
        return None
    if words[0].isdigit():
        year = int(words.rstrip("年"))
        return year if year > 99 else 2000 + year
    if words.startswith("二零"):
        return number(words[2:4].replace("零", "")) and 2000 + (number(words[2:4]) or 0)
    if words in ("今年", "去年"):
        return thread.on.year - (words == "去年")
    return (thread.last or thread.on).year


def _days(found: re.Match[str], words: str, thread: _Thread) -> Moment | None:
    a, b = int(found["a"]), int(found["b"])
    year = _year(found["y"], thread)
    if year:
        first = _date(year, int(found["m"]), a)
    else:
        first = thread.year_for(int(found["m"]), a) if found["m"] else thread.month_for(a)
    last = first and _date(first.year, first.month, b)
    if not first or not last:
        return None
    thread.last, thread.year_said = last, thread.year_said or bool(year)
    begin, until = (datetime.combine(d, time()) for d in (first, last + _DAY))
    return Moment(found.start(), found.end(), words, 0.7, begin, until, "days")


def _clock(day: date, words: str) -> tuple[datetime, datetime, str]:
    """Begin, until and precision of a time of day."""
    found = CLOCK.match(words)
    midnight = datetime.combine(day, time())
    if not found:
        return midnight, midnight + _DAY, "day"
    part = next((p for p in PARTS if found["part"] == p), None)
    from_hour, to_hour = PARTS[part] if part else (0, 24)
    written = found["h"] or found["h2"]
    if not written:
        return (
            midnight + timedelta(hours=from_hour),
            midnight + timedelta(hours=to_hour),
            "part",
        )
    hour = number(written) or 0
    if part and from_hour >= 11 and hour < 12 and hour + 12 <= to_hour + 1:
        hour += 12
    elif part in ("晚", "晚上", "夜", "夜里", "深夜", "半夜") and hour == 12:
        hour = 24
    minutes = found["mi"] or found["mi2"] or ""
    minute = {"半": 30, "一刻": 15, "三刻": 45, "整": 0}.get(minutes, number(minutes) or 0)
    begin = midnight + timedelta(hours=hour, minutes=minute)
    exact = bool(minutes)
    return (
        begin,
        begin + (timedelta(minutes=1) if exact else timedelta(hours=1)),
        "minute" if exact else "hour",
    )


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
