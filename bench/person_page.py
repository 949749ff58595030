"""What opening a person costs, beside a page that only asks the database for 1.

Users of the case software most in use waited more than a minute to open a person. The page reads a
handful of rows by index, so it may cost no more in a city of a million open legs than in an empty
one. Floor: one query and the frame around every page.
"""

import time
from collections.abc import Callable

from bench import Row
from bench.engines import on_each


def run(scale: float = 1.0) -> list[Row]:
    """Milliseconds of the person page at the 95th percentile, next to `/healthz`."""
    return on_each(__name__, scale)


def measure(engine: str, scale: float) -> list[Row]:
    from django.test import Client
    from django.urls import reverse

    from bench import data
    from tongchou.staff.models import User

    n_open, n_closed = int(1_000_000 * scale), int(2_000_000 * scale)
    data.build(n_open=n_open, n_closed=n_closed)
    keys = _people(200)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username=f"cdc-{data.CITY[:4]}01"))
    pages = [reverse("people:person", args=[key]) for key in keys]
    for page in [reverse("healthz"), *pages[:5]]:
        assert client.get(page).status_code == 200, page
    anchor = _p95(lambda: client.get(reverse("healthz")), 300)
    own = _p95(lambda: client.get(pages[_next(len(pages))]), 300)
    return [
        Row(
            name="person page",
            engine=engine,
            anchor="SELECT 1 through the same stack",
            anchor_value=anchor,
            own_value=own,
            ratio=own / anchor,
            bound="",
            unit="ms, p95",
            note=f"{n_open:,} open and {n_closed:,} closed legs; in process, no network",
        )
    ]


def _people(n: int) -> list[str]:
    """Give `n` open passages a person whom the CDC of the first district may see."""
    from bench.data import T0
    from tongchou.areas.models import Area
    from tongchou.ledger.models import Passage
    from tongchou.people.models import Person

    area = Area.objects.filter(level=5).order_by("path").first()
    people = [Person(area=area, written_at=T0, destroy_on=T0.date()) for _ in range(n)]
    Person.objects.bulk_create(people)
    passages = Passage.objects.filter(closed_at=None).order_by("pk").values_list("pk", flat=True)
    for pk, person in zip(passages[:n], people, strict=False):
        Passage.objects.filter(pk=pk).update(person_key=person.pk)
    return [person.pk for person in people]


_turn = 0


def _next(n: int) -> int:
    global _turn
    _turn += 1
    return _turn % n


def _p95(act: Callable[[], object], n: int) -> float:
    took = []
    for _ in range(n):
        before = time.perf_counter()
        act()
        took.append((time.perf_counter() - before) * 1000)
    return sorted(took)[int(n * 0.95)]
