"""Betas that were worked out once, kept in a folder from study to study.

To find the beta of a disease in a city takes as long as many runs. It hangs on the city, the course
and the code of the model alone, so it is kept under the digest of all three, with a checksum. What
cannot be read is worked out anew, and a kill leaves the old file, the new one or none.
"""

import json
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Final

from tongchou.epi.plan.journal import model_digest
from tongchou.epi.trace.durable import sync, sync_folder

__all__ = ["kept_in", "recalled"]

_END: Final = ".beta"
_folder: ContextVar[Path | None] = ContextVar("folder of betas", default=None)


@contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """Within this block betas are taken from this folder, and put there."""
    before = _folder.set(folder)
    try:
        yield
    finally:
        _folder.reset(before)


def recalled(city: str, course: str, find: Callable[[], float]) -> float:
    """The beta of this course in this city: as it was kept, else as `find` gives it.

    Parameters
    ----------
    city, course
        Digests of the place and of the course without its beta.
    """
    folder = _folder.get()
    if folder is None:
        return find()
    path = folder / f"{model_digest()}-{city}-{course}{_END}"
    beta = _read(path)
    if beta is None:
        beta = find()
        with suppress(OSError):  # a disk that is full costs time, not the study
            _write(path, beta)
    return beta


def _read(path: Path) -> float | None:
    """None where there is none, or where its bytes are not those that were written."""
    try:
        mark, _, text = path.read_bytes().partition(b" ")
    except OSError:
        return None
    if mark != b"%08x" % zlib.crc32(text):
        return None
    return float(json.loads(text))


def _write(path: Path, beta: float) -> None:
    """All bytes are on the disk before they have the name; two who write it write the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(beta).encode()
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(b"%08x %s" % (zlib.crc32(text), text))
        sync(file.file)
    os.replace(file.name, path)
    sync_folder(path.parent)
    for old in path.parent.iterdir():  # of another model, or left by a kill
        if not old.name.startswith(model_digest()):
            old.unlink(missing_ok=True)
