"""From a parsed TOML file to a profile, with every fault at its key."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from tongchou.intake.fields import FIELDS, NEEDED, Kind, Type
from tongchou.intake.layout import Ground, Profile, Sheet, Source
from tongchou.intake.words import plain

ORDERS = ("ymd", "mdy", "dmy")
_KEYS = (
    "key",
    "worksheets",
    "header_rows",
    "comment",
    "encoding",
    "dates",
    "year",
    "required",
    "columns",
    "values",
    "defaults",
    "ignored",
    "fold",
    "numberless",
)


class Reader:
    """Walks the tables and collects faults instead of stopping at the first."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[str] = []

    def fault(self, key: str, says: str) -> None:
        self.faults.append(f"{self.file}: {key}: {says}")

    def profile(self, content: dict[str, Any], name: str) -> Profile:
        kinds = [kind.value for kind in Kind]
        self.known(content, ("title", "source", "area", *kinds), "")
        title = self.table(content, "title", "")
        for language in ("zh", "en"):
            self.text(title, language, "title.", needed=True)
        area = self.table(content, "area", "")
        self.known(area, ("code", "name", "name_en", "unknown"), "area.")
        ground = Ground(
            code=self.text(area, "code", "area.", needed=True),
            name=self.text(area, "name", "area.", needed=True),
            name_en=self.text(area, "name_en", "area."),
            unknown=self.one_of(area, "unknown", "area.", ("refuse", "remark"), "refuse"),
        )
        sheets = {
            kind: self.sheet(kind, self.table(content, kind.value, ""))
            for kind in Kind
            if kind.value in content
        }
        if not sheets:
            self.fault("(top)", f"a profile needs one of the tables {', '.join(kinds)}")
        return Profile(
            id=name,
            source=self.text(content, "source", "") or name,
            title=MappingProxyType({k: str(v) for k, v in title.items()}),
            ground=ground,
            sheets=MappingProxyType(sheets),
        )

    def sheet(self, kind: Kind, table: dict[str, Any]) -> Sheet:
        at, fields = f"{kind}.", FIELDS[kind]
        self.known(table, _KEYS, at)
        columns = {
            name: self.source(value, f"{at}columns.{name}")
            for name, value in self.table(table, "columns", at, needed=True).items()
            if self.field(name, fields, f"{at}columns.")
        }
        defaults = self.table(table, "defaults", at)
        for name in list(defaults):
            if self.field(name, fields, f"{at}defaults."):
                self.default(name, defaults[name], fields, f"{at}defaults.{name}")
        required = tuple(self.words(table, "required", at))
        for name in required:
            there = self.field(name, fields, f"{at}required: ")
            if there and name not in columns and name not in defaults:
                self.fault(f"{at}required", f"{name} has neither a column nor a default")
        for name in NEEDED[kind]:
            if name not in columns and name not in defaults:
                self.fault(f"{at}columns", f"{name} is needed: give it a column or a default")
        key = self.source(table["key"], f"{at}key") if "key" in table else Source(())
        if not key.columns and not self.flag(table, "numberless", at):
            self.fault(f"{at}key", "is needed: which column tells one row from another?")
        return Sheet(
            kind=kind,
            columns=MappingProxyType(columns),
            key=key,
            worksheets=tuple(self.words(table, "worksheets", at)),
            header_rows=self.header_rows(table, at),
            comment=self.text(table, "comment", at),
            encoding=self.text(table, "encoding", at),
            order=self.one_of(table, "dates", at, ORDERS, "ymd"),
            year=self.year(table, at),
            required=required,
            values=self.values(self.table(table, "values", at), fields, f"{at}values."),
            defaults=MappingProxyType({k: str(v) for k, v in defaults.items()}),
            ignored=frozenset(plain(word) for word in self.words(table, "ignored", at)),
            fold=self.flag(table, "fold", at),
            numberless=self.flag(table, "numberless", at),
        )

    def values(
        self, table: dict[str, Any], fields: Mapping[str, Any], at: str
    ) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, Mapping[str, str]] = {}
        for name, words in table.items():
            if not self.field(name, fields, at):
                continue
            if not isinstance(words, dict):
                self.fault(f"{at}{name}", "is a table of their word = our word")
                continue
            for theirs, ours in words.items():
                self.default(name, ours, fields, f"{at}{name}.{theirs}")
            found[name] = MappingProxyType({plain(k): str(v) for k, v in words.items()})
        return MappingProxyType(found)

    def default(self, name: str, value: Any, fields: Mapping[str, Any], key: str) -> None:
        """Our side of a value must be a word of ours."""
        choices = fields[name].choices
        if fields[name].type is Type.CHOICE and str(value) not in choices:
            near = get_close_matches(str(value), choices, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            self.fault(key, f"{value!r} is none of {', '.join(map(repr, choices))}.{hint}")

    def source(self, value: Any, key: str) -> Source:
        if isinstance(value, str):
            return Source((value,))
        if isinstance(value, dict) and set(value) == {"join"}:
            return Source(self.source(value["join"], key).columns, join=True)
        if isinstance(value, list) and value and all(isinstance(v, str) for v in value):
            return Source(tuple(value))
        self.fault(key, "is a column, a list of columns, or { join = [columns] }")
        return Source(())

    def field(self, name: str, fields: Mapping[str, Any], at: str) -> bool:
        if name in fields:
            return True
        near = get_close_matches(name, fields, n=1)
        hint = f" Did you mean {near[0]}?" if near else f" Fields: {', '.join(fields)}."
        self.fault(f"{at}{name}", f"there is no such field.{hint}")
        return False

    def known(self, table: dict[str, Any], names: tuple[str, ...], at: str) -> None:
        for name in table:
            if name not in names:
                near = get_close_matches(name, names, n=1)
                hint = f" Did you mean {near[0]}?" if near else f" Keys: {', '.join(names)}."
                self.fault(f"{at}{name}", f"unknown key.{hint}")

    def table(
        self, table: dict[str, Any], name: str, at: str, *, needed: bool = False
    ) -> dict[str, Any]:
        value = table.get(name, {})
        if not isinstance(value, dict):
            self.fault(f"{at}{name}", "is a table")
            return {}
        if needed and not value:
            self.fault(f"{at}{name}", "is needed")
        return value

    def text(self, table: dict[str, Any], name: str, at: str, *, needed: bool = False) -> str:
        value = table.get(name, "")
        if not isinstance(value, str):
            self.fault(f"{at}{name}", "is a text in quotes")
            return ""
        if needed and not value.strip():
            self.fault(f"{at}{name}", "is needed")
        return value

    def words(self, table: dict[str, Any], name: str, at: str) -> Iterator[str]:
        value = table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.fault(f"{at}{name}", "is a list of texts")
            return
        yield from value

    def one_of(
        self, table: dict[str, Any], name: str, at: str, choices: tuple[str, ...], default: str
    ) -> str:
        value = table.get(name, default)
        if value not in choices:
            self.fault(f"{at}{name}", f"is one of {', '.join(choices)}, not {value!r}")
            return default
        return str(value)

    def flag(self, table: dict[str, Any], name: str, at: str) -> bool:
        value = table.get(name, False)
        if not isinstance(value, bool):
            self.fault(f"{at}{name}", "is true or false")
        return value is True

    def year(self, table: dict[str, Any], at: str) -> int | None:
        value = table.get("year")
        if value is not None and (not isinstance(value, int) or not 1900 <= value <= 2200):
            self.fault(f"{at}year", "is the year of days written without one, such as 2015")
            return None
        return value

    def header_rows(self, table: dict[str, Any], at: str) -> tuple[int, ...]:
        value = table.get("header_rows", 1)
        rows = value if isinstance(value, list) else [value]
        if not rows or not all(isinstance(row, int) and 1 <= row <= 9 for row in rows):
            self.fault(f"{at}header_rows", "is a number of rows, or a list of numbers to try")
            return (1,)
        return tuple(rows)
