"""Compiles the committed .po files, so that nobody needs GNU gettext to read Chinese."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def sources(package: Path = PACKAGE) -> Iterator[Path]:
    """The translation of every room, in every language."""
    yield from sorted(package.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_all(package: Path = PACKAGE) -> list[Path]:
    """Compile what is missing or older than its source; returns what was written.

    A folder that cannot be written is left alone: an installed wheel brings its .mo along.
    """
    written = []
    for source in sources(package):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with suppress(OSError):
            compile_one(source, target)
            written.append(target)
    return written


def compile_one(source: Path, target: Path) -> None:
    """Written aside and moved: a server and a worker that start together both read a whole file."""
    import polib

    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".tmp")
    os.close(handle)
    try:
        polib.pofile(str(source)).save_as_mofile(name)
        os.chmod(name, 0o644)
        os.replace(name, target)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)
