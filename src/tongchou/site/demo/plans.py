"""What the demo city asks of its model: an import into it, and the plan that costs least.

Asked a moment after the pages are served and made by the worker. Forecasts of the last mornings
are made from what was reported before each of them, as they would have been.
"""

from datetime import datetime, timedelta

from django.db import transaction

from tongchou.areas.models import Area
from tongchou.planning import known
from tongchou.planning.actions import forecasts, scenarios, studies
from tongchou.planning.building import Answers, text_of
from tongchou.planning.models import Kind, Scenario
from tongchou.staff.models import User

CITY = "990100"
#: So many people stand for the city, so that the first study is there before one has read the page.
PEOPLE, DAYS = 20_000, 60
MORNINGS = 10


def missing() -> bool:
    """Whether it is still to be written."""
    return not Scenario.objects.exists()


def write(*, now: datetime) -> None:
    """A scenario, a study and a plan in the queue, and the forecasts of the last mornings."""
    city = Area.objects.get(pk=CITY)
    by = User.objects.get(username="cdc")
    here = known.of(city, now=now)
    text = text_of(
        Answers(
            title="同舟市：现有病例与输入",
            playbook=_in_force(now),
            disease="covid19_omicron_ba2",
            days=DAYS,
            infections=max(here.last_week, 10),
            start_on=(here.today - timedelta(days=3)).isoformat(),
            area=CITY,
            people=PEOPLE,
            delays=here.orders(),
            search=("zones", "rounds", "quarantine"),
            severe_beds_at_most=20,
        )
    )
    with transaction.atomic():
        scenario = scenarios.write(
            title="同舟市：现有病例与输入", area=city, text=text, known=here.facts(), by=by, now=now
        )
        studies.ask(scenario=scenario, kind=Kind.SIMULATE, seeds=8, by=by, now=now)
        studies.ask(scenario=scenario, kind=Kind.PLAN, seeds=4, budget=12, by=by, now=now)
    for back in range(MORNINGS, -1, -1):
        forecasts.forecast(area=city, on=here.today - timedelta(days=back), now=now)


def _in_force(now: datetime) -> str:
    from tongchou.planning.forms import books_known

    return books_known(now, language="zh")[0][0]
