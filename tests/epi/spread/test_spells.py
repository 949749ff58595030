import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongchou.epi.laws import LogNormal
from tongchou.epi.spread.spells import LONGEST, Spell, cumulative

laws = st.sampled_from(["lognormal", "gamma"])
means = st.floats(0.3, 30)
spreads = st.floats(0.1, 1.2)


def mean(pmf):
    return float(pmf @ np.arange(pmf.size))


def test_a_lognormal_spell_is_rounded_as_covasim_rounds_it():
    pmf = Spell(4.5, 1.5).pmf()
    law = LogNormal(4.5, 1.5)
    assert pmf[4] == pytest.approx(float(law.cdf(4.5) - law.cdf(3.5)))
    assert pmf[0] == pytest.approx(float(law.cdf(0.5)))


@given(laws, means, st.floats(0.1, 0.6))  # wider ones lose a little beyond the longest day
def test_a_spell_can_keep_its_mean(law, days, spread):
    pmf = Spell(days, days * spread, law).pmf(rounding="mean")
    assert mean(pmf) == pytest.approx(days, rel=1e-3)


@given(laws, means, spreads, st.sampled_from(["nearest", "mean"]))
def test_every_spell_ends_within_a_byte(law, days, spread, rounding):
    pmf = Spell(days, days * spread, law).pmf(rounding=rounding)
    assert pmf.size <= LONGEST + 1
    assert pmf.sum() == pytest.approx(1)
    assert pmf.min() >= 0


def test_an_exponential_spell_forgets_how_long_it_has_lasted():
    pmf = Spell(8, law="exponential").pmf()
    hazard = pmf / pmf[::-1].cumsum()[::-1]
    assert hazard[1:60] == pytest.approx(1 - np.exp(-1 / 8), rel=1e-4)


def test_a_constant_spell_is_one_day_or_the_two_beside_it():
    half = Spell(2.5, law="constant")
    assert half.pmf(rounding="mean").tolist() == [0, 0, 0.5, 0.5]
    assert half.pmf().tolist() == [0, 0, 0, 1]


def test_a_day_at_least_takes_the_shorter_ones_with_it():
    assert Spell(0, law="constant").pmf(at_least=1).tolist() == [0, 1]
    short = Spell(1, 0.8).pmf()
    longer = Spell(1, 0.8).pmf(at_least=1)
    assert longer[1] == pytest.approx(short[0] + short[1])


def test_the_table_ends_at_one_and_never_falls():
    table = cumulative(Spell(6.6, 4.9).pmf())
    assert table.dtype == np.float32
    assert table[-1] == 1
    assert np.all(np.diff(table) >= 0)


@pytest.mark.parametrize(
    ("spell", "reason"),
    [
        ({"mean_days": 3, "sd_days": 1, "law": "weibull"}, "law 'weibull' is not known"),
        ({"mean_days": 3}, "sd_days nan of a lognormal spell must be"),
        ({"mean_days": -1, "sd_days": 1}, "mean_days -1 is not between"),
        ({"mean_days": 300, "sd_days": 1}, "mean_days 300 is not between"),
        ({"mean_days": 3, "sd_days": 1, "law": "exponential"}, "sd_days of an exponential spell"),
        ({"mean_days": 3, "sd_days": 1, "law": "constant"}, "sd_days of a constant spell is 0"),
    ],
)
def test_a_wrong_spell_is_told_what_is_wrong(spell, reason):
    with pytest.raises(ValueError, match=reason):
        Spell(**spell)
