"""The price of a run: every item counted by district and sector, priced, and laid on who pays it.

Nothing is weighed here. A yuan is a yuan, whoever pays; a death, a school day or a day locked in
stays what it is. What lost work drags along is a line of its own and never inside another.
"""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tongchou.epi.plan.bill import Bill, Sheet
from tongchou.epi.plan.input_output import InputOutput, china_2020
from tongchou.epi.plan.items import ITEMS
from tongchou.epi.plan.prices import Prices, default
from tongchou.epi.spread.result import REASONS, Result

__all__ = ["LEVELS", "Capacity", "price_of"]

Floats = NDArray[np.float64]

LEVELS: Final = ("isolation", "severe", "critical")
#: What stands ready: the item that counts what of it is not used, and the series of what is.
READY: Final = {
    "rooms": ("room_ready", "in_facility"),
    "tracers": ("tracer_ready", "tracer_days"),
    "tubes": ("tube_ready", "pcr_tubes"),
}
NO_PRICE: Final = float("nan")
TRANSPORT, HEALTH = 28, 39  # places of sectors 29 and 40


@dataclass(frozen=True)
class Capacity:
    """What the city has for this outbreak; None where nobody said how much there is.

    Parameters
    ----------
    isolation, severe, critical
        Beds.
    rooms, tracers, tubes
        Held ready on every day of the run: rooms of facilities, tracers, tubes of every sample
        that laboratories can read a day.
    """

    isolation: float | None = None
    severe: float | None = None
    critical: float | None = None
    rooms: float | None = None
    tracers: float | None = None
    tubes: float | None = None

    def __post_init__(self) -> None:
        for each in fields(self):
            there = getattr(self, each.name)
            if there is not None and not there >= 0:
                name = f"{each.name} beds" if each.name in LEVELS else each.name
                raise ValueError(f"{name}: {there} is none. Give a number from 0 up, or None")


def price_of(
    result: Result,
    prices: Prices | None = None,
    *,
    capacity: Capacity | None = None,
    table: InputOutput | None = None,
) -> Bill:
    """The bill of one run.

    Parameters
    ----------
    result
        Days of work it lost are workdays, not calendar days, of people who were kept from their
        place of work: what of it they do at home is taken off here.
    prices
        The shipped ones, where none are given.
    capacity
        Beds. Without them nobody is counted as without a bed, and the bill says so.
    table
        The sectors; China's of 2020 where none are given.

    Raises
    ------
    ValueError
        Where the run did not keep a series or a reason that the bill counts.
    """
    prices = prices or default()
    sheet = Sheet(result.district_code)
    for key, item in ITEMS.items():
        if key.startswith("bed_"):
            _beds(sheet, result, prices, key.removeprefix("bed_"), capacity or Capacity())
        elif item.series and item.money:
            _bought(sheet, prices, key, result.by_district(item.series).astype(np.float64))
        elif item.series:
            sheet.put(key, result.by_district(item.series), NO_PRICE, payer=item.payer)
    _held_ready(sheet, result, prices, capacity or Capacity())
    _crossing(sheet, result, prices)
    _work(sheet, result, prices, table or china_2020())
    _visits_of_the_locked_in(sheet, result, prices)
    left = np.array(prices.life_left)
    sheet.put("life_year", result.deaths_by_age @ left, NO_PRICE, payer=ITEMS["life_year"].payer)
    return sheet.bill()


def _bought(sheet: Sheet, prices: Prices, key: str, quantity: Floats) -> None:
    figure = prices.price[key]
    for payer, share in figure.payer:
        sheet.put(key, share * quantity, figure.value, payer=payer)


def _beds(sheet: Sheet, result: Result, prices: Prices, level: str, capacity: Capacity) -> None:
    """Bed-days up to the city's beds; beyond, people without one, and no bill for it."""
    ill = result.series(f"in_{level}").astype(np.float64)
    beds = getattr(capacity, level)
    if beds is None:
        sheet.silent.append(
            f"no_bed_{level}: nobody said how many beds there are; care not given is not counted"
        )
        return _bought(sheet, prices, f"bed_{level}", ill.sum(axis=0))
    asked = ill.sum(axis=1, keepdims=True)
    # All districts share the city's beds, each in proportion to who needs one that day.
    held = ill * np.minimum(1.0, beds / np.maximum(asked, 1e-300))
    _bought(sheet, prices, f"bed_{level}", held.sum(axis=0))
    key = f"no_bed_{level}"
    return sheet.put(key, (ill - held).sum(axis=0), NO_PRICE, payer=ITEMS[key].payer)


def _held_ready(sheet: Sheet, result: Result, prices: Prices, capacity: Capacity) -> None:
    """What stands ready and is not used costs too, or a search would order it without end."""
    unknown = [name for name in READY if getattr(capacity, name) is None]
    for name, (key, series) in READY.items():
        if name in unknown:
            continue
        idle = np.maximum(getattr(capacity, name) - result.curve(series), 0.0).sum()
        for payer, share in prices.price[key].payer:
            many = np.array([share * float(idle)])
            sheet.put(key, many, prices.price[key].value, payer=payer, city=True)
    if unknown:
        sheet.silent.append(
            f"held ready: nobody said how many {', '.join(unknown)} there are; "
            "what they cost while idle is not counted"
        )


def _crossing(sheet: Sheet, result: Result, prices: Prices) -> None:
    """What checkpoints cost those who wait there, who stay away, and whose freight is late."""
    waited = result.by_district("gate_tested") * prices.of("gate_minutes") / 60
    _bought(sheet, prices, "gate_wait", waited)
    closed = result.by_district("kept_from_crossing")  # days of persons
    _bought(sheet, prices, "gate_trip", closed * prices.of("crossings_per_person_day"))
    late = prices.of("tonnes_across_per_person_day") * prices.of("freight_held")
    _bought(sheet, prices, "gate_freight", closed * late)


def _work(sheet: Sheet, result: Result, prices: Prices, table: InputOutput) -> None:
    value = table.value_per_workday(prices.of("workdays_a_year")) * prices.of("value_scale")
    abroad = np.array([sector.remote for sector in table.sectors])
    remote = np.minimum(1.0, abroad * prices.of("remote_scale"))
    borne = _borne_by(table, prices.of("pay_lost"))
    lost_in_all = np.zeros((result.n_districts, len(table.sectors)))
    away = np.zeros(result.n_districts)
    for reason in REASONS:
        if reason not in result.workdays_lost:
            raise ValueError(f"this run kept no days of work lost by reason of {reason}")
        days = result.workdays_lost[reason][:, 1:]
        at_home = remote * (prices.of("remote_ill") if reason == "ill" else 1.0)
        not_done = days * (1 - at_home) * (1 - prices.of("caught_up"))
        for payer, share in borne.items():
            sheet.put(f"work_{reason}", not_done * share, value, payer=payer)
        lost_in_all += not_done
        away += days[:, HEALTH]  # nobody is treated from home
    made_up = prices.of("orders_made_up")
    orders = table.also_lost(lost_in_all.sum(axis=0) * value, made_up=made_up)
    sheet.put("upstream", orders, 1.0, payer="suppliers", city=True)
    tonnes = lost_in_all[:, TRANSPORT] * prices.of("tonnes_per_transport_day")
    sheet.put("freight", tonnes, NO_PRICE, payer=ITEMS["freight"].payer)
    visits = away * prices.of("visits_per_staff_day")
    sheet.put("visit_staff", visits, NO_PRICE, payer=ITEMS["visit_staff"].payer)


def _borne_by(table: InputOutput, pay_lost: float) -> dict[str, Floats]:
    """Who loses which share of the value added: the unpaid, the tax office, the firm the rest."""
    tax = np.clip([sector.tax for sector in table.sectors], 0, 1)  # subsidies are paid on
    pay = np.array([sector.pay for sector in table.sectors]) * pay_lost
    households = np.minimum(pay, 1 - tax)
    return {"households": households, "city": tax, "enterprises": 1 - tax - households}


def _visits_of_the_locked_in(sheet: Sheet, result: Result, prices: Prices) -> None:
    rate = prices.of("visits_per_person_day") * prices.of("visits_missed_in_lockdown")
    visits = result.by_district("in_lockdown") * rate
    sheet.put("visit_zone", visits, NO_PRICE, payer=ITEMS["visit_zone"].payer)
