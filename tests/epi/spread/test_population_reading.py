"""A city's description as text: what is read, and how it is refused."""

from dataclasses import fields

import pytest

from tongchou.epi.spread.population import SpecError, from_table, preset, presets, read
from tongchou.epi.spread.population.reading import _SECTIONS, TRUTHS


def test_a_text_says_only_what_differs() -> None:
    spec = read('name = "Yichang"\npeople = 4_000_000\n[households]\ndormitories = 0.02')
    usual = preset("china-city")
    assert (spec.name, spec.people) == ("Yichang", 4_000_000)
    assert spec.households.dormitories == 0.02
    assert spec.households.sizes == usual.households.sizes
    assert spec.work == usual.work


def test_shares_may_be_per_cent_or_counts() -> None:
    spec = read("[households]\nsizes = [50, 50, 0, 0, 0, 0, 0, 0]")
    assert spec.households.sizes[:3] == (0.5, 0.5, 0.0)


def test_a_figure_may_carry_its_source() -> None:
    spec = read(
        '[sources]\nsurvey = "Our survey of 2025"\n[buildings]\n'
        'households_per_grid = { value = 350, source = "survey", truth = "verified" }'
    )
    assert spec.buildings.households_per_grid == 350
    figure = spec.figures["buildings.households_per_grid"]
    assert (figure.source, figure.truth) == ("Our survey of 2025", "verified")


def test_every_figure_that_comes_with_the_package_has_a_source() -> None:
    plain = {"ages.starts", "work.starts", "commuting.edges_km", "commuting.law"}
    plain |= {"commuting.level", "commuting.scale_km", "commuting.matrix"}
    plain |= {f"layout.{name}" for name in ("communities", "districts")}
    plain |= {f"layout.{name}_name" for name in ("community", "district")}
    for name in presets():
        spec = preset(name)
        wanted = {
            f"{part}.{each.name}" for part, kind in _SECTIONS.items() for each in fields(kind)
        }
        wanted |= {f"schools.{kind}.class_most" for kind in spec.schools}
        lacking = wanted - plain - set(spec.figures)
        assert not lacking
        assert all(each.source and each.truth in TRUTHS for each in spec.figures.values())


def test_communities_are_listed_one_by_one() -> None:
    row = '[[community]]\ncode = "{}"\nname = "x"\ndistrict_code = "1"\ndistrict_name = "y"\n'
    spec = read("".join(row.format(code) + "residents = 20\n" for code in "abc"))
    assert [each.code for each in spec.communities] == ["a", "b", "c"]
    assert spec.people == 60
    assert spec.communities[0].households is None


REFUSED = [
    ("pepole = 3", "pepole: there is no such key. Did you mean 'people'."),
    ('people = "many"', "people: 'many' is of the wrong type. Give a whole number."),
    ("people = 0", "people: 0 is not possible. Give a number from 1 to 5e+07."),
    ("people = true", "people: True is of the wrong type"),
    ("work = 3", "work: 3 is no table. Write [work] above its keys."),
    ("[work]\nsectorz = [3]", "work.sectorz: there is no such key. Did you mean 'sectors'."),
    ("[work]\nstarts = [3]", "work.starts: it does not begin with 0"),
    ("[work]\nsectors = [1, 2]", "work.sectors: 2 entries. Give 42: one for each sector"),
    ("[work]\nstarts = 3", "work.starts: 3 is no list. Write it as [a, b, ...]."),
    ("[schools.primry]", "schools.primry.ages: it is missing. Add it."),
    ("[schools.primary]\nages = [6, 13]", "schools.secondary.ages: age 12 belongs to primary too"),
    ("[schools.primary]\nages = [11, 6]", "schools.primary.ages: [11, 6] is backwards. Swap them."),
    ("[schools.primary]\nclass_most = 20", "schools.primary.class_most: 20 is not possible"),
    ("schools = 3", "schools: 3 is no table"),
    (
        "[ages]\nshares = { value = [1] }",
        "ages.shares.truth: '' is not known. Give truth as one of",
    ),
    ("[ages]\nshares = { truth = 'memory' }", "ages.shares: there is no value. Add value = ..."),
    ("[ages]\nshares = { values = [1] }", "ages.shares.values: there is no such key. Did you mean"),
    ("[ages]\nstarts = [0, 20, 10]", "ages.starts: [0, 20, 10] does not rise"),
    ("[households]\nsizes = [0, 0, 0, 0, 0, 0, 0, 0]", "households.sizes: all entries are zero"),
    (
        "[households]\nsizes = [-1, 0, 0, 0, 0, 0, 0, 2]",
        "households.sizes[1]: -1.0 is not possible",
    ),
    ("[households]\ndormitories = nan", "households.dormitories: nan is not possible"),
    ("[buildings]\nhouseholds_per_grid = 20", "buildings: a building is larger than what it"),
    ('[commuting]\nlaw = "train"', "commuting.law: 'train' is not known. Give one of: distance"),
    ('[commuting]\nlaw = "matrix"', "commuting.matrix: it is missing"),
    ("[commuting]\nmatrix = [[1, 2], [3]]", "commuting.matrix[2]: 1 entries. Give 2"),
    ("[commuting]\nown_community = 0.9", "commuting.own_community: 0.9 is not possible"),
    (
        "[layout]\ncommunities = 2\ndistricts = 3",
        "layout.districts: 3 districts, but 2 communities",
    ),
    ('extends = "china"', "china: there is no such key. Did you mean 'china-city'."),
    ('extends = ""\nname = "x"', "people: it is missing. Add it, or extend another city."),
    ("extends = 3", "extends: 3 is no name. Give one of: china-city"),
    ("sources = 3", "sources: 3 is no table"),
    ("[work", "city: this is no TOML: Expected ']'"),
    ("community = []", "community: no list of tables. Write [[community]] above each."),
    ("[[community]]\ncode = '1'", "community[1].name: it is missing"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED, ids=[text[:30] for text, _ in REFUSED])
def test_a_fault_is_named_with_its_key_and_how_to_mend_it(text: str, words: str) -> None:
    with pytest.raises(SpecError) as fault:
        read(text)
    assert words in str(fault.value)


def test_a_scenario_may_hold_a_city_as_a_table() -> None:
    assert from_table({"extends": "large-city", "people": 7}).people == 7


def test_capacities_follow_the_people() -> None:
    ready = preset("china-city").capacities.of(1_000_000)
    assert ready["beds"] == 6460
    assert ready["icu_beds"] == 40
