"""The daily cycle: once from the same records, again and visibly where counts come late."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from tests.surveillance.sentinels import DAY, counted, sentinel
from tongchou.surveillance import detecting
from tongchou.surveillance.actions import cycle, report_counts
from tongchou.surveillance.actions.reporting import Reported
from tongchou.surveillance.models import (
    Count,
    DayRun,
    Finding,
    RunState,
    Signal,
    Silence,
)

pytestmark = pytest.mark.django_db

CHANNELS = ("fever-clinic", "pharmacy-fever", "hotline-fever")
N_DAYS = 120


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.TONGCHOU_DATA = tmp_path


@pytest.fixture
def watched(city):
    """Three channels of the harbour community, 120 quiet days up to the day before."""
    rng = np.random.default_rng(7)
    duties = sentinel(city, *CHANNELS)
    for duty in duties:
        counted(city, duty, DAY, *rng.poisson(12, N_DAYS).tolist())
    return duties


def morning(city) -> datetime:
    """The first morning of the little city, an hour after the cycle begins."""
    return city.at(hours=2)


def rise(city, duties, *, times=4, days=3):
    """What is reported of the newest days instead, so many times as much."""
    for duty in duties:
        for ago in range(days):
            row = Reported(duty.pk, DAY - timedelta(days=ago), 12 * times)
            report_counts(rows=[row], by=city.qian, now=morning(city))


def test_a_quiet_day_raises_nothing(city, watched):
    done = cycle.daily_cycle(now=morning(city))

    assert done.computed == [DAY + timedelta(days=1)]
    assert not Signal.objects.exists()


def test_the_same_records_again_change_nothing(city, watched):
    cycle.daily_cycle(now=morning(city))
    before = DayRun.objects.values().get()
    again = cycle.daily_cycle(now=morning(city) + timedelta(hours=1))

    assert again.computed == []
    assert DayRun.objects.values().get() == before


def test_a_rise_in_all_channels_is_a_signal_of_its_area(city, watched):
    rise(city, watched)
    cycle.daily_cycle(now=morning(city))

    signal = Signal.objects.get()
    assert (signal.area, signal.subject) == (city.community, "evidence")
    assert signal.first_on == DAY


def test_the_evidence_names_what_each_channel_adds(city, watched):
    rise(city, watched)
    cycle.daily_cycle(now=morning(city))

    shares = Signal.objects.get().evidence.get().shares
    assert {share["channel"] for share in shares} == set(CHANNELS)
    assert sum(share["score"] for share in shares) == pytest.approx(
        Signal.objects.get().statistic, rel=1e-4
    )


def test_late_counts_open_a_finished_morning_again_for_everybody_to_see(city, watched):
    cycle.daily_cycle(now=morning(city))
    rise(city, watched)

    run = DayRun.objects.get()
    assert (run.state, run.n_times) == (RunState.REOPENED, 1)
    assert run.reopened_at == morning(city)


def test_a_re_opened_morning_is_computed_again(city, watched):
    cycle.daily_cycle(now=morning(city))
    rise(city, watched)
    cycle.daily_cycle(now=morning(city) + timedelta(hours=1))

    run = DayRun.objects.get()
    assert (run.state, run.n_times) == (RunState.DONE, 2)
    assert Signal.objects.exists()


def test_a_count_sent_twice_opens_nothing(city, watched):
    cycle.daily_cycle(now=morning(city))
    row = Count.objects.filter(day=DAY, duty=watched[0]).get()
    report_counts(rows=[Reported(watched[0].pk, DAY, row.value)], by=city.qian, now=morning(city))

    assert DayRun.objects.get().state == RunState.DONE


def test_a_sentinel_that_owes_a_count_and_is_silent_is_told_of(city, watched):
    (duty,) = sentinel(city, "gastro", code="C2")
    counted(city, duty, DAY - timedelta(days=1), 5, 6, 7)
    cycle.daily_cycle(now=city.at(hours=2))

    (silence,) = Silence.objects.filter(duty=duty)
    assert silence.last_on == DAY


def test_before_the_hour_it_is_due_nobody_is_silent(city, watched):
    (duty,) = sentinel(city, "gastro", code="C2")
    counted(city, duty, DAY - timedelta(days=1), *[5] * 20)
    cycle.daily_cycle(now=city.at())

    assert not Silence.objects.filter(duty=duty, last_on=DAY).exists()


def test_a_day_the_check_silences_raises_no_alarm(city, watched):
    rise(city, watched)
    for duty in watched:
        Finding.objects.create(
            source=duty.site.source, channel=duty.channel, duty=duty, kind="denominator",
            words="denominator.above", from_on=DAY - timedelta(days=3), to_on=DAY, silent=True,
            key=f"test {duty.pk}", found_at=city.at(),
        )  # fmt: skip

    assert detecting.detect(DAY) == []


def test_a_run_that_was_killed_is_taken_up_again(city, watched):
    on = DAY + timedelta(days=1)
    DayRun.objects.create(on=on, state=RunState.RUNNING, started_at=city.at(hours=-2))
    cycle.daily_cycle(now=morning(city))

    assert DayRun.objects.get().state == RunState.DONE


def test_a_fault_is_kept_and_the_morning_tried_again(city, watched, monkeypatch):
    def fails(*words):
        raise RuntimeError("no space left")

    monkeypatch.setattr(cycle, "_STEPS", (("detect", fails),))
    with pytest.raises(RuntimeError):
        cycle.daily_cycle(now=morning(city))
    assert DayRun.objects.get().fault == "RuntimeError: no space left"

    monkeypatch.undo()
    cycle.compute(DAY + timedelta(days=1), now=morning(city))
    assert DayRun.objects.get().state == RunState.DONE
