"""Many runs at once, the same whatever does them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import joblib
import pytest

from tests.epi.plan.coins import Coins
from tongchou.epi.plan.ensemble import Cancelled, Job, ensemble, run_all
from tongchou.epi.plan.journal import Journal

SEEDS = range(1, 13)
ROOT = Path(__file__).parents[3]


def jobs(n=12, **options):
    return [Job(Coins(**options), seed, ("infections", "cost.total")) for seed in range(n)]


def test_an_ensemble_has_a_run_for_each_seed():
    found = ensemble(Coins(), SEEDS)

    assert found.seeds == tuple(SEEDS)
    assert len(set(found.values("infections"))) > 5


def test_two_workers_find_what_one_finds():
    assert run_all(jobs(), workers=2) == run_all(jobs())


def test_equal_jobs_are_done_once():
    told = []
    twice = [*jobs(3), *jobs(3)]
    found = run_all(twice, progress=lambda done, total: told.append((done, total)))

    assert found[:3] == found[3:]
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_curves_are_kept_where_asked():
    found = ensemble(Coins(), SEEDS, curves=["infections"])

    assert [curve[0] for curve in found.curves("infections")] == found.values("infections")
    assert found.fan("infections", [0.0, 1.0]) == [
        [min(found.values("infections"))],
        [max(found.values("infections"))],
    ]


@pytest.mark.parametrize("workers", [1, 2])
def test_who_cancels_waits_for_no_more_runs(tmp_path, workers):
    with Journal(tmp_path / "runs") as journal, pytest.raises(Cancelled, match="of 12 runs"):
        run_all(
            jobs(seconds=0.01),
            workers=workers,
            journal=journal,
            cancelled=lambda: len(journal.runs) >= 3,
        )
    assert 3 <= len(journal.runs) < 12


def test_what_is_in_the_journal_is_not_run_again(tmp_path):
    with Journal(tmp_path / "runs") as journal:
        first = run_all(jobs(4), journal=journal)
        told = []
        again = run_all(jobs(6), journal=journal, progress=lambda done, _: told.append(done))

    assert again[:4] == first
    assert told == [4, 5, 6]


KILLED = """
from pathlib import Path
from tests.epi.plan.test_ensemble import jobs
from tongchou.epi.plan.ensemble import run_all
from tongchou.epi.plan.journal import Journal
with Journal(Path({path!r})) as journal:
    run_all(jobs(40, seconds=0.05), journal=journal)
"""


def test_after_a_kill_the_rest_gives_what_an_undisturbed_search_gives(tmp_path):
    path = tmp_path / "runs"
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED.format(path=str(path))], env=environment
    )
    while not path.exists() or path.read_bytes().count(b"\n") < 4:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()

    with Journal(path) as journal:
        kept = len(journal.runs)
        found = run_all(jobs(40, seconds=0.05), workers=2, journal=journal)
    assert 3 <= kept < 40
    assert [run.values for run in found] == [run.values for run in run_all(jobs(40))]


def test_the_same_call_runs_on_a_dask_cluster():
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=False,
            protocol="tcp",
            host="127.0.0.1",
            dashboard_address=None,
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config("dask"),
    ):
        found = run_all(jobs())
    assert found == run_all(jobs())
