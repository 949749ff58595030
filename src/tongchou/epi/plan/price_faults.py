"""What can be wrong with a file of prices: each fault with its key, the reason, how to mend it.

What is not money has no price: a life or a day locked in is weighed by a person, in the open.
"""

import math
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from tongchou.epi.plan.items import ITEMS, PAYERS
from tongchou.epi.spread.result import AGE_GROUPS

__all__ = ["RATES", "SHIPPED", "TRUTHS", "faults", "number", "unknown"]

SHIPPED = {"cn-2022": "prices_cn_2022.toml"}
TRUTHS = ("verified", "seen_in_weak_source", "seed", "computed", "memory")
# what counts work, care and freight, and its most
RATES: dict[str, float] = {
    "workdays_a_year": 366,
    "value_scale": math.inf,
    "remote_scale": math.inf,
    "remote_ill": 1,
    "caught_up": 1,
    "pay_lost": 1,
    "orders_made_up": 1,
    "visits_per_staff_day": math.inf,
    "visits_per_person_day": math.inf,
    "visits_missed_in_lockdown": 1,
    "tonnes_per_transport_day": math.inf,
    "gate_minutes": 1440,
    "crossings_per_person_day": math.inf,
    "tonnes_across_per_person_day": math.inf,
    "freight_held": 1,
}
# Work is worth what the table of sectors says, not a price.
PRICED = tuple(key for key, item in ITEMS.items() if item.money and item.group != "work")


def faults(told: dict[str, Any]) -> Iterator[str]:
    """Everything wrong with what a file of prices told: key, reason, how to mend it."""
    for key in told:
        if key not in ("id", "title", "extends", "price", "rate", "life"):
            yield unknown(key, ("id", "title", "extends", "price", "rate", "life"))
    if "extends" in told and told["extends"] not in SHIPPED:
        yield f"extends: {told['extends']!r} is not known. Say one of: {', '.join(SHIPPED)}."
    if "id" in told and not isinstance(told["id"], str):
        yield "id: is not a text. Put it in quotes."
    title = told.get("title", {"zh": "", "en": ""})
    if not isinstance(title, dict) or set(title) != {"zh", "en"}:
        yield 'title: needs words in both languages. Write { zh = "…", en = "…" }.'
    yield from _table_faults(told, "price", PRICED)
    yield from _table_faults(told, "rate", tuple(RATES))
    if "extends" not in told:
        yield from _lacks(told)
    yield from _life_faults(told)


def _lacks(told: dict[str, Any]) -> Iterator[str]:
    mend = 'Add it, or write extends = "cn-2022" to take it from there.'
    for key in ("id", "life"):
        if key not in told:
            yield f"{key}: is missing. {mend}"
    for name, known in (("price", PRICED), ("rate", tuple(RATES))):
        if name not in told:
            yield f"{name}: is missing. {mend}"
        elif isinstance(rows := told[name], dict):
            yield from (f"{name}.{key}: is missing. {mend}" for key in known if key not in rows)


def _table_faults(told: dict[str, Any], name: str, known: tuple[str, ...]) -> Iterator[str]:
    rows = told.get(name, {})
    if not isinstance(rows, dict):
        yield f"{name}: is not a table. Write [{name}.…] and what belongs to it below."
        return
    for key, row in rows.items():
        path = f"{name}.{key}"
        if key not in known:
            yield unknown(path, tuple(f"{name}.{each}" for each in known))
        elif not isinstance(row, dict):
            yield f"{path}: has no provenance. Write value, source and truth below [{path}]."
        else:
            yield from _row_faults(path, row, RATES.get(key, math.inf), priced=name == "price")


def _row_faults(path: str, row: dict[str, Any], most: float, *, priced: bool) -> Iterator[str]:
    allowed = ("value", "source", "truth", *(("payer",) if priced else ()))
    yield from (unknown(f"{path}.{key}", allowed) for key in row if key not in allowed)
    if "value" not in row:
        yield f"{path}.value: is missing. Give a number."
    elif fault := number(f"{path}.value", row["value"], most):
        yield fault
    elif path == "rate.workdays_a_year" and not row["value"]:
        yield f"{path}.value: is 0. A year has days of work: 250 or so."
    yield from _provenance_faults(path, row)
    if priced:
        yield from _payer_faults(f"{path}.payer", row.get("payer"))


def _provenance_faults(path: str, row: dict[str, Any]) -> Iterator[str]:
    if not isinstance(row.get("source"), str) or not row["source"].strip():
        yield f"{path}.source: is missing. Say where the value is from."
    if row.get("truth") not in TRUTHS:
        yield f"{path}.truth: is {row.get('truth')!r}. Say one of: {', '.join(TRUTHS)}."


def _payer_faults(path: str, payer: object) -> Iterator[str]:
    if not isinstance(payer, dict) or not payer:
        yield f"{path}: says of nobody that they pay. Write for instance {{ city = 1.0 }}."
        return
    for key, share in payer.items():
        if key not in PAYERS:
            yield unknown(f"{path}.{key}", tuple(PAYERS))
        elif fault := number(f"{path}.{key}", share, 1):
            yield fault
            return
    if abs(sum(payer.values()) - 1) > 1e-6:
        yield f"{path}: the shares add up to {sum(payer.values()):g}. Make them add up to 1."


def _life_faults(told: dict[str, Any]) -> Iterator[str]:
    life = told.get("life")
    if life is None:
        return
    if not isinstance(life, dict) or not isinstance(life.get("left"), list):
        yield "life.left: is missing. Give the years left in each age group."
        return
    left = life["left"]
    if len(left) != AGE_GROUPS:
        yield f"life.left: has {len(left)} numbers. Give {AGE_GROUPS}: 0-4, 5-9, … 85 and older."
    yield from (f for n, years in enumerate(left) if (f := number(f"life.left[{n}]", years, 120)))
    yield from _provenance_faults("life", life)


def number(path: str, value: object, most: float = math.inf) -> str:
    """What is wrong with a number that must lie between 0 and `most`; nothing where it does."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return f"{path}: is {value!r}. Give a number."
    if not 0 <= value <= most:
        until = "up" if math.isinf(most) else f"to {most:g}"
        return f"{path}: is {value:g}. Give a number from 0 {until}."
    return ""


def unknown(path: str, known: tuple[str, ...]) -> str:
    """That a key is not known, and which one may be meant; which are known where none is near."""
    key = path.rpartition(".")[2]
    if key in ITEMS:
        return f"{path}: {_why_no_price(key)}"
    if near := get_close_matches(path, known, n=1, cutoff=0.7):
        return f"{path}: is not known here. Did you mean {near[0]}?"
    return f"{path}: is not known here. Take one of: {', '.join(known)}."


def _why_no_price(key: str) -> str:
    if ITEMS[key].money:
        return "work is worth what the table of sectors says. Change rate.value_scale instead."
    return (
        f"{ITEMS[key].en} are counted and never priced. Leave it out; "
        "a sum of everything takes weights, which are set and seen where it is asked for."
    )
