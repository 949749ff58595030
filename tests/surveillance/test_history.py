"""The files beside the records: fast, and never believed over them."""

from datetime import timedelta

import numpy as np
import pytest

from tests.surveillance.sentinels import DAY, counted, sentinel
from tongchou.surveillance import history
from tongchou.surveillance.actions import report_counts
from tongchou.surveillance.actions.reporting import Reported

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(tmp_path, settings):
    settings.TONGCHOU_DATA = tmp_path


@pytest.fixture
def duties(city):
    return sentinel(city, "fever-clinic", "gastro")


def numbers(duties):
    return [duty.number for duty in duties]


def loaded(duties, days=3, **more):
    return history.load(numbers(duties), DAY - timedelta(days=days - 1), DAY, **more)


def test_a_day_that_was_not_reported_is_nan_and_a_zero_is_zero(city, duties):
    counted(city, duties[0], DAY, 5, None, 0)

    np.testing.assert_array_equal(loaded(duties), [[5, np.nan, 0], [np.nan] * 3])


def test_the_rows_come_in_the_order_asked_for(city, duties):
    counted(city, duties[0], DAY, 5)
    counted(city, duties[1], DAY, 7)

    assert history.load(numbers(duties)[::-1], DAY, DAY).tolist() == [[7], [5]]


def test_late_counts_are_there_at_once(city, duties):
    counted(city, duties[0], DAY, 5, 6, 7)
    loaded(duties)
    report_counts(
        rows=[Reported(duties[0].pk, DAY - timedelta(days=1), 60)], by=city.qian, now=city.at()
    )

    assert loaded(duties)[0].tolist() == [5, 60, 7]


def test_a_folder_that_was_deleted_is_written_anew(city, duties):
    counted(city, duties[0], DAY, 5, 6, 7)
    loaded(duties)
    for file in history.folder().iterdir():
        file.unlink()

    assert loaded(duties)[0].tolist() == [5, 6, 7]


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01\x00", b"garbage" * 40])
def test_a_file_that_was_cut_short_is_written_anew(city, duties, content):
    counted(city, duties[0], DAY, 5, 6, 7)
    loaded(duties)
    (history.folder() / f"{DAY}.npy").write_bytes(content)

    assert loaded(duties)[0].tolist() == [5, 6, 7]


def test_denominators_have_files_of_their_own(city, duties):
    rows = [Reported(duties[1].pk, DAY, 4, 200)]
    report_counts(rows=rows, by=city.qian, now=city.at())

    assert loaded(duties, 1, what="denominator")[1].tolist() == [200]
    assert np.isnan(loaded(duties, 1, what="denominator")[0]).all()


def test_a_series_that_is_newer_than_a_file_has_nothing_in_it(city, duties):
    counted(city, duties[0], DAY, 5)
    loaded(duties)
    later = sentinel(city, "hotline-fever", code="C9")

    assert np.isnan(loaded(later)).all()


def test_days_without_any_count_are_nan(city, duties):
    assert np.isnan(loaded(duties, 5)).all()
