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
_MOST = 1 << 15  # more than any column of 16 bits can say


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
        amount = self.amount
        paid = np.bincount(self.payer, amount, len(_PAYERS)).tolist()
        counts = np.bincount(self.item, self.quantity, len(_ITEMS)).tolist()
        yuan = np.bincount(self.item, amount, len(_ITEMS)).tolist()
        figures = {"total": sum(paid), **dict(zip(_PAYERS, paid, strict=True))}
        for item, money, many in zip(ITEMS.values(), yuan, counts, strict=True):
            figures[item.key] = money if item.money else many
        return figures

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
            paid = [yuan.get((payer.key, item.key), 0.0) for item in items if item.money]
            money = f" {sum(paid):,.0f} {'元' if zh else 'yuan'}" if paid else ""
            rows += [f"{payer.of(lang)}:{money}"] if items else []
            rows += [
                _row(item, many[item.key, payer.key], yuan.get((payer.key, item.key), 0.0), lang)
                for item in items
            ]
        return "\n".join([*rows, *self.silent])

    def _district(self, place: int | np.integer[Any]) -> str:
        return self.districts[place - 1] if place else WHOLE_CITY

    def _summed(self, values: Floats, by: tuple[Column, ...]) -> dict[Key, float]:
        if not by:
            return {(): float(values.sum())}
        there = np.flatnonzero(values)
        code = np.zeros(there.size, dtype=np.int64)
        for name in by:
            code = code * _MOST + getattr(self, name)[there]
        groups, place = np.unique(code, return_inverse=True)
        sums = np.bincount(place, values[there], groups.size)
        names = []
        for name in reversed(by):
            groups, column = np.divmod(groups, _MOST)
            names.append(self._named(name, column))
        return dict(zip(zip(*reversed(names), strict=True), sums.tolist(), strict=True))

    def _named(self, column: Column, codes: NDArray[np.int64]) -> list[str | int]:
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
    return f"  {item.of(lang)}: {counted} {item.unit_of(lang)}{money}"


class Sheet:
    """Collects lines into a bill, a table of districts and sectors at a time."""

    def __init__(self, districts: tuple[str, ...]) -> None:
        self.districts = districts
        self.silent: list[str] = []
        self._parts: list[tuple[int, int, Floats, Floats | float, bool]] = []

    def put(
        self, item: str, quantity: Floats, price: Floats | float, *, payer: str, city: bool = False
    ) -> None:
        """Lines of one item and payer.

        `quantity` is f64[n_districts], f64[n_districts, n_sectors], or f64[n_sectors] for the
        whole city; `price` in yuan, NaN for what is not money, spreads over it.
        """
        many = np.atleast_2d(quantity) if city else quantity.reshape(len(quantity), -1)
        self._parts.append((_PLACE[item], _PAYER[payer], many, price, city))

    def bill(self) -> Bill:
        size = sum(many.size for _, _, many, _, _ in self._parts)
        item, payer, district, sector = np.zeros((4, size), dtype=np.int16)
        quantity, price = np.zeros((2, size))
        start = 0
        for place, who, many, each, city in self._parts:
            rows, columns = many.shape
            here = slice(start, start + many.size)
            item[here], payer[here] = place, who
            if not city:
                district[here].reshape(rows, columns)[:] = np.arange(1, rows + 1)[:, None]
            if columns > 1:
                sector[here].reshape(rows, columns)[:] = np.arange(1, columns + 1)
            quantity[here] = many.ravel()
            price[here].reshape(rows, columns)[:] = each
            start = here.stop
        return Bill(
            self.districts, item, payer, district, sector, quantity, price, tuple(self.silent)
        )
