"""A few sentinels of the little city, and what a day's cycle may have found of them."""

from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from tests.little_city import LittleCity
from tongchou.areas.models import Area
from tongchou.surveillance import actions, channels
from tongchou.surveillance.actions.reporting import Reported
from tongchou.surveillance.found import Found, Share
from tongchou.surveillance.models import Duty, Source

#: The last whole day before the first morning of the little city.
DAY = date(2022, 6, 30)


def source() -> Source:
    made, _new = Source.objects.get_or_create(slug="sentinels", defaults={"name": "本市哨点"})
    channels.stand()
    return made


def sentinel(
    city: LittleCity,
    *slugs: str,
    area: Area | None = None,
    code: str = "C1",
    due: time | None = time(9),
) -> list[Duty]:
    """A site that owes these channels; in the harbour community unless said otherwise."""
    known = channels.stand()
    site = actions.register_site(
        source=source(), code=code, name=f"哨点{code}", area=area or city.community,
        by=city.qian, now=city.at(),
    )  # fmt: skip
    return [
        actions.set_duty(site=site, channel=known[slug], due=due, by=city.qian, now=city.at())
        for slug in slugs or ("fever-clinic",)
    ]


def counted(city: Any, duty: Duty, last: date, *values: float | None) -> None:
    """Report `values` for the days up to `last`; None is a day nobody counted."""
    first = last - timedelta(days=len(values) - 1)
    rows = [
        Reported(duty.pk, first + timedelta(days=n), value)
        for n, value in enumerate(values)
        if value is not None
    ]
    actions.report_counts(rows=rows, by=city.bai, now=timezone.now())


def found(area: Area, **facts: Any) -> Found:
    """Fever visits three times as many as expected, and fever medicine beside them."""
    shares = (
        Share("fever-clinic", 38, 12.4, 20.0, 1e-6, 9.0, True, ("ears-c2",)),
        Share("pharmacy-fever", 61, 40.0, 58.0, 0.004, 3.0, True, ("ears-c2",)),
    )
    defaults: dict[str, Any] = {
        "area": area.pk, "observed": 38, "expected": 12.4, "statistic": 12.0,
        "detectors": ("evidence",), "shares": shares, "p": 1e-6,
    }  # fmt: skip
    return Found(**(defaults | facts))
