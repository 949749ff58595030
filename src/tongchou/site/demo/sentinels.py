"""Half a year of counts from the demo city's sentinels, a rise in one street, and what it raised.

Written in the background once the pages are served, like the visits: the daily cycle compiles its
kernels the first time. The signals are those that the cycle itself finds in the counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from django.db import transaction
from django.utils import timezone

from tongchou.areas.models import Area, Level
from tongchou.people.details import Details
from tongchou.site.demo import official
from tongchou.staff.models import Unit, User
from tongchou.surveillance import actions, channels
from tongchou.surveillance.actions import cycle, leads
from tongchou.surveillance.actions.reporting import Reported
from tongchou.surveillance.models import Duty, Site, Source

N_DAYS = 182
#: Where more is seen than was expected, and since how many days.
RISE, SINCE = "990102001", 4
#: Who has fallen silent, and since how many days.
SILENT, QUIET = "990103002", 2


@dataclass(frozen=True)
class Kind:
    """A kind of sentinel, and of each channel the mean of a weekday, out of how many."""

    code: str
    name: str
    means: dict[str, tuple[float, int]]
    weekend: float


KINDS = (
    Kind("FC", "卫生院发热门诊", {"fever-clinic": (11, 0), "respiratory": (34, 210)}, 0.8),
    Kind("RX", "平价药房", {"pharmacy-fever": (22, 0), "pharmacy-cough": (17, 0)}, 1.2),
    Kind("SC", "中心小学", {"school-absence": (9, 1400)}, 0.0),
    Kind("AG", "抗原登记点", {"antigen-positive": (2, 120)}, 0.9),
)


def missing() -> bool:
    """Whether it is still to be written."""
    return not Source.objects.filter(pk="sentinels").exists()


def write(*, now: datetime) -> None:
    """Sites, counts, leads, and the last three mornings computed."""
    people = {user.username: user for user in User.objects.all()}
    today = timezone.localdate(now)
    with transaction.atomic():
        duties = _register(people["cdc"], now)
        rows = list(_counts(duties, today))
        actions.report_counts(rows=rows, by=people["sentinel"], now=now)
        _leads(people, now)
        official.announce(by=people["cdc"], now=now)
    for ago in (2, 1, 0):
        cycle.compute(today - timedelta(days=ago), now=now)


def _register(cdc: User, now: datetime) -> list[tuple[Duty, Kind]]:
    source = Source.objects.create(
        slug="sentinels", name="本市哨点", name_en="The city's own sentinels"
    )
    known = channels.stand()
    unit = Unit.objects.filter(name="市监测哨点网").first()
    found = []
    for street in Area.objects.filter(level=Level.STREET).order_by("path"):
        for kind in KINDS:
            site: Site = actions.register_site(
                source=source, code=f"{kind.code}-{street.pk}", name=f"{street.name}{kind.name}",
                area=street, unit=unit, by=cdc, now=now,
            )  # fmt: skip
            for slug in kind.means:
                duty = actions.set_duty(
                    site=site, channel=known[slug], due=time(9), by=cdc, now=now,
                    working_days=slug == "school-absence",
                )  # fmt: skip
                found.append((duty, kind))
    return found


def _counts(duties: list[tuple[Duty, Kind]], today: date) -> Iterator[Reported]:
    dice = np.random.default_rng(20220702)
    for duty, kind in duties:
        slug, street = duty.channel_id, duty.site.area_id
        mean, out_of = kind.means[slug]
        scale = 0.6 + 0.8 * dice.random()
        for ago in range(N_DAYS, 0, -1):
            day = today - timedelta(days=ago)
            if (street == SILENT and ago <= QUIET) or (slug == "school-absence" and _off(day)):
                continue
            usual = mean * scale * (kind.weekend if day.weekday() >= 5 else 1.0)
            rising = street == RISE and ago <= SINCE
            grown = 1.5 + 0.4 * (SINCE - ago) if rising else 1.0
            total = int(dice.poisson(out_of * scale)) if out_of else None
            value = int(dice.negative_binomial(12, 12 / (12 + usual * grown)))
            yield Reported(duty.pk, day, min(value, total) if total is not None else value, total)


def _off(day: date) -> bool:
    return day.weekday() >= 5


def _leads(people: dict[str, User], now: datetime) -> None:
    """A few leads of the street where it rises; the names are nobody's."""
    today = timezone.localdate(now)
    home = Area.objects.filter(path__contains=f"/{RISE}/", level=Level.COMMUNITY).first()
    if home is None:
        return
    told = (("antigen", "林甲"), ("antigen", "林乙"), ("fever", "林丙"), ("fever", "林丁"))
    noted = [
        leads.Noted(
            kind=kind, area=home, noted_on=today - timedelta(days=1),
            details=Details(name=name, phone=f"1390000{n:04}", area=home),
            symptoms="发热、咳嗽",
        )
        for n, (kind, name) in enumerate(told)
    ]  # fmt: skip
    leads.note_many(noted=noted, by=people["cdc"], now=now)
