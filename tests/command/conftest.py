"""Passages to move and count: the case report with nothing wired to it, in chosen areas."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tongchou.cases.loops import CASE_REPORT
from tongchou.ledger import actions, registry
from tongchou.ledger.models import Passage


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
