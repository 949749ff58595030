"""Prices as frozen values read from TOML, each with who pays, its source and how far to trust it.

A file may say only what differs: `extends = "cn-2022"` takes the rest from the prices that ship.
Deaths, days locked in and the like have no price here; that is refused, not ignored.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from tongchou.epi.plan.price_faults import RATES, SHIPPED, faults, number, unknown

__all__ = ["RATES", "SHIPPED", "Figure", "Prices", "PricesError", "default", "read"]


class PricesError(ValueError):
    """Prices that cannot be used: each fault with its key, the reason and how to mend it."""


@dataclass(frozen=True)
class Figure:
    """One value with its provenance; `payer` has the share of each who pays it."""

    value: float
    source: str
    truth: str
    payer: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Prices:
    """What things cost. `price` by item, `rate` by name of `RATES`, `life_left` by age group."""

    id: str
    title: tuple[str, str]  # zh, en
    price: Mapping[str, Figure]
    rate: Mapping[str, Figure]
    life_left: tuple[float, ...]
    life_source: Figure

    def of(self, rate: str) -> float:
        return self.rate[rate].value

    def unchecked(self) -> tuple[str, ...]:
        """The prices and rates that nobody has held against a source yet."""
        every = {**self.price, **self.rate}
        return tuple(key for key, figure in every.items() if figure.truth == "memory")

    def changed(self, **values: float) -> "Prices":
        """The same with other values, by key of a price or a rate, said to be the user's own."""
        price, rate = dict(self.price), dict(self.rate)
        for key, value in values.items():
            table = price if key in price else rate
            if key not in table:
                raise PricesError(unknown(key, (*price, *rate)))
            if fault := number(key, value, RATES.get(key, math.inf)):
                raise PricesError(fault)
            table[key] = replace(table[key], value=float(value), source="set by hand")
        return replace(self, price=price, rate=rate)


@cache
def default() -> Prices:
    """The prices that ship with the package, China 2022."""
    return _shipped("cn-2022")


def read(text: str, *, file: str = "prices") -> Prices:
    """The prices in `text`.

    Raises
    ------
    PricesError
        With every fault found: file, key, reason and how to mend it.
    """
    try:
        told: dict[str, Any] = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as bad:
        raise PricesError(f"{file}: not TOML: {bad}. Check quotes and brackets there.") from None
    if wrong := [f"{file}: {fault}" for fault in faults(told)]:
        raise PricesError("\n".join(wrong))
    price = {key: _figure(row) for key, row in told.get("price", {}).items()}
    rate = {key: _figure(row) for key, row in told.get("rate", {}).items()}
    parts: dict[str, Any] = {key: told[key] for key in ("id",) if key in told}
    if "title" in told:
        parts["title"] = (told["title"]["zh"], told["title"]["en"])
    if "life" in told:
        parts["life_left"] = tuple(float(years) for years in told["life"]["left"])
        parts["life_source"] = _figure({**told["life"], "value": 0})
    if "extends" not in told:
        return Prices(**{"title": ("", ""), **parts, "price": price, "rate": rate})
    base = _shipped(told["extends"])
    parts.setdefault("id", f"{base.id}, changed")
    return replace(base, **parts, price={**base.price, **price}, rate={**base.rate, **rate})


@cache
def _shipped(name: str) -> Prices:
    path = Path(__file__).with_name(SHIPPED[name])
    return read(path.read_text("utf-8"), file=path.name)


def _figure(row: dict[str, Any]) -> Figure:
    payer = tuple((key, float(share)) for key, share in row.get("payer", {}).items())
    return Figure(float(row["value"]), row["source"], row["truth"], payer)
