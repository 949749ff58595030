"""The other half of the door: where several cases crossed, and who else was there.

The same grounds as for one case: every case of the question must be confirmed or investigated, and
asked by a post that holds it. What comes back is places; their visitors are a question of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongchou.cases.models import Case, Classification, Contact
from tongchou.cases.queries import visible_to
from tongchou.people.models import Person
from tongchou.people.queries import group
from tongchou.staff.queries import Scope
from tongchou.tracing import asking, visits
from tongchou.tracing.asking import Closed, Window
from tongchou.tracing.models import VisitQuery

if TYPE_CHECKING:
    from tongchou.epi.trace.contacts import Cases

#: Cases reported so many days back are offered for the question.
RECENT = timedelta(days=21)
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Site:
    """A place, or one day of it, where cases crossed."""

    place: str
    kind: str
    on: date | None
    n_cases: int
    n_visitors: int
    p_value: float
    adjusted: float

    @property
    def surprising(self) -> bool:
        return self.adjusted < 0.01


@dataclass(frozen=True)
class Visitor:
    """Somebody who was at a place."""

    key: str
    person: Person | None
    contact: Contact | None
    first_at: datetime
    minutes: int


def candidates(scope: Scope, *, now: datetime) -> QuerySet[Case]:
    """The recent cases that this post may ask about, newest first."""
    since = timezone.localdate(now) - RECENT
    certain = Q(classification__in=asking.CERTAIN) | Q(investigation__passage__closed_at=None)
    rows = visible_to(scope).filter(certain, reported_on__gte=since)
    rows = rows.exclude(classification=Classification.DISCARDED)
    return rows.select_related("person", "area", "passage", "investigation__passage").order_by(
        "-reported_on", "-id"
    )


def refusal(cases: Sequence[Case], scope: Scope) -> str:
    """Why these cases cannot be asked about; empty where they can."""
    if len(cases) < 2:
        return _("Choose at least two cases: one alone crosses nobody.")
    return next((why for case in cases if (why := asking.refusal(case, scope))), "")


def span(windows: Sequence[Window]) -> tuple[datetime, datetime]:
    """From the first moment of any window to the last."""
    return min(w.since for w in windows), max(w.until for w in windows)


def sites(cases: Sequence[Case], *, direction: str, now: datetime) -> list[Site]:
    """Where these cases crossed in their windows, the most surprising first.

    Raises
    ------
    Closed
        Where no visits ever came, or fewer than two of the cases are among them.
    """
    import numpy as np

    from tongchou.epi.trace import exposures, kinds

    windows = [asking.window(case, direction, now=now) for case in cases]
    known = _known(*span(windows))
    asked = _as_cases(known, cases, windows)
    if np.unique(asked.person).size < 2:
        raise Closed(_("The visits know fewer than two of these cases."))
    found = exposures.ranked(known.city, asked)
    names = known.places.keys.texts(found.place)
    zh = (get_language() or "").startswith("zh")
    by_number = {kind.number: kind.zh if zh else kind.name for kind in kinds.KINDS}
    return [
        Site(
            place=name,
            kind=by_number[int(known.city.places.kind[place])],
            on=None if day == exposures.WHOLE else EPOCH + timedelta(days=int(day)),
            n_cases=int(n_cases),
            n_visitors=int(n_visitors),
            p_value=float(p),
            adjusted=float(q),
        )
        for name, place, day, n_cases, n_visitors, p, q in zip(
            names, found.place, found.day, found.n_cases, found.n_visitors, found.p_value,
            found.adjusted, strict=True,
        )
    ]  # fmt: skip


def visitors(place: str, first: date, last: date) -> list[Visitor]:
    """Everybody who was at a place on these days. Call it through `actions.crossings` or `look`.

    Raises
    ------
    Closed
        Where no visit names the place.
    """
    from tongchou.epi.trace import exposures
    from tongchou.epi.trace.keys import MISSING, Keys

    known = visits.known(first, last)
    number = MISSING if known is None else int(known.places.find(Keys.of([place]))[0])
    if known is None or number == MISSING:
        raise Closed(_("No visit names this place."))
    days = ((day - EPOCH).days for day in (first, last))
    found = exposures.visitors(known.city, number, *days)
    keys = known.people.keys.texts(found.person)
    people = {p.key: p for p in Person.objects.filter(key__in=keys).select_related("area")}
    listed = {c.person_id: c for c in Contact.objects.filter(person_id__in=keys).order_by("pk")}
    return [
        Visitor(key, people.get(key), listed.get(key), visits.moment(int(begin)), int(minutes))
        for key, begin, minutes in zip(keys, found.first, found.minutes, strict=True)
    ]


def look(query: VisitQuery, scope: Scope, *, now: datetime) -> "list[Site] | list[Visitor]":
    """The answer to a recorded question, for somebody who could ask it now.

    Raises
    ------
    Closed
        Where they could not.
    """
    cases = list(query.cases.select_related("passage", "investigation__passage"))
    if why := refusal(cases, scope):
        raise Closed(why)
    if "place" in query.limits:
        first, last = (date.fromisoformat(query.limits[name]) for name in ("first", "last"))
        return visitors(query.limits["place"], first, last)
    return sites(cases, direction=query.limits["direction"], now=query.asked_at)


def _known(since: datetime, until: datetime) -> visits.Known:
    known = visits.known(timezone.localdate(since), timezone.localdate(until))
    if known is None:
        raise Closed(_("No visits have come in yet. Add a source of visits first."))
    return known


def _as_cases(known: visits.Known, cases: Sequence[Case], windows: Sequence[Window]) -> "Cases":
    import numpy as np

    from tongchou.epi.trace.contacts import Cases
    from tongchou.epi.trace.keys import MISSING, Keys

    rows: list[tuple[Any, int, int]] = []
    for case, window in zip(cases, windows, strict=True):
        numbers = known.people.find(Keys.of(group(case.person_id)))
        ends = visits.minute(window.since), visits.minute(window.until)
        rows += [(number, *ends) for number in numbers[numbers != MISSING].tolist()]
    person, since, until = zip(*rows, strict=True) if rows else ((), (), ())
    return Cases(np.array(person, np.uint32), np.array(since, np.int64), np.array(until, np.int64))
