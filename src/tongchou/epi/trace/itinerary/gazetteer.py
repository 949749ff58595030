"""Places of a text matched to a city's list of places, by the parts of their names and position.

A match is taken only when nothing speaks against it and nothing else fits as well; two shops of
one name in two villages stay two. Whatever is less sure is offered, ranked, with its reasons.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tongchou.epi.trace.itinerary.divisions import short
from tongchou.epi.trace.itinerary.facts import Place
from tongchou.epi.trace.itinerary.writing import plain

#: A name is cut behind each of these; what is left is the name of the venue itself.
_LEVELS = (
    ("province", ("省", "自治区", "特别行政区")),
    ("city", ("市", "自治州", "地区", "盟")),
    ("county", ("县", "区", "旗", "自治县")),
    ("town", ("镇", "乡", "街道", "街道办", "街道办事处")),
    ("village", ("村", "社区", "屯", "居委会", "村委会", "嘎查")),
)
_LEVEL_OF = {ending: level for level, endings in _LEVELS for ending in endings}
_ENDINGS = sorted(_LEVEL_OF, key=len, reverse=True)
#: Not 市场, 区域, 镇政府, 村卫生室: there the ending belongs to the word behind it.
_CUT = re.compile(rf"([\u4e00-\u9fff]{{2,9}}?(?:{'|'.join(_ENDINGS)}))(?!场|域|中心|大道|办公)")
_GENERIC = re.compile(
    r"(?:有限责任公司|股份有限公司|有限公司|(?:大|小)?(?=(?:超市|酒店|饭店|宾馆|药房|市场)$)|\((?:[^()]*)\))"
)
#: Farther than this from where the person was said to be is a reason against a match.
FAR_KM = 30.0
_NEARNESS = ((3.0, 0.12), (10.0, 0.05), (FAR_KM, -0.03), (math.inf, -0.2))
_TAKEN, _OFFERED = 0.75, 0.35


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the list: `areas` are the names of what it lies in, in any order."""

    id: str
    name: str
    areas: tuple[str, ...] = ()
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be meant, 0 to 1, and why."""

    entry: Entry
    score: float
    reasons: tuple[str, ...]
    contradicted: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """`taken` is None where a person must choose among `candidates`, the likeliest first."""

    place: Place
    taken: Entry | None
    candidates: tuple[Candidate, ...]

    @property
    def doubtful(self) -> bool:
        return self.taken is None and bool(self.candidates)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A name in its parts: the area at each level, and the venue's own name."""

    areas: dict[str, str]
    core: str


class Gazetteer:
    """A list of places that texts are matched to. Built once; looked up in well under 1 ms."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._parts: list[_Parts] = []
        self._by_piece: dict[str, list[int]] = defaultdict(list)
        for i, entry in enumerate(self.entries):
            own = parts(entry.name)
            areas = dict(own.areas)
            for area in entry.areas:
                level = _level(area)
                if level:
                    areas.setdefault(level, plain(area))
            core = own.core or _last_area(own)
            self._parts.append(_Parts(areas, core))
            for piece in _pieces(core):
                self._by_piece[piece].append(i)

    def match(
        self,
        place: Place,
        *,
        within: Sequence[str] = (),
        near: tuple[float, float] | None = None,
        limit: int = 5,
    ) -> Match:
        """The entry a place means, or those it may mean.

        Parameters
        ----------
        within
            Names of areas that the text is about (the city of the notice, where the person
            lives): they rank namesakes, decide nothing alone and contradict nothing.
        near
            Longitude and latitude, in degrees, of where the person is known to have been.
        limit
            How many candidates are offered at most.

        Examples
        --------
        >>> shops = [Entry("1", "好运来超市", ("东庄村",)), Entry("2", "好运来超市", ("西庄村",))]
        >>> met = Gazetteer(shops).match(Place(0, 5, "好运来超市"))
        >>> met.taken is None, [c.entry.id for c in met.candidates]
        (True, ['1', '2'])
        """
        said = parts(place.text)
        areas = dict(said.areas)
        for part in place.parts:  # what a name only implies contradicts nothing
            if (level := _level(part)) and (short(part) or part) in place.text:
                areas.setdefault(level, part)
        wanted = said.core or _last_area(said)
        found = [
            self._candidate(i, wanted, areas, bool(said.core), within, near)
            for i in self._near(wanted)
        ]
        ranked = sorted(
            (c for c in found if c.score >= _OFFERED), key=lambda c: (-c.score, c.entry.id)
        )
        return Match(place, _taken(ranked), tuple(ranked[:limit]))

    def _near(self, core: str) -> list[int]:
        """Entries that share at least a third of the pieces of a name."""
        shared: dict[int, int] = defaultdict(int)
        pieces = _pieces(core)
        for piece in pieces:
            for i in self._by_piece.get(piece, ()):
                shared[i] += 1
        least = max(1, len(pieces) // 3)
        return [i for i, n in shared.items() if n >= least]

    def _candidate(
        self,
        i: int,
        wanted: str,
        areas: dict[str, str],
        is_venue: bool,
        within: Sequence[str],
        near: tuple[float, float] | None,
    ) -> Candidate:
        entry, own = self.entries[i], self._parts[i]
        score, reasons = _likeness(wanted, own.core)
        contradicted = False
        for level, said in areas.items():
            if not is_venue and said == wanted:
                continue
            have = own.areas.get(level)
            if have is None:
                continue
            if _same_area(said, have):
                score += 0.15
                reasons.append(f"in {have}")
            else:
                score -= 0.3
                contradicted = True
                reasons.append(f"lies in {have}, the text says {said}")
        for area in within:
            if any(_same_area(area, have) for have in own.areas.values()):
                score += 0.08
                reasons.append(f"in {area}, as the rest of the text")
        if near and entry.longitude is not None and entry.latitude is not None:
            away = kilometres(near, (entry.longitude, entry.latitude))
            score += next(gain for within_km, gain in _NEARNESS if away <= within_km)
            reasons.append(f"{away:.1f} km away")
        return Candidate(entry, round(min(max(score, 0.0), 1.0), 3), tuple(reasons), contradicted)


def parts(name: str) -> _Parts:
    """A name cut into its areas, largest first, and what is left."""
    rest, areas = plain(name), {}
    order = [level for level, _ in _LEVELS]
    reached = -1
    while found := _CUT.match(rest):
        level = _level(found[1])
        if level is None or order.index(level) <= reached:
            break
        reached = order.index(level)
        areas[level] = found[1]
        rest = rest[found.end() :]
    return _Parts(areas, rest)


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (longitude, latitude) in degrees, Earth of 6,371 km."""
    (lon_a, lat_a), (lon_b, lat_b) = (tuple(map(math.radians, p)) for p in (a, b))
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(math.sqrt(half))


def _taken(ranked: Sequence[Candidate]) -> Entry | None:
    """The first, if its name is the very name, nothing contradicts it and no other comes near."""
    if not ranked or ranked[0].contradicted or ranked[0].score < _TAKEN:
        return None
    if "same name" not in ranked[0].reasons:
        return None
    rivals = [c for c in ranked[1:] if not c.contradicted]
    if rivals and ranked[0].score - rivals[0].score < 0.12:
        return None
    return ranked[0].entry


def _likeness(wanted: str, have: str) -> tuple[float, list[str]]:
    if wanted == have:
        return 0.8, ["same name"]
    a, b = _GENERIC.sub("", wanted), _GENERIC.sub("", have)
    if a == b:
        return 0.7, ["same name but for its ending"]
    if len(a) >= 2 and len(b) >= 2 and (a in b or b in a):
        return 0.5 + 0.15 * min(len(a), len(b)) / max(len(a), len(b)), ["one name holds the other"]
    left, right = _pieces(a), _pieces(b)
    both = len(left & right)
    dice = 2 * both / (len(left) + len(right)) if left or right else 0.0
    return 0.7 * dice, ["names alike"]


def _pieces(name: str) -> set[str]:
    """Pairs of neighbouring characters; the whole of a name of one."""
    return {name[i : i + 2] for i in range(len(name) - 1)} or {name}


def _level(area: str) -> str | None:
    for ending in _ENDINGS:
        if area.endswith(ending):
            return _LEVEL_OF[ending]
    return None


def _last_area(cut: _Parts) -> str:
    """The smallest area, where a name is nothing but areas."""
    return list(cut.areas.values())[-1] if cut.areas else ""


def _same_area(a: str, b: str) -> bool:
    return a == b or (short(a) or _stem(a)) == (short(b) or _stem(b))


def _stem(area: str) -> str:
    for ending in _ENDINGS:
        if area.endswith(ending) and len(area) - len(ending) >= 2:
            return area.removesuffix(ending)
    return area
