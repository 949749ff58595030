"""Li is reported on the first morning, in the harbour community."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.little_city import LittleCity
from tongchou.cases import actions, moves
from tongchou.cases.facts import Facts
from tongchou.cases.models import Case
from tongchou.ledger import registry
from tongchou.people.models import Person

TODAY = date(2022, 7, 1)


@pytest.fixture(autouse=True)
def this_desk_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other desks do when this one hands over is told in tests/site."""
    monkeypatch.setattr(registry, "_listeners", defaultdict(list))
    monkeypatch.setattr(moves, "_followers", [])


@pytest.fixture
def reported(city: LittleCity, person: Callable[..., Person]) -> Callable[..., Case]:
    """Report a case of the harbour community; give what matters, e.g. `onset_on=…` or `area=…`."""

    def report(**facts: Any) -> Case:
        who = facts.pop("person", None) or person()
        given = {
            "area": facts.pop("area", city.community),
            "by": facts.pop("by", city.qian),
            "now": facts.pop("now", city.at()),
            "number": facts.pop("number", ""),
            "caused_by": facts.pop("caused_by", None),
        }
        defaults = {"disease": "covid19_omicron", "reported_on": TODAY}
        return actions.report(person=who, facts=Facts(**(defaults | facts)), **given)

    return report


@pytest.fixture
def li(reported: Callable[..., Case]) -> Case:
    """The index case: fell ill two days before the report."""
    return reported(classification="confirmed", found_by="self", onset_on=date(2022, 6, 29))


@pytest.fixture
def admitted(city: LittleCity, li: Case) -> Case:
    """Li in Nurse Lin's hospital."""
    actions.verify(case=li, by=city.qian, now=city.at(hours=1))
    actions.investigated(case=li, by=city.wu, now=city.at(hours=3))
    return actions.admit(case=li, by=city.lin, now=city.at(hours=6), hospital="市第一医院")
