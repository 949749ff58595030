"""What a course implies on paper is what the engine does: its generation interval."""

import numpy as np
import pytest

from tongchou.epi.spread.course import Load, plain
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.population import build, preset
from tongchou.epi.spread.run import prepare
from tongchou.epi.spread.spells import Spell
from tongchou.epi.spread.step import one_day
from tongchou.epi.spread.ways import ways_of

COMPOUND = 3


@pytest.fixture(scope="module")
def people():
    return ways_of(build(preset("china-city"), 1, people=60_000))


def generations(people, course, *, first=1000, days=40):
    """Days from infection to infection, from the first cases to people outside their household.

    Households, classes and workplaces are left out: there the first infection takes the second
    one's place, which makes intervals shorter than the course says.
    """
    run = prepare(people, course, Policy(), seed=3, days=days, seeds=first)
    for day in range(days):
        run.day = day
        one_day(run)
    slots = run.slots[first : run.n_slots]
    slots = slots[(slots["infector"] < first) & (slots["layer"] >= COMPOUND)]
    return slots["day"] - run.slots["day"][slots["infector"]]


@pytest.mark.parametrize(
    "load",
    [
        Load(),
        Load(high_share=0.5, ratio=0.2, cap_days=6),
        Load(high_share=0.3, ratio=2, cap_days=4, max_days=3),
    ],
    ids=["high first", "low first", "ends early"],
)
def test_the_engine_has_the_generation_interval_of_the_course(people, load):
    course = plain(
        "demo", latent=Spell(3, 1), infectious=Spell(8, 3), r0=None, beta=0.02, load=load
    )
    seen = generations(people, course)
    interval = course.generation_interval()
    days = np.arange(interval.size)
    mean = float(interval @ days)
    error = float(np.sqrt(interval @ (days - mean) ** 2 / seen.size))
    assert seen.size > 300
    assert seen.mean() == pytest.approx(mean, abs=4 * error)
    assert seen.max() < interval.size
