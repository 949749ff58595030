"""A profile of a file of counts as a value: which column says where, when and how many."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tongchou.intake.words import plain

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A column of counts and the channel it belongs to."""

    channel: str
    value: Names
    denominator: Names = ()


@dataclass(frozen=True, slots=True)
class Long:
    """A row is one count: the channel stands in the row. `words` lead the file's words to ours."""

    channel: Names
    value: Names
    denominator: Names = ()
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class When:
    """The day, or the year and week (`mmwr` weeks begin on Sunday, `iso` weeks on Monday)."""

    day: Names = ()
    year: Names = ()
    week: Names = ()
    weeks: str = "mmwr"
    order: str = "ymd"


@dataclass(frozen=True, slots=True)
class AreaColumns:
    """The row is an area's own count: the area by its code, and the one above it."""

    code: Names
    name: Names
    above_code: Names
    above_name: Names


@dataclass(frozen=True, slots=True)
class SiteColumns:
    """The row is a site's count. `register` lets a list bring sites that are not known yet."""

    code: Names
    name: Names = ()
    area: Names = ()
    register: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """Where sites stand that name no area, in an instance that has no areas yet."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A site that a list names; `apart` where it belongs to none of its area's parts."""

    code: str
    name: str
    area_id: str
    name_en: str = ""
    apart: bool = False


@dataclass(frozen=True)
class CountProfile:
    """How one source writes its counts."""

    id: str
    title: Mapping[str, str]
    source: str
    source_name: str
    source_name_en: str
    when: When
    areas: AreaColumns | None = None
    sites: SiteColumns | None = None
    ground: Ground | None = None
    counts: tuple[Counted, ...] = ()
    long: Long | None = None
    missing: frozenset[str] = frozenset({""})
    ignored: frozenset[str] = frozenset()
    header_rows: tuple[int, ...] = (1,)
    worksheets: Names = ()
    comment: str = ""

    @property
    def used(self) -> frozenset[str]:
        """Every column that is read, in `plain` form."""
        when = (*self.when.day, *self.when.year, *self.when.week)
        where: Names = ()
        if self.areas:
            a = self.areas
            where = (*a.code, *a.name, *a.above_code, *a.above_name)
        if self.sites:
            where = (*where, *self.sites.code, *self.sites.name, *self.sites.area)
        many = [name for c in self.counts for name in (*c.value, *c.denominator)]
        if self.long:
            many += [*self.long.channel, *self.long.value, *self.long.denominator]
        return frozenset(map(plain, (*when, *where, *many)))

    @property
    def needed(self) -> tuple[Names, ...]:
        """Columns of which a file must have one of each group."""
        when = (self.when.day,) if self.when.day else (self.when.year, self.when.week)
        where = (self.areas.code,) if self.areas else (self.sites.code,) if self.sites else ()
        many = (
            (self.long.channel, self.long.value)
            if self.long
            else tuple(counted.value for counted in self.counts[:1])
        )
        return (*when, *where, *many)
