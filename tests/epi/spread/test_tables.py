"""The tables that kernels look draws up in say what the course says."""

from dataclasses import replace

import numpy as np
import pytest

from tests.epi.spread.town import disease
from tongchou.epi.spread.spells import SPELLS
from tongchou.epi.spread.tables import DRAWS, tables_of


@pytest.mark.parametrize("row", range(len(SPELLS)), ids=SPELLS)
def test_durations_are_drawn_as_often_as_the_law_has_them(row: int) -> None:
    drawn = np.bincount(tables_of(disease()).days[row]) / DRAWS
    asked = disease().spell_pmf(SPELLS[row])
    size = max(drawn.size, asked.size)
    apart = np.pad(drawn, (0, size - drawn.size)) - np.pad(asked, (0, size - asked.size))
    # each duration gets a whole number of entries: never more than one too many or too few
    assert np.abs(apart).max() <= 1.01 / DRAWS


@pytest.mark.parametrize("k", [0.1, 0.45, 5.0])
def test_force_has_mean_one_and_the_dispersion_asked_for(k: float) -> None:
    force = tables_of(replace(disease(), dispersion=k)).force.astype(float)
    assert force.mean() == pytest.approx(1, abs=1e-6)
    # the last part of the law is one entry: what varies within it is lost
    assert force.var() == pytest.approx(1 / k, rel=0.02)


def test_everybody_is_alike_without_dispersion() -> None:
    assert set(tables_of(replace(disease(), dispersion=np.inf)).force) == {1}


def test_susceptibility_is_kept_in_parts_of_the_highest() -> None:
    table = tables_of(disease())
    found = table.susceptibility / 255 * table.scale[0]
    assert found[:, 0] == pytest.approx(disease().susceptibility, abs=0.5 / 255)


def test_whoever_can_be_infected_never_becomes_immune_by_rounding() -> None:
    course = replace(disease(), susceptibility=np.geomspace(1e-6, 1, 101))
    assert tables_of(course).susceptibility[:, 0].min() == 1


def test_whom_a_vaccine_protects_fully_cannot_be_infected() -> None:
    full = np.array([0, 0.5, 1, 1])
    course = replace(disease(), ve_infection=full, ve_severe=full, ve_death=full)
    table = tables_of(course)
    assert set(table.susceptibility[:, 2]) == {0}
    assert table.susceptibility[30, 1] == pytest.approx(128, abs=1)
