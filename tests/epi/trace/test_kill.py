"""A writer is killed for real (SIGKILL) at one step after the other; see `killing`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.epi.trace.killing import BATCHES
from tests.epi.trace.lists import one_sort

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
ACTS = ["morning", "night", "sealed", "late", "sealed again", "last", "destroyed"]
#: Every sixth of some 140 steps, before and after them in turn; all of them with 1.
STRIDE = int(os.environ.get("KILL_STRIDE", "6"))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, root: Path) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("killing")
    told = subprocess.run(
        [sys.executable, "-m", "tests.epi.trace.killing", str(folder), "1", str(STRIDE)],
        cwd=root,
        env=os.environ | {"PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return [json.loads(line) for line in told.stdout.splitlines()]


def held_after(acts: list[str]) -> dict[str, int]:
    stays = [stay for act in acts if act in BATCHES for stay in BATCHES[act]]
    first = 1 if "destroyed" in acts else 0
    return {json.dumps(list(row)): n for row, n in one_sort(stays).items() if row[0] >= first}


def test_the_writer_was_killed_in_the_midst_of_most_acts(runs):
    found = {len(run["told"]) for run in runs[1:]}

    # to add a batch is a single step to the disk: the stride may well pass over one
    assert {0, 2, 4, 6, 7} <= found


def test_what_was_acknowledged_is_there_and_nothing_by_half(runs):
    for run in runs[1:]:
        n = len(run["told"])
        assert run["told"] == ACTS[:n]
        # the act that was under way may have come to count, but only as a whole
        assert run["seen"]["records"] in (held_after(ACTS[:n]), held_after(ACTS[: n + 1]))


def test_the_next_writer_repairs_by_itself(runs):
    for run in runs[1:]:
        assert run["faults"] == run["left"] == []
        assert run["recovered"]["records"] == run["seen"]["records"]


def test_everything_sent_again_leads_to_the_same_store(runs):
    for run in runs[1:]:
        assert run["again"] == runs[0]["whole"], run["step"]
