"""What a finding leads to: a problem, a task, a playbook proposal with its effect, or nothing.

Nothing is copied: the problem, the task and the proposal live in their own rooms, and each says
by its passage that this review caused it.
"""

import re
import tomllib
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.command import actions as command
from tongchou.ledger import policy
from tongchou.lists.actions import problems, tasks
from tongchou.lists.models import FoundBy, Problem, SourceKind
from tongchou.planning import known, playbook_paths
from tongchou.planning.actions import scenarios, studies
from tongchou.planning.building import Answers, text_of
from tongchou.planning.errors import PlanningError
from tongchou.planning.models import Kind, Study
from tongchou.playbook import Playbook, PlaybookError
from tongchou.playbook.words import rule_value
from tongchou.records import audit
from tongchou.reviews.actions.steps import must_be_open
from tongchou.reviews.errors import ReviewError
from tongchou.reviews.models import Consequence, Finding, Led
from tongchou.staff.models import Unit, User
from tongchou.staff.roles import Role

#: A proposal is tried on so many of the city's people, so many days, with so many dice each.
PEOPLE: Final = 20_000
DAYS: Final = 60
SEEDS: Final = 8


@transaction.atomic
def raise_problem(
    *, finding: Finding, title: str, what: str, area: Area, by: User, now: datetime
) -> Consequence:
    """Put it on the list of problems of `area`, with the review as its evidence."""
    must_be_open(finding.review)
    review = finding.review
    evidence = [review.passage]
    if review.case is not None and review.case.passage is not None:
        evidence.append(review.case.passage)
    problem = problems.raise_problem(
        title=title,
        what=what,
        area=area,
        found_by=FoundBy.REVIEW,
        found_unit=_own_unit(by, review.area),
        cause=finding.cause,
        evidence=evidence,
        caused_by=review.passage,
        by=by,
        now=now,
    )
    return _led(finding, Led.PROBLEM, problem=problem, by=by, now=now)


@transaction.atomic
def set_task(
    *,
    finding: Finding,
    goal: str,
    measure: str,
    due_at: datetime,
    unit: Unit,
    by: User,
    now: datetime,
) -> Consequence:
    """Set a unit a task; whoever reviews accepts it.

    Raises
    ------
    ReviewError
        Where `by` has no post from which to set one.
    """
    must_be_open(finding.review)
    issuer = _own_unit(by, finding.review.area)
    if issuer is None:
        raise ReviewError(_("Only somebody on post for this area can set a task."))
    raised = finding.consequences.filter(kind=Led.PROBLEM).first()
    task = tasks.set_task(
        goal=goal,
        measure=measure,
        due_at=due_at,
        unit=unit,
        issuer=issuer,
        source=SourceKind.REVIEW,
        document=finding.review.number,
        problem=_still_ours(raised.problem if raised else None, issuer),
        caused_by=finding.review.passage,
        by=by,
        now=now,
    )
    return _led(finding, Led.TASK, task=task, by=by, now=now)


def _still_ours(problem: Problem | None, issuer: Unit) -> Problem | None:
    """The problem that the task is to solve, unless it is closed or with another unit by now."""
    if problem is None or not problem.open or problem.unit_id not in (None, issuer.pk):
        return None
    return problem


@transaction.atomic
def propose_change(
    *, finding: Finding, path: str, value: str, reason: str, by: User, now: datetime
) -> Consequence:
    """Put another value of one rule forward; a second person adopts it in the command room.

    `value` is written as in a playbook: 4h, 10, true, ["primary"]. Says too whether the simulator
    reads what is changed.

    Raises
    ------
    ReviewError
        Where there is no such rule, the playbook refuses the value, or nothing would change.
    NotInCommand
        Where `by` may not propose for the whole city.
    """
    must_be_open(finding.review)
    # Two that put something forward at once come one after the other: each has its own number.
    Finding.objects.select_for_update().get(pk=finding.pk)
    base = policy.in_force(now)
    changed = changed_book(base, path, value, by=finding.review.number)
    if changed.rules == base.rules:
        raise ReviewError(_("This is what the playbook says already."))
    text = playbook_paths.proposal(
        base,
        changed,
        (path,),
        name=_name(finding),
        title={
            "zh": f"{_own_title(base.title.zh)}（{finding.review.number} 修改建议）",
            "en": f"{_own_title(base.title.en)} (proposed by {finding.review.number})",
        },
    )
    adoption = command.propose(text=text, reason=reason or finding.what, by=by, now=now)
    return _led(
        finding,
        Led.PROPOSAL,
        adoption=adoption,
        path=path[:120],
        simulated=is_simulated(base, changed),
        by=by,
        now=now,
    )


def _name(finding: Finding) -> str:
    """The id of a finding's next proposal: it is made of none before it, and no two have the same.

    An id that began with the id of the playbook in force would grow with each that is adopted.
    """
    before = finding.consequences.filter(kind=Led.PROPOSAL).count()
    return f"review-{finding.review_id}-{finding.number}-{before + 1}"


def _own_title(title: str) -> str:
    """The playbook's own title: it stays the city's, whatever reviews changed in it since."""
    return re.sub(r"((（R-\d+ 修改建议）)|( \(proposed by R-\d+\)))+$", "", title)


def changed_book(base: Playbook, path: str, value: str, *, by: str) -> Playbook:
    """The playbook with another value at one path, checked as any playbook is."""
    if not playbook_paths.belongs(path):
        raise ReviewError(
            _("%(path)s is no rule that can be proposed here. Begin with one of: %(sections)s.")
            % {"path": path, "sections": ", ".join(playbook_paths.SECTIONS)}
        )
    try:
        return playbook_paths.replaced(base, {path: _literal(value)}, by=by)
    except PlaybookError as refusal:
        language = get_language() or "en"
        said = " ".join(f"{each.reason(language)} {each.mend(language)}" for each in refusal.faults)
        raise ReviewError(said) from refusal
    except (LookupError, ValueError) as refusal:
        raise ReviewError(_misfit(base, path, value)) from refusal


def _misfit(base: Playbook, path: str, value: str) -> str:
    """Why a value cannot stand at a path, with what stands there now."""
    rule = max((each for each in base.rules if f"{path}.".startswith(f"{each}.")), default="")
    if not rule:
        return _("The playbook in force has no rule %(path)s.") % {"path": path}
    now = rule_value(base.rules[rule], get_language() or "en")
    what = {"value": value, "part": path.removeprefix(rule).strip("."), "now": now}
    if what["part"]:
        return _("“%(value)s” does not fit the part “%(part)s”. The rule says: %(now)s.") % what
    return _("“%(value)s” does not fit. The rule says: %(now)s.") % what


def _literal(value: str) -> Any:
    try:
        return tomllib.loads(f"v = {value.strip()}")["v"]
    except tomllib.TOMLDecodeError:
        return value.strip()


def is_simulated(base: Playbook, changed: Playbook) -> bool:
    """Whether the simulator would do anything else with the changed playbook.

    It runs on whole days and reads no deadline of a desk that is not on the way of a contact or a
    patient; what it cannot see, it must not be asked about.
    """
    from tongchou.planning.policy_of import policy_of

    return policy_of(base) != policy_of(changed)


@transaction.atomic
def ask_effect(*, consequence: Consequence, by: User, now: datetime) -> Consequence:
    """Have the model run the city as it is now with the playbook proposed over, and as proposed.

    Raises
    ------
    ReviewError
        Where the simulator does not read what is changed, or nobody knows the residents.
    """
    if consequence.kind != Led.PROPOSAL or not consequence.simulated:
        raise ReviewError(_("The simulator does not read this rule: it can tell no effect."))
    area = consequence.finding.review.area
    city = Area.objects.filter(code__in=area.codes, population__gt=0).order_by("level").first()
    here = known.of(city or area, now=now)
    if not here.people:
        raise ReviewError(_("Nobody knows how many people live here; import populations first."))
    label = consequence.finding.review.number
    try:
        old, new = _refs(consequence)
        before = _study(here, old, f"{label}: {_('as it stands')}", consequence, by, now)
        after = _study(here, new, f"{label}: {_('as proposed')}", consequence, by, now)
    except PlanningError as refusal:
        raise ReviewError(str(refusal)) from refusal
    Consequence.objects.filter(pk=consequence.pk).update(before=before, after=after)
    consequence.before, consequence.after = before, after
    _audit("review.effect", consequence.finding, by=by, now=now, before=before.pk, after=after.pk)
    return consequence


def _refs(consequence: Consequence) -> tuple[str, str]:
    """What the proposal was made over, and the proposal: nothing else lies between the two."""
    adoption = consequence.adoption
    assert adoption is not None
    before = f"p{adoption.base_id}" if adoption.base_id else policy.of(None).id
    return before, f"p{adoption.pk}"


def _study(
    here: known.Known, ref: str, title: str, consequence: Consequence, by: User, now: datetime
) -> Study:
    # Measured delays would stand in for the deadlines of both, and hide what is asked about.
    delays = () if consequence.path.startswith("deadlines.") else here.orders()
    text = text_of(
        Answers(
            title=title,
            playbook=ref,
            disease=_disease(here.playbook, consequence),
            days=DAYS,
            infections=max(here.last_week, 10),
            start_on=(here.today - timedelta(days=3)).isoformat(),
            area=here.area.pk,
            people=min(PEOPLE, here.people),
            delays=delays,
        )
    )
    scenario = scenarios.write(
        title=title, area=here.area, text=text, known=here.facts(), by=by, now=now
    )
    return studies.ask(scenario=scenario, kind=Kind.SIMULATE, seeds=SEEDS, by=by, now=now)


def _disease(book: Playbook, consequence: Consequence) -> str:
    review = consequence.finding.review
    for code in (review.disease, book.main_disease or ""):
        if code in book.courses:
            return code
    raise ReviewError(_("The playbook has no course of this disease: the model cannot run it."))


@transaction.atomic
def note(*, finding: Finding, reason: str, by: User, now: datetime) -> Consequence:
    """Leave it at that, with the reason why nothing has to change."""
    must_be_open(finding.review)
    if not reason.strip():
        raise ReviewError(_("Say why nothing has to change."))
    return _led(finding, Led.NOTED, note=reason.strip()[:300], by=by, now=now)


def _own_unit(by: User, area: Area) -> Unit | None:
    """The unit from which somebody writes here: their CDC post, else any that covers the area."""
    posts = by.posts.filter(area_id__in=area.codes, to_at=None).select_related("unit")
    rows = sorted(posts, key=lambda post: (post.role != Role.CDC, -post.level, post.pk))
    return rows[0].unit if rows else None


def _led(finding: Finding, kind: Led, *, by: User, now: datetime, **what: Any) -> Consequence:
    made = Consequence.objects.create(finding=finding, kind=kind, by=by, at=now, **what)
    _audit("review.lead", finding, by=by, now=now, kind=kind.value)
    return made


def _audit(verb: str, finding: Finding, *, by: User, now: datetime, **detail: object) -> None:
    audit.record(
        verb=verb,
        subject=f"review:{finding.review_id}",
        by=by,
        now=now,
        detail={"finding": finding.number, **detail},
    )


def day_end(day: date, now: datetime) -> datetime:
    """The last second of a day in the city: when a task of that day is due."""
    from django.utils import timezone

    end = datetime.combine(day, datetime.max.time().replace(microsecond=0))
    return timezone.make_aware(end, timezone.get_current_timezone())
