"""Sealed files: laboratory reports, photos of a site, what shows that a task is done.

They carry names and faces, so each is sealed like an identity and lies under the digest of what is
in it; the name it came with is kept nowhere. Whose it is, who may read it and when it goes are for
the room that keeps it. A file that no row of that room needs is nobody's, and goes: `sweep`.
"""

import hashlib
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from secrets import token_hex
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongchou.people import sealing
from tongchou.people.errors import CannotOpen, FileLost

#: A file touched so lately may belong to a row that is being written at this moment.
REST = timedelta(hours=1)
#: How what is half written ends, and what is put aside to be removed; a name of one's own follows.
HALF, ASIDE = ".half-", ".gone-"
#: What is written here. Whatever else lies in the folder is somebody's, and stays.
_OURS = re.compile(r"[0-9a-f]{64}(\.[0-9a-z-]+)?")
_BATCH = 500
_T = TypeVar("_T")


@dataclass(frozen=True)
class SealedFiles:
    """The files of one kind; `kind` is part of what is sealed, so none passes for another.

    They lie in the folder of files (`settings.MEDIA_ROOT`), which a backup takes along, or beside
    it in the data folder. `of` is the model ("lists.File") whose rows say by their `digest` which
    files there are; a row with a `destroyed_on` needs its file no more.
    """

    kind: str
    folder: str
    of: str
    beside: bool = False

    def keep(self, content: bytes, *, now: datetime) -> str:
        """Seal `content` and return its digest; what is there already is not written again.

        Call it after the row is written, in its transaction: what then fails leaves a file that
        the sweep finds, and no row without a file.
        """
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        try:
            _touch(path, now)  # whoever is about to remove it sees that it is wanted again
        except FileNotFoundError:
            sealed = sealing.seal(b64encode(content).decode("ascii"), self._place(digest))
            _store(path, sealed, now)
        return digest

    def read(self, digest: str) -> bytes:
        """What was kept.

        Raises
        ------
        FileLost
            Where it is not where it was put, was damaged there, or its key is gone.
        """
        try:
            sealed = self.path(digest).read_text("ascii")
            return b64decode(sealing.unseal(sealed, self._place(digest)))
        except FileNotFoundError:
            missing = _("This file is missing from the data folder. Restore a backup.")
            raise FileLost(missing) from None
        except (CannotOpen, UnicodeDecodeError):
            damaged = _(
                "This file was damaged where it is kept, or its key is gone. Restore a backup."
            )
            raise FileLost(damaged) from None

    def discard(self, digests: Iterable[str], *, now: datetime) -> int:
        """Remove those of them that no row needs any more; how many.

        For after the commit that ended their rows. One that was kept or sealed again within the
        last hour is left to the sweep, which then knows whether its row came to be.
        """
        n = 0
        for some in _batches(set(digests)):
            needed = self._needed(some)
            n += sum(self._remove(self.path(digest), now) for digest in some - needed)
        return n

    def sweep(self, *, now: datetime) -> int:
        """Remove files that no row needs; how many.

        A commit that failed after its file was kept leaves one, and a stop between the end of a
        row and that of its file. Nothing is removed where the table has no row at all: then this
        database is more likely not the one that these files belong to.
        """
        if not self._rows().exists():
            return 0
        n = 0
        for paths in _batches(self._untouched(now)):
            needed = self._needed({_digest(path) for path in paths})
            for path in paths:
                whole = path.with_suffix("")
                if _digest(path) not in needed or (path.suffix and whole.exists()):
                    n += self._remove(path, now)
                elif path.suffix.startswith(ASIDE):
                    with suppress(FileNotFoundError):  # who put it aside is at work after all
                        path.replace(whole)  # a stop came between aside and back
        return n

    def reseal(self, broken: list[str] | None = None) -> int:
        """Seal each under the key that is active now; how many were under another.

        What cannot be opened is added to `broken` and left as it is: it must not keep the others
        under an old key.
        """
        rows = self._rows().filter(destroyed_on=None).order_by("digest")
        digests = rows.values_list("digest", flat=True).distinct()
        return sum(self._reseal(digest, broken) for digest in digests.iterator())

    def _reseal(self, digest: str, broken: list[str] | None) -> bool:
        path, place = self.path(digest), self._place(digest)
        try:
            sealed = path.read_text("ascii")
            if sealing.key_id_of(sealed) == sealing.active_key():
                return False
            again = sealing.seal(sealing.unseal(sealed, place), place)
        except FileNotFoundError:  # missing, or destroyed since its row was read
            return False
        except (CannotOpen, UnicodeDecodeError):
            if broken is None:
                raise
            broken.append(place)
            return False
        # As fresh as the clock says: a sweep that comes by takes neither half nor whole.
        _store(path, again)
        return True

    def path(self, digest: str) -> Path:
        return self._root() / digest[:2] / digest

    def _root(self) -> Path:
        root = settings.TONGCHOU_DATA if self.beside else settings.MEDIA_ROOT
        return Path(root) / self.folder

    def _place(self, digest: str) -> str:
        return f"{self.kind}|{digest}"

    def _rows(self) -> QuerySet[Any]:
        return apps.get_model(self.of)._default_manager.all()

    def _needed(self, digests: Iterable[str]) -> set[str]:
        rows = self._rows().filter(digest__in=digests, destroyed_on=None)
        return set(rows.values_list("digest", flat=True))

    def _untouched(self, now: datetime) -> Iterator[Path]:
        """What lies there, halves and what was put aside too, and has rested long enough."""
        for path in self._root().glob("??/*"):
            if _OURS.fullmatch(path.name) and path.name.startswith(path.parent.name):
                with suppress(FileNotFoundError):  # gone since the folder was read
                    if path.stat().st_mtime < (now - REST).timestamp():
                        yield path

    def _remove(self, path: Path, now: datetime) -> bool:
        # Aside first: who keeps the same file at this moment has touched it before, which is seen
        # here, or does not find it and writes it anew. Under a name of one's own: what is aside
        # is never anything else than what was looked at, though others remove the same file.
        aside = path if path.suffix else _beside(path, ASIDE)
        with suppress(FileNotFoundError):
            path.rename(aside)
            if aside.stat().st_mtime < (now - REST).timestamp():
                aside.unlink()
                return True
            aside.replace(path)
        return False


def _digest(path: Path) -> str:
    return path.name.partition(".")[0]


def _beside(path: Path, how: str) -> Path:
    return path.with_suffix(how + token_hex(8))


def _batches(some: Iterable[_T]) -> Iterator[set[_T]]:
    left = iter(some)
    while batch := set(islice(left, _BATCH)):
        yield batch


def _touch(path: Path, at: datetime) -> None:
    os.utime(path, (at.timestamp(), at.timestamp()))


def _store(path: Path, sealed: str, now: datetime | None = None) -> None:
    # Written beside and moved: a file is whole or not there, whatever happens in between. Under a
    # name of one's own: two who send the same photo at once do not write into one another.
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = _beside(path, HALF)
    with open(half, "w", encoding="ascii", opener=_for_the_owner_only) as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    if now is not None:
        _touch(half, now)
    half.replace(path)


def _for_the_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
