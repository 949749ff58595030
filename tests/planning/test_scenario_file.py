"""A scenario from a file, checked key by key."""

from datetime import date
from pathlib import Path

import pytest

from tongchou.planning.scenario_file import ScenarioError, read, read_text, shipped

SMALL = """
playbook = "cn-2022-06"
disease = "covid19_omicron_ba2"
days = 30
infections = 5

[city]
people = 4000
"""
SEARCH = (
    SMALL
    + """
[policy.war.masks]
share = 0.8

[search]
"war.rounds.interval_days" = { from = 1, to = 3 }
"war.masks.share" = [0.5, 0.9]
"contact.close.quarantine.facility" = [3, 7]
"capacities.rooms" = { from = 100, to = 300, step = 100 }

[plan]
minimise = ["cost.total", "infections"]
constraints = ["beds.severe <= 10 @ 95%"]
budget = 30
seeds = 5
"""
)


def faults(text):
    with pytest.raises(ScenarioError) as caught:
        read_text(text, file="s.toml")
    return caught.value.faults


def test_a_scenario_is_a_city_a_disease_and_a_playbook():
    found = read_text(SMALL)

    assert (found.scenario.days, found.scenario.infections, found.scenario.place.n) == (30, 5, 4000)
    assert found.disease == found.scenario.course.name == "covid19_omicron_ba2"
    assert found.playbook.id == "cn-2022-06"
    assert found.scenario.policy.war.zones.unit == "compound"


def test_what_stands_ready_is_that_of_the_city_unless_said():
    found = read_text(SMALL + '[capacities]\nrooms = 77\nbeds = "unlimited"\n').scenario.capacities

    assert found.rooms == 77
    assert found.beds == float("inf")
    assert found.tubes == 146  # 36.6 for a thousand people


def test_without_a_playbook_nothing_is_done():
    found = read_text('disease = "influenza"\n[city]\npeople = 2000\n')

    assert found.playbook is None
    assert found.scenario.policy.war.testing.symptomatic == 0


def test_a_file_puts_its_own_values_over_the_playbook():
    more = "[policy.both.rounds]\npool_size = 5\n[behaviour]\nstart = 0.7\n[course]\nr0 = 4\n"
    found = read_text(SMALL + more).scenario

    assert found.policy.peace.rounds.pool_size == found.policy.war.rounds.pool_size == 5
    assert found.policy.adherence.start == 0.7
    assert found.course.r0 == 4.0


def test_numbers_that_the_playbook_rules_are_searched_in_the_playbook():
    found = read_text(SEARCH)

    assert found.space.paths == (
        "response.rounds.interval_days.war",
        "policy.war.masks.share",
        "contact.close.quarantine.facility",
        "capacities.rooms",
    )
    assert found.base["contact.close.quarantine.facility"] == 7
    assert found.base["policy.war.masks.share"] == 0.8
    assert (found.budget, found.n_seeds) == (30, 5)


def test_settings_change_playbook_and_scenario_and_keep_what_the_file_put_over():
    found = read_text(SEARCH)
    changed = found.with_settings(
        {
            "response.rounds.interval_days.war": 3,
            "contact.close.quarantine.facility": 3,
            "capacities.rooms": 200.0,
        }
    )

    assert changed.policy.war.rounds.interval_days == 3
    assert changed.policy.war.quarantine.facility_days == 3
    assert changed.rules.war.quarantine.rooms == 200
    assert changed.policy.war.masks.share == 0.8


def test_the_settings_as_they_stand_change_nothing():
    found = read_text(SEARCH)

    assert found.with_settings(found.base).digest == found.scenario.digest


def test_a_city_may_be_described_in_the_scenario():
    found = read_text(SMALL + "[city.buildings]\nhouseholds_per_building = 12\n")

    assert found.scenario.place.spec.buildings.households_per_building == 12


def test_doubts_are_the_usual_ones_or_those_of_the_file():
    own = read_text(SMALL + '[wrong]\ndisease = "covid19_delta"\ndelay = 3\n')

    assert [each.key for each in read_text(SMALL).wrong] == ["transmission", "adherence", "delay"]
    assert [each.key for each in own.wrong] == ["variant", "delay"]
    assert own.wrong[0].change(own.scenario).course.name == "covid19_delta"


@pytest.mark.parametrize(
    ("added", "line", "said"),
    [
        ("[policy.war.round]\ninterval_days = 3\n", 10, "Did you mean 'rounds'?"),
        ("[policy.war.rounds]\ninterval_days = 0\n", 10, "it must be 1 or more"),
        ("[capacities]\nroom = 3\n", 10, "did you mean 'rooms'?"),
        ("[capacities]\nrooms = -3\n", 10, "it must be 0 or more"),
        ('[search]\n"war.rounds.interval_days" = 3\n', 9, "or a list of choices"),
        ('[search]\n"zone.high.lift.days" = [1, 2]\n', 9, "it has clean_days"),
        ('[search]\n"contact.close.quarantine.home" = [0, -2]\n', 9, "out of range"),
        ('[plan]\nconstraints = ["beds.sever <= 3"]\n', 10, "nearest is 'beds.severe'"),
        ("[plan]\nbudget = 0\n", 10, "no whole number from 1 up"),
        ("[wrong]\ndelay = -1\n", 10, "is no factor"),
        ('[search]\n"both.masks.share" = [0.1, 0.2]\n', 9, "search one of the two"),
        ('[search]\n"response.rounds.unit" = ["zone", "city"]\n', 9, "search one of the two"),
        ("[city.building]\n", 9, "building"),
    ],
)
def test_a_fault_has_its_line_the_reason_and_how_to_mend_it(added, line, said):
    (fault,) = faults(SMALL + added)

    assert said in fault
    assert fault.startswith(f"s.toml:{line}:")


def test_every_fault_is_told_at_once():
    bad = SMALL.replace("cn-2022-06", "cn-2022-07").replace("days = 30", "day = 30")
    found = faults(bad + '[plan]\nseeds = "x"\n')

    assert len(found) == 3
    assert any("cn-2022-06" in each for each in found)
    assert any("did you mean 'days'?" in each for each in found)


def test_a_disease_that_is_not_there_is_refused_with_those_that_are():
    (fault,) = faults(SMALL.replace("omicron_ba2", "omikron"))

    assert "covid19_omicron_ba2" in fault


def test_start_on_is_a_date():
    assert read_text("start_on = 2022-03-01\n" + SMALL).scenario.start_on == date(2022, 3, 1)
    assert "unquoted" in faults('start_on = "2022-03-01"\n' + SMALL)[0]


def test_what_is_no_toml_is_said_so(tmp_path):
    assert "not TOML" in faults("playbook = ")[0]
    with pytest.raises(ScenarioError, match="No such file"):
        read(tmp_path / "none.toml")


def test_a_playbook_beside_the_scenario_is_found(tmp_path):
    (tmp_path / "ours.toml").write_text(
        'id = "ours"\ntitle = {zh="a", en="b"}\nissuer = "x"\nvalid_from = 2022-01-01\n'
        'extends = "cn-2022-06"\n[response.rounds]\npool_size = {value = 4, truth = "memory", '
        'source = "x"}\n'
    )
    (tmp_path / "s.toml").write_text(SMALL.replace('"cn-2022-06"', '"ours.toml"'))
    found = read(tmp_path / "s.toml")

    assert found.playbook.id == "ours"
    assert found.scenario.policy.war.rounds.pool_size == 4


@pytest.mark.parametrize("name", shipped())
def test_the_scenarios_that_come_along_can_be_run_and_searched(name):
    found = read(Path(name), people=3000)

    assert found.space.size > 100
    assert found.with_settings(found.base).digest == found.scenario.digest
    assert found.objectives and found.constraints


def test_a_scenario_sets_its_own_prices_and_leaves_the_rest():
    prices = read_text(SMALL + "[prices]\ngate_minutes = 45\ngate_trip = 12.5\n").scenario.prices
    assert (prices.of("gate_minutes"), prices.price["gate_trip"].value) == (45, 12.5)
    assert prices.price["gate_wait"].source != "set by hand" == prices.price["gate_trip"].source


def test_a_price_that_there_is_none_of_is_refused_at_its_line():
    with pytest.raises(ScenarioError) as told:
        read_text(SMALL + "[prices]\ngate_minute = 45\ndeath = 3\ngate_freight = -1\n")
    said = str(told.value)
    assert ":10: prices.gate_minute: is not known here. Did you mean gate_minutes?" in said
    assert ":11: prices.death: deaths are counted and never priced." in said
    assert ":12: prices.gate_freight: " in said and "from 0 up" in said
