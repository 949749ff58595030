"""Settling and writing drafts, whatever they tell of: known lines, changed lines, new lines.

A chunk is settled with a handful of queries and written with a handful of statements, so that a
hundred thousand rows cost little more than the rows themselves.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection

from tongchou.intake import links, rows
from tongchou.intake.checking import Draft
from tongchou.intake.fields import MASKED, Kind
from tongchou.intake.grounds import Spot
from tongchou.intake.models import Line, Refusal, Remark
from tongchou.intake.problems import Problem, masked
from tongchou.intake.run import Run, Settled
from tongchou.ledger.bulk import runs
from tongchou.people import blind
from tongchou.records import audit
from tongchou.records.bulk import reserve_ids

Difference = tuple[str, str, str]  # field, what is stored, what the list says


class Desk(ABC):
    """Everything about one kind of row. `link` is the column of `Line` that holds its record."""

    kind: Kind
    link: str

    def __init__(self, run: Run, column_of: Callable[[str], str]) -> None:
        self.run, self.column_of = run, column_of

    # --- asking --------------------------------------------------------------------------------

    def settle(self, drafts: Sequence[Draft]) -> Settled:
        """Say of each draft whether it is new, known, changed or impossible. Writes nothing."""
        settled = Settled()
        sound: list[Draft] = []
        for draft in drafts:
            draft.digest = digest(draft)
            (settled.refused if draft.problems else sound).append(draft)
        known = links.lines(self.run, self.kind, [draft.key for draft in sound])
        fresh, altered = [], []
        for draft in sound:
            line = known.get(draft.key)
            if line is None:
                fresh.append(draft)
            elif line.digest == draft.digest:
                settled.unchanged.append(draft)
            else:
                altered.append((draft, line))
        self.find(fresh, settled)
        self._compare(altered, settled)
        return settled

    @abstractmethod
    def find(self, drafts: list[Draft], settled: Settled) -> None:
        """Sort drafts without a line of their own into `settled`, with their links."""

    @abstractmethod
    def records(self, ids: Iterable[int]) -> dict[int, Any]:
        """The stored records of this kind by id."""

    def differences(self, draft: Draft, record: Any) -> list[Difference]:
        """What the list says that the record does not."""
        return []

    def _compare(self, altered: list[tuple[Draft, Line]], settled: Settled) -> None:
        stored = self.records([getattr(line, f"{self.link}_id") for _draft, line in altered])
        for draft, line in altered:
            record = stored.get(getattr(line, f"{self.link}_id"))
            found = self.differences(draft, record)
            if found:
                self.offer(draft, "changed", found, record, settled, line=line)
            else:
                settled.unchanged.append(draft)
                settled.reworded[line.pk] = draft.digest

    def offer(
        self,
        draft: Draft,
        code: str,
        found: list[Difference],
        record: Any,
        settled: Settled,
        *,
        line: Line | None = None,
    ) -> None:
        """Refuse a draft that says otherwise than the store; for cases it can be accepted."""
        said = {"value": draft.key, "differences": found}
        column = self.column_of(found[0][0]) if found else ""
        draft.problems.append(Problem(code, column, "number", said))
        draft.links = {
            "record": record.pk if record else None,
            "line": line.pk if line else None,
            "changes": {name: plain_value(draft, name) for name, _stored, _given in found},
        }
        settled.refused.append(draft)

    # --- writing -------------------------------------------------------------------------------

    def write(self, settled: Settled) -> None:
        """Put a settled chunk into the store and count it."""
        made = self.store(settled.new, settled) if settled.new else {}
        done = [draft for draft in settled.new if draft.line in made]
        pairs = [(draft, made[draft.line]) for draft in done]
        pairs += [(draft, record.pk) for draft, record in settled.adopted]
        if pairs:
            self._remember(pairs)
            self._tell(pairs)
        if settled.reworded:
            self._reword(settled.reworded)
        self.refuse(settled.refused)
        self.run.n_new += len(done)
        self.run.n_unchanged += len(settled.unchanged) + len(settled.adopted)
        self.run.n_refused += len(settled.refused)

    def _reword(self, digests: dict[int, str]) -> None:
        """The same records in other words, as after a change of profile or of index key."""
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {Line._meta.db_table} SET digest = %s WHERE id = %s",
                [(value, pk) for pk, value in digests.items()],
            )

    @abstractmethod
    def store(self, drafts: list[Draft], settled: Settled) -> dict[int, int]:
        """Write new records; their ids by line of the sheet. `settled` takes late refusals."""

    def keep(self, pairs: list[tuple[int, Draft]]) -> None:
        """What else is kept with these lines, given by their ids; mostly nothing."""
        return

    def _remember(self, pairs: list[tuple[Draft, int]]) -> None:
        ids = reserve_ids(Line, len(pairs))
        rows.load(
            Line,
            (
                {
                    "id": pk,
                    "source": self.run.of.source,
                    "kind": self.kind.value,
                    "key": draft.key,
                    "digest": draft.digest,
                    "number": draft.line,
                    "of_id": self.run.of.pk,
                    f"{self.link}_id": record,
                }
                for pk, (draft, record) in zip(ids, pairs, strict=True)
            ),
        )
        kept = list(zip(ids, (draft for draft, _record in pairs), strict=True))
        self.keep(kept)
        self._remark(kept)

    def _remark(self, pairs: list[tuple[int, Draft]]) -> None:
        remarks = [(line, draft.line, p) for line, draft in pairs for p in draft.remarks]
        ids = reserve_ids(Remark, len(remarks)) if remarks else []
        rows.load(
            Remark,
            (
                {
                    "id": pk,
                    "of_id": self.run.of.pk,
                    "line_id": line,
                    "number": number,
                    "code": problem.code,
                    "problem": json.dumps(problem.plain(), ensure_ascii=False),
                }
                for pk, (line, number, problem) in zip(ids, remarks, strict=True)
            ),
        )
        self.run.n_remarks += len(remarks)

    def refuse(self, drafts: list[Draft]) -> None:
        """Keep rows that are not stored: whole, sealed, with every reason."""
        ids = reserve_ids(Refusal, len(drafts)) if drafts else []
        body = Refusal._meta.get_field("body")
        rows.load(
            Refusal,
            (
                {
                    "id": pk,
                    "of_id": self.run.of.pk,
                    "number": draft.line,
                    "code": draft.problems[0].code,
                    "offers": "record" in draft.links and self.kind is Kind.CASE,
                    "body": str(body.sealed(str(pk), _sheet_of(draft))),  # type: ignore[union-attr]
                }
                for pk, draft in zip(ids, drafts, strict=True)
            ),
        )

    def _tell(self, pairs: list[tuple[Draft, int]]) -> None:
        detail = {
            "lines": runs(sorted(draft.line for draft, _record in pairs)),
            "records": runs(sorted({record for _draft, record in pairs})),
        }
        audit.record(
            verb=f"intake.store_{self.kind}",
            subject=f"import:{self.run.of.pk}",
            by=self.run.by,
            now=self.run.now,
            detail=detail,
        )


def _sheet_of(draft: Draft) -> str:
    content = {
        "cells": list(draft.cells),
        "problems": [problem.plain() for problem in draft.problems],
        "digest": draft.digest,
        "key": draft.key,
        **draft.links,
    }
    return json.dumps(content, ensure_ascii=False, default=str)


def digest(draft: Draft) -> str:
    """What a line says, as a keyed digest: equal for equal content, and nobody can guess it back.

    The number is left out: where two lines claim one number, the second is kept under its key.
    """
    said = sorted(
        (k, v.code if isinstance(v, Spot) else str(v))
        for k, v in draft.values.items()
        if k != "number"
    )
    return blind.index("intake", repr(said))


def plain_value(draft: Draft, name: str) -> Any:
    """A value of a draft as JSON can hold it."""
    value = draft.values.get(name)
    if isinstance(value, date):
        return value.isoformat()
    return value.code if isinstance(value, Spot) else value


def shown(name: str, value: Any) -> str:
    """A value as a difference shows it: identities masked, areas by code, days as they are."""
    if value in (None, ""):
        return ""
    if isinstance(value, Spot):
        return value.code
    return masked(str(value)) if name in MASKED else str(value)


def compared(draft: Draft, record: Any, names: Iterable[str]) -> list[Difference]:
    """Differences in columns of the record; what the list leaves empty says nothing."""
    found = []
    for name in names:
        if (given := draft.values.get(name)) in (None, ""):
            continue
        stored = getattr(record, name)
        if isinstance(given, Spot):
            given, stored = given.code, record.area_id
        if given != stored:
            found.append((name, shown(name, stored), shown(name, given)))
    return found
