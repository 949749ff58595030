"""A list as text becomes an import of the little city."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import translation

from tongchou.intake import actions
from tongchou.intake.fields import Kind
from tongchou.intake.models import Import
from tongchou.intake.profiles import load
from tongchou.intake.reading import File, kind_of

MERS = "id,age,sex,dt_onset,dt_report,dt_start_exp,dt_end_exp,dt_diag,outcome,dt_death,loc_hosp\n"


def mers(*rows: str) -> str:
    """A list in the columns of the MERS profile; a row names number, age, sex, onset, report …"""
    return MERS + "".join(row + "\n" for row in rows)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A page that was asked for in Chinese leaves the language behind."""
    with translation.override("en"):
        yield


@pytest.fixture
def receive(city: Any) -> Callable[..., Import]:
    """Hand a list in: `receive(text, "mers-korea")`."""

    def hand_in(content: str | bytes, profile: str = "mers-korea", **more: Any) -> Import:
        body = content.encode() if isinstance(content, str) else content
        read = load(profile)
        return actions.receive(
            file=io.BytesIO(body),
            name=more.pop("name", "list.csv"),
            profile=read,
            kind=more.pop("kind", None) or kind_of(File(io.BytesIO(body)), read, Kind),
            area=more.pop("area", city.city),
            by=more.pop("by", city.steward),
            now=more.pop("now", city.at(days=1)),
            **more,
        )

    return hand_in


@pytest.fixture
def bring(receive: Callable[..., Import], city: Any) -> Callable[..., Import]:
    """Hand a list in and run it."""

    def run(content: str | bytes, profile: str = "mers-korea", **more: Any) -> Import:
        of = receive(content, profile, **more)
        return actions.run(of=of, now=more.get("now", city.at(days=1)))

    return run
