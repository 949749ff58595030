"""The places and areas of a city as the reader of texts matches names to them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tongchou.areas.models import Area, Level, Place, subtree
from tongchou.epi.trace import itinerary
from tongchou.epi.trace.itinerary.gazetteer import Entry, Gazetteer, Match

AREA, PLACE = "area", "place"


@dataclass(frozen=True)
class Surroundings:
    """What a text of this case is about: the city's list, the areas of home, and where that is."""

    gazetteer: Gazetteer
    within: tuple[str, ...]
    near: tuple[float, float] | None

    def match(self, place: itinerary.Place) -> Match:
        return self.gazetteer.match(place, within=self.within, near=self.near)


def around(home: Area, names: Iterable[str]) -> Surroundings:
    """The list for the city of `home`; of its places only those that share letters with a name.

    A city lists a hundred thousand shops, and a text names ten.
    """
    codes = home.codes
    city = next(iter(Area.objects.filter(pk__in=codes, level=Level.CITY)), home)
    listed = Area.objects.filter(subtree(city.path), ended_on=None, level__lte=Level.COMMUNITY)
    areas = list(listed.values_list("code", "name", "path", "longitude", "latitude"))
    called = {code: name for code, name, *_rest in areas}
    position = {code: (x, y) for code, _n, _p, x, y in areas if x is not None and y is not None}
    entries = [
        Entry(f"{AREA}:{code}", name, _above(path, called), lon, lat)
        for code, name, path, lon, lat in areas
        if code != city.pk
    ]
    entries += _places(city, called, _pairs(names))
    near = next((position[code] for code in reversed(codes) if code in position), None)
    return Surroundings(Gazetteer(entries), tuple(called[c] for c in codes if c in called), near)


def _places(city: Area, called: dict[str, str], pairs: frozenset[str]) -> Iterator[Entry]:
    rows = Place.objects.filter(subtree(city.path, field="area__path"), closed_on=None)
    columns = ("pk", "name", "area__path", "longitude", "latitude")
    for pk, name, path, lon, lat in rows.values_list(*columns).iterator(chunk_size=5000):
        if not pairs.isdisjoint(_pairs([name])):
            yield Entry(f"{PLACE}:{pk}", name, _above(path + "-", called), lon, lat)


def _above(path: str, called: dict[str, str]) -> tuple[str, ...]:
    """The names of what an area lies in."""
    return tuple(called[code] for code in path.strip("/").split("/")[:-1] if code in called)


def _pairs(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name[i : i + 2] for name in names for i in range(max(len(name) - 1, 1)))


def found(value: str, *, city_path: str) -> tuple[Place | None, Area | None]:
    """The place or area behind `place:12` or `area:990102001`, if it lies in the city."""
    kind, _sep, key = value.partition(":")
    if kind == PLACE and key.isdigit():
        within = subtree(city_path, field="area__path")
        place = Place.objects.filter(within, pk=key).select_related("area").first()
        return place, place.area if place else None
    if kind == AREA:
        return None, Area.objects.filter(subtree(city_path), pk=key).first()
    return None, None


def named(values: Sequence[str]) -> dict[str, str]:
    """Each entry by its value, with the area it lies in: `东门市场 · 河东区`."""
    areas = [v.partition(":")[2] for v in values if v.startswith(AREA)]
    places = [v.partition(":")[2] for v in values if v.startswith(PLACE)]
    labels = {
        f"{AREA}:{a.pk}": f"{a.name} · {a.parent.name}" if a.parent else a.name
        for a in Area.objects.filter(pk__in=areas).select_related("parent")
    }
    for place in Place.objects.filter(pk__in=places).select_related("area"):
        labels[f"{PLACE}:{place.pk}"] = f"{place.name} · {place.area.name}"
    return labels
