"""Reads of imports: history, what was refused and why, which line a record came from."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from tongchou.cases.models import Case
from tongchou.intake.models import Import, Refusal, Remark
from tongchou.intake.problems import Problem
from tongchou.staff.queries import Scope


def visible(scope: Scope) -> QuerySet[Import]:
    """The imports of the areas a user answers for, newest first."""
    return Import.objects.filter(scope.q("area__path")).select_related("area", "by", "after")


@dataclass(frozen=True)
class Refused:
    """A refused row, opened."""

    refusal: Refusal
    cells: list[str]
    problems: list[Problem]
    changes: dict[str, Any]
    record: int | None
    line: int | None
    key: str
    digest: str

    @property
    def reasons(self) -> str:
        """Everything that is wrong, in one text."""
        return " ".join(str(problem) for problem in self.problems)


def opened(refusal: Refusal) -> Refused:
    """What is sealed in a refusal; nothing once it was destroyed."""
    content = json.loads(refusal.body) if refusal.body else {}
    return Refused(
        refusal=refusal,
        cells=content.get("cells", []),
        problems=[Problem(**problem) for problem in content.get("problems", [])],
        changes=content.get("changes", {}),
        record=content.get("record"),
        line=content.get("line"),
        key=content.get("key", ""),
        digest=content.get("digest", ""),
    )


def refusals(of: Import) -> QuerySet[Refusal]:
    """The rows that are still refused, in the order of the file."""
    return of.refusals.filter(accepted_at=None).order_by("number", "id")


def refused(of: Import) -> Iterator[Refused]:
    """All refused rows, opened one by one."""
    for refusal in refusals(of).iterator(chunk_size=500):
        yield opened(refusal)


def reasons(of: Import) -> list[tuple[str, int]]:
    """How often each first reason was given, commonest first."""
    counted = refusals(of).values_list("code").annotate(n=Count("pk")).order_by("-n", "code")
    return [(code, n) for code, n in counted]


def remarks_of(case: Case) -> list[Problem]:
    """What was odd about the rows a case came from."""
    found = Remark.objects.filter(line__case=case).order_by("id")
    return [Problem(**remark.problem) for remark in found]


def remarks(of: Import) -> QuerySet[Remark]:
    """The remarks of an import in the order of the file."""
    return of.remarks.order_by("number", "id")


def earlier(of: Import) -> Import | None:
    """The same file, handed in before and done."""
    same = Import.objects.filter(sha256=of.sha256, profile=of.profile, state="done")
    return same.exclude(pk=of.pk).order_by("-id").first()
