"""Common problems (共性问题): those confirmed, and groups that a person may confirm."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from tongchou.areas.models import Area, Level
from tongchou.lists.models import Common, Evidence, Likeness, Problem, Verdict
from tongchou.staff.queries import Scope

#: Pairs looked at to make the groups of one page; the likest first.
MOST_PAIRS = 500


@dataclass(frozen=True)
class Group:
    """Problems that may be one: proposed together, and the common problem some belong to."""

    problems: tuple[Problem, ...]
    score: float  # the likest pair
    n_areas: int
    common: Common | None

    @property
    def key(self) -> int:
        return self.problems[0].pk


def counties(paths: Iterable[str]) -> dict[str, str]:
    """For each area path the code of the county it lies in; the city itself has none."""
    wanted = set(paths)
    codes = {code for path in wanted for code in path.strip("/").split("/")}
    known = set(
        Area.objects.filter(pk__in=codes, level=Level.DISTRICT).values_list("pk", flat=True)
    )
    found = {}
    for path in wanted:
        county = next((code for code in path.strip("/").split("/") if code in known), "")
        if county:
            found[path] = county
    return found


def stages_of(problems: Iterable[int]) -> dict[int, frozenset[str]]:
    """For each problem the stages of loops that its evidence comes from: `specimen.in_transit`."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Evidence.objects.filter(problem__in=list(problems)).exclude(passage=None, gap=None)
    for pk, loop, stage, gap_loop, gap_stage in rows.values_list(
        "problem", "passage__loop", "passage__stage", "gap__loop", "gap__stage"
    ):
        found[pk].add(f"{gap_loop}.{gap_stage}" if gap_loop else f"{loop}.{stage}")
    return {pk: frozenset(stages) for pk, stages in found.items()}


def commons(scope: Scope) -> QuerySet[Common]:
    """The common problems that concern the reader's areas, newest first."""
    if not scope.posts:
        return Common.objects.none()
    mine = Problem.objects.filter(scope.q("area_path"), common__isnull=False).values("common")
    return (
        Common.objects.filter(Q(pk__in=mine) | scope.q("area_path"))
        .annotate(n=Count("problems"), n_open=Count("problems", filter=Q(problems__closed_at=None)))
        .select_related("area", "problem", "confirmed_by")
        .order_by("-confirmed_at", "-id")
    )


def proposed(scope: Scope) -> QuerySet[Likeness]:
    """Pairs that wait for a person, both inside the reader's areas, the likest first."""
    if not scope.posts:
        return Likeness.objects.none()
    return Likeness.objects.filter(
        scope.q("one__area_path"),
        scope.q("other__area_path"),
        verdict=Verdict.PROPOSED,
        one__stage__in=("raised", "assigned"),
        other__stage__in=("raised", "assigned"),
    ).order_by("-score", "id")


def groups(scope: Scope) -> list[Group]:
    """The proposed pairs put together: what is alike through a third stands in one group."""
    pairs = list(proposed(scope).values_list("one", "other", "score")[:MOST_PAIRS])
    roots: dict[int, int] = {}

    def root(pk: int) -> int:
        while roots.setdefault(pk, pk) != pk:
            roots[pk] = pk = roots[roots[pk]]
        return pk

    for one, other, _score in pairs:
        roots[root(one)] = root(other)
    members: dict[int, list[int]] = defaultdict(list)
    for pk in sorted(roots):
        members[root(pk)].append(pk)
    best: dict[int, float] = defaultdict(float)
    for one, _other, score in pairs:
        best[root(one)] = max(best[root(one)], score)
    rows = Problem.objects.select_related("area", "common", "unit").in_bulk(roots)
    found = [_group([rows[pk] for pk in each], best[key]) for key, each in members.items()]
    return sorted(found, key=lambda group: (-group.n_areas, -group.score))


def _group(problems: list[Problem], score: float) -> Group:
    areas = counties(problem.area_path for problem in problems)
    common = next((problem.common for problem in problems if problem.common), None)
    return Group(tuple(problems), score, len(set(areas.values())), common)
