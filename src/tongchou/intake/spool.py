"""Drafts on their way from the file to the store, kept on disk so that memory stays flat.

The whole file is checked before the store is locked for writing. What waits in between may name
people, so it is encrypted under a key that lives and dies with this object.
"""

import os
import pickle
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tongchou.intake.checking import Draft

_NONCE = 12


class Spool:
    """Chunks of drafts, written once and read in the same order."""

    def __init__(self) -> None:
        self.cipher = AESGCM(AESGCM.generate_key(256))
        self.file = tempfile.TemporaryFile(prefix="tongchou-")  # noqa: SIM115  closed on exit
        self.n_chunks = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.file.close()

    def add(self, drafts: list[Draft]) -> None:
        nonce = os.urandom(_NONCE)
        place = self.n_chunks.to_bytes(8, "big")
        # Pickle never leaves this process: the key is in its memory only.
        sealed = self.cipher.encrypt(nonce, pickle.dumps(drafts, -1), place)
        self.file.write(len(sealed).to_bytes(8, "big") + nonce + sealed)
        self.n_chunks += 1

    def chunks(self) -> Iterator[list[Draft]]:
        self.file.seek(0)
        for number in range(self.n_chunks):
            size = int.from_bytes(self.file.read(8), "big")
            nonce, sealed = self.file.read(_NONCE), self.file.read(size)
            plain = self.cipher.decrypt(nonce, sealed, number.to_bytes(8, "big"))
            yield pickle.loads(plain)
