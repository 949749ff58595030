"""From TOML text to a playbook, or to a list of everything that is wrong with it."""

import copyreg
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator

from pydantic import ValidationError

from tongchou.playbook.book import Playbook
from tongchou.playbook.faults import Fault, PlaybookError
from tongchou.playbook.lines import Path, line_of_each_key, nearest_line
from tongchou.playbook.merging import Raw, leave_out, merged, new_stages, with_provenance
from tongchou.playbook.refusals import Found, hints, translated
from tongchou.playbook.writing import raw

Resolve = Callable[[str], Playbook]


class _Sheet:
    """One text with its values, its lines and its name, to lay faults on."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        # Editors on Windows put a byte-order mark in front, which TOML does not know.
        text = text.removeprefix("\ufeff")
        try:
            self.values: Raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as bad:
            place = re.search(r"at line (\d+)", str(bad))
            line = int(place[1]) if place else text.count("\n") + 1
            about: dict[str, object] = {"reason": str(bad).partition(" (at ")[0]}
            raise PlaybookError(Fault(file, line, "", "not_toml", about)) from None
        self.lines = line_of_each_key(text)

    def fault(self, path: Path, kind: str, about: dict[str, object]) -> Fault:
        shown = ".".join(path)
        about = {"path": shown, "key": path[-1] if path else "", **about}
        return Fault(self.file, nearest_line(self.lines, path), shown, kind, about)

    def faults(self, found: Iterable[Found]) -> list[Fault]:
        return [self.fault(*each) for each in found]


def read(text: str, *, resolve: Resolve | None = None, file: str = "playbook") -> Playbook:
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
    own, base = with_provenance(values), Raw()
    faults = [] if isinstance(complete, bool) else sheet.faults([_not_a_bool(complete)])
    if "extends" in values and complete is not True:
        base = plain(_extended(sheet, values["extends"], resolve))
        faults += sheet.faults(new_stages(base, own))
    faults += sheet.faults(leave_out(base, without))
    try:
        book = Playbook.model_validate(merged(base, own))
    except ValidationError as bad:
        faults += sheet.faults(translated(bad))
    else:
        faults += sheet.faults((*_of_no_disease(book, own), *_of_no_stage(book, own)))
    if faults:
        raise PlaybookError(*sorted(faults, key=lambda each: each.line))
    return book


def _of_no_disease(book: Playbook, own: Raw) -> Iterator[Found]:
    """Courses of diseases that are not there: a misspelt one would change nothing, unseen."""
    for code in own.get("course", ()):
        if code not in book.diseases:
            yield ("course", code), "course_of_nothing", {"name": code}


def _of_no_stage(book: Playbook, own: Raw) -> Iterator[Found]:
    """Times of an area for stages that the city does not know: a misspelt one would do nothing."""
    for code, local in own.get("area", {}).items():
        for loop, stages in local.get("deadlines", {}).items():
            there = ("area", code, "deadlines", loop)
            if loop not in book.deadline_tables:
                yield there, "unknown", hints(loop, list(book.deadline_tables))
                continue
            known = list(book.deadline_tables[loop])
            for stage in stages:
                if stage not in known:
                    yield (*there, stage), "unknown_stage", hints(stage, known)


def filled(book: Playbook, base: Playbook) -> Playbook:
    """`book` with the deadlines, and the whole tables, that it lacks taken from `base`.

    A playbook stored as complete text before an upgrade has no deadlines for the loops
    that the upgrade brought; this gives it those of a newer base, and the courses of diseases
    and the response where it has none at all. A rule that a playbook has is never mixed with one
    of the base: what it leaves out of a rule it means to leave out.
    """
    values, more = plain(book), plain(base)
    for name, table in more.items():
        if isinstance(table, dict):  # a heading such as `extends` is the playbook's own
            values.setdefault(name, table)
    for name in ("course", "response"):
        values[name] = values[name] or more[name]
    for loop, stages in more["deadlines"].items():
        values["deadlines"][loop] = {**stages, **values["deadlines"].get(loop, {})}
    return Playbook.model_validate(values)


def plain(book: Playbook) -> Raw:
    """The playbook as the plain dicts that its TOML would give."""
    values = raw(book)
    assert isinstance(values, dict)
    return values


def _not_a_bool(written: object) -> Found:
    about: dict[str, object] = {
        "written": repr(written),
        "wanted_zh": " true 或 false",
        "wanted_en": "true or false",
    }
    return ("complete",), "wrong_type", about


def _extended(sheet: _Sheet, name: object, resolve: Resolve | None) -> Playbook:
    here = ("extends",)
    if not isinstance(name, str) or resolve is None:
        raise PlaybookError(sheet.fault(here, "unknown_playbook", {"name": name}))
    try:
        return resolve(name)
    except PlaybookError as bad:
        inner = bad.faults[0]
        if not inner.file:
            # The shelf does not know where it was asked from; this sheet does.
            raise PlaybookError(sheet.fault(here, inner.kind, inner.about)) from None
        about: dict[str, object] = {"name": name, "reason": inner.as_words()}
        raise PlaybookError(sheet.fault(here, "base_is_faulty", about), *bad.faults) from None


# Mapping proxies cannot be pickled; the written form can, and a worker needs no files.
copyreg.pickle(Playbook, lambda book: (read, (book.text,)))
