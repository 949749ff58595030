"""Cases by the days in their records: how many in all, how many new, in care, dead, recovered."""

from dataclasses import replace
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from tongchou.cases.models import Case, Classification, ClassificationChange, FoundBy, Outcome
from tongchou.reports.facts.base import Fact, Ground, Measure, State, both

ENDED = (Outcome.DIED, Outcome.RECOVERED)


def cases(ground: Ground) -> QuerySet[Any]:
    """What was held to be a case at the moment, each with the class it had then."""
    then = (
        ClassificationChange.objects.filter(case=OuterRef("pk"), at__lt=ground.at)
        .order_by("-at", "-id")
        .values("classification")[:1]
    )
    # What was imported later has no class of then: the one it came with stands for it.
    return Case.objects.annotate(class_at=Coalesce(Subquery(then), F("classification"))).exclude(
        class_at=Classification.DISCARDED
    )


def _total(ground: Ground) -> QuerySet[Case]:
    return cases(ground).filter(reported_on__lte=ground.day)


def _new(ground: Ground) -> QuerySet[Case]:
    return cases(ground).filter(ground.holds("reported_on"))


def _diagnosed(ground: Ground) -> QuerySet[Case]:
    return cases(ground).filter(ground.holds("diagnosed_on"), class_at=Classification.CONFIRMED)


def _added_late(ground: Ground) -> QuerySet[Case]:
    return cases(ground).filter(
        reported_on__lte=ground.day_before, written_at__gte=ground.since, written_at__lt=ground.at
    )


def _in_care(ground: Ground) -> QuerySet[Case]:
    gone = Q(outcome__in=ENDED, outcome_on__lte=ground.day)
    lost = Q(outcome__in=(*ENDED, Outcome.ALIVE), outcome_on=None)
    return _total(ground).filter(admitted_on__lte=ground.day).exclude(gone).exclude(lost)


def _care_unknown(ground: Ground) -> QuerySet[Case]:
    """Neither ended by that day nor admitted, as far as the record says."""
    ended = Q(outcome__in=ENDED, outcome_on__lte=ground.day)
    undated = Q(outcome__in=(*ENDED, Outcome.ALIVE), outcome_on=None)
    return _total(ground).exclude(ended).filter(Q(admitted_on=None) | undated)


def _ended(outcome: str, *, new: bool) -> Any:
    def rows(ground: Ground) -> QuerySet[Case]:
        day = ground.holds("outcome_on") if new else Q(outcome_on__lte=ground.day)
        return cases(ground).filter(day, outcome=outcome)

    return rows


def _undated(ground: Ground) -> QuerySet[Case]:
    return _total(ground).filter(outcome__in=ENDED, outcome_on=None)


def class_name(code: str) -> Any:
    return Classification(code).label if code in Classification.values else code


def found_name(code: str) -> Any:
    return FoundBy(code).label if code in FoundBy.values else code


def unless_unrecorded(facts: dict[str, Fact]) -> None:
    """In hospital is unknown, and not nobody, where no record of an open case says anything."""
    care, unknown = facts["care.in"], facts["care.unknown"]
    if not care.value and unknown.value:
        words = both(lambda: gettext("Cases in hospital: not known, it is not recorded."))
        facts["care.in"] = replace(care, value=None, before=None, state=State.UNKNOWN, said=words)


MEASURES = (
    Measure(
        "cases.total", "situation", _("Cases reported so far"),
        _("Cases with a day of report up to this day, those discarded by then left out."),
        _total,
        ngettext_lazy("%(n)s case has been reported so far%(more)s.",
                      "%(n)s cases have been reported so far%(more)s.", "n"),
        _("No case has been reported so far."),
        split="class_at", names=class_name,
    ),
    Measure(
        "care.in", "situation", _("Cases in hospital"),
        _("Cases admitted up to this day and neither recovered nor dead by then, by their record."),
        _in_care,
        ngettext_lazy("%(n)s case is in hospital%(more)s.",
                      "%(n)s cases are in hospital%(more)s.", "n"),
        _("No case is in hospital."),
    ),
    Measure(
        "care.unknown", "situation", _("Cases of which care is not recorded"),
        _("Cases without a day of admission that have not ended, or whose end has no day."),
        _care_unknown,
        ngettext_lazy("Of %(n)s case it is not recorded whether they are in hospital%(more)s.",
                      "Of %(n)s cases it is not recorded whether they are in hospital%(more)s.",
                      "n"),
    ),
    Measure(
        "deaths.total", "situation", _("Deaths so far"),
        _("Cases who died up to this day, by the day of death in their record."),
        _ended(Outcome.DIED, new=False),
        ngettext_lazy("%(n)s case has died so far%(more)s.",
                      "%(n)s cases have died so far%(more)s.", "n"),
        _("Nobody has died so far."),
    ),
    Measure(
        "recovered.total", "situation", _("Recovered so far"),
        _("Cases who recovered up to this day, by the day in their record."),
        _ended(Outcome.RECOVERED, new=False),
        ngettext_lazy("%(n)s case has recovered so far%(more)s.",
                      "%(n)s cases have recovered so far%(more)s.", "n"),
        _("Nobody has recovered so far."),
    ),
    Measure(
        "outcome.undated", "situation", _("Ended, the day not recorded"),
        _("Cases dead or recovered whose record has no day of it: they are in no count by day."),
        _undated,
        ngettext_lazy("For %(n)s case that ended the day is not recorded%(more)s.",
                      "For %(n)s cases that ended the day is not recorded%(more)s.", "n"),
    ),
    Measure(
        "cases.new", "changes", _("New cases"),
        _("Cases with this day as their day of report, those discarded by then left out."),
        _new,
        ngettext_lazy("%(n)s new case was reported%(more)s.",
                      "%(n)s new cases were reported%(more)s.", "n"),
        _("No new case was reported."),
        split="class_at", names=class_name, flow=True,
    ),
    Measure(
        "cases.found", "changes", _("New cases by how they were found"),
        _("The new cases of this day by how they were found."),
        _new,
        ngettext_lazy("How %(n)s new case was found%(more)s.",
                      "How %(n)s new cases were found%(more)s.", "n"),
        split="found_by", names=found_name, flow=True,
    ),
    Measure(
        "cases.confirmed", "changes", _("Newly confirmed"),
        _("Confirmed cases with this day as their day of diagnosis."),
        _diagnosed,
        ngettext_lazy("%(n)s case was newly confirmed%(more)s.",
                      "%(n)s cases were newly confirmed%(more)s.", "n"),
        _("No case was newly confirmed."),
        flow=True,
    ),
    Measure(
        "cases.late", "changes", _("Added for earlier days"),
        _("Cases written down in these 24 hours whose day of report is an earlier one."),
        _added_late,
        ngettext_lazy("%(n)s case of an earlier day was added%(more)s.",
                      "%(n)s cases of earlier days were added%(more)s.", "n"),
        flow=True,
    ),
    Measure(
        "deaths.new", "changes", _("New deaths"),
        _("Cases with this day as their day of death."),
        _ended(Outcome.DIED, new=True),
        ngettext_lazy("%(n)s case died%(more)s.", "%(n)s cases died%(more)s.", "n"),
        _("Nobody died."),
        flow=True,
    ),
    Measure(
        "recovered.new", "changes", _("Newly recovered"),
        _("Cases with this day as their day of recovery."),
        _ended(Outcome.RECOVERED, new=True),
        ngettext_lazy("%(n)s case recovered%(more)s.", "%(n)s cases recovered%(more)s.", "n"),
        _("Nobody recovered."),
        flow=True,
    ),
)  # fmt: skip
