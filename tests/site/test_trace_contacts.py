import csv

import duckdb
import pytest

from tongchou.site import cli

VISITS = """person,place,kind,start,end
Li,H1,home,2022-01-03T20:00,2022-01-04T07:00
Lin,H1,home,2022-01-03T22:00,2022-01-04T09:00
Zhao,R1,restaurant,2022-01-04T12:00,2022-01-04T13:00
Li,R1,restaurant,2022-01-04T12:30,2022-01-04T13:10
Qian,M1,vehicle,2022-01-04T14:00,2022-01-04T14:20
Li,M1,vehicle,2022-01-04T14:10,2022-01-04T14:24
"""
CASES = "person,from,to\nLi,2022-01-03T00:00,2022-01-05T00:00\n"


@pytest.fixture
def trace(tmp_path, capsys):
    """Run the command on two texts; the rows it wrote and what it said."""

    def run(*words, visits=VISITS, cases=CASES):
        (tmp_path / "cases.csv").write_text(cases, encoding="utf-8")
        source = visits
        if isinstance(visits, str):
            source = tmp_path / "visits.csv"
            source.write_text(visits, encoding="utf-8")
        out = tmp_path / "out.csv"
        given = ["--visits", str(source), "--cases", str(tmp_path / "cases.csv"), "--out", str(out)]
        code = cli.main(["trace", "contacts", *given, *words])
        said = capsys.readouterr().err
        if code:
            return [], said
        with out.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file)), said

    return run


def test_each_contact_comes_with_times_kinds_tier_and_reason(trace):
    rows, _ = trace()
    assert rows[0] == {
        "case": "Li", "person": "Lin", "meetings": "1", "minutes": "540",
        "first": "2022-01-03T22:00", "last": "2022-01-04T07:00", "kinds": "home", "tier": "close",
        "reason": "shared a home or lodging: 540 min together, met once (rule: 1 min)",
    }  # fmt: skip
    assert [row["person"] for row in rows] == ["Lin", "Zhao"]


def test_shorter_meetings_are_kept_when_asked_for(trace):
    rows, _ = trace("--min-minutes", "1")
    assert [(row["person"], row["minutes"], row["tier"]) for row in rows] == [
        ("Lin", "540", "close"), ("Zhao", "30", "close"), ("Qian", "10", "general"),
    ]  # fmt: skip


def test_only_the_kinds_asked_for_count(trace):
    rows, _ = trace("--kinds", "restaurant,vehicle")
    assert [row["person"] for row in rows] == ["Zhao"]


def test_a_last_day_without_an_hour_is_included(trace):
    rows, _ = trace(cases="person,from,to\nLi,2022-01-04,2022-01-04\n")
    assert [(row["person"], row["minutes"]) for row in rows] == [("Lin", "420"), ("Zhao", "30")]


def test_windows_of_one_case_that_overlap_count_once(trace):
    twice = CASES + "Li,2022-01-04T00:00,2022-01-05T12:00\n"
    assert trace(cases=twice)[0] == trace()[0]


def test_times_with_a_zone_come_back_with_one(trace):
    zoned = VISITS.replace(":00,", ":00Z,").replace(":00\n", ":00Z\n")
    rows, _ = trace(visits=zoned, cases="person,from,to\nLi,2022-01-03T00:00Z,2022-01-05T00:00Z\n")
    assert rows[0]["first"] == "2022-01-04T06:00+08:00"


def test_minutes_as_whole_numbers_come_back_as_such(trace):
    visits = "person,place,kind,start,end\n1,9,home,100,200\n2,9,home,150,260\n"
    rows, _ = trace(visits=visits, cases="person,from,to\n1,0,1440\n")
    assert [(row["first"], row["last"], row["minutes"]) for row in rows] == [("150", "200", "50")]


def test_parquet_gives_the_same_rows_as_csv(trace, tmp_path):
    expected, _ = trace()
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (FROM read_csv('{tmp_path}/visits.csv')) TO '{tmp_path}/v.parquet'"
        )
    assert trace(visits=tmp_path / "v.parquet")[0] == expected


def test_what_cannot_be_believed_is_counted_and_written_down(trace, tmp_path):
    backwards = VISITS + "Sun,M1,vehicle,2022-01-04T15:24,2022-01-04T14:50\n"
    _, said = trace(visits=backwards, cases=CASES + "Nobody,2022-01-03,2022-01-04\n")
    assert "7 visits read, 6 used, 1 refused" in said
    assert "1 cases, 1 refused" in said
    assert (tmp_path / "out.refused.csv").read_text() == (
        "file,line,reason,mend\n"
        'visits.csv,8,ends before it starts,"correct the times; were the two exchanged?"\n'
        "cases.csv,3,'Nobody' is nobody of the visits,name the person as the visits do\n"
    ).replace('"', "")


def test_a_case_whom_no_visit_names_is_an_error_that_says_so(trace):
    _, said = trace(cases="person,from,to\nNobody,2022-01-03,2022-01-04\n")
    assert "no case can be traced" in said
    assert "line 2: 'Nobody' is nobody of the visits" in said


def test_a_missing_column_is_named(trace):
    _, said = trace(cases="person,from\nLi,2022-01-03\n")
    assert "cases.csv has no column to; it has person, from" in said
