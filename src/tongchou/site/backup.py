"""`tongchou backup FILE`: the records of an instance in one file, taken while it runs.

The keys are left out unless asked for: a backup that holds both can be read by whoever finds it,
and a backup without keys.toml (kept elsewhere) cannot be read by anybody.

Beside the records go the folders of what cannot be made anew. Not among them: `counts`,
`studies` and `betas`, which are made anew from the records, and settings.toml, which belongs to a
machine.
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
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tongchou import __version__
from tongchou.records import audit
from tongchou.site.cli import Wrong

#: How long a backup waits for whoever writes visits.
PATIENCE: Final = 120.0


def folders() -> dict[str, Path]:
    """What is kept beside the records: its name in a backup, and where it lies."""
    data = Path(settings.DATA)
    return {
        "files": Path(settings.MEDIA_ROOT),
        "documents": data / "documents",
        "profiles": data / "profiles",
        "visits": data / "visits",
    }


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="where to write, for example city.tar.gz")
    parser.add_argument("--with-keys", action="store_true", help="put keys.toml in as well")
    parser.add_argument(
        "--without-visits", action="store_true", help="leave the visits out: kept some other way"
    )


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
            _add_folders(archive, without={"visits"} if options.without_visits else set())
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


def _add_folders(archive: tarfile.TarFile, *, without: set[str]) -> None:
    for name, folder in folders().items():
        if folder.is_dir() and name not in without:
            _add(archive, folder, name)


def _add(archive: tarfile.TarFile, folder: Path, name: str) -> None:
    """A folder as it is now; what is destroyed while it is read is left out."""
    with _nobody_writes(folder if name == "visits" else None):
        for path in sorted(folder.rglob("*")):
            if path.name == "writer.lock" or not (path.is_file() or path.is_dir()):
                continue
            try:
                archive.add(path, f"{name}/{path.relative_to(folder).as_posix()}", recursive=False)
            except FileNotFoundError:
                continue


@contextmanager
def _nobody_writes(visits: Path | None) -> Iterator[None]:
    """Visits are read whole only while nobody writes them; senders are told to come again."""
    from tongchou.epi.trace.durable import Busy, locked

    if visits is None:
        yield
        return
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with locked(visits / "writer.lock", "a backup"):
                yield
                return
        except Busy as busy:
            if time.monotonic() > until:
                raise Wrong(f"{busy}; or back up with --without-visits") from busy
            time.sleep(0.2)


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
