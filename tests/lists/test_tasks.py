"""A task is set, claimed, submitted and accepted, by whoever set it and never by whoever did it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from tests.lists.making import set_one
from tongchou.ledger.models import Handoff
from tongchou.lists.actions import problems, tasks
from tongchou.lists.errors import NotTheirs, Refused
from tongchou.lists.models import Task

pytestmark = pytest.mark.django_db


def test_a_task_waits_for_the_unit_it_was_set_for(city: Any) -> None:
    task = set_one(city)
    leg = Handoff.objects.get(passage=task.passage)
    assert (task.number, leg.stage, leg.unit) == ("T-990100-0001", "dispatched", task.unit)


def test_a_claimed_task_is_timed_by_its_own_date(city: Any) -> None:
    task = set_one(city)
    tasks.claim(task=task, by=city.zhou, now=city.at(hours=1))
    leg = Handoff.objects.get(passage=task.passage, done_at=None)
    assert leg.timed_from == task.due_at
    assert leg.due_at == task.due_at + timedelta(hours=2)
    assert task.person == city.zhou


def test_whoever_did_it_does_not_accept_it(city: Any) -> None:
    task = set_one(city)
    tasks.claim(task=task, by=city.zhou, now=city.at(hours=1))
    tasks.submit(task=task, text="done", by=city.zhou, now=city.at(hours=2))
    with pytest.raises(NotTheirs):
        tasks.accept(task=task, by=city.zhou, now=city.at(hours=3))
    tasks.accept(task=task, by=city.duty_city, now=city.at(hours=3))
    assert Task.objects.get().stage == "accepted"


def test_the_table_itself_refuses_a_doer_who_accepts(city: Any) -> None:
    task = set_one(city)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(submitted_by=city.zhou, accepted_by=city.zhou)


def test_an_accepted_task_solves_its_problem(city: Any) -> None:
    problem = problems.raise_problem(
        title="学校晨检流于形式",
        what="三所学校晨检记录为补填",
        area=city.city,
        found_by="inspection",
        by=city.duty_city,
        now=city.at(),
    )
    task = set_one(city, problem=problem)
    problem.refresh_from_db()
    assert (problem.stage, problem.unit, task.source) == ("assigned", task.unit, "problem")
    tasks.claim(task=task, by=city.zhou, now=city.at(hours=1))
    tasks.submit(task=task, text="done", by=city.zhou, now=city.at(hours=2))
    tasks.accept(task=task, by=city.duty_city, now=city.at(hours=3))
    problem.refresh_from_db()
    assert (problem.stage, problem.solved_by) == ("solved", task)


def test_a_task_needs_a_date_that_can_be_kept(city: Any) -> None:
    with pytest.raises(Refused):
        set_one(city, due_at=city.at())


def test_what_was_accepted_is_never_rewritten(city: Any) -> None:
    task = set_one(city)
    tasks.claim(task=task, by=city.zhou, now=city.at(hours=1))
    tasks.submit(task=task, text="done", by=city.zhou, now=city.at(hours=2))
    tasks.accept(task=task, by=city.duty_city, now=city.at(hours=3))
    with pytest.raises(DatabaseError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(goal="别的")
