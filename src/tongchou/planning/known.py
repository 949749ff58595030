"""The state of the city as the records have it: cases, delays of the hand-offs, what stands ready.

What is not in them is assumed, and said to be. The delays are medians of hand-offs that ended in
the last weeks; a stage that ended too seldom keeps the playbook's deadline.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any, Final

from django.utils import timezone

from tongchou.areas.models import Area, subtree
from tongchou.ledger import policy
from tongchou.ledger.models import Handoff
from tongchou.planning import outbreak, queries
from tongchou.planning.delays import LEGS, Delay, Leg, delays
from tongchou.planning.outbreak import Outbreak
from tongchou.planning.policy_of import course_of
from tongchou.playbook import Playbook

#: Hand-offs that ended within so many days count, if there were so many of a stage.
WINDOW: Final = timedelta(days=28)
FEWEST: Final = 5
#: At most so many of a stage are looked at, the newest.
MOST: Final = 2000
_TO_SYMPTOMS: Final = ("exposed_to_infectious", "infectious_to_symptoms")
#: Cases of so many days stand on the page.
DAYS: Final = 14


@dataclass(frozen=True)
class Known:
    """An area on the morning of `today`: what its records say."""

    area: Area
    today: date
    people: int
    cases: tuple[int, ...]
    rooms: int
    tempo: str
    playbook: Playbook
    delays: dict[str, tuple[Delay, ...]]  # by tempo
    n_measured: dict[Leg, int]
    outbreak: Outbreak

    @property
    def n_cases(self) -> int:
        return sum(self.cases)

    @property
    def last_week(self) -> int:
        return sum(self.cases[-7:])

    def orders(self) -> list[tuple[str, str, int, str]]:
        """Measured delays as lines of a scenario: tempo, path, days, and why."""
        found = []
        for tempo, each in self._used():
            if each.measured:
                n = sum(self.n_measured[leg] for leg in each.measured)
                why = f"measured: {n} hand-offs of the last {WINDOW.days} days"
                if each.assumed:
                    stages = ", ".join(".".join(leg) for leg in each.assumed)
                    why += f"; by its deadline: {stages}"
                found.append((tempo, each.path.removesuffix(".home"), each.days, why))
        return found

    def _used(self) -> list[tuple[str, Delay]]:
        """The delays that count: of two ways to isolate, the one that the playbook goes."""
        isolation = self.playbook.response.isolation
        used = []
        for tempo, delays_ in self.delays.items():
            site = isolation.site if isolation is not None else None
            home = site is not None and site.in_(tempo) == "home"
            other = "isolation.transfer_days" + ("" if home else ".home")
            used += [(tempo, each) for each in delays_ if each.path != other]
        return used

    def facts(self) -> dict[str, Any]:
        """As it is kept beside a scenario."""
        return {
            "today": self.today.isoformat(),
            "people": self.people,
            "cases": list(self.cases),
            "rooms": self.rooms,
            "tempo": self.tempo,
            "outbreak": self.outbreak.facts(),
            "delays": [
                {
                    "tempo": tempo,
                    "path": each.path,
                    "hours": round(each.time / timedelta(hours=1), 1),
                    "days": each.days,
                    "measured": [[*leg, self.n_measured[leg]] for leg in each.measured],
                    "assumed": [list(leg) for leg in each.assumed],
                }
                for tempo, each in self._used()
            ],
        }


def of(area: Area, *, now: datetime) -> Known:
    """What is known of an area now."""
    today = timezone.localdate(now)
    book = policy.in_force(now)
    times = handed_on(area, now=now)
    measured = {leg: timedelta(seconds=median(each)) for leg, each in times.items()}
    cases = queries.cases_by_day(area, today - timedelta(days=DAYS), today - timedelta(days=1))
    return Known(
        area=area,
        today=today,
        people=sum(row[4] for row in queries.communities(area)),
        cases=tuple(cases),
        rooms=queries.rooms(area),
        tempo=area.tempo,
        playbook=book,
        delays={tempo: delays(book, tempo, measured) for tempo in ("peace", "war")},
        n_measured={leg: len(each) for leg, each in times.items()},
        outbreak=outbreak.under_way(
            cases,
            incubation_days=_incubation(book),
            delays=queries.days_to_report(area, today - WINDOW, today),
            fewest=FEWEST,
        ),
    )


def _incubation(book: Playbook) -> float:
    """Mean days from infection to symptoms, of the disease that the playbook is for."""
    code = book.main_disease or ""
    if code not in book.courses:
        return 0.0
    spells = course_of(book).spells
    return sum(spells[each].mean_days for each in _TO_SYMPTOMS)


def handed_on(area: Area, *, now: datetime) -> dict[Leg, list[float]]:
    """Seconds that hand-offs of each stage took, where enough of them ended of late."""
    wanted = {leg for legs in LEGS.values() for leg in legs}
    found: dict[Leg, list[float]] = defaultdict(list)
    for loop, stage in sorted(wanted):
        rows = (
            Handoff.objects.filter(subtree(area.path, field="area_path"), loop=loop, stage=stage)
            .filter(opened_at__gte=now - WINDOW, done_at__lte=now)
            .order_by("-opened_at")
            .values_list("opened_at", "done_at")[:MOST]
        )
        found[loop, stage] = [(done - opened).total_seconds() for opened, done in rows if done]
    return {leg: times for leg, times in found.items() if len(times) >= FEWEST}
