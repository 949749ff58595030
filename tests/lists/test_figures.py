"""The figures of both lists that the daily report takes, counted by hand."""

from typing import Any

import pytest

from tests.lists.making import set_one, unit_of
from tongchou.lists.actions import problems, tasks
from tongchou.lists.queries import problems_at, summary, tasks_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(city: Any) -> Any:
    """A day of the city: three problems, four tasks, one accepted, one returned, one overdue."""
    for number, area in enumerate((city.east, city.east, city.west)):
        problem = problems.raise_problem(
            title=f"问题{number}", what="x", area=area, by=city.duty_city,
            now=city.at(hours=number),
            found_by="self" if number else "concern",
        )  # fmt: skip
    problems.decide(
        problem=problem, reason="gone", words="已解决", by=city.duty_city, now=city.at(hours=5)
    )
    done, back, late, _new = [
        set_one(city, goal=f"任务{number}", due_at=city.at(hours=20 + 20 * (number != 2)))
        for number in range(4)
    ]
    for task in (done, back, late):
        tasks.claim(task=task, by=city.zhou, now=city.at(hours=1))
    for task in (done, back):
        tasks.submit(task=task, text="完成", by=city.zhou, now=city.at(hours=3))
    tasks.accept(task=done, by=city.duty_city, now=city.at(hours=4))
    tasks.send_back(task=back, why="缺记录", by=city.duty_city, now=city.at(hours=4))
    return city


def test_the_problems_of_a_day(day: Any) -> None:
    found = summary(day.city, since=day.at(), until=day.at(hours=24)).problems
    assert (found.n_open, found.n_raised, found.n_closed, found.n_own) == (2, 3, 1, 2)
    east = summary(day.east, since=day.at(), until=day.at(hours=24)).problems
    assert (east.n_open, east.n_closed) == (2, 0)


def test_the_tasks_of_a_day(day: Any) -> None:
    found = summary(day.city, since=day.at(), until=day.at(hours=24)).tasks
    assert (found.n_set, found.n_open, found.n_accepted, found.n_returned) == (4, 3, 1, 1)
    assert (found.n_overdue, found.progress) == (1, 0.25)
    assert found.by_stage == {"dispatched": 1, "in_progress": 2}


def test_an_earlier_moment_is_counted_as_it_was(day: Any) -> None:
    earlier = summary(day.city, since=day.at(), until=day.at(hours=4))
    assert earlier.problems.n_open == 3
    assert (earlier.tasks.n_open, earlier.tasks.n_accepted) == (4, 0)


def test_the_rows_behind_the_numbers_are_there(day: Any) -> None:
    at = day.at(hours=24)
    assert problems_at(day.city, at).count() == 2
    assert tasks_at(day.city, at).count() == 3


def test_an_area_without_tasks_has_no_progress_and_not_zero(city: Any) -> None:
    found = summary(city.east, since=city.at(), until=city.at(hours=24))
    assert found.tasks.progress is None
    assert unit_of(city.duty_east).area == city.east
