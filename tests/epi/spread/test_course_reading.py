import numpy as np
import pytest

from tongchou.epi.spread.course import LAYERS
from tongchou.epi.spread.course_reading import SHARES, course_from
from tongchou.epi.spread.spells import SPELLS

TABLE = {
    "r0": 2.5,
    **{name: {"mean_days": 3, "sd_days": 1} for name in SPELLS},
    "share_symptomatic": {"from_age": [0, 60], "value": [0.5, 0.8]},
    "share_severe": {"from_age": [0, 60], "value": [0.1, 0.4]},
    "share_critical": 0.1,
    "share_dead": 0.0,
}


def test_shares_of_the_infected_become_chances_given_the_state_before():
    course = course_from("demo", TABLE)
    assert course.p_symptomatic[[0, 59, 60, 100]].tolist() == [0.5, 0.5, 0.8, 0.8]
    assert course.p_severe[[20, 80]] == pytest.approx([0.2, 0.5])
    assert course.p_critical[[20, 80]] == pytest.approx([1.0, 0.25])
    assert course.outcomes[:3, 80] == pytest.approx([0.2, 0.4, 0.3])


def test_where_nobody_is_critical_nobody_dies():
    course = course_from("demo", TABLE | {"share_critical": 0.0})
    assert not course.p_death.any()


def test_layers_are_named():
    weights = {key: place for place, key in enumerate(LAYERS)}
    assert course_from("demo", TABLE | {"layers": weights}).layers.tolist() == list(range(7))


def test_what_is_left_out_is_plain():
    course = course_from("demo", TABLE)
    assert course.dispersion == np.inf
    assert course.susceptibility.tolist() == [1.0] * 101
    assert course.load.by_day(3).tolist() == [1, 1, 1]


def test_everything_else_is_taken_as_it_stands():
    more = {
        "dispersion": 0.45,
        "asymptomatic": 0.5,
        "load": {"high_share": 0.3, "ratio": 2, "cap_days": 4},
        "ve_infection": [0, 0.1, 0.2, 0.3],
        "ve_severe": [0, 0.4, 0.5, 0.6],
        "ve_death": [0, 0.4, 0.5, 0.7],
        "rounding": "mean",
        "susceptibility": {"from_age": [0, 18], "value": [0.5, 1]},
    }
    course = course_from("demo", TABLE | more)
    assert (course.dispersion, course.asymptomatic, course.rounding) == (0.45, 0.5, "mean")
    assert course.load.ratio == 2
    assert course.ve_severe.tolist() == [0, 0.4, 0.5, 0.6]
    assert course.susceptibility[[17, 18]].tolist() == [0.5, 1.0]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"r_0": 2}, "demo: r_0 is not known of a course"),
        ({"recovery_mild": 8}, "demo: recovery_mild is 8, not a table"),
        ({"recovery_mild": {"mean": 8}}, "demo: recovery_mild: .*'mean'"),
        ({"recovery_mild": {"mean_days": -8}}, "demo: recovery_mild: mean_days -8"),
        ({"load": {"ratio": -1}}, "demo: load: ratio -1"),
        ({"layers": {"household": 1}}, "demo: layers must have one number for each"),
        ({"layers": dict.fromkeys(LAYERS, "x")}, "demo: layers.household is 'x', not a number"),
        ({"share_dead": True}, "demo: share_dead is True, not a number"),
        ({"share_dead": 0.2}, "demo: share_dead is above share_critical at age 0"),
        ({"share_dead": {"from_age": [1], "value": [0]}}, "share_dead.from_age must rise from 0"),
        ({"share_dead": {"from_age": [0, 0], "value": [0, 0]}}, "share_dead.from_age must rise"),
        ({"share_dead": {"from_age": [0], "value": []}}, "share_dead needs from_age and value"),
        ({"ve_death": [0, 0, 0]}, r"demo: ve_death has shape \(3,\)"),
        ({"beta": 0.1}, "demo: say either r0 or beta"),
    ],
)
def test_a_fault_names_its_key(changes, reason):
    with pytest.raises(ValueError, match=reason):
        course_from("demo", TABLE | changes)


@pytest.mark.parametrize("key", [*SPELLS, *SHARES])
def test_what_is_missing_is_named(key):
    with pytest.raises(ValueError, match=f"demo: {key} is missing"):
        course_from("demo", {name: said for name, said in TABLE.items() if name != key})
