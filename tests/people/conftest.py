"""Invented people. Their ID numbers are made from a region, a day and a check digit."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.little_city import T0, LittleCity
from tongchou.areas.models import Area
from tongchou.ledger import actions as ledger
from tongchou.ledger import registry
from tongchou.ledger.models import Passage
from tongchou.loops import Handoff, Loop
from tongchou.people import actions
from tongchou.people.documents import check_digit
from tongchou.people.models import Identity, Person


def number(born: str = "19800520", serial: str = "003", region: str = "110105") -> str:
    """An ID number that checks; an odd serial is a man's."""
    first = region + born + serial
    return first + check_digit(first)


SUN = {
    "name": "孙一一",
    "document": number(),
    "phone": "13800001234",
    "address": "渡口路1号",
}


@pytest.fixture
def register(city: LittleCity) -> Callable[..., Person]:
    """Write somebody of the harbour community down: `register(name="孙一一", phone="…")`."""

    def make(**details: Any) -> Person:
        details = {"area": city.community} | (details or SUN)
        return actions.register(by=city.qian, now=details.pop("now", T0), **details).person

    return make


@pytest.fixture
def sun(register: Callable[..., Person]) -> Person:
    """Traveller Sun, with everything known of him."""
    return register()


def kept(person: Person) -> Identity:
    """The identity as it is stored now."""
    return Identity.objects.select_related("person").get(person=person.key)


# It takes the names of a shipped loop, so that the shipped playbooks have its deadline.
STAY = Loop(
    "quarantine_stay", (Handoff("in_facility", "quarantine_site", ("released",), custody=True),)
)


@pytest.fixture
def held(city: LittleCity, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Passage]:
    """Put somebody into the hands of a desk: `held(sun)`, or `held(sun, area=city.west)`."""
    monkeypatch.setattr(registry, "_loops", {})  # the real ones are back after the test
    monkeypatch.setattr(registry, "_listeners", defaultdict(list))
    registry.register(STAY, label="stay")

    def put(person: Person, *, area: Area | None = None, now: datetime = T0) -> Passage:
        return ledger.start(
            loop=STAY,
            area=area or city.community,
            title="stay",
            by=city.hua,
            now=now,
            person_key=person.key,
        )

    return put
