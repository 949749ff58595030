"""Passages to move and count: the case report with nothing wired to it, in chosen areas."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tongchou.cases.loops import CASE_REPORT
from tongchou.cases.models import Case, Contact
from tongchou.ledger import actions, registry
from tongchou.ledger.models import Passage
from tongchou.tracing.loops import CONTACT


@pytest.fixture
def unwired() -> Iterator[None]:
    """Nothing follows from a hand-over, so that a test sees one loop only."""
    kept = dict(registry._listeners)
    registry._listeners.clear()
    yield
    registry._listeners.clear()
    registry._listeners.update(kept)


@pytest.fixture
def reported(city: Any, unwired: None) -> Callable[..., Passage]:
    """Report a case in an area and let it go on to a stage: `reported(city.east, "verified")`."""
    count = iter(range(1, 1000))

    def report(area: Any, *on: str, **when: float) -> Passage:
        passage = actions.start(
            loop=CASE_REPORT, area=area, title=f"C-{next(count)}", by=city.qian, now=city.at(**when)
        )
        for stage in on:
            actions.hand_over(passage=passage, to=stage, by=city.qian, now=city.at(**when))
        return passage

    return report


@pytest.fixture
def case_of(city: Any, person: Any, reported: Any) -> Callable[..., Case]:
    """A case with its passage: `case_of(city.east, onset_on=…)`, reported on the first morning."""
    count = iter(range(1, 1000))

    def make(area: Any, **facts: Any) -> Case:
        when = facts.pop("when", {})
        passage = reported(area, **when)
        defaults: dict[str, Any] = {
            "number": f"P-{next(count)}",
            "person": person(),
            "passage": passage,
            "disease": "covid19_omicron",
            "area": area,
            "area_path": area.path,
            "classification": "confirmed",
            "reported_on": city.at(**when).date(),
            "written_at": city.at(),
        }
        return Case.objects.create(**(defaults | facts))

    return make


@pytest.fixture
def contact_of(city: Any, person: Any, unwired: None) -> Callable[..., Contact]:
    """A contact with its passage, handed on through stages: `contact_of(area, ("notified", 2))`."""
    count = iter(range(1, 1000))

    def make(area: Any, *on: tuple[str, float], tier: str = "close") -> Contact:
        key = next(count)
        somebody = person()
        passage = actions.start(
            loop=CONTACT,
            area=area,
            title=f"K-{key}",
            by=city.wu,
            now=city.at(),
            person_key=somebody.key,
        )
        for stage, hours in on:
            actions.hand_over(passage=passage, to=stage, by=city.wu, now=city.at(hours=hours))
        return Contact.objects.create(
            number=f"K-{key}",
            person=somebody,
            passage=passage,
            tier=tier,
            area=area,
            area_path=area.path,
            listed_on=city.at().date(),
            written_at=city.at(),
        )

    return make
