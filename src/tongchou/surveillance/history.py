"""Years of counts of every series, fast: one small file a day beside the records it is made from.

The records are the truth. A file says in its first number from which version of its day's records
it was written; a day that has changed since is written anew before it is read, whoever asks.
"""

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np
from django.conf import settings
from django.db.models import FloatField
from django.db.models.functions import Cast
from numpy.typing import ArrayLike, NDArray

from tongchou.surveillance.models import Count, CountDay

What = Literal["value", "denominator"]
_SUFFIX: dict[str, str] = {"value": ".npy", "denominator": ".of.npy"}
_BLOCK = 64  # days that are turned from days to series at once; more would leave the cache
_DAYS = 30  # days that are read from the records in one statement


def folder() -> Path:
    return Path(settings.TONGCHOU_DATA) / "counts"


def load(
    series: ArrayLike, first: date, last: date, *, what: What = "value"
) -> NDArray[np.float64]:
    """Counts as reported, f64[n_series, n_days]; NaN where a day was not reported.

    Parameters
    ----------
    series
        Numbers of duties (`Duty.number`), in the order wanted.
    first, last
        Both included.
    """
    wanted = np.asarray(series, dtype=np.int64)
    n_days = (last - first).days + 1
    out = np.empty((wanted.size, max(n_days, 0)))  # every block of it is filled below
    versions = dict(CountDay.objects.filter(day__range=(first, last)).values_list("day", "version"))
    stale = [day for day, version in versions.items() if not _is_current(day, version)]
    if stale:
        write(stale)
    pick = _pick(wanted)
    for begin in range(0, n_days, _BLOCK):
        end = min(begin + _BLOCK, n_days)
        block = np.full((end - begin, wanted.size), np.nan, dtype=np.float32)
        for place in range(begin, end):
            day = first + timedelta(days=place)
            if day in versions:
                _fill(block[place - begin], wanted, pick, day, what)
        out[:, begin:end] = block.T
    return out


def _pick(wanted: NDArray[np.int64]) -> slice | NDArray[np.int64]:
    """Where the series stand in a file; a run of them is a slice, which is copied at once."""
    if wanted.size and (np.diff(wanted) == 1).all():
        return slice(int(wanted[0]) + 1, int(wanted[-1]) + 2)
    return wanted + 1


def _fill(
    row: NDArray[np.float32],
    wanted: NDArray[np.int64],
    pick: slice | NDArray[np.int64],
    day: date,
    what: What,
) -> None:
    try:
        told = np.load(_path(day, what))
    except FileNotFoundError:
        return  # a day without denominators has no file of them
    inside = wanted < told.size - 1
    if inside.all():
        row[:] = told[pick]
    else:
        row[inside] = told[wanted[inside] + 1]


def _is_current(day: date, version: int) -> bool:
    """Whether the file of a day was written from this version of its records, and is whole."""
    try:
        with _path(day, "value").open("rb") as file:
            np.lib.format.read_magic(file)
            (size,), _order, kind = np.lib.format.read_array_header_1_0(file)
            told = np.fromfile(file, dtype=kind, count=1)
            return told.size == 1 and int(told[0]) == version and size > 0
    except (FileNotFoundError, ValueError):
        return False


def write(days: Iterable[date]) -> list[date]:
    """Write the files of these days from the records; returns the days."""
    folder().mkdir(parents=True, exist_ok=True)
    days = sorted(set(days))
    for begin in range(0, len(days), _DAYS):
        _write(days[begin : begin + _DAYS])
    return days


def _write(days: Sequence[date]) -> None:
    # The versions are read first: what changes while the records are read is found stale again.
    versions = dict(CountDay.objects.filter(day__in=days).values_list("day", "version"))
    told: dict[date, list[tuple[int, float, float | None]]] = defaultdict(list)
    rows = Count.objects.filter(current=True, day__in=days).values_list(
        "day",
        "duty__number",
        Cast("value", FloatField()),
        Cast("denominator", FloatField()),
    )
    for day, number, value, denominator in rows.iterator(chunk_size=20_000):
        told[day].append((number, value, denominator))
    for day in days:
        numbers = np.array([row[0] for row in told[day]], dtype=np.int64)
        totals = [row[2] for row in told[day]]
        if any(total is not None for total in totals):
            _save(day, "denominator", versions.get(day, 0), numbers, totals)
        # the counts last: their version is the one that is believed
        _save(day, "value", versions.get(day, 0), numbers, [row[1] for row in told[day]])


def _save(
    day: date, what: What, version: int, numbers: NDArray[np.int64], values: Sequence[Any]
) -> None:
    whole = np.full(int(numbers.max(initial=-1)) + 2, np.nan, dtype=np.float32)
    whole[0] = version
    whole[numbers + 1] = np.array([np.nan if v is None else v for v in values], dtype=np.float32)
    handle, name = tempfile.mkstemp(dir=folder(), suffix=".tmp")
    with os.fdopen(handle, "wb") as file:
        np.save(file, whole)
    os.replace(name, _path(day, what))


def _path(day: date, what: What) -> Path:
    return folder() / f"{day.isoformat()}{_SUFFIX[what]}"
