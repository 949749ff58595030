"""A fresh file laid out at once is the file that the migrations lead to."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BY_MIGRATIONS = (
    "from django.core.management import call_command; call_command('migrate', verbosity=0)"
)
AT_ONCE = "from tongchou.site.migrating import migrate; migrate()"
SET_UP = "import django; django.setup(); "


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, root: Path) -> list[Path]:
    """The database of each way."""
    return [
        made(tmp_path_factory.mktemp(name), way, root)
        for name, way in (("migrations", BY_MIGRATIONS), ("once", AT_ONCE))
    ]


def made(data: Path, way: str, root: Path) -> Path:
    environment = {
        "DJANGO_SETTINGS_MODULE": "tongchou.site.settings",
        "TONGCHOU_DATA": str(data),
        "PYTHONPATH": str(root / "src"),
    }
    subprocess.run([sys.executable, "-c", SET_UP + way], env=environment, check=True)
    return next(data.glob("*.sqlite3"))


def ask(file: Path, statement: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(file) as database:
        return database.execute(statement).fetchall()


def things(file: Path) -> set[tuple[str, str, str]]:
    """Tables by the set of their parts, for their order may differ; all else by its statement."""
    rows = ask(file, "SELECT type, name, coalesce(sql, '') FROM sqlite_master")
    return {
        (kind, name, repr(parts(sql)) if kind == "table" else sql)
        for kind, name, sql in rows
        if not name.startswith("sqlite_autoindex")
    }


def parts(sql: str) -> list[str]:
    """The columns and constraints of a CREATE TABLE, sorted."""
    inside = sql[sql.index("(") + 1 : sql.rindex(")")]
    depth, found = 0, [""]
    for letter in inside:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return sorted(re.sub(r"\s+", " ", part).strip() for part in found)


def test_both_ways_lead_to_the_same_tables_indexes_and_triggers(files: list[Path]) -> None:
    by_migrations, at_once = map(things, files)

    assert at_once == by_migrations


def test_both_ways_leave_the_same_rows(files: list[Path]) -> None:
    tables = [name for kind, name, _ in things(files[0]) if kind == "table"]
    for table in tables:
        if table != "sqlite_sequence":
            counts = [ask(file, f'SELECT count(*) FROM "{table}"') for file in files]
            assert counts[0] == counts[1], table


def test_both_ways_note_the_same_migrations(files: list[Path]) -> None:
    noted = [set(ask(file, "SELECT app, name FROM django_migrations")) for file in files]

    assert noted[0] == noted[1]
