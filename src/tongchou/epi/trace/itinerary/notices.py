"""The daily notice of a province, read into counts per measure and city.

A case that turns from asymptomatic to confirmed is in two days' counts and is one infection:
`converted` says how many of the confirmed these are. A day without a notice is missing, not zero.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tongchou.epi.trace.itinerary import divisions
from tongchou.epi.trace.itinerary.facts import Doubt, Span
from tongchou.epi.trace.itinerary.writing import plain as in_one_way

MEASURES = (
    "local_confirmed",
    "local_asymptomatic",
    "imported_confirmed",
    "imported_asymptomatic",
)
_BRACKETS = r"(?:\((?P<note>(?:[^()]|\([^()]*\))*)\))?"
_NEW = re.compile(
    r"(?<!无)新增(?:报告)?(?:(?P<n2>\d+)例)?(?P<from>本土|本地|境外输入)?(?:新冠肺炎)?"
    rf"(?P<kind>确诊病例|无症状感染者)(?(n2)|(?P<n>\d+)例){_BRACKETS}"
)
#: 新增确诊病例5例。其中本土3例(…)，境外输入2例: the parts of a number given for both.
_PART = re.compile(
    rf"(?P<from>本土|本地|境外输入)(?:确诊)?(?:病例|无症状感染者)?(?P<n>\d+)例{_BRACKETS}"
)
_NONE = re.compile(
    r"(?:无新增|没有新增|未新增|新增0例)(?:报告)?(?P<from>本土|本地|境外输入)?(?:新冠肺炎)?"
    r"(?P<kinds>(?:确诊病例|无症状感染者)(?:(?:和|、|及)(?:本土|境外输入)?(?:确诊病例|无症状感染者))*)"
)
_DISCHARGED = re.compile(r"(?<!无)新增(?:治愈)?出院(?:确诊)?病例(?P<n>\d+)例")
_CUMULATIVE = re.compile(
    r"累计(?:报告|确诊)?(?:新冠肺炎)?(?:新型冠状病毒肺炎)?确诊病例(?P<n>\d+)例"
    r"(?:\([^()]*?(?:境外输入)(?:确诊)?(?:病例)?(?P<imported>\d+)例)?"
)
_RISK = {
    "high_risk_areas": re.compile(r"现有[^。]{0,40}?(?:(\d+)个高风险地?区|高风险地?区(\d+)个)"),
    "medium_risk_areas": re.compile(r"现有[^。]{0,60}?(?:(\d+)个中风险地?区|中风险地?区(\d+)个)"),
}
_DAY = re.compile(r"(?P<m>\d{1,2})月(?P<d>\d{1,2})日(?:0时?|零时)(?:-|至|到)24时")
_PUBLISHED = re.compile(
    r"发布(?:日期|时间)[:\s]*(?P<y>20\d\d)[-年/.](?P<m>\d{1,2})[-月/.](?P<d>\d{1,2})"
)
_CONVERTED = re.compile(
    r"(?:(?P<n>\d+)例)?(?:均)?(?:由|为|系|是)?(?:此前|前期|已?报告的|原|既往)?(?:本土|境外输入)?"
    r"无症状感染者(?:(?:转为|转归为|订正为|转|诊断为|确诊为)(?:确诊|本土|境外)|转归)"
)


@dataclass(frozen=True, slots=True)
class Count:
    """A number and where it stands; `said` is False where the notice passes over the measure."""

    n: int
    span: Span | None = None
    said: bool = True


@dataclass(frozen=True, slots=True)
class Notice:
    """The counts of one day.

    `counts`: by measure (see `MEASURES`; discharged, cumulative_confirmed, cumulative_imported,
    high_risk_areas, medium_risk_areas where given). `cities`: by (city, measure), named in full.
    `converted`: of the confirmed, how many were counted as asymptomatic before, by measure;
    `cities_converted` the same by city where the notice says it.
    """

    on: date
    published: date | None
    counts: Mapping[str, Count]
    cities: Mapping[tuple[str, str], Count]
    converted: Mapping[str, int]
    cities_converted: Mapping[tuple[str, str], int] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()

    def n(self, measure: str) -> int | None:
        """A count; None where the notice has no such number."""
        count = self.counts.get(measure)
        return None if count is None else count.n

    def new_infections(self) -> int:
        """Local and imported people counted for the first time: the converted only once."""
        return sum(self.counts[m].n for m in MEASURES) - sum(self.converted.values())


class NotANotice(ValueError):
    """No day is named that the counts could be of."""


def read(text: str, *, on: date | None = None, province: str = "") -> Notice:
    """The counts that a notice gives.

    Parameters
    ----------
    on
        The day of the report, for texts that do not print when they were published.
    province
        Whose cities to look for (江苏省); found in the text by default.

    Raises
    ------
    NotANotice
        If the text names no day (1月9日0-24时), or no year can be found for it.
    """
    plain = in_one_way(text).replace(" ", " ")
    day, published = _day(plain, on)
    end = next(
        (m.start() for m in re.finditer(r"疫情风险等级|全国现有|风险地区", plain)), len(plain)
    )
    body = plain[:end]
    names = _cities(province or _province(body))
    doubts: list[Doubt] = []
    counts: dict[str, Count] = {}
    cities: dict[tuple[str, str], Count] = {}
    converted: dict[str, int] = {}
    cities_converted: dict[tuple[str, str], int] = {}
    for kind, new, origin, total in _new(body, doubts, text):
        measure = _measure(origin, kind)
        span = _span(text, new)
        if measure in counts:
            doubts.append(_doubt(span, f"{measure} is given twice; the first is kept"))
            continue
        counts[measure] = Count(total, span)
        note = new["note"] or ""
        if kind == "确诊病例" and (turned := _turned(note, total)):
            converted[measure] = turned
        if measure.startswith("local"):
            shares = _shares(note, total, names) or _shares(_behind(body, new), total, names)
            cities.update({(city, measure): Count(n, span) for city, n in shares.items()})
            if shares and sum(shares.values()) != total:
                doubts.append(_doubt(span, f"the cities add up to {sum(shares.values())}"))
            by_city = _turned_by_city(note, shares, names)
            cities_converted.update({(city, measure): n for city, n in by_city.items()})
    for found in _NONE.finditer(body):
        span = Span(found.start(), found.end(), text[found.start() : found.end()])
        for kind in re.findall(r"确诊病例|无症状感染者", found["kinds"]):
            for origin in (found["from"],) if found["from"] else ("本土", "境外输入"):
                counts.setdefault(_measure(origin, kind), Count(0, span))
    for measure in MEASURES:
        counts.setdefault(measure, Count(0, None, said=False))
    _others(text, plain, body, counts)
    return Notice(day, published, counts, cities, converted, cities_converted, tuple(doubts))


def _new(
    body: str, doubts: list[Doubt], text: str
) -> Iterator[tuple[str, re.Match[str], str | None, int]]:
    """Each number of new cases: its kind and where it stands, where they are from, how many."""
    for found in _NEW.finditer(body):
        kind, total = found["kind"], int(found["n"] or found["n2"])
        if found["from"]:
            yield kind, found, found["from"], total
            continue
        stretch = body[found.start() : found.end() + 160]
        stop = stretch.find("新增", 2)
        parts = list(
            _PART.finditer(body, found.start(), found.start() + (stop if stop > 0 else 200))
        )
        if parts and sum(int(p["n"]) for p in parts) == total:
            for part in parts:
                yield kind, part, part["from"], int(part["n"])
        else:
            if total:
                reason = "local or imported is not said; counted as local"
                doubts.append(_doubt(_span(text, found), reason))
            yield kind, found, "本土", total


def unexplained(days: Mapping[date, Notice | None]) -> dict[date, int]:
    """By how many the cumulative count rose that no notice at hand tells of, by day.

    Days that add up are left out. Behind a gap this is what the missing days must have had:
    a number to look for, never to spread over them.
    """
    missing: dict[date, int] = {}
    before: int | None = None
    for day, notice in days.items():
        total = notice.n("cumulative_confirmed") if notice else None
        if notice is None or total is None:
            continue
        told = notice.counts["local_confirmed"].n + notice.counts["imported_confirmed"].n
        if before is not None and total - before != told:
            missing[day] = total - before - told
        before = total
    return missing


def _behind(body: str, found: re.Match[str]) -> str:
    """What the sentence goes on with: 新增20例，其中苏州市报告12例 …"""
    tail = body[found.end() : found.end() + 300]
    return re.split(r"。|无?新增", tail, maxsplit=1)[0]


def series(notices: Iterable[Notice]) -> dict[date, Notice | None]:
    """The notices by day from first to last; a day without one is None, never zero.

    A day told twice keeps the notice that was published last.
    """
    by_day: dict[date, Notice] = {}
    for notice in sorted(notices, key=lambda n: (n.on, n.published or date.min)):
        by_day[notice.on] = notice
    if not by_day:
        return {}
    first, last = min(by_day), max(by_day)
    days = (first + timedelta(days=k) for k in range((last - first).days + 1))
    return {day: by_day.get(day) for day in days}


def _day(plain: str, on: date | None) -> tuple[date, date | None]:
    printed = _PUBLISHED.search(plain)
    published = date(int(printed["y"]), int(printed["m"]), int(printed["d"])) if printed else None
    known = published or on
    found = _DAY.search(plain)
    if found is None or known is None:
        raise NotANotice("no day like 1月9日0-24时 with a year that could be known; say --date")
    day = date(known.year, int(found["m"]), int(found["d"]))
    return (day if day <= known else day.replace(year=known.year - 1)), published


def _measure(origin: str | None, kind: str) -> str:
    where = "imported" if origin == "境外输入" else "local"
    return f"{where}_{'confirmed' if kind == '确诊病例' else 'asymptomatic'}"


def _province(body: str) -> str:
    """The province whose name is followed by what is new in it."""
    best, where = "", len(body)
    for name, meant in divisions.known().items():
        if meant[0].level == "province":
            place = re.search(rf"24时[,，]?(?:全省[,，]?)?{name}", body)
            if place and place.start() < where:
                best, where = meant[0].name, place.start()
    return best


def _cities(province: str) -> dict[str, str]:
    """Every name a city of the province goes by, and its full name."""
    names: dict[str, str] = {}
    for name, meant in divisions.known().items():
        for division in meant:
            if division.above == (province,) or (
                not province and division.level in ("prefecture", "county")
            ):
                names.setdefault(name, division.name)
    return names


def _shares(note: str, total: int, names: dict[str, str]) -> dict[str, int]:
    """How many fall to each city; a lone city without a number has what is left."""
    shares: dict[str, int] = {}
    unnumbered: list[str] = []
    longest = sorted(names, key=len, reverse=True)
    if not longest:
        return shares
    city_names = "|".join(longest)
    pattern = re.compile(
        rf"(?P<cities>(?:{city_names})(?:[、和](?:{city_names}))*)"
        r"(?:[\u4e00-\u9fff]{1,4}[区县市])?(?![\u4e00-\u9fff]{0,6}(?:医院|隔离点))"
        r"(?P<each>各)?(?:报告)?(?:新增)?(?P<each2>各)?(?:(?P<n>\d+)例)?"
    )
    for found in pattern.finditer(note):
        told = re.split(r"[、和]", found["cities"])
        before = note[max(0, found.start() - 2) : found.start()]
        if before.endswith(("在", "由")):
            continue
        for k, word in enumerate(told):
            city = names[word]
            if found["n"] and (found["each"] or found["each2"] or k == len(told) - 1):
                shares[city] = shares.get(city, 0) + int(found["n"])
            elif city not in shares and city not in unnumbered:
                unnumbered.append(city)
    unnumbered = [c for c in unnumbered if c not in shares]
    left = total - sum(shares.values())
    if len(unnumbered) == 1 and left > 0:
        shares[unnumbered[0]] = left
    return shares


def _turned(note: str, total: int) -> int:
    """How many of the confirmed had been counted as asymptomatic; all, if no number is given."""
    found = list(_CONVERTED.finditer(note))
    if not found:
        return 0
    n = 0
    for m in found:
        if m["n"]:
            n += int(m["n"])
        elif len(found) == 1:
            n += total
    return min(n, total)


def _turned_by_city(note: str, shares: dict[str, int], names: dict[str, str]) -> dict[str, int]:
    turned: dict[str, int] = {}
    if not _CONVERTED.search(note):
        return turned
    if len(shares) == 1:
        city, total = next(iter(shares.items()))
        return {city: _turned(note, total)}
    current = ""
    for piece in re.split(r"[;,]", note):  # 徐州市报告3例，其中2例由无症状感染者转为确诊病例
        told = {full for name, full in names.items() if name in piece and full in shares}
        if told:
            current = told.pop() if len(told) == 1 else ""
        found = _CONVERTED.search(piece)
        if found and current:
            turned[current] = turned.get(current, 0) + int(found["n"] or shares[current])
    return turned


def _others(text: str, plain: str, body: str, counts: dict[str, Count]) -> None:
    found = _DISCHARGED.search(body)
    if found:
        counts["discharged"] = Count(int(found["n"]), _span(text, found))
    else:
        counts["discharged"] = Count(0, None, said=False)
    if found := _CUMULATIVE.search(plain):
        counts["cumulative_confirmed"] = Count(int(found["n"]), _span(text, found))
        if found["imported"]:
            counts["cumulative_imported"] = Count(int(found["imported"]), _span(text, found))
    for measure, pattern in _RISK.items():
        if found := pattern.search(plain):
            counts[measure] = Count(int(found[1] or found[2]), _span(text, found))


def _span(text: str, found: re.Match[str]) -> Span:
    return Span(found.start(), found.end(), text[found.start() : found.end()])


def _doubt(span: Span, reason: str) -> Doubt:
    return Doubt(span.start, span.end, span.text, 0.5, "count", reason)
