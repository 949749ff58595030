"""Periodic work is done once per turn, by whichever worker comes first."""

from datetime import timedelta
from typing import Any

import pytest

from tongchou.site import schedule
from tongchou.site.models import Schedule

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch, city: Any) -> schedule.Job:
    """A job that runs every minute and notes when."""
    ran: list[Any] = []
    made = schedule.Job("test", timedelta(minutes=1), lambda now: ran.append(now) or len(ran))
    monkeypatch.setattr(schedule, "JOBS", (made,))
    return made


def test_a_new_job_is_due_at_once(city: Any, job: schedule.Job) -> None:
    assert schedule.due(city.at()) == [job]


def test_of_two_workers_one_runs_the_job(city: Any, job: schedule.Job) -> None:
    schedule.due(city.at())
    assert schedule.claim(job, city.at())
    assert not schedule.claim(job, city.at())


def test_a_job_comes_round_again(city: Any, job: schedule.Job) -> None:
    schedule.due(city.at())
    schedule.claim(job, city.at())
    assert schedule.due(city.at(minutes=0.5)) == []
    assert schedule.due(city.at(minutes=1)) == [job]


def test_what_a_job_says_is_kept(city: Any, job: schedule.Job) -> None:
    schedule.due(city.at())
    schedule.run(job, city.at())
    assert Schedule.objects.get().result == "1"


def test_a_job_that_fails_is_kept_with_its_reason_and_tried_again(
    city: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(now: Any) -> None:
        raise RuntimeError("the feed is gone")

    broken = schedule.Job("broken", timedelta(minutes=1), fail)
    monkeypatch.setattr(schedule, "JOBS", (broken,))
    schedule.due(city.at())
    schedule.claim(broken, city.at())
    schedule.run(broken, city.at())
    row = Schedule.objects.get()
    assert "the feed is gone" in row.result and "RuntimeError" in row.error
    assert schedule.due(city.at(minutes=2)) == [broken]


def test_every_job_of_the_table_runs(city: Any) -> None:
    for job in schedule.JOBS:
        job.run(now=city.at())
