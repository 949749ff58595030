"""What the tests of the daily report share: duties, a report laid out, and its way to the top."""

from datetime import date
from typing import Any

from tests.little_city import T0, LittleCity
from tongchou.areas.models import Area
from tongchou.reports import actions
from tongchou.reports.models import Report, Signed
from tongchou.staff.models import Post, Unit, User
from tongchou.staff.roles import Role

ON = date(2022, 7, 1)  # the first day of the little city
HOUR = 17


def on_post(city: LittleCity, name: str, unit: str, area: Area, role: str) -> Unit:
    """Put somebody on a new post; they are an attribute of the city from then on."""
    user = User.objects.create(username=name, display_name=name)
    found, _new = Unit.objects.get_or_create(name=unit, area=area)
    since = T0.replace(year=2011)
    Post.objects.create(
        user=user, role=role, unit=found, area=area, level=area.level, from_at=since
    )
    city.users[name] = user
    return found


def unit_of(user: User) -> Unit:
    return user.posts.order_by("pk")[0].unit


def bureau(city: LittleCity) -> Unit:
    """The city's education bureau, with `city.edu` on its post."""
    if "edu" not in city.users:
        on_post(city, "edu", "市教育局", city.city, Role.DEPARTMENT)
    return unit_of(city.edu)


def owes(city: LittleCity, area: Area | None = None, **more: Any) -> Any:
    facts = {"area": area or city.east, "hour": HOUR, "by": city.duty_city, "now": city.at()}
    return actions.set_duty(**(facts | {"from_on": ON} | more))


def laid_out(city: LittleCity, area: Area | None = None, **more: Any) -> Report:
    """The report of an area of the first day, laid out five minutes after its hour."""
    duty = owes(city, area, **more)
    actions.lay_out_due(now=city.at(hours=9, minutes=5))
    return Report.objects.select_related("passage", "area", "unit").get(duty=duty, on=ON)


def signed(
    city: LittleCity, report: Report, *, by: User | None = None, hours: float = 10
) -> Signed:
    """Judged and signed by the district's duty officer, unless another is named."""
    hand, now = by or city.duty_east, city.at(hours=hours)
    actions.edit(
        report=report, version=report.version, judgement="形势平稳，重点盯防码头街道。",
        requests="请市转运专班增派车辆 2 台。", by=hand, now=now,
    )  # fmt: skip
    return actions.sign(report=report, version=report.version, by=hand, now=now)
