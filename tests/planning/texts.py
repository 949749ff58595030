"""Scenarios small enough for a test: a few thousand people, a few days."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tests.little_city import LittleCity
from tongchou.planning.actions import scenarios, studies
from tongchou.planning.models import Scenario, Study

SMALL = """\
name = "Little import"
playbook = "cn-2022-06"
disease = "covid19_omicron_ba2"
days = 12
start_on = 2022-07-01
infections = 20

[city]
people = 3000
"""

SEARCHED = (
    SMALL
    + """
[search]
"war.zones.unit" = ["building", "community"]

[plan]
minimise = ["cost.total", "infections"]
constraints = ["infections <= 3000 @ 90%"]

[wrong]
transmission = 1.5
"""
)
DAY0 = date(2022, 7, 1)


def written(city: LittleCity, text: str = SMALL, **over: Any) -> Scenario:
    given = {"title": "小规模输入", "area": city.city, "by": city.qian, "now": city.at()}
    return scenarios.write(text=text, **(given | over))


def asked(city: LittleCity, text: str = SMALL, **over: Any) -> Study:
    given = {"kind": "simulate", "seeds": 3, "by": city.qian, "now": city.at()}
    return studies.ask(scenario=written(city, text), **(given | over))


def made(study: Study, city: LittleCity) -> Study:
    """Let the worker go round until the study is over."""
    for turn in range(50):
        # the worker's sign of life is by the clock on the wall
        studies.run_waiting(now=timezone.now() + timedelta(minutes=5 * turn))
        study.refresh_from_db()
        if not study.waits:
            return study
    raise AssertionError("the study never ends")
