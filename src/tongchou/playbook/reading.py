"""From TOML text to a playbook, or to a list of everything that is wrong with it.

A file that `extends` another writes down only what differs. It replaces whole rules,
never halves of them, so that no number can end up under another number's source.
"""

import copyreg
import re
import tomllib
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from tongchou.playbook.book import Playbook
from tongchou.playbook.faults import Fault, PlaybookError
from tongchou.playbook.lines import Path, line_of_each_key, nearest_line
from tongchou.playbook.refusals import hints, translated
from tongchou.playbook.writing import raw

Raw = dict[str, Any]
Resolve = Callable[[str], Playbook]

# How deep the rules lie below each section: [deadlines.case_report] has them at 2.
DEPTH = {
    "disease": 2,
    "contact": 2,
    "group": 2,
    "deadlines": 2,
    "escalation": 1,
    "zone": 2,
    "timeliness": 1,
    "retention": 1,
    "red_lines": 1,
}
PROVENANCE = ("source", "truth", "clause")
PLAIN = ("title",)
# Each playbook says these for itself; it never inherits them.
OWN = ("id", "title", "issuer", "valid_from", "extends")


class _Sheet:
    """One text with its values, its lines and its name, to lay faults on."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        try:
            self.values: Raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as bad:
            place = re.search(r"\(at (?:line (\d+), column \d+|end of document)\)", str(bad))
            line = int(place[1]) if place and place[1] else text.count("\n") + 1
            reason = str(bad).partition(" (at ")[0]
            raise PlaybookError(Fault(file, line, "", "not_toml", {"reason": reason})) from None
        self.lines = line_of_each_key(text)

    def fault(self, path: Path, kind: str, **about: object) -> Fault:
        shown = ".".join(path)
        about = {"path": shown, "key": path[-1] if path else "", **about}
        return Fault(self.file, nearest_line(self.lines, path), shown, kind, about)


def read(
    text: str, *, resolve: Resolve | None = None, file: str = "playbook"
) -> Playbook:
    """The playbook in `text`. `resolve` finds the playbook it extends.

    Raises
    ------
    PlaybookError
        With every fault found, each with file, line, reason and how to mend it.
    """
    sheet = _Sheet(text, file)
    values = dict(sheet.values)
    complete = values.pop("complete", False)
    without = values.pop("without", [])
    base = _base(sheet, resolve) if "extends" in values and complete is not True else None
    faults = [sheet.fault(("complete",), "wrong_type", written=repr(complete),
                          wanted_zh=" true 或 false", wanted_en="true or false")
              ] if not isinstance(complete, bool) else []
    own = _with_provenance(values)
    inherited: Raw = {}
    if base is not None:
        inherited = {k: v for k, v in _plain(base).items() if k not in OWN}
        faults += _new_stages(sheet, inherited, own)
    faults += _leave_out(sheet, inherited, without)
    try:
        book = Playbook.model_validate(_merged(inherited, own))
    except ValidationError as bad:
        faults += [sheet.fault(*found[:2], **found[2]) for found in translated(bad)]
    if faults:
        raise PlaybookError(*sorted(faults, key=lambda each: each.line))
    return book


def _plain(book: Playbook) -> Raw:
    plain = raw(book)
    assert isinstance(plain, dict)
    return plain


def _base(sheet: _Sheet, resolve: Resolve | None) -> Playbook | None:
    name = sheet.values["extends"]
    if not isinstance(name, str) or resolve is None:
        raise PlaybookError(sheet.fault(("extends",), "unknown_playbook", name=name))
    try:
        return resolve(name)
    except PlaybookError as bad:
        inner = bad.faults[0]
        if inner.kind in ("extends_itself", "unknown_playbook") and not inner.file:
            # The shelf does not know where it was asked from; this sheet does.
            raise PlaybookError(sheet.fault(("extends",), inner.kind, **inner.about)) from None
        reason = inner.as_words()
        raise PlaybookError(
            sheet.fault(("extends",), "base_is_faulty", name=name, reason=reason), *bad.faults
        ) from None


def _with_provenance(values: Raw) -> Raw:
    """Every rule a table of its own, with the provenance that its table states for it."""
    return {
        key: _table(part, DEPTH[key], {}) if key in DEPTH else part
        for key, part in values.items()
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


def _merged(inherited: Raw, own: Raw) -> Raw:
    """Rule by rule, what is written here over what is inherited; the order is the base's."""
    return {key: _over(inherited.get(key), own.get(key), DEPTH.get(key, 0))
            for key in {**own, **inherited}}


def _over(old: Any, new: Any, depth: int) -> Any:
    if new is None:
        return old
    if not depth or not isinstance(old, dict) or not isinstance(new, dict):
        return new
    return {key: _over(old.get(key), new.get(key), depth - 1) for key in {**old, **new}}


def _leave_out(sheet: _Sheet, inherited: Raw, without: Any) -> Iterator[Fault]:
    if not isinstance(without, list) or not all(isinstance(each, str) for each in without):
        yield sheet.fault(("without",), "wrong_type", written=repr(without),
                          wanted_zh='规则路径的列表，如 ["zone.medium"]',
                          wanted_en='a list of paths, such as ["zone.medium"]')
        return
    for name in without:
        *above, last = name.split(".")
        table: Any = inherited
        for step in above:
            table = table.get(step, {}) if isinstance(table, dict) else {}
        if not isinstance(table, dict) or last not in table:
            yield sheet.fault(("without",), "nothing_to_leave_out", name=name,
                              **hints(last, list(table) if isinstance(table, dict) else []))
        else:
            del table[last]


def _new_stages(sheet: _Sheet, inherited: Raw, own: Raw) -> Iterator[Fault]:
    """A misspelt stage would leave the inherited deadline standing, unseen."""
    loops = own.get("deadlines")
    for loop, stages in loops.items() if isinstance(loops, dict) else ():
        known = inherited["deadlines"].get(loop)
        if known and isinstance(stages, dict):
            for stage in stages.keys() - known.keys():
                path = ("deadlines", loop, stage)
                yield sheet.fault(path, "unknown_stage", **hints(stage, list(known)))


def nearest(word: str, known: list[str]) -> str:
    return next(iter(get_close_matches(word, known, n=1, cutoff=0.5)), "")


# Mapping proxies cannot be pickled; the written form can, and a worker needs no files.
copyreg.pickle(Playbook, lambda book: (read, (book.text,)))  # type: ignore[arg-type]
