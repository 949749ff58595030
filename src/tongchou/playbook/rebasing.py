"""A proposal laid over a playbook that came into force after it was made.

Counties put their own rules forward side by side. Each proposal is a whole text, so adopting the
second as it stands would silently take back the first: only what a proposal itself changes may
count.
"""

from typing import Any

from pydantic import ValidationError

from tongchou.playbook.book import Playbook
from tongchou.playbook.merging import DEPTH, OWN, PLAIN, Raw
from tongchou.playbook.reading import plain
from tongchou.playbook.refusals import translated


class Collides(ValueError):
    """Both changed the same rules in different ways. `paths` names them."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        super().__init__(", ".join(paths))
        self.paths = paths


def rebased(base: Playbook, proposal: Playbook, current: Playbook) -> Playbook:
    """`current` with what `proposal` changes in `base`; its heading is the proposal's.

    Raises
    ------
    Collides
        Where a rule was changed by both, and not to the same.
    """
    before, mine, theirs = plain(base), plain(proposal), plain(current)
    collisions: list[str] = []
    values = {key: mine[key] for key in OWN if key in mine}
    for key in dict.fromkeys((*theirs, *mine)):
        if key not in OWN:
            sides = (before.get(key), mine.get(key), theirs.get(key))
            part = _merged(sides, DEPTH.get(key, 0), (key,), collisions)
            if part is not None:
                values[key] = part
    if collisions:
        raise Collides(tuple(collisions))
    values["area"] = _with_times(values.get("area", {}))
    try:
        return Playbook.model_validate(values)
    except ValidationError as bad:  # each is whole, but what one leans on the other took away
        faults = translated(bad)
        names = (".".join(where) or str(about.get("name", kind)) for where, kind, about in faults)
        raise Collides(tuple(names)) from bad


def _with_times(areas: Raw) -> Raw:
    """Areas that have times left: one may take back the first of two, another the second."""
    found: Raw = {}
    for code, local in areas.items():
        loops = {loop: stages for loop, stages in local["deadlines"].items() if stages}
        if loops:
            found[code] = {**local, "deadlines": loops}
    return found


def _merged(
    sides: tuple[Any, Any, Any], depth: int, path: tuple[str, ...], collisions: list[str]
) -> Any:
    """One part of base, proposal and current as one; rules, at depth 0, are never mixed."""
    base, mine, current = sides
    if mine == base:
        return current
    if current in (base, mine):
        return mine
    if not depth:
        collisions.append(".".join(path))
        return current
    tables: list[Raw] = [side or {} for side in sides]
    found: Raw = {}
    for key in dict.fromkeys((*tables[2], *tables[1])):
        inside = (tables[0].get(key), tables[1].get(key), tables[2].get(key))
        if key in PLAIN:  # a name is no rule: two do not quarrel over it, and none is left without
            unchanged = inside[1] in (None, inside[0]) and inside[2] is not None
            part = inside[2] if unchanged else inside[1]
        else:
            part = _merged(inside, depth - 1, (*path, key), collisions)
        if part is not None:
            found[key] = part
    gone = mine is None and not found.keys() - set(PLAIN)
    return None if gone else found
