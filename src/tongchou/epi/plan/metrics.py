"""Numbers that are asked of a run: the peak of a series, its sum, its last day, a line of the bill.

A name is a series and a statistic (`infections.total`, `in_severe.peak`), a series alone (flows are
summed, of what people occupy the peak counts), a line of the bill (`cost.total`), or one of the
everyday names in `EVERYDAY`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.plan.items import ITEMS, PAYERS
from tongchou.epi.spread.result import Result
from tongchou.epi.spread.series import SERIES

__all__ = ["EVERYDAY", "STATISTICS", "Metric", "WrongMetric", "measured", "metric"]

STATISTICS: Final[dict[str, tuple[Callable[[NDArray[Any]], float], str, str]]] = {
    "total": (lambda curve: float(curve.sum()), "in all", "合计"),
    "peak": (lambda curve: float(curve.max(initial=0)), "at the peak", "峰值"),
    "final": (lambda curve: float(curve[-1]) if curve.size else 0.0, "on the last day", "期末"),
    "mean": (lambda curve: float(curve.mean()) if curve.size else 0.0, "in the mean", "日均"),
}


class WrongMetric(ValueError):
    """Nothing that a run leaves behind has this name; the message names the nearest."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a run.

    Parameters
    ----------
    series
        Added up day by day before the statistic is taken; empty for a line of the bill.
    """

    name: str
    unit: str
    en: str
    zh: str
    series: tuple[str, ...] = ()
    statistic: str = "total"

    def of(self, result: Result) -> float:
        curve = np.sum([result.curve(name) for name in self.series], axis=0)
        return STATISTICS[self.statistic][0](np.asarray(curve))

    def words(self, lang: str) -> str:
        return self.zh if lang.startswith("zh") else self.en


_HELD = ("in_facility", "in_home", "in_lockdown", "in_control")

EVERYDAY: Final = {
    each.name: each
    for each in (
        Metric("beds.severe", "beds", "beds for the severe at the peak", "重症床位峰值",
               ("in_severe",), "peak"),
        Metric("beds.critical", "beds", "intensive-care beds at the peak", "危重症床位峰值",
               ("in_critical",), "peak"),
        Metric("beds.isolation", "beds", "isolation beds at the peak", "隔离治疗床位峰值",
               ("in_isolation",), "peak"),
        Metric("rooms", "rooms", "quarantine rooms at the peak", "集中隔离房间峰值",
               ("in_facility",), "peak"),
        Metric("tubes", "tubes a day", "PCR tubes on the busiest day", "单日核酸管数峰值",
               ("pcr_tubes",), "peak"),
        Metric("tracers", "tracers", "tracers on the busiest day", "单日流调人员峰值",
               ("tracer_days",), "peak"),
        Metric("samplers", "samplers", "samplers on the busiest day", "单日采样人员峰值",
               ("sampler_days",), "peak"),
        Metric("person_days_restricted", "person-days",
               "person-days in quarantine, lockdown or control zones",
               "隔离、封控、管控人日", _HELD, "total"),
        Metric("person_days_lockdown", "person-days", "person-days under lockdown",
               "封控人日", ("in_lockdown",), "total"),
    )
}  # fmt: skip


def metric(name: str) -> Metric:
    """The number of this name. Raises WrongMetric where there is none."""
    if name in EVERYDAY:
        return EVERYDAY[name]
    if name.startswith("cost."):
        return _priced(name)
    head, _, statistic = name.partition(".")
    if head in SERIES and statistic in ("", *STATISTICS):
        series = SERIES[head]
        statistic = statistic or ("peak" if series.kind == "stock" else "total")
        _, en, zh = STATISTICS[statistic]
        unit = series.total_unit if statistic == "total" else series.unit
        return Metric(name, unit, f"{series.en} {en}", f"{series.zh}{zh}", (head,), statistic)
    raise _unknown(name)


def _priced(name: str) -> Metric:
    """A line of the bill: all of it, what one payer pays, or one item in its own unit."""
    key = name.removeprefix("cost.")
    if key in PAYERS:
        payer = PAYERS[key]
        return Metric(name, "yuan", f"yuan paid by {payer.en}", f"{payer.zh}承担费用（元）")
    if key in ITEMS:
        item = ITEMS[key]
        return Metric(name, "yuan" if item.money else item.unit, item.en, item.zh)
    if key in _OWN:
        return Metric(name, *_OWN[key])
    raise _unknown(name)


_OWN: Final = {
    "total": ("yuan", "cost in yuan, whoever pays", "总费用（元）"),
    "weighted": ("points", "bill, weighed as set", "按设定权重折算的总量"),
}


def _unknown(name: str) -> WrongMetric:
    known = [
        *EVERYDAY,
        *SERIES,
        *(f"{series}.{statistic}" for series in SERIES for statistic in STATISTICS),
        *(f"cost.{key}" for key in (*_OWN, *PAYERS, *ITEMS)),
    ]
    near = get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f" The nearest is {near[0]!r}." if near else ""
    return WrongMetric(
        f"nothing of a run is called {name!r}.{hint} A name is a series with one of "
        f"{', '.join(STATISTICS)} (such as in_severe.peak), cost.total or another line of the "
        f"bill, or one of {', '.join(EVERYDAY)}"
    )


def measured(
    result: Result, names: Iterable[str], bill: Mapping[str, float] | None = None
) -> dict[str, float]:
    """These numbers of one run.

    Raises
    ------
    WrongMetric
        Where a name is not known, or the bill has no such line.
    """
    values = {}
    for name in names:
        if not name.startswith("cost."):
            values[name] = metric(name).of(result)
            continue
        item = name.removeprefix("cost.")
        if bill is None or item not in bill:
            lines = ", ".join(f"cost.{line}" for line in bill or ()) or "none: nothing was priced"
            raise WrongMetric(f"the bill has no line {name!r}; it has {lines}")
        values[name] = float(bill[item])
    return values
