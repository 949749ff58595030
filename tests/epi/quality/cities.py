"""The city list of January to April 2020, as tables, and cities made up without any trap."""

import csv
from datetime import date, timedelta

import numpy as np

from tongchou.epi.detect.series import Series

OPENED = date(2020, 1, 10)
N_DAYS = 112


def day(month, dom):
    return (date(2020, month, dom) - OPENED).days


def read(shared, column="confirmed", *, level="city", keep=lambda row: True):
    """A series for each (province, city, code), cumulative, and their keys."""
    path = shared / f"data/city_daily_2020/china_{level}_cumulative_20200110_20200430.csv"
    with path.open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if keep(row)]
    keys = sorted({key(row) for row in rows})
    number = {k: i for i, k in enumerate(keys)}
    counts = np.full((len(keys), N_DAYS), np.nan)
    for row in rows:
        time = (date.fromisoformat(row["date"]) - OPENED).days
        counts[number[key(row)], time] = float(row[column])
    dates = [OPENED + timedelta(days=i) for i in range(N_DAYS)]
    return Series(counts, dates), keys


def key(row):
    return row["province"], row.get("city", ""), row.get("cityCode", "")


def in_hubei(row):
    return row["province"] == "湖北省" and row["cityCode"].isdigit()


def ordinary(rng, n_series=200, n_days=365, level=None):
    """Daily counts with weekdays, a season, overdispersion and outbreaks, and nothing wrong."""
    mean = np.exp(rng.uniform(-1, 5, n_series)) if level is None else np.full(n_series, level)
    days = np.arange(n_days)
    week = 1 + 0.3 * np.sin(2 * np.pi * (days + 3) / 7)
    season = np.exp(0.7 * np.sin(2 * np.pi * days / 365))
    mu = mean[:, None] * week * season
    for row in range(0, n_series, 4):
        start, size = rng.integers(0, n_days - 30), rng.uniform(2, 10)
        mu[row, start : start + 21] *= 1 + size * np.sin(np.linspace(0, np.pi, 21)) ** 2
    shape = np.exp(rng.uniform(0.7, 4, n_series))[:, None]
    counts = rng.poisson(rng.gamma(shape, mu / shape)).astype(float)
    return Series(counts, [date(2023, 1, 2) + timedelta(days=i) for i in range(n_days)])
