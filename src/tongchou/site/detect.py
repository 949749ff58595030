"""`tongchou detect FILE --method M [--option k=v]… --out CSV`: which counts are too high.

A method is a row of the table below, its options are the fields of its dataclass: the verb knows
no method by name. Options may be written as R writes them (`noPeriods`) or as here (`no_periods`).
"""

import argparse
import csv
import difflib
import importlib
import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from tongchou.epi.detect.series import Verdicts
from tongchou.site.cli import Wrong
from tongchou.site.series_files import SeriesFile, read_series, weekly

COLUMNS = ("series", "time", "observed", "expected", "bound", "p", "score", "alarm")


@dataclass(frozen=True, slots=True)
class Method:
    """Where a detector is: its module in `epi.detect`, its function, the dataclass of options."""

    place: str
    function: str
    options: str

    @property
    def module(self) -> str:
        return f"tongchou.epi.detect.{self.place}"


METHODS: Mapping[str, Method] = {
    "ears-c1": Method("ears", "c1", "Ears"),
    "ears-c2": Method("ears", "c2", "Ears"),
    "ears-c3": Method("ears", "c3", "Ears"),
    "farrington": Method("farrington", "farrington", "Farrington"),
    "farrington-flexible": Method("farrington_flexible", "flexible", "Flexible"),
    "farrington-improved": Method("farrington_flexible", "flexible", "Improved"),
    "cusum": Method("cusum", "cusum", "Cusum"),
    "glr-negbin": Method("glr_negbin", "glr_negbin", "GlrNegbin"),
    "daily": Method("daily", "glm", "Daily"),
    "weekly": Method("daily", "glm", "Weekly"),
}

ABOUT = """\
FILE: one row for each time, one column of dates (2020-01-31, 31 Jan 2020, 2020-W05) or whole
  numbers, and one column for each series; CSV, TSV or XLSX. An empty cell is not reported, and so
  is a day that the file leaves out; neither is zero.
--out: series, time, observed, expected, bound, p, score, alarm; a row for each series and time
  (bound: the largest count that is no alarm; empty where the method does not speak)"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "\n".join((ABOUT, "", "methods and their options:", *_listing()))
    parser.add_argument("file", type=Path, metavar="FILE", help="the counts")
    parser.add_argument("--method", choices=list(METHODS), required=True, help="the detector")
    parser.add_argument(
        "--option", action="append", default=[], metavar="KEY=VALUE", help="of the method"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="CSV", help="the verdicts")
    some = parser.add_mutually_exclusive_group()
    some.add_argument("--last", type=int, metavar="N", help="judge only the newest N times")
    some.add_argument("--from", dest="first", metavar="TIME", help="judge from this time on")
    parser.add_argument("--series", action="append", default=[], metavar="NAME", help="only these")
    parser.add_argument(
        "--weekly", action="store_true", help="add days up to weeks that end with the newest day"
    )
    parser.add_argument("--time", metavar="NAME", help="the column of dates or numbers")
    parser.add_argument("--day-first", action="store_true", help="03/04/2020 is 3 April")


def run(options: argparse.Namespace) -> int:
    try:
        return _run(options)
    except OSError as error:
        raise Wrong(f"{error.filename}: {error.strerror}") from error


def _run(given: argparse.Namespace) -> int:
    judge, options = chosen(given.method, given.option)
    read = read_series(
        given.file, time=given.time, only=given.series, day_first=True if given.day_first else None
    )
    if given.weekly:
        read = weekly(read)
    _tell(read, given.file)
    try:
        found = judge(read.series, at=_at(read, given.last, given.first), options=options)
    except ValueError as error:
        raise Wrong(f"{given.method}: {error}") from error
    _summary(read, found, given.method)
    with given.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows(read, found))
    print(f"written: {given.out}")
    return 0


def _at(read: SeriesFile, last: int | None, first: str | None) -> np.ndarray | None:
    """The columns to judge; nothing for all that the method can."""
    n = read.series.n_times
    if last is not None and last < 1:
        raise Wrong(f"--last is {last}: one time at least")
    if first is not None and first not in read.times:
        raise Wrong(f"--from {first}: there are {read.times[0]} to {read.times[-1]}")
    if first is not None:
        return np.arange(read.times.index(first), n)
    return None if last is None else np.arange(max(n - last, 0), n)


# --- methods and their options -------------------------------------------------------------------


def chosen(name: str, words: Sequence[str]) -> tuple[Any, Any]:
    """A method's function, and its options as these words set them."""
    method = METHODS[name]
    if find_spec(method.module) is None:
        raise Wrong(f"{name} is not in this version yet ({method.module} is missing)")
    module = importlib.import_module(method.module)
    kind = getattr(module, method.options)
    kinds = typing.get_type_hints(kind)
    there = [field.name for field in fields(kind) if field.init]
    values: dict[str, Any] = {}
    for word in words:
        key, sign, text = word.partition("=")
        if not sign:
            raise Wrong(f"--option {word}: write it as key=value")
        field = _field(name, key.strip(), there)
        if field in values:
            raise Wrong(f"--option {word}: {field} was set already")
        values[field] = _value(word, text.strip(), kinds[field])
    try:
        return getattr(module, method.function), kind(**values)
    except ValueError as error:
        raise Wrong(f"{name}: {error}") from error


def _field(method: str, key: str, there: Sequence[str]) -> str:
    """Our name of an option: noPeriods, no.periods and no_periods are one."""
    squeezed = {re.sub(r"[\W_]", "", name): name for name in there}
    plain = re.sub(r"[\W_]", "", key).lower()
    if plain not in squeezed:
        near = difflib.get_close_matches(plain, squeezed, n=1)
        hint = f"; did you mean {squeezed[near[0]]}?" if near else ""
        raise Wrong(f"{method} has no option {key!r}{hint} It has: {', '.join(there)}")
    return squeezed[plain]


def _value(word: str, text: str, kind: Any) -> Any:
    """`text` as what the option takes."""
    for one in _kinds(kind):
        try:
            return _as(text, one)
        except ValueError:
            continue
    raise Wrong(f"--option {word}: {text!r} is no {_said(kind)}")


def _kinds(kind: Any) -> tuple[Any, ...]:
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        return tuple(sorted(typing.get_args(kind), key=lambda one: one is str))
    return (kind,)


def _as(text: str, kind: Any) -> Any:
    plain = text.lower()
    if kind is type(None) and plain in ("none", "null", ""):
        return None
    if kind is bool and plain in _TRUTHS:
        return _TRUTHS[plain]
    if kind in (int, float):
        number = float(text)
        if kind is int and number != int(number):
            raise ValueError
        return kind(number)
    if kind is str:
        return text.strip("'\"")
    if typing.get_origin(kind) is typing.Literal:
        for value in typing.get_args(kind):
            if str(value).lower() == plain.strip("'\""):
                return value
    if typing.get_origin(kind) is tuple:
        inner = typing.get_args(kind)[0]
        return tuple(_as(part.strip(), inner) for part in text.strip("()c ").split(","))
    raise ValueError


_TRUTHS = {
    **dict.fromkeys(("true", "t", "yes", "y", "1", "on"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0", "off"), False),
}


def _said(kind: Any) -> str:
    """What an option takes, in words."""
    names = {int: "whole number", float: "number", bool: "yes or no", str: "word"}
    said = []
    for one in _kinds(kind):
        if typing.get_origin(one) is typing.Literal:
            said.append("|".join(str(value) for value in typing.get_args(one)))
        elif typing.get_origin(one) is tuple:
            said.append(",".join(["number"] * len(typing.get_args(one))))
        else:
            said.append("none" if one is type(None) else names.get(one, str(one)))
    return " or ".join(said)


def _listing() -> Iterator[str]:
    """Each method with its options and their defaults."""
    for name, method in METHODS.items():
        if find_spec(method.module) is None:
            yield f"  {name}: not in this version yet"
            continue
        kind = getattr(importlib.import_module(method.module), method.options)
        kinds, blank = typing.get_type_hints(kind), kind()
        yield f"  {name}"
        for field in fields(kind):
            default = getattr(blank, field.name)
            yield f"      {field.name}={default}  ({_said(kinds[field.name])})"


# --- what comes out ------------------------------------------------------------------------------


def rows(read: SeriesFile, found: Verdicts) -> Iterator[tuple[str, ...]]:
    """Rows of the verdicts, series by series."""
    counts, speaks = read.series.counts, _speaks(found)
    for i, name in enumerate(read.names):
        for k, t in enumerate(found.at.tolist()):
            said = (found.expected[i, k], found.bound[i, k], found.p[i, k], found.score[i, k])
            yield (
                name,
                read.times[t],
                _number(counts[i, t]),
                *(_number(value) for value in said),
                str(int(found.alarm[i, k])) if speaks[i, k] else "",
            )


def _speaks(found: Verdicts) -> np.ndarray:
    """Where the method says anything at all."""
    return ~np.isnan(found.bound) | ~np.isnan(found.p) | ~np.isnan(found.score) | found.alarm


def _number(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.15g}"


def _tell(read: SeriesFile, path: Path) -> None:
    counts = read.series.counts
    missing = int(np.isnan(counts).sum())
    print(
        f"{path.name}: {read.series.n_series} series x {read.series.n_times} times "
        f"({read.times[0]} to {read.times[-1]}) = {counts.size - missing} counts "
        f"+ {missing} not reported"
    )
    for note in read.notes:
        print(f"  {note}")


def _summary(read: SeriesFile, found: Verdicts, method: str) -> None:
    speaks = _speaks(found)
    print(
        f"{method}: {found.alarm.size} judged = {int(found.alarm.sum())} alarms "
        f"+ {int((speaks & ~found.alarm).sum())} none + {int((~speaks).sum())} it cannot tell"
    )
    if not speaks.any():
        print("too little history or too few reports for these options; --help lists them")
    newest = np.flatnonzero(found.alarm.any(axis=0))[-1:]
    for k in newest.tolist():
        who = [read.names[i] for i in np.flatnonzero(found.alarm[:, k])[:5]]
        print(f"newest alarm: {read.times[found.at[k]]}, {', '.join(who)}")
