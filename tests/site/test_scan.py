import csv

import pytest

from tongchou.site import cli

AREAS = "code,lon,lat,pop\nA,114.00,30.00,1000\nB,114.01,30.00,1000\nC,114.30,30.20,1000\n"


def listed(extra=""):
    """Every area has a case every other day; A and B have three more on the last two days."""
    rows = [f"{area},2022-03-{day:02},1" for area in "ABC" for day in range(1, 21, 2)]
    rows += [f"{area},2022-03-{day},3" for area in "AB" for day in (19, 20)]
    return "area,date,count\n" + "\n".join(rows) + "\n" + extra


@pytest.fixture
def scan(tmp_path, capsys):
    """Run the command on two texts: its code, its rows, what it printed and refused."""

    def run(*words, areas=AREAS, cases=None):
        (tmp_path / "areas.csv").write_text(areas, encoding="utf-8")
        (tmp_path / "cases.csv").write_text(cases or listed(), encoding="utf-8")
        out = tmp_path / "out.csv"
        files = ["--areas", tmp_path / "areas.csv", "--cases", tmp_path / "cases.csv"]
        code = cli.main(["scan", *map(str, files), "--out", str(out), *words])
        said = capsys.readouterr()
        rows = []
        if out.exists():
            with out.open(newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
        return code, rows, said.out, said.err

    return run


def test_the_cluster_is_written_with_its_areas_days_and_chance(scan):
    code, rows, said, _ = scan("--zone", "0.8", "--days", "5")

    assert code == 0
    assert rows[0]["areas"] == "A;B"
    assert (rows[0]["first_day"], rows[0]["last_day"], rows[0]["days"]) == (
        "2022-03-19", "2022-03-20", "2",
    )  # fmt: skip
    assert rows[0]["observed"] == "14"
    assert 0.001 <= float(rows[0]["p"]) < 1
    assert "34 read = 34 used + 0 not reported" in said
    assert "14 cases in 2 areas around A" in said


def test_people_are_asked_for_by_the_poisson_model(scan):
    assert scan("--model", "poisson", "--zone", "0.8", "--days", "5")[0] == 0

    code, _, _, said = scan("--model", "poisson", areas=AREAS.replace("pop", "note"))
    assert code == 2
    assert "--population COLUMN" in said


def test_the_column_of_people_can_be_named(scan):
    areas = AREAS.replace("pop", "persons 2020")
    words = ("--model", "poisson", "--population", "persons 2020", "--zone", "0.8")
    assert scan(*words, areas=areas)[0] == 0


def test_the_same_seed_gives_the_same_file(scan):
    words = ("--zone", "0.8", "--seed", "4", "--replicates", "99")
    assert scan(*words)[1] == scan(*words, "--threads", "1")[1]


def test_rows_that_cannot_be_used_are_told_with_line_and_reason(scan):
    extra = "Z,2022-03-20,1\nA,20 or so,1\nA,2022-03-20,1.5\n"
    _, _, said, err = scan("--zone", "0.8", cases=listed(extra))

    assert "37 read = 34 used + 0 not reported + 0 outside of the study + 3 refused" in said
    assert "cases.csv:36 Z: not in the list of areas" in err
    assert "cases.csv:38 A: count: '1.5' is no count of cases" in err


def test_an_empty_count_is_a_day_not_reported(scan):
    _, _, said, err = scan("--zone", "0.8", cases=listed("C,2022-03-20,\nA,2022-03-20,NA\n"))

    assert "2 not reported" in said
    assert "2 area-days not reported and left out" in said
    assert "A on 2022-03-20: cases and no report; left out" in err


def test_rows_outside_of_the_study_are_counted(scan):
    _, _, said, _ = scan("--zone", "0.8", "--until", "2022-03-19", "--period", "15")

    assert "study: 2022-03-05 to 2022-03-19, 30 cases" in said
    assert "8 outside of the study" in said


def test_an_area_named_twice_or_without_place_is_refused(scan):
    areas = AREAS + "A,114.5,30,5\nD,,30,5\n"
    _, _, said, err = scan("--zone", "0.8", areas=areas)

    assert "5 read = 3 areas + 2 refused" in said
    assert "areas.csv:5 A stands in line 2 already" in err
    assert "areas.csv:6 D: lon: '' is no number" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--days", "30"), "does not fit a study of 20"),
        (("--zone", "2"), "share lies between 0 and 1"),
        (("--until", "soon"), "--until"),
        (("--period", "0"), "at least one day"),
        (("--column", "area"), "write it as area=NAME"),
    ],
)
def test_what_makes_no_sense_is_said(scan, words, said):
    code, _, _, err = scan(*words)
    assert code == 2
    assert said in err
