"""The secrets of an instance: DATA/keys.toml, made at the first start, readable by its owner only.

Whoever loses this file loses every identity in the database, so a start that finds records but no
keys stops instead of making new ones.
"""

import base64
import os
import secrets
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

#: algorithm -> length of its key in bytes
ALGORITHMS = {"aes-256-gcm": 32, "sm4-gcm": 16}


class KeysUnusable(Exception):
    """The keys are missing, broken or readable by others."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Key id -> (algorithm, key). Old keys stay readable; the active one seals what is new."""

    secret_key: str
    active: str
    index: bytes
    sealing: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def with_new_key(self, algorithm: str) -> "Keys":
        """A fresh key of this algorithm, active from now on. Ids count up: a1, a2, … s1, s2, …"""
        letter = "s" if algorithm.startswith("sm4") else "a"
        used = [int(name[1:]) for name in self.sealing if name[0] == letter and name[1:].isdigit()]
        name = f"{letter}{max(used, default=0) + 1}"
        key = (algorithm, secrets.token_bytes(ALGORITHMS[algorithm]))
        return replace(self, active=name, sealing={**self.sealing, name: key})


class Ring(dict[str, tuple[str, bytes]]):
    """The sealing keys of a running process. It looks into the file once more before it says
    that a key is missing, so that a server goes on while `tongchou keys rotate` makes a new one.
    """

    def __init__(self, sealing: Mapping[str, tuple[str, bytes]], file: Path | None = None) -> None:
        super().__init__(sealing)
        self.file = file

    def __missing__(self, name: str) -> tuple[str, bytes]:
        self.refresh()
        if name in self:
            return self[name]
        raise KeyError(name)

    def refresh(self) -> None:
        """Take up the keys that were made since the start."""
        if self.file is not None and self.file.exists():
            self.update(load(self.file).sealing)


def fresh() -> Keys:
    """New random keys: one of each algorithm, AES active."""
    return Keys(
        secret_key=secrets.token_urlsafe(50),
        active="a1",
        index=secrets.token_bytes(32),
        sealing={
            "a1": ("aes-256-gcm", secrets.token_bytes(32)),
            "s1": ("sm4-gcm", secrets.token_bytes(16)),
        },
    )


def load_or_make(path: Path, *, records: Path | None = None) -> Keys:
    """The keys in this file; new ones if there is neither a file nor a database yet."""
    if not path.exists():
        if records is not None and records.exists() and records.stat().st_size > 0:
            raise KeysUnusable(
                f"{records} is there but {path} is not. Without its keys the identities in it "
                "cannot be read. Put keys.toml back from your backup."
            )
        save(path, fresh(), only_if_new=True)
    return load(path)


def load(path: Path) -> Keys:
    """Read a keys file; refuses one that others on the machine can read."""
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise KeysUnusable(f"{path} can be read by others. Run: chmod 600 '{path}'")
        content = tomllib.loads(path.read_text("utf-8"))
        pii = content["pii"]
        return checked(
            Keys(
                secret_key=content["secret_key"],
                active=pii["active"],
                index=base64.b64decode(pii["index"], validate=True),
                sealing={
                    name: (row["algorithm"], base64.b64decode(row["key"], validate=True))
                    for name, row in pii["keys"].items()
                },
            )
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeysUnusable(f"{path} cannot be used: {error!r}") from error


def checked(keys: Keys) -> Keys:
    """The same keys, if every one has the length of its algorithm and the active one is there."""
    for name, (algorithm, key) in keys.sealing.items():
        length = ALGORITHMS.get(algorithm)
        if length is None:
            raise KeysUnusable(f"key {name}: {algorithm!r} is none of {', '.join(ALGORITHMS)}")
        if len(key) != length:
            raise KeysUnusable(f"key {name}: {algorithm} takes {length} bytes, not {len(key)}")
    if keys.active not in keys.sealing:
        raise KeysUnusable(f"the active key {keys.active!r} is none of {', '.join(keys.sealing)}")
    if len(keys.index) < 16 or len(keys.secret_key) < 32:
        raise KeysUnusable("the index key or the secret key is too short")
    return keys


def parse_sealing(text: str) -> dict[str, tuple[str, bytes]]:
    """`a1:aes-256-gcm:BASE64,s1:sm4-gcm:BASE64`, as the environment gives it."""
    found = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            name, algorithm, key = part.split(":")
            found[name] = (algorithm, base64.b64decode(key, validate=True))
        except ValueError as error:
            raise KeysUnusable(
                "TONGCHOU_PII_KEYS: a key is ID:ALGORITHM:BASE64, several with commas"
            ) from error
    return found


def from_environment(
    *, secret_key: str, active: str, index: str, sealing: dict[str, tuple[str, bytes]]
) -> Keys:
    """All keys given from outside (a secret store); no file is read or made."""
    try:
        found = base64.b64decode(index, validate=True)
    except ValueError as error:
        raise KeysUnusable("TONGCHOU_PII_INDEX_KEY must be BASE64") from error
    return checked(Keys(secret_key, active or min(sealing), found, sealing))


def save(path: Path, keys: Keys, *, only_if_new: bool = False) -> None:
    """Write the file whole or not at all, mode 0600; with `only_if_new` the first writer wins."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".keys")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_written(checked(keys)))
            file.flush()
            os.fsync(file.fileno())
        if only_if_new:
            _link(Path(name), path)
        else:
            os.replace(name, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)


def _link(source: Path, path: Path) -> None:
    try:
        os.link(source, path)
    except FileExistsError:
        return
    except OSError:  # a file system without hard links
        if not path.exists():
            os.replace(source, path)


def _written(keys: Keys) -> str:
    lines = [
        "# The secrets of this instance. Back this file up, apart from the database.",
        "# Without it no identity can be read again; with it anybody can read them all.",
        f'secret_key = "{keys.secret_key}"',
        "",
        "[pii]",
        f'active = "{keys.active}"',
        f'index = "{_base64(keys.index)}"',
    ]
    for name, (algorithm, key) in keys.sealing.items():
        lines += ["", f"[pii.keys.{name}]", f'algorithm = "{algorithm}"', f'key = "{_base64(key)}"']
    return "\n".join(lines) + "\n"


def _base64(key: bytes) -> str:
    return base64.b64encode(key).decode()
