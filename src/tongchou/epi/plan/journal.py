"""Finished runs kept on disk, one a line, so that a kill costs only the runs that were under way.

A line is appended with one write and carries its own checksum: a torn last line is cut off when the
file is opened again. A file written by another version of the model is refused, because its runs
would not be those of this one.
"""

import hashlib
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tongchou.epi.trace.durable import locked, sync_folder

__all__ = ["Journal", "NotThisModel", "Run", "model_digest"]

_SYNC_EVERY = 16  # lines; a power cut may cost so many runs, a kill costs none


class NotThisModel(ValueError):
    """The runs in the file were made by another version of the model."""


@dataclass(frozen=True, slots=True)
class Run:
    """What is kept of one run.

    Parameters
    ----------
    key
        Digest of scenario, seed and what was asked.
    digest
        Of the whole result, every byte of it.
    values
        Numbers by name of `metrics`.
    curves
        The whole city by day, for the series that were asked.
    cut
        After how many days it was cut short (see `cutting`); None for a whole run.
    """

    key: str
    seed: int
    digest: str
    values: dict[str, float]
    curves: dict[str, list[float]] = field(default_factory=dict)
    cut: int | None = None


@cache
def model_digest() -> str:
    """Of every line of code that a run hangs on: how runs of two versions are told apart."""
    here = Path(__file__).parents[1]
    sha = hashlib.sha256()
    # what lies in `epi` itself too: delays, laws, pooling
    for inside in (here.glob("*.py"), (here / "spread").rglob("*"), (here / "plan").rglob("*")):
        for path in sorted(inside):
            if path.suffix in (".py", ".toml", ".csv") and path.is_file():
                sha.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes())
    return sha.hexdigest()[:16]


class Journal:
    """Runs in one file, open for adding. One process at a time.

    Raises
    ------
    NotThisModel
        On entering, where the file was begun by another version of the model.
    durable.Busy
        On entering, where another process is writing into it.
    """

    def __init__(self, path: Path, *, model: str | None = None) -> None:
        self.path = path
        self.model = model_digest() if model is None else model
        self.runs: dict[str, Run] = {}
        self._file: IO[bytes] | None = None
        self._stack = ExitStack()
        self._waiting = 0

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = self.path.with_name(self.path.name + ".lock")
        with ExitStack() as stack:
            stack.enter_context(locked(lock, "a search"))
            whole = self._read()
            self._file = stack.enter_context(self.path.open("r+b" if whole else "wb"))
            self._file.truncate(whole)
            self._file.seek(whole)
            if not whole:
                self._append({"model": self.model})
                self._sync()
                sync_folder(self.path.parent)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._sync()
        self._stack.close()
        self._file = None

    def get(self, key: str) -> Run | None:
        return self.runs.get(key)

    def add(self, run: Run) -> None:
        """Keep a run. Returns once a kill of this process cannot lose it."""
        self.runs[run.key] = run
        self._append(asdict(run))
        self._waiting += 1
        if self._waiting >= _SYNC_EVERY:
            self._sync()

    def _append(self, content: dict[str, object]) -> None:
        assert self._file is not None, "a journal is used in a `with` statement"
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        self._file.write(b"%08x %s\n" % (zlib.crc32(text), text))
        self._file.flush()

    def _sync(self) -> None:
        if self._file is not None:
            os.fsync(self._file.fileno())
        self._waiting = 0

    def _read(self) -> int:
        """Take in every whole line; how many bytes they are."""
        if not self.path.exists():
            return 0
        whole = 0
        for i, (line, content) in enumerate(_lines(self.path)):
            if i == 0 and content.get("model") != self.model:
                raise NotThisModel(
                    f"{self.path} holds runs of another version of the model. "
                    "Remove it, or name another file, and the runs are made anew."
                )
            if i:
                run = Run(**content)
                self.runs[run.key] = run
            whole += len(line)
        return whole


def _lines(path: Path) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Lines up to the first that is not whole."""
    with path.open("rb") as file:
        for line in file:
            mark, _, text = line.rstrip(b"\n").partition(b" ")
            if not line.endswith(b"\n") or mark != b"%08x" % zlib.crc32(text):
                return
            yield line, json.loads(text)
