import pytest

from tongchou.epi.spread.series import SERIES, named


def test_every_series_has_words_in_both_languages():
    assert all(series.en and series.zh and series.unit for series in SERIES.values())


def test_a_stock_summed_over_days_is_in_days_of_persons():
    assert named("in_home").total_unit == "person-days"
    assert named("deaths").total_unit == "person"


def test_a_name_that_is_none_is_refused():
    with pytest.raises(ValueError, match="no series is called 'Deaths'"):
        named("Deaths")
