"""Nobody says of their own work that it is done, and nobody closes what others gave them."""

from datetime import timedelta
from typing import Any

import pytest

from tests.lists.making import bureau, on_post, set_one, unit_of
from tongchou.lists import acts
from tongchou.lists.actions import common, problems, steering, tasks
from tongchou.lists.errors import NotTheirs, Refused
from tongchou.lists.models import Common, EntryKind, FoundBy, Problem, Task
from tongchou.lists.queries import finding
from tongchou.staff.queries import scope_of

pytestmark = pytest.mark.django_db


def raised(city: Any, area: Any = None, title: str = "学校晨检记录缺失") -> Problem:
    return problems.raise_problem(
        title=title, what="三所学校未上传", area=area or city.city, found_by=FoundBy.SELF,
        by=city.chen, now=city.at(),
    )  # fmt: skip


def assigned(city: Any) -> Problem:
    return problems.assign(
        problem=raised(city), unit=bureau(city), by=city.duty_city, now=city.at(hours=1)
    )


def submitted(city: Any, task: Task, *, hours: float = 2) -> Task:
    tasks.claim(task=task, by=city.zhou, now=city.at(hours=hours))
    return tasks.submit(task=task, text="已完成", by=city.zhou, now=city.at(hours=hours + 1))


def test_a_unit_sets_itself_no_task(city: Any) -> None:
    with pytest.raises(Refused, match="cannot accept it"):
        set_one(city, issuer=bureau(city), by=city.zhou)


def test_a_declined_task_does_not_go_to_who_set_it(city: Any) -> None:
    task = set_one(city)
    tasks.decline(task=task, why="不属我局", by=city.zhou, now=city.at(hours=1))
    with pytest.raises(Refused, match="cannot accept it"):
        tasks.dispatch_again(
            task=task, unit=unit_of(city.duty_city), by=city.duty_city, now=city.at(hours=2)
        )


def test_the_unit_a_problem_is_given_to_does_not_close_it(city: Any) -> None:
    problem = assigned(city)
    names = {o.act.name for o in acts.problem_offers(
        problem, scope_of(city.zhou, now=city.at(hours=2)), now=city.at(hours=2)
    )}  # fmt: skip
    assert "put_back" in names
    assert not names & {"decide", "assign"}


def test_nobody_takes_a_problem_that_was_not_given_to_them(city: Any) -> None:
    part = on_post(city, "xiao", "河东区教育局", city.east)
    with pytest.raises(NotTheirs, match="the duty officer assigns it"):
        set_one(city, unit=part, issuer=bureau(city), by=city.zhou, problem=raised(city))


def test_a_problem_is_not_the_same_as_one_that_was_closed_itself(city: Any) -> None:
    one, other = raised(city), raised(city, city.east)
    problems.decide(
        problem=one, reason="duplicate", words="同一件事", same_as=other,
        by=city.duty_city, now=city.at(hours=1),
    )  # fmt: skip
    with pytest.raises(Refused, match="name the one that is dealt with"):
        problems.decide(
            problem=other, reason="duplicate", words="同一件事", same_as=one,
            by=city.duty_city, now=city.at(hours=2),
        )  # fmt: skip


def test_a_problem_is_solved_when_the_last_open_task_is_taken_back(city: Any) -> None:
    problem = assigned(city)
    done, other = set_one(city, problem=problem), set_one(city, problem=problem)
    submitted(city, done)
    tasks.accept(task=done, by=city.duty_city, now=city.at(hours=4))
    tasks.cancel(
        task=Task.objects.get(pk=other.pk), why="合并办理", by=city.duty_city, now=city.at(hours=5)
    )
    problem.refresh_from_db()
    assert (problem.stage, problem.solved_by) == ("solved", done)


def test_what_is_dispatched_to_another_area_is_counted_there(city: Any) -> None:
    task = set_one(city)
    county = on_post(city, "xiao", "河东区教育局", city.east)
    tasks.decline(task=task, why="属河东区", by=city.zhou, now=city.at(hours=1))
    tasks.dispatch_again(task=task, unit=county, by=city.duty_city, now=city.at(hours=2))
    task.refresh_from_db()
    assert task.area == task.passage.area == city.east
    assert task.passage.handoffs.get(done_at=None).unit == county


def test_a_task_whose_date_has_passed_is_not_dispatched_again(city: Any) -> None:
    task = set_one(city)
    tasks.decline(task=task, why="不属我局", by=city.zhou, now=city.at(hours=1))
    with pytest.raises(Refused, match="change the date first"):
        tasks.dispatch_again(task=task, by=city.duty_city, now=city.at(days=4))


def test_a_returned_part_is_not_due_after_the_whole(city: Any) -> None:
    whole = set_one(city)
    tasks.claim(task=whole, by=city.zhou, now=city.at(hours=1))
    county = on_post(city, "xiao", "河东区教育局", city.east)
    part = set_one(city, unit=county, issuer=bureau(city), by=city.zhou, parent=whole)
    tasks.claim(task=part, by=city.xiao, now=city.at(hours=2))
    tasks.submit(task=part, text="已完成", by=city.xiao, now=city.at(hours=3))
    with pytest.raises(Refused, match="cannot be due after the whole"):
        tasks.send_back(
            task=part, why="缺照片", by=city.zhou, now=city.at(hours=4),
            due_at=whole.due_at + timedelta(days=1),
        )  # fmt: skip


def test_a_new_date_given_with_a_return_stands_in_the_book(city: Any) -> None:
    task = submitted(city, set_one(city))
    tasks.send_back(
        task=task, why="缺照片", by=city.duty_city, now=city.at(hours=5),
        due_at=task.due_at + timedelta(days=1),
    )  # fmt: skip
    assert task.entries.filter(kind=EntryKind.RETIME).count() == 1
    assert task.n_retimed == 1


def test_a_part_whose_unit_takes_the_whole_is_accepted_above(city: Any) -> None:
    whole = set_one(city)
    tasks.claim(task=whole, by=city.zhou, now=city.at(hours=1))
    county = on_post(city, "xiao", "河东区教育局", city.east)
    part = set_one(city, unit=county, issuer=bureau(city), by=city.zhou, parent=whole)
    steering.reassign(
        task=Task.objects.get(pk=whole.pk), unit=county, reason="属地负责",
        by=city.duty_city, now=city.at(hours=2),
    )  # fmt: skip
    part.refresh_from_db()
    assert part.issuer == unit_of(city.duty_city)


def test_no_identity_gets_into_a_title_whatever_way_it_comes(city: Any) -> None:
    with pytest.raises(Refused, match="document or phone number"):
        raised(city, title="联系 13800138000 未果")


def test_two_who_join_the_same_problems_make_one_common_problem(city: Any) -> None:
    one, other = raised(city, city.east), raised(city, city.west)
    for hours in (1, 2):  # both pages showed the two as they were raised
        common.confirm(
            problems=[one, other], title="晨检缺失", area=city.city,
            by=city.duty_city, now=city.at(hours=hours),
        )  # fmt: skip
    assert Common.objects.count() == 1


def test_a_number_that_no_record_can_have_is_a_note(city: Any) -> None:
    text = "S-" + "9" * 5000
    assert finding.links(text, scope_of(city.duty_city, now=city.at())) == [text]
