"""What is asked of a city, before a single person is made: frozen values, checked when built.

Shares may be written as shares, per cent or counts: they are brought to a sum of one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tongchou.epi.spread.city import GROUP_KINDS, N_SECTORS
from tongchou.epi.spread.population.faults import (
    SpecError,
    all_within,
    length,
    normal,
    positive_sum,
    rising,
    within,
)
from tongchou.epi.spread.population.kinds import LARGEST, N_AGES

MOST_PEOPLE = 50_000_000


@dataclass(frozen=True, slots=True)
class Community:
    """One community (社区, 村) as it is known.

    Parameters
    ----------
    households
        How many, if known; the mean size follows from it, dormitories included.
    x_km, y_km
        Where its middle lies, east and north of any point; nan: not known, for all or none.
    jobs
        How much work is there beside others, in any unit; nan: drawn.
    """

    code: str
    name: str
    district_code: str
    district_name: str
    residents: int
    households: int | None = None
    x_km: float = float("nan")
    y_km: float = float("nan")
    jobs: float = float("nan")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a city without a list of communities is divided.

    `communities` and `districts` 0: as many as the people per community and district say.
    `uneven` is the sd of the logarithm of residents. In names {} stands for the number.
    """

    residents_per_community: int = 3000
    residents_per_district: int = 450_000
    communities: int = 0
    districts: int = 0
    uneven: float = 0.4
    people_per_km2: float = 2800.0
    community_name: str = "Community {}"
    district_name: str = "District {}"

    def __post_init__(self) -> None:
        within("layout.residents_per_community", self.residents_per_community, 1, 1e6)
        within("layout.residents_per_district", self.residents_per_district, 1, 1e8)
        within("layout.communities", self.communities, 0, 200_000)
        within("layout.districts", self.districts, 0, 10_000)
        within("layout.uneven", self.uneven, 0, 1.5)
        within("layout.people_per_km2", self.people_per_km2, 0.1, 200_000)
        if self.communities and self.districts > self.communities:
            reason = f"{self.districts} districts, but {self.communities} communities"
            raise SpecError("layout.districts", reason, "Give at most one per community")


@dataclass(frozen=True, slots=True)
class Ages:
    """The pyramid: the first year of each band, the last one open, and its share of the people."""

    starts: tuple[int, ...] = tuple(range(0, 90, 5))
    shares: tuple[float, ...] = (1.0,) * 18

    def __post_init__(self) -> None:
        rising("ages.starts", self.starts, 0)
        within("ages.starts", self.starts[-1], 0, N_AGES - 5)
        length("ages.shares", self.shares, len(self.starts), "one for each entry of ages.starts")
        positive_sum("ages.shares", self.shares)
        object.__setattr__(self, "shares", normal(self.shares))


@dataclass(frozen=True, slots=True)
class Households:
    """Family households by size and generations, and who lives in dormitories instead.

    `sizes`: with 1, 2, ... 8 and more people. `generations`: with one, two, three and more;
    empty: as the sizes and ages bring it. `dormitories`: a share of the people.
    """

    sizes: tuple[float, ...]
    generations: tuple[float, ...] = ()
    dormitories: float = 0.0

    def __post_init__(self) -> None:
        length("households.sizes", self.sizes, LARGEST, f"with 1, 2, ... {LARGEST} and more people")
        positive_sum("households.sizes", self.sizes)
        object.__setattr__(self, "sizes", normal(self.sizes))
        if self.generations:
            length("households.generations", self.generations, 3, "one, two, three generations")
            positive_sum("households.generations", self.generations)
            object.__setattr__(self, "generations", normal(self.generations))
        within("households.dormitories", self.dormitories, 0, 0.9)


@dataclass(frozen=True, slots=True)
class Buildings:
    """Households in a building, a compound and a grid cell, in the mean.

    `uneven`: how far an edge between two neighbours is moved, as a share of one of them.
    """

    households_per_building: float = 30.0
    households_per_compound: float = 130.0
    households_per_grid: float = 400.0
    uneven: float = 0.5

    def __post_init__(self) -> None:
        sizes = (
            self.households_per_building,
            self.households_per_compound,
            self.households_per_grid,
        )
        all_within("buildings.households_per_...", sizes, 1, 100_000)
        if not sizes[0] <= sizes[1] <= sizes[2]:
            mend = "Give building <= compound <= grid"
            raise SpecError("buildings", "a building is larger than what it stands in", mend)
        within("buildings.uneven", self.uneven, 0, 0.9)


@dataclass(frozen=True, slots=True)
class School:
    """One kind of school or kindergarten.

    Parameters
    ----------
    ages
        First and last year of age of those who may go.
    enrolment
        Share of them who do.
    class_size, class_most
        Pupils of a class in the mean and at most.
    classes_per_year
        Classes of one age in one school: how large its catchment is follows from it.
    elsewhere
        Share of the pupils who go to a school next to their own.
    rides
        Share of the pupils from another community who come by public transport.
    """

    ages: tuple[int, int]
    enrolment: float
    class_size: float
    class_most: int
    classes_per_year: float
    elsewhere: float = 0.0
    rides: float = 0.0

    def check(self, kind: str) -> None:
        key = f"schools.{kind}"
        length(f"{key}.ages", self.ages, 2, "the first and the last year of age")
        all_within(f"{key}.ages", self.ages, 0, N_AGES - 1)
        if self.ages[0] > self.ages[1]:
            raise SpecError(f"{key}.ages", f"{list(self.ages)} is backwards", "Swap them")
        within(f"{key}.enrolment", self.enrolment, 0, 1)
        within(f"{key}.class_size", self.class_size, 1, 1000)
        within(f"{key}.class_most", self.class_most, self.class_size, 1000)
        within(f"{key}.classes_per_year", self.classes_per_year, 0.1, 1000)
        within(f"{key}.elsewhere", self.elsewhere, 0, 1)
        within(f"{key}.rides", self.rides, 0, 1)


@dataclass(frozen=True, slots=True)
class Work:
    """Who works, where, and with how many others.

    Parameters
    ----------
    starts, participation
        First year of each band of age, and the share at work of those not in a school.
    sectors
        Employed people by sector of the 42-sector table.
    sizes
        Mean people per workplace, by sector.
    spread
        Sd of the logarithm of a workplace's size: one for all, or by sector.
    most
        No workplace is larger than this.
    """

    starts: tuple[int, ...]
    participation: tuple[float, ...]
    sectors: tuple[float, ...]
    sizes: tuple[float, ...]
    spread: tuple[float, ...] = (1.2,)
    most: int = 3000

    def __post_init__(self) -> None:
        rising("work.starts", self.starts, 0)
        what = "one for each entry of work.starts"
        length("work.participation", self.participation, len(self.starts), what)
        all_within("work.participation", self.participation, 0, 1)
        length("work.sectors", self.sectors, N_SECTORS, "one for each sector of the table")
        positive_sum("work.sectors", self.sectors)
        object.__setattr__(self, "sectors", normal(self.sectors))
        length("work.sizes", self.sizes, N_SECTORS, "one for each sector of the table")
        all_within("work.sizes", self.sizes, 1, self.most)
        if len(self.spread) != 1:
            length("work.spread", self.spread, N_SECTORS, "or one for all sectors")
        all_within("work.spread", self.spread, 0, 2.5)
        within("work.most", self.most, 1, 1e6)


@dataclass(frozen=True, slots=True)
class Commuting:
    """How far people go to work.

    Parameters
    ----------
    law
        "distance": `shares` of the workers by distance; "gravity": as exp(-km / `scale_km`);
        "matrix": `matrix`, a row per place of living, by "district" or "community".
    edges_km
        Where one band of distance ends and the next begins.
    shares, rides
        For each band, the share of the workers, and of those who leave their own community
        the share in public transport.
    own_community
        Share of the workers who work where they live; of "distance" part of the first band, and
        with a matrix of districts as far as the own district's share goes.
    jobs_uneven
        Sd of the logarithm of jobs per resident between communities.
    """

    law: str = "distance"
    edges_km: tuple[float, ...] = (5.0,)
    shares: tuple[float, ...] = (0.5, 0.5)
    rides: tuple[float, ...] = (0.0, 0.0)
    own_community: float = 0.0
    scale_km: float = 5.0
    jobs_uneven: float = 0.8
    level: str = "district"
    matrix: tuple[tuple[float, ...], ...] = ()

    def __post_init__(self) -> None:
        _one_of("commuting.law", self.law, ("distance", "gravity", "matrix"))
        _one_of("commuting.level", self.level, ("district", "community"))
        rising("commuting.edges_km", (0.0, *self.edges_km))
        what = "one more than commuting.edges_km"
        length("commuting.shares", self.shares, len(self.edges_km) + 1, what)
        positive_sum("commuting.shares", self.shares)
        object.__setattr__(self, "shares", normal(self.shares))
        length("commuting.rides", self.rides, len(self.edges_km) + 1, what)
        all_within("commuting.rides", self.rides, 0, 1)
        nearest = self.shares[0] if self.law == "distance" else 1.0
        within("commuting.own_community", self.own_community, 0, nearest)
        within("commuting.scale_km", self.scale_km, 0.01, 10_000)
        within("commuting.jobs_uneven", self.jobs_uneven, 0, 2)
        for place, row in enumerate(self.matrix, start=1):
            key = f"commuting.matrix[{place}]"
            length(key, row, len(self.matrix), "one for each place of work")
            positive_sum(key, row)
        if self.law == "matrix" and not self.matrix:
            raise SpecError("commuting.matrix", "it is missing", "Give a row per place of living")


@dataclass(frozen=True, slots=True)
class Capacities:
    """What stands ready, per 1,000 residents; a scenario may say otherwise."""

    beds: float
    severe_beds: float
    icu_beds: float
    facility_rooms: float
    lab_tubes_a_day: float
    tracers: float

    def __post_init__(self) -> None:
        for name in self.__slots__:
            within(f"capacities.{name}", getattr(self, name), 0, 10_000)

    def of(self, people: int) -> dict[str, int]:
        """How many there are in a city of so many people."""
        return {name: round(getattr(self, name) * people / 1000) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Figure:
    """Where a figure comes from and how far to trust it."""

    source: str
    truth: str


@dataclass(frozen=True, slots=True)
class Spec:
    """A city as asked for. Read by `reading.read`, or made from areas by `areas.from_areas`."""

    name: str
    people: int
    layout: Layout
    ages: Ages
    households: Households
    buildings: Buildings
    schools: Mapping[str, School]
    work: Work
    commuting: Commuting
    capacities: Capacities
    communities: tuple[Community, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)

    def __post_init__(self) -> None:
        within("people", self.people, 1, MOST_PEOPLE)
        taken: dict[int, str] = {}
        for kind, school in self.schools.items():
            _one_of(f"schools.{kind}", kind, GROUP_KINDS[:-1])
            school.check(kind)
            for age in range(school.ages[0], school.ages[1] + 1):
                if age in taken:
                    reason = f"age {age} belongs to {taken[age]} too"
                    raise SpecError(f"schools.{kind}.ages", reason, "Give each age to one kind")
                taken[age] = kind


def _one_of(key: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise SpecError(key, f"{value!r} is not known", f"Give one of: {', '.join(known)}")
