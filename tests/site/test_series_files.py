from datetime import date

import numpy as np
import pytest

from tongchou.site.cli import Wrong
from tongchou.site.series_files import read_series, weekly


@pytest.fixture
def sheet(tmp_path):
    def read(text, **options):
        path = tmp_path / "counts.csv"
        path.write_text(text, encoding="utf-8")
        return read_series(path, **options)

    return read


def test_the_first_column_says_when_and_each_other_one_is_a_series(sheet):
    found = sheet("date,clinic,school\n2020-01-30,3,0\n2020-01-31,4,1\n")

    assert found.times == ("2020-01-30", "2020-01-31")
    assert list(found.names) == ["clinic", "school"]
    assert found.series.counts.tolist() == [[3, 4], [0, 1]]


def test_an_empty_cell_is_not_reported(sheet):
    found = sheet("day,a\n1,3\n2,\n3,NA\n4,0\n")

    assert np.isnan(found.series.counts[0]).tolist() == [False, True, True, False]
    assert found.series.dates is None


def test_a_day_left_out_is_put_in_as_not_reported_and_named(sheet):
    found = sheet("date,a\n2020-02-01,3\n2020-02-02,3\n2020-02-05,2\n2020-02-06,2\n")

    assert len(found.times) == 6
    assert np.isnan(found.series.counts[0]).tolist() == [False] * 2 + [True] * 2 + [False] * 2
    assert "2020-02-03 to 2020-02-04" in found.notes[0]


def test_weeks_may_be_written_as_weeks(sheet):
    found = sheet("week,a\n2020-W52,3\n2020-W53,2\n2021-W01,5\n")

    assert found.series.dates == [date(2020, 12, 21), date(2020, 12, 28), date(2021, 1, 4)]
    assert found.step == 7


def test_of_a_number_and_a_date_the_date_counts(sheet):
    found = sheet('"t","epoch","y.1"\n1,"2001-12-31",5\n2,"2002-01-07",6\n')

    assert found.series.dates == [date(2001, 12, 31), date(2002, 1, 7)]
    assert list(found.names) == ["y.1"]


def test_days_since_1970_as_r_writes_them_are_dates(sheet):
    assert sheet("epoch,a\n8768,5\n8775,6\n").times == ("1994-01-03", "1994-01-10")


def test_the_newest_first_is_turned_round(sheet):
    found = sheet("date,a\n2020-02-02,2\n2020-02-01,1\n")

    assert found.series.counts.tolist() == [[1, 2]]
    assert "newest" in found.notes[0]


def test_months_are_taken_as_they_come(sheet):
    found = sheet("month,a\n2020-01-01,1\n2020-02-01,2\n2020-03-01,3\n")

    assert (len(found.times), found.step) == (3, 0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date,a\n2020-02-01,1\n2020-02-02,many\n", "line 3, column 'a': 'many' is no number"),
        ("date,a\n2020-02-01,-1\n", "line 2, column 'a': -1 is no count"),
        ("date,a\n2020-02-01,1\n2020-02-01,1\n", "line 3: 2020-02-01 stands in line 2 already"),
        ("date,a\n2020-02-03,1\n2020-02-01,1\n2020-02-02,1\n", "line 3: 2020-02-01 comes after"),
        ("date,a\n2020-02-31,1\n", "line 2, column 'date'"),
        ("day,a\n1,1\n,1\n", "line 3, column 'day': there is no time"),
        ("date,a\n2020-02-01,1\n2020-02-08,1\n2020-02-15,1\n2020-02-16,1\n", "line 5: 2020-02-16"),
        ("date,a\n", "no rows"),
        ("date\n2020-02-01\n", "no column of counts"),
        ("", "empty"),
    ],
)
def test_what_cannot_be_read_is_told_with_line_and_reason(sheet, text, said):
    with pytest.raises(Wrong, match=r"^counts\.csv: ") as wrong:
        sheet(text)
    assert said in str(wrong.value)


def test_only_the_series_asked_for_are_read(sheet):
    assert list(sheet("t,a,b\n1,2,3\n2,3,4\n", only=["b"]).names) == ["b"]
    with pytest.raises(Wrong, match="no series 'c'"):
        sheet("t,a,b\n1,2,3\n", only=["c"])


def test_days_add_up_to_weeks_that_end_with_the_newest_day(sheet):
    days = "\n".join(f"2020-03-{day:02d},{'' if day == 5 else 1}" for day in range(1, 17))
    found = weekly(sheet(f"date,a\n{days}\n"))

    assert found.times == ("2020-03-09", "2020-03-16")
    assert np.array_equal(found.series.counts, [[np.nan, 7]], equal_nan=True)
    assert found.step == 7


def test_weeks_are_not_added_up_again(sheet):
    with pytest.raises(Wrong, match="only days"):
        weekly(sheet("week,a\n2020-W01,1\n2020-W02,1\n"))
