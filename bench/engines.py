"""Runs `measure(engine, scale)` of a benchmark once on SQLite and once on PostgreSQL.

Each engine gets a process, a folder and a freshly migrated database of its own, so that one
measurement never warms or burdens the other.
"""

import contextlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import Row

ROOT = Path(__file__).resolve().parents[1]
ENGINES = ("sqlite", "postgresql")


def on_each(module: str, scale: float, engines: tuple[str, ...] = ENGINES) -> list[Row]:
    """The rows of `measure` on every engine; `module` is the benchmark's `__name__`."""
    rows: list[Row] = []
    for engine in engines:
        with database(engine) as env:
            done = subprocess.run(
                [sys.executable, "-m", "bench.engines", module, engine, str(scale)],
                cwd=ROOT,
                env=env,
                stdout=subprocess.PIPE,
                check=True,
                text=True,
            )
        rows += [Row(**row) for row in json.loads(done.stdout.splitlines()[-1])]
    return rows


@contextlib.contextmanager
def database(engine: str) -> Iterator[dict[str, str]]:
    """The environment of a fresh instance on `engine`; gone afterwards."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    env = {k: v for k, v in os.environ.items() if not k.startswith("TONGCHOU_")}
    env |= {"PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "tongchou.site.settings"}
    with tempfile.TemporaryDirectory(prefix="tc-bench-") as folder:
        env["TONGCHOU_DATA"] = folder
        if engine == "sqlite":
            yield env
            return
        from tests.postgres import server

        with server("autovacuum=off", "max_wal_size=8GB", "work_mem=64MB") as address:
            yield env | {"TONGCHOU_DATABASE_URL": address}


def main(module: str, engine: str, scale: str) -> None:
    """In the child: set the instance up, measure, print the rows as one line of JSON."""
    import django

    django.setup()
    from tongchou.site.migrating import migrate

    migrate()
    rows: list[Any] = importlib.import_module(module).measure(engine, float(scale))
    print(json.dumps([vars(row) for row in rows]))


if __name__ == "__main__":
    main(*sys.argv[1:])
