"""Single numbers of a playbook by path: read one, or make a playbook in which it is another.

A path is that of a rule (`response.rounds.pool_size`), of its peace or war
(`response.rounds.interval_days.war`), of one of its parts (`zone.high.lift.clean_days`), or of the
days in one kind of place (`contact.close.quarantine.facility`). What is made is checked as any
playbook is, and says of each number that it was proposed, and what stood there before.
"""

import pickle
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic import ValidationError

from tongchou.playbook import Playbook, load, shipped
from tongchou.playbook.durations import format_duration
from tongchou.playbook.faults import Fault
from tongchou.playbook.reading import plain
from tongchou.playbook.refusals import translated
from tongchou.playbook.writing import literal

__all__ = ["belongs", "get", "proposal", "read", "replaced", "rule_of", "settled", "without_area"]

Raw = dict[str, Any]

_TEMPOS: Final = ("peace", "war")
_SITES: Final = ("facility", "home")
_STAY: Final = "quarantine"
SECTIONS: Final = ("response", "contact", "group", "zone", "deadlines", "area")


def belongs(path: str) -> bool:
    """Whether a path is one of a playbook, and not of a scenario."""
    return path.partition(".")[0] in SECTIONS


def get(book: Playbook, path: str) -> Any:
    """The number, word or list at a path; a list as a tuple.

    Raises
    ------
    LookupError
        Where the playbook has none; the message names the nearest.
    """
    rule, rest = _found(_values(book), book, path)
    return _frozen(_value(rule, rest, path))


def read(book: Playbook, paths: Mapping[str, object] | tuple[str, ...]) -> dict[str, Any]:
    """The values at several paths."""
    return {path: get(book, path) for path in paths}


def replaced(book: Playbook, settings: Mapping[str, Any], *, by: str = "the planner") -> Playbook:
    """A playbook with other values at some paths, each with `by` as who proposed it.

    Raises
    ------
    LookupError
        Where there is no such rule.
    ValueError
        Where the playbook refuses a value, with the reason and how to mend it.
    """
    values = _values(book)
    for path, value in settings.items():
        rule, rest = _found(values, book, path)
        before = _value(rule, rest, path)
        if _frozen(before) == _frozen(value):
            continue
        _put(rule, rest, _thawed(value))
        rule["source"] = f"proposed by {by}; was {_said(before)} ({rule['source']})"[:2000]
        rule["truth"] = "computed"
        rule.pop("clause", None)
        if _STAY in path.split("."):
            _fit_stay(values, path)
    return _checked(values)


def settled(
    book: Playbook,
    path: str,
    title: Mapping[str, str],
    times: Mapping[tuple[str, str], Mapping[str, str]],
    *,
    by: str,
) -> Playbook:
    """A playbook in which one area has times of its own for some hand-offs (制度).

    Parameters
    ----------
    path, title
        Where the area is, and its name in both languages.
    times
        By loop and stage: `{"peace": "2d", "war": "12h"}`. A time that holds above it anyway, in
        its district or the city, is taken out of the area's rules, so that it follows again.
    by
        The source of what changes: the area's own document, or the proposal itself.

    Raises
    ------
    ValueError
        Where the playbook refuses a time, with the reason and how to mend it.
    """
    values = _values(book)
    above, _slash, code = path.strip("/").rpartition("/")
    local = values["area"].setdefault(code, {"title": dict(title), "deadlines": {}})
    for (loop, stage), time in times.items():
        otherwise = book.deadline(loop, stage, above)
        own = local["deadlines"].setdefault(loop, {})
        if all(time[tempo] == format_duration(otherwise.allowed(tempo)) for tempo in _TEMPOS):
            own.pop(stage, None)
        else:
            here = own.get(stage, {})
            if any(time[tempo] != here.get(tempo) for tempo in _TEMPOS):
                own[stage] = {**time, "source": by, "truth": "verified"}
        if not own:
            del local["deadlines"][loop]
    if not local["deadlines"]:
        del values["area"][code]
    return _checked(values)


def without_area(book: Playbook, code: str) -> Playbook:
    """A playbook in which an area has no rules of its own any more."""
    values = _values(book)
    del values["area"][code]
    return _checked(values)


def _checked(values: Raw) -> Playbook:
    try:
        return Playbook.model_validate(values)
    except ValidationError as bad:
        faults = [
            Fault("", 0, ".".join(where), kind, {"path": ".".join(where), "key": where[-1]} | about)
            for where, kind, about in translated(bad)
        ]
        raise ValueError("; ".join(each.as_words() for each in faults)) from None


def rule_of(path: str, book: Playbook) -> str:
    """The path of the rule that a path lies in."""
    steps = path.split(".")
    for n in range(len(steps), 0, -1):
        if ".".join(steps[:n]) in book.rules:
            return ".".join(steps[:n])
    raise _missing(book, path)


def proposal(
    base: Playbook,
    changed: Playbook,
    paths: tuple[str, ...],
    *,
    name: str,
    title: Mapping[str, str],
) -> str:
    """The changed playbook as a file: what differs over a shipped base, else the whole of it.

    A city's own playbook may have kept the id of the shipped one that it was made from.
    """
    head: Raw = {
        "id": name,
        "title": dict(title),
        "issuer": "Tongchou",
        "valid_from": base.valid_from,
    }
    if base.id not in shipped() or base.digest != load(base.id).digest:
        values = plain(changed) | head
        values.pop("extends", None)
        return Playbook.model_validate(values).text
    rules = dict.fromkeys(_rules_changed(base, changed, paths))
    lines = [f"{key} = {literal(value)}" for key, value in head.items()]
    lines.append(f"extends = {literal(base.id)}")
    if changed.main_disease:
        lines.append(f"main_disease = {literal(changed.main_disease)}")
    values = plain(changed)
    tables: dict[str, list[str]] = {}
    for path in rules:
        table, key = path.rsplit(".", 1)
        rule: Any = values
        for step in path.split("."):
            rule = rule[step]
        tables.setdefault(table, []).append(f"{key} = {literal(rule)}")
    for table, rows in tables.items():
        lines += ["", f"[{table}]", *rows]
    return "\n".join(lines) + "\n"


_last: tuple[Playbook, bytes] | None = None


def _values(book: Playbook) -> Raw:
    """The playbook as plain values of one's own; a search asks for the same one again and again."""
    global _last
    if _last is None or _last[0] is not book:
        _last = (book, pickle.dumps(plain(book)))
    values: Raw = pickle.loads(_last[1])  # our own bytes; five times as fast as a deep copy
    return values


def _rules_changed(base: Playbook, changed: Playbook, paths: tuple[str, ...]) -> list[str]:
    tables = {rule_of(path, changed).rsplit(".", 1)[0] for path in paths}
    return [
        path
        for path, rule in changed.rules.items()
        if path.rsplit(".", 1)[0] in tables and base.rules.get(path) != rule
    ]


def _found(values: Raw, book: Playbook, path: str) -> tuple[Raw, list[str]]:
    """The rule that a path lies in, and the steps within it."""
    name = rule_of(path, book)
    rule: Any = values
    for step in name.split("."):
        rule = rule[step]
    rest = path.removeprefix(name).strip(".")
    return rule, rest.split(".") if rest else []


def _value(rule: Raw, rest: list[str], path: str) -> Any:
    match rest:
        case []:
            return rule["value"] if "value" in rule else rule.get("war")
        case [tempo] if tempo in _TEMPOS and ("value" in rule or tempo in rule):
            return rule.get(tempo, rule.get("value"))
        case [site] if site in _SITES and _is_stay(rule):
            return sum(part["days"] for part in rule["value"] if part["site"] == site)
        case [part] if part in rule:
            return rule[part]
    known = [key for key in rule if key not in ("source", "truth", "clause")]
    raise LookupError(f"{path}: the rule has no {'.'.join(rest)!r}; it has {', '.join(known)}")


def _put(rule: Raw, rest: list[str], value: Any) -> None:
    match rest:
        case [] if "value" in rule:
            rule["value"] = value
        case []:
            rule["peace"] = rule["war"] = value
        case [tempo] if tempo in _TEMPOS:
            other = _TEMPOS[1 - _TEMPOS.index(tempo)]
            rule.setdefault(other, rule.pop("value", None))
            rule[tempo] = value
        case [site] if _is_stay(rule):
            rule["value"] = _stay(rule["value"], site, value)
        case [part]:
            rule[part] = value


def _stay(parts: list[Raw], site: str, days: int) -> list[Raw]:
    """The stretches of a quarantine with another number of days in one kind of place."""
    kept = [part for part in parts if part["site"] != site]
    if days:
        old: Raw = next((dict(part) for part in parts if part["site"] == site), {"site": site})
        kept.append(old | {"days": days})
    return sorted(kept, key=lambda part: _SITES.index(part["site"]))


def _fit_stay(values: Raw, path: str) -> None:
    """Tests after the release fall away, and with no days at all the contacts are not managed."""
    section, name = path.split(".")[:2]
    table = values[section][name]
    days = sum(part["days"] for part in table[_STAY]["value"])
    tests = table.get("test_days")
    if tests:
        tests["value"] = [day for day in tests["value"] if day <= days]
    if not days:
        rule = table.pop(_STAY)
        table.pop("test_days", None)
        table["managed"] = {"value": False, "source": rule["source"], "truth": rule["truth"]}


def _is_stay(rule: Raw) -> bool:
    value = rule.get("value")
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _missing(book: Playbook, path: str) -> LookupError:
    known = [each for each in book.rules if belongs(each)]
    near = get_close_matches(path, known, n=1, cutoff=0.4)
    hint = f" The nearest is {near[0]}." if near else ""
    return LookupError(f"{path}: playbook {book.id} has no such rule.{hint}")


def _frozen(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_frozen(each) for each in value)
    return value


def _thawed(value: Any) -> Any:
    return [_thawed(each) for each in value] if isinstance(value, tuple) else value


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_said(each) for each in value) + "]"
    if isinstance(value, dict):
        return f"{value.get('days')} days {value.get('site')}"
    return str(value)
