"""The morning brief: every figure with its time; what cannot be said says why."""

from datetime import timedelta

import numpy as np
import pytest

from tests.surveillance.official import CITIES, NOW, cumulative, day, sheet, shifted, take
from tongchou.areas.models import Area
from tongchou.surveillance import brief, brief_text
from tongchou.surveillance.actions.cycle import keep_brief
from tongchou.surveillance.actions.quality import check_quality
from tongchou.surveillance.models import KeptBrief

pytestmark = pytest.mark.django_db
FIRST_CITY = CITIES[0]


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.TONGCHOU_DATA = tmp_path


def told(column: int, code: str = FIRST_CITY) -> brief.Brief:
    """The brief of the morning after the day of a column."""
    check_quality(now=NOW)
    return brief.of(Area.objects.get(pk=code), on=day(column) + timedelta(days=1), now=NOW)


def test_the_figures_are_those_of_the_evening_before():
    counts = cumulative()
    take(sheet(counts))
    found = told(30)

    assert found.true_on == day(30)
    assert found.confirmed.value == counts[0, 30]
    assert found.new.value == counts[0, 30] - counts[0, 29]
    assert found.days_old == 0


def test_figures_that_are_old_say_so():
    take(sheet(cumulative(30)))
    found = told(32)

    assert (found.true_on, found.days_old) == (day(29), 3)
    assert "They are 3 days old: nothing newer has come." in brief_text.text(found, "en")


def test_an_area_without_counts_says_how_to_get_them():
    take(sheet(cumulative()))

    with pytest.raises(brief.NothingCounted, match="tongchou import counts"):
        brief.of(Area.objects.get(pk=FIRST_CITY), on=day(0), now=NOW)


def test_a_shifted_list_tells_the_same_as_one_that_is_not():
    counts = cumulative()
    take(sheet(shifted(counts, 25)))
    found = told(30)

    assert (found.true_on, found.confirmed.value) == (day(30), counts[0, 30])
    assert found.new.value == counts[0, 30] - counts[0, 29]


def test_r_has_an_interval_and_says_what_it_stands_on():
    take(sheet(cumulative()))
    r = told(35).r

    assert r.low < r.mean < r.high
    assert (r.first, r.last) == (day(29), day(35))
    assert r.interval_source


def test_r_is_silent_on_a_doubtful_day():
    counts = shifted(cumulative(), 25)
    take(sheet(counts[:, :26]))

    assert (told(25).r.mean, told(25).r.reason) == (None, "DOUBTFUL")
    assert "not estimated: the newest day is doubtful" in brief_text.text(told(25), "en")


def test_a_forecast_has_intervals_or_a_reason():
    take(sheet(cumulative()))
    ahead = told(39).ahead

    assert [then.days for then in ahead.then] == list(range(1, 15))
    assert [then.days for then in ahead.horizons] == [7, 14]
    assert all(then.low <= then.mid <= then.high for then in ahead.then)


def test_no_forecast_stands_on_a_doubtful_day():
    counts = shifted(cumulative(), 25)
    take(sheet(counts[:, :26]))

    assert (told(25).ahead.then, told(25).ahead.reason) == ((), "DOUBTFUL")


def test_the_last_active_case_is_cleared_at_the_end_of_a_day():
    counts = np.minimum(cumulative(), 300)
    cured = np.where(np.arange(40) >= 35, counts, 0)
    take(sheet(counts, cured=cured))

    assert told(34).cleared_on is None
    assert told(35).cleared_on == day(35)
    assert "Last active case cleared at 24:00 on 5 February 2020" in brief_text.text(told(38), "en")


def test_a_province_is_the_sum_of_its_cities():
    counts = cumulative()
    take(sheet(counts))
    found = told(30, "420000")

    assert (found.confirmed.value, found.n_parts) == (counts[:, 30].sum(), len(CITIES))


def test_a_part_that_is_silent_keeps_its_last_figure_and_is_named():
    counts = cumulative()
    silent = counts.copy()
    silent[0, 28:] = -1
    take(sheet(silent))
    found = told(30, "420000")

    assert found.confirmed.value == counts[1:, 30].sum() + counts[0, 27]
    assert found.silent_parts == (f"城{FIRST_CITY}",)


def test_what_is_counted_apart_adds_to_the_province_and_to_no_city():
    counts = cumulative(20)
    apart = "".join(f"{day(n)},湖北省,420000,监狱系统,4200y0,50,0,0,0\n" for n in range(20))
    take(sheet(counts) + apart)

    assert told(15, "420000").confirmed.value == counts[:, 15].sum() + 50
    assert told(15).confirmed.value == counts[0, 15]


def test_what_is_counted_apart_is_gone_once_it_left_the_list():
    counts = cumulative(20)
    apart = "".join(f"{day(n)},湖北省,420000,未公布来源,,50,0,0,0\n" for n in range(5))
    take(sheet(counts) + apart)

    assert told(15, "420000").confirmed.value == counts[:, 15].sum()


def test_a_brief_is_kept_and_read_again_as_it_was():
    take(sheet(cumulative()))
    found = told(35)
    area = Area.objects.get(pk=FIRST_CITY)
    assert keep_brief(area=area, on=found.on, facts=found.facts(), run=None, now=NOW)

    kept = KeptBrief.objects.get()
    assert brief.from_facts(kept.facts, made_at=kept.made_at) == found


def test_the_same_brief_again_is_no_other_edition():
    take(sheet(cumulative()))
    area = Area.objects.get(pk=FIRST_CITY)
    for column in (35, 35, 36):
        found = told(column)
        keep_brief(area=area, on=day(36), facts=found.facts(), run=None, now=NOW)

    assert list(KeptBrief.objects.values_list("edition", flat=True)) == [2, 1]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_brief_says_every_line_in_its_language(language):
    take(sheet(shifted(cumulative(), 25)))
    text = brief_text.text(told(30), language)

    assert ("晨报" in text) == (language == "zh")
    assert ("Morning brief" in text) == (language == "en")
