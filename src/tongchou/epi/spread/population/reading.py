"""From TOML text to a `Spec`.

A text says only what differs from the city that it `extends` (china-city, unless it says
otherwise). A figure is a bare value, or {value, source, truth}; `[sources]` holds sources that
several figures share. Whatever is not known is refused.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from importlib import resources
from types import MappingProxyType, UnionType
from typing import Any, Final, get_args, get_origin, get_type_hints

from tongchou.epi.spread.population.faults import SpecError, unknown
from tongchou.epi.spread.population.spec import (
    Ages,
    Buildings,
    Capacities,
    Community,
    Commuting,
    Figure,
    Households,
    Layout,
    School,
    Spec,
    Work,
)

TRUTHS: Final = ("verified", "seen_in_weak_source", "seed", "computed", "memory", "assumed")

_SECTIONS: Final = MappingProxyType(
    {
        "layout": Layout,
        "ages": Ages,
        "households": Households,
        "buildings": Buildings,
        "work": Work,
        "commuting": Commuting,
        "capacities": Capacities,
    }
)
_TOP: Final = ("name", "people", "extends", "sources", "schools", "community", *_SECTIONS)


def presets() -> list[str]:
    """The cities that come with the package, by name."""
    folder = resources.files("tongchou.epi.spread") / "cities"
    return sorted(file.name[:-5] for file in folder.iterdir() if file.name.endswith(".toml"))


@lru_cache(maxsize=16)
def preset(name: str) -> Spec:
    """A city that comes with the package."""
    if name not in presets():
        raise unknown(name, presets())
    folder = resources.files("tongchou.epi.spread") / "cities"
    return read((folder / f"{name}.toml").read_text(encoding="utf-8"))


def read(text: str) -> Spec:
    """The city in a TOML text.

    Raises
    ------
    SpecError
        With the key, the reason, and how to mend it.
    """
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as bad:
        raise SpecError("city", f"this is no TOML: {bad}", "Mend that line") from None
    return from_table(table)


def from_table(table: Mapping[str, Any]) -> Spec:
    """The city in a table that was read already, such as one inside a scenario."""
    for key in table:
        if key not in _TOP:
            raise unknown(key, _TOP)
    sheet = _Sheet(table)
    base = table.get("extends", "china-city")
    if not isinstance(base, str):
        raise SpecError("extends", f"{base!r} is no name", f"Give one of: {', '.join(presets())}")
    if base:
        return sheet.over(preset(base))
    return sheet.alone()


class _Sheet:
    """One text, with the figures found in it so far."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.table = table
        self.sources = self.of_tables("sources")
        self.figures: dict[str, Figure] = {}

    def over(self, base: Spec) -> Spec:
        """The base, with what this text says instead."""
        changes: dict[str, Any] = {
            name: self.section(kind, name, getattr(base, name))
            for name, kind in _SECTIONS.items()
            if name in self.table
        }
        schools = dict(base.schools)
        for kind, table in self.of_tables("schools").items():
            schools[kind] = self.section(School, f"schools.{kind}", schools.get(kind), table)
        changes["schools"] = schools
        if "community" in self.table:
            changes["communities"] = self.communities()
            changes["people"] = sum(each.residents for each in changes["communities"])
        for name, hint in (("name", str), ("people", int)):
            if name in self.table:
                changes[name] = self.value(name, self.table[name], hint)
        return replace(base, **changes, figures={**base.figures, **self.figures})

    def alone(self) -> Spec:
        """A text that says everything itself."""
        missing = [name for name in ("name", "people", *_SECTIONS) if name not in self.table]
        if missing:
            raise SpecError(missing[0], "it is missing", "Add it, or extend another city")
        return Spec(
            name=self.value("name", self.table["name"], str),
            people=self.value("people", self.table["people"], int),
            schools={
                kind: self.section(School, f"schools.{kind}", None, table)
                for kind, table in self.of_tables("schools").items()
            },
            communities=self.communities() if "community" in self.table else (),
            **{name: self.section(kind, name) for name, kind in _SECTIONS.items()},
            figures=self.figures,
        )

    def of_tables(self, name: str) -> dict[str, Any]:
        table = self.table.get(name, {})
        if not isinstance(table, dict):
            raise SpecError(name, f"{table!r} is no table", f"Write [{name}...] above its keys")
        return table

    def section(
        self, kind: type[Any], path: str, base: Any = None, table: object | None = None
    ) -> Any:
        """One table as its dataclass; keys that it leaves out are those of `base`."""
        found = self.table[path] if table is None else table
        if not isinstance(found, dict):
            raise SpecError(path, f"{found!r} is no table", f"Write [{path}] above its keys")
        assert is_dataclass(kind)
        hints = get_type_hints(kind)
        for key in found:
            if key not in hints:
                raise unknown(f"{path}.{key}", hints)
        values = {
            key: self.value(f"{path}.{key}", value, hints[key]) for key, value in found.items()
        }
        if base is not None:
            return replace(base, **values)
        try:
            return kind(**values)
        except TypeError:
            lacking = [field.name for field in fields(kind) if field.name not in values]
            raise SpecError(f"{path}.{lacking[0]}", "it is missing", "Add it") from None

    def communities(self) -> tuple[Community, ...]:
        rows = self.table["community"]
        if not isinstance(rows, list) or not rows:
            raise SpecError("community", "no list of tables", "Write [[community]] above each")
        return tuple(
            self.section(Community, f"community[{place}]", None, row)
            for place, row in enumerate(rows, start=1)
        )

    def value(self, path: str, written: Any, hint: Any) -> Any:
        """A value of the type wanted; where it comes from is noted on the way."""
        if isinstance(written, dict):
            for key in written:
                if key not in ("value", "source", "truth"):
                    raise unknown(f"{path}.{key}", ("value", "source", "truth"))
            if "value" not in written:
                raise SpecError(path, "there is no value", "Add value = ...")
            truth = written.get("truth", "")
            if truth not in TRUTHS:
                mend = f"Give truth as one of: {', '.join(TRUTHS)}"
                raise SpecError(f"{path}.truth", f"{truth!r} is not known", mend)
            source = str(written.get("source", ""))
            self.figures[path] = Figure(str(self.sources.get(source, source)), truth)
            written = written["value"]
        return _converted(path, written, hint)


def _converted(path: str, written: Any, hint: Any) -> Any:
    if get_origin(hint) is UnionType:  # int | None: what stands there is never None
        hint = get_args(hint)[0]
    if get_origin(hint) is tuple:
        if not isinstance(written, list):
            raise SpecError(path, f"{written!r} is no list", "Write it as [a, b, ...]")
        inner = get_args(hint)[0]
        return tuple(
            _converted(f"{path}[{place}]", each, inner) for place, each in enumerate(written, 1)
        )
    if hint is float and isinstance(written, int) and not isinstance(written, bool):
        return float(written)
    if not isinstance(written, hint) or isinstance(written, bool):
        words = {int: "a whole number", float: "a number", str: "a text in quotes"}
        raise SpecError(path, f"{written!r} is of the wrong type", f"Give {words[hint]}")
    return written
