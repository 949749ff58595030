import csv

import pytest

from tongchou.site import cli, detect

DAYS = "\n".join(f"2020-03-{day:02d},{4 + day % 2},{day % 3}" for day in range(1, 21))
COUNTS = f"date,clinic,school\n{DAYS}\n2020-03-21,19,\n"


@pytest.fixture
def judged(tmp_path, capsys):
    """Run the command on a text; its exit code, the rows it wrote, what it printed and refused."""

    def run(*words, text=COUNTS):
        (tmp_path / "counts.csv").write_text(text, encoding="utf-8")
        out = tmp_path / "out.csv"
        code = cli.main(["detect", str(tmp_path / "counts.csv"), "--out", str(out), *words])
        said = capsys.readouterr()
        rows = []
        if out.exists():
            with out.open(newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
        return code, rows, said.out, said.err

    return run


def test_each_series_and_time_gets_a_row(judged):
    code, rows, said, _ = judged("--method", "ears-c2")

    assert code == 0
    assert tuple(rows[0]) == detect.COLUMNS
    assert len(rows) == 2 * 21
    assert "41 counts + 1 not reported" in said


def test_a_leap_is_an_alarm_with_its_bound(judged):
    _, rows, said, _ = judged("--method", "ears-c2", "--last", "1")

    assert [(row["series"], row["time"], row["alarm"]) for row in rows] == [
        ("clinic", "2020-03-21", "1"),
        ("school", "2020-03-21", ""),
    ]
    assert float(rows[0]["bound"]) < 19
    assert rows[1]["observed"] == rows[1]["bound"] == ""
    assert "newest alarm: 2020-03-21, clinic" in said


def test_options_may_be_written_as_r_writes_them(judged):
    method, last = ("--method", "ears-c1"), ("--last", "1")
    _, ours, _, _ = judged(*method, *last, "--option", "min_sigma=3")
    _, theirs, _, _ = judged(*method, *last, "--option", "minSigma=3.0")

    assert ours == theirs


def test_a_sum_starts_with_the_time_it_is_told(judged):
    _, rows, _, _ = judged("--method", "cusum", "--from", "2020-03-11", "--series", "clinic")

    assert [row["time"] for row in rows][:2] == ["2020-03-11", "2020-03-12"]
    assert rows[-1]["alarm"] == "1"


def test_two_numbers_and_a_word_are_options_too(judged):
    words = ("limit54=0,4", "thresholdMethod=nbPlugin", "pastWeeksNotIncluded=NULL", "trend=F")
    options = [word for option in words for word in ("--option", option)]
    code, rows, said, _ = judged("--method", "farrington-flexible", *options)

    assert code == 0
    assert {row["alarm"] for row in rows} == {""}
    assert "42 it cannot tell" in said
    assert "too little history" in said


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("basline=7", "did you mean baseline?"),
        ("baseline", "write it as key=value"),
        ("baseline=seven", "'seven' is no whole number"),
        ("baseline=2", "three days at least"),
        ("r_compat=perhaps", "is no yes or no"),
    ],
)
def test_a_wrong_option_is_told_with_the_way_to_mend_it(judged, option, said):
    code, rows, _, error = judged("--method", "ears-c1", "--option", option)

    assert (code, rows) == (2, [])
    assert said in error


def test_help_lists_every_method_with_its_options(capsys):
    with pytest.raises(SystemExit):
        cli.main(["detect", "--help"])
    said = capsys.readouterr().out

    assert all(f"  {name}" in said for name in detect.METHODS)
    assert "min_sigma=0.0  (number)" in said
