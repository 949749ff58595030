"""The demo's daily work: enough hand-offs to judge units by, and one unit that is late."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.little_city import T0
from tongchou.ledger.models import Handoff
from tongchou.lists.models import Task
from tongchou.site.demo import city as demo
from tongchou.site.demo import routine
from tongchou.staff.models import Post
from tongchou.staff.roles import Role
from tongchou.supervision.actions import evaluations
from tongchou.supervision.models import Figures

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[0, 23])
def played(request: Any) -> Any:
    """Two weeks of it, seen at some hour of the day."""
    now = timezone.localtime(T0).replace(hour=request.param, minute=30)
    built = demo.build(1000, password="x", now=now)
    assert routine.missing()
    routine.play(now=now)
    return built, now


def test_every_day_of_work_is_done_and_accepted_before_now(played: Any) -> None:
    _city, now = played
    done = Task.objects.filter(document=routine.SOURCE)
    assert done.count() == sum(job.days for job in routine.JOBS)
    assert Handoff.objects.count() == 147  # as the docstring says
    assert set(done.values_list("stage", flat=True)) == {"accepted"}
    assert not done.filter(closed_at__gt=now).exists()
    assert not routine.missing()


def test_one_unit_is_late_beside_the_others(played: Any) -> None:
    city, now = played
    yesterday = timezone.localdate(now) - timedelta(days=1)
    made = evaluations.ask(
        area=city.top, from_on=yesterday - timedelta(days=20), until_on=yesterday, least=10,
        by=city.users["supervision"], now=now,
    )  # fmt: skip
    evaluations.compute(evaluation=made, now=now)
    verdicts = dict(Figures.objects.values_list("name", "verdict"))
    assert verdicts.pop("河西区社区专班") == "worse"
    assert "worse" not in verdicts.values()


def test_each_district_is_on_duty_with_somebody_of_its_own(played: Any) -> None:
    rows = Post.objects.filter(role=Role.DUTY_OFFICER, area__level=3).select_related("user", "area")
    on_duty = {post.area.name: str(post.user) for post in rows}
    assert set(on_duty) == {"河东区", "河西区", "临江县"}
    assert all(user.startswith(area) for area, user in on_duty.items())
