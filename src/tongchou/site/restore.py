"""`tongchou restore FILE --data DIR`: an empty instance filled from a backup, and proved whole."""

import argparse
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection

from tongchou.records import audit
from tongchou.site.backup import folders
from tongchou.site.cli import Wrong
from tongchou.site.migrating import migrate


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a file written by `tongchou backup`")


def run(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(dir=settings.DATA) as name:
        folder = Path(name)
        try:
            with tarfile.open(options.file) as archive:
                archive.extractall(folder, filter="data")
            note = json.loads((folder / "backup.json").read_text("utf-8"))
        except (OSError, tarfile.TarError, ValueError) as error:
            raise Wrong(f"{options.file} is no backup of Tongchou: {error}") from error
        if note["engine"] != connection.vendor:
            raise Wrong(f"this backup is of {note['engine']}, the instance is {connection.vendor}")
        _need_empty(folder)
        _put_back(folder)
    migrate()
    verdict = audit.verify()
    if not verdict.whole or verdict.head != note["audit_head"]:
        print("The audit is not the one that was backed up: " + "; ".join(verdict.faults))
        return 1
    print(f"restored to the state of {note['taken_at']}; {verdict.n_events} audit events, whole")
    return 0


def _need_empty(folder: Path) -> None:
    if connection.introspection.table_names():
        raise Wrong(
            "this instance has records. Restore into an empty folder (--data DIR) or database, "
            "so that nothing is lost by mistake"
        )
    _no_visits_yet(folder)


def _no_visits_yet(folder: Path) -> None:
    visits = folders()["visits"]
    if (folder / "visits").exists() and visits.exists():
        raise Wrong(f"there are visits in {visits} already; two stores of them are never mixed")


def _put_folders_back(folder: Path) -> None:
    for name, place in folders().items():
        if (kept := folder / name).exists():
            shutil.copytree(kept, place, dirs_exist_ok=True)
            os.chmod(place, 0o700)


def _put_back(folder: Path) -> None:
    if (keys := folder / "keys.toml").exists():
        os.replace(keys, settings.DATA / "keys.toml")
        os.chmod(settings.DATA / "keys.toml", 0o600)
    _put_folders_back(folder)
    if connection.vendor == "sqlite":
        connection.close()
        os.replace(folder / "records.sqlite3", settings.SQLITE_FILE)
        return
    from tongchou.site import options

    program = shutil.which("pg_restore")
    if program is None:
        raise Wrong("pg_restore is not on the PATH; install PostgreSQL's client programs")
    into = str(options.get("database_url"))
    dump = str(folder / "records.dump")
    done = subprocess.run(
        [program, "--no-owner", "--exit-on-error", "-d", into, dump], capture_output=True, text=True
    )
    if done.returncode:
        raise Wrong(f"pg_restore failed: {done.stderr.strip()}")
