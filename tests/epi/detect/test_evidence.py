import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongchou.epi.detect import tails
from tongchou.epi.detect.evidence import Profile, city_days, gather, profiles
from tongchou.epi.detect.evidence import _ratio as ratio

CHANNELS = ("fever_clinic", "pharmacy", "school_absence", "hotline")
MEANS = np.array([2.0, 25.0, 8.0, 1.5])
PHI = np.array([1.3, 2.5, 2.0, 1.0])
LOOKED_FOR = profiles(CHANNELS)


def quiet(n: int, n_days: int, *, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts of communities without outbreak, what is expected of them, and dispersions."""
    shape = (n, 4, n_days)
    mean = np.broadcast_to(MEANS[:, None], shape)
    phi = np.broadcast_to(PHI[:, None], shape)
    rng = np.random.default_rng(seed)
    loose = np.maximum(phi - 1, 1e-9)
    return rng.poisson(rng.gamma(mean / loose, loose)).astype(float), mean, phi


def outbreak(n_days: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Twenty communities of which the first has an outbreak in its last ten days."""
    counts, mean, phi = quiet(20, n_days)
    counts[0, :, -10:] += np.array([6.0, 15.0, 0.0, 2.0])[:, None]
    return counts, mean, phi


@pytest.mark.parametrize("kind", [[LOOKED_FOR[0]], [LOOKED_FOR[1]], LOOKED_FOR])
def test_contributions_add_up_to_the_score(kind: list[Profile]) -> None:
    found = gather(*outbreak(), kind, at=np.arange(40))
    assert found.contributions.sum(axis=1) == pytest.approx(found.score, abs=1e-9)


def test_an_outbreak_stands_out_and_says_where_it_shows() -> None:
    found = gather(*outbreak(), LOOKED_FOR)
    assert found.score[:, -1].argmax() == 0
    assert found.score[0, -1] > 15
    fever, pharmacy, school, hotline = found.contributions[0, :, 0]
    assert min(fever, pharmacy, hotline) > 0 > school


def test_a_day_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="there are 40 days"):
        gather(*outbreak(), LOOKED_FOR, at=41)


def test_it_says_for_how_long() -> None:
    assert 8 <= gather(*outbreak(), LOOKED_FOR).since[0, 0] <= 12


def test_the_ratio_is_that_of_the_two_laws() -> None:
    count, mean, phi, added = 7.0, 4.0, 1.5, 3.0
    size = mean / (phi - 1)
    grown = (mean + added) + (mean + added) ** 2 / size
    expected = tails.log_pmf(count, mean + added, grown) - tails.log_pmf(count, mean, mean * phi)
    one = (np.array([[x]]) for x in (count, mean, phi))
    assert ratio(*one, np.array([added])) == pytest.approx(float(expected))


def test_a_channel_that_did_not_report_says_nothing() -> None:
    counts, mean, phi = outbreak()
    counts[:, 1] = np.nan
    without = gather(
        counts[:, [0, 2, 3]],
        mean[:, [0, 2, 3]],
        phi[:, [0, 2, 3]],
        profiles(CHANNELS[:1] + CHANNELS[2:]),
    )
    found = gather(counts, mean, phi, LOOKED_FOR)
    assert (found.contributions[:, 1] <= 0).all()
    assert without.score[0, -1] == pytest.approx(found.score[0, -1], abs=1.0)


def test_a_day_on_which_nobody_reported_has_no_score() -> None:
    counts, mean, phi = outbreak()
    counts[:, :, -1] = np.nan
    assert np.isnan(gather(counts, mean, phi, LOOKED_FOR).score[:, -1]).all()


def test_one_absurd_count_is_capped() -> None:
    counts, mean, phi = quiet(1, 30)
    counts[0, 1, -1] = 100_000
    assert gather(counts, mean, phi, LOOKED_FOR, cap=8.0).contributions[0, 1, 0] <= 9.0


def test_a_quiet_year_is_no_credit() -> None:
    counts, mean, phi = outbreak(400)
    late = gather(counts, mean, phi, LOOKED_FOR)
    fresh = gather(counts[:, :, -40:], mean[:, :, -40:], phi[:, :, -40:], LOOKED_FOR)
    assert late.score[0, -1] == pytest.approx(fresh.score[0, -1], abs=1.0)


def test_what_happens_everywhere_is_the_city_and_no_outbreak() -> None:
    counts, mean, phi = quiet(300, 40)
    counts[:, 1, -5:] = np.rint(counts[:, 1, -5:] * 1.8)
    factor = city_days(counts, mean, phi)
    assert factor[1, -5:] == pytest.approx(1.8, rel=0.06)
    assert factor[0] == pytest.approx(1.0, abs=0.15)
    alone = gather(counts, mean, phi, LOOKED_FOR).score[:, -1]
    within = gather(counts, mean * factor, phi, LOOKED_FOR).score[:, -1]
    assert (within > 6).mean() < 0.02 < 0.3 < (alone > 6).mean()


def test_one_community_does_not_move_the_city() -> None:
    counts, mean, phi = quiet(300, 10)
    before = city_days(counts, mean, phi)
    counts[0] *= 50
    assert city_days(counts, mean, phi) == pytest.approx(before, abs=0.02)


def test_a_single_community_is_not_its_own_city() -> None:
    counts, mean, phi = quiet(1, 10)
    counts[0, 0] *= 5
    assert (city_days(counts, mean, phi)[0] < 1.25).all()


@settings(max_examples=15)
@given(order=st.permutations(range(4)), rows=st.permutations(range(20)))
def test_neither_the_order_of_channels_nor_of_communities_matters(
    order: list[int], rows: list[int]
) -> None:
    counts, mean, phi = outbreak()
    turned = [
        Profile(p.name, tuple(p.excess[n] for n in order), p.respond, p.weight) for p in LOOKED_FOR
    ]
    plain = gather(counts, mean, phi, LOOKED_FOR)
    mixed = gather(*(x[rows][:, order] for x in (counts, mean, phi)), turned)
    assert mixed.score == pytest.approx(plain.score[rows], abs=1e-9)
    assert mixed.contributions == pytest.approx(plain.contributions[rows][:, order], abs=1e-9)


@settings(max_examples=15)
@given(more=st.integers(1, 30), channel=st.integers(0, 3))
def test_more_cases_today_are_never_less_evidence(more: int, channel: int) -> None:
    counts, mean, phi = outbreak()
    before = gather(counts, mean, phi, LOOKED_FOR, cap=np.inf).score[:, -1]
    counts[:, channel, -1] += more
    assert (gather(counts, mean, phi, LOOKED_FOR, cap=np.inf).score[:, -1] >= before - 1e-9).all()


def test_a_kind_that_touches_no_channel_is_left_out() -> None:
    assert {p.name for p in profiles(["fever_clinic"])} == {
        "respiratory",
        "respiratory, few channels",
    }


def test_profiles_must_fit_the_channels() -> None:
    with pytest.raises(ValueError, match="names 2 channels; the counts have 4"):
        gather(*quiet(1, 5), [Profile("odd", (1.0, 2.0))])
    with pytest.raises(ValueError, match="at least one profile"):
        gather(*quiet(1, 5), [])
    with pytest.raises(ValueError, match="one day or more"):
        gather(*quiet(1, 5), LOOKED_FOR, memory=0)


@pytest.mark.parametrize(
    ("excess", "respond", "weight"),
    [((0.0, 0.0), 1.0, 1.0), ((-1.0, 2.0), 1.0, 1.0), ((1.0,), 0.0, 1.0), ((1.0,), 1.0, 2.0)],
)
def test_a_profile_that_makes_no_sense_is_refused(
    excess: tuple[float, ...], respond: float, weight: float
) -> None:
    with pytest.raises(ValueError, match="profile odd"):
        Profile("odd", excess, respond, weight)
