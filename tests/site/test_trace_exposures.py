import csv

import pytest

from tongchou.site import cli

DAY = "2022-01-04"


@pytest.fixture
def trace(tmp_path, capsys):
    """Three cases in a busy market and in a small hall; the rows and what was said."""
    visits = ["person,place,kind,start,end"]
    visits += [f"P{i},market,shop,{DAY}T10:00,{DAY}T10:30" for i in range(100)]
    visits += [f"P{i},hall,leisure,{DAY}T15:00,{DAY}T16:00" for i in range(5)]
    visits += [f"P{i},home,home,{DAY}T20:00,{DAY}T22:00" for i in range(3)]
    visits += [f"P{i},far,shop,{DAY}T20:00,{DAY}T22:00" for i in range(500, 800)]
    (tmp_path / "visits.csv").write_text("\n".join(visits) + "\n")
    cases = ["person,from,to"] + [f"P{i},2022-01-03,2022-01-05" for i in range(3)]
    (tmp_path / "cases.csv").write_text("\n".join(cases) + "\n")

    def run(*words):
        files = ["--visits", str(tmp_path / "visits.csv"), "--cases", str(tmp_path / "cases.csv")]
        out = tmp_path / "out.csv"
        code = cli.main(["trace", "exposures", *files, "--out", str(out), *words])
        said = capsys.readouterr().err
        return (rows(out) if not code else []), said

    return run


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_most_surprising_site_comes_first_and_homes_are_left_out(trace):
    found, _ = trace()
    assert [(row["place"], row["day"]) for row in found] == [
        ("hall", ""), ("hall", DAY), ("market", ""), ("market", DAY),
    ]  # fmt: skip
    assert found[1] | {"p_value": "", "adjusted_p_value": ""} == {
        "place": "hall", "kind": "leisure", "day": DAY, "n_cases": "3", "n_visitors": "5",
        "p_value": "", "adjusted_p_value": "",
    }  # fmt: skip


def test_the_p_value_is_that_of_drawing_the_cases_from_everybody(trace):
    found, _ = trace()
    by_hand = (5 * 4 * 3) / (400 * 399 * 398)  # 3 of 3 among 5 visitors of 400 people
    assert float(found[0]["p_value"]) == pytest.approx(by_hand, rel=1e-5)
    assert float(found[0]["adjusted_p_value"]) >= by_hand


def test_homes_count_when_they_are_named(trace):
    found, _ = trace("--kinds", "home")
    assert {row["place"] for row in found} == {"home"}


def test_the_visitors_of_the_first_sites_are_listed(trace, tmp_path):
    trace("--visitors", str(tmp_path / "who.csv"), "--top", "1")
    found = rows(tmp_path / "who.csv")
    assert [row["person"] for row in found] == ["P0", "P1", "P2", "P3", "P4"]
    assert found[0]["first"] == f"{DAY}T15:00"


def test_an_unknown_kind_is_refused_with_those_there_are(trace):
    _, said = trace("--kinds", "volcano")
    assert "there is no kind of place 'volcano'; there are: home" in said
