import csv

import pytest

from tongchou.site import cli

VISITS = """person,place,kind,start,end
P1,好运来,restaurant,2022-01-01 12:00,2022-01-01 14:30
P2,好运来,restaurant,2022-01-01 23:30,2022-01-02 00:30
P2,好运来,restaurant,2022-01-01 12:00,2022-01-01 11:00
"""


@pytest.fixture
def visits(tmp_path):
    path = tmp_path / "visits.csv"
    path.write_text(VISITS, encoding="utf-8")
    return path


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


def trace_store(*words):
    return cli.main(["trace", "store", *map(str, words)])


def test_a_file_is_taken_and_its_refusals_told(visits, store, tmp_path, capsys):
    assert trace_store("ingest", "--store", store, visits, "--refused", tmp_path / "r.csv") == 0

    said = capsys.readouterr()
    assert "3 visits read, 2 taken, 1 refused; 3 records, 0 of them late" in said.out
    assert "visits.csv line 4: ends before it starts" in said.err
    with (tmp_path / "r.csv").open(encoding="utf-8-sig") as file:
        assert [row["line"] for row in csv.DictReader(file)] == ["4"]


def test_the_same_file_again_changes_nothing(visits, store, capsys):
    trace_store("ingest", "--store", store, visits)
    copy = visits.with_name("copy.csv")
    copy.write_bytes(visits.read_bytes())
    trace_store("ingest", "--store", store, copy)

    assert "copy.csv was taken before, nothing changes: 3 visits read" in capsys.readouterr().out


def test_days_are_sealed_shown_and_proved(visits, store, capsys):
    trace_store("ingest", "--store", store, visits.parent)
    trace_store("seal", "--store", store, "--before", "2022-01-02")
    trace_store("show", "--store", store)
    trace_store("seal", "--store", store)
    assert trace_store("verify", "--store", store) == 0

    said = capsys.readouterr().out
    assert "sealed: 2022-01-01\n" in said
    assert "2022-01-01  sealed         2          2" in said
    assert "2022-01-02  open           0          1" in said
    assert "3 sealed records, 1 frames of the journal: whole" in said or "0 frames" in said
    assert "2 people, 1 places; ever read 3 visits, taken 2, refused 1" in said


def test_twins_are_written_of_sealed_days(visits, store):
    trace_store("ingest", "--store", store, visits)
    trace_store("twins", "--store", store)

    assert len(list(store.glob("twins/*/place.parquet"))) == 2


def test_damage_is_told_and_the_exit_code_says_so(visits, store, capsys):
    trace_store("ingest", "--store", store, visits)
    trace_store("seal", "--store", store)
    (path,) = store.glob("days/2022-01-01.g*/place.records")
    path.write_bytes(path.read_bytes()[::-1])

    assert trace_store("verify", "--store", store) == 1
    assert "its checksum differs" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show"], "is no visit store"),
        (["verify"], "is no visit store"),
        (["ingest", "nowhere.csv"], "there is no file nowhere.csv"),
        (["ingest", "."], "no file to read"),
    ],
)
def test_what_cannot_be_done_says_why(words, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert trace_store(words[0], "--store", "store", *words[1:]) == 2
    assert said in capsys.readouterr().err


def test_a_list_that_is_none_stops_with_a_sentence(store, tmp_path, capsys):
    (tmp_path / "a.csv").write_text("name,age\nx,1\n")

    assert trace_store("ingest", "--store", store, tmp_path / "a.csv") == 2
    assert "has no column person, place, start, end" in capsys.readouterr().err
