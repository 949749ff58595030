"""The only writers of passages and legs.

Each takes `by` and `now`, is atomic, and leaves an audit event. Sweeping and re-timing, which touch
many legs at once, are in `ledger.sweeping` and `ledger.retiming`.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongchou.areas.models import Area
from tongchou.ledger import legs, policy, registry
from tongchou.ledger.errors import (
    AlreadyHandedOver,
    ClockError,
    HeldElsewhere,
    LedgerError,
    WrongOutcome,
)
from tongchou.ledger.models import Passage
from tongchou.loops import Loop
from tongchou.records import audit
from tongchou.staff.models import User


def whole_second(moment: datetime) -> datetime:
    """The ledger's clock: see `ledger.models`."""
    return moment.replace(microsecond=0)


@transaction.atomic
def start(
    *,
    loop: Loop,
    area: Area,
    title: str,
    by: User | None,
    now: datetime,
    person_key: str = "",
    caused_by: Passage | None = None,
    timed_from: datetime | None = None,
    unit: int | None = None,
) -> Passage:
    """Put a subject on its way: the first owner's clock starts.

    `unit` is who answers for the first leg where it is known, as for a sentinel's own count; a unit
    that nobody is on duty for gives way to the nearest one. Where the stage is for a `named` unit,
    its people need not have the owner's role: the leg takes theirs.

    Raises
    ------
    HeldElsewhere
        Where the first stage holds a person who is in other hands.
    """
    now = whole_second(now)
    policy.steady(person_key)
    holds = loop.holds(loop.start)
    if holds:
        _take_over(loop, person_key, by=by, now=now)
    passage = Passage.objects.create(
        loop=loop.name,
        stage=loop.start,
        title=title[:120],
        area=area,
        area_path=area.path,
        person_key=person_key,
        holds=holds,
        caused_by=caused_by,
        opened_at=now,
    )
    ground = policy.ground(area.pk, now)
    _open(passage, ground=ground, now=now, timed_from=timed_from, unit=unit)
    _audit(passage, "ledger.start", loop.start, by=by, now=now)
    for then in registry.listeners(loop.name, loop.start):
        then(passage, by=by, now=now)
    return passage


@transaction.atomic
def hand_over(
    *,
    passage: Passage,
    to: str,
    by: User,
    now: datetime,
    timed_from: datetime | None = None,
    note: str = "",
    unit: int | None = None,
) -> Passage:
    """End the open leg with outcome `to`, and start the next owner's clock.

    `passage` is what the desk saw: if it has moved since, nothing happens. The object is brought
    up to date in place. `unit` is who answers for the next leg where it is known, as in `start`.

    Raises
    ------
    WrongOutcome
        Where the loop does not lead from the present stage to `to`.
    AlreadyHandedOver
        Where another desk was quicker.
    HeldElsewhere
        Where `to` holds a person whom another passage holds and does not yield.
    ClockError
        Where `now` lies before the leg was opened.
    """
    now = whole_second(now)
    policy.steady(passage.person_key)
    loop = registry.get(passage.loop)
    awaited = loop.at(passage.stage)
    if awaited is None or to not in awaited.to:
        raise WrongOutcome(_wrong(passage, to, awaited.to if awaited else ()))
    ground = _close(passage, outcome=to, by=by, now=now, note=note, area=passage.area_id)
    before = passage.stage, passage.n_legs, passage.holds, passage.closed_at
    try:
        _enter(
            passage,
            loop=loop,
            stage=to,
            ground=ground,
            by=by,
            now=now,
            timed_from=timed_from,
            unit=unit,
        )
    except BaseException:  # the transaction rolls back, so the object must not run ahead of it
        passage.stage, passage.n_legs, passage.holds, passage.closed_at = before
        raise
    return passage


def _enter(
    passage: Passage,
    *,
    loop: Loop,
    stage: str,
    ground: policy.Ground,
    by: User,
    now: datetime,
    timed_from: datetime | None,
    unit: int | None,
) -> None:
    came_from, takes, ended = passage.stage, loop.holds(stage), loop.at(stage) is None
    if takes and not passage.holds:
        _take_over(loop, passage.person_key, by=by, now=now)
    passage.stage, passage.holds = stage, takes
    passage.n_legs += not ended
    passage.closed_at = now if ended else None
    legs.move(
        passage=passage.pk,
        stage=stage,
        number=passage.n_legs,
        holds=takes,
        closed_at=passage.closed_at,
    )
    if not ended:
        _open(passage, ground=ground, now=now, timed_from=timed_from, unit=unit)
    _audit(passage, "ledger.hand_over", stage, by=by, now=now, came_from=came_from)
    for then in registry.listeners(loop.name, stage):
        then(passage, by=by, now=now)


@transaction.atomic
def move(
    *,
    passage: Passage,
    area: Area,
    by: User,
    now: datetime,
    note: str = "",
    unit: int | None = None,
) -> Passage:
    """Hand the subject to the same stage of another area or another unit; the clock runs on.

    The old leg stays in the record of the area it leaves, so nobody loses sight of the person.
    """
    now = whole_second(now)
    policy.steady(passage.person_key)
    if registry.get(passage.loop).at(passage.stage) is None:
        raise WrongOutcome(_wrong(passage, area.name, ()))
    if area.pk == passage.area_id and unit is None:
        raise LedgerError(
            _("“%(title)s” is in %(area)s already.") % {"title": passage.title, "area": area}
        )
    ground = _close(
        passage,
        outcome=passage.stage,
        by=by,
        now=now,
        note=note or f"→ {area.code}",
        area=area.pk,
    )
    timed_from = passage.handoffs.values_list("timed_from", flat=True).get(number=passage.n_legs)
    before = passage.area, passage.area_path
    passage.area, passage.area_path = area, area.path
    passage.n_legs += 1
    try:
        passage.save(update_fields=["area", "area_path", "n_legs"])
        _open(passage, ground=ground, now=now, timed_from=timed_from, unit=unit)
        _audit(passage, "ledger.move", passage.stage, by=by, now=now, area=area.code)
    except BaseException:  # as in `hand_over`: the object must not run ahead
        passage.area, passage.area_path = before
        passage.n_legs -= 1
        raise
    return passage


def _close(
    passage: Passage, *, outcome: str, by: User, now: datetime, note: str, area: str
) -> policy.Ground:
    ground = legs.close(
        passage=passage.pk,
        number=passage.n_legs,
        outcome=outcome,
        by=by.pk,
        now=now,
        note=note[:200],
        area=area,
    )
    if ground is not None:
        return ground
    title = {"title": passage.title}
    leg = passage.handoffs.filter(number=passage.n_legs, done_at=None).first()
    if leg is None:
        raise AlreadyHandedOver(
            _("“%(title)s” has already been handed over. Reload to see where it is now.") % title
        )
    raise ClockError(
        _("“%(title)s” came to this stage at %(opened)s; it cannot have left earlier.")
        % (title | {"opened": f"{leg.opened_at:%F %R}"})
    )


def _take_over(loop: Loop, person_key: str, *, by: User | None, now: datetime) -> None:
    """Let the hands that hold the person go, if they yield; the taker's act is the giver's end."""
    if not person_key:
        raise LedgerError(f"{loop.name} holds a person, so it needs a person's key")
    holder = Passage.objects.filter(person_key=person_key, holds=True).first()
    if holder is None:
        return
    awaited = registry.get(holder.loop).at(holder.stage)
    if awaited is None or not awaited.yields or by is None:
        raise HeldElsewhere(
            _("This person is already in the hands of “%(title)s” (%(stage)s).")
            % {
                "title": holder.title,
                "stage": registry.stage_label(holder.loop, holder.stage),
            }
        )
    hand_over(passage=holder, to=awaited.yields, by=by, now=now)


def _open(
    passage: Passage,
    *,
    ground: policy.Ground,
    now: datetime,
    timed_from: datetime | None,
    unit: int | None = None,
) -> None:
    awaited = registry.get(passage.loop).at(passage.stage)
    assert awaited is not None
    start_of_clock = whole_second(timed_from) if timed_from else now
    owner = awaited.owner
    if awaited.named and unit is not None:
        owner = legs.role_of(unit, now=now) or owner
    try:
        legs.open_leg(
            passage=passage.pk,
            number=passage.n_legs,
            loop=passage.loop,
            stage=passage.stage,
            owner=owner,
            area_path=passage.area_path,
            now=now,
            timed_from=start_of_clock,
            due_at=start_of_clock
            + ground.allowance(passage.loop, passage.stage, passage.area_path),
            playbook=ground.playbook.id,
            clause=ground.clause(passage.loop, passage.stage, passage.area_path),
            named=unit,
        )
    except IntegrityError as error:
        raise AlreadyHandedOver(str(error)) from error


def _audit(
    passage: Passage, verb: str, to: str, *, by: User | None, now: datetime, **more: Any
) -> None:
    detail = {"loop": passage.loop, "to": to, "leg": passage.n_legs, **more}
    legs.tell(
        actor=audit.actor(by),
        verb=verb,
        subject=f"passage:{passage.pk}",
        detail=audit.canonical(detail),
        now=now,
    )


def _wrong(passage: Passage, to: str, choices: tuple[str, ...]) -> str:
    name = registry.stage_label
    if not choices:
        return _("“%(title)s” has ended; nothing can follow.") % {"title": passage.title}
    return _("From “%(stage)s” it cannot go to “%(to)s”. It can go to: %(choices)s.") % {
        "stage": name(passage.loop, passage.stage),
        "to": name(passage.loop, to),
        "choices": ", ".join(str(name(passage.loop, c)) for c in choices),
    }
