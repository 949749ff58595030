import csv

import pytest

from tongchou.site import cli


@pytest.fixture
def forecast(tmp_path, capsys):
    """Run the command on a text; its exit code, the rows it wrote, what it printed and refused."""

    def run(text, *words):
        (tmp_path / "counts.csv").write_text(text, encoding="utf-8")
        out = tmp_path / "out.csv"
        code = cli.main(["forecast", str(tmp_path / "counts.csv"), "--out", str(out), *words])
        said = capsys.readouterr()
        text = out.read_text(encoding="utf-8") if out.exists() else ""
        rows = list(csv.DictReader(text.splitlines()))
        return code, rows, said.out, said.err

    return run


DAYS = "date,a,b\n" + "\n".join(
    f"2020-{1 + i // 28:02d}-{1 + i % 28:02d},{20 + i % 7}," for i in range(28)
)


def test_two_weeks_follow_the_last_day(forecast):
    code, rows, said, _ = forecast(DAYS)

    mine = [row for row in rows if row["series"] == "a"]
    assert code == 0
    assert (mine[0]["time"], mine[-1]["time"], len(mine)) == ("2020-01-29", "2020-02-11", 14)
    assert float(mine[0]["q0.025"]) < 23 < float(mine[0]["q0.975"])
    assert "2 series = 1 forecast 14 days ahead + 1 too thin + 0 whose" in said


def test_a_series_without_counts_gets_a_reason_and_no_number(forecast):
    _, rows, _, _ = forecast(DAYS)

    assert {(row["mean"], row["reason"]) for row in rows if row["series"] == "b"} == {("", "thin")}


def test_weeks_go_two_ahead(forecast):
    text = "week,a\n" + "\n".join(f"2020-W{i:02d},{30 + i}" for i in range(1, 31))
    _, rows, said, _ = forecast(text)

    assert [row["time"] for row in rows] == ["2020-07-27", "2020-08-03"]
    assert "2 weeks ahead" in said


def test_nonsense_is_refused(forecast):
    assert "rise" in forecast(DAYS, "--quantiles", "0.9", "0.1")[3]
    assert "at least 1" in forecast(DAYS, "--ahead", "0")[3]
