"""Where a row of counts belongs: an area of the tree, a site of the register, or neither.

What an official list counts for a province but for none of its cities (a prison system, arrivals
from abroad, cases whose home was not published) becomes a site of its own under the province: it
is in the province's total and in no city's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from tongchou.areas import codes
from tongchou.areas.models import Area, Level
from tongchou.intake.words import plain
from tongchou.surveillance.layout import AreaColumns, Names, SiteColumns, Wanted
from tongchou.surveillance.models import Source
from tongchou.surveillance.problems import Problem

Odd = tuple[str, Mapping[str, str]]
Cell = Callable[[Names], str]


class AreaPlaces:
    """Places rows that are areas' own counts; remembers which areas the tree lacks."""

    def __init__(self, columns: AreaColumns, *, only_known: bool = False) -> None:
        self.columns, self.only_known = columns, only_known
        self.known = dict(
            Area.objects.filter(level__lte=Level.DISTRICT).values_list("code", "path")
        )
        self.lacking: dict[str, str] = {}  # code: name
        self.sites: dict[str, Wanted] = {}
        self._memory: dict[tuple[str, str, str, str], tuple[str, Odd | None] | Problem] = {}

    def find(self, cell: Cell) -> tuple[str, Odd | None] | Problem:
        of = self.columns
        key = (cell(of.code), cell(of.name), cell(of.above_code), cell(of.above_name))
        if key not in self._memory:
            self._memory[key] = self._place(*key)
        return self._memory[key]

    def _place(
        self, code: str, name: str, above: str, above_name: str
    ) -> tuple[str, Odd | None] | Problem:
        if self.columns.above_code:
            top = _normal(above)
            if top is None:
                return Problem("no_area", self.columns.above_code[0])
            if not code and not name:
                said = {"area": f"{above_name} ({top})".strip()}
                return Problem("a_total", self.columns.code[0], said)
            if not self._in_tree(top, above_name):
                return Problem("unknown_area", self.columns.above_code[0], {"value": above})
        else:
            top = ""
        own = _normal(code)
        if own is None or not _fits(own, top, name):
            return self._apart(code, name, top, above_name)
        if not self._in_tree(own, name):
            return Problem("unknown_area", self.columns.code[0], {"value": f"{code} {name}"})
        self.sites[own] = Wanted(code=own, name=name or own, area_id=own)
        return own, None

    def _apart(
        self, code: str, name: str, top: str, above_name: str
    ) -> tuple[str, Odd | None] | Problem:
        if not top:
            return Problem("no_area", self.columns.code[0])
        key = f"{top}/{name or code}"[:60]
        self.sites[key] = Wanted(code=key, name=name or code, area_id=top, apart=True)
        said = {"name": name or code, "area": f"{above_name} ({top})"}
        if code:
            return key, ("pseudo_code", said | {"code": code})
        return key, ("no_code", said)

    def _in_tree(self, code: str, name: str) -> bool:
        """Whether the area is known, or may be added; then it is noted as lacking."""
        if code in self.known:
            return True
        if self.only_known:
            return False
        self.lacking.setdefault(code, name or code)
        return True


def _normal(code: str) -> str | None:
    try:
        return codes.normalise(code)
    except codes.WrongCode:
        return None


def _fits(code: str, top: str, name: str) -> bool:
    """Whether a code is one of the division list, and lies where its row says.

    Relays make codes up for what has none: `401147` under 500000, or `4200c7`.
    """
    above = codes.path_of(code).split("/")
    return (not top or (top in above and code != top)) and not codes.is_pseudo(code, name)


@dataclass(slots=True)
class _Known:
    area_id: str
    name: str


class SitePlaces:
    """Places rows by the register of a source; adds what it lacks where the profile lets it."""

    def __init__(self, columns: SiteColumns, source: Source | None, *, ground: Area | None) -> None:
        self.columns, self.ground = columns, ground
        rows = source.sites.values_list("code", "area_id", "name") if source else ()
        self.known = {plain(code): (code, _Known(area, name)) for code, area, name in rows}
        self.sites: dict[str, Wanted] = {}
        self.lacking: dict[str, str] = {}
        self._areas: dict[str, str] | None = None
        self._memory: dict[tuple[str, str, str], tuple[str, Odd | None] | Problem] = {}

    def find(self, cell: Cell) -> tuple[str, Odd | None] | Problem:
        of = self.columns
        key = (cell(of.code), cell(of.name), cell(of.area))
        if key in self._memory:
            return self._memory[key]
        found = self._place(*key)
        # that a site is new is remarked on once, not on each of its rows
        self._memory[key] = found if isinstance(found, Problem) else (found[0], None)
        return found

    def _place(self, code: str, name: str, area: str) -> tuple[str, Odd | None] | Problem:
        column = self.columns.code[0]
        if not code:
            return Problem("no_site", column)
        found = self.known.get(plain(code))
        if found is not None:
            own, facts = found
            self.sites[own] = Wanted(code=own, name=facts.name, area_id=facts.area_id)
            return own, None
        if not self.columns.register:
            near = get_close_matches(plain(code), self.known, n=1)
            if near:
                said = {"value": code, "near": self.known[near[0]][0]}
                return Problem("unknown_site_near", column, said)
            return Problem("unknown_site", column, {"value": code})
        where = self._area(area)
        if where is None:
            return Problem("unknown_area", (self.columns.area or ("area",))[0], {"value": area})
        self.sites[code] = Wanted(code=code, name=name or code, area_id=where)
        return code, ("new_site", {"code": code})

    def _area(self, text: str) -> str | None:
        if not text:
            return self.ground.pk if self.ground else None
        if self._areas is None:
            rows = Area.objects.filter(ended_on=None).values_list("code", "name", "name_en")
            self._areas = {}
            for code, name, english in rows.order_by("-path"):
                for word in (name, english, code):
                    if word:
                        self._areas[plain(word)] = code
        return self._areas.get(plain(text))
