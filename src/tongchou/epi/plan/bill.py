"""The bill of one run: one ledger of lines, each with who pays, how much of what, at which price.

Kept as columns, since a plan is found by pricing thousands of runs; `lines` shows them one by one.
Lines that are not money have no price, and no total mixes them with yuan.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.plan.items import ITEMS, PAYERS, Item

__all__ = ["Bill", "Key", "Line", "Sheet"]

Floats = NDArray[np.float64]
Key = tuple[str | int, ...]
Column = Literal["item", "payer", "district", "sector"]

_ITEMS, _PAYERS = tuple(ITEMS), tuple(PAYERS)
_PLACE = {key: place for place, key in enumerate(_ITEMS)}
_PAYER = {key: place for place, key in enumerate(_PAYERS)}
WHOLE_CITY = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `district` is empty for the whole city; `sector` 0 where there is none."""

    item: str
    payer: str
    district: str
    sector: int
    quantity: float
    unit: str
    price: float | None

    @property
    def amount(self) -> float | None:
        """In yuan; None where the line is not money."""
        return None if self.price is None else self.quantity * self.price


@dataclass(frozen=True, eq=False)
class Bill:
    """What one run costs.

    Attributes
    ----------
    districts
        Codes; the column `district` counts them from 1, and 0 is the whole city.
    item, payer, district, sector
        i16[n_lines].
    quantity, price
        f64[n_lines]; the price is NaN where a line is not money.
    silent
        What could not be counted, and why.
    """

    districts: tuple[str, ...]
    item: NDArray[np.int16]
    payer: NDArray[np.int16]
    district: NDArray[np.int16]
    sector: NDArray[np.int16]
    quantity: Floats
    price: Floats
    silent: tuple[str, ...] = ()

    @property
    def amount(self) -> Floats:
        """f64[n_lines] in yuan; 0 where a line is not money."""
        return np.where(np.isnan(self.price), 0.0, self.quantity * self.price)

    @property
    def is_empty(self) -> bool:
        return not self.quantity.any()

    @property
    def total(self) -> float:
        """All yuan, whoever pays them. What is not money is not in it."""
        return float(self.amount.sum())

    def lines(self) -> Iterator[Line]:
        """The lines of which there is anything."""
        for n in np.flatnonzero(self.quantity):
            item, price = ITEMS[_ITEMS[self.item[n]]], float(self.price[n])
            yield Line(
                item.key,
                _PAYERS[self.payer[n]],
                self._district(self.district[n]),
                int(self.sector[n]),
                float(self.quantity[n]),
                item.unit,
                price if item.money else None,
            )

    def amounts(self, *by: Column) -> dict[Key, float]:
        """Yuan by columns of the ledger, such as `amounts("payer")`; only where there are any."""
        return self._summed(self.amount, by)

    def quantities(self, *by: Column) -> dict[Key, float]:
        """Quantities by item and other columns, each in the unit of its item."""
        return self._summed(self.quantity, ("item", *(name for name in by if name != "item")))

    def quantity_of(self, item: str) -> float:
        """How much of one item there is in all."""
        return float(self.quantity[self.item == _PLACE[item]].sum())

    def figures(self) -> dict[str, float]:
        """Flat, for a search: `total` and each payer in yuan, each item as it is counted.

        An item of money is in yuan, any other in its unit; all stand there, be they zero.
        """
        paid = {(key,): 0.0 for key in _PAYERS} | self.amounts("payer")
        counts = np.bincount(self.item, self.quantity, len(_ITEMS))
        yuan = np.bincount(self.item, self.amount, len(_ITEMS))
        figures = {str(key[0]): value for key, value in paid.items()}
        for place, (key, item) in enumerate(ITEMS.items()):
            figures[key] = float(yuan[place] if item.money else counts[place])
        return {"total": self.total, **figures}

    def as_text(self, lang: str = "en") -> str:
        """The bill by payer and item, for people to read."""
        zh = lang.startswith("zh")
        if self.is_empty:
            said = ["账单为空：没有支出，也没有人患病、受限或误工。" if zh else _NOTHING]
            return "\n".join([*said, *self.silent])
        yuan, many = self.amounts("payer", "item"), self.quantities("payer")
        rows: list[str] = []
        for payer in PAYERS.values():
            items = [ITEMS[str(key)] for key, who in many if who == payer.key]
            paid = sum(yuan.get((payer.key, item.key), 0.0) for item in items)
            if items:
                rows.append(f"{payer.of(lang)}: {paid:,.0f} {'元' if zh else 'yuan'}")
            rows += [
                _row(item, many[item.key, payer.key], yuan.get((payer.key, item.key), 0.0), lang)
                for item in items
            ]
        return "\n".join([*rows, *self.silent])

    def _district(self, place: int | np.int16) -> str:
        return self.districts[place - 1] if place else WHOLE_CITY

    def _summed(self, values: Floats, by: tuple[Column, ...]) -> dict[Key, float]:
        there = np.flatnonzero(values)
        columns = np.array([getattr(self, name)[there] for name in by]).reshape(len(by), -1)
        groups, place = np.unique(columns, axis=1, return_inverse=True)
        sums = np.bincount(place.ravel(), values[there], groups.shape[1])
        keys = zip(
            *(self._named(name, row) for name, row in zip(by, groups, strict=True)), strict=True
        )
        return dict(zip(keys, sums.tolist(), strict=True))

    def _named(self, column: Column, codes: NDArray[np.int16]) -> list[str | int]:
        if column == "item":
            return [_ITEMS[code] for code in codes]
        if column == "payer":
            return [_PAYERS[code] for code in codes]
        if column == "district":
            return [self._district(code) for code in codes]
        return [int(code) for code in codes]


_NOTHING = "The bill is empty: nothing was spent, and nobody was ill, held or kept from work."


def _row(item: Item, quantity: float, yuan: float, lang: str) -> str:
    counted = f"{quantity:,.0f}" if quantity >= 10 else f"{quantity:,.2f}"
    money = f" {yuan:>18,.0f}" if item.money else ""
    return f"  {item.of(lang)}: {counted} {item.unit}{money}"


class Sheet:
    """Collects lines into a bill, a table of districts and sectors at a time."""

    def __init__(self, districts: tuple[str, ...]) -> None:
        self.districts = districts
        self.silent: list[str] = []
        self._parts: list[tuple[NDArray[Any], ...]] = []

    def put(
        self, item: str, quantity: Floats, price: Floats | float, *, payer: str, city: bool = False
    ) -> None:
        """Lines of one item and payer.

        `quantity` is f64[n_districts], f64[n_districts, n_sectors], or f64[n_sectors] for the
        whole city; `price` in yuan, NaN for what is not money, spreads over it.
        """
        many = np.atleast_2d(quantity) if city else np.asarray(quantity).reshape(len(quantity), -1)
        rows, columns = many.shape
        sectors = np.arange(1, columns + 1) if columns > 1 else np.zeros(1)
        districts = np.zeros(1) if city else np.arange(1, rows + 1)
        self._parts.append(
            (
                np.full(many.size, _PLACE[item]),
                np.full(many.size, _PAYER[payer]),
                np.repeat(districts, columns),
                np.tile(sectors, rows),
                many.ravel(),
                np.broadcast_to(price, many.shape).ravel(),
            )
        )

    def bill(self) -> Bill:
        columns = [np.concatenate(parts) for parts in zip(*self._parts, strict=True)]
        item, payer, district, sector = (column.astype(np.int16) for column in columns[:4])
        quantity, price = (column.astype(np.float64) for column in columns[4:])
        return Bill(
            self.districts, item, payer, district, sector, quantity, price, tuple(self.silent)
        )
