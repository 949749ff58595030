"""Where playbooks are found: those that ship with the package, and those a city hands in."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from tongchou.playbook.book import Playbook
from tongchou.playbook.faults import Fault, PlaybookError
from tongchou.playbook.reading import Resolve, read
from tongchou.playbook.refusals import hints


@dataclass(frozen=True, slots=True)
class Written:
    """A playbook that has not been read yet: its text, and the name it has in errors."""

    text: str
    file: str


@dataclass
class Shelf:
    """Playbooks by id that may extend one another; what is not here, `beyond` may have."""

    written: Mapping[str, Written | Path]
    beyond: Resolve | None = None
    _read: dict[str, Playbook] = field(default_factory=dict)

    def load(self, name: str) -> Playbook:
        """The playbook of that id."""
        return self._load(name, ())

    def _load(self, name: str, asked_by: tuple[str, ...]) -> Playbook:
        if name in asked_by:
            circle = " → ".join((*asked_by[asked_by.index(name) :], name))
            raise PlaybookError(Fault("", 0, "", "extends_itself", {"chain": circle}))
        if name in self._read:
            return self._read[name]
        if name not in self.written:
            if self.beyond is not None:
                return self.beyond(name)
            about = {"name": name, **hints(name, sorted(self.written))}
            raise PlaybookError(Fault("", 0, "", "unknown_playbook", about))
        found = self.written[name]
        found = found if isinstance(found, Written) else _opened(found)
        chain = (*asked_by, name)
        book = read(found.text, resolve=lambda base: self._load(base, chain), file=found.file)
        return self._read.setdefault(name, book)


def id_in(path: Path) -> str:
    """The id that a file gives itself; its own name where it gives none that can be read."""
    try:
        found = tomllib.loads(path.read_text("utf-8-sig")).get("id")
    except (OSError, ValueError):
        found = None
    return found if isinstance(found, str) else path.stem


def _opened(path: Path) -> Written:
    try:
        content = path.read_bytes()
        return Written(content.decode("utf-8-sig"), str(path))
    except OSError as bad:
        about: dict[str, object] = {"reason": bad.strerror or "?"}
        raise PlaybookError(Fault(str(path), 1, "", "unreadable", about)) from None
    except UnicodeDecodeError as bad:
        line = content.count(b"\n", 0, bad.start) + 1
        raise PlaybookError(Fault(str(path), line, "", "not_utf8")) from None


@cache
def _ours() -> Shelf:
    folder = files("tongchou") / "playbooks"
    ours = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    return Shelf(
        {
            name.removesuffix(".toml"): Written((folder / name).read_text("utf-8"), name)
            for name in ours
        }
    )


def shipped() -> tuple[str, ...]:
    """The ids of the playbooks that come with the package."""
    return tuple(_ours().written)


def load(name: str) -> Playbook:
    """A shipped playbook by its id, read once and then remembered."""
    return _ours().load(name)


def parse(text: str, *, resolve: Resolve = load, file: str = "playbook") -> Playbook:
    """The playbook in `text`; `resolve` finds what it extends, `file` names it in errors."""
    return read(text, resolve=resolve, file=file)
