"""Common problems: alike is computed, the same is decided by a person, and a no is remembered."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger import policy
from tongchou.lists import likeness
from tongchou.lists.actions import numbers
from tongchou.lists.actions.problems import raise_problem
from tongchou.lists.errors import Refused
from tongchou.lists.models import Common, FoundBy, Likeness, Problem, Verdict
from tongchou.lists.queries import common as queries
from tongchou.records import audit
from tongchou.staff.models import User

#: Texts less alike than this are not compared further; pairs less alike than this not proposed.
LEAST_TEXT, LEAST = 0.35, 0.5


@transaction.atomic
def look(*, now: datetime) -> int:
    """Compare the open problems of all counties; how many new pairs are put before a person.

    Pairs that were ever proposed, whatever became of them, are not proposed again.
    """
    rows = list(
        Problem.objects.filter(closed_at=None, stands_for=None)
        .order_by("pk")
        .values_list("pk", "title", "what", "cause", "area_path", "common")
    )
    where = queries.counties(row[4] for row in rows)
    rows = [row for row in rows if row[4] in where]
    numbered = {code: number for number, code in enumerate(sorted(set(where.values())))}
    one, other, score = likeness.alike(
        [f"{row[1]}。{row[2]}" for row in rows],
        [numbered[where[row[4]]] for row in rows],
        least=LEAST_TEXT,
    )
    stages = queries.stages_of(row[0] for row in rows)
    found = []
    for i, j, text in zip(one.tolist(), other.tolist(), score.tolist(), strict=True):
        a, b = rows[i], rows[j]
        if a[5] is not None and a[5] == b[5]:
            continue  # in the same common problem already
        same_cause = bool(a[3]) and a[3] == b[3]
        same_evidence = bool(stages.get(a[0], frozenset()) & stages.get(b[0], frozenset()))
        total = likeness.combined(text, same_cause=same_cause, same_evidence=same_evidence)
        if total >= LEAST:
            found.append(
                Likeness(
                    one_id=a[0],
                    other_id=b[0],
                    score=total,
                    text_score=text,
                    same_cause=same_cause,
                    same_evidence=same_evidence,
                    found_at=now,
                )
            )
    before = Likeness.objects.count()
    Likeness.objects.bulk_create(found, ignore_conflicts=True, batch_size=1000)
    return Likeness.objects.count() - before


@transaction.atomic
def confirm(
    *,
    problems: Sequence[Problem],
    left_out: Collection[Problem] = (),
    title: str,
    area: Area,
    by: User,
    now: datetime,
) -> Common:
    """Say that these are the same problem: one number for all, and a problem of the city to act on.

    What was proposed with them and left out is remembered as not the same. Where some of them are
    in a common problem already, the others join it.

    Raises
    ------
    Refused
        Where they are fewer than two counties', or in two common problems.
    """
    policy.steady()
    pks = [problem.pk for problem in problems]
    # held: of two people who join them at once, the second finds what the first has made
    problems = list(
        Problem.objects.select_for_update(of=("self",))
        .select_related("area", "passage")
        .filter(pk__in=pks)
        .order_by("pk")
    )
    known = {problem.common_id for problem in problems if problem.common_id}
    if len(known) > 1:
        raise Refused(_("These belong to two common problems already; take one of them out."))
    areas = set(queries.counties(problem.area_path for problem in problems).values())
    if len(areas) < 2 and not known:
        raise Refused(_("A common problem is one of several counties: choose at least two."))
    if known:
        common = Common.objects.get(pk=known.pop())
    else:
        common = _found(problems, title.strip(), area, by=by, now=now)
    Problem.objects.filter(pk__in=pks).update(common=common)
    _decide(pks, pks, Verdict.SAME, by=by, now=now)
    _decide(pks, [problem.pk for problem in left_out], Verdict.DIFFERENT, by=by, now=now)
    _told("confirm", common.pk, by=by, now=now, problems=[problem.number for problem in problems])
    return common


def _found(
    problems: Sequence[Problem], title: str, area: Area, *, by: User, now: datetime
) -> Common:
    if not title:
        raise Refused(_("Give the common problem a name."))
    lines = [f"{problem.area.name}：{problem.title}（{problem.number}）" for problem in problems]
    causes = {problem.cause for problem in problems}
    own = raise_problem(
        title=title,
        what="\n".join(lines)[:2000],
        area=area,
        found_by=FoundBy.REPORT,
        cause=causes.pop() if len(causes) == 1 else "",
        evidence=[problem.passage for problem in problems],
        by=by,
        now=now,
    )
    (number,) = numbers.take("C", area)
    return Common.objects.create(
        number=number,
        title=title[:120],
        area=area,
        area_path=area.path,
        problem=own,
        confirmed_at=now,
        confirmed_by=by,
    )


@transaction.atomic
def reject(*, problems: Sequence[Problem], by: User, now: datetime) -> int:
    """Say that none of these is the same as another; they are not proposed together again."""
    pks = [problem.pk for problem in problems]
    n = _decide(pks, pks, Verdict.DIFFERENT, by=by, now=now)
    _told("reject", pks[0], by=by, now=now, problems=[problem.number for problem in problems])
    return n


@transaction.atomic
def take_out(*, problem: Problem, by: User, now: datetime) -> Problem:
    """Not the same after all: it leaves its common problem, and is not proposed for it again."""
    if problem.common_id is None:
        raise Refused(_("%(number)s is in no common problem.") % {"number": problem.number})
    others = list(problem.common.problems.exclude(pk=problem.pk).values_list("pk", flat=True))  # type: ignore[union-attr]
    pairs = [sorted((problem.pk, other)) for other in others]
    Likeness.objects.bulk_create(
        (Likeness(one_id=a, other_id=b, score=0, text_score=0, found_at=now) for a, b in pairs),
        ignore_conflicts=True,
    )
    known = Q(one=problem, other__in=others) | Q(other=problem, one__in=others)
    Likeness.objects.filter(known).update(verdict=Verdict.DIFFERENT, decided_by=by, decided_at=now)
    _told("take_out", problem.common_id, by=by, now=now, problems=[problem.number])
    Problem.objects.filter(pk=problem.pk).update(common=None)
    problem.common = None
    return problem


def _decide(
    these: Collection[int], those: Collection[int], verdict: str, *, by: User, now: datetime
) -> int:
    between = Q(one__in=these, other__in=those) | Q(one__in=those, other__in=these)
    return Likeness.objects.filter(between, verdict=Verdict.PROPOSED).update(
        verdict=verdict, decided_by=by, decided_at=now
    )


def _told(verb: str, pk: int, *, by: User, now: datetime, **detail: object) -> None:
    audit.record(verb=f"common.{verb}", subject=f"common:{pk}", by=by, now=now, detail=detail)
