"""Two weeks of check-ins in the demo city: the cases, whom they met, and people who met nobody.

Written in the background once the pages are served: nobody waits for it, and the first time it
compiles the kernels of tracing.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from tongchou.cases.models import Case, Exposure
from tongchou.people.keys import new_key
from tongchou.staff.models import User
from tongchou.tracing import actions, visits
from tongchou.tracing.actions.visits import take
from tongchou.tracing.models import VisitSource

N_DAYS = 14
N_OTHERS = 1500
VENUES = (
    ("东门市场", "shop"),
    ("码头酒家", "restaurant"),
    ("钟楼商场", "shop"),
    ("河东第二小学", "school"),
    ("12路公交", "vehicle"),
    ("光谷产业园", "work"),
    ("茶山镇卫生院", "medical"),
    ("江边棋牌室", "leisure"),
)
KIND_OF_WAY = {
    "living": "home",
    "meal": "restaurant",
    "work": "work",
    "room": "work",
    "vehicle": "vehicle",
    "leisure": "leisure",
    "care": "medical",
}
Visit = dict[str, Any]


def missing() -> bool:
    """Whether it is still to be written."""
    return not visits.folder().exists()


def write(*, now: datetime) -> None:
    """All visits as one batch of the demo's source; the same for the same cases."""
    from tongchou.epi.trace.reading import read_records

    source = VisitSource.objects.filter(name="场所码").first()
    if source is None:
        steward = User.objects.get(username="steward")
        source, _token = actions.add_source(name="场所码", by=steward, now=now)
    dice = random.Random(20220701)
    today = timezone.localdate(now)
    every = [*_of_cases(dice), *_of_others(dice, today)]
    rows = [row for row in every if row["end"] <= _local(now)]
    take(source=source, batch="demo", read=read_records(rows), now=now)


def _of_cases(dice: random.Random) -> Iterator[Visit]:
    """Where a case and a contact met, from the exposure that the tracers wrote down."""
    for one in Exposure.objects.select_related("contact", "case"):
        if one.case is None or one.last_on is None:
            continue
        kind = KIND_OF_WAY.get(one.way, "shop")
        place = f"{one.place or kind}·{one.case_id}"
        begin = datetime.combine(one.last_on, time(dice.randint(8, 19), dice.randrange(60)))
        minutes = one.minutes or 30
        for key in (one.case.person_id, one.contact.person_id):
            yield _visit(key, place, kind, begin, minutes + dice.randint(0, 20))
    for case in Case.objects.all():
        day = case.onset_on or case.reported_on
        for n in range(-3, 3):
            place, kind = dice.choice(VENUES)
            begin = datetime.combine(day + timedelta(n), time(dice.randint(9, 19)))
            yield _visit(case.person_id, place, kind, begin, dice.randint(15, 90))


def _of_others(dice: random.Random, today: date) -> Iterator[Visit]:
    for _n in range(N_OTHERS):
        key = new_key()
        for ago in range(N_DAYS):
            if dice.random() < 0.5:
                place, kind = dice.choice(VENUES)
                begin = datetime.combine(
                    today - timedelta(ago), time(dice.randint(8, 20), dice.randrange(60))
                )
                yield _visit(key, place, kind, begin, dice.randint(10, 120))


def _visit(person: str, place: str, kind: str, begin: datetime, minutes: int) -> Visit:
    end = begin + timedelta(minutes=minutes)
    return {"person": person, "place": place, "kind": kind, "start": begin, "end": end}


def _local(now: datetime) -> datetime:
    return timezone.localtime(now).replace(tzinfo=None)
