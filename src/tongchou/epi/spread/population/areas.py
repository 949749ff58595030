"""A `Spec` from rows of areas, as the tables of a city hold them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from math import isinf

from tongchou.epi.spread.population.faults import SpecError
from tongchou.epi.spread.population.reading import preset
from tongchou.epi.spread.population.spec import Community, Spec


def from_areas(rows: Iterable[Community], *, name: str, base: Spec | None = None) -> Spec:
    """The communities of a real city, with everything else as in `base` (china-city).

    Communities of one district need not stand together; districts stay in the order of their
    first community.

    Raises
    ------
    SpecError
        Where a code is there twice, or nobody lives in a community.
    """
    communities = checked(tuple(rows))
    people = sum(each.residents for each in communities)
    return replace(base or preset("china-city"), name=name, people=people, communities=communities)


def checked(communities: tuple[Community, ...]) -> tuple[Community, ...]:
    """The same, district by district, or a `SpecError`."""
    if not communities:
        raise SpecError("community", "there is none", "Give at least one with residents")
    for code, times in Counter(each.code for each in communities).items():
        if times > 1:
            mend = "Give every community a code of its own"
            raise SpecError("community", f"code {code!r} is there {times} times", mend)
    for each in communities:
        _check(each)
    names: dict[str, str] = {}
    for each in communities:
        if names.setdefault(each.district_code, each.district_name) != each.district_name:
            reason = f"district {each.district_code!r} is called {each.district_name!r} here"
            mend = f"Call it {names[each.district_code]!r} as above"
            raise SpecError(f"community {each.code}", reason, mend)
    place = {code: number for number, code in enumerate(names)}
    for field in ("x_km", "jobs"):
        known = sum(getattr(each, field) == getattr(each, field) for each in communities)
        if 0 < known < len(communities):
            reason = f"{field} is known of {known} of {len(communities)} communities"
            raise SpecError("community", reason, "Give it for all, or for none")
    return tuple(sorted(communities, key=lambda each: place[each.district_code]))


def _check(each: Community) -> None:
    key = f"community {each.code}"
    if each.residents < 1:
        reason = f"{each.residents} residents"
        raise SpecError(key, reason, "Leave out communities where nobody lives")
    if each.households is not None and not 1 <= each.households <= each.residents:
        reason = f"{each.households} households for {each.residents} residents"
        raise SpecError(key, reason, "Give from 1 to as many as residents, or leave it out")
    if (each.x_km == each.x_km) != (each.y_km == each.y_km):
        raise SpecError(key, "only one of x_km and y_km is known", "Give both, or neither")
    for name in ("x_km", "y_km", "jobs"):
        if isinf(getattr(each, name)):
            raise SpecError(
                key, f"{name} is {getattr(each, name)}", "Give a number, or leave it out"
            )
    if each.jobs < 0:
        raise SpecError(key, f"{each.jobs} jobs", "Give a number from 0")
