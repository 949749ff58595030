"""A playbook as TOML text that needs no other file, always spelled the same way.

The digest is taken over this text, so nothing in it may depend on comments or on how
a duration was spelled. Tables and rules keep the order in which they were written.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from pydantic import BaseModel

from tongchou.playbook.durations import format_duration
from tongchou.playbook.rules import Rule, Text, keys

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def raw(value: object) -> object:
    """A part as plain dicts, lists and scalars under the names of the file; no empty keys."""
    if isinstance(value, BaseModel):
        inside = {key: raw(part) for key, part in keys(value)}
        return {key: part for key, part in inside.items() if part is not None and part != ""}
    if isinstance(value, Mapping):
        return {key: raw(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [raw(part) for part in value]
    return format_duration(value) if isinstance(value, timedelta) else value


def dumps(book: BaseModel) -> str:
    """The whole playbook as TOML; `complete` tells the reader to look nowhere else."""
    head: dict[str, object] = {}
    sections: list[str] = []
    for key, part in keys(book):
        if not isinstance(part, Mapping | BaseModel) or isinstance(part, Text):
            head.update({} if part is None else {key: raw(part)})
        elif part != {}:
            sections.extend(_tables((key,), part))
    head["complete"] = True
    lines = [f"{_key(key)} = {literal(value)}" for key, value in head.items()]
    return "\n".join(lines) + "\n" + "".join(sections)


def _tables(path: tuple[str, ...], part: BaseModel | Mapping[str, object]) -> Iterator[str]:
    """One [table] for each part that holds rules; rules themselves are inline."""
    inside = list(keys(part) if isinstance(part, BaseModel) else part.items())
    rows = [(key, value) for key, value in inside if isinstance(value, Rule | Text)]
    tables = [
        (key, value)
        for key, value in inside
        if isinstance(value, BaseModel | Mapping) and not isinstance(value, Rule | Text)
    ]
    # An empty table says something too: general contacts are known, and nothing is done.
    if rows or not tables:
        yield f"\n[{'.'.join(map(_key, path))}]\n"
        yield from (f"{_key(key)} = {literal(raw(value))}\n" for key, value in rows)
    for key, value in tables:
        yield from _tables((*path, key), value)


def literal(value: object) -> str:
    """One TOML value."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return _quoted(value)
        case date():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(literal, value))}]"
        case dict():
            return f"{{ {', '.join(f'{_key(k)} = {literal(v)}' for k, v in value.items())} }}"
    raise TypeError(f"a playbook holds no {type(value).__name__}")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _quoted(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    # TOML forbids bare control characters, the delete character among them.
    return f"\\u{ord(char):04x}" if ord(char) < 0x20 or ord(char) == 0x7F else char
