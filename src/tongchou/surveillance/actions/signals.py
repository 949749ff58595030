"""Signals: raised by the day's cycle, claimed, verified by a named way, confirmed or closed.

The cycle may run a day again as often as it likes: the same evidence changes nothing, and the
evidence of the next day extends the signal that stands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger import actions as ledger
from tongchou.ledger.errors import LedgerError
from tongchou.records import audit
from tongchou.records.bulk import reserve_ids
from tongchou.staff.models import User
from tongchou.surveillance.found import Found
from tongchou.surveillance.loops import SIGNAL
from tongchou.surveillance.models import ClosedAs, Evidence, Signal, VerifiedBy

#: A confirmed signal is under investigation: what follows within these days belongs to it.
STILL_THE_SAME = timedelta(days=14)

Key = tuple[str, str]


class NotSaid(LedgerError):
    """A step that must say how or why was taken without."""


@dataclass
class Raised:
    """What became of a day's findings. Each is in exactly one of the first four."""

    new: list[Signal] = field(default_factory=list)
    extended: list[Signal] = field(default_factory=list)
    changed: list[Signal] = field(default_factory=list)
    unchanged: list[Signal] = field(default_factory=list)
    #: Signals whose evidence of this day no longer stands; nobody has found it again.
    gone: list[Signal] = field(default_factory=list)


@transaction.atomic
def raise_signals(
    *, day: date, found: Iterable[Found], now: datetime, by: User | None = None
) -> Raised:
    """Take what the cycle found on `day`: everything it found, or nothing where it found nothing.

    Raises
    ------
    KeyError
        Where an area is not in the division tree.
    """
    wanted = {(one.area, one.subject): one for one in found}
    areas = Area.objects.in_bulk({area for area, _subject in wanted})
    known = {
        (row.signal.area_id, row.signal.subject): row
        for row in Evidence.objects.filter(day=day).select_related("signal__passage")
    }
    standing = _standing(wanted, day)
    done = Raised()
    for key, one in wanted.items():
        if key in known:
            _again(done, known[key], one, now=now)
        elif key in standing:
            _extend(standing[key], one, day, now=now)
            done.extended.append(standing[key])
        else:
            done.new.append(_raise(areas[one.area], one, day, by=by, now=now))
    for key, row in known.items():
        if key not in wanted and row.stands:
            _gone(row, now=now)
            done.gone.append(row.signal)
    _tell(done, day, by=by, now=now)
    return done


def _standing(wanted: Iterable[Key], day: date) -> dict[Key, Signal]:
    """The signal that evidence of `day` belongs to: one still open, or confirmed lately."""
    alive = Q(passage__closed_at=None) | Q(
        passage__stage="confirmed", last_on__gte=day - STILL_THE_SAME
    )
    rows = Signal.objects.filter(alive, area_id__in={area for area, _subject in wanted})
    return {(s.area_id, s.subject): s for s in rows.select_related("passage").order_by("id")}


def _raise(area: Area, one: Found, day: date, *, by: User | None, now: datetime) -> Signal:
    (pk,) = reserve_ids(Signal, 1)
    passage = ledger.start(
        loop=SIGNAL, area=area, title=f"S-{pk:06d} · {area.name}", by=by, now=now
    )
    before = Signal.objects.filter(area=area, subject=one.subject).order_by("-last_on").first()
    signal = Signal.objects.create(
        pk=pk,
        passage=passage,
        area=area,
        area_path=area.path,
        subject=one.subject,
        first_on=day,
        last_on=day,
        raised_at=passage.opened_at,
        follows=before if before and day - before.last_on <= STILL_THE_SAME else None,
        **_figures(one),
    )
    Evidence.objects.create(signal=signal, day=day, written_at=now, **_evidence(one))
    return signal


def _extend(signal: Signal, one: Found, day: date, *, now: datetime) -> None:
    Evidence.objects.create(signal=signal, day=day, written_at=now, **_evidence(one))
    _sum_up(signal)


def _again(done: Raised, row: Evidence, one: Found, *, now: datetime) -> None:
    """The day was computed before: the same is left alone, other figures are put in their place."""
    facts = _evidence(one) | {"stands": True}
    if all(getattr(row, name) == value for name, value in facts.items()):
        done.unchanged.append(row.signal)
        return
    _write(row, facts, now=now)
    done.changed.append(row.signal)


def _gone(row: Evidence, *, now: datetime) -> None:
    _write(row, {"stands": False}, now=now)


def _write(row: Evidence, facts: dict[str, Any], *, now: datetime) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
    row.written_at, row.n_times = now, row.n_times + 1
    row.save()
    _sum_up(row.signal)


def _sum_up(signal: Signal) -> None:
    """Bring the signal up to its days: those that stand, or all where none does any more."""
    rows = list(signal.evidence.order_by("day"))
    rows = [row for row in rows if row.stands] or rows
    newest = rows[-1]
    signal.first_on, signal.last_on, signal.n_days = rows[0].day, newest.day, len(rows)
    for name, value in _figures(newest).items():
        setattr(signal, name, value)
    signal.save()


def _figures(one: Any) -> dict[str, Any]:
    channels = [share["channel"] for share in _shares(one.shares)]
    return {
        "channel": channels[0] if channels else "",
        "channels": channels,
        "detectors": list(one.detectors),
        "statistic": one.statistic,
        "observed": one.observed,
        "expected": one.expected,
        "p": one.p,
    }


def _evidence(one: Found) -> dict[str, Any]:
    return {
        "detectors": list(one.detectors),
        "statistic": one.statistic,
        "observed": one.observed,
        "expected": one.expected,
        "p": one.p,
        "days": one.days,
        "shares": _shares(one.shares),
        "areas": list(one.areas),
    }


def _shares(shares: Sequence[Any]) -> list[dict[str, Any]]:
    """Shares as JSON gives them back, so that the same evidence compares equal."""
    plain = [share if isinstance(share, dict) else asdict(share) for share in shares]
    return [share | {"detectors": list(share["detectors"])} for share in plain]


def _tell(done: Raised, day: date, *, by: User | None, now: datetime) -> None:
    for verb, signals in (("extend", done.extended), ("change", done.changed), ("gone", done.gone)):
        events = ((f"signal:{signal.pk}", {"day": day}) for signal in signals)
        audit.record_many(verb=f"signal.{verb}", by=by, now=now, events=events)


@transaction.atomic
def claim(*, signal: Signal, by: User, now: datetime, note: str = "") -> Signal:
    """Put one's name to it: from here on somebody is verifying."""
    ledger.hand_over(passage=signal.passage, to="claimed", by=by, now=now, note=note)
    return _set(signal, claimed_by=by)


@transaction.atomic
def verify(*, signal: Signal, way: str, by: User, now: datetime, note: str = "") -> Signal:
    """Say by which way the figures were found to be right.

    Raises
    ------
    NotSaid
        Without a way of the list.
    """
    if way not in VerifiedBy.values:
        raise NotSaid(_("Say how it was verified: choose one of the ways."))
    note = f"{VerifiedBy(way).label}. {note}".strip()
    ledger.hand_over(passage=signal.passage, to="verified", by=by, now=now, note=note)
    return _set(signal, verified_by=way)


@transaction.atomic
def confirm(*, signal: Signal, by: User, now: datetime, note: str = "") -> Signal:
    """It is real and not explained: somebody must go and look. The wiring sends them."""
    ledger.hand_over(passage=signal.passage, to="confirmed", by=by, now=now, note=note)
    return signal


@transaction.atomic
def close(*, signal: Signal, finding: str, by: User, now: datetime, note: str = "") -> Signal:
    """It is explained: by one of the findings of the list. What it teaches is on the page.

    Raises
    ------
    NotSaid
        Without a finding of the list.
    """
    if finding not in ClosedAs.values:
        raise NotSaid(_("Say what it turned out to be: choose one of the findings."))
    note = f"{ClosedAs(finding).label}. {note}".strip()
    ledger.hand_over(passage=signal.passage, to="closed", by=by, now=now, note=note)
    return _set(signal, closed_as=finding)


def _set(signal: Signal, **values: Any) -> Signal:
    Signal.objects.filter(pk=signal.pk).update(**values)
    for name, value in values.items():
        setattr(signal, name, value)
    return signal
