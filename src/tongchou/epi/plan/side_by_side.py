"""Bills side by side: by who pays, over many seeds, and as one number where somebody asks for one.

One number needs a weight for everything that is in the bill. There are no weights of the house:
who wants one number says what a death is to a yuan, and reads it beside the sum.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tongchou.epi.plan.bill import Bill, Column, Key
from tongchou.epi.plan.items import ITEMS, PAYERS

__all__ = [
    "Comparison",
    "Interval",
    "MissingWeights",
    "Row",
    "SingleNumber",
    "SummaryLine",
    "compare",
    "single_number",
    "summarise",
]


@dataclass(frozen=True)
class Row:
    """One item of one payer in each bill; `yuan` is None where the item is not money."""

    payer: str
    item: str
    unit: str
    quantity: tuple[float, ...]
    yuan: tuple[float, ...] | None


@dataclass(frozen=True)
class Comparison:
    """Bills beside one another. `paid` has the yuan of each payer, in the order of `names`."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    paid: dict[str, tuple[float, ...]]
    silent: tuple[str, ...]

    def as_text(self, lang: str = "en") -> str:
        """A table for people to read: each payer's yuan, then how much of what."""
        lines = [("", *self.names)]
        for payer, yuan in self.paid.items():
            rows = [row for row in self.rows if row.payer == payer]
            if rows:
                money = any(row.yuan for row in rows)
                sums = [f"{each:,.0f}" if money else "" for each in yuan]
                lines.append((PAYERS[payer].of(lang), *sums))
            for row in rows:
                said = f"  {ITEMS[row.item].of(lang)} ({ITEMS[row.item].unit_of(lang)})"
                lines.append((said, *(f"{each:,.0f}" for each in row.quantity)))
        wide = [max(map(len, column)) for column in zip(*lines, strict=True)]
        table = [
            "  ".join([line[0].ljust(wide[0]), *map(str.rjust, line[1:], wide[1:])]).rstrip()
            for line in lines
        ]
        return "\n".join([*table, *self.silent])


def compare(bills: Mapping[str, Bill]) -> Comparison:
    """Who pays what under each plan; an item that no plan has is left out."""
    if not bills:
        raise ValueError("there is no bill to compare")
    yuan = [bill.amounts("payer", "item") for bill in bills.values()]
    many = [bill.quantities("payer") for bill in bills.values()]
    rows = tuple(
        Row(
            payer,
            key,
            item.unit,
            tuple(each.get((key, payer), 0.0) for each in many),
            tuple(each.get((payer, key), 0.0) for each in yuan) if item.money else None,
        )
        for payer in PAYERS
        for key, item in ITEMS.items()
        if any((key, payer) in each for each in many)
    )
    by_payer = [bill.amounts("payer") for bill in bills.values()]
    paid = {payer: tuple(each.get((payer,), 0.0) for each in by_payer) for payer in PAYERS}
    silent = dict.fromkeys(said for bill in bills.values() for said in bill.silent)
    return Comparison(tuple(bills), rows, paid, tuple(silent))


# --- over many seeds -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Interval:
    """Over seeds: the mean, and what 5, 50 and 95 % of the runs stay below."""

    mean: float
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class SummaryLine:
    """One group of lines over many runs. `quantity` is None where items of several units meet."""

    key: Key
    quantity: Interval | None
    yuan: Interval | None


def summarise(
    bills: Sequence[Bill], by: tuple[Column, ...] = ("item", "payer")
) -> tuple[SummaryLine, ...]:
    """Mean and interval of each group of lines, over bills of many seeds.

    The interval of a sum is not the sum of intervals: ask for `by=("payer",)` rather than add up
    what `by=("item", "payer")` gives.

    Raises
    ------
    ValueError
        Where there is no bill, or the bills speak of different districts.
    """
    if not bills:
        raise ValueError("there is no bill to summarise")
    if len({bill.districts for bill in bills}) > 1:
        raise ValueError("these bills speak of different districts")
    itemised = "item" in by
    yuan = [bill.amounts(*by) for bill in bills]
    order = ("item", *(name for name in by if name != "item"))
    back = [order.index(name) for name in by] if itemised else []
    many = [
        {tuple(key[n] for n in back): value for key, value in bill.quantities(*by).items()}
        for bill in (bills if itemised else ())
    ]
    keys = dict.fromkeys(key for each in (*many, *yuan) for key in each)
    return tuple(
        SummaryLine(
            key,
            _interval(many, key) if itemised else None,
            _interval(yuan, key) if any(key in each for each in yuan) else None,
        )
        for key in sorted(keys, key=_in_order)
    )


def _interval(runs: Sequence[Mapping[Key, float]], key: Key) -> Interval:
    values = np.array([each.get(key, 0.0) for each in runs])
    low, median, high = np.quantile(values, (0.05, 0.5, 0.95)).tolist()
    return Interval(float(values.mean()), low, median, high)


def _in_order(key: Key) -> tuple[tuple[int, str | int], ...]:
    places = {name: place for place, name in enumerate((*ITEMS, *PAYERS))}
    return tuple((places.get(str(part), 0), part) for part in key)


# --- one number ----------------------------------------------------------------------------------


class MissingWeights(ValueError):
    """Weights that do not fit a bill. `without` names what has none."""

    def __init__(self, words: str, without: tuple[str, ...] = ()) -> None:
        super().__init__(words)
        self.without = without


@dataclass(frozen=True)
class SingleNumber:
    """A weighted sum with all that went into it: (name, how much, weight) of each part."""

    parts: tuple[tuple[str, float, float], ...]

    @property
    def value(self) -> float:
        return math.fsum(many * weight for _, many, weight in self.parts)


def single_number(bill: Bill, weights: Mapping[str, float]) -> SingleNumber:
    """One number for a bill, by weights that the user set.

    Parameters
    ----------
    weights
        For a yuan of each payer (`city`, `households` …) and for one unit of each item that is
        not money (`death`, `school_day` …). A weight of 0 is a statement too; none is an error.

    Raises
    ------
    MissingWeights
        Where a weight is for nothing known, is no number from 0 up, or where something that is
        in the bill has none.
    """
    known = (*PAYERS, *(key for key, item in ITEMS.items() if not item.money))
    for name, weight in weights.items():
        if name not in known:
            raise MissingWeights(_unknown(name, known))
        if not (math.isfinite(weight) and weight >= 0):
            raise MissingWeights(f"the weight of {name} is {weight}. Give a number from 0 up.")
    parts = {str(key[0]): yuan for key, yuan in bill.amounts("payer").items()}
    counted = {str(key[0]): many for key, many in bill.quantities().items()}
    parts |= {key: many for key, many in counted.items() if not ITEMS[key].money}
    if without := tuple(name for name in known if name in parts and name not in weights):
        raise MissingWeights(
            f"these have no weight: {', '.join(without)}. Give each one, be it 0: "
            "yuan are weighed by who pays them, the rest by its unit.",
            without,
        )
    return SingleNumber(tuple((key, parts[key], weights[key]) for key in known if key in parts))


def _unknown(name: str, known: tuple[str, ...]) -> str:
    if name in ITEMS:
        return f"{name} is money: weigh the yuan of those who pay, such as city or households."
    return f"nothing in a bill is called {name}. Weigh any of: {', '.join(known)}."
