"""Kills a writer for real, at every step to the disk, and looks at what the next one finds.

Run as a script by `test_kill`: a process of its own, that forks one child per step and ends it with
SIGKILL in that step. Prints one line of JSON per step.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tests.epi.trace.lists import Stay, read_of, records_of
from tongchou.epi.trace.proving import verify
from tongchou.epi.trace.store import Store
from tongchou.epi.trace.writing import writing

BATCHES: dict[str, list[Stay]] = {
    "morning": [("P1", "home", 480, 60), ("P2", "home", 500, 1200), ("P3", "shop", 700, 30)],
    "night": [("P1", "home", 1380, 120), ("P3", "home", 1440, 60), ("P4", "shop", 4400, 20)],
    "late": [("P1", "shop", 600, 45), ("P5", "shop", 1500, 45), ("P2", "home", 520, 10)],
    "last": [("P6", "home", 2900, 30)],
}


def work(folder: Path, acknowledged: Callable[[str], object]) -> None:
    """What a writer does in the life of a store; each act is told once it has returned."""
    with writing(folder, who="the test") as store:
        for batch in ("morning", "night"):
            store.ingest(batch, read_of(BATCHES[batch]), new_places=True)
            acknowledged(batch)
        store.seal(date(2022, 1, 1))
        acknowledged("sealed")
        store.ingest("late", read_of(BATCHES["late"]), new_places=True)
        acknowledged("late")
        store.seal_before(date(2022, 1, 3))
        acknowledged("sealed again")
        store.ingest("last", read_of(BATCHES["last"]), new_places=True)
        acknowledged("last")
        store.destroy_before(date(2022, 1, 2))
        acknowledged("destroyed")


def kill_at(step: int) -> Callable[[], None]:
    """Makes the process die in its `step`-th fsync, rename or unlink: before it, or just after."""
    taken = 0

    def wrap(act: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            nonlocal taken
            taken += 1
            if taken == step:
                if step % 2:
                    act(*args, **kwargs)
                os.kill(os.getpid(), signal.SIGKILL)
            return act(*args, **kwargs)

        return counted

    def install() -> None:
        for name in ("fsync", "rename", "unlink"):
            setattr(os, name, wrap(getattr(os, name)))

    return install


def in_child(act: Callable[[], None]) -> bool:
    """Whether a child that does this lives to its end."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException as error:
            print(f"child: {error!r}", file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return False
    assert os.WEXITSTATUS(status) == 0
    return True


def state_of(folder: Path) -> dict[str, Any]:
    """All that a reader sees, by keys rather than numbers."""
    if not (folder / "journal").is_dir():
        return {"days": [], "records": {}}
    store = Store(folder)
    records = records_of(store.city(), store.people.keys, store.place_keys.keys)
    return {
        "days": [[state.on.isoformat(), state.n_in] for state in store.states()],
        "records": {json.dumps(row): n for row, n in sorted(records.items())},
    }


def main(root: Path, first: int, stride: int) -> None:
    work(root / "whole", lambda act: None)  # compiles what must be, and is what to compare with
    print(json.dumps({"whole": state_of(root / "whole")}), flush=True)
    step = first
    while True:
        folder, told = root / f"step-{step}", root / f"told-{step}"

        def act(step: int = step, folder: Path = folder, told: Path = told) -> None:
            kill_at(step)()
            with told.open("a") as file:
                work(folder, lambda act: print(act, file=file, flush=True))

        ended = in_child(act)
        seen = state_of(folder)  # by a reader, before anybody has recovered anything
        with writing(folder, who="the next one"):
            pass
        found: dict[str, Any] = {
            "step": step,
            "told": told.read_text().split("\n")[:-1],
            "seen": seen,
            "recovered": state_of(folder),
            "faults": verify(folder).faults,
            "left": [p.name for p in folder.rglob(".unfinished*")],
        }
        work(folder, lambda act: None)  # sent again from the start
        found["again"] = state_of(folder)
        print(json.dumps(found), flush=True)
        shutil.rmtree(folder)
        if ended:
            return
        step += stride


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
