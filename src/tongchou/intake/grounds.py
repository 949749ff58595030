"""The areas a list may name: by code, by name, by a name with those above it before it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from tongchou.areas.models import Area, subtree
from tongchou.intake.problems import Problem
from tongchou.intake.words import plain


@dataclass(frozen=True, slots=True)
class Spot:
    """An area as rows refer to it."""

    code: str
    path: str
    name: str = ""


class Grounds:
    """Finds the area of a row within the area of the import; reads the tree once, when asked."""

    def __init__(self, top: Area, *, unknown: str) -> None:
        self.top = Spot(top.code, top.path, str(top))
        self.name = str(top)
        self.keeps_unknown = unknown == "remark"

    def find(self, text: str, *, column: str) -> tuple[Spot | None, Problem | None]:
        """The area, or why there is none; with a remark where the row is kept at the top."""
        spots = self._by_code.get(text.upper()) or self._by_name.get(plain(text), [])
        if len(spots) == 1:
            return spots[0], None
        if self.keeps_unknown:
            said = {"value": text, "area": self.name}
            return self.top, Problem("stored_in", column, "area", said)
        if spots:
            codes = ", ".join(spot.code for spot in spots[:5])
            return None, Problem("several_areas", column, "area", {"value": text, "known": codes})
        return None, self._unknown(text, column)

    def _unknown(self, text: str, column: str) -> Problem:
        near = get_close_matches(plain(text), self._by_name, n=1)
        if not near:
            return Problem("unknown_area", column, "area", {"value": text})
        name, spot = near[0], self._by_name[near[0]][0]
        said = {"value": text, "near": self._names.get(spot.code, name), "code": spot.code}
        return Problem("unknown_area_near", column, "area", said)

    @cached_property
    def _rows(self) -> list[tuple[str, str, str, str]]:
        return list(
            Area.objects.filter(subtree(self.top.path), ended_on=None).values_list(
                "code", "path", "name", "name_en"
            )
        )

    @cached_property
    def _names(self) -> dict[str, str]:
        return {code: name for code, _path, name, _english in self._rows}

    @cached_property
    def _by_code(self) -> dict[str, list[Spot]]:
        return {code.upper(): [Spot(code, path, name)] for code, path, name, _english in self._rows}

    @cached_property
    def _by_name(self) -> dict[str, list[Spot]]:
        found: dict[str, list[Spot]] = defaultdict(list)
        for code, path, name, english in self._rows:
            for word in {*self._ways_to_write(path, name), english} - {""}:
                found[plain(word)].append(Spot(code, path, name))
        return dict(found)

    def _ways_to_write(self, path: str, name: str) -> Iterator[str]:
        """`码头街道`, `河东区码头街道`, `同舟市河东区码头街道`, and the same with slashes."""
        above = [self._names[code] for code in path.strip("/").split("/") if code in self._names]
        for start in range(len(above)):
            yield "".join(above[start:])
            yield "/".join(above[start:])
        yield name
