"""The demo city has both lists in motion."""

import pytest

from tongchou.lists.models import Common, Problem, Task
from tongchou.lists.queries import summary
from tongchou.site.demo import city as demo
from tongchou.site.demo import lists

pytestmark = pytest.mark.django_db


def test_both_lists_are_in_motion(time_machine: object) -> None:
    from tests.little_city import T0

    city = demo.build(1000, password="x", now=T0)
    lists.play(now=T0)
    seen = set(Task.objects.values_list("stage", flat=True))
    assert seen == {"dispatched", "in_progress", "declined", "accepted"}
    assert set(Problem.objects.values_list("stage", flat=True)) == {
        "raised", "assigned", "solved", "decided",
    }  # fmt: skip
    assert Common.objects.get().problems.count() == 3
    figures = summary(city.top, since=T0.replace(day=1, month=6), until=T0)
    assert figures.tasks.n_overdue == 1
    assert figures.tasks.n_returned == 1
