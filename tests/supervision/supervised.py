"""A supervision team for the little city, and inspections to play with."""

from datetime import timedelta
from typing import Any

from tests.little_city import T0, LittleCity
from tongchou.areas.models import Area, Level, Place
from tongchou.staff.models import Post, Unit, User
from tongchou.staff.roles import Role
from tongchou.supervision.actions import answers, checklists, plans, reporting
from tongchou.supervision.models import Checklist, Inspection, Kind

SMALL = """
slug = "small"
title = "小检查表"
title_en = "A small checklist"
[[items]]
key = "exits"
zh = "消防通道畅通"
en = "Fire exits are free"
weight = 5
red_line = true
photo = true
[[items]]
key = "register"
zh = "登记完整"
en = "The register is whole"
weight = 3
[[items]]
key = "sign"
zh = "有标识"
en = "There is a sign"
"""


def post(little: LittleCity, name: str, role: str, unit: str, area: Area) -> User:
    """Put somebody on post, in a unit that is made where it is not there."""
    user = User.objects.create(username=name, display_name=name, is_active=True)
    made, _new = Unit.objects.get_or_create(name=unit, area=area)
    Post.objects.create(
        user=user, role=role, unit=made, area=area, level=area.level,
        from_at=T0 - timedelta(days=4000),
    )  # fmt: skip
    little.users[name] = user
    return user


def unit_of(user: User) -> Unit:
    return user.posts.get().unit


def team(little: LittleCity) -> Unit:
    """Du and Cha inspect the city; Xun inspects and signs too. Returns their unit."""
    for name in ("du", "cha"):
        post(little, name, Role.SUPERVISION, "市督查组", little.city)
    return unit_of(little.users["du"])


def colleague(little: LittleCity, of: User | None = None) -> User:
    """Mate, who holds a supervision post in somebody's unit (the quarantine site's)."""
    unit = unit_of(of or little.hua)
    return post(little, "mate", Role.SUPERVISION, unit.name, unit.area)


def small(little: LittleCity, *, now: Any = None) -> Checklist:
    return checklists.issue(text=SMALL, by=None, now=now or little.at())


def planned(little: LittleCity, user: User | None = None, **more: Any) -> Inspection:
    """A spot check of somebody's unit (the quarantine site's) by the team, due in two days."""
    user = user or little.hua
    now = more.pop("now", little.at())
    kind = more.pop("kind", Kind.SPOT_CHECK)
    target = plans.Target(unit_of(user), more.pop("place", None), more.pop("follows", None))
    made = plans.plan(
        title="隔离点督查", kind=kind, checklist=more.pop("checklist", None) or small(little),
        area=little.city, targets=[target], until_on=(now + timedelta(days=2)).date(),
        team=None if kind == Kind.SELF_CHECK else unit_of(little.users["du"]),
        by=little.users["du"], now=now, **more,
    )  # fmt: skip
    return Inspection.objects.select_related("passage", "checklist", "unit", "area", "plan").get(
        plan=made
    )


def fill(inspection: Inspection, by: User, now: Any, **values: str) -> None:
    """Answer every item: yes, or as given: `exits="no"`; a no says what was found."""
    for item in inspection.checklist.items:
        value = values.get(item.key, "yes")
        answers.answer(
            inspection=inspection, item=item.key, value=value, seen=0, by=by, now=now,
            note="看到了问题" if value == "no" else "",
        )  # fmt: skip


def reported(
    little: LittleCity, by: User | None = None, *, now: Any = None, of: User | None = None,
    kind: str = Kind.SPOT_CHECK, **values: str,
) -> reporting.Reported:  # fmt: skip
    """Plan, fill in and report an inspection at once."""
    now = now or little.at()
    by = by or little.users["du"]
    inspection = planned(little, of, kind=kind, now=now)
    fill(inspection, by, now, **values)
    return reporting.report(inspection=inspection, by=by, now=now + timedelta(minutes=30))


def place(little: LittleCity, name: str = "江滨隔离点一号楼", **more: Any) -> Place:
    area = next(a for a in little.areas.values() if a.level == Level.COMMUNITY)
    return Place.objects.create(kind="quarantine_site", name=name, area=area, **more)
