"""The visits of this instance: where they lie, and on which clock.

Only `asking` reads people's visits, and only `actions.visits` writes them;
tests/tracing/test_door.py proves that nothing else in the house opens the store.
"""

import threading
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

if TYPE_CHECKING:
    from tongchou.epi.trace.day import City
    from tongchou.epi.trace.keys import Coder
    from tongchou.epi.trace.store import Store

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  the city's wall clock
_lock = threading.Lock()
_opened: "dict[Path, Store]" = {}


def folder() -> Path:
    """The visit store of this instance."""
    return Path(settings.TONGCHOU_DATA) / "visits"


def minute(moment: datetime) -> int:
    """Minutes since 1970 on the city's clock, as the store counts."""
    local = timezone.localtime(moment).replace(tzinfo=None)
    return int((local - EPOCH).total_seconds() // 60)


def moment(minutes: int) -> datetime:
    """The moment of such a minute."""
    return timezone.make_aware(EPOCH + timedelta(minutes=int(minutes)))


@dataclass(frozen=True)
class Known:
    """The visits of some days as they were known when somebody asked."""

    city: "City"
    people: "Coder"
    places: "Coder"
    first_day: date
    newest: date | None


def known(first: date, last: date) -> Known | None:
    """The visits from `first` to `last`; None before any visit ever came."""
    from tongchou.epi.trace.store import Store, is_store

    where = folder()
    if not is_store(where):
        return None
    with _lock:  # one thread at a time may refresh; what it hands out never changes
        store = _opened.get(where)
        if store is None:
            store = _opened[where] = Store(where)
        else:
            store.refresh()
        days = store.states()
        return Known(
            city=store.city(first, last),
            people=store.people,
            places=store.place_keys,
            first_day=store.first_day,
            newest=days[-1].on if days else None,
        )


@dataclass(frozen=True)
class Summary:
    """What the store holds, in numbers that say nothing of anybody."""

    n_days: int
    n_records: int
    n_people: int
    n_places: int
    newest: date | None


def summary() -> Summary | None:
    """Numbers of the whole store; None before any visit came."""
    found = known(date.max, date.max)
    if found is None:
        return None
    with _lock:
        days = _opened[folder()].states()
    return Summary(
        n_days=len(days),
        n_records=sum(day.n_in - day.n_merged for day in days),
        n_people=len(found.people),
        n_places=len(found.places),
        newest=found.newest,
    )


def warm() -> float:
    """Load the kernels that answer questions, compiling those that never ran on this machine.

    Returns the seconds it took; nobody at a desk should be the one who waits for them.
    """
    from tongchou.epi.trace import contacts, reading, rules, store, sweep  # noqa: F401
    from tongchou.kit.compiled import warm_up

    return warm_up()


def forget() -> None:
    """Let go of the opened store; for tests, whose folders come and go."""
    with _lock:
        _opened.clear()
