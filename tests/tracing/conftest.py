"""Li is a verified case under investigation; Sun and others met Li."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.little_city import LittleCity
from tongchou.cases import actions as cases
from tongchou.cases.facts import Facts
from tongchou.cases.models import Case, Contact
from tongchou.ledger import registry
from tongchou.people.details import Details
from tongchou.people.models import Person
from tongchou.tracing import actions, changes
from tongchou.tracing.actions import Entry, Listing, Met
from tongchou.tracing.models import Investigation

# Numbers with a right check digit; no such person exists.
SUN = "11010519491231002X"
MET_ON = date(2022, 6, 29)


@pytest.fixture(autouse=True)
def this_desk_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other desks do when this one hands over is told in tests/site."""
    monkeypatch.setattr(registry, "_listeners", defaultdict(list))
    monkeypatch.setattr(changes, "_followers", [])


@pytest.fixture
def case_of(city: LittleCity, person: Callable[..., Person]) -> Callable[..., Case]:
    """Report and verify a case, in the harbour community unless `area` says otherwise."""

    def make(**facts: Any) -> Case:
        area = facts.pop("area", city.community)
        defaults: dict[str, Any] = {
            "disease": "covid19_omicron",
            "reported_on": date(2022, 7, 1),
            "onset_on": date(2022, 6, 29),
            "classification": "confirmed",
        }
        case = cases.report(
            person=facts.pop("person", None) or person(),
            area=area,
            facts=Facts(**(defaults | facts)),
            by=city.qian,
            now=city.at(),
        )
        return cases.verify(case=case, by=city.qian, now=city.at(hours=1))

    return make


@pytest.fixture
def li(case_of: Callable[..., Case]) -> Case:
    return case_of()


@pytest.fixture
def investigation(city: LittleCity, li: Case) -> Investigation:
    assert li.passage is not None
    return actions.open_investigation(li.passage, by=city.qian, now=city.at(hours=1))


@pytest.fixture
def entry(city: LittleCity, li: Case) -> Callable[..., Entry]:
    """A line of Li's list: a close contact who had dinner with Li, unless said otherwise."""

    def make(**facts: Any) -> Entry:
        met = {
            name: facts.pop(name)
            for name in list(facts)
            if name in Met.__dataclass_fields__ and name != "number"
        }
        area = facts.pop("area", city.community)
        tier, number = facts.pop("tier", "close"), facts.pop("number", "")
        defaults: dict[str, Any] = {"case": li, "way": "meal", "last_on": MET_ON}
        return Entry(
            details=Details(area=area, **facts),
            area=area,
            tier=tier,
            met=Met(**(defaults | met)),
            number=number,
        )

    return make


@pytest.fixture
def listing(city: LittleCity, entry: Callable[..., Entry]) -> Callable[..., Listing]:
    """Put somebody on Li's list; give what matters, e.g. `name="Sun"` or `tier="secondary"`."""

    def make(**facts: Any) -> Listing:
        now = facts.pop("now", city.at(hours=2))
        return actions.list_contact(entry=entry(**facts), by=city.wu, now=now)

    return make


@pytest.fixture
def sun(listing: Callable[..., Listing]) -> Contact:
    """A close contact of Li."""
    return listing(name="孙", document=SUN, phone="13800001234").contact
