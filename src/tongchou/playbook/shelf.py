"""Where playbooks are found: those that ship with the package, and those a city hands in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from tongchou.playbook.book import Playbook
from tongchou.playbook.faults import Fault, PlaybookError
from tongchou.playbook.reading import Resolve, read
from tongchou.playbook.refusals import hints


@dataclass(frozen=True)
class Written:
    """A playbook that has not been read yet: its text and the file it came from."""

    text: str
    file: str


@dataclass
class Shelf:
    """Playbooks by id that may extend one another; what is not here, `beyond` may have."""

    written: Mapping[str, Written]
    beyond: Resolve | None = None
    _read: dict[str, Playbook] = field(default_factory=dict)

    def load(self, name: str) -> Playbook:
        """The playbook of that id."""
        return self._load(name, ())

    def _load(self, name: str, asked_by: tuple[str, ...]) -> Playbook:
        if name in asked_by:
            chain = " → ".join((*asked_by[asked_by.index(name) :], name))
            raise PlaybookError(Fault("", 0, "", "extends_itself", {"chain": chain}))
        if name in self._read:
            return self._read[name]
        if name not in self.written:
            if self.beyond is not None:
                return self.beyond(name)
            about = {"name": name, **hints(name, sorted(self.written))}
            raise PlaybookError(Fault("", 0, "", "unknown_playbook", about))
        chain_so_far = (*asked_by, name)
        found = self.written[name]
        book = read(
            found.text, resolve=lambda base: self._load(base, chain_so_far), file=found.file
        )
        return self._read.setdefault(name, book)


@cache
def _ours() -> Shelf:
    folder = files("tongchou") / "playbooks"
    ours = [each for each in folder.iterdir() if each.name.endswith(".toml")]
    return Shelf(
        {
            each.name.removesuffix(".toml"): Written(each.read_text("utf-8"), each.name)
            for each in sorted(ours, key=lambda each: each.name)
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
