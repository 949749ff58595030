"""What the level below has reported: which reports came, which are late or missing, and their sums.

The sums are of what was signed below. Where they differ from what this level counts itself, both
stand in the report: either the data changed after the lower one was true, or somebody counts wrong.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from tongchou.areas.models import Area
from tongchou.ledger.models import Handoff
from tongchou.reports.facts.base import Fact, Ground, State, both
from tongchou.reports.facts.telling import Told, followed, stamp
from tongchou.reports.models import Correction, Duty, Report, Signed
from tongchou.reports.models.daily import set_moment

#: The numbers of the lower reports that are put side by side.
SHOWN = ("cases.new", "cases.total", "gaps.open", "problems.open", "tasks.overdue")
CAME = ("signed", "received")
#: Reports of one hour are laid out together, none before the other; one not there so long after
#: its hour is missing.
LAID_WITHIN = timedelta(hours=1)

OWED = Told(
    "below.came", "below", gettext_lazy("Daily reports from below"),
    gettext_lazy("Of the daily reports that the level below owes for this day, those signed."),
)  # fmt: skip
SUMS = Told(
    "below.sums", "below", gettext_lazy("New cases by the lower reports"),
    gettext_lazy("New cases added up from the lower reports that were signed for this day."),
)  # fmt: skip
TOLD = (OWED, SUMS)
STATE_NAMES = {
    "received": pgettext_lazy("lower report", "received"),
    "signed": pgettext_lazy("lower report", "signed, not yet received"),
    "late": pgettext_lazy("lower report", "late"),
    "due": pgettext_lazy("lower report", "not yet due"),
    "excused": pgettext_lazy("lower report", "excused"),
    "missing": pgettext_lazy("lower report", "not laid out"),
}


@dataclass(frozen=True, slots=True)
class Lower:
    """One report of the level below: whose, how far it came, its numbers where it was signed."""

    of: str
    area: str
    state: str
    late: bool
    number: str
    pk: int | None
    numbers: Mapping[str, int | None]
    span: tuple[str, str] = ("", "")  # from when to when its numbers are


def duties(area: Area, on: date) -> QuerySet[Duty]:
    """Who owes this area's headquarters a report of that day: its parts and its departments."""
    return (
        Duty.objects.filter(Q(area__parent=area, unit=None) | Q(area=area, unit__isnull=False))
        .filter(Q(to_on=None) | Q(to_on__gte=on), from_on__lte=on)
        .filter(Q(area__ended_on=None) | Q(area__ended_on__gte=on))
        .select_related("area", "unit")
        .order_by("area__path", "unit_id")
    )


def lower(area: Area, on: date, at: datetime) -> list[Lower]:
    """How far each report from below had come at the moment."""
    owed = list(duties(area, on))
    if not owed:
        return []
    leg = Handoff.objects.filter(
        Q(done_at=None) | Q(done_at__gt=at), passage=OuterRef("passage"), opened_at__lte=at
    ).order_by("-number")
    reports = {
        report.duty_id: report
        for report in Report.objects.filter(duty__in=owed, on=on)
        .select_related("passage")
        .annotate(
            open_stage=Subquery(leg.values("stage")[:1]),
            open_due=Subquery(leg.values("due_at")[:1]),
        )
    }
    signed = _signed(reports.values(), at)
    return [_lower(duty, reports.get(duty.pk), signed, on, at) for duty in owed]


def _signed(reports: Iterable[Report], at: datetime) -> dict[int, Signed]:
    """The last signature of each report, with its corrections up to the moment."""
    made = Correction.objects.filter(at__lte=at).order_by("id")
    rows = Signed.objects.filter(report__in=reports, at__lte=at).order_by("number")
    return {
        row.report_id: row
        for row in rows.prefetch_related(Prefetch("corrections", made, to_attr="made"))
    }


def _lower(duty: Duty, report: Any, signed: Mapping[int, Signed], on: date, at: datetime) -> Lower:
    of = str(duty.unit or duty.area)
    if report is None:
        state = "missing" if set_moment(on, duty.hour) + LAID_WITHIN <= at else "due"
        return Lower(of, duty.area_id, state, False, "", None, {})
    stage = report.open_stage or report.passage.stage
    late = stage == "due" and report.open_due is not None and report.open_due <= at
    state = "late" if late else stage
    if report.pk not in signed or stage not in CAME:
        return Lower(of, duty.area_id, state, late, report.number, report.pk, {})
    content = json.loads(signed[report.pk].text)
    numbers = _numbers(content, signed[report.pk])
    span = (content["since"], content["at"])
    return Lower(of, duty.area_id, state, late, report.number, report.pk, numbers, span)


def _numbers(content: Mapping[str, Any], signed: Any) -> dict[str, int | None]:
    """The numbers as they were signed, each as it was last corrected."""
    facts = {fact["key"]: fact["value"] for fact in content["facts"]}
    corrected = {each.key: int(each.right) for each in signed.made if each.key in SHOWN}
    return {key: corrected.get(key, facts.get(key)) for key in SHOWN}


def facts(area: Area, ground: Ground, on: date, new: Fact, own: Ground) -> list[Fact]:
    """What came of what is owed, and the sum of new cases beside this level's own count.

    `ground` is of the moment it is told at, `own` that of this level's own numbers.
    """
    rows = lower(area, on, ground.at)
    if not rows:
        return []
    came = [row for row in rows if row.state in CAME]
    found = [
        OWED.fact(
            ground, len(came), lambda: _owed_words(rows, came),
            more={"owed": len(rows), "rows": [_plain(row) for row in rows]},
        )
    ]  # fmt: skip
    told = [row for row in came if row.numbers.get("cases.new") is not None]
    if told:
        total = sum(row.numbers["cases.new"] or 0 for row in told)
        alike = all(row.span == (stamp(own.since), stamp(own.at)) for row in told)
        found.append(
            SUMS.fact(
                ground, total, lambda: _sum_words(total, new.value, len(told), alike=alike),
                state=State.KNOWN if total == new.value or not alike else State.STALE,
            )
        )  # fmt: skip
    return found


def _owed_words(rows: Sequence[Lower], came: Sequence[Lower]) -> str:
    words = _("%(came)s of %(owed)s daily reports from below have been signed.") % {
        "came": len(came),
        "owed": len(rows),
    }
    out = [row for row in rows if row.state in ("late", "missing")]
    if out:
        names = pgettext("between names", ", ").join(row.of for row in out)
        words = followed(words, _("Late or missing: %(names)s.") % {"names": names})
    return words


def _sum_words(total: int, own: float | int | None, came: int, *, alike: bool) -> str:
    what = {"n": total, "own": own, "came": came}
    if not alike:
        return (
            _(
                "The %(came)s reports from below add up to %(n)s new cases; they are of other "
                "hours, so that this is not compared with %(own)s counted here."
            )
            % what
        )
    if total == own:
        return _("The reports from below add up to %(n)s new cases, as counted here.") % what
    return (
        _("The %(came)s reports from below add up to %(n)s new cases; counted here: %(own)s.")
        % what
    )


def _plain(row: Lower) -> dict[str, Any]:
    name = both(lambda: STATE_NAMES[row.state])
    return {
        "of": row.of, "area": row.area, "state": row.state, "late": row.late,
        "state_name": {"zh": name.zh, "en": name.en}, "number": row.number, "pk": row.pk,
        "numbers": dict(row.numbers),
    }  # fmt: skip
