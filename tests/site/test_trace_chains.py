import csv
from collections import defaultdict

import pytest

from tongchou.site import cli

CASES = "id,onset\nLi,2022-03-01\nSun,2022-03-06\nZhao,2022-03-12\n"
CONTACTS = "from,to\nLi,Sun\nSun,Zhao\nLi,Zhao\n"
INTERVAL = ["--si-mean", "5", "--si-sd", "2"]


@pytest.fixture
def chains(tmp_path, capsys):
    """Run the command on two texts; what it printed, wrote and refused."""

    def run(cases=CASES, contacts=CONTACTS, *words, encoding="utf-8"):
        (tmp_path / "cases.csv").write_bytes(cases.encode(encoding))
        (tmp_path / "contacts.csv").write_bytes(contacts.encode(encoding))
        files = [
            "--cases",
            str(tmp_path / "cases.csv"),
            "--contacts",
            str(tmp_path / "contacts.csv"),
        ]
        out = ["--out", str(tmp_path / "out.csv"), "--tree", str(tmp_path / "tree.csv")]
        code = cli.main(["trace", "chains", *files, *out, *(words or INTERVAL)])
        said = capsys.readouterr()
        assert code == 0, said.err
        return rows(tmp_path / "out.csv"), said.out, said.err

    return run


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return {
            (row["infector"], row["case"]): float(row["probability"])
            for row in csv.DictReader(file)
        }


def test_every_pair_gets_a_probability_and_every_case_makes_one(chains):
    found, _, _ = chains()
    total = defaultdict(float)
    for (_, case), probability in found.items():
        total[case] += probability

    assert set(found) == {
        ("", "Li"), ("Li", "Sun"), ("", "Sun"), ("Li", "Zhao"), ("Sun", "Zhao"), ("", "Zhao"),
    }  # fmt: skip
    assert dict(total) == pytest.approx({"Li": 1, "Sun": 1, "Zhao": 1})


def test_the_tree_names_the_likeliest_infector(chains, tmp_path):
    chains()
    with (tmp_path / "tree.csv").open(newline="") as file:
        tree = {row["case"]: (row["infector"], row["generation"]) for row in csv.DictReader(file)}

    assert tree == {"Li": ("", "0"), "Sun": ("Li", "1"), "Zhao": ("Sun", "2")}


def test_names_dates_and_encoding_may_be_those_of_a_chinese_list(chains):
    cases = "编号,姓名,发病日期\n1,李,2022年3月1日\n2,孙,2022/3/6\n"
    found, _, _ = chains(cases, "传染源,密接,分钟\n1,2,90\n", encoding="gb18030")

    assert found["1", "2"] > 0.7


def test_days_may_be_numbers(chains):
    found, _, _ = chains("case_id,onset\na,0\nb,5\n", "infector,case_id\na,b\n")

    assert found["a", "b"] > 0.7


def test_one_clear_date_tells_how_to_read_the_others(chains):
    cases = "id,onset\nLi,01/03/2022\nSun,06/03/2022\nZhao,13/03/2022\n"
    found, said, _ = chains(cases)

    assert "3 read = 3 cases + 0 refused" in said
    assert found["Li", "Sun"] > 0.7


def test_a_case_without_onset_is_dated_by_its_report(chains):
    cases = "id,onset,reported\nLi,2022-03-01,2022-03-04\nSun,,2022-03-09\n"
    found, said, _ = chains(cases, "from,to\nLi,Sun\n")

    assert "1 of them dated 3 days before report" in said
    assert found["Li", "Sun"] > 0.7


def test_refused_rows_are_counted_with_line_and_reason(chains):
    cases = CASES + "Lin,someday\n,2022-03-01\nSun,2022-03-07\nQian,\n"
    contacts = CONTACTS + "Li,Li\nLi,\nLi,Nobody\n"
    _, said, refused = chains(cases, contacts)

    assert "7 read = 3 cases + 4 refused" in said
    assert "6 read = 3 between cases + 1 with somebody who is no case + 2 refused" in said
    assert "cases.csv:5 Lin: 'someday' is no date" in refused
    assert "cases.csv:7 Sun stands in line 3 already" in refused
    assert "contacts.csv:5 Li is paired with itself" in refused


def test_a_pair_that_met_too_late_is_ruled_out(chains):
    contacts = "from,to,first\nLi,Zhao,2022-03-13\nSun,Zhao,2022-03-10\n"
    found, said, _ = chains(CASES, contacts)

    assert found["Li", "Zhao"] == 0
    assert "1 ruled out by date" in said


def test_minutes_weigh_and_rows_of_a_pair_add_up(chains):
    cases = "id,onset\na,0\nb,0\nc,5\n"
    contacts = "from,to,minutes\na,c,30\na,c,30\nb,c,60\n"
    found, _, _ = chains(cases, contacts)

    assert found["a", "c"] == pytest.approx(found["b", "c"])


def test_pairs_that_run_against_time_are_read_both_ways(chains):
    found, said, _ = chains(CASES, "from,to\nSun,Li\nZhao,Sun\n")

    assert "either of a pair" in said
    assert found["Li", "Sun"] > 0.7


def test_a_stranger_who_met_unexplained_cases_is_pointed_out(chains):
    _, said, _ = chains(CASES, "from,to\nQian,Li\nQian,Sun\nZhao,Qian\n")

    assert "look at Qian, no case yet: met 3 cases, 3.0 of them unexplained" in said


def test_a_missing_column_is_named_and_can_be_told(chains, tmp_path, capsys):
    (tmp_path / "cases.csv").write_text("id,krank\nLi,2022-03-01\n")
    words = ["trace", "chains", "--cases", str(tmp_path / "cases.csv"), *INTERVAL]

    assert cli.main(words) == 2
    assert "it has id, krank; say --column onset=NAME" in capsys.readouterr().err
    assert cli.main([*words, "--column", "onset=krank"]) == 0


def mers(shared, *words):
    folder = shared / "data/linelists"
    cases = ["--cases", str(folder / "mers_korea_2015.linelist.csv")]
    return ["trace", "chains", *cases, *words], folder / "mers_korea_2015.contacts.csv"


def test_mers_in_korea_names_its_three_largest_spreaders(shared, capsys):
    words, contacts = mers(shared, "--si-mean", "14.47", "--si-sd", "5.2")
    cli.main([*words, "--contacts", str(contacts)])
    said = capsys.readouterr().out

    assert "98 read = 98 between cases" in said
    assert "recorded pairs: 98, onsets apart mean 14.47, sd 5.20 days" in said
    assert "offspring mean 0.605, k 0.0204" in said
    assert "largest spreaders as recorded: SK_14 38, SK_1 26, SK_16 21" in said
    assert "largest spreaders by probability: SK_14 3" in said


def test_recorded_pairs_tell_the_serial_interval(shared, capsys):
    words, contacts = mers(shared)
    cli.main([*words, "--contacts", str(contacts)])

    assert "gamma fitted, mean 14.4" in capsys.readouterr().out


def test_dates_alone_are_allowed_but_need_an_interval(shared, capsys):
    words, _ = mers(shared)

    assert cli.main(words) == 2
    assert "say --si-mean and --si-sd" in capsys.readouterr().err
