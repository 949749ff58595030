"""Sealed files: laboratory reports, photos of a site, what shows that a task is done.

They carry names and faces, so each is sealed like an identity and lies under the digest of what is
in it; the name it came with is kept nowhere. Whose it is, who may read it and when it goes are for
the room that keeps it.
"""

import hashlib
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import get_ident

from django.conf import settings

from tongchou.people import sealing
from tongchou.people.errors import CannotOpen


@dataclass(frozen=True)
class SealedFiles:
    """The files of one kind; `kind` is part of what is sealed, so none passes for another.

    They lie in the folder of files (`settings.MEDIA_ROOT`), which a backup takes along, or beside
    it in the data folder.
    """

    kind: str
    folder: str
    beside: bool = False

    def keep(self, content: bytes) -> str:
        """Seal `content` and return its digest; what is there already is not written again."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest)
        if not path.exists():
            sealed = sealing.seal(b64encode(content).decode("ascii"), self._place(digest))
            _store(path, sealed)
        return digest

    def read(self, digest: str) -> bytes:
        """What was kept.

        Raises
        ------
        FileNotFoundError
            Where the file is not where it was put.
        CannotOpen
            Where it was damaged there, or its key is gone.
        """
        try:
            sealed = self.path(digest).read_text("ascii")
        except UnicodeDecodeError as error:
            raise CannotOpen(f"{self._place(digest)} was damaged where it is kept") from error
        return b64decode(sealing.unseal(sealed, self._place(digest)))

    def remove(self, digests: Iterable[str]) -> None:
        for digest in digests:
            self.path(digest).unlink(missing_ok=True)

    def reseal(self, digests: Iterable[str], broken: list[str] | None = None) -> int:
        """Seal each under the key that is active now; how many were under another.

        What cannot be opened is added to `broken` and left as it is: it must not keep the others
        under an old key.
        """
        active, n = sealing.active_key(), 0
        for digest in digests:
            path = self.path(digest)
            if not path.exists():
                continue
            place = self._place(digest)
            try:
                sealed = path.read_text("ascii")
                if sealing.key_id_of(sealed) != active:
                    _store(path, sealing.seal(sealing.unseal(sealed, place), place))
                    n += 1
            except (CannotOpen, UnicodeDecodeError):
                if broken is None:
                    raise
                broken.append(place)
        return n

    def path(self, digest: str) -> Path:
        root = settings.TONGCHOU_DATA if self.beside else settings.MEDIA_ROOT
        return Path(root) / self.folder / digest[:2] / digest

    def _place(self, digest: str) -> str:
        return f"{self.kind}|{digest}"


def _store(path: Path, sealed: str) -> None:
    # Written beside and moved: a file is whole or not there, whatever happens in between.
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Of this thread alone: two who send the same photo at once do not write into one another.
    beside = path.with_suffix(f".{os.getpid()}-{get_ident()}")
    with open(beside, "w", encoding="ascii", opener=_for_the_owner_only) as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _for_the_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
