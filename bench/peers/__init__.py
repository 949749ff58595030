"""The models that we are held against, each in an environment of its own.

They want other releases of NumPy and Numba than we do, so their Python runs their script and hands
files back. `python -m bench.peers make` makes the environments; README.md tells the rest.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
NAMES = ("covasim", "starsim")


def folder() -> Path:
    """Where the environments are: `$TONGCHOU_PEERS`, or in the user's cache."""
    if told := os.environ.get("TONGCHOU_PEERS"):
        return Path(told)
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "tongchou" / "peers"


def python_of(name: str) -> Path | None:
    """The peer's Python, or None (and a line that says how to get it)."""
    there = folder() / name / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if there.exists():
        return there
    print(
        f"{name} is not installed in {folder()}: our time alone is measured. "
        f"To measure both, run: python -m bench.peers make {name}",
        file=sys.stderr,
    )
    return None


def run(name: str, script: str, *words: object) -> str:
    """What the peer's script printed last; raises `CalledProcessError` where it fails."""
    python = python_of(name)
    assert python is not None, f"ask python_of({name!r}) first"
    command = [python, HERE / script, *words]
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(
        [str(word) for word in command], env=env, stdout=subprocess.PIPE, check=True, text=True
    )
    return done.stdout.splitlines()[-1]


def make(name: str) -> Path:
    """A fresh environment with the releases of `name`.txt (some hundred MB, from the index)."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise SystemExit("Numba 0.61, which the peers need, knows Python 3.11 to 3.13: use one.")
    place = folder() / name
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = str(HERE / f"{name}.txt")
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "-r", wanted], check=True)
    return python
