"""What the tests of the two lists share: a bureau of the city, and a task it is set."""

from typing import Any

from tests.little_city import T0, LittleCity
from tongchou.areas.models import Area
from tongchou.lists.actions import tasks
from tongchou.lists.models import Task
from tongchou.staff.models import Post, Unit, User
from tongchou.staff.roles import Role


def on_post(
    city: LittleCity, name: str, unit: str, area: Area, role: str = Role.DEPARTMENT
) -> Unit:
    """Put somebody on a new post; they are an attribute of the city from then on."""
    user = User.objects.create(username=name, display_name=name)
    found, _new = Unit.objects.get_or_create(name=unit, area=area)
    Post.objects.create(
        user=user, role=role, unit=found, area=area, level=area.level, from_at=T0.replace(year=2011)
    )
    city.users[name] = user
    return found


def unit_of(user: User) -> Unit:
    return user.posts.order_by("pk")[0].unit


def bureau(city: LittleCity) -> Unit:
    """The city's education bureau, with `city.zhou` on its post."""
    return unit_of(city.zhou)


def set_one(city: LittleCity, **more: Any) -> Task:
    """A task of the city's headquarters for the education bureau, due in three days."""
    facts: dict[str, Any] = {
        "goal": "全市学校晨午检记录当日上传",
        "measure": "抽查 20 所学校，当日上传率 100%",
        "due_at": city.at(days=3),
        "unit": bureau(city),
        "issuer": unit_of(city.duty_city),
        "by": city.duty_city,
        "now": city.at(),
    }
    return tasks.set_task(**(facts | more))
