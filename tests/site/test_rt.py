import csv

import pytest

from tongchou.site import cli

DAYS = "\n".join(f"2020-03-{day:02d},{4 + day},{day % 2}" for day in range(1, 21))
CASES = f"date,north,south\n{DAYS}\n"
INTERVAL = ("--si-mean", "2.6", "--si-sd", "1.5")


@pytest.fixture
def rt(tmp_path, capsys):
    """Run the command on texts; its exit code, the rows it wrote, what it printed and refused."""

    def run(*words, text=CASES, **files):
        (tmp_path / "cases.csv").write_text(text, encoding="utf-8")
        for name, content in files.items():
            (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        out = tmp_path / "out.csv"
        given = (str(tmp_path / "cases.csv"), "--out", str(out))
        words = tuple(word.replace("DIR/", f"{tmp_path}/") for word in words)
        code = cli.main(["rt", *given, *words])
        said = capsys.readouterr()
        rows = []
        if out.exists():
            with out.open(newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
        return code, rows, said.out, said.err

    return run


def test_each_series_and_window_gets_a_row(rt):
    code, rows, said, _ = rt(*INTERVAL, "--window", "7")

    assert code == 0
    assert list(rows[0]) == [
        *("series", "start", "end", "mean", "sd", "q0.025", "q0.05", "q0.25", "q0.5", "q0.75"),
        *("q0.95", "q0.975", "reason"),
    ]
    assert [row["series"] for row in rows] == ["north"] * 13 + ["south"] * 13
    assert (rows[0]["start"], rows[0]["end"]) == ("2020-03-02", "2020-03-08")
    assert "26 windows = 13 speak + 13 few_cases" in said


def test_numbers_are_epiestims(rt, shared):
    text = (shared / "reference/r/in_epi_Flu2009.csv").read_text()
    _, rows, _, _ = rt(*INTERVAL, text=text)
    with (shared / "reference/r/out_epi_Flu2009_param.csv").open() as file:
        said = [[float(value) for value in row] for row in list(csv.reader(file))[1:]]

    ours = [[float(value) for value in list(row.values())[1:-1]] for row in rows]
    assert len(ours) == len(said)
    for mine, theirs in zip(ours, said, strict=True):
        assert mine == pytest.approx(theirs, rel=1e-9)


def test_thin_windows_can_be_left_out(rt):
    _, rows, said, _ = rt(*INTERVAL, "--thin", "leave-out", "--last")

    assert [row["reason"] for row in rows] == ["", "few_cases"]
    assert rows[0]["mean"] and not rows[1]["mean"] and not rows[1]["q0.5"]
    assert "south, 2020-03-14 to 2020-03-20: too few cases" in said


def test_imported_cases_lower_r(rt):
    words = (*INTERVAL, "--series", "north", "--last")
    _, (plain,), _, _ = rt(*words)
    imported = "date,north\n2020-03-18,10\n2020-03-20,10\n"
    _, (less,), _, _ = rt(*words, "--imported", "DIR/imported.csv", imported=imported)

    assert float(less["mean"]) < float(plain["mean"])


def test_columns_local_and_imported_are_one_series(rt):
    text = "day,local,imported\n" + "".join(f"{day},{9 + day},2\n" for day in range(20))
    _, rows, _, _ = rt(*INTERVAL, "--last", text=text)

    assert [row["series"] for row in rows] == ["local + imported"]


def test_more_imported_than_there_were_is_refused(rt):
    code, _, _, said = rt(
        *INTERVAL, "--imported", "DIR/imported.csv", imported="date,north\n2020-03-18,99\n"
    )

    assert code == 2
    assert "99 imported cases of 'north' on 2020-03-18, of 22 in all" in said


def test_an_interval_may_be_a_table(rt):
    _, plain, _, _ = rt("--si-table", "DIR/si.csv", si="k,w\n0,0\n1,0.4\n2,0.6\n")
    _, shorter, _, _ = rt("--si-table", "DIR/si.csv", si="k,w\n1,0.4\n2,0.6\n")

    assert plain == shorter and plain[0]["mean"]


def test_wallinga_and_teunis_leave_out_the_last_day(rt):
    _, rows, _, _ = rt(*INTERVAL, "--method", "wallinga-teunis", "--series", "north")

    assert rows[-1]["end"] == "2020-03-19"


def test_growth_has_a_doubling_time(rt):
    text = "t,I\n" + "".join(f"{day},{round(100 * 2 ** (day / 7))}\n" for day in range(28))
    _, rows, _, _ = rt("--method", "growth", text=text)

    assert float(rows[-1]["doubling_days"]) == pytest.approx(7, abs=0.1)


def test_an_uncertain_interval_is_the_same_for_the_same_seed(rt):
    words = (*INTERVAL, "--si-mean-range", "1", "1", "4.2", "--si-sd-range", "0.5", "0.5", "2.5")
    few = ("--draws", "20", "--last")
    _, one, _, _ = rt(*words, *few)
    _, two, _, _ = rt(*words, *few)
    _, other, _, _ = rt(*words, *few, "--seed", "2")

    assert one == two != other


@pytest.mark.parametrize(
    ("words", "text", "said"),
    [
        ((), CASES, "--si-mean"),
        (("--si-mean", "0.8", "--si-sd", "1"), CASES, "a day or longer"),
        ((*INTERVAL, "--window", "90"), CASES, "too few for a single window"),
        (INTERVAL, "week,I\n2020-03-01,3\n2020-03-08,4\n2020-03-15,4\n", "7 days apart"),
    ],
)
def test_what_cannot_be_is_refused_with_the_remedy(rt, words, text, said):
    code, _, _, error = rt(*words, text=text)

    assert code == 2 and said in error
