"""One verb for each thing that happens to somebody in quarantine."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongchou.areas.models import Place
from tongchou.ledger import actions as ledger
from tongchou.ledger import policy
from tongchou.ledger.errors import LedgerError
from tongchou.quarantine import queries
from tongchou.quarantine.actions import ends, sites
from tongchou.quarantine.errors import NeedsReason, ReleaseRefused
from tongchou.quarantine.models import ChangeKind, ChangeReason, OrderChange, Stay
from tongchou.records import audit
from tongchou.staff.models import User

T = TypeVar("T")


class HomeReason(models.TextChoices):
    """Why somebody is at home although the order says facility."""

    HEALTH = "health", gettext_lazy("illness, pregnancy or treatment")
    CARE = "care", gettext_lazy("a child or a person who needs care")
    NO_ROOM = "no_room", gettext_lazy("no room in any site")


class CancelReason(models.TextChoices):
    NOT_FOUND = "not_found", gettext_lazy("not found")
    ELSEWHERE = "elsewhere", gettext_lazy("another city has taken over")
    NOT_EXPOSED = "not_exposed", gettext_lazy("turned out not to have been exposed")
    NOT_MANAGED = "not_managed", gettext_lazy("the playbook asks for no quarantine any more")


@transaction.atomic
def assign(*, stay: Stay, place: Place, by: User, now: datetime) -> Stay:
    """Say which site a person is bound for; that site's desk sees them coming."""
    sites.check_safe(place, now=now)
    stay.bound_for = place
    stay.save(update_fields=["bound_for"])
    if stay.passage.area_id != place.area_id:
        ledger.move(passage=stay.passage, area=place.area, by=by, now=now, note=f"→ {place}")
    ends.tell("quarantine.assign", stay.order, by=by, now=now, place=place.pk)
    return stay


@transaction.atomic
def receive(
    *,
    stay: Stay,
    place: Place,
    by: User,
    now: datetime,
    room: str = "",
    signer: User | None = None,
) -> Stay:
    """The site takes the person over: only now are they in its hands.

    Raises
    ------
    SiteUnsafe
        Where the safety certificate has run out. Nobody can sign that away.
    SiteFull
        Where no room is left and no second person signs.
    """
    policy.steady(stay.passage.person_key)
    sites.check_safe(place, now=now)
    over = False if stay.place_id == place.pk else sites.check_room(place, by=by, signer=signer)
    order = stay.order
    if stay.passage.area_id != place.area_id:
        ledger.move(passage=stay.passage, area=place.area, by=by, now=now, note=f"→ {place}")
    _lodge(stay, place, room, now=now)
    ledger.hand_over(
        passage=stay.passage,
        to="in_facility",
        by=by,
        now=now,
        timed_from=order.facility_ends_at,
        note=f"{place} {room}".strip(),
    )
    if over and signer:
        ends.tell(
            "quarantine.overfill", order, by=by, now=now, place=place.pk, signer=str(signer.pk)
        )
    return stay


@transaction.atomic
def move_home(*, stay: Stay, by: User, now: datetime, reason: str = "", note: str = "") -> Stay:
    """The community takes the person over at home, for the rest of the order or all of it."""
    order = stay.order
    comes_from_care = stay.passage.stage in ("awaiting_transfer", "in_facility")
    early = comes_from_care and order.home_from_at and now < order.home_from_at
    if early and reason not in HomeReason.values:
        raise NeedsReason(
            _("The order says facility until %(until)s. Give a reason for going home earlier.")
            % {"until": f"{order.home_from_at:%F %R}"}
        )
    if stay.passage.area_id != order.area_id:
        ledger.move(passage=stay.passage, area=order.area, by=by, now=now)
    _lodge(stay, None, "", now=now)
    words = str(HomeReason(reason).label) if reason in HomeReason.values else ""
    ledger.hand_over(
        passage=stay.passage,
        to="at_home",
        by=by,
        now=now,
        timed_from=order.to_at,
        note=" ".join(filter(None, (words, note))),
    )
    return stay


@transaction.atomic
def transfer(*, stay: Stay, place: Place, by: User, now: datetime, note: str = "") -> Stay:
    """Send somebody to another site: they wait for the bus, still on the list of the old one."""
    sites.check_safe(place, now=now)
    ledger.hand_over(
        passage=stay.passage, to="awaiting_transfer", by=by, now=now, note=note or f"→ {place}"
    )
    return assign(stay=stay, place=place, by=by, now=now)


@transaction.atomic
def release(
    *,
    stay: Stay,
    by: User,
    now: datetime,
    reason: str = "",
    second: User | None = None,
    clause: str = "",
    note: str = "",
    signed: OrderChange | None = None,
) -> Stay:
    """Let the person go. `signed` is a release out of turn that two people have signed before.

    Raises
    ------
    ReleaseRefused
        Before the end of the order, or with tests missing, unless a reason from the closed list
        is given and a second person signs.
    """
    order = stay.order
    hindrances = queries.hindrances(stay, now=now)
    if hindrances and signed is None:
        if reason not in {str(r) for r in ChangeReason.to_release()} or second in (None, by):
            raise ReleaseRefused(
                _("Not yet: %(why)s. To release all the same, two people and a reason are needed.")
                % {"why": "; ".join(hindrances)}
            )
        OrderChange.objects.create(
            order=order,
            kind=ChangeKind.RELEASED,
            reason=reason,
            clause=clause or order.clause,
            note=note[:200],
            by_hand=True,
            from_at=order.to_at,
            to_at=ledger.whole_second(now),
            proposed_by=second,
            proposed_at=now,
            confirmed_by=by,
            applied_at=now,
        )
    ledger.hand_over(passage=stay.passage, to="released", by=by, now=now, note=note)
    ends.tell("quarantine.release", order, by=by, now=now, reason=reason, hindered=bool(hindrances))
    return stay


@transaction.atomic
def mark_absent(*, stay: Stay, by: User, now: datetime, note: str = "") -> Stay:
    """The person is not where they should be; the police look for them."""
    ledger.hand_over(passage=stay.passage, to="absent", by=by, now=now, note=note)
    return stay


def mark_found(
    *, stay: Stay, by: User, now: datetime, place: Place | None = None, room: str = ""
) -> Stay:
    """The absent person is back: in a site, or at home."""
    if place is None:
        return move_home(stay=stay, by=by, now=now)
    return receive(stay=stay, place=place, room=room, by=by, now=now)


@transaction.atomic
def give_up(*, stay: Stay, by: User, second: User, now: datetime, note: str) -> Stay:
    """Stop looking for somebody. Two people answer for it, in words."""
    if second == by or not note.strip():
        raise NeedsReason(_("Giving up a search takes two people and a reason in words."))
    ends.tell("quarantine.give_up", stay.order, by=by, now=now, second=second.get_username())
    ledger.hand_over(passage=stay.passage, to="abandoned", by=by, now=now, note=note)
    return stay


@transaction.atomic
def mark_ill(*, stay: Stay, by: User, now: datetime, note: str = "") -> Stay:
    """Symptoms or a positive test: the hospital is called; until it admits them they stay ours."""
    ledger.hand_over(passage=stay.passage, to="ill", by=by, now=now, note=note)
    return stay


@transaction.atomic
def return_from_ill(*, stay: Stay, by: User, now: datetime, note: str = "") -> Stay:
    """It was not the disease: back to where they were before."""
    before = queries.stage_before_ill(stay)
    order = stay.order
    ledger.hand_over(
        passage=stay.passage,
        to=before,
        by=by,
        now=now,
        timed_from={"in_facility": order.facility_ends_at, "at_home": order.to_at}.get(before),
        note=note,
    )
    return stay


@transaction.atomic
def mark_dead(*, stay: Stay, by: User, now: datetime, note: str = "") -> Stay:
    """The ill person died before the hospital had them."""
    ledger.hand_over(passage=stay.passage, to="died", by=by, now=now, note=note)
    return stay


@transaction.atomic
def cancel(*, stay: Stay, reason: str, by: User, now: datetime) -> Stay:
    """End a stay that never began."""
    if reason not in CancelReason.values:
        raise NeedsReason(_("Choose why from the list."))
    ledger.hand_over(
        passage=stay.passage, to="cancelled", by=by, now=now, note=str(CancelReason(reason).label)
    )
    ends.tell("quarantine.cancel", stay.order, by=by, now=now, reason=reason)
    return stay


@dataclass
class Bulk:
    """What became of a list: how many were done, and which were refused and why."""

    n_done: int = 0
    refused: list[tuple[object, str]] = field(default_factory=list)


def each(items: Iterable[T], act: Callable[[T], object]) -> Bulk:
    """Do something to each of a group; one that is refused does not hold up the others."""
    done = Bulk()
    for item in items:
        try:
            with transaction.atomic():
                act(item)
        except LedgerError as refusal:
            done.refused.append((item, str(refusal)))
        else:
            done.n_done += 1
    return done


def still(stays: Iterable[Stay]) -> list[Stay]:
    """The stays, with everybody held still before any row is locked: see `policy.steady`."""
    held = list(stays)
    policy.steady(*(stay.passage.person_key for stay in held))
    return held


@transaction.atomic
def receive_many(
    *,
    arrivals: Sequence[tuple[Stay, str]],
    place: Place,
    by: User,
    now: datetime,
    signer: User | None = None,
) -> Bulk:
    """Check in a whole bus: stays with their rooms."""
    policy.steady(*(stay.passage.person_key for stay, _room in arrivals))
    done = each(
        arrivals,
        lambda a: receive(stay=a[0], place=place, room=a[1], by=by, now=now, signer=signer),
    )
    _tell_bulk("quarantine.receive_many", done, by=by, now=now, place=place.pk)
    return done


@transaction.atomic
def assign_many(*, stays: Iterable[Stay], place: Place, by: User, now: datetime) -> Bulk:
    """Say of a whole list which site it is bound for."""
    stays = still(stays)
    done = each(stays, lambda stay: assign(stay=stay, place=place, by=by, now=now))
    _tell_bulk("quarantine.assign_many", done, by=by, now=now, place=place.pk)
    return done


@transaction.atomic
def move_home_many(*, stays: Iterable[Stay], by: User, now: datetime) -> Bulk:
    """The communities take over a whole list whose days in a site are over."""
    stays = still(stays)
    done = each(stays, lambda stay: move_home(stay=stay, by=by, now=now))
    _tell_bulk("quarantine.move_home_many", done, by=by, now=now)
    return done


@transaction.atomic
def release_many(*, stays: Iterable[Stay], by: User, now: datetime) -> Bulk:
    """Release everybody on a list who may go."""
    stays = still(stays)
    done = each(stays, lambda stay: release(stay=stay, by=by, now=now))
    _tell_bulk("quarantine.release_many", done, by=by, now=now)
    return done


def _lodge(stay: Stay, place: Place | None, room: str, *, now: datetime) -> None:
    stay.place, stay.room, stay.bound_for = place, room, None
    stay.received_at = stay.received_at or ledger.whole_second(now)
    stay.save(update_fields=["place", "room", "bound_for", "received_at"])


def _tell_bulk(verb: str, done: Bulk, *, by: User, now: datetime, **detail: object) -> None:
    audit.record(
        verb=verb,
        subject="stays",
        by=by,
        now=now,
        detail={"done": done.n_done, "refused": len(done.refused), **detail},
    )
