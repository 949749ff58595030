"""Profiles: how the columns of somebody's list lead to our fields. One small TOML file each.

`profiles/*.toml` ship with the package; a city puts its own into DATA/profiles. Every fault names
the file and the key, because whoever writes one has only that message to go by.
"""

import tomllib
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

from django.conf import settings

from tongchou.intake.layout import Profile
from tongchou.intake.profile_reader import Reader


class BadProfile(Exception):
    """A profile that cannot be used; the message names the file, the key and the mend."""


def load(name: str) -> Profile:
    """A profile by its name.

    Raises
    ------
    BadProfile
        Where there is none of this name, or it cannot be used.
    """
    known = available()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise BadProfile(f"there is no profile {name!r}.{hint} Known: {', '.join(known)}.")
    return _parsed(str(known[name]), known[name].read_text("utf-8"))


def available() -> dict[str, Path]:
    """Names and files of all profiles; one in DATA/profiles takes the place of a shipped one."""
    shipped = Path(str(files("tongchou.intake"))) / "profiles"
    own = Path(settings.TONGCHOU_DATA) / "profiles"
    found = {path.stem: path for path in sorted(shipped.glob("*.toml"))}
    found |= {path.stem: path for path in sorted(own.glob("*.toml"))}
    return found


def every() -> list[Profile]:
    """All profiles that can be used; a broken one of the city's own must not hide the others."""
    usable = []
    for name in available():
        try:
            usable.append(load(name))
        except BadProfile:
            continue
    return usable


@cache
def _parsed(path: str, text: str) -> Profile:
    return parse(text, name=Path(path).stem, file=Path(path).name)


def parse(text: str, *, name: str, file: str = "") -> Profile:
    """A profile from its text; all faults at once, one a line."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadProfile(f"{file or name}: not readable as TOML: {error}") from error
    reader = Reader(file or f"{name}.toml")
    profile = reader.profile(content, name)
    if reader.faults:
        raise BadProfile("\n".join(reader.faults))
    return profile
