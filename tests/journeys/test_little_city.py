"""One chain through the pages, from the report to the release, in peace and in war.

Every step is a page of the person whose turn it is: what they see there, and the form they send.
"""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tongchou.areas.models import Place
from tongchou.cases.models import Case, Contact
from tongchou.ledger import queries as ledger
from tongchou.ledger.models import Gap, Handoff, Passage
from tongchou.ledger.sweeping import sweep
from tongchou.quarantine.models import DueTest, Stay
from tongchou.records import audit
from tongchou.tracing.models import Investigation

pytestmark = pytest.mark.django_db


class Desks:
    """The people of the little city at their screens, and the clock on the wall."""

    def __init__(self, city: Any, clock: Any) -> None:
        self.city, self.clock = city, clock

    def at(self, **since: float) -> "Desks":
        self.clock.move_to(self.city.at(**since))
        return self

    def send(self, who: Any, page: str, *args: Any, **typed: Any) -> None:
        """Open the page's form and send it; a refusal would be said or shown, and fails here."""
        client = Client()
        client.force_login(who)
        response = client.post(reverse(page, args=args), typed)
        assert response.status_code == 302, response.content.decode()[:4000]
        refused = [str(m) for m in get_messages(response.wsgi_request) if m.level_tag == "error"]
        assert refused == []

    def read(self, who: Any, page: str, *args: Any, **query: Any) -> str:
        client = Client()
        client.force_login(who)
        response = client.get(reverse(page, args=args), query)
        assert response.status_code == 200
        return str(response.content.decode())

    def act(self, who: Any, page: str, subject: Any, to: str, **typed: Any) -> None:
        """An act of the case's, contact's or stay's page, with the leg that the page shows."""
        leg = Passage.objects.get(pk=subject.passage_id).n_legs
        fields = {f"{to}-{name}": value for name, value in ({"leg": leg} | typed).items()}
        self.send(who, page, subject.pk, to, **fields)


@pytest.fixture
def desks(city: Any) -> Any:
    with time_machine.travel(city.at(), tick=False) as clock:
        yield Desks(city, clock)


@pytest.fixture
def hotel(city: Any) -> Place:
    return Place.objects.create(
        kind="quarantine_site", name="江滨隔离点", area=city.east, capacity=20
    )


@pytest.fixture(params=["peace", "war"])
def tempo(request: Any, city: Any, desks: Desks) -> str:
    """War is one act of the mayor's; peace is how the city wakes up."""
    if request.param == "war":
        page = ("command:activate", city.city.code)
        desks.send(city.mayor, *page, tempo="war", reason="本土疫情", grade="4")
    return str(request.param)


def stage(subject: Any) -> str:
    """Where it is now, whatever the object in hand remembers."""
    return str(Passage.objects.get(pk=subject.passage_id).stage)


def report(desks: Desks) -> Case:
    desks.send(
        desks.city.lin, "cases:report",
        name="李", document="11010519491231002X", document_kind="id_card", phone="",
        sex="unknown", area="渡口社区", classification="suspected", found_by="self",
        severity="mild", disease="covid19_omicron", reported_on="2022-07-01",
        onset_on="2022-06-29",
    )  # fmt: skip
    return Case.objects.get()


def core_facts(desks: Desks, case: Case) -> Investigation:
    found = Investigation.objects.select_related("case", "passage").get(case=case)
    fields = {
        "version": found.version, "case_version": found.case.version,
        "leg": found.passage.n_legs, "onset_on": "2022-06-29", "symptoms": ["fever"],
        "lives_in": "渡口社区", "source_kind": "unknown", "summary": "每天去鱼市，乘138路。",
    }  # fmt: skip
    typed = {f"facts-{name}": value for name, value in fields.items()}
    desks.send(desks.city.wu, "tracing:core_facts", found.pk, **typed)
    return found


def list_sun(desks: Desks, case: Case) -> Contact:
    desks.send(
        desks.city.wu, "tracing:list_one", case.pk,
        name="孙", document="", phone="13800001234", tier="close", way="meal",
        last_on="2022-06-30", area="渡口社区",
    )  # fmt: skip
    return Contact.objects.select_related("person").get()


def to_the_hotel(desks: Desks, hotel: Place) -> Stay:
    """Zhao's bus is told where to go; Hua receives, with the room."""
    city, stay = desks.city, Stay.objects.select_related("order").get()
    desks.at(hours=5).send(
        city.zhao, "quarantine:receive_many", place=hotel.pk, stay=f"{stay.pk}:1", assign="1"
    )
    tick = f"{stay.pk}:{Passage.objects.get(pk=stay.passage_id).n_legs}"
    desks.at(hours=6).send(
        city.hua,
        "quarantine:receive_many",
        place=hotel.pk,
        stay=tick,
        **{f"room-{stay.pk}": "0301"},
    )
    return stay


def days_in_quarantine(desks: Desks, stay: Stay) -> None:
    city = desks.city
    for day in range(1, 11):
        if day == 8:  # the days in the facility ended with the seventh, at 24:00
            desks.at(days=6, hours=17).send(
                city.chen, "quarantine:move_home_many", stay=_tick(stay)
            )
        desks.at(days=day - 1, hours=8)
        who = city.hua if stage(stay) == "in_facility" else city.chen
        desks.send(who, "quarantine:record_checks", stay=stay.pk, **{f"t-{stay.pk}": "36.6"})
        due = DueTest.objects.filter(order=stay.order, due_on__lte=_today(), done_at=None)
        for test in due:
            desks.send(who, "quarantine:record_tests", test=test.pk, rest="negative")


def _today() -> date:
    return timezone.localdate()


def _tick(stay: Stay) -> str:
    return f"{stay.pk}:{Passage.objects.get(pk=stay.passage_id).n_legs}"


def test_from_the_report_to_the_release(desks: Desks, city: Any, hotel: Place, tempo: str) -> None:
    li = report(desks.at(minutes=5))
    assert li.number in desks.at(minutes=30).read(city.qian, "ledger:my_turn")
    desks.act(city.qian, "cases:act", li, "verified", classification="confirmed")
    core_facts(desks.at(hours=2), li)
    desks.at(hours=3).act(
        city.lin, "cases:act", li, "admitted", hospital="市第一医院", severity="mild",
        on="2022-07-01",
    )  # fmt: skip
    sun = list_sun(desks, li)
    desks.act(city.wu, "tracing:contact_act", sun, "notified")
    desks.at(hours=4).act(city.chen, "tracing:contact_act", sun, "located")
    stay = to_the_hotel(desks, hotel)
    assert (stage(stay), stage(sun)) == ("in_facility", "received")
    assert "0301" in desks.read(city.hua, "quarantine:site", hotel.pk)

    days_in_quarantine(desks, stay)
    assert stage(stay) == "at_home"
    desks.at(days=9, hours=17).send(city.chen, "quarantine:release_many", stay=_tick(stay))
    assert (stage(stay), stage(sun)) == ("released", "released")

    desks.at(days=12).act(city.lin, "cases:act", li, "recovered", on="2022-07-13")
    desks.at(days=19).act(city.chen, "cases:act", li, "followed_up", note="well")
    report_of_the_tracers(desks, li)
    nobody_is_put_down(tempo)


def report_of_the_tracers(desks: Desks, case: Case) -> None:
    found = Investigation.objects.select_related("passage").get(case=case)
    typed = {
        "version": found.version, "leg": found.passage.n_legs,
        "report": "鱼市暴露。", "conclusion": "市场来源。",
    }  # fmt: skip
    fields = {f"report-{name}": value for name, value in typed.items()}
    desks.send(desks.city.wu, "tracing:submit", found.pk, **fields)
    leg = Passage.objects.get(pk=found.passage_id).n_legs
    desks.send(
        desks.city.qian, "tracing:investigation_act", found.pk, "accepted", **{"accepted-leg": leg}
    )


def nobody_is_put_down(tempo: str) -> None:
    # The response has ended; the reviews of it go on.
    assert not Passage.objects.filter(closed_at=None).exclude(loop="review").exists()
    assert not ledger.open_custody().exists()
    # What came late stays in the record: here the tracers' report, and nothing else.
    legs = Handoff.objects.exclude(loop="review")
    late = {leg.stage for leg in legs if leg.done_at > leg.due_at}
    assert late == {"core_known"}
    assert audit.verify().whole


def test_a_positive_in_the_hotel_goes_to_hospital_in_one_act(
    desks: Desks, city: Any, hotel: Place, tempo: str
) -> None:
    li = report(desks.at(minutes=5))
    desks.act(city.qian, "cases:act", li, "verified", classification="confirmed")
    sun = list_sun(desks.at(hours=2), li)
    desks.act(city.wu, "tracing:contact_act", sun, "notified")
    desks.at(hours=4).act(city.chen, "tracing:contact_act", sun, "located")
    stay = to_the_hotel(desks, hotel)

    test = DueTest.objects.filter(order=stay.order).earliest("due_on")
    desks.at(hours=8).send(city.hua, "quarantine:record_test", stay.pk, test.pk, result="positive")
    case = Case.objects.get(person=sun.person)
    assert (stage(stay), stage(case)) == ("ill", "reported")
    desks.at(hours=9).act(city.qian, "cases:act", case, "verified", classification="confirmed")
    desks.at(hours=10).act(
        city.lin, "cases:act", case, "admitted", hospital="市第一医院", severity="mild",
        on="2022-07-01",
    )  # fmt: skip
    assert (stage(stay), stage(sun)) == ("admitted", "ill")
    assert ledger.holder(sun.person_id) == Passage.objects.get(case=case)


def test_a_contact_nobody_fetches_climbs_to_the_city(
    desks: Desks, city: Any, hotel: Place, tempo: str
) -> None:
    li = report(desks.at(minutes=5))
    desks.act(city.qian, "cases:act", li, "verified", classification="confirmed")
    sun = list_sun(desks.at(hours=2), li)
    desks.act(city.wu, "tracing:contact_act", sun, "notified")
    desks.at(hours=4).act(city.chen, "tracing:contact_act", sun, "located")
    allowed = {"peace": 12, "war": 5}[tempo]
    sweep(now=city.at(hours=4 + allowed, minutes=1))
    gap = Gap.objects.get(loop="quarantine_stay", stage="awaiting_transfer")
    assert (gap.rung, gap.unit.name) == (0, "码头街道办")
    sweep(now=city.at(hours=4 + allowed + 9))
    gap.refresh_from_db()
    assert (gap.rung, gap.unit.name) == (2, "市指挥部")
    page = desks.at(hours=4 + allowed + 9).read(city.duty_city, "ledger:my_gaps")
    assert str(sun.person) in page
