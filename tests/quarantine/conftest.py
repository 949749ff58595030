"""A contact in quarantine: everything a test of the desk starts from."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tongchou.areas.models import Place, PlaceKind
from tongchou.cases.models import Case, Classification, Contact, Exposure, Tier, Way
from tongchou.ledger import registry
from tongchou.quarantine import actions
from tongchou.quarantine.models import Stay

EXPOSED_ON = date(2022, 6, 30)  # the day before the first morning of the little city


@pytest.fixture(autouse=True)
def nothing_wired() -> Any:
    """The desk by itself: what follows elsewhere is the wiring's affair, tested in tests/site."""
    kept = dict(registry._listeners)
    registry._listeners.clear()
    yield
    registry._listeners.clear()
    registry._listeners.update(kept)


@pytest.fixture
def site(city: Any) -> Place:
    """The riverside hotel, with room for two."""
    return Place.objects.create(
        kind=PlaceKind.QUARANTINE_SITE, name="江滨隔离点", area=city.east, capacity=2
    )


@pytest.fixture
def case(city: Any, person: Any) -> Callable[..., Case]:
    def make(**facts: Any) -> Case:
        number = facts.pop("number", f"C-{Case.objects.count() + 1}")
        return Case.objects.create(
            number=number,
            person=person(),
            disease="covid19_omicron",
            area=city.community,
            area_path=city.community.path,
            classification=facts.pop("classification", Classification.CONFIRMED),
            reported_on=date(2022, 7, 1),
            written_at=city.at(),
            **facts,
        )

    return make


@pytest.fixture
def contact(city: Any, person: Any, case: Callable[..., Case]) -> Callable[..., Contact]:
    """Make a contact who met a case last on `exposed_on`."""

    def make(
        *,
        exposed_on: date = EXPOSED_ON,
        tier: str = Tier.CLOSE,
        of: Case | None = None,
        who: Any = None,
    ) -> Contact:
        made = Contact.objects.create(
            number=f"K-{Contact.objects.count() + 1}",
            person=who or person(),
            tier=tier,
            area=city.community,
            area_path=city.community.path,
            listed_on=date(2022, 7, 1),
            written_at=city.at(),
        )
        Exposure.objects.create(
            contact=made, case=of or case(), way=Way.MEAL, first_on=exposed_on, last_on=exposed_on
        )
        return made

    return make


@pytest.fixture
def stay(city: Any, contact: Callable[..., Contact]) -> Callable[..., Stay]:
    """Order a contact into quarantine on the first morning; give what matters of the contact."""

    def make(**facts: Any) -> Stay:
        made = actions.order_for_contact(contact=contact(**facts), by=city.qian, now=city.at())
        assert made is not None
        return made

    return make


@pytest.fixture
def received(city: Any, site: Place, stay: Callable[..., Stay]) -> Stay:
    """Somebody in room 0301 of the riverside hotel since ten o'clock."""
    return actions.receive(stay=stay(), place=site, room="0301", by=city.hua, now=city.at(hours=2))
