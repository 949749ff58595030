"""A few hundred people who all meet: every chain of chances, not only its mean.

Two thousand such groups at once against Sellke's construction of the continuous-time epidemic
(1983, doi:10.2307/3213811), which has the law of Gillespie's algorithm. Who infects how many in
the end hangs on how long each is infectious and not on when, so whole days lose nothing.
"""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from tests.science.flat import homes, run_of, within
from tongchou.epi.spread.course import plain
from tongchou.epi.spread.spells import Spell

GROUPS, SIZE, DAYS = 2000, 200, 12.0


def exact(r0: float, rng: np.random.Generator, *, constant: bool) -> NDArray[np.int64]:
    """Final sizes, the first case counted: people yield in the order of their resistance."""
    resistance = np.sort(rng.exponential(size=(GROUPS, SIZE - 1)), axis=1)
    lasts = np.ones((GROUPS, SIZE)) if constant else rng.exponential(size=(GROUPS, SIZE))
    pressure = np.cumsum(lasts, axis=1)[:, :-1] * r0 / (SIZE - 1)
    # the next one yields as long as all before together press harder than it resists
    holds = np.column_stack((pressure < resistance, np.ones(GROUPS, bool)))
    return holds.argmax(axis=1) + 1


def ours(r0: float, seed: int, *, constant: bool) -> NDArray[np.int64]:
    law = "constant" if constant else "exponential"
    course = plain(
        "sir", latent=Spell(1, law="constant"), infectious=Spell(DAYS, law=law), r0=None,
        beta=r0 / DAYS / (SIZE - 1),
    )  # fmt: skip
    course = replace(course, layers=within("household"), rounding="mean")
    people = homes(GROUPS, SIZE)
    run = run_of(people, course, seed=seed, seeds=people.household_start[:-1], days=2000)
    return np.bincount(people.household[run.slots["who"][: run.n_slots]])


@pytest.mark.parametrize("constant", [True, False])
@pytest.mark.parametrize("r0", [0.9, 1.5, 2.5])
def test_final_sizes_are_distributed_as_in_the_exact_process(r0: float, constant: bool) -> None:
    theirs = exact(r0, np.random.default_rng(7), constant=constant)
    assert stats.ks_2samp(ours(r0, 11, constant=constant), theirs).pvalue > 0.001
