"""Builds a city from what is asked of it."""

from tongchou.epi.spread.city import City
from tongchou.epi.spread.population.faults import within
from tongchou.epi.spread.population.grouping import grouped
from tongchou.epi.spread.population.hands import hands
from tongchou.epi.spread.population.households import (
    Mix,
    family_shares,
    fitted,
    mean_sizes,
    tilted,
)
from tongchou.epi.spread.population.housing import housed
from tongchou.epi.spread.population.layout import laid
from tongchou.epi.spread.population.spec import MOST_PEOPLE, Spec
from tongchou.kit.compiled import example


def build(spec: Spec, seed: int, people: int | None = None, *, threads: int | None = None) -> City:
    """The city of a description: the same for the same seed, with any number of threads.

    Parameters
    ----------
    people
        How many; by default as many as the description says. Listed communities keep their
        proportions.
    threads
        By default all of the machine.

    Raises
    ------
    SpecError
        Where the description cannot be followed, such as more communities than people.
    """
    n = spec.people if people is None else people
    within("people", n, 1, MOST_PEOPLE)
    ground = laid(spec, seed, n)
    mix = mix_of(spec)
    with hands(threads) as many:
        home = housed(spec.buildings, ground, mix, seed, many)
        day = grouped(spec, ground, home.age, mix.ages(), seed, many)
    community = ground.start.astype("i4")
    district = community[ground.district_start]
    return City(
        name=spec.name,
        age=home.age,
        household=home.household,
        household_start=home.household_start,
        unit_start={**home.units, "community": community, "district": district},
        **{name: getattr(day, name) for name in day.__dataclass_fields__},
        community_code=ground.community_code,
        community_name=ground.community_name,
        district_code=ground.district_code,
        district_name=ground.district_name,
    )


def mix_of(spec: Spec) -> Mix:
    """The households that have the statistics asked for.

    Where the communities say how many households they have, the sizes are leant to their mean
    before the ages are fitted.
    """
    households, ages = spec.households, spec.ages
    mix = fitted(
        households.sizes,
        households.generations,
        households.dormitories,
        ages.starts,
        ages.shares,
    )
    stated = [(each.residents, each.households) for each in spec.communities if each.households]
    if not stated:
        return mix
    mean = sum(people for people, _ in stated) / sum(number or 0 for _, number in stated)
    least, most = mean_sizes(mix)
    if not least < mean < most:
        return mix
    sizes, generations = family_shares(mix, tilted(mix, mean))
    generations = generations if households.generations else ()
    return fitted(sizes, generations, households.dormitories, ages.starts, ages.shares)


@example
def _warm_up() -> None:
    from tongchou.epi.spread.population.reading import preset

    build(preset("china-city"), seed=1, people=3000)
