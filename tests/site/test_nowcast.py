import csv
from datetime import date, timedelta

import numpy as np
import pytest

from tongchou.site import cli


@pytest.fixture
def nowcast(tmp_path, capsys):
    """Run the command on a text; its exit code, the rows it wrote, what it printed and refused."""

    def run(text, *words):
        (tmp_path / "cases.csv").write_text(text, encoding="utf-8")
        out = tmp_path / "out.csv"
        code = cli.main(["nowcast", str(tmp_path / "cases.csv"), "--out", str(out), *words])
        said = capsys.readouterr()
        text = out.read_text(encoding="utf-8") if out.exists() else ""
        rows = list(csv.DictReader(text.splitlines()))
        return code, rows, said.out, said.err

    return run


def cases():
    rng = np.random.default_rng(1)
    event = np.repeat(np.arange(40), 12)
    first = date(2022, 3, 1)
    pairs = zip(event.tolist(), (event + rng.binomial(8, 0.4, event.size)).tolist(), strict=True)
    rows = [f"{first + timedelta(a)},{first + timedelta(b)}" for a, b in pairs]
    return "onset,reported\n" + "\n".join(rows) + "\n2022-03-04,\n"


def test_every_row_is_accounted_for(nowcast):
    code, _, said, _ = nowcast(cases(), "--today", "2022-03-30", "--max-delay", "8")

    assert code == 0
    numbers = [int(word) for word in said.splitlines()[0].split() if word.isdigit()]
    total, known, later, late, _, blank = numbers
    assert total == 481 == known + later + late + blank


def test_the_newest_days_are_completed_or_refused(nowcast):
    _, rows, _, _ = nowcast(cases(), "--today", "2022-03-30", "--max-delay", "8")

    assert [row["time"] for row in rows] == [f"2022-03-{day}" for day in range(23, 31)]
    assert rows[-1]["reason"] == "early"
    assert rows[-1]["q0.5"] == ""
    told = [row for row in rows if not row["reason"]]
    assert all(float(row["q0.5"]) >= float(row["reported"]) for row in told)
    assert all(float(row["q0.025"]) <= 12 <= float(row["q0.975"]) for row in told)


def test_the_outbreak_of_2011_is_completed_as_r_does(nowcast, shared):
    text = (shared / "reference/r/in_nowcast_hus.csv").read_text(encoding="utf-8")
    words = ("--today", "2011-06-10", "--method", "lawless", "--largest", "1000")
    _, rows, _, _ = nowcast(text, *words)

    with (shared / "reference/r/out_nowcast_hus_lawless_2011-06-10.csv").open() as file:
        theirs = {row["date"]: row for row in csv.DictReader(file)}
    ours = {row["time"]: row for row in rows}
    assert all(float(ours[day]["q0.5"]) == float(row["est"]) for day, row in theirs.items())


def test_a_report_before_its_event_is_refused_with_its_line(nowcast):
    code, rows, _, error = nowcast("onset,reported\n2022-03-01,2022-03-02\n2022-03-05,2022-03-04\n")

    assert code != 0
    assert not rows
    assert "line 3: reported on 2022-03-04, before it happened" in error


def test_a_column_that_is_not_there_is_refused(nowcast):
    assert "there is no column 'sick'" in nowcast(cases(), "--event", "sick")[3]
