"""Which line of a TOML text each key stands on.

The standard reader gives values without places, and an error without a line sends a
public-health officer hunting. This walks over text that already parsed, so it can be
simple: it never judges, it only counts.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping

Path = tuple[str, ...]

_TOKEN = re.compile(
    r"""(?P<skip>[ \t\r]+|\#[^\n]*)
      | (?P<newline>\n)
      | (?P<string>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*')
      | (?P<mark>[\[\]{}=,.])
      | (?P<word>[^\s\[\]{}=,.\#"']+)""",
    re.VERBOSE | re.DOTALL,
)


def line_of_each_key(text: str) -> dict[Path, int]:
    """The first line on which each path is named, counting from 1."""
    found: dict[Path, int] = {}
    reader = _Reader(found)
    line = 1
    for token in _TOKEN.finditer(text):
        kind, said = token.lastgroup, token.group()
        if kind == "newline":
            reader.end_of_line()
        elif kind != "skip":
            reader.take(str(kind), said, line)
        line += said.count("\n")
    return found


def nearest_line(lines: Mapping[Path, int], path: Path) -> int:
    """The line of the path, or of the part of it that the text does name; else the first."""
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 1)


class _Reader:
    """Follows tables, keys and brackets. `open` is the stack of brackets inside a value."""

    def __init__(self, found: dict[Path, int]) -> None:
        self.found = found
        self.table: Path = ()
        self.key: list[str] = []
        self.open: list[tuple[str, Path, int]] = []
        self.in_value = False
        self.header = False

    def take(self, kind: str, said: str, line: int) -> None:
        if kind == "mark":
            self._mark(said, line)
        elif not self.in_value:
            self.key.append(_unquoted(said) if kind == "string" else said)

    def end_of_line(self) -> None:
        if not self.open:
            self.key, self.in_value, self.header = [], False, False

    def _mark(self, said: str, line: int) -> None:
        if not self.open and not self.in_value and said in "[]":
            self._header(said, line)
        elif said == "=" and not self.in_value:
            self._name(tuple(self._here()), line)
            self.in_value = True
        elif said in "[{":
            self.open.append((said, tuple(self._here()), 0))
            self.key, self.in_value = [], said == "["
        elif said in "]}":
            _, path, _ = self.open.pop()
            self.key, self.in_value = list(path[len(self._above()) :]), True
        elif said == "," and self.open:
            self._next()

    def _header(self, said: str, line: int) -> None:
        if said == "[":
            self.header, self.key = True, []
        elif self.header:
            self.table, self.header = tuple(self.key), False
            self._name(self.table, line)

    def _next(self) -> None:
        bracket, path, n = self.open[-1]
        self.open[-1] = (bracket, path, n + 1)
        self.key, self.in_value = [], bracket == "["

    def _above(self) -> Path:
        if not self.open:
            return self.table
        bracket, path, n = self.open[-1]
        return (*path, str(n)) if bracket == "[" else path

    def _here(self) -> Iterator[str]:
        yield from self._above()
        yield from self.key

    def _name(self, path: Path, line: int) -> None:
        for n in range(1, len(path) + 1):
            self.found.setdefault(path[:n], line)


def _unquoted(said: str) -> str:
    return str(tomllib.loads(f"key = {said}")["key"])
