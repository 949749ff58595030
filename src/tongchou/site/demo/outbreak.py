"""Seventeen days of an outbreak, played through the desks' own actions up to this minute.

Every hand-over is one that a desk could have made: the loops, the wiring and the refusals are the
real ones. Hands are mostly in time and sometimes late, so that there are gaps to look at.
"""

import heapq
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Model
from django.utils import timezone

from tongchou.areas.models import Area
from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.cases.models import Case, Contact
from tongchou.command import actions as command
from tongchou.ledger import policy
from tongchou.ledger.errors import AlreadyHandedOver, LedgerError
from tongchou.ledger.models import Handoff
from tongchou.ledger.sweeping import sweep
from tongchou.people import actions as people
from tongchou.people.details import Details
from tongchou.quarantine import actions as quarantine
from tongchou.quarantine import queries as stays
from tongchou.quarantine.models import Stay
from tongchou.records import audit
from tongchou.site.demo import reviews
from tongchou.site.demo.city import City
from tongchou.tracing import actions as tracing
from tongchou.tracing.actions.investigations import CoreFacts
from tongchou.tracing.actions.listing import Entry, Met
from tongchou.tracing.models import Investigation

N_DAYS = 17
WAR_DAY = 8
#: Reports from the community on each day, for 200,000 residents: in, up, and down again once
#: contacts are held. Those who fall ill in quarantine come on top.
REPORTS = (1, 0, 1, 0, 1, 1, 2, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1)
RESIDENTS = 200_000
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂英华文建国梅玲辉鹏飞"
#: Stages whose clock runs from the end of an order, which may be moved.
UNTIL_THE_END = ("in_facility", "at_home")
WAYS = ("meal", "living", "room", "work", "vehicle", "leisure", "care")
WORK = ("教师", "司机", "店员", "工人", "学生", "退休", "护士", "快递员", "农民", "职员")
STOPS = (
    "东门市场",
    "码头酒家",
    "钟楼商场",
    "河东第二小学",
    "12路公交",
    "光谷产业园食堂",
    "茶山镇卫生院",
)


def play(city: City, *, now: datetime, progress: Callable[[float, str], None]) -> None:
    """Let the outbreak happen between seventeen days ago and `now`."""
    Outbreak(city, now).run(progress)
    audit.seal(now=now)


class Outbreak:
    """A queue of moments: what arrives, what waits for a hand, what is done every day."""

    def __init__(self, city: City, now: datetime) -> None:
        self.city, self.now = city, now.replace(microsecond=0)
        self.dice = random.Random(20220701)
        self.queue: list[tuple[datetime, int, Callable[[datetime], object]]] = []
        self.n_queued = self.last_leg = 0
        self.room = 100
        self.will_fall_ill: set[str] = set()
        self.disease = policy.in_force(now).main_disease or "covid19"

    # --- the queue -------------------------------------------------------------------------

    def at(self, moment: datetime, act: Callable[[datetime], object]) -> None:
        self.n_queued += 1
        heapq.heappush(self.queue, (moment, self.n_queued, act))

    def run(self, progress: Callable[[float, str], None]) -> None:
        local = timezone.localtime(self.now)
        first = local.replace(hour=8, minute=0, second=0) - timedelta(days=N_DAYS)
        scale = (self.city.top.population or 0) / RESIDENTS
        for number, n_reports in enumerate(REPORTS):
            day = first + timedelta(days=number)
            for _ in range(max(round(n_reports * scale), number == 0)):
                self.at(day + timedelta(minutes=self.dice.randint(0, 720)), self.report)
            self.at(day + timedelta(hours=2), self.test_everybody)
            if number >= N_DAYS - 5:  # older checks would only make the demo wait
                self.at(day + timedelta(hours=3), self.ask_everybody)
            self.at(day + timedelta(hours=12), lambda t: sweep(now=t))
        self.at(first + timedelta(days=WAR_DAY, hours=1), self.to_war)
        while self.queue and self.queue[0][0] <= self.now:
            moment, _, act = heapq.heappop(self.queue)
            try:
                act(moment)
            except LedgerError:
                continue  # somebody was quicker, as on any day
            self.see_new_legs()
            progress((moment - first) / (self.now - first), f"{moment:%m-%d}")
        sweep(now=self.now)

    def see_new_legs(self) -> None:
        """Whatever was handed to somebody waits until they come to it."""
        fresh = Handoff.objects.filter(pk__gt=self.last_leg, done_at=None).order_by("pk")
        for leg in fresh:
            if leg.loop == "review":
                self.review(leg)
            else:
                self.at(self.when(leg), partial(self.hand_on, leg))
            self.last_leg = leg.pk

    def review(self, leg: Handoff) -> None:
        """Without dice: the response goes as it would without anybody reviewing it."""
        act = partial(reviews.hand_on, leg, cdc=self.city.users["cdc"])
        self.at(reviews.when(leg), act)

    def when(self, leg: Handoff) -> datetime:
        """When a desk comes to a leg: mostly in good time, one in twelve too late."""
        late = self.dice.random() < 0.08
        share = self.dice.uniform(1.1, 2.0) if late else self.dice.uniform(0.15, 0.85)
        if leg.stage == "admitted":
            return leg.opened_at + timedelta(days=self.dice.uniform(6, 11))
        if leg.stage in UNTIL_THE_END:
            return leg.timed_from + (leg.due_at - leg.timed_from) * share * 0.5
        return leg.opened_at + (leg.due_at - leg.opened_at) * share

    # --- what happens ----------------------------------------------------------------------

    def to_war(self, t: datetime) -> None:
        district = Area.objects.get(pk="990102")
        by = self.city.users["commander"]
        command.activate(area=district, tempo="war", by=by, now=t, reason="河东区出现社区传播")

    def report(self, t: datetime) -> None:
        """Somebody comes to a fever clinic, or is found in a screening."""
        today = timezone.localdate(t)
        area = self.somewhere()
        age = self.dice.randint(6, 84)
        person = people.register(
            by=self.city.users["cdc"], now=t, area=area, name=self.name(), phone=self.phone(),
            sex=self.dice.choice(("female", "male")), birth_year=today.year - age,
        ).person  # fmt: skip
        ill = self.dice.random() < 0.75
        cases.report(
            person=person,
            area=area,
            facts=Facts(
                disease=self.disease,
                reported_on=today,
                found_by=self.dice.choice(("self", "self", "community", "key_group")),
                onset_on=today - timedelta(days=self.dice.randint(1, 4)) if ill else None,
                sampled_on=today,
                age=age,
                occupation=self.dice.choice(WORK),
                severity="mild" if ill else "none",
            ),
            by=self.city.users["hospital"],
            now=t,
        )

    def test_everybody(self, t: datetime) -> None:
        """The morning's round of swabs in every site and home."""
        by = self.city.users["quarantine_site"]
        due = stays.due_tests(self.held(), now=t).select_related("order__stay__passage")
        results = []
        for test in due:
            ill = test.order.person_id in self.will_fall_ill and test.day >= 2
            self.will_fall_ill.discard(test.order.person_id if ill else "")
            results.append((test, "positive" if ill else "negative"))
        quarantine.record_tests(results=results, by=by, now=t)

    def ask_everybody(self, t: datetime) -> None:
        checks: list[tuple[Stay, Decimal | None, Sequence[str]]] = [
            (stay, Decimal(f"36.{self.dice.randint(2, 9)}"), [])
            for stay in self.held().select_related("order")
            if self.dice.random() < 0.96
        ]
        by = self.city.users["quarantine_site"]
        on = timezone.localdate(t)
        quarantine.record_health_checks(checks=checks, on=on, by=by, now=t)

    def held(self) -> Any:
        return Stay.objects.filter(passage__stage__in=UNTIL_THE_END)

    # --- the desks -------------------------------------------------------------------------

    def hand_on(self, leg: Handoff, t: datetime) -> None:
        desk = getattr(self, f"{leg.loop}_{leg.stage}", None)
        if desk is None:
            return  # what ends this one is another loop's, by the wiring
        if leg.stage in UNTIL_THE_END:
            leg.refresh_from_db()
            if leg.timed_from > t:  # the order was extended since
                self.at(self.when(leg), partial(self.hand_on, leg))
                return
        with suppress(AlreadyHandedOver):  # somebody, or the wiring, was quicker
            desk(leg, t)

    def case_report_reported(self, leg: Handoff, t: datetime) -> None:
        case = self.subject(Case, leg)
        by = self.city.users["cdc"]
        if self.dice.random() < 0.07:
            cases.discard(case=case, reason="两次核酸检测阴性", by=by, now=t)
            return
        seen = "confirmed" if case.onset_on else "asymptomatic"
        cases.verify(
            case=case, by=by, now=t, classification=seen, diagnosed_on=timezone.localdate(t)
        )

    def case_report_investigated(self, leg: Handoff, t: datetime) -> None:
        case = self.subject(Case, leg)
        severity = self.dice.choice(("mild", "mild", "moderate", "severe"))
        by = self.city.users["hospital"]
        cases.admit(case=case, by=by, now=t, hospital=self.city.hospital, severity=severity)

    def case_report_verified(self, leg: Handoff, t: datetime) -> None:
        """The tracers' own loop moves this one on; what stays here is theirs to explain."""

    def case_report_admitted(self, leg: Handoff, t: datetime) -> None:
        case = self.subject(Case, leg)
        cases.recover(case=case, by=self.city.users["hospital"], now=t)

    def case_report_recovered(self, leg: Handoff, t: datetime) -> None:
        case = self.subject(Case, leg)
        cases.follow_up(case=case, by=self.city.users["community"], now=t)

    def investigation_opened(self, leg: Handoff, t: datetime) -> None:
        found = self.subject(Investigation, leg, "case__area")
        by = self.city.users["tracer"]
        tracing.take_lead(investigation=found, by=by, now=t)
        self.walk_back(found, t)
        tracing.list_many(entries=self.met_by(found.case, t), by=by, now=t)
        facts = CoreFacts(
            lives_in=found.case.area,
            summary="发病前14天未离开本市，轨迹见活动轨迹表。",
            symptoms=["fever"],
        )
        tracing.record_core_facts(investigation=found, facts=facts, by=by, now=t)

    def walk_back(self, found: Investigation, t: datetime) -> None:
        start = t - timedelta(days=4)
        for _ in range(self.dice.randint(2, 5)):
            begin = start + timedelta(hours=self.dice.uniform(1, 20))
            start = begin + timedelta(hours=self.dice.uniform(4, 18))
            if start >= t:
                break
            stay = {
                "place_name": self.dice.choice(STOPS),
                "area": found.case.area,
                "from_at": begin,
                "to_at": begin + timedelta(minutes=self.dice.randint(20, 200)),
                "confidence": self.dice.randint(1, 3),
            }
            tracing.add_stay(investigation=found, stay=stay, by=self.city.users["tracer"], now=t)

    def met_by(self, case: Case, t: datetime) -> list[Entry]:
        today = timezone.localdate(t)
        return [self.one_met(case, today) for _ in range(self.dice.randint(2, 5))]

    def one_met(self, case: Case, today: date) -> Entry:
        near = self.dice.random() < 0.7
        details = Details(
            name=self.name(), phone=self.phone(), birth_year=today.year - self.dice.randint(3, 85),
            sex=self.dice.choice(("female", "male")), area=case.area if near else self.somewhere(),
        )  # fmt: skip
        last = today - timedelta(days=self.dice.randint(0, 2))
        met = Met(
            case=case,
            way=self.dice.choice(WAYS),
            place=self.dice.choice(STOPS),
            first_on=last - timedelta(days=self.dice.randint(0, 2)),
            last_on=last,
            minutes=self.dice.randint(10, 300),
        )
        assert details.area is not None
        return Entry(details=details, area=details.area, tier="close", met=met)

    def investigation_core_known(self, leg: Handoff, t: datetime) -> None:
        found = self.subject(Investigation, leg)
        tracing.submit_report(
            investigation=found,
            report="个案调查完成，密接已全部列出，见附表。",
            conclusion="社区聚集暴露可能性大。",
            by=self.city.users["tracer"],
            now=t,
        )

    def investigation_submitted(self, leg: Handoff, t: datetime) -> None:
        found = self.subject(Investigation, leg)
        tracing.accept(investigation=found, by=self.city.users["cdc"], now=t)

    def contact_listed(self, leg: Handoff, t: datetime) -> None:
        contact = self.contact(leg)
        by = self.city.users["tracer"]
        fate = self.dice.random()
        if fate < 0.04:
            tracing.not_found(contact=contact, by=by, now=t, note="电话停机")
        elif fate < 0.08:
            tracing.elsewhere(contact=contact, destination="邻市江州", by=by, now=t)
        else:
            tracing.notify(contact=contact, by=by, now=t)

    def contact_notified(self, leg: Handoff, t: datetime) -> None:
        contact = self.contact(leg)
        if self.dice.random() < 0.12:
            self.will_fall_ill.add(contact.person_id)
        tracing.locate(contact=contact, by=self.city.users["community"], now=t)

    def contact_not_found(self, leg: Handoff, t: datetime) -> None:
        if self.dice.random() < 0.5:
            contact = self.contact(leg)
            tracing.locate(contact=contact, by=self.city.users["public_security"], now=t)

    def contact_elsewhere(self, leg: Handoff, t: datetime) -> None:
        contact = self.contact(leg)
        tracing.accepted_elsewhere(contact=contact, by=self.city.users["assist"], now=t)

    def quarantine_stay_awaiting_transfer(self, leg: Handoff, t: datetime) -> None:
        stay = self.stay(leg)
        if stay.order.home_from_at is None:
            quarantine.move_home(stay=stay, by=self.city.users["community"], now=t)
            return
        self.room += 1
        where = self.city.sites[self.dice.random() < 0.3]
        by = self.city.users["quarantine_site"]
        quarantine.receive(stay=stay, place=where, room=str(self.room), by=by, now=t)

    def quarantine_stay_in_facility(self, leg: Handoff, t: datetime) -> None:
        stay = self.stay(leg)
        if t < stay.order.to_at:
            quarantine.move_home(stay=stay, by=self.city.users["community"], now=t)
        else:
            quarantine.release(stay=stay, by=self.city.users["quarantine_site"], now=t)

    def quarantine_stay_at_home(self, leg: Handoff, t: datetime) -> None:
        quarantine.release(stay=self.stay(leg), by=self.city.users["community"], now=t)

    # --- who and where ---------------------------------------------------------------------

    def subject(self, model: type[Model], leg: Handoff, *related: str) -> Any:
        """Whom or what the leg is about, unless it has been handed on already."""
        found: Any = model._default_manager.select_related("passage", *related).get(
            passage=leg.passage_id
        )
        if found.passage.n_legs != leg.number or found.passage.closed_at is not None:
            raise AlreadyHandedOver
        return found

    def contact(self, leg: Handoff) -> Contact:
        contact: Contact = self.subject(Contact, leg, "person", "area")
        return contact

    def stay(self, leg: Handoff) -> Stay:
        stay: Stay = self.subject(Stay, leg, "order__area", "passage__area")
        return stay

    def somewhere(self) -> Area:
        """A community, most often of the district where it began."""
        home = [a for a in self.city.communities if a.pk.startswith("990102")]
        return self.dice.choice(home if self.dice.random() < 0.65 else self.city.communities)

    def name(self) -> str:
        given = "".join(self.dice.choices(GIVEN, k=self.dice.choice((1, 2, 2))))
        return self.dice.choice(SURNAMES) + given

    def phone(self) -> str:
        return f"1{self.dice.choice('3589')}{self.dice.randrange(10**9):09}"
