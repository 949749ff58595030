"""The word lists of `words.toml`, as one table from word to class.

Where a word stands in two lists the earlier class below wins: 转运至 is a verb first.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

#: Classes of tokens. What names are made of: NAME, AREA, VENUE, DIVISION, NUMBER, OTHER.
TO, FROM, AT, LIVES, EVENT, STOP = "to", "from", "at", "lives", "event", "stop"
NAME, AREA, VENUE, DIVISION, NUMBER, OTHER = "name", "area", "venue", "division", "number", "other"
MARK, MOMENT, VEHICLE, WHO, PUNCTUATION = "mark", "moment", "vehicle", "who", "punctuation"


@cache
def _lists() -> dict[str, Any]:
    source = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


@cache
def table() -> dict[str, tuple[str, str]]:
    """Every word of the lists with its class and its kind within the class."""
    lists = _lists()
    words: dict[str, tuple[str, str]] = {}
    for word in lists["stop"].split():
        words[word] = (STOP, "")
    endings = dict.fromkeys(lists["area"].split(), (AREA, "area"))
    for kind, listed in lists["venues"].items():
        endings.update(dict.fromkeys(listed.split(), (VENUE, kind)))
    for word in lists["name"].split():
        tails = (word[k:] for k in range(1, len(word) - 1))
        words[word] = next((endings[t] for t in tails if t in endings), (NAME, ""))
    words.update(endings)
    for kind, listed in lists["events"].items():
        for word in listed.split():
            if words.get(word, (STOP, ""))[0] not in (VENUE, AREA):
                words[word] = (EVENT, kind)
    for token in (AT, LIVES, FROM, TO):
        for word in lists[token].split():
            words[word] = (token, "")
    return words


@cache
def weak() -> frozenset[str]:
    """Endings that make a name only behind something."""
    return frozenset(_lists()["weak"].split())


@cache
def brands() -> frozenset[str]:
    """Names of chains, whole in themselves: 如家酒店."""
    return frozenset(w for w in _lists()["name"].split() if table()[w][0] == VENUE)


def listed(name: str) -> tuple[str, ...]:
    """One of the smaller lists."""
    return tuple(_lists()["lists"][name].split())
