"""What the check finds is kept; how dates are read comes from it and from nothing else."""

from datetime import timedelta

import numpy as np
import pytest

from tests.surveillance.official import CITIES, NOW, cumulative, day, sheet, shifted, take
from tests.surveillance.sentinels import DAY, counted, sentinel
from tongchou.records.models import AuditEvent
from tongchou.surveillance import telling
from tongchou.surveillance.actions.quality import check_quality
from tongchou.surveillance.counted import Convention, Dates, dates_of
from tongchou.surveillance.models import DateConvention, Finding, QualityCheck
from tongchou.surveillance.queries.quality import findings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.TONGCHOU_DATA = tmp_path


def checked(**more):
    return check_quality(now=NOW, **more)


# --- the shift -----------------------------------------------------------------------------------


def test_counts_without_a_trap_have_no_finding_and_no_convention():
    take(sheet(cumulative()))
    checked()

    assert not Finding.objects.exclude(kind="heaping").exists()
    assert not DateConvention.objects.exists()


def test_dates_that_move_by_a_day_are_found_and_recorded():
    take(sheet(shifted(cumulative(), 25)))
    checked()

    convention = DateConvention.objects.get()
    assert (convention.from_on, convention.shift, convention.recorded_by) == (day(25), -1, None)
    assert AuditEvent.objects.filter(verb="surveillance.record_convention").count() == 1


def test_a_list_put_right_takes_the_convention_back():
    counts = cumulative()
    take(sheet(shifted(counts, 25)))
    checked()
    take(sheet(counts))
    checked()

    assert not DateConvention.objects.filter(withdrawn_at=None).exists()
    assert DateConvention.objects.get().withdrawn_at == NOW
    assert Finding.objects.get(kind="false_zero", channel="official-confirmed").gone_at == NOW


def test_on_the_days_counted_a_shifted_list_is_the_list_itself():
    counts = cumulative()
    dates = Dates((Convention(day(25), None, -1),))
    aligned, first = dates.aligned(shifted(counts, 25).astype(float), day(0))

    assert first == day(0)
    np.testing.assert_array_equal(aligned, counts[:, :-1])


def test_the_later_of_two_rows_about_a_day_stands_unless_it_says_nothing():
    dates = Dates((Convention(day(2), None, -1),))
    told = np.array([[5.0, 7, 8, 9], [5, 7, np.nan, 9]])

    aligned, _first = dates.aligned(told, day(0))
    assert aligned.tolist() == [[5, 8, 9], [5, 7, 9]]


def test_a_convention_says_under_which_date_a_day_is_told():
    dates = Dates((Convention(day(25), None, -1),))

    assert (dates.counted(day(24)), dates.counted(day(25))) == (day(24), day(24))
    assert (dates.told(day(24)), dates.told(day(23))) == (day(25), day(23))


# --- the record ----------------------------------------------------------------------------------


def test_the_same_records_are_not_looked_at_twice(monkeypatch):
    take(sheet(shifted(cumulative(), 25)))
    checked()
    before = list(QualityCheck.objects.values())

    monkeypatch.setattr("tongchou.surveillance.actions.quality._look", None)
    checked()
    assert list(QualityCheck.objects.values()) == before


def test_a_finding_that_grows_stays_the_same_finding():
    counts = shifted(cumulative(), 25)
    take(sheet(counts[:, :30]))
    checked()
    first = Finding.objects.get(kind="date_shift", channel="official-confirmed")
    take(sheet(counts))
    checked()

    again = Finding.objects.get(kind="date_shift", channel="official-confirmed")
    assert (again.pk, first.to_on, again.to_on) == (first.pk, day(29), day(39))


def test_the_newest_false_zero_becomes_one_that_was_not_made_up_for():
    counts = shifted(cumulative(), 25)
    take(sheet(counts[:, :26]))
    checked()
    newest = Finding.objects.get(kind="false_zero", channel="official-confirmed")
    assert newest.words == "false_zero.newest" and newest.silent
    take(sheet(counts[:, :28]))
    checked()

    newest.refresh_from_db()
    assert newest.words == "false_zero.everywhere"


def test_days_not_told_are_said_once_for_all_channels():
    counts = cumulative()
    counts[0, 10:13] = -1
    take(sheet(counts))
    checked()

    finding = Finding.objects.get(kind="missing")
    assert (finding.channel, finding.from_on, finding.to_on) == (None, day(10), day(12))


def test_a_fall_silences_its_day_and_says_by_how_much():
    counts = cumulative()
    counts[0, 20:] -= 30 + (counts[0, 20] - counts[0, 19])
    take(sheet(counts))
    checked()

    finding = Finding.objects.get(kind="fall")
    assert finding.silent and finding.area_id == CITIES[0]
    assert telling.what(finding).startswith("cumulative count falls from ")


def test_each_line_says_area_channel_days_what_and_what_follows():
    counts = cumulative()
    counts[0, 10:13] = -1
    take(sheet(counts))
    checked()

    assert telling.line(Finding.objects.get(kind="missing")) == (
        "城420100 (420100) | all channels | 2020-01-11 – 2020-01-13 | "
        "not reported; that is not zero | these days are left out"
    )


def test_an_area_hears_of_itself_and_of_its_whole_source_but_not_of_its_neighbour():
    counts = shifted(cumulative(), 25)
    counts[0, 10:13] = -1
    take(sheet(counts))
    checked()

    kinds = {code: {f.kind for f in findings(area=code)} for code in CITIES[:2]}
    assert "missing" in kinds[CITIES[0]] and "missing" not in kinds[CITIES[1]]
    assert "date_shift" in kinds[CITIES[1]]


def test_a_sentinel_that_told_the_same_number_for_weeks_is_found(city):
    (duty,) = sentinel(city, "fever-clinic")
    rng = np.random.default_rng(2)
    values = rng.poisson(30, 60).tolist()
    counted(city, duty, DAY, *values[:46], *[31] * 14)
    check_quality(now=city.at())

    stuck = Finding.objects.get(kind="stuck")
    assert (stuck.duty, stuck.silent) == (duty, True)
    assert stuck.from_on >= DAY - timedelta(days=14)


def test_a_habit_of_the_week_is_one_finding_however_the_days_move_on(city):
    duties = [sentinel(city, "fever-clinic", code=f"C{n}")[0] for n in range(4)]
    rng = np.random.default_rng(5)
    for n, duty in enumerate(duties):
        closed = n == 0
        values = [
            None if closed and (DAY - timedelta(days=ago)).weekday() == 6 else int(rng.poisson(20))
            for ago in range(69, -1, -1)
        ]
        counted(city, duty, DAY, *values)
    for until in (DAY - timedelta(days=3), DAY):
        check_quality(now=city.at(), until=until, days=60)

    habit = Finding.objects.get(kind="weekday")
    assert (habit.duty, habit.gone_at, habit.to_on) == (duties[0], None, DAY)


def test_the_conventions_of_a_source_are_its_own():
    take(sheet(shifted(cumulative(), 25)))
    checked()

    assert dates_of("canghailan").conventions
    assert not dates_of("sentinels").conventions
