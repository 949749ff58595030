"""Writing so that a kill at any moment leaves either the old or the new, never a half.

Every byte is on the disk before its name is: write, sync the file, sync its folder, rename, sync
the folder above. One process writes at a time; the second is told who does.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

__all__ = ["Busy", "locked", "publish", "remove", "sync", "sync_folder"]

#: Folders that are still being written begin so; whoever finds one without a writer removes it.
UNFINISHED = ".unfinished-"


class Busy(Exception):
    """Another process writes into this store; the message says which."""


def sync(file: IO[bytes]) -> None:
    """Return once what was written lies on the disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Return once the names in a folder lie on the disk. Windows keeps them by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def publish(unfinished: Path, final: Path) -> None:
    """Give a folder, all of whose files are synced, the name under which readers look for it."""
    sync_folder(unfinished)
    os.rename(unfinished, final)
    sync_folder(final.parent)


def remove(folder: Path) -> None:
    """Take a folder away. Out of sight first: a kill halfway must not leave a damaged one behind.

    Those who have its files open or mapped keep reading them until they let go.
    """
    hidden = folder.with_name(UNFINISHED + "gone-" + folder.name)
    try:
        os.rename(folder, hidden)
    except FileNotFoundError:
        return
    shutil.rmtree(hidden, ignore_errors=True)  # Windows keeps what is open; tried again later


@contextlib.contextmanager
def locked(file: Path, who: str) -> Iterator[None]:
    """Hold a lock that dies with this process, however it dies.

    Raises
    ------
    Busy
        At once, where another process holds it.
    """
    with file.open("a+b") as held:
        try:
            _lock(held)
        except OSError:
            held.seek(0)
            other = held.read(500).decode(errors="replace").strip() or "another process"
            raise Busy(f"{other} is writing into {file.parent}; wait until it has ended") from None
        held.truncate(0)
        held.write(f"{who} (process {os.getpid()})".encode())
        held.flush()
        try:
            yield
        finally:
            held.truncate(0)


def _lock(file: IO[bytes]) -> None:
    if os.name == "nt":
        import msvcrt

        # a byte far behind the name of the holder, which the others must be able to read
        file.seek(1 << 20)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        return
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
