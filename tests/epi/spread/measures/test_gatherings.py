import numpy as np
import pytest

from tests.epi.spread.little import PEOPLE, begun, mean_infections, simulated, steady
from tongchou.epi.spread.measures import gatherings
from tongchou.epi.spread.measures.gatherings import Gatherings
from tongchou.epi.spread.measures.stages import WAR
from tongchou.epi.spread.policy import Policy, Response
from tongchou.epi.spread.spreading import spread
from tongchou.epi.spread.ways import COMMUNITY, COMPOUND, HOUSEHOLD, VEHICLE, WHOLE_CITY, WORKPLACE

QUIET = Gatherings(compound=0.7, community=0.5, city=0.3, vehicle=0.4)


def test_each_layer_keeps_its_own_part() -> None:
    run = begun(steady(gatherings=QUIET))
    gatherings.shape(run)
    left = run.behaviour.made[0, 0]
    assert left.round(6).tolist() == pytest.approx([1, 1, 1, 0.7, 0.5, 0.3, 0.4])


def test_a_contact_is_thinned_once_and_not_at_both_ends() -> None:
    run = begun(steady(gatherings=Gatherings(community=0.5)))
    gatherings.shape(run)
    assert run.behaviour.bare
    assert run.behaviour.rate()[0, COMMUNITY] == pytest.approx(0.5 * run.behaviour.base[COMMUNITY])


def test_a_district_at_peace_is_untouched_by_what_war_asks() -> None:
    run = begun(Policy(war=Response(gatherings=QUIET)))
    run.tempo[1] = WAR
    gatherings.shape(run)
    assert (run.behaviour.made[0] == 1).all()
    assert (run.behaviour.made[1, :, COMPOUND:] < 1).all()
    assert (run.behaviour.made[1, :, : WORKPLACE + 1] == 1).all()


def test_who_does_not_adhere_goes_out_as_before() -> None:
    run = begun(steady(gatherings=Gatherings(vehicle=0.2)))
    run.adherence[:] = (0.5, 0)
    gatherings.shape(run)
    assert run.behaviour.made[:, 0, VEHICLE].tolist() == pytest.approx([0.6, 1])


def test_gatherings_that_stay_as_they_were_change_nothing() -> None:
    assert simulated(steady(gatherings=Gatherings())) == simulated(Policy())


def test_nothing_is_asked_before_the_outbreak_is_known() -> None:
    late = Policy(peace=Response(gatherings=QUIET), start_day=40)
    assert simulated(late) == simulated(Policy())


def test_less_going_out_never_raises_mean_infections() -> None:
    asked = [
        Gatherings(compound=left, community=left, city=left, vehicle=left)
        for left in (1.0, 0.6, 0.2)
    ]
    means = [mean_infections(steady(gatherings=each)) for each in asked]
    assert np.all(np.diff(means) < 0)


def test_the_stricter_end_decides_on_contacts_across_the_city() -> None:
    war = Response(gatherings=Gatherings(city=0))
    run = begun(Policy(war=war), ill=range(0, PEOPLE, 12))
    run.tempo[1] = WAR
    gatherings.shape(run)
    run.keep_tables()
    assert not run.bare
    for run.day in range(12):
        spread(run)
    rows = run.slots[PEOPLE // 12 : run.n_slots]
    in_city = rows[rows["layer"] == WHOLE_CITY]
    # nobody of the west meets anybody of the city, nor does anybody of the city meet them
    assert in_city.size > 10
    assert (in_city["district"] == 0).all()
    assert (run.slots["district"][in_city["infector"]] == 0).all()


def test_nobody_is_infected_outside_when_nobody_goes_out() -> None:
    shut = Gatherings(compound=0, community=0, city=0, vehicle=0)
    run = begun(steady(gatherings=shut))
    gatherings.shape(run)
    assert (run.behaviour.rate()[:, COMPOUND:] == 0).all()
    assert (run.behaviour.rate()[:, HOUSEHOLD] > 0).all()
