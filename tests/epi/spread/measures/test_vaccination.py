import numpy as np
import pytest

from tests.epi.spread.measures.little_town import (
    disease,
    mean_infections,
    result,
    run_of,
    to_day,
    town,
)
from tongchou.epi.spread.measures.vaccination import BANDS, Vaccination
from tongchou.epi.spread.policy import Policy
from tongchou.epi.spread.run import simulate
from tongchou.epi.spread.state import Run

NOBODY = (1.0, 0.0, 0.0, 0.0)
EVERYBODY = (0.0, 0.0, 0.0, 1.0)
CHINA = (NOBODY, (0.3, 0.1, 0.6, 0.0), (0.1, 0, 0.9, 0), (0.05, 0.05, 0.3, 0.6),
         (0.15, 0.05, 0.2, 0.6), (0.4, 0.1, 0.1, 0.4))  # fmt: skip


def vaccinated(**options: object) -> Run:
    return run_of(Policy(vaccination=Vaccination(**options)), course=disease(ve=0.3))  # type: ignore[arg-type]


def band_of(ages: np.ndarray) -> np.ndarray:
    return np.searchsorted(BANDS, ages, side="right") - 1


def test_every_age_band_has_the_doses_asked_for() -> None:
    run = run_of(
        Policy(vaccination=Vaccination(coverage=CHINA)), course=disease(ve=0.3), people=60_000
    )
    bands = band_of(run.ages)
    for band, shares in enumerate(CHINA):
        here = run.doses[bands == band]
        found = np.bincount(here, minlength=4) / here.size
        # one percent, or three standard deviations of what chance does in a small band
        assert abs(found - shares).max() < max(0.01, 1.5 / here.size**0.5)


def test_doses_make_people_less_susceptible() -> None:
    run = vaccinated(coverage=(EVERYBODY,) * 6, doses_per_day=0)
    free = run.slot_of == 0
    assert (run.susceptibility[free] == run.tables.susceptibility[40, 3]).all()
    assert run.tables.susceptibility[40, 3] < run.tables.susceptibility[40, 0] / 5


def test_doses_of_a_day_are_never_more_than_can_be_given() -> None:
    run = to_day(vaccinated(doses_per_day=300), 40)
    assert result(run).curve("doses").tolist() == [300] * 40


def test_half_a_dose_a_day_is_one_every_other_day() -> None:
    run = to_day(vaccinated(doses_per_day=0.5), 6)
    assert result(run).curve("doses")[:6].tolist() == [0, 1, 0, 1, 0, 1]


def test_the_oldest_come_first() -> None:
    run = to_day(vaccinated(doses_per_day=100, takes_days=0), 3)
    assert run.doses.sum() == 300
    assert run.ages[run.doses > 0].min() >= 80


def test_everybody_comes_at_once_where_the_old_are_not_first() -> None:
    run = to_day(vaccinated(doses_per_day=2000, takes_days=0, oldest_first=False), 2)
    old = run.ages >= 60
    share = run.doses[old].sum() / run.doses.sum()
    assert share == pytest.approx(old.sum() / (run.ages >= 3).sum(), abs=0.03)


def test_the_doses_of_a_day_are_spread_over_the_city() -> None:
    run = to_day(vaccinated(doses_per_day=2000, takes_days=0, oldest_first=False), 1)
    tenths = np.histogram(np.flatnonzero(run.doses), bins=10, range=(0, run.n))[0]
    assert tenths.min() > 150


def test_a_dose_protects_only_after_its_days() -> None:
    run = to_day(vaccinated(doses_per_day=100, takes_days=5), 5)
    assert run.doses.size == 0
    assert to_day(run, 6).doses.sum() == 100


def test_nobody_gets_a_second_dose_before_everybody_had_a_first() -> None:
    run = to_day(vaccinated(doses_per_day=7000, takes_days=0), 4)
    offered = run.ages >= 3
    assert run.doses.max() == 1
    assert (run.doses[offered] == 1).mean() > 0.99


def test_a_second_lap_begins_after_its_gap() -> None:
    run = to_day(vaccinated(doses_per_day=20_000, takes_days=0, gap_days=10), 10)
    assert run.doses.max() == 1
    assert to_day(run, 11).doses.max() == 2


def test_nobody_is_offered_a_fourth_dose() -> None:
    run = to_day(vaccinated(doses_per_day=20_000, takes_days=0, gap_days=1), 10)
    assert run.doses.max() == 3
    assert result(run).total("doses") <= 3 * (run.ages >= 3).sum()


def test_infants_are_not_offered_any() -> None:
    run = to_day(vaccinated(doses_per_day=20_000, takes_days=0), 3)
    assert run.doses[run.ages < 3].sum() == 0


def test_a_dose_does_not_make_the_infected_susceptible_again() -> None:
    run = to_day(vaccinated(doses_per_day=20_000, takes_days=0), 3)
    assert (run.susceptibility[run.slots["who"][: run.n_slots]] == 0).all()


def test_nothing_is_given_before_anything_is_done() -> None:
    rules = Policy(vaccination=Vaccination(doses_per_day=10), start_day=4)
    assert result(to_day(run_of(rules), 6)).curve("doses")[:6].tolist() == [0, 0, 0, 0, 10, 10]


def test_more_coverage_never_raises_infections() -> None:
    def infected(share: float) -> float:
        row = (1 - share, 0.0, 0.0, share)
        rules = Policy(vaccination=Vaccination(coverage=(row,) * 6))
        return mean_infections(rules, course=disease(beta=0.03, ve=0.3), n=6)

    none, some, many = infected(0.0), infected(0.3), infected(0.7)
    assert none > some > many


def test_nobody_vaccinated_changes_nothing_bit_for_bit() -> None:
    rules = Policy(vaccination=Vaccination(takes_days=3, oldest_first=False))
    without = simulate(town(), disease(), Policy(), seed=3, days=40)
    assert simulate(town(), disease(), rules, seed=3, days=40).digest() == without.digest()


def test_shares_of_doses_must_add_up() -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        Vaccination(coverage=((0.5, 0.1, 0.1, 0.1),) * 6)
