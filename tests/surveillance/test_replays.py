"""A replay is asked for once, computed by the worker, and survives its death."""

from datetime import timedelta

import numpy as np
import pytest

from tests.surveillance.sentinels import DAY, counted, sentinel
from tests.surveillance.test_weekly import SUNDAY, calm, reported
from tongchou.records.models import AuditEvent
from tongchou.surveillance import limits
from tongchou.surveillance.actions import replays
from tongchou.surveillance.models import Channel, ReplayRun, ReplayState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.TONGCHOU_DATA = tmp_path


@pytest.fixture
def fever(city):
    (duty,) = sentinel(city, "fever-clinic")
    values = np.random.default_rng(2).poisson(12, 200)
    counted(city, duty, DAY, *values.tolist())
    return Channel.objects.get(pk="fever-clinic")


def ask(city, channel, **asked):
    facts = {"detector": "daily", "per_week": 0.2, "last": DAY} | asked
    return replays.ask(channel=channel, **facts, by=city.qian, now=city.at())


def test_what_the_worker_finds_is_what_a_replay_says(city, fever):
    run = ask(city, fever)
    assert "done" in replays.run_waiting(now=city.at())

    run.refresh_from_db()
    kept = limits.from_facts(run.facts, fever)
    assert kept == limits.replay(fever, "daily", per_week=0.2, last=DAY)
    assert (kept.first, kept.last, kept.n_series) == (DAY - timedelta(days=181), DAY, 1)


def test_its_progress_is_there_to_see(city, fever):
    seen = []
    limits.replay(
        fever, "daily", per_week=0.2, last=DAY, progress=lambda done, of: seen.append((done, of))
    )
    assert seen == [(n, 7) for n in range(7)]


def test_the_same_question_again_is_not_computed_again(city, fever):
    first = ask(city, fever)
    assert ask(city, fever) == first
    replays.run_waiting(now=city.at())
    assert ask(city, fever) == first
    assert ask(city, fever, per_week=0.5) != first


def test_asking_stands_in_the_audit(city, fever):
    run = ask(city, fever)
    assert AuditEvent.objects.get(verb="threshold.replay").subject == f"replay:{run.pk}"


def test_a_replay_whose_worker_died_is_taken_up_again(city, fever):
    run = ask(city, fever)
    ReplayRun.objects.update(state=ReplayState.RUNNING, seen_at=city.at())

    assert replays.run_waiting(now=city.at(hours=0.1)) == ""
    assert replays.run_waiting(now=city.at(hours=1)) == f"replay {run.pk}: done"


def test_a_fault_is_kept_and_asked_anew(city, fever, monkeypatch):
    first = ask(city, fever)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(limits, "replay", broken)
    replays.run_waiting(now=city.at())

    first.refresh_from_db()
    assert (first.state, first.fault) == (ReplayState.FAILED, "RuntimeError: the disk is full")
    assert ask(city, fever) != first


@pytest.mark.parametrize("detector", ["weekly", "farrington"])
def test_a_weekly_channel_is_replayed_over_its_weeks(city, detector):
    (duty,) = sentinel(city, "ili-weekly")
    reported(city, duty, SUNDAY - timedelta(days=6), calm(n=140))
    channel = Channel.objects.get(pk="ili-weekly")
    found = limits.replay(channel, detector, per_week=0.1, last=DAY)

    assert found.last == SUNDAY
    assert [week.begin for week in found.weeks[-2:]] == [
        SUNDAY - timedelta(days=13), SUNDAY - timedelta(days=6),
    ]  # fmt: skip
    assert sum(week.n for week in found.weeks) == found.n_raised
    assert 0 < found.n_raised < 20


def test_wastewater_is_replayed_over_its_weeks(city):
    (duty,) = sentinel(city, "wastewater")
    values = np.random.default_rng(4).lognormal(8, 0.3, 140)
    reported(city, duty, SUNDAY - timedelta(days=3), np.round(values))
    found = limits.replay(Channel.objects.get(pk="wastewater"), "weekly", per_week=0.1, last=DAY)

    assert found.n_series == 1
    assert found.wanted < 0.5
