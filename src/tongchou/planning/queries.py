"""Reads of this desk: scenarios and studies of one's areas, and the cases that were found."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum

from tongchou.areas.models import Area, Level, Place, PlaceKind, subtree
from tongchou.cases.models import Case, Classification
from tongchou.planning import rights
from tongchou.planning.models import Forecast, Kind, Proposal, Scenario, State, Study
from tongchou.staff.models import User
from tongchou.staff.queries import Scope, on_post

#: At most so many cases are asked how long their report took, the newest.
_MOST = 2000


def home(scope: Scope) -> Area | None:
    """The topmost area for which somebody plans, or may look at plans."""
    paths = [path for role, path, _ in scope.posts if role in rights.SEE]
    return Area.objects.filter(path__in=paths).order_by("level", "path").first()


def scenarios(scope: Scope, *, search: str = "") -> QuerySet[Scenario]:
    """The scenarios of one's areas, the newest first."""
    found = Scenario.objects.filter(scope.q("area__path")).select_related("area", "made_by")
    for word in search.split():
        found = found.filter(Q(title__icontains=word) | Q(area__name__icontains=word))
    return found.annotate(n_studies=Count("studies")).order_by("-id")


def studies(scope: Scope, *, search: str = "", state: str = "") -> QuerySet[Study]:
    """The studies of one's areas, the newest first; without what they found."""
    found = (
        Study.objects.filter(scope.q("scenario__area__path"))
        .select_related("scenario__area", "asked_by")
        .defer("result", "scenario__text", "scenario__known", "scenario__answers")
    )
    for word in search.split():
        found = found.filter(
            Q(scenario__title__icontains=word) | Q(scenario__area__name__icontains=word)
        )
    if state in State.values:
        found = found.filter(state=state)
    return found.order_by("-id")


def waiting_before(study: Study) -> int:
    """How many studies stand before this one: plans take long, and wait for all others."""
    waiting = Study.objects.filter(state__in=("queued", "running"))
    if study.is_plan:
        return waiting.filter(Q(id__lt=study.pk) | ~Q(kind=Kind.PLAN)).count()
    return waiting.filter(id__lt=study.pk).exclude(kind=Kind.PLAN).count()


def proposals(study: Study) -> QuerySet[Proposal]:
    return study.proposals.select_related("adoption", "by")


def may_propose(user: User, *, now: object) -> bool:
    """Whether a user may put a playbook forward: of a whole city's CDC or its commander."""
    posts = on_post(now).filter(user=user, role__in=rights.PROPOSE)  # type: ignore[arg-type]
    return posts.filter(Q(level__lte=Level.CITY) | Q(area__parent=None)).exists()


def cases_by_day(area: Area, first: date, last: date) -> list[int]:
    """Cases by day of report, discarded ones left out; a number for every day, both ends in."""
    rows = (
        Case.objects.filter(subtree(area.path, field="area_path"))
        .filter(reported_on__range=(first, last))
        .exclude(classification=Classification.DISCARDED)
        .values_list("reported_on")
        .annotate(n=Count("id"))
        .order_by("reported_on")
    )
    found: Mapping[date, int] = dict(rows)
    return [found.get(first + timedelta(days=n), 0) for n in range((last - first).days + 1)]


def days_to_report(area: Area, first: date, last: date) -> list[float]:
    """Days from onset to report of the cases of these days whose onset is known."""
    rows = (
        Case.objects.filter(subtree(area.path, field="area_path"))
        .filter(reported_on__range=(first, last), onset_on__isnull=False)
        .exclude(classification=Classification.DISCARDED)
        .order_by("-reported_on", "-id")
        .values_list("onset_on", "reported_on")[:_MOST]
    )
    return [float((reported - onset).days) for onset, reported in rows if onset]


def rooms(area: Area) -> int:
    """Rooms of the quarantine sites of an area, as far as they are known."""
    sites = Place.objects.filter(
        subtree(area.path, field="area__path"), kind=PlaceKind.QUARANTINE_SITE, closed_on=None
    )
    return int(sites.aggregate(n=Sum("capacity"))["n"] or 0)


def communities(area: Area) -> list[tuple[str, str, str, str, int, int | None]]:
    """Code and name of each community and of its district, residents, households.

    Where an area has no communities, its lowest parts with residents stand for them.
    """
    rows = Area.objects.filter(subtree(area.path), ended_on=None, population__gt=0)
    for level in (Level.COMMUNITY, Level.STREET, Level.DISTRICT, Level.CITY):
        parts = list(rows.filter(level=level).order_by("path"))
        if parts:
            break
    else:
        parts = []
    codes = {code for part in parts for code in part.codes}
    upper = {each.pk: each for each in Area.objects.filter(pk__in=codes, level=Level.DISTRICT)}
    found = []
    for part in parts:
        district = next((upper[code] for code in part.codes if code in upper), area)
        homes = part.households if part.households and part.population else None
        residents = int(part.population or 0)
        homes = min(homes, residents) if homes else None
        found.append((part.pk, part.name, district.pk, district.name, residents, homes))
    return found


def forecasts(area: Area) -> QuerySet[Forecast]:
    return Forecast.objects.filter(area=area).order_by("-made_on")
