import csv

import pytest

from tongchou.site import cli


@pytest.mark.parametrize(("metres", "pairs"), [("2", 1086), ("4", 1262), ("10", 1855)])
def test_the_pairs_of_haslemere(shared, capsys, metres, pairs):
    file = shared / "data/haslemere_proximity/Kissler_DataS1.csv"

    assert cli.main(["trace", "proximity", str(file), "--metres", metres]) == 0
    assert capsys.readouterr().out == f"{pairs} pairs within {metres} m\n"


def test_columns_are_found_by_their_names(tmp_path, capsys):
    (tmp_path / "near.csv").write_text("距离,甲,乙\n3,小林,小赵\n9,小林,小孙\n")
    cli.main(["trace", "proximity", str(tmp_path / "near.csv"), "--metres", "4"])

    assert capsys.readouterr().out == "1 pairs within 4 m\n"


def test_each_pair_gets_a_row(tmp_path):
    (tmp_path / "near.csv").write_text("1,390,7,3\n2,7,390,1.5\n9,7,8,40\n")
    words = [str(tmp_path / "near.csv"), "--metres", "4", "--out", str(tmp_path / "out.csv")]
    cli.main(["trace", "proximity", *words])
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert rows == [
        {"a": "390", "b": "7", "times": "2", "nearest": "1.5", "first": "1", "last": "2"}
    ]


def test_rows_that_cannot_be_are_refused_with_their_line(tmp_path, capsys):
    (tmp_path / "near.csv").write_text("1,1,2,3\n1,1,1,3\n1,1,2,far\n1,1\n")
    cli.main(["trace", "proximity", str(tmp_path / "near.csv"), "--metres", "4"])
    said = capsys.readouterr().err

    assert "near.csv:2 names no two people" in said
    assert "near.csv:3 'far' is no distance" in said
    assert "4 read = 1 measured + 3 refused" in said


def test_a_file_of_something_else_says_what_it_has(tmp_path, capsys):
    (tmp_path / "near.csv").write_text("name,age\nLin,30\n")

    assert cli.main(["trace", "proximity", str(tmp_path / "near.csv"), "--metres", "4"]) == 2
    assert "it has name, age" in capsys.readouterr().err
