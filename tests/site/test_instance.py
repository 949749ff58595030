"""An instance on disk, driven from the command line as its keeper would."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LIST = "code,name\n42,湖北省\n4205,宜昌市\n420502,西陵区\n"


def tongchou(*words: str, data: Path, root: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, in a process of its own, on SQLite."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("TONGCHOU_", "DJANGO_"))}
    env["PYTHONPATH"] = str(root / "src")
    return subprocess.run(
        [sys.executable, "-m", "tongchou", *words, "--data", str(data)],
        capture_output=True,
        text=True,
        env=env,
        cwd=root,
    )


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A small instance with three areas, founded once: each test works on a copy."""
    folder = tmp_path_factory.mktemp("founded")
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    data = folder / "city"
    done = tongchou("import", "areas", str(folder / "list.csv"), data=data, root=root)
    assert done.stdout.splitlines()[-1] == "3 read = 3 stored + 0 refused", done.stderr
    return data


@pytest.fixture
def instance(founded: Path, tmp_path: Path) -> Path:
    """A small instance with three areas."""
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    return shutil.copytree(founded, tmp_path / "city with a space")


def test_the_audit_of_an_instance_is_whole(instance: Path, root: Path) -> None:
    done = tongchou("audit", "verify", data=instance, root=root)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "whole")


def test_a_tampered_audit_is_found(instance: Path, root: Path) -> None:
    import sqlite3

    tongchou("audit", "verify", "--seal", data=instance, root=root)
    with sqlite3.connect(instance / "tongchou.sqlite3") as database:
        database.execute("DROP TRIGGER records_auditevent_no_update")
        database.execute("UPDATE records_auditevent SET actor = 'nobody'")
    database.close()
    assert tongchou("audit", "verify", data=instance, root=root).returncode == 1


def test_a_backup_comes_back_whole(instance: Path, root: Path, tmp_path: Path) -> None:
    kept = tmp_path / "city.tar.gz"
    done = tongchou("backup", str(kept), "--with-keys", data=instance, root=root)
    assert done.returncode == 0, done.stderr
    back = tongchou("restore", str(kept), data=tmp_path / "back", root=root)
    assert back.returncode == 0, back.stderr
    again = tongchou(
        "import", "areas", str(tmp_path / "list.csv"), data=tmp_path / "back", root=root
    )
    assert "0 new, 0 changed" in again.stdout


def test_a_backup_is_not_written_over(instance: Path, root: Path, tmp_path: Path) -> None:
    (tmp_path / "there.tar.gz").write_text("mine")
    done = tongchou("backup", str(tmp_path / "there.tar.gz"), data=instance, root=root)
    assert done.returncode == 2
    assert (tmp_path / "there.tar.gz").read_text() == "mine"


def test_an_instance_with_records_is_not_restored_over(
    instance: Path, root: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "city.tar.gz"
    tongchou("backup", str(kept), data=instance, root=root)
    done = tongchou("restore", str(kept), data=instance, root=root)
    assert done.returncode == 2
    assert "has records" in done.stderr


def test_a_file_that_is_no_backup_is_told(root: Path, tmp_path: Path) -> None:
    (tmp_path / "x.tar.gz").write_text("no")
    done = tongchou("restore", str(tmp_path / "x.tar.gz"), data=tmp_path / "d", root=root)
    assert "is no backup" in done.stderr


def test_a_wrong_list_stops_with_what_is_looked_for(root: Path, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    done = tongchou("import", "areas", str(tmp_path / "x.csv"), data=tmp_path / "d", root=root)
    assert done.returncode == 2
    assert "no column for the code" in done.stderr


def test_one_round_of_the_worker_runs_every_job(instance: Path, root: Path) -> None:
    done = tongchou("worker", "--once", data=instance, root=root)
    assert done.returncode == 0, done.stderr
    assert "jobs ran" in done.stdout


def test_an_account_is_made_with_its_first_post(instance: Path, root: Path) -> None:
    done = tongchou(
        "user", "add", "li", "--role", "cdc", "--area", "宜昌市", data=instance, root=root
    )
    assert done.returncode == 2  # no password came in
    assert "password" in done.stderr.lower() or "密码" in done.stderr
