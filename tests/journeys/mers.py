"""The MERS outbreak of Korea in 2015, played through the loops from its line list.

The list has days and no hours. The fixed rule: a case is reported at nine in the morning of its
`dt_report`; a death is at eight in the evening; every desk comes to a leg after six tenths of the
time the playbook allows it at the tempo of the area. A contact is listed by the tracers of the
earlier case, with the exposure that the list gives for the later one.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

from tongchou.areas.models import Place
from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.cases.models import Case
from tongchou.ledger.models import Handoff
from tongchou.ledger.sweeping import sweep
from tongchou.people import actions as people
from tongchou.people.details import Details
from tongchou.people.models import Person
from tongchou.quarantine import actions as quarantine
from tongchou.quarantine import queries as stays
from tongchou.site.demo.city import City
from tongchou.site.demo.outbreak import Outbreak
from tongchou.tracing import actions as tracing
from tongchou.tracing.actions.listing import Entry, Met

KOREA = timezone(timedelta(hours=8))  # the little city's clock; only days are compared
SHARE = 0.6
WAYS = {
    "Emergency room": "care",
    "Hospital room": "ward",
    "Family member": "living",
    "Contact with HCW": "nursing",
}


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    id: str
    age: int
    sex: str
    onset: date | None
    reported: date
    diagnosed: date
    exposed_to: date | None
    died: date | None


def line_list(shared: Path) -> dict[str, Row]:
    with (shared / "data/linelists/mers_korea_2015.linelist.csv").open(encoding="utf-8") as file:
        return {
            line["id"]: Row(
                id=line["id"],
                age=int(line["age"]),
                sex={"F": "female", "M": "male"}[line["sex"]],
                onset=_day(line["dt_onset"]),
                reported=date.fromisoformat(line["dt_report"]),
                diagnosed=date.fromisoformat(line["dt_diag"]),
                exposed_to=_day(line["dt_end_exp"]),
                died=_day(line["dt_death"]),
            )
            for line in csv.DictReader(file)
        }


def pairs(shared: Path) -> dict[str, list[tuple[str, str]]]:
    """Earlier case -> (later case, kind of exposure)."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with (shared / "data/linelists/mers_korea_2015.contacts.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            found[line["from"]].append((line["to"], line["exposure"].strip()))
    return found


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


class Mers(Outbreak):
    """The demo's engine with the dice taken out: what happens and when is in the list."""

    def __init__(self, little: Any, rows: dict[str, Row], met: dict[str, list[Any]]) -> None:
        first = min(row.reported for row in rows.values())
        site = Place.objects.create(
            kind="quarantine_site", name="江滨隔离点", area=little.east, capacity=500
        )
        users = {post.role: post.user for u in little.users.values() for post in u.posts.all()}
        city = City(little.city, [little.community], users, [site, site], "市第一医院")
        super().__init__(city, datetime.combine(first, time(9), KOREA) + timedelta(days=120))
        self.rows, self.met, self.home = rows, met, little.community
        self.number_of: dict[str, str] = {}

    def play(self, *, until: datetime | None = None) -> None:
        for row in self.rows.values():
            self.at(_nine(row.reported), lambda t, row=row: self.fall_ill(row, t))
            if row.died and row.died > row.reported:
                self.at(_nine(row.died) + timedelta(hours=11), lambda t, r=row: self.die(r, t))
        day = _nine(min(row.reported for row in self.rows.values()))
        while day < self.now:
            self.at(day + timedelta(hours=2), self.test_everybody)
            self.at(day + timedelta(hours=12), lambda t: sweep(now=t))
            day += timedelta(days=1)
        while self.queue:
            moment, _, act = min_pop(self.queue)
            if until is not None and moment >= until:
                break
            act(moment)
            self.see_new_legs()

    def review(self, leg: Handoff) -> None:
        """The list is reviewed in a journey of its own."""

    def when(self, leg: Handoff) -> datetime:
        if leg.stage == "admitted":
            return leg.opened_at + timedelta(days=14)
        return leg.timed_from + (leg.due_at - leg.timed_from) * SHARE

    def fall_ill(self, row: Row, t: datetime) -> None:
        """Reported on the day of the list: out of quarantine, or as somebody nobody knew of."""
        person = self.person(row, t)
        stay = stays.open_stay(person.pk)
        if stay is not None and stay.passage.stage in ("in_facility", "at_home"):
            by = self.city.users["quarantine_site"]
            quarantine.mark_ill(stay=stay, by=by, now=t, note="发热")
            case = Case.objects.get(person=person)
        else:
            case = cases.report(
                person=person,
                area=self.home,
                facts=Facts(disease="mers", reported_on=row.reported, found_by="self"),
                by=self.city.users["hospital"],
                now=t,
                number=row.id,
            )
        self.number_of[row.id] = case.number
        changes = {"onset_on": row.onset, "age": row.age}
        cases.update_facts(case=case, changes=changes, by=self.city.users["cdc"], now=t)

    def die(self, row: Row, t: datetime) -> None:
        case = self.case(row.id)
        assert case.passage is not None
        if case.passage.closed_at is None:
            cases.die(case=case, by=self.city.users["hospital"], now=t, on=row.died)

    def case_report_investigated(self, leg: Handoff, t: datetime) -> None:
        """Admitted; three of the list were reported on the day they died or later."""
        case = Case.objects.get(passage=leg.passage)
        row = self.row_of(case)
        if row.died and row.died <= row.reported:
            self.die(row, t)
        else:
            super().case_report_investigated(leg, t)

    def case_report_reported(self, leg: Handoff, t: datetime) -> None:
        case = Case.objects.get(passage=leg.passage)
        row = self.row_of(case)
        by, seen = self.city.users["cdc"], min(row.diagnosed, t.astimezone(KOREA).date())
        cases.verify(case=case, by=by, now=t, classification="confirmed", diagnosed_on=seen)

    def case_report_admitted(self, leg: Handoff, t: datetime) -> None:
        if self.row_of(Case.objects.get(passage=leg.passage)).died is None:
            super().case_report_admitted(leg, t)

    def walk_back(self, found: Any, t: datetime) -> None:
        """The list has no itineraries."""

    def met_by(self, case: Case, t: datetime) -> list[Entry]:
        row = self.row_of(case)
        return [self.entry(case, self.rows[to], way, t) for to, way in self.met.get(row.id, ())]

    def entry(self, case: Case, later: Row, way: str, t: datetime) -> Entry:
        today = t.astimezone(KOREA).date()
        last = min(later.exposed_to or today, today)
        met = Met(case=case, way=WAYS.get(way, "other"), last_on=last)
        return Entry(details=self.details(later), area=self.home, tier="close", met=met)

    def contact_listed(self, leg: Handoff, t: datetime) -> None:
        by = self.city.users["tracer"]
        tracing.notify(contact=self.contact(leg), by=by, now=t)

    def contact_notified(self, leg: Handoff, t: datetime) -> None:
        tracing.locate(contact=self.contact(leg), by=self.city.users["community"], now=t)

    # --- who -------------------------------------------------------------------------------

    def details(self, row: Row) -> Details:
        born = row.reported.year - row.age
        return Details(
            document=f"MERS{row.id}",
            document_kind="passport",
            sex=row.sex,
            birth_year=born,
            area=self.home,
        )

    def person(self, row: Row, t: datetime) -> Person:
        (known,) = people.register_many(entries=[self.details(row)], by=None, now=t)
        return known.person

    def case(self, number: str) -> Case:
        return Case.objects.select_related("passage").get(number=self.number_of[number])

    def row_of(self, case: Case) -> Row:
        numbers = {stored: listed for listed, stored in self.number_of.items()}
        return self.rows[numbers[case.number]]


def min_pop(queue: list[Any]) -> Any:
    import heapq

    return heapq.heappop(queue)


def _nine(day: date) -> datetime:
    return datetime.combine(day, time(9), KOREA)
