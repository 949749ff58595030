"""From the number a row refers to, to the record it means; for many rows in one query or two."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Any

from django.db.models import QuerySet

from tongchou.cases.models import Case, Contact
from tongchou.intake.fields import Kind
from tongchou.intake.models import Line
from tongchou.intake.problems import Problem
from tongchou.intake.run import Run

#: A list whose sources are all unknown needs no thousand guesses.
_SUGGESTED = 100


def lines(run: Run, kind: Kind, keys: Collection[str]) -> dict[str, Line]:
    """The lines of this source that are known by these keys."""
    found = Line.objects.filter(source=run.of.source, kind=kind.value, key__in=keys)
    return {line.key: line for line in found}


def cases(run: Run, references: Collection[str]) -> dict[str, Case]:
    """The case each reference means: of this source first, and otherwise by its number."""
    return _find(run, Kind.CASE, references, Case.objects.all())


def contacts(run: Run, references: Collection[str]) -> dict[str, Contact]:
    """The contact each reference means."""
    return _find(run, Kind.CONTACT, references, Contact.objects.all())


def _find(run: Run, kind: Kind, references: Collection[str], records: QuerySet[Any]) -> Any:
    wanted = {reference: run.key(reference) for reference in references if reference}
    if not wanted:
        return {}
    records = records.select_related("person")
    known = lines(run, kind, set(wanted.values()))
    ids = {key: getattr(line, f"{kind}_id") for key, line in known.items()}
    by_id = records.in_bulk([pk for pk in ids.values() if pk])
    found = {r: by_id[ids[key]] for r, key in wanted.items() if ids.get(key) in by_id}
    rest = [reference for reference in wanted if reference not in found]
    numbers = {run.of.prefix + reference: reference for reference in rest}
    numbers |= {reference: reference for reference in rest}
    for record in records.filter(number__in=numbers):
        found.setdefault(numbers[record.number], record)
    return found


def promised(run: Run, kind: Kind, references: Collection[str]) -> set[str]:
    """References that the sheet before this one would fulfil; only in a preview."""
    ask = run.promised.get(kind)
    if ask is None:
        return set()
    wanted = {run.key(reference): reference for reference in references if reference}
    return {wanted[key] for key in ask(list(wanted))}


def unknown(run: Run, kind: Kind, reference: str, *, column: str, field: str) -> Problem:
    """Why a reference leads nowhere, with the nearest number that would."""
    said = {"value": reference}
    if kind is Kind.CONTACT:
        return Problem("unknown_contact", column, field, said)
    if reference not in run.nearest and len(run.nearest) < _SUGGESTED:
        run.nearest[reference] = _nearest(reference)
    if near := run.nearest.get(reference):
        return Problem("unknown_case_near", column, field, {**said, "near": near})
    return Problem("unknown_case", column, field, said)


def _nearest(reference: str) -> str:
    numbers = Case.objects.filter(number__startswith=reference[:3])
    known = list(numbers.values_list("number", flat=True)[:500])
    return next(iter(get_close_matches(reference, known, n=1, cutoff=0.8)), "")
