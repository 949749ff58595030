import os
import subprocess
import sys
import time

import numpy as np
import pytest

from tongchou.kit import compiled
from tongchou.kit.compiled import kernel, u32_at, u64_at


@kernel
def total(numbers):
    found = 0
    for number in numbers:
        found += number
    return found


@kernel
def share(part, whole):
    return part / whole


@kernel
def behind(address, bytes_each, count):
    found = 0
    for i in range(count):
        found += u32_at(address, i) if bytes_each == 4 else u64_at(address, i)
    return found


def test_a_kernel_gives_what_its_python_would():
    numbers = np.arange(100)
    assert total(numbers) == sum(range(100)) == total.py_func(numbers)


def test_dividing_by_zero_gives_what_numpy_gives():
    assert share(1.0, 0.0) == np.inf


@pytest.mark.parametrize("kind", [np.uint32, np.uint64])
def test_a_kernel_reads_arrays_by_their_address(kind):
    numbers = np.array([1, 2, 2**31 + 5], kind)
    assert behind(numbers.ctypes.data, numbers.itemsize, 3) == 2**31 + 8


def test_examples_are_called_to_warm_up(monkeypatch):
    called = []
    monkeypatch.setattr(compiled, "_examples", [])
    compiled.example(lambda: called.append("here"))
    assert compiled.warm_up() >= 0
    assert called == ["here"]


def test_no_more_threads_than_this_process_may_use():
    assert compiled.workers(10_000) == compiled.workers()
    assert compiled.workers(0) == 1


_MODULE = """
import numpy as np
from tongchou.kit.compiled import kernel

@kernel
def twice(numbers):
    return numbers * 2
"""
_CALL = """
import sys
sys.path[:0] = [{folder!r}, {source!r}]
import numpy as np, slow_once
slow_once.twice(np.arange(3))
print(sum(slow_once.twice.stats.cache_hits.values()))
"""


def test_a_second_process_finds_the_kernel_compiled(tmp_path, root):
    (tmp_path / "slow_once.py").write_text(_MODULE)
    runs = [
        subprocess.run(
            [sys.executable, "-c", _CALL.format(folder=str(tmp_path), source=str(root / "src"))],
            capture_output=True, text=True, check=True,
        ).stdout.strip()
        for _ in range(2)
    ]  # fmt: skip
    assert runs == ["0", "1"]


def test_a_kernel_compiles_where_nothing_can_be_written(monkeypatch):
    def without_folder(*args, **options):
        if options.get("cache"):
            raise RuntimeError("cannot cache function: no locator available")
        return lambda function: function

    monkeypatch.setattr(compiled.numba, "njit", without_folder)
    assert kernel(time.sleep) is time.sleep


CALLED = """
from tongchou.kit.compiled import kernel

@kernel
def step(n):
    return n + 1
"""
CALLS = """
from constants import TIMES
from called import step
from tongchou.kit.compiled import kernel

@kernel
def climb(n):
    for _ in range(TIMES):
        n = step(n)
    return n

print(climb(0), sum(climb.stats.cache_hits.values()))
"""


def said(folder):
    """What the program prints: its result, and how many kernels it read from the disk."""
    return subprocess.run(
        [sys.executable, "calls.py"], cwd=folder, capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    ).stdout.split()  # fmt: skip


def written(folder, step, times):
    (folder / "constants.py").write_text(f"TIMES = {times}")
    (folder / "called.py").write_text(CALLED.replace("n + 1", step))
    (folder / "calls.py").write_text(CALLS)
    os.utime(folder / "calls.py", (0, 0))  # unchanged, as far as anybody can tell


def test_machine_code_is_old_once_a_kernel_or_a_constant_elsewhere_has_changed(tmp_path):
    for step, times, result in (("n + 1", 3, "3"), ("n + 2", 3, "6"), ("n + 2", 5, "10")):
        written(tmp_path, step, times)
        assert said(tmp_path) == [result, "0"]


def test_machine_code_is_read_again_where_nothing_has_changed(tmp_path):
    written(tmp_path, "n + 1", 3)
    assert [said(tmp_path) for _ in range(2)] == [["3", "0"], ["3", "1"]]
