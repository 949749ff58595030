"""Dates, units and words change by whoever set the task, with a reason, and never unseen."""

from datetime import date
from typing import Any

import pytest

from tests.lists.making import on_post, set_one, unit_of
from tongchou.ledger.models import Gap, Handoff
from tongchou.ledger.sweeping import sweep
from tongchou.lists.actions import steering, tasks
from tongchou.lists.errors import NotTheirs, Refused, Stale
from tongchou.lists.models import Entry, Task
from tongchou.lists.queries import lists, summary
from tongchou.records.models import AuditEvent
from tongchou.staff.queries import scope_of

pytestmark = pytest.mark.django_db


def running(city: Any) -> Task:
    return tasks.claim(task=set_one(city), by=city.zhou, now=city.at(hours=1))


def test_another_date_moves_the_clock_and_stays_on_record(city: Any) -> None:
    task = running(city)
    steering.retime(
        task=task,
        due_at=city.at(days=5),
        reason="系统升级",
        by=city.duty_city,
        now=city.at(hours=2),
    )
    leg = Handoff.objects.get(passage=task.passage, done_at=None)
    entry = Entry.objects.get(kind="retime")
    assert leg.timed_from == city.at(days=5)
    assert (entry.before, entry.after) == ("2022-07-04 08:00", "2022-07-06 08:00")
    assert AuditEvent.objects.filter(verb="task.retime").count() == 1
    assert Task.objects.get().n_retimed == 1


def test_a_later_date_closes_the_gap_of_the_earlier(city: Any) -> None:
    task = running(city)
    sweep(now=city.at(days=4))
    steering.retime(
        task=task, due_at=city.at(days=6), reason="改期", by=city.duty_city, now=city.at(days=4)
    )
    assert Gap.objects.get().reason == "order"


def test_the_doer_does_not_change_the_date(city: Any) -> None:
    with pytest.raises(NotTheirs):
        steering.retime(
            task=running(city),
            due_at=city.at(days=5),
            reason="忙",
            by=city.zhou,
            now=city.at(hours=2),
        )


def test_a_date_needs_a_reason(city: Any) -> None:
    with pytest.raises(Refused):
        steering.retime(
            task=running(city), due_at=city.at(days=5), reason=" ", by=city.duty_city,
            now=city.at(hours=2),
        )  # fmt: skip


def test_the_second_of_two_editors_is_told(city: Any) -> None:
    task = running(city)
    seen = Task.objects.get().version
    other = Task.objects.get()
    steering.retime(
        task=task, due_at=city.at(days=5), reason="甲", by=city.duty_city, now=city.at(hours=2),
        seen=seen,
    )  # fmt: skip
    with pytest.raises(Stale):
        steering.amend(
            task=other,
            measure="抽查 50 所",
            reason="乙",
            by=city.mayor,
            now=city.at(hours=2),
            seen=seen,
        )
    assert Task.objects.get().measure == task.measure


def test_another_unit_takes_it_and_the_clock_runs_on(city: Any) -> None:
    task = running(city)
    due = Handoff.objects.get(passage=task.passage, done_at=None).due_at
    health = on_post(city, "health", "市卫健委", city.city)
    steering.reassign(
        task=task, unit=health, reason="职责调整", by=city.duty_city, now=city.at(hours=3)
    )
    leg = Handoff.objects.get(passage=task.passage, done_at=None)
    assert (leg.unit, leg.due_at, Task.objects.get().unit) == (health, due, health)


def test_who_left_is_stood_in_for_and_replaced(city: Any) -> None:
    task = running(city)
    city.zhou.posts.update(to_at=city.at(hours=2))
    sub = on_post(city, "sub", "市体育局", city.city)
    with pytest.raises(NotTheirs):  # who left does nothing any more
        tasks.submit(task=task, text="done", by=city.zhou, now=city.at(hours=3))
    steering.reassign(
        task=task, unit=sub, reason="原责任人离岗", by=city.duty_city, now=city.at(hours=3)
    )
    tasks.submit(task=task, text="完成", by=city.sub, now=city.at(hours=4))
    assert Task.objects.get().stage == "submitted"


def test_the_area_that_took_over_acts_for_the_merged_one(city: Any) -> None:
    on_post(city, "xi", "河西区指挥部", city.west, "duty_officer")
    task = set_one(city, unit=unit_of(city.xi))
    tasks.claim(task=task, by=city.xi, now=city.at(hours=1))
    city.west.ended_on, city.west.successor = date(2022, 7, 1), city.east
    city.west.save()
    city.users["xi"].posts.update(to_at=city.at(hours=2))
    tasks.submit(task=task, text="并区后完成", by=city.duty_east, now=city.at(hours=3))
    assert Task.objects.get().stage == "submitted"


def test_what_was_set_by_a_merged_area_is_accepted_by_who_took_over(city: Any) -> None:
    on_post(city, "xi", "河西区指挥部", city.west, "duty_officer")
    task = set_one(city, issuer=unit_of(city.xi), unit=unit_of(city.chen), by=city.users["xi"])
    tasks.claim(task=task, by=city.chen, now=city.at(hours=1))
    tasks.submit(task=task, text="完成", by=city.chen, now=city.at(hours=2))
    city.west.successor, city.west.ended_on = city.east, date(2022, 7, 1)
    city.west.save()
    city.users["xi"].posts.update(to_at=city.at(hours=2))
    tasks.accept(task=task, by=city.duty_east, now=city.at(hours=3))
    assert Task.objects.get().stage == "accepted"


def test_a_person_is_of_the_unit(city: Any) -> None:
    task = running(city)
    with pytest.raises(Refused):
        steering.name_person(task=task, person=city.chen, by=city.zhou, now=city.at(hours=2))


def test_a_returned_task_goes_back_with_what_is_missing(city: Any) -> None:
    task = running(city)
    tasks.submit(task=task, text="完成", by=city.zhou, now=city.at(hours=2))
    tasks.send_back(task=task, why="缺抽查记录", by=city.duty_city, now=city.at(hours=3))
    found = Task.objects.get()
    assert (found.stage, found.n_returned, found.unit) == ("in_progress", 1, task.unit)


def test_a_declined_task_waits_for_its_issuer(city: Any) -> None:
    task = set_one(city)
    tasks.decline(task=task, why="不属本局职责", by=city.zhou, now=city.at(hours=1))
    leg = Handoff.objects.get(passage=task.passage, done_at=None)
    assert (leg.stage, leg.unit) == ("declined", task.issuer)
    health = on_post(city, "health", "市卫健委", city.city)
    tasks.dispatch_again(task=task, unit=health, by=city.duty_city, now=city.at(hours=2))
    assert Handoff.objects.get(passage=task.passage, done_at=None).unit == health


def test_who_took_over_sees_the_tasks_of_the_merged_area(city: Any) -> None:
    on_post(city, "xi", "河西区指挥部", city.west, "duty_officer")
    task = set_one(city, unit=unit_of(city.xi))
    scope = scope_of(city.duty_east, now=city.at())
    assert not lists.tasks(scope).exists()
    city.west.successor, city.west.ended_on = city.east, date(2022, 7, 1)
    city.west.save()
    assert lists.tasks(scope).get() == task
    window = {"since": city.at(), "until": city.at(hours=5)}
    assert summary(city.east, **window).tasks.n_open == 1
