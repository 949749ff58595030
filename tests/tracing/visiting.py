"""Visits of the little city, for tests of the door and of what comes through it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tongchou.tracing import visits
from tongchou.tracing.actions.visits import add_source, post


@pytest.fixture
def store(settings: Any, tmp_path: Any) -> Iterator[Any]:
    """An empty folder for the visits of this test."""
    settings.TONGCHOU_DATA = tmp_path
    visits.forget()
    yield tmp_path / "visits"
    visits.forget()


@pytest.fixture
def source(city: Any, store: Any) -> Any:
    return add_source(name="场所码", by=city.steward, now=city.at())[0]


def at(city: Any, hours: float) -> str:
    """A moment of the little city as a source writes it: the city's own clock."""
    moment = visits.moment(visits.minute(city.at(hours=hours)))
    return f"{moment:%Y-%m-%d %H:%M}"


def visit(
    city: Any, person: str, place: str, kind: str, begin: float, end: float
) -> dict[str, Any]:
    return {
        "person": person,
        "place": place,
        "kind": kind,
        "start": at(city, begin),
        "end": at(city, end),
    }


def sent(source: Any, city: Any, *rows: dict[str, Any], batch: str = "1", hours: float = 24) -> Any:
    return post(source=source, batch=batch, records=rows, now=city.at(hours=hours))
