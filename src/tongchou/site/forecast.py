"""`tongchou forecast FILE --out CSV`: the coming days or weeks of counts, with intervals."""

import argparse
import csv
import dataclasses
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from tongchou.epi import forecast
from tongchou.site.cli import Wrong
from tongchou.site.series_files import SeriesFile, read_series

__all__ = ["arguments", "run"]

REASONS = {forecast.OK: "", forecast.THIN: "thin", forecast.STALE: "stale"}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the counts")
    parser.add_argument("--out", type=Path, required=True, metavar="CSV", help="the forecasts")
    parser.add_argument(
        "--ahead", type=int, metavar="N", help="times ahead (14 for days, 2 for weeks)"
    )
    parser.add_argument(
        "--quantiles",
        type=float,
        nargs="+",
        default=list(forecast.Options().levels),
        metavar="P",
        help="rising, between 0 and 1",
    )
    parser.add_argument("--series", action="append", default=[], metavar="NAME", help="only these")
    parser.add_argument("--time", metavar="NAME", help="the column of dates or numbers")
    parser.add_argument("--day-first", action="store_true", help="03/04/2020 is 3 April")
    parser.add_argument(
        "--weeks", action="store_true", help="a time is a week, where times are only numbers"
    )


def run(given: argparse.Namespace) -> int:
    read = read_series(
        given.file, time=given.time, only=given.series, day_first=True if given.day_first else None
    )
    weekly = given.weeks or (read.series.dates is not None and read.step == 7)
    usual = forecast.Options.weekly() if weekly else forecast.Options()
    n_ahead = usual.n_ahead if given.ahead is None else given.ahead
    try:
        options = dataclasses.replace(usual, n_ahead=n_ahead, levels=tuple(given.quantiles))
    except ValueError as error:
        raise Wrong(str(error)) from error
    found = forecast.ahead(read.series, options)
    for note in read.notes:
        print(f"  {note}")
    spoken = int((found.refused == forecast.OK).sum())
    thin = int((found.refused == forecast.THIN).sum())
    print(
        f"{given.file.name}: {read.series.n_series} series = {spoken} forecast {n_ahead} "
        f"{'weeks' if weekly else 'days'} ahead + {thin} too thin "
        f"+ {read.series.n_series - spoken - thin} whose last report is too old"
    )
    try:
        with given.out.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            levels = [f"q{level:g}" for level in options.levels]
            writer.writerow(["series", "time", "ahead", "mean", "sd", *levels, "reason"])
            writer.writerows(_rows(read, found, options))
    except OSError as error:
        raise Wrong(f"{error.filename}: {error.strerror}") from error
    print(f"written: {given.out}")
    return 0


def _rows(
    read: SeriesFile, found: forecast.Forecast, options: forecast.Options
) -> Iterator[list[str]]:
    for i, name in enumerate(read.names):
        reason = REASONS[int(found.refused[i])]
        for h in range(options.n_ahead):
            when = _later(read, h + 1)
            if reason:
                yield [name, when, str(h + 1), "", "", *[""] * len(options.levels), reason]
                continue
            mean, spread = float(found.mean[i, h]), float(found.dispersion[i, h])
            sd = (mean + spread * mean**2) ** 0.5
            quantiles = [f"{value:g}" for value in found.quantiles[i, h].tolist()]
            yield [name, when, str(h + 1), f"{mean:.6g}", f"{sd:.6g}", *quantiles, ""]


def _later(read: SeriesFile, steps: int) -> str:
    """What the time so many steps after the last is called."""
    step = max(read.step, 1)
    if read.series.dates is not None:
        last: date = read.series.dates[-1]
        return (last + timedelta(days=step * steps)).isoformat()
    return str(int(read.times[-1]) + step * steps)
