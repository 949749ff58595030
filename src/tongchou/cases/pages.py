"""What the pages of cases show, read once and handed to the templates as plain values."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils.translation import get_language

from tongchou.cases import documents, forms, queries, rights
from tongchou.cases.linking import METHODS
from tongchou.cases.models import Case, Classification, Cluster, Transmission
from tongchou.ledger import policy
from tongchou.ledger.registry import stage_label
from tongchou.playbook import NoSuchRule
from tongchou.shell import paging
from tongchou.staff.queries import Scope
from tongchou.staff.roles import Role

TONES = {
    Classification.CONFIRMED: "bad",
    Classification.ASYMPTOMATIC: "warn",
    Classification.PROBABLE: "warn",
    Classification.SUSPECTED: "info",
    Classification.DISCARDED: "quiet",
}
MOST_NEIGHBOURS = 50


def cut(scope: Scope, wanted: queries.Wanted, *, query: Any, now: datetime) -> paging.Page[Any]:
    """One page of the list, in the order that the reader asked for."""
    sort = query.get("sort", "")
    if sort in queries.BY_DEADLINE:
        legs = queries.by_deadline(scope, wanted, now=now)
        return paging.keyset(legs, order=queries.BY_DEADLINE[sort], query=query)
    order = queries.ORDERS.get(sort, queries.ORDERS["-reported"])
    return paging.keyset(queries.listed(scope, wanted, now=now), order=order, query=query)


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    case: Any
    tone: str
    stage: Any
    owner: Any
    due_at: datetime | None

    @property
    def open(self) -> bool:
        return self.due_at is not None


def rows(cases: list[Case]) -> list[Row]:
    """Lines for cases from `queries.listed`."""
    return [_row(case) for case in cases]


def _row(case: Any) -> Row:
    passage = case.passage
    return Row(
        case,
        TONES.get(case.classification, "quiet"),
        stage_label(passage.loop, passage.stage) if passage else "",
        case.unit_name or (Role(case.owner).label if case.owner else ""),
        case.due_at,
    )


def page(case: Case, scope: Scope, *, now: datetime) -> dict[str, Any]:
    """What stands on the page of a case beside its facts and its timeline."""
    near = list(queries.neighbours(case, scope).select_related("area")[: MOST_NEIGHBOURS + 1])

    def may(roles: frozenset[Role]) -> bool:
        return scope.may(roles, case.area_path)

    leg = case.passage.n_legs if case.passage else 1
    clusters = queries.clusters(scope).filter(closed_on=None)
    return {
        "tone": TONES.get(Classification(case.classification), "quiet"),
        "disease_name": disease_name(case.disease, now=now),
        "stage": stage_label(case.passage.loop, case.passage.stage) if case.passage else "",
        "classifications": list(queries.classifications(case)),
        "corrections": _corrections(case),
        "documents": list(queries.documents(case)) if may(rights.DOCUMENTS) else None,
        "neighbours": near[:MOST_NEIGHBOURS],
        "more_neighbours": len(near) > MOST_NEIGHBOURS,
        "may_correct": may(rights.CORRECT),
        "classify_form": _classify_form(case) if may(rights.CLASSIFY) else None,
        "move_form": forms.MoveForm(initial={"leg": leg}, prefix="move")
        if may(rights.MOVE) and case.passage and case.passage.closed_at is None
        else None,
        "cluster_form": forms.ClusterForm(
            clusters=clusters, initial={"cluster": case.cluster_id}, prefix="cluster"
        )
        if may(rights.LINK)
        else None,
        "document_form": forms.DocumentForm(prefix="document") if may(rights.DOCUMENTS) else None,
        "max_megabytes": documents.MAX_BYTES // 1024 // 1024,
    }


def disease_name(code: str, *, now: datetime) -> str:
    """The disease in the reader's language; its code where the playbook in force knows it not."""
    try:
        return policy.in_force(now).disease(code).title.of(get_language() or "en")
    except NoSuchRule:
        return code


def _classify_form(case: Case) -> forms.ClassifyForm | None:
    if case.classification == Classification.DISCARDED:
        return None
    return forms.ClassifyForm(
        initial={"seen": case.classification, "classification": case.classification},
        prefix="classify",
    )


def _corrections(case: Case) -> list[tuple[Any, Any]]:
    """The corrections with the name of each field."""
    return [
        (Case._meta.get_field(row.field).verbose_name, row)  # type: ignore[union-attr]
        for row in queries.corrections(case)
    ]


@dataclass(frozen=True)
class Method:
    """What one method says of the sources of a case."""

    label: Any
    at: datetime
    rows: list[Transmission]

    @property
    def rest(self) -> float:
        """What the rows leave open."""
        return max(0.0, 1 - sum(row.probability for row in self.rows))


def chains(case: Case) -> dict[str, Any]:
    """Possible sources by method, and possible infections, each with its probability."""
    found = list(queries.sources(case))
    methods = []
    for name, group in groupby(found, key=lambda row: row.method):
        these = list(group)
        methods.append(Method(METHODS.get(name, name), max(row.at for row in these), these))
    return {"methods": methods, "infections": list(queries.infections(case)[:100])}


def clusters(scope: Scope) -> QuerySet[Cluster]:
    """Clusters with the number of their cases and the newest report."""
    return (
        queries.clusters(scope)
        .select_related("area", "place")
        .annotate(n_cases=Count("cases"), newest=Max("cases__reported_on"))
    )
