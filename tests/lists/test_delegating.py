"""A task is passed down a tree; progress comes up from below and is never typed above."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.lists.making import on_post, set_one, unit_of
from tongchou.areas.models import Area
from tongchou.lists.actions import common, problems, steering, tasks
from tongchou.lists.actions.delegating import Part, delegate, members_to_solve
from tongchou.lists.errors import NotTheirs, Refused
from tongchou.lists.models import Task
from tongchou.lists.queries.rolling import roll_up, roll_up_all

pytestmark = pytest.mark.django_db


def finish(task: Task, doer: Any, issuer: Any, now: Any) -> None:
    if task.stage == "dispatched":
        tasks.claim(task=task, by=doer, now=now)
    tasks.submit(task=task, text="done", by=doer, now=now)
    tasks.accept(task=task, by=issuer, now=now)


@pytest.fixture
def tree(city: Any) -> dict[str, Task]:
    """A city task with a part for each county, one of them passed on to a street."""
    whole = set_one(city)
    on_post(city, "xi", "河西区指挥部", city.west, "duty_officer")
    east, west = delegate(
        task=whole,
        parts=[Part(unit_of(city.duty_east)), Part(unit_of(city.xi))],
        by=city.zhou,
        now=city.at(hours=1),
    )
    (street,) = delegate(
        task=east, parts=[Part(unit_of(city.duty_street))], by=city.duty_east, now=city.at(hours=2)
    )
    return {"whole": whole, "east": east, "west": west, "street": street}


def test_parts_know_their_whole_and_their_depth(tree: Any) -> None:
    street = Task.objects.get(pk=tree["street"].pk)
    assert (street.parent, street.root, street.depth) == (tree["east"], tree["whole"], 2)


def test_delegating_keeps_the_delegator_answerable(city: Any, tree: Any) -> None:
    with pytest.raises(Refused, match="still open"):
        tasks.submit(task=tree["whole"], text="done", by=city.zhou, now=city.at(hours=3))


def test_a_part_is_never_due_after_the_whole(city: Any, tree: Any) -> None:
    with pytest.raises(Refused, match="after the whole"):
        delegate(
            task=tree["east"],
            parts=[Part(unit_of(city.chen), due_at=city.at(days=9))],
            by=city.duty_east,
            now=city.at(hours=3),
        )


def test_only_who_answers_for_it_passes_it_down(city: Any, tree: Any) -> None:
    with pytest.raises(NotTheirs):
        delegate(
            task=tree["west"], parts=[Part(unit_of(city.chen))], by=city.zhou, now=city.at(hours=3)
        )


def test_the_same_part_is_not_passed_down_twice(city: Any, tree: Any) -> None:
    with pytest.raises(Refused, match="already"):
        delegate(
            task=tree["whole"],
            parts=[Part(unit_of(city.xi))],
            by=city.zhou,
            now=city.at(hours=3),
        )


def test_progress_comes_up_from_the_leaves(city: Any, tree: Any) -> None:
    finish(tree["street"], city.duty_street, city.duty_east, city.at(hours=4))
    tasks.claim(task=tree["west"], by=city.xi, now=city.at(hours=4))
    steering.report(
        task=tree["west"], text="一半学校已上传", share=50, by=city.xi, now=city.at(hours=5)
    )
    rolled = roll_up([tree["whole"].pk, tree["east"].pk], now=city.at(hours=6))
    assert rolled[tree["whole"].pk].percent == 75
    assert (rolled[tree["whole"].pk].n, rolled[tree["whole"].pk].n_accepted) == (2, 1)
    assert rolled[tree["east"].pk].percent == 100


def test_a_leaf_that_says_all_is_not_all_before_it_is_accepted(city: Any, tree: Any) -> None:
    tasks.claim(task=tree["west"], by=city.xi, now=city.at(hours=4))
    steering.report(task=tree["west"], text="完成", share=100, by=city.xi, now=city.at(hours=5))
    assert roll_up([tree["west"].pk], now=city.at(hours=6))[tree["west"].pk].percent == 99


def test_progress_is_never_typed_above(city: Any, tree: Any) -> None:
    with pytest.raises(Refused, match="parts tell its progress"):
        steering.report(
            task=tree["whole"], text="快好了", share=90, by=city.zhou, now=city.at(hours=3)
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=tree["whole"].pk).update(share=90)


def test_a_cancelled_part_does_not_count(city: Any, tree: Any) -> None:
    tasks.cancel(task=tree["west"], why="并入另一任务", by=city.zhou, now=city.at(hours=3))
    assert roll_up([tree["whole"].pk], now=city.at(hours=4))[tree["whole"].pk].n == 1


def test_cancelling_the_whole_cancels_every_part(city: Any, tree: Any) -> None:
    tasks.cancel(task=tree["whole"], why="上级取消", by=city.duty_city, now=city.at(hours=3))
    assert set(Task.objects.values_list("stage", flat=True)) == {"cancelled"}


def test_a_whole_without_parts_left_reports_for_itself_again(city: Any, tree: Any) -> None:
    tasks.cancel(task=tree["street"], why="区里自己做", by=city.duty_east, now=city.at(hours=3))
    steering.report(
        task=tree["east"], text="已安排", share=20, by=city.duty_east, now=city.at(hours=4)
    )
    assert Task.objects.get(pk=tree["east"].pk).share == 20


def test_a_city_task_on_a_common_problem_solves_each_county(city: Any) -> None:
    def raised(area: Area) -> Any:
        return problems.raise_problem(
            title="转运车辆不足", what="夜间等待两小时", area=area, found_by="self",
            by=city.qian, now=city.at(),
        )  # fmt: skip

    on_post(city, "xi", "河西区指挥部", city.west, "duty_officer")
    east, west = raised(city.east), raised(city.west)
    made = common.confirm(
        problems=[east, west], title="车辆不足", area=city.city, by=city.duty_city, now=city.at()
    )
    whole = set_one(city, problem=made.problem)
    members = members_to_solve(whole)
    parts = [
        Part(unit_of(user), problem=members[area.pk])
        for user, area in ((city.duty_east, city.east), (city.xi, city.west))
    ]
    made_parts = delegate(task=whole, parts=parts, by=city.zhou, now=city.at(hours=1))
    finish(made_parts[0], city.duty_east, city.zhou, city.at(hours=2))
    east.refresh_from_db(), west.refresh_from_db()
    assert (east.stage, west.stage) == ("solved", "assigned")


def test_all_trees_at_once_roll_up_as_one_by_one(city: Any, tree: Any) -> None:
    finish(tree["street"], city.duty_street, city.duty_east, city.at(hours=4))
    tasks.cancel(task=tree["west"], why="并入", by=city.zhou, now=city.at(hours=5))
    single = roll_up(Task.objects.values_list("pk", flat=True), now=city.at(hours=6))
    assert roll_up_all(now=city.at(hours=6)) == single
    assert single[tree["whole"].pk].percent == 100
