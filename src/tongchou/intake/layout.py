"""A profile as a value: which column leads to which field, and whose words mean what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tongchou.intake.fields import Kind
from tongchou.intake.words import plain


@dataclass(frozen=True, slots=True)
class Source:
    """Where the text of a field comes from: the first filled of these columns, or all in a row."""

    columns: tuple[str, ...]
    join: bool = False


@dataclass(frozen=True)
class Sheet:
    """One kind of row as one source writes it.

    `values` maps the source's words, in `plain` form, to ours; the word `*` stands for any other.
    """

    kind: Kind
    columns: Mapping[str, Source]
    key: Source
    worksheets: tuple[str, ...] = ()
    header_rows: tuple[int, ...] = (1,)
    comment: str = ""
    encoding: str = ""
    order: str = "ymd"
    year: int | None = None
    required: tuple[str, ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    defaults: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    ignored: frozenset[str] = frozenset()
    fold: bool = False
    numberless: bool = False

    @property
    def used(self) -> frozenset[str]:
        """Every column that is read, in `plain` form."""
        sources = (*self.columns.values(), self.key)
        return frozenset(plain(column) for source in sources for column in source.columns)

    def column_of(self, name: str) -> str:
        """What the sheet calls a field, for messages and templates."""
        source = self.columns.get(name)
        return source.columns[0] if source else name


@dataclass(frozen=True, slots=True)
class Ground:
    """The area of a list that names none, and what to do with an area that is not known here."""

    code: str
    name: str
    name_en: str
    unknown: str = "refuse"


@dataclass(frozen=True)
class Profile:
    """All sheets of one source. `source` is the name space of its numbers."""

    id: str
    source: str
    title: Mapping[str, str]
    ground: Ground
    sheets: Mapping[Kind, Sheet]

    def name(self, language: str) -> str:
        return self.title["zh" if language.startswith("zh") else "en"]
