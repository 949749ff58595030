"""`tongchou backup FILE`: the records of an instance in one file, taken while it runs.

The keys are left out unless asked for: a backup that holds both can be read by whoever finds it,
and a backup without keys.toml (kept elsewhere) cannot be read by anybody.
"""

import argparse
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tongchou import __version__
from tongchou.records import audit
from tongchou.site.cli import Wrong


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="where to write, for example city.tar.gz")
    parser.add_argument("--with-keys", action="store_true", help="put keys.toml in as well")


def run(options: argparse.Namespace) -> int:
    if options.file.exists():
        raise Wrong(f"{options.file} is there already; choose another name or move it away")
    with tempfile.TemporaryDirectory(dir=options.file.parent or ".") as folder:
        records = Path(folder) / ("records.sqlite3" if _sqlite() else "records.dump")
        _copy(records)
        whole = Path(folder) / "whole.tar.gz"
        with tarfile.open(whole, "w:gz", compresslevel=3) as archive:
            archive.add(records, records.name)
            _note(archive)
            if options.with_keys:
                archive.add(settings.DATA / "keys.toml", "keys.toml")
            if (files := Path(settings.MEDIA_ROOT)).exists():
                archive.add(files, "files")
        os.chmod(whole, 0o600)
        os.replace(whole, options.file)  # whole or not at all
    print(f"{options.file}: {options.file.stat().st_size:,} bytes")
    if not options.with_keys:
        print(f"Keep {settings.DATA / 'keys.toml'} elsewhere: without it no identity can be read.")
    return 0


def _sqlite() -> bool:
    return connection.vendor == "sqlite"


def _copy(to: Path) -> None:
    if _sqlite():
        with (
            closing(sqlite3.connect(settings.SQLITE_FILE)) as live,
            closing(sqlite3.connect(to)) as c,
        ):
            live.backup(c)
        return
    program = shutil.which("pg_dump")
    if program is None:
        raise Wrong("pg_dump is not on the PATH; install PostgreSQL's client programs")
    done = subprocess.run(
        [program, "-Fc", "-f", str(to), _address()], capture_output=True, text=True
    )
    if done.returncode:
        raise Wrong(f"pg_dump failed: {done.stderr.strip()}")


def _address() -> str:
    from tongchou.site import options

    return str(options.get("database_url"))


def _note(archive: tarfile.TarFile) -> None:
    """What the backup is, and the head of the audit at that moment, to hold it against later."""
    verdict = audit.verify()
    text = json.dumps(
        {
            "version": __version__,
            "engine": connection.vendor,
            "taken_at": timezone.now().isoformat(),
            "audit_head": verdict.head,
            "audit_events": verdict.n_events,
        },
        indent=1,
    ).encode()
    entry = tarfile.TarInfo("backup.json")
    entry.size = len(text)
    archive.addfile(entry, io.BytesIO(text))
