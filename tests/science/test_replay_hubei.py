"""The replay of Hubei in small: the counts read right, the score right, and one city forecast."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench import replay_hubei


@pytest.fixture
def counts(shared: Path) -> dict[str, np.ndarray]:
    folder = shared / "data/city_daily_2020"
    return replay_hubei.counted(folder / "china_city_cumulative_20200110_20200430.csv")


def test_seventeen_cities_are_read_and_no_day_is_counted_twice(
    counts: dict[str, np.ndarray],
) -> None:
    assert len(counts) == 17
    # 黄冈: 726 by 31 January, 2904 by the end of February
    assert counts["黄冈市"][:31].sum() == 726
    assert counts["黄冈市"].sum() == pytest.approx(2904, abs=60)


def test_the_day_on_which_the_dates_change_is_no_zero(counts: dict[str, np.ndarray]) -> None:
    # 7 February: the file itself rises by 72 that day over the whole country
    assert sum(int(daily[31 + 6]) for daily in counts.values()) > 1500


def test_the_score_of_a_sure_forecast_is_its_error() -> None:
    sure = np.full((replay_hubei.LEVELS.size, 3), 10.0)
    assert replay_hubei.wis(sure, np.array([10, 10, 10])) == 0
    assert replay_hubei.wis(sure, np.array([14, 14, 14])) == pytest.approx(4)


def test_one_city_is_forecast_from_january_alone(
    counts: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("R_BEFORE", (2.5,)), ("LEFT", (0.02, 0.6)), ("PEOPLE", 10_000)):
        monkeypatch.setattr(replay_hubei, name, value)
    # any beta will do here
    monkeypatch.setattr(
        replay_hubei, "with_beta", lambda _, spreads: replace(spreads, r0=None, beta=0.02)
    )
    monkeypatch.setattr(replay_hubei, "SEEDS", 1)
    monkeypatch.setattr(replay_hubei, "ARRIVALS", 40)
    tried = replay_hubei.candidates()
    assert len(tried) == 6
    three = {city: counts[city] for city in ("黄冈市", "孝感市", "随州市")}
    cities = list(replay_hubei.replay(tried, three))
    assert all(0 < one.ours < 3 * one.week for one in cities)
    # February is not looked at: another one gives the same forecast
    changed = {city: np.where(np.arange(60) > 30, 0, daily) for city, daily in three.items()}
    again = list(replay_hubei.replay(tried, changed))
    assert [one.expected for one in again] == [one.expected for one in cities]
