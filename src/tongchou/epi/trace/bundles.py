"""Immutable folders of arrays: a manifest with sizes and checksums, mapped into memory on opening.

A bundle is named `stem.g000007`; a newer generation takes the place of an older one, which stays
readable for those who have it open. `sha256sum` in such a folder gives what its manifest says.
"""

import hashlib
import json
import mmap
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.trace import durable

__all__ = ["Bundle", "Damaged", "faults", "generations", "newest", "write", "write_manifest"]

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 1 << 24
Parts = Sequence[NDArray[Any]]


class Damaged(Exception):
    """A file is not what its manifest says; the message says which and what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """One generation that was opened.

    Parameters
    ----------
    facts
        What its writer noted in the manifest.
    arrays
        By name, mapped copy-on-write: pages come from the disk when they are touched.
    """

    folder: Path
    generation: int
    facts: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]
    _maps: tuple[mmap.mmap, ...] = ()

    @classmethod
    def open(cls, folder: Path) -> "Bundle":
        """Map a bundle; sizes are compared with the manifest, checksums only by `faults`.

        Raises
        ------
        FileNotFoundError
            Where a newer generation has taken its place meanwhile.
        Damaged
            Where the manifest is no manifest, or a file has another size.
        """
        manifest = _manifest(folder)
        arrays, maps = {}, []
        for name, file in manifest["files"].items():
            kind = np.dtype(file["type"])
            arrays[name] = np.zeros(0, kind)
            if not file["bytes"]:
                continue
            with (folder / name).open("rb") as opened:
                size = os.fstat(opened.fileno()).st_size
                if size != file["bytes"]:
                    raise Damaged(
                        f"{folder / name} has {size} bytes, its manifest says {file['bytes']}: "
                        "restore the folder from a copy"
                    )
                # private and writable, so that kernels see one type of array wherever it lies
                mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_COPY)
            maps.append(mapped)
            arrays[name] = np.frombuffer(mapped, kind)
        return cls(folder, generation_of(folder), manifest["facts"], arrays, tuple(maps))

    def advise(self, how: str) -> None:
        """Tell the system how it will be read: `random`, `sequential` or `normal`."""
        option = getattr(mmap, f"MADV_{how.upper()}", None)
        if option is not None:
            for mapped in self._maps:
                mapped.madvise(option)


def write(
    shelf: Path,
    stem: str,
    arrays: Iterable[tuple[str, Parts | NDArray[Any]]],
    facts: Mapping[str, Any],
) -> Path:
    """Write the next generation and return its folder once it is there for good.

    Each array is written in the background while the next is asked for. It may be given in parts
    that follow one another in the file.
    """
    found = generations(shelf, stem)
    number = found[-1][0] + 1 if found else 1
    final = shelf / f"{stem}.g{number:06}"
    unfinished = shelf / f"{durable.UNFINISHED}{final.name}"
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(parents=True)
    with ThreadPoolExecutor(2) as hands:  # hashing and writing both let go of the interpreter
        files = dict(hands.map(lambda item: _write_array(unfinished, *item), arrays))
    write_manifest(unfinished, final.name, facts, files)
    durable.publish(unfinished, final)
    return final


def write_manifest(
    folder: Path, name: str, facts: Mapping[str, Any], files: Mapping[str, Mapping[str, Any]]
) -> None:
    """The last file of a bundle: what is in it, and a checksum of itself."""
    manifest = {"format": FORMAT, "name": name, "facts": dict(facts), "files": dict(files)}
    manifest["sha256"] = _digest(manifest)
    with (folder / MANIFEST).open("wb") as file:
        file.write(json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        durable.sync(file)


def _write_array(folder: Path, name: str, parts: Any) -> tuple[str, dict[str, Any]]:
    parts = [parts] if isinstance(parts, np.ndarray) else list(parts)
    digest, size = hashlib.sha256(), 0
    with (folder / name).open("wb", buffering=0) as file:
        for part in parts:
            plain: Any = np.ascontiguousarray(part)
            view = memoryview(plain).cast("B") if part.size else memoryview(b"")
            for first in range(0, len(view), _CHUNK):
                chunk = view[first : first + _CHUNK]
                digest.update(chunk)
                while chunk:
                    chunk = chunk[file.write(chunk) :]
            size += len(view)
        durable.sync(file)
    facts = {"type": parts[0].dtype.str, "bytes": size, "sha256": digest.hexdigest()}
    return name, facts


def generation_of(folder: Path) -> int:
    """The number behind the name of a bundle's folder."""
    return int(folder.name.rpartition(".g")[2])


def generations(shelf: Path, stem: str) -> list[tuple[int, Path]]:
    """All generations of a bundle, oldest first."""
    found = [(generation_of(path), path) for path in shelf.glob(f"{stem}.g[0-9]*")]
    return sorted(found)


def newest(shelf: Path) -> dict[str, Path]:
    """The newest generation of every bundle of a shelf, by stem."""
    found: dict[str, Path] = {}
    if not shelf.is_dir():
        return found
    for name in sorted(os.listdir(shelf)):
        if not name.startswith(".") and ".g" in name:
            found[name.rpartition(".g")[0]] = shelf / name
    return found


def faults(folder: Path) -> list[str]:
    """What is wrong with a bundle: every file is read and its checksum compared."""
    try:
        manifest = _manifest(folder)
    except (Damaged, FileNotFoundError) as error:
        return [str(error)]
    found = []
    for name, file in manifest["files"].items():
        try:
            with (folder / name).open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError as error:
            found.append(f"{folder / name}: {error.strerror}")
            continue
        if digest != file["sha256"]:
            found.append(f"{folder / name} is not what was written: its checksum differs")
    strangers = {path.name for path in folder.iterdir()} - set(manifest["files"]) - {MANIFEST}
    return found + [f"{folder / name} is not in the manifest" for name in sorted(strangers)]


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        said = manifest.pop("sha256")
        if said != _digest(manifest):
            raise Damaged(f"{folder / MANIFEST} was changed after it was written")
        if manifest["format"] > FORMAT:
            raise Damaged(f"{folder} is of format {manifest['format']}: use a newer version")
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{folder / MANIFEST} cannot be read: {error}") from error
    return manifest


def _digest(manifest: Mapping[str, Any]) -> str:
    plain = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()
