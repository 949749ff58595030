"""What the desk sees: who comes, who is where, what is due today, what a new playbook changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from tongchou import playbook as playbooks
from tongchou.areas.models import Place, PlaceKind, subtree
from tongchou.cases.models import Classification, Contact, Exposure
from tongchou.ledger import policy
from tongchou.ledger.models import Adoption
from tongchou.people import queries as people
from tongchou.people.models import Person
from tongchou.playbook import NoSuchRule, Playbook
from tongchou.quarantine.loops import QUARANTINE_STAY, UNTIL_THE_END
from tongchou.quarantine.models import (
    Appeal,
    DueTest,
    HealthCheck,
    Order,
    OrderChange,
    Site,
    Stay,
    SwabResult,
)
from tongchou.quarantine.plan import Plan, day_end, draw, local_day
from tongchou.staff.queries import Scope

OPEN = Q(passage__closed_at=None)
# Until the playbook names a time for it; from memory, 48 hours as for a wrong health code.
APPEAL_WITHIN = timedelta(hours=48)


# One order, one stay --------------------------------------------------------------------------


def last_exposure(contact: Contact) -> date:
    """The last day the contact met a case; the day it was listed where no day is known."""
    newest = contact.exposures.aggregate(day=Max(Coalesce("last_on", "first_on")))["day"]
    return newest or contact.listed_on


def open_order(person: Person) -> Order | None:
    """The order a person is under now, under whichever of their keys."""
    return (
        Order.objects.filter(person__in=people.group(person.key), stay__passage__closed_at=None)
        .select_related("stay__passage")
        .first()
    )


def open_stay(person_key: str) -> Stay | None:
    """The stay a person is in now, by any of their keys."""
    return (
        Stay.objects.filter(OPEN, passage__person_key__in=people.group(person_key))
        .select_related("passage", "order")
        .first()
    )


def stage_before_ill(stay: Stay) -> str:
    """Where an ill person was before, which is where they go back to."""
    came_from = (
        stay.passage.handoffs.filter(outcome="ill")
        .exclude(stage="ill")
        .order_by("-number")
        .values_list("stage", flat=True)
        .first()
    )
    if came_from in ("in_facility", "at_home", "awaiting_transfer"):
        return str(came_from)
    return "in_facility" if stay.place_id else "at_home"


def hindrances(stay: Stay, *, now: datetime) -> list[str]:
    """Why somebody may not be released yet, in words; empty where they may go."""
    return hindrances_of([stay], now=now)[stay.pk]


def hindrances_of(stays: Iterable[Stay], *, now: datetime) -> dict[int, list[str]]:
    """The same for a whole list, in one statement."""
    stays = list(stays)
    asked: dict[int, list[DueTest]] = {}
    tests = DueTest.objects.filter(order__in=[s.order_id for s in stays], dropped_at=None)
    for test in tests.order_by("due_on", "id"):
        asked.setdefault(test.order_id, []).append(test)
    return {stay.pk: _why_not(stay.order, asked.get(stay.order_id, ()), now) for stay in stays}


def _why_not(order: Order, tests: Iterable[DueTest], now: datetime) -> list[str]:
    """An inconclusive test is settled by a later negative one, a missed one by nothing."""
    why = []
    if now < order.to_at:
        why.append(_("the order runs until %(end)s") % {"end": ends_in_words(order)})
    last = max((t.due_on for t in tests if t.result == SwabResult.NEGATIVE), default=None)
    for test in tests:
        settled = bool(test.result) and last is not None and last > test.due_on
        if test.result == SwabResult.NEGATIVE or settled:
            continue
        if test.due_on <= min(local_day(now), order.last_on) or test.again:
            what = test.get_result_display() if test.result else _("no result yet")
            why.append(_("test of day %(day)s: %(what)s") % {"day": test.day, "what": what})
    return why


def may_act(scope: Scope, stay: Stay, to: str) -> bool:
    """Whether somebody in this scope may hand the stay on to `to`.

    Taking somebody over is the receiver's act: who drives the bus cannot check anybody in. What
    takes nobody over, such as finding nobody there, the owner of the stage may state too.
    """
    here, there = QUARANTINE_STAY.at(stay.passage.stage), QUARANTINE_STAY.at(to)
    if here is None or to not in here.to or to == "admitted":
        return False
    roles = {here.signer} | ({there.owner} if there else set())
    if to not in UNTIL_THE_END:
        roles.add(here.owner)
    return any(scope.may(roles, path) for path in (stay.passage.area_path, stay.order.area_path))


def misplaced(stay: Stay, *, now: datetime) -> bool:
    """Whether somebody is at home while the order still says facility."""
    until = stay.order.home_from_at
    return stay.passage.stage == "at_home" and until is not None and now < until


def ends_in_words(order: Order) -> str:
    """`2022-07-11 24:00`, the way a notice writes the end of a day."""
    if order.to_at == day_end(order.last_on):
        return f"{order.last_on} 24:00"
    return f"{timezone.localtime(order.to_at):%F %R}"


def appeal_within(now: datetime) -> timedelta:
    """How long an appeal may wait for its answer."""
    try:
        return policy.in_force(now).target("appeal_answered").within
    except NoSuchRule:
        return APPEAL_WITHIN


def phone_of(stay: Stay) -> str:
    """Whom the person calls: the site they are in, else the unit that has them now."""
    site = site_of(stay.place) if stay.place else None
    if site and site.phone:
        return site.phone
    leg = stay.passage.handoffs.select_related("unit").order_by("-number").first()
    return leg.unit.phone if leg and leg.unit else ""


def playbook_of(order: Order) -> Playbook | None:
    """The playbook an order stands on, as it was adopted."""
    adopted = Adoption.objects.filter(playbook=order.playbook).exclude(adopted_at=None)
    newest = adopted.order_by("-adopted_at").first()
    if newest:
        return policy.of(newest)
    return playbooks.load(order.playbook) if order.playbook in playbooks.shipped() else None


# The desk -------------------------------------------------------------------------------------


def visible(scope: Scope) -> QuerySet[Stay]:
    """The stays a user may see: those in their area, and those of people who live there."""
    return (
        Stay.objects.filter(scope.q("passage__area_path") | scope.q("order__area_path"))
        .select_related("passage", "order__person", "place", "bound_for")
        .order_by("order__to_at", "id")
    )


def visible_orders(scope: Scope) -> QuerySet[Order]:
    return Order.objects.filter(scope.q("area_path") | scope.q("stay__passage__area_path"))


def open_stays(scope: Scope, *, place: Place | None = None) -> QuerySet[Stay]:
    """Everybody in quarantine; with a place, those in it and those bound for it."""
    stays = visible(scope).filter(OPEN)
    return stays.filter(Q(place=place) | Q(bound_for=place)) if place else stays


def at_stage(stays: QuerySet[Stay], *stages: str) -> QuerySet[Stay]:
    return stays.filter(passage__stage__in=stages)


def due_for_release(stays: QuerySet[Stay], *, now: datetime) -> QuerySet[Stay]:
    """Those whose order ends by tonight, earliest first; some may still lack a test."""
    tonight = day_end(local_day(now))
    return at_stage(stays, "in_facility", "at_home").filter(order__to_at__lte=tonight)


def due_to_go_home(stays: QuerySet[Stay], *, now: datetime) -> QuerySet[Stay]:
    """Those in a site whose days there end tonight, with days at home to follow."""
    tonight = day_end(local_day(now))
    return at_stage(stays, "in_facility").filter(
        order__home_from_at__lte=tonight, order__to_at__gt=tonight
    )


def due_tests(stays: QuerySet[Stay], *, now: datetime) -> QuerySet[DueTest]:
    """Tests to take today, and those of earlier days that were missed, by room."""
    return (
        DueTest.objects.filter(
            order__stay__in=at_stage(stays, "in_facility", "at_home"),
            due_on__lte=local_day(now),
            done_at=None,
            dropped_at=None,
        )
        .select_related("order__person", "order__stay__passage", "order__stay__place")
        .order_by("order__stay__place__name", "order__stay__room", "due_on", "id")
    )


def unchecked(stays: QuerySet[Stay], *, now: datetime) -> QuerySet[Stay]:
    """Those nobody has asked today how they are."""
    done = HealthCheck.objects.filter(stay=OuterRef("pk"), on=local_day(now))
    return (
        at_stage(stays, "in_facility", "at_home")
        .exclude(Exists(done))
        .order_by(F("place__name").asc(nulls_last=True), "room", "id")
    )


def unwell(stays: QuerySet[Stay], *, now: datetime) -> list[HealthCheck]:
    """Today's checks with fever or a symptom, of people who are not yet ill by the ledger."""
    checks = HealthCheck.objects.filter(
        stay__in=at_stage(stays, "in_facility", "at_home"), on=local_day(now)
    ).select_related("stay__passage", "stay__place", "stay__order__person")
    return [check for check in checks if check.unwell]


def waiting_changes(scope: Scope) -> QuerySet[OrderChange]:
    """Changes of open orders that wait for their second signature."""
    return (
        OrderChange.objects.filter(
            scope.q("order__area_path") | scope.q("order__stay__passage__area_path"),
            applied_at=None,
            refused_at=None,
            order__stay__passage__closed_at=None,
        )
        .select_related("order__stay__passage", "order__person", "proposed_by")
        .order_by("proposed_at")
    )


def groundless(scope: Scope) -> QuerySet[Stay]:
    """Stays that only discarded cases ever called for: proposed for release, never automatic."""
    ground = Exposure.objects.filter(contact__quarantine_orders=OuterRef("order_id")).exclude(
        case__classification=Classification.DISCARDED
    )
    known = Exposure.objects.filter(contact__quarantine_orders=OuterRef("order_id"))
    return visible(scope).filter(OPEN, Exists(known)).exclude(Exists(ground))


def open_appeals(scope: Scope) -> QuerySet[Appeal]:
    """Appeals without an answer, the one due first on top."""
    return (
        Appeal.objects.filter(
            scope.q("order__area_path") | scope.q("order__stay__passage__area_path"),
            decided_at=None,
        )
        .select_related("order__stay__passage", "order__person", "made_by")
        .order_by("due_at")
    )


@dataclass(frozen=True)
class Counted:
    """The tiles of the desk: how many are where, and how much is due."""

    arriving: int
    in_facility: int
    at_home: int
    absent: int
    ill: int
    tests_due: int
    unchecked: int
    to_release: int
    to_go_home: int


def counted(stays: QuerySet[Stay], *, now: datetime) -> Counted:
    """The desk in figures, in two statements."""
    today, tonight = local_day(now), day_end(local_day(now))
    checked = HealthCheck.objects.filter(stay=OuterRef("pk"), on=today)
    managed = Q(passage__stage__in=("in_facility", "at_home"))

    def at(stage: str) -> Count:
        return Count("pk", filter=Q(passage__stage=stage))

    figures: dict[str, Any] = (
        stays.order_by()
        .annotate(checked=Exists(checked))
        .aggregate(
            arriving=at("awaiting_transfer"),
            in_facility=at("in_facility"),
            at_home=at("at_home"),
            absent=at("absent"),
            ill=at("ill"),
            unchecked=Count("pk", filter=managed & Q(checked=False)),
            to_release=Count("pk", filter=managed & Q(order__to_at__lte=tonight)),
            to_go_home=Count(
                "pk",
                filter=Q(
                    passage__stage="in_facility",
                    order__home_from_at__lte=tonight,
                    order__to_at__gt=tonight,
                ),
            ),
        )
    )
    return Counted(tests_due=due_tests(stays, now=now).count(), **figures)


# Sites ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SiteState:
    """A site as the desk shows it. `capacity` None is unknown, never zero."""

    place: Place
    capacity: int | None
    n_in: int
    n_coming: int
    certified_until: date | None
    unsafe: bool

    @property
    def free(self) -> int | None:
        return None if self.capacity is None else max(0, self.capacity - self.n_in)

    @property
    def over(self) -> bool:
        return self.capacity is not None and self.n_in > self.capacity


def open_sites(scope: Scope, stay: Stay | None = None) -> QuerySet[Place]:
    """The sites of the scope that are not closed, and the one somebody is bound for."""
    places = Place.objects.filter(kind=PlaceKind.QUARANTINE_SITE, closed_on=None)
    here = scope.q("area__path")
    if stay is not None and stay.bound_for_id:
        here |= Q(pk=stay.bound_for_id)
    return places.filter(here).order_by("name", "id")


def n_in(place: Place) -> int:
    """How many people have a room in a place, the absent and the ill among them."""
    return Stay.objects.filter(OPEN, place=place).count()


def sites(scope: Scope, *, now: datetime) -> list[SiteState]:
    """Every open site of the scope with its people, those on the way, and its certificate."""
    return _states(open_sites(scope), now=now)


def state_of(place: Place, *, now: datetime) -> SiteState:
    return _states(Place.objects.filter(pk=place.pk), now=now)[0]


def _states(found: QuerySet[Place], *, now: datetime) -> list[SiteState]:
    today = local_day(now)
    places = found.select_related("area").annotate(
        n=Count("stays", filter=Q(stays__passage__closed_at=None)),
        until=F("quarantine__certified_until"),
    )
    coming = dict(
        Stay.objects.filter(OPEN, bound_for__in=places)
        .values_list("bound_for")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return [
        SiteState(
            place=p,
            capacity=p.capacity,
            n_in=p.n,
            n_coming=coming.get(p.pk, 0),
            certified_until=p.until,
            unsafe=p.until is not None and p.until < today,
        )
        for p in places
    ]


def site_of(place: Place) -> Site | None:
    return Site.objects.filter(place=place).first()


def rooms(stays: QuerySet[Stay], place: Place) -> list[tuple[str, list[Stay]]]:
    """Who is in which room of a site, the rooms in order and the unnamed last."""
    by_room: dict[str, list[Stay]] = {}
    for stay in stays.filter(place=place):
        by_room.setdefault(stay.room, []).append(stay)
    return sorted(by_room.items(), key=lambda item: (item[0] == "", item[0]))


# Health checks by day -------------------------------------------------------------------------


@dataclass(frozen=True)
class Day:
    """One day of a stay. Without a check it was missed, unless it is still running."""

    on: date
    check: HealthCheck | None
    tests: tuple[DueTest, ...]
    missed: bool


def days(stay: Stay, *, now: datetime) -> list[Day]:
    """Day by day, what was asked and what was found; newest first."""
    today = local_day(now)
    ended = stay.passage.closed_at
    last = min(local_day(ended) if ended else today, today)
    start = local_day(stay.received_at) if stay.received_at else None
    checks = {check.on: check for check in stay.checks.all()}
    tests: dict[date, list[DueTest]] = {}
    for test in stay.order.tests.filter(dropped_at=None):
        tests.setdefault(test.due_on, []).append(test)
    asked: list[Day] = []
    ahead = [day for day in tests if day > last]
    every = sorted({*ahead, *_span(start, last), *checks, *tests}, reverse=True)
    for day in every:
        check = checks.get(day)
        in_stay = start is not None and start <= day <= last
        missed = check is None and in_stay and day < today
        asked.append(Day(day, check, tuple(tests.get(day, ())), missed))
    return asked


def _span(first: date | None, last: date) -> Iterable[date]:
    if first is None:
        return ()
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


# What a new playbook would change -------------------------------------------------------------


@dataclass(frozen=True)
class Moved:
    """One person whom a new playbook touches."""

    stay_id: int
    passage_id: int
    title: str
    stage: str
    area_path: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Tonight:
    """What a new playbook would change tonight, person by person.

    `released` ends by midnight and would not have; `shortened` ends sooner, but not tonight;
    `sent_home` leaves the site tonight for days at home; `by_hand` are left alone, because two
    people set their end.
    """

    released: tuple[Moved, ...]
    held_longer: tuple[Moved, ...]
    shortened: tuple[Moved, ...]
    sent_home: tuple[Moved, ...]
    tests_moved: tuple[Moved, ...]
    by_hand: int

    @property
    def days_given_back(self) -> int:
        """Days of freedom, over all people; negative where the new playbook costs some."""
        rows = (*self.released, *self.shortened, *self.held_longer)
        return sum(round((row.before - row.after) / timedelta(days=1)) for row in rows)


_ROW = ("pk", "passage_id", "passage__title", "passage__stage", "passage__area_path")


def planned(path: str = "") -> QuerySet[Stay]:
    """Open stays whose order follows the playbook."""
    return Stay.objects.filter(
        OPEN, subtree(path, field="passage__area_path"), order__by_hand=False
    )


def groups(stays: QuerySet[Stay]) -> list[tuple[str, date]]:
    """The few pairs of rule and last exposure behind many orders: each pair has one plan."""
    pairs = stays.order_by().values_list("order__rule", "order__last_exposure_on").distinct()
    return sorted(pairs)


def tonight(before: Playbook, after: Playbook, now: datetime, *, path: str = "") -> Tonight:
    """Who would be released, held longer or tested on other days if `after` replaced `before`."""
    found: dict[str, list[Moved]] = {
        name: [] for name in ("released", "held_longer", "shortened", "sent_home", "tests_moved")
    }
    stays = planned(path)
    for rule, last_on in groups(stays):
        old, new = draw(before, rule, last_on), draw(after, rule, last_on)
        kinds = _effects(old, new, now)
        if not kinds:
            continue
        rows = stays.filter(order__rule=rule, order__last_exposure_on=last_on)
        for row in rows.order_by("pk").values_list(*_ROW):
            for kind, (was, becomes) in kinds.items():
                if kind != "sent_home" or row[3] == "in_facility":
                    found[kind].append(Moved(row[0], row[1], row[2], row[3], row[4], was, becomes))
    by_hand = Stay.objects.filter(
        OPEN, subtree(path, field="passage__area_path"), order__by_hand=True
    ).count()
    return Tonight(**{name: tuple(rows) for name, rows in found.items()}, by_hand=by_hand)


def _effects(old: Plan | None, new: Plan | None, now: datetime) -> dict[str, tuple[Any, Any]]:
    """What the step from one plan to another does to everybody under it."""
    effects: dict[str, tuple[Any, Any]] = {}
    midnight = day_end(local_day(now))
    was = old.to_at if old else now
    becomes = max(new.to_at, now) if new else now  # no order ends in the past, see `end_under`
    if becomes <= midnight < was:
        effects["released"] = was, becomes
    elif becomes > max(was, now):
        effects["held_longer"] = was, becomes
    elif becomes < was:
        effects["shortened"] = was, becomes
    home_was, home_becomes = _home(old, was), _home(new, becomes)
    if home_becomes <= midnight < home_was and becomes > midnight:
        effects["sent_home"] = home_was, home_becomes
    tests_were, tests_become = _ahead(old, now), _ahead(new, now)
    if tests_were != tests_become and becomes > now:
        effects["tests_moved"] = tests_were, tests_become
    return effects


def _home(plan: Plan | None, end: datetime) -> datetime:
    return plan.home_from_at if plan and plan.home_from_at else end


def _ahead(plan: Plan | None, now: datetime) -> tuple[date, ...]:
    today = local_day(now)
    return tuple(on for _day, on in plan.tests if on >= today) if plan else ()
