from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongchou.epi.spread.course import AGES, LAYERS, Course, Load, plain
from tongchou.epi.spread.spells import SPELLS, Spell

DAY = Spell(1, law="constant")


def constant(days):
    return Spell(days, law="constant")


def severe_course(**changes):
    """Everybody is infectious from day 2, ill from 3, severe at 5, critical at 6, dead at 9."""
    spells = {
        "exposed_to_infectious": constant(2),
        "infectious_to_symptoms": constant(1),
        "symptoms_to_severe": constant(2),
        "severe_to_critical": constant(1),
        "critical_to_death": constant(3),
        "recovery_asymptomatic": constant(4),
        "recovery_mild": constant(5),
        "recovery_severe": constant(6),
        "recovery_critical": constant(7),
    }
    given = {"p_symptomatic": 0.5, "p_severe": 0.4, "p_critical": 0.5, "p_death": 0.5}
    shares = {key: np.full(AGES, value) for key, value in given.items()}
    rest = {"susceptibility": np.ones(AGES), "r0": 2.0}
    return Course("demo", spells, **(shares | rest | changes))


def test_outcomes_add_up_to_everybody():
    assert severe_course().outcomes[:, 40].tolist() == [0.5, 0.3, 0.1, 0.05, 0.05]


def test_infectious_days_run_to_the_day_before_the_end():
    # 4 without symptoms; 1 + 5 mild; 1 + 2 + 6 severe; 1 + 2 + 1 + 7 critical; 1 + 2 + 1 + 3 dead
    expected = 0.5 * 4 + 0.3 * 6 + 0.1 * 9 + 0.05 * 11 + 0.05 * 7
    assert severe_course().infectious_days() == pytest.approx(expected)


def test_people_without_symptoms_count_with_their_factor():
    assert severe_course(asymptomatic=0.0).infectious_days()[0] == pytest.approx(3.6)


def test_the_generation_interval_begins_with_the_first_infectious_day():
    interval = severe_course().generation_interval()
    assert interval[:2].tolist() == [0, 0]
    assert interval[2] == interval[3] == interval.max()
    assert interval.sum() == pytest.approx(1)


def test_the_generation_interval_is_that_of_the_ages_that_are_infected():
    ill = np.where(np.arange(AGES) < 50, 1.0, 0.0)
    course = severe_course(p_symptomatic=ill)
    old = course.generation_interval(np.arange(AGES) >= 50)
    assert old.size - 1 == 2 + 4 - 1
    immune = severe_course(p_symptomatic=ill, susceptibility=1 - ill)
    assert immune.generation_interval() == pytest.approx(old)


def test_nobody_infects_on_the_day_of_infection():
    course = plain("demo", latent=constant(0), infectious=constant(0))
    assert course.generation_interval().tolist() == [0, 1]


def test_load_is_high_first_and_weighs_about_the_whole_time():
    load = Load(high_share=0.3, ratio=2, cap_days=4)
    days = load.by_day(10)
    assert np.flatnonzero(days == days[0]).tolist() == [0, 1, 2]
    assert days[0] == 2 * days[-1]
    assert days.sum() == pytest.approx(10)


def test_load_is_high_no_longer_than_the_cap():
    assert (Load().by_day(30) == Load().high).sum() == 4


def test_load_can_be_low_first():
    load = Load(high_share=0.5, ratio=0.5, cap_days=3)
    assert load.high_days(10) == 3
    assert (np.diff(load.by_day(10)) > 0).nonzero()[0].tolist() == [2]


def test_load_can_end_before_the_illness_does():
    assert Load(max_days=5).by_day(30).nonzero()[0].tolist() == [0, 1, 2, 3, 4]
    course = severe_course(load=Load(high_share=0, ratio=1, max_days=3))
    assert course.infectious_days() == pytest.approx(3)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"high_share": 2}, "high_share 2 is not between 0 and 1"),
        ({"ratio": 0}, "ratio 0 must be above zero"),
        ({"max_days": 0}, "max_days 0 must be one or more"),
    ],
)
def test_a_wrong_load_is_told_what_is_wrong(given, reason):
    with pytest.raises(ValueError, match=reason):
        Load(**given)


@pytest.mark.parametrize("r0", [1.3, 2.0, 5.0])
def test_growth_is_that_of_the_discrete_renewal(r0):
    course = plain("demo", latent=Spell(4.5, 1.5), infectious=Spell(8, 2), load=Load())
    interval = course.generation_interval()
    cases = [1.0]
    for _ in range(300):
        past = np.array(cases[: -interval.size : -1])
        cases.append(r0 * float(past @ interval[1 : 1 + past.size]))
    assert np.log(cases[-1] / cases[-2]) == pytest.approx(course.growth_rate(r0), rel=1e-6)


@given(st.floats(0.3, 8))
@settings(max_examples=25)
def test_growth_and_reproduction_number_are_inverse(r0):
    course = plain("demo", latent=Spell(3, 1), infectious=Spell(6, 2))
    assert course.r_from_growth(course.growth_rate(r0)) == pytest.approx(r0)


def test_without_growth_the_reproduction_number_is_one():
    course = plain("demo", latent=DAY, infectious=Spell(3, 1))
    assert course.growth_rate(1.0) == pytest.approx(0, abs=1e-9)
    assert course.growth_rate(0.5) < 0


def test_the_tables_draw_what_the_spells_say():
    course = severe_course()
    row = course.tables[SPELLS.index("recovery_mild")]
    drawn = np.searchsorted(row, np.array([0.0, 0.5, 0.999]), side="right")
    assert drawn.tolist() == [5, 5, 5]
    assert course.tables.dtype == np.float32


def test_a_spell_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="'recovery' is not a spell"):
        severe_course().durations("recovery")


def test_vaccines_protect_in_turn():
    course = severe_course(
        ve_infection=np.array([0, 0, 0.2, 0.5]),
        ve_severe=np.array([0, 0.3, 0.6, 0.9]),
        ve_death=np.array([0, 0.3, 0.8, 1.0]),
    )
    assert course.severe_factor == pytest.approx([1, 0.7, 0.5, 0.2])
    assert course.death_factor == pytest.approx([1, 1, 0.5, 0])
    through = (1 - course.ve_infection) * course.severe_factor * course.death_factor
    assert 1 - through == pytest.approx(course.ve_death)


def test_a_vaccine_that_stops_every_infection_leaves_nobody_to_fall_ill():
    course = severe_course(ve_infection=np.ones(4), ve_severe=np.ones(4), ve_death=np.ones(4))
    assert course.severe_factor.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"r0": None}, "demo: say either r0 or beta"),
        ({"beta": 0.1}, "demo: say either r0 or beta"),
        ({"r0": -1.0}, "demo: r0 -1.0 is not"),
        ({"dispersion": 0.0}, "demo: dispersion 0.0 must be above zero"),
        ({"asymptomatic": -0.1}, "demo: asymptomatic -0.1"),
        ({"p_severe": np.full(AGES, 1.5)}, r"demo: p_severe\[0\] is 1.5, not from 0 to 1.0"),
        ({"p_death": np.zeros(3)}, r"demo: p_death has shape \(3,\), not \(101,\)"),
        ({"layers": np.ones(5)}, r"demo: layers has shape \(5,\)"),
        ({"ve_infection": np.full(4, 0.5)}, "demo: ve_severe is below ve_infection"),
        ({"rounding": "up"}, "demo: rounding 'up'"),
        ({"spells": {}}, "demo: spells.exposed_to_infectious is missing"),
    ],
)
def test_a_wrong_course_is_told_which_key_is_wrong(changes, reason):
    with pytest.raises(ValueError, match=reason):
        replace(severe_course(), **changes)


def test_a_spell_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"demo: spells.nap is not a spell"):
        replace(severe_course(), spells={**severe_course().spells, "nap": DAY})


def test_a_course_cannot_be_written_to():
    course = severe_course()
    with pytest.raises(ValueError, match="read-only"):
        course.p_death[0] = 1.0


def test_there_is_a_weight_for_each_layer():
    assert severe_course().layers.tolist() == [1.0] * len(LAYERS)


def test_nobody_infectious_has_no_generation_interval():
    course = plain("demo", latent=DAY, infectious=DAY)
    with pytest.raises(ValueError, match="demo: nobody is ever infectious"):
        replace(course, asymptomatic=0.0).generation_interval()


def test_ages_must_be_those_of_people():
    with pytest.raises(ValueError, match="ages must be 101 numbers"):
        severe_course().generation_interval(np.zeros(AGES))
