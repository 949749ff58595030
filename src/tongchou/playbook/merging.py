"""One playbook laid over another, rule by rule.

A whole rule is replaced, never half of one, so that no number can end up under
another number's source.
"""

from collections.abc import Iterator
from typing import Any

from tongchou.playbook.refusals import Found, hints

Raw = dict[str, Any]

# How deep the rules lie below each section: [deadlines.case_report] has them at 2.
DEPTH = {
    "disease": 2,
    "course": 2,
    "contact": 2,
    "group": 2,
    "deadlines": 2,
    "area": 4,
    "escalation": 1,
    "zone": 2,
    "response": 2,
    "meeting": 1,
    "companion": 1,
    "timeliness": 1,
    "leads": 1,
    "retention": 1,
    "red_lines": 1,
}
PROVENANCE = ("source", "truth", "clause")
PLAIN = ("title",)
# Each playbook says these for itself; it never inherits them.
OWN = ("id", "title", "issuer", "valid_from", "extends")


def with_provenance(values: Raw) -> Raw:
    """Every rule a table of its own, with the provenance that its table states for it."""
    return {
        key: _table(part, DEPTH[key], {}) if key in DEPTH else part for key, part in values.items()
    }


def _table(part: Any, depth: int, stated: Raw) -> Any:
    if not isinstance(part, dict):
        return part
    # A new source brings its own truth and clause: those of the table above do not fit it.
    stated = {} if "source" in part else stated
    stated = {**stated, **{key: part[key] for key in PROVENANCE if key in part}}
    rows = {key: row for key, row in part.items() if key not in PROVENANCE}
    if depth > 1:
        return {key: _table(row, depth - 1, stated) for key, row in rows.items()}
    return {key: row if key in PLAIN else _rule(row, stated) for key, row in rows.items()}


def _rule(row: Any, stated: Raw) -> Raw:
    rule = row if isinstance(row, dict) else {"value": row}
    return rule if "source" in rule else {**stated, **rule}


def merged(base: Raw, own: Raw) -> Raw:
    """What `own` says over what `base` says; tables and rules keep the order of the base."""
    inherited = {key: part for key, part in base.items() if key not in OWN}
    return {
        key: _over(inherited.get(key), own.get(key), DEPTH.get(key, 0))
        for key in {**own, **inherited}
    }


def _over(old: Any, new: Any, depth: int) -> Any:
    if new is None:
        return old
    if not depth or not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return {key: _over(old.get(key), new.get(key), depth - 1) for key in {**old, **new}}


def leave_out(base: Raw, without: object) -> Iterator[Found]:
    """Take the paths listed in `without` off the base; yields those that are not there."""
    if not isinstance(without, list) or not all(isinstance(each, str) for each in without):
        about: dict[str, object] = {
            "written": repr(without),
            "wanted_zh": '规则路径的列表，如 ["zone.medium"]',
            "wanted_en": 'a list of paths, such as ["zone.medium"]',
        }
        yield ("without",), "wrong_type", about
        return
    for name in without:
        *above, last = name.split(".")
        table: Any = base
        for step in above:
            table = table.get(step, {}) if isinstance(table, dict) else {}
        known = list(table) if isinstance(table, dict) else []
        if last in known:
            del table[last]
        else:
            yield ("without",), "nothing_to_leave_out", {"name": name, **hints(last, known)}


def new_stages(base: Raw, own: Raw) -> Iterator[Found]:
    """Stages that the base's loop does not have: a misspelt one would change nothing, unseen."""
    loops = own.get("deadlines")
    for loop, stages in loops.items() if isinstance(loops, dict) else ():
        known = list(base["deadlines"].get(loop, ()))
        if known and isinstance(stages, dict):
            for stage in stages:
                if stage not in known:
                    yield ("deadlines", loop, stage), "unknown_stage", hints(stage, known)
