"""Where a scenario's playbook is found: on the shelf that comes along, or in a file beside it."""

import os
from pathlib import Path

from tongchou import playbook
from tongchou.playbook import Playbook

__all__ = ["find_playbook"]


def find_playbook(name: str, folder: Path) -> Playbook:
    """A playbook by its id, or by the path of its file as seen from `folder`."""
    if not (name.endswith(".toml") or os.sep in name):
        return playbook.load(name)
    file = folder / name
    siblings = {playbook.id_in(other): other for other in sorted(file.parent.glob("*.toml"))}
    own = playbook.id_in(file)
    return playbook.Shelf({**siblings, own: file}, beyond=playbook.load).load(own)
